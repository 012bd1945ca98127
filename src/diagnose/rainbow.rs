//! The middle sizes against all.

use super::recursive::Rows;
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;

/// The rainbow test of curvature.
///
/// # Formula
/// F = ((SSE - SSE1)/(n - m)) / (SSE1/(m - p)), SSE1 of the m = floor(n/2) sizes that follow the first
/// ceil((n - 1)/4), with n - m and m - p degrees of freedom
/// # Reference
/// Utts (1982), Commun. Stat. Theory Methods 11:2801; the half is placed as by lmtest's raintest.
#[derive(Debug, Clone, Copy)]
pub struct Rainbow;

impl Diagnostic for Rainbow {
    fn id(&self) -> &'static str {
        "rainbow"
    }
    fn meaning(&self) -> &'static str {
        "does the middle half of the sizes lie closer to a law of its own?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        let (n, p) = (tangent.len(), tangent.dim());
        tangent.at_least(2 * (p + 1))?;
        let (m, first) = (n / 2, (n - 1).div_ceil(4));
        let middle = Rows::of(&tangent).sse(&tangent.e, first..first + m);
        let dof = [(n - m) as f64, (m - p) as f64];
        let f = ((tangent.sse() - middle).max(0.0) / dof[0]) / (middle / dof[1]);
        Outcome::of_f(self.id(), f, dof, "the law bends", "Utts (1982)")
    }
}
