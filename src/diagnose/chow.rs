//! The larger sizes against the law of the smaller ones.

use super::recursive::Rows;
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;

/// Chow's predictive test: do the first two thirds of the sizes predict the rest?
///
/// # Formula
/// F = ((SSE - SSE1)/(n - m)) / (SSE1/(m - p)), SSE1 of the first m = ceil(2n/3) sizes, with n - m and m - p degrees of
/// freedom
/// # Reference
/// Chow (1960), Econometrica 28:591.
#[derive(Debug, Clone, Copy)]
pub struct ChowPredictive;

impl Diagnostic for ChowPredictive {
    fn id(&self) -> &'static str {
        "chow-predictive"
    }
    fn meaning(&self) -> &'static str {
        "do the smaller two thirds of the sizes predict the rest?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        let (n, p) = (tangent.len(), tangent.dim());
        tangent.at_least(p + 2)?;
        let m = (2 * n).div_ceil(3);
        if m < p + 1 {
            return Err(NotApplicable::TooFewSizes { needed: 3 * p / 2 + 1, sizes: n });
        }
        let first = Rows::of(&tangent).sse(&tangent.e, 0..m);
        let dof = [(n - m) as f64, (m - p) as f64];
        let f = ((tangent.sse() - first).max(0.0) / dof[0]) / (first / dof[1]);
        Outcome::of_f(
            self.id(),
            f,
            dof,
            "the law of the smaller sizes does not hold for the larger ones",
            "Chow (1960)",
        )
    }
}
