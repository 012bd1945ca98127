//! A factor (ln N)^gamma, with N in the unit of its column.

use super::added_variable::added_variable;
use super::{Diagnostic, NotApplicable, Outcome};
use crate::data::Dataset;
use crate::fit::Fit;

/// The t test of ln ln N.
///
/// # Formula
/// t of z = ln ln N: the derivative of (ln N)^gamma by gamma at gamma = 0
/// # Assumptions
/// N is counted in the unit of its column, in which the law (ln N)^gamma is stated: the one check whose result depends on
/// that unit. [`super::SlowLog`] does not, and is the one that SHAPE uses.
/// # Errors
/// [`NotApplicable::SizesBelowOne`] unless every size is above 1.
/// # Reference
/// Ramsey (1969), J. R. Stat. Soc. B 31:350, for the principle.
#[derive(Debug, Clone, Copy)]
pub struct LogLog;

impl Diagnostic for LogLog {
    fn id(&self) -> &'static str {
        "log-log"
    }
    fn meaning(&self) -> &'static str {
        "is there a factor (ln N)^gamma, N in its unit?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        if data.x().ln.iter().any(|ln| *ln <= 0.0) {
            return Err(NotApplicable::SizesBelowOne);
        }
        let z: Vec<f64> = data.x().ln.iter().map(|ln| ln.ln()).collect();
        Ok(added_variable(fit, &z)?.outcome(self.id(), "a factor (ln N)^gamma"))
    }
}
