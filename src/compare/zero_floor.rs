//! The exact test of a floor under a power law.

use crate::data::Scale;
use crate::diagnose::added_variable::added_variable;
use crate::diagnose::inverse_fitted::levelling;
use crate::fit::Fit;
use crate::math::distribution::t_upper;
use serde::Serialize;

/// The one-sided test of E = 0 against E > 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FloorTest {
    /// t statistic.
    pub t: f64,
    /// Degrees of freedom, n - 3.
    pub dof: f64,
    /// P(T > t): small when there is a floor.
    pub p_value: f64,
}

/// Test E = 0 from a line fitted by least squares in log-log axes; `None` for any other fit, or where it is undefined.
///
/// # Formula
/// t of the regressor z = 1/y-hat added to the line: the derivative of ln(E + A N^-alpha) by E at E = 0
/// # Assumptions
/// Normal errors of equal variance in logs; then the test is exact at every n, where the likelihood ratio is oversized.
/// # Reference
/// Milliken and Graybill (1970), J. Am. Stat. Assoc. 65:797.
#[must_use]
pub fn floor_test(fit: &Fit) -> Option<FloorTest> {
    let line = fit.form.id() == "power" && fit.design.scale == Scale::Log && fit.loss.is_gaussian();
    if !line || !fit.falls() {
        return None;
    }
    let (z, _) = levelling(fit)?;
    let test = added_variable(fit, &z).ok()?;
    Some(FloorTest { t: test.t, dof: test.dof, p_value: t_upper(test.t, test.dof) })
}
