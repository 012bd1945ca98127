//! Diagnostics: what the residuals say about a fitted line, one check a file, and a first verdict on them.
//!
//! Each [`Diagnostic`] reads a fit and returns an [`Outcome`]: a statistic, its degrees of freedom and a p value under the
//! hypothesis that the law holds with independent normal errors of equal variance. [`verdict`] combines them into two
//! answers, on the SHAPE of the law and on its NOISE, each at one stated false-alarm rate. A [`Finding`] is what a report
//! prints: a fact, what it means, and what to do.

pub mod added_variable;
mod anderson_darling;
mod bartlett;
mod blocks;
pub mod break_point;
pub mod breakpoints;
mod breusch_godfrey;
mod breusch_pagan;
mod chow;
mod davies;
mod durbin_watson;
pub mod explanation;
pub mod family;
mod goldfeld_quandt;
mod harvey_collier;
pub mod hinge;
pub mod hinge_scan;
pub mod influence;
pub mod inverse_fitted;
mod inverse_size;
mod jarque_bera;
mod lack_of_fit;
mod lilliefors;
pub mod ljung_box;
pub mod local_exponents;
pub mod location;
mod log_log;
pub mod next_run;
pub mod noise_model;
mod ols_cusum;
mod ols_mosum;
mod outlier;
pub mod outliers;
pub mod pool;
mod quadratic;
pub mod quantile_band;
mod rainbow;
pub mod rank_law;
mod rec_cusum;
pub mod recursive;
mod reset;
mod runs;
mod score;
mod shapiro_wilk;
pub mod simulated;
mod slow_log;
mod standardised;
mod sup_f;
mod tangent;
mod uneven;
pub mod verdict;
mod white;
pub mod windows;

pub use anderson_darling::AndersonDarling;
pub use bartlett::Bartlett;
pub use breusch_godfrey::BreuschGodfrey;
pub use breusch_pagan::BreuschPagan;
pub use chow::ChowPredictive;
pub use davies::Davies;
pub use durbin_watson::DurbinWatson;
pub use goldfeld_quandt::GoldfeldQuandt;
pub use harvey_collier::HarveyCollier;
pub use hinge::Hinge;
pub use inverse_fitted::InverseFitted;
pub use inverse_size::InverseSize;
pub use jarque_bera::JarqueBera;
pub use lack_of_fit::LackOfFit;
pub use lilliefors::Lilliefors;
pub use ljung_box::LjungBox;
pub use log_log::LogLog;
pub use ols_cusum::OlsCusum;
pub use ols_mosum::OlsMosum;
pub use outlier::Outlier;
pub use quadratic::Quadratic;
pub use rainbow::Rainbow;
pub use rec_cusum::RecCusum;
pub use reset::Reset;
pub use runs::Runs;
pub use score::Score;
pub use shapiro_wilk::ShapiroWilk;
pub use slow_log::SlowLog;
pub use sup_f::SupF;
pub use tangent::Tangent;
pub use uneven::{uneven, uneven_alone};
pub use white::White;

use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::f_upper;
use serde::Serialize;
use thiserror::Error;

/// Every diagnostic, sorted by id.
pub static CATALOGUE: &[&dyn Diagnostic] = &[
    &AndersonDarling,
    &Bartlett,
    &BreuschGodfrey,
    &BreuschPagan,
    &ChowPredictive,
    &Davies,
    &DurbinWatson,
    &GoldfeldQuandt,
    &HarveyCollier,
    &Hinge,
    &InverseFitted,
    &InverseSize,
    &JarqueBera,
    &LackOfFit,
    &Lilliefors,
    &LjungBox,
    &LogLog,
    &OlsCusum,
    &OlsMosum,
    &Outlier,
    &Quadratic,
    &Rainbow,
    &RecCusum,
    &Reset,
    &Runs,
    &Score,
    &ShapiroWilk,
    &SlowLog,
    &SupF,
    &White,
];

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
    /// Whether the paragraph of the verdict tells it already.
    #[serde(skip)]
    pub told: bool,
}

impl Finding {
    /// State a fact with its advice.
    #[must_use]
    pub fn new(id: &'static str, severity: Severity, meaning: String, advice: &str) -> Finding {
        Finding { id, severity, meaning, advice: advice.to_owned(), reference: None, told: false }
    }

    /// Mark it as part of the verdict.
    #[must_use]
    pub fn told(mut self) -> Finding {
        self.told = true;
        self
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
    /// Whether `p_value` is exact under normal errors at every n, for a line; otherwise it is an approximation for large n.
    pub exact: bool,
    /// Row that the statistic belongs to (canonical order), for checks of single rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// Which alternative the p value is for.
    pub alternative: &'static str,
    /// Authors and year.
    pub reference: &'static str,
}

impl Outcome {
    /// The result of an exact F test; an F that is not finite comes from an exact fit.
    fn of_f(
        id: &'static str,
        f: f64,
        dof: [f64; 2],
        alternative: &'static str,
        reference: &'static str,
    ) -> Result<Outcome, NotApplicable> {
        if !f.is_finite() {
            return Err(NotApplicable::Exact);
        }
        Ok(Outcome {
            id,
            statistic: f,
            signed_root: None,
            dof: dof.to_vec(),
            p_value: f_upper(f, dof[0], dof[1]),
            exact: true,
            row: None,
            alternative,
            reference,
        })
    }
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
    /// Too few distinct sizes.
    #[error("needs {needed} sizes, there are {sizes}")]
    TooFewSizes {
        /// Sizes needed.
        needed: usize,
        /// Sizes there are.
        sizes: usize,
    },
    /// Too many rows for a method whose approximation is only known up to a number of them.
    #[error("its p value is only known up to {most} rows, there are {rows}")]
    TooManyRows {
        /// Rows up to which it is known.
        most: usize,
        /// Rows there are.
        rows: usize,
    },
    /// Too many distinct sizes for a method whose cost grows with their square.
    #[error("takes up to {most} sizes, there are {sizes}")]
    TooManySizes {
        /// Sizes up to which it is done.
        most: usize,
        /// Sizes there are.
        sizes: usize,
    },
    /// ln ln N is undefined.
    #[error("ln ln N needs sizes above 1 in their unit")]
    SizesBelowOne,
    /// No size was measured twice.
    #[error("no size was run more than once")]
    NoReplicates,
    /// The check is for another kind of law.
    #[error("it is for a straight line in log-log axes")]
    OtherForm,
    /// Too few sizes that were run more than once.
    #[error("needs {needed} sizes with repeated runs, there are {sizes}")]
    TooFewReplicated {
        /// Sizes needed.
        needed: usize,
        /// Sizes there are.
        sizes: usize,
    },
    /// Repeated runs of one size gave the same response.
    #[error("the runs of some size do not differ at all")]
    EqualRuns,
    /// The rows cannot be divided.
    #[error("no division between two sizes leaves both parts a degree of freedom")]
    NoHalves,
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

    /// Whether [`Diagnostic::statistic`] reads one entry a run, of [`Tangent::of_rows`]; otherwise it reads one a size, of
    /// [`Tangent::of_sizes`].
    fn by_row(&self) -> bool {
        false
    }

    /// Return the statistic for other residuals `e` of the same tangent, larger when the hypothesis fails more; `None` where
    /// it is undefined, or when the check needs no simulation because its p value is exact.
    ///
    /// `tangent` has one entry a size, or one a run if [`Diagnostic::by_row`]. The statistic must not depend on the length
    /// of `e`: then its law under normal errors is known by drawing e = Mz.
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        let _ = (tangent, e);
        None
    }
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
