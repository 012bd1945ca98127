//! The report: everything that one analysis found, in one serialisable value.
//!
//! [`analyse`] runs the whole pipeline on a data set (fit, intervals, comparison, diagnostics, predictions) and returns an
//! [`Analysis`]: the [`Report`] with full-precision numbers, and the fits behind it. Every output format is a rendering of
//! the report; a renderer computes nothing. The JSON form is a contract with other programs (`schema_version` 1): keys may
//! be added, never renamed; `null` for a limit means unbounded on that side; there is no NaN and no infinity.

mod analyse;
mod assemble;
pub mod calibration;
mod chart;
mod context;
pub mod coverage;
mod diagnostic_figure;
pub mod figure;
mod findings;
mod judgement;
mod layout;
mod narrative;
pub mod number;
pub mod panels;
pub mod plot;
mod request;
mod saved;
mod sections;
pub mod study;
pub mod table;
pub mod text;

pub use analyse::{Analysis, analyse, chosen_fit};
pub use chart::chart;
pub use diagnostic_figure::diagnostic_figure;
pub use request::{BootstrapRequest, Detail, Progress, Request, Silent};
pub use saved::{Saved, SavedForm, read_saved};
pub use sections::{
    DataSection, DiagnosticSection, FitSection, IntervalSection, InversionSection, Matters, NoiseSection,
    OutcomeFields, OutlierSection, ParamSection, PredictionSection, Report, ShapeSection, SkippedForm,
    UnavailableInterval, VerdictSection,
};

use crate::data::DataError;
use crate::fit::FitError;
use crate::form::RestrictionError;
use crate::form::formula::FormulaError;
use crate::uncertainty::UncertaintyError;
use thiserror::Error;

/// Version of the JSON contract.
pub const SCHEMA_VERSION: u32 = 1;

/// Why an analysis gives no report.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReportError {
    /// No form could be fitted; the reasons, form by form.
    #[error("`{source_name}`: no form can be fitted\n{}", reasons.join("\n"))]
    NothingFitted {
        /// Where the rows came from.
        source_name: String,
        /// One line a form.
        reasons: Vec<String>,
    },
    /// No form is the usual one for so many predictors.
    #[error("found {predictors} predictors and no form, expected one of that many predictors")]
    NoDefault {
        /// Number of predictors.
        predictors: usize,
    },
    /// A form that the user named cannot be fitted.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The request for intervals makes no sense.
    #[error(transparent)]
    Uncertainty(#[from] UncertaintyError),
    /// A formula cannot be fitted.
    #[error(transparent)]
    Formula(#[from] FormulaError),
    /// A saved result cannot be read back.
    #[error("`{source_name}`: saved result: {problem}")]
    Saved {
        /// Where the result came from.
        source_name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The rows of a saved result make no data set.
    #[error(transparent)]
    Data(#[from] DataError),
}

impl ReportError {
    /// Say what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            ReportError::Data(e) => e.hint(),
            ReportError::Fit(FitError::TooFewRows { .. } | FitError::TooFewSizes { .. })
            | ReportError::NothingFitted { .. } => {
                Some("measure more sizes, or choose a form with fewer parameters (`lawfit forms`)".into())
            }
            ReportError::Fit(FitError::WrongDirection { .. }) => {
                Some("leave out `--form` to have the forms chosen for this response".into())
            }
            ReportError::Fit(FitError::Objective(_)) => Some(
                "choose forms for this response with `--form`, or leave the row out with `--where`".into(),
            ),
            ReportError::Fit(FitError::Solve(_)) => {
                Some("leave `--starts` out, or choose a grid that names the parameters of the form".into())
            }
            ReportError::Fit(FitError::Restriction(RestrictionError::NoSets { .. })) => {
                Some("name the column with `--by`".into())
            }
            ReportError::Fit(FitError::TwoSpreads { .. }) => {
                Some("choose one: `--spread power`, or the column".into())
            }
            ReportError::Fit(FitError::Items { .. }) => {
                Some("name the column that counts the questions of the evaluation".into())
            }
            ReportError::Fit(FitError::NotAFraction { .. }) => {
                Some("write accuracies as fractions; errors of another kind go with `--sigma`".into())
            }
            ReportError::Fit(FitError::Form(_) | FitError::Restriction(_)) => {
                Some("`lawfit forms` lists every form with its scales and parameters".into())
            }
            ReportError::Uncertainty(UncertaintyError::Level { found }) if *found > 1.0 => {
                Some(format!("write the level as a fraction: `--level {}`", found / 100.0))
            }
            ReportError::Uncertainty(UncertaintyError::Replicates { needed, .. }) => {
                Some(format!("ask for `--replicates {needed}` or more; 1999 is the default"))
            }
            ReportError::Formula(e) => e.hint(),
            ReportError::NoDefault { .. } => {
                Some("name one with `--form` (`lawfit forms` lists them with their predictors), or write one with `--formula`".into())
            }
            ReportError::Saved { .. } => Some("save it again with `--format json --output FILE`".into()),
            _ => None,
        }
    }
}
