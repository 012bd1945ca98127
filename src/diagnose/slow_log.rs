//! A slow logarithmic factor, whatever the unit of the size.

use super::added_variable::added_variable;
use super::family::slow_log;
use super::{Diagnostic, NotApplicable, Outcome};
use crate::data::Dataset;
use crate::fit::Fit;

/// The t test of a slow logarithmic factor, which is a member of SHAPE.
///
/// # Formula
/// t of z = ln ln(N/N0): the derivative of (ln N/N0)^gamma by gamma. N0 lies twice the range of the data below the smallest
/// size, so that the result does not depend on the unit of N (for 10^7 to 10^10 it is 10).
/// # Reference
/// Ramsey (1969), J. R. Stat. Soc. B 31:350, for the principle.
#[derive(Debug, Clone, Copy)]
pub struct SlowLog;

impl Diagnostic for SlowLog {
    fn id(&self) -> &'static str {
        "slow-log"
    }
    fn meaning(&self) -> &'static str {
        "is there a slow logarithmic factor?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        let u = &fit.design.axis;
        let (low, high) = (u.first().copied().unwrap_or(0.0), u.last().copied().unwrap_or(0.0));
        let z: Vec<f64> = u.iter().map(|u| slow_log(*u, low, high)).collect();
        Ok(added_variable(fit, &z)?.outcome(self.id(), "a factor (ln N/N0)^gamma"))
    }
}
