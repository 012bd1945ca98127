//! The mean of the recursive residuals.

use super::recursive::values;
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::t_two_sided;
use crate::math::sum::{centred_squares, mean};

/// The Harvey-Collier test of curvature.
///
/// # Formula
/// t = mean(w) / sqrt(var(w)/(n - p)) over all n - p recursive residuals w, with n - p - 1 degrees of freedom, two-sided
/// # Assumptions
/// Every recursive residual counts; statsmodels leaves the first out and so has another t with one degree less.
/// # Reference
/// Harvey and Collier (1977), J. Econometrics 6:103.
#[derive(Debug, Clone, Copy)]
pub struct HarveyCollier;

impl Diagnostic for HarveyCollier {
    fn id(&self) -> &'static str {
        "harvey-collier"
    }
    fn meaning(&self) -> &'static str {
        "do larger sizes lie on one side of what smaller ones predict?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        tangent.at_least(tangent.dim() + 2)?;
        let w = values(&tangent, &tangent.e).ok_or(NotApplicable::Collinear)?;
        let (m, dof) = (w.len() as f64, (w.len() - 1) as f64);
        let t = mean(&w) / (centred_squares(&w) / dof / m).sqrt();
        if !t.is_finite() {
            return Err(NotApplicable::Exact);
        }
        Ok(Outcome {
            id: self.id(),
            statistic: t.abs(),
            signed_root: Some(t),
            dof: vec![dof],
            p_value: t_two_sided(t, dof),
            exact: true,
            row: None,
            alternative: "the line bends: up (positive root) or down (negative root)",
            reference: "Harvey and Collier (1977)",
        })
    }
}
