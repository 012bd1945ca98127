//! A floor under a falling response, a ceiling over a rising one.

use super::added_variable::added_variable;
use super::{Diagnostic, NotApplicable, Outcome};
use crate::data::Dataset;
use crate::data::Scale;
use crate::fit::Fit;
use crate::math::distribution::t_upper;

/// The t test of the inverse of the fitted response, one-sided.
///
/// # Formula
/// t of z = 1/y-hat added to a falling line in log-log axes, against t > 0: the derivative of ln(E + f N^-alpha) by E at E = 0. For a
/// rising line z = y-hat, against t < 0: the same for 1/y.
/// # Reference
/// Milliken and Graybill (1970), J. Am. Stat. Assoc. 65:797.
#[derive(Debug, Clone, Copy)]
pub struct InverseFitted;

impl Diagnostic for InverseFitted {
    fn id(&self) -> &'static str {
        "inverse-fitted"
    }
    fn meaning(&self) -> &'static str {
        "does the law level off?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        let (z, sign) = levelling(fit).ok_or(NotApplicable::OtherForm)?;
        let mut test = added_variable(fit, &z)?;
        // One side only: a positive t always speaks for levelling off.
        test.t *= sign;
        Ok(Outcome {
            id: self.id(),
            statistic: test.t,
            signed_root: None,
            dof: vec![test.dof],
            p_value: t_upper(test.t, test.dof),
            exact: true,
            row: None,
            alternative: "the law levels off (one-sided)",
            reference: "Milliken and Graybill (1970)",
        })
    }
}

/// Return the regressor, and the sign that its coefficient has where the law levels off; `None` for anything but a line in
/// log-log axes.
#[must_use]
pub fn levelling(fit: &Fit) -> Option<(Vec<f64>, f64)> {
    if !(fit.is_line() && fit.design.scale == Scale::Log) {
        return None;
    }
    let eta = fit.design.target.iter().zip(&fit.residuals).map(|(t, r)| t - r);
    Some(levelling_of(eta, fit.falls()))
}

/// The same from the fitted values of a line in log-log axes, and whether it falls.
pub(super) fn levelling_of(eta: impl Iterator<Item = f64>, falls: bool) -> (Vec<f64>, f64) {
    if falls { (eta.map(|v| (-v).exp()).collect(), 1.0) } else { (eta.map(f64::exp).collect(), -1.0) }
}
