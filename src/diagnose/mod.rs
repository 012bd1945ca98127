//! Diagnostics: what the residuals say about a fitted line, one check a file, and a first verdict on them.
//!
//! Each [`Diagnostic`] reads a fit and returns an [`Outcome`]: a statistic, its degrees of freedom and a p value under the
//! hypothesis that the law holds with independent normal errors of equal variance. [`verdict`] combines them into two
//! answers, on the SHAPE of the law and on its NOISE, each at one stated false-alarm rate. A [`Finding`] is what a report
//! prints: a fact, what it means, and what to do.

pub mod added_variable;
mod breusch_pagan;
mod durbin_watson;
mod lack_of_fit;
pub mod local_exponents;
mod outlier;
mod quadratic;
mod runs;
pub mod verdict;

pub use breusch_pagan::BreuschPagan;
pub use durbin_watson::DurbinWatson;
pub use lack_of_fit::LackOfFit;
pub use outlier::Outlier;
pub use quadratic::Quadratic;
pub use runs::Runs;

use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::sum;
use serde::Serialize;
use thiserror::Error;

/// Every diagnostic, sorted by id.
pub static CATALOGUE: &[&dyn Diagnostic] =
    &[&BreuschPagan, &DurbinWatson, &LackOfFit, &Outlier, &Quadratic, &Runs];

/// How much a finding should worry its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// A number of this report should be used with care.
    Warning,
    /// A number of this report should not be used.
    Error,
}

/// A fact about a fit, what it means and what to do about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Stable name, for programs.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The fact and what it means.
    pub meaning: String,
    /// What to do next; empty when nothing needs doing.
    pub advice: String,
    /// Where the reasoning comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<&'static str>,
}

impl Finding {
    /// State a fact with its advice.
    #[must_use]
    pub fn new(id: &'static str, severity: Severity, meaning: String, advice: &str) -> Finding {
        Finding { id, severity, meaning, advice: advice.to_owned(), reference: None }
    }

    /// Add where the reasoning comes from.
    #[must_use]
    pub fn citing(mut self, reference: &'static str) -> Finding {
        self.reference = Some(reference);
        self
    }
}

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The diagnostic's id.
    pub id: &'static str,
    /// Value of the statistic.
    pub statistic: f64,
    /// Signed root of the statistic, where its side matters: t of an F with one degree of freedom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_root: Option<f64>,
    /// Degrees of freedom, where the reference distribution has any.
    pub dof: Vec<f64>,
    /// p value; small when the hypothesis fails.
    pub p_value: f64,
    /// Row that the statistic belongs to (canonical order), for checks of single rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// Which alternative the p value is for.
    pub alternative: &'static str,
    /// Authors and year.
    pub reference: &'static str,
}

/// Why a check says nothing here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotApplicable {
    /// Too few rows.
    #[error("needs {needed} rows, there are {rows}")]
    TooFewRows {
        /// Rows needed.
        needed: usize,
        /// Rows there are.
        rows: usize,
    },
    /// No size was measured twice.
    #[error("no size was run more than once")]
    NoReplicates,
    /// Every size was a free parameter.
    #[error("as many sizes as parameters")]
    Saturated,
    /// The law passes through every point.
    #[error("the law fits exactly: residuals are rounding error")]
    Exact,
    /// The columns of the Jacobian, or the statistic's own regressor, are linearly dependent.
    #[error("the regressor is determined by the law itself")]
    Collinear,
}

/// A check of the residuals of a fit.
pub trait Diagnostic: Sync + std::fmt::Debug {
    /// Name in JSON.
    fn id(&self) -> &'static str;

    /// One sentence: what it looks for.
    fn meaning(&self) -> &'static str;

    /// Check a fit.
    ///
    /// # Errors
    /// [`NotApplicable`] says why the check says nothing here.
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable>;
}

/// Refuse exact fits and too few rows.
fn ready(fit: &Fit, needed: usize) -> Result<(), NotApplicable> {
    if fit.nobs() < needed {
        return Err(NotApplicable::TooFewRows { needed, rows: fit.nobs() });
    }
    if fit.is_exact() {
        return Err(NotApplicable::Exact);
    }
    Ok(())
}

/// Residuals in the order of the predictor, one a size: replicates are averaged and weighted by the root of their number.
///
/// These have equal variances under the hypothesis, and do not depend on the order of rows of one size.
fn residuals_by_size(fit: &Fit, data: &Dataset) -> Vec<f64> {
    data.rows_by_size()
        .map(|rows| {
            let weight = (rows.len() as f64).sqrt();
            sum::mean(&fit.residuals[rows]) * weight
        })
        .collect()
}
