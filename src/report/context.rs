//! Everything that findings and the narrative are drawn from.

use super::judgement::Judgement;
use super::request::Request;
use super::sections::{FitSection, InversionSection, PredictionSection};
use crate::compare::Comparison;
use crate::data::Dataset;
use crate::diagnose::Outcome;
use crate::fit::Fit;
use crate::predict::Range;
use crate::uncertainty::{Draws, Jackknife};

/// What a form's fit gathered beyond itself.
pub(super) struct Evidence {
    pub(super) draws: Option<Draws>,
    pub(super) jackknife: Jackknife,
    /// The same with clusters left out, where the data have them.
    pub(super) by_cluster: Option<Jackknife>,
}

/// Everything that the findings are drawn from.
pub(super) struct Context<'a> {
    pub(super) data: &'a Dataset,
    pub(super) request: &'a Request,
    pub(super) fits: &'a [Fit],
    /// The fits whose residuals were judged: by least squares, whatever the loss.
    pub(super) judged: &'a [Fit],
    pub(super) sections: &'a [FitSection],
    pub(super) evidence: &'a [Evidence],
    pub(super) comparison: &'a Comparison,
    pub(super) outcomes: &'a [Outcome],
    pub(super) judgement: &'a Judgement,
    /// Exponents of the smaller and the larger third of the sizes.
    pub(super) ends: Option<(f64, f64)>,
    pub(super) predictions: &'a [PredictionSection],
    pub(super) inversions: &'a [InversionSection],
    pub(super) range: Range,
}
