//! One error type for callers who do not care which stage failed.

use crate::data::DataError;
use crate::fit::FitError;
use crate::form::FormError;
use crate::form::formula::FormulaError;
use crate::loss::LossError;
use crate::report::ReportError;
use crate::report::plot::PlotError;
use crate::solve::SolveError;
use crate::uncertainty::UncertaintyError;
use thiserror::Error;

/// The sum of the stages' errors.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Reading or selecting rows.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Finding a form.
    #[error(transparent)]
    Form(#[from] FormError),
    /// A user's formula.
    #[error(transparent)]
    Formula(#[from] FormulaError),
    /// Fitting.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// Finding a loss.
    #[error(transparent)]
    Loss(#[from] LossError),
    /// Finding a solver.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// Intervals.
    #[error(transparent)]
    Uncertainty(#[from] UncertaintyError),
    /// The pipeline.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// Pictures.
    #[error(transparent)]
    Plot(#[from] PlotError),
}
