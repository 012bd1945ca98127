//! Replicates against the law: is the misfit larger than the scatter of repeated runs?

use super::{Diagnostic, NotApplicable, Outcome, ready};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::sum;

/// The lack-of-fit F test with pure error from replicates.
///
/// # Formula
/// F = ((SSE - SSPE)/(k - p)) / (SSPE/(n - k)), SSPE the sum of squares within the k sizes
/// # Reference
/// Draper and Smith (1998), Applied Regression Analysis, section 2.1.
#[derive(Debug, Clone, Copy)]
pub struct LackOfFit;

/// Sum of squares within sizes, with its n - k degrees of freedom, on the scale of the fit.
#[must_use]
pub fn pure_error(fit: &Fit, data: &Dataset) -> (f64, usize) {
    let squares = data.rows_by_size().map(|rows| sum::centred_squares(&fit.design.target[rows])).sum();
    (squares, fit.nobs() - data.distinct())
}

impl Diagnostic for LackOfFit {
    fn id(&self) -> &'static str {
        "lack-of-fit"
    }
    fn meaning(&self) -> &'static str {
        "do sizes deviate from the law by more than repeated runs from each other?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        ready(fit, fit.dim() + 2)?;
        let (k, p) = (data.distinct(), fit.dim());
        let (within, dof) = pure_error(fit, data);
        if dof == 0 || !data.has_replicates() {
            return Err(NotApplicable::NoReplicates);
        }
        if k <= p {
            return Err(NotApplicable::Saturated);
        }
        if within <= 1e-26 * fit.design.spread.powi(2) {
            return Err(NotApplicable::Exact);
        }
        let sse = fit.variance() * fit.dof_residual() as f64;
        let (d1, d2) = ((k - p) as f64, dof as f64);
        let f = ((sse - within).max(0.0) / d1) / (within / d2);
        Outcome::of_f(
            self.id(),
            f,
            [d1, d2],
            "the law misses the means of the sizes",
            "Draper and Smith (1998)",
        )
    }
}
