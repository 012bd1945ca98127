//! A change of slope, averaged over a grid.

use super::davies::grid;
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::t_two_sided;
use crate::math::sum::dot;

/// Knots of the grid.
const KNOTS: usize = 10;

/// The score test of one change of slope.
///
/// # Formula
/// z'e/(s sqrt(z'Mz)), z the mean of (u - psi)+ over 10 knots psi evenly spaced in ln N from the smallest to the largest
/// size, s^2 = SSE/(n - p) under the hypothesis; two-sided p of t with n - p degrees of freedom
/// # Assumptions
/// p is for many sizes: with s of the hypothesis the statistic cannot exceed sqrt(n - p).
/// # Reference
/// Muggeo (2016), J. Stat. Comput. Simul. 86:3059; as segmented's pscore.test.
#[derive(Debug, Clone, Copy)]
pub struct Score;

/// The signed statistic.
fn score(tangent: &Tangent, e: &[f64]) -> Option<f64> {
    let (u, n) = (&tangent.u, tangent.len());
    let knots = grid(u[0], u[n - 1], KNOTS);
    let z: Vec<f64> = u
        .iter()
        .zip(&tangent.roots)
        .map(|(u, r)| r * knots.iter().map(|k| (u - k).max(0.0)).sum::<f64>() / KNOTS as f64)
        .collect();
    let rest = tangent.residuals_of(&z);
    let zz = dot(&rest, &rest);
    if !(zz > 1e-20 * dot(&z, &z)) {
        return None;
    }
    let t = dot(&rest, e) / (zz * dot(e, e) / tangent.dof() as f64).sqrt();
    t.is_finite().then_some(t)
}

impl Diagnostic for Score {
    fn id(&self) -> &'static str {
        "score"
    }
    fn meaning(&self) -> &'static str {
        "does the slope change at some size, on average over where?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        tangent.at_least(tangent.dim() + 1)?;
        let t = score(&tangent, &tangent.e).ok_or(NotApplicable::Collinear)?;
        let dof = tangent.dof() as f64;
        Ok(Outcome {
            id: self.id(),
            statistic: t.abs(),
            signed_root: Some(t),
            dof: vec![dof],
            p_value: t_two_sided(t, dof),
            exact: false,
            row: None,
            alternative: "the slope changes once: up (positive root) or down (negative root)",
            reference: "Muggeo (2016)",
        })
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        score(tangent, e).map(f64::abs)
    }
}
