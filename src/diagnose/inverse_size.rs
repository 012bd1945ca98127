//! A bend among the smallest sizes.

use super::added_variable::added_variable;
use super::{Diagnostic, NotApplicable, Outcome};
use crate::data::Dataset;
use crate::fit::Fit;

/// The t test of the inverse of the size.
///
/// # Formula
/// t of z = 1/N: the derivative of ln (N + N0)^-alpha by N0 at N0 = 0, up to a factor
/// # Reference
/// Ramsey (1969), J. R. Stat. Soc. B 31:350, for the principle.
#[derive(Debug, Clone, Copy)]
pub struct InverseSize;

impl Diagnostic for InverseSize {
    fn id(&self) -> &'static str {
        "inverse-size"
    }
    fn meaning(&self) -> &'static str {
        "do the smallest sizes bend away?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        let u = &fit.design.axis;
        let low = u.first().copied().unwrap_or(0.0);
        let z: Vec<f64> = u.iter().map(|u| (low - u).exp()).collect();
        Ok(added_variable(fit, &z)?.outcome(self.id(), "an offset of the size: N + N0 in place of N"))
    }
}
