//! The row that fits worst.

use super::{Diagnostic, NotApplicable, Outcome, Tangent, ready};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::t_two_sided;
use crate::math::sum::dot;
use crate::objective::SATURATED;

/// The largest externally studentised residual, with Bonferroni's correction.
///
/// # Formula
/// t_i = e_i/(s_(i) sqrt(1 - h_i)), s_(i) without row i; p = min(1, n P(|T| > |t_i|)) with n - p - 1 degrees of freedom
/// # Reference
/// Cook and Weisberg (1982), Residuals and Influence in Regression, section 2.2.2.
#[derive(Debug, Clone, Copy)]
pub struct Outlier;

impl Diagnostic for Outlier {
    fn id(&self) -> &'static str {
        "outlier"
    }
    fn meaning(&self) -> &'static str {
        "does one row stand apart from the rest?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        ready(fit, fit.dim() + 2)?;
        if fit.leverage.is_empty() {
            return Err(NotApplicable::Collinear);
        }
        let sse = fit.variance() * fit.dof_residual() as f64;
        let dof = (fit.nobs() - fit.dim() - 1) as f64;
        let worst = (0..fit.nobs())
            .filter_map(|i| {
                let rest = 1.0 - fit.leverage[i];
                let scaled = fit.residuals[i].powi(2) / rest;
                let t = fit.residuals[i] / (rest * (sse - scaled).max(0.0) / dof).sqrt();
                (rest > SATURATED && !t.is_nan()).then_some((i, t))
            })
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        let (row, t) = worst.ok_or(NotApplicable::Collinear)?;
        // Without the row the others may fit exactly: t is then infinite, which a report may not print.
        let t = t.clamp(-1e12, 1e12);
        Ok(Outcome {
            id: self.id(),
            statistic: t,
            signed_root: None,
            dof: vec![dof],
            p_value: (fit.nobs() as f64 * t_two_sided(t, dof)).min(1.0),
            exact: false,
            row: Some(row),
            alternative: "some row has another mean (Bonferroni)",
            reference: "Cook and Weisberg (1982)",
        })
    }
    fn by_row(&self) -> bool {
        true
    }
    /// The largest e^2/(1 - h) over e'e, which rises with |t|.
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        let q = &tangent.regression.q;
        let scaled = e.iter().enumerate().filter_map(|(i, e)| {
            let rest = 1.0 - q.row(i).norm_squared();
            (rest > SATURATED).then(|| e * e / rest)
        });
        let share = scaled.fold(0.0, f64::max) / dot(e, e);
        share.is_finite().then_some(share)
    }
}
