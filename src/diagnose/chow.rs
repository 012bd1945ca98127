//! The larger sizes against the law of the smaller ones.

use super::recursive::Rows;
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::f_upper;

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
        if !f.is_finite() {
            return Err(NotApplicable::Exact);
        }
        Ok(Outcome {
            id: self.id(),
            statistic: f,
            signed_root: None,
            dof: dof.to_vec(),
            p_value: f_upper(f, dof[0], dof[1]),
            exact: true,
            row: None,
            alternative: "the law of the smaller sizes does not hold for the larger ones",
            reference: "Chow (1960)",
        })
    }
}
