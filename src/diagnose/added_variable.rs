//! The t test of one more regressor, on which the shape tests rest.

use super::{NotApplicable, Outcome};
use crate::fit::Fit;
use crate::math::distribution::t_two_sided;
use crate::math::sum;
use nalgebra::DVector;

/// The t statistic of a regressor added to a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AddedVariable {
    /// t statistic; its sign is that of the coefficient.
    pub t: f64,
    /// Degrees of freedom, n - p - 1.
    pub dof: f64,
}

impl AddedVariable {
    /// Return the two-sided test as the result of a check.
    pub(super) fn outcome(self, id: &'static str, alternative: &'static str) -> Outcome {
        Outcome {
            id,
            statistic: self.t,
            signed_root: None,
            dof: vec![self.dof],
            p_value: t_two_sided(self.t, self.dof),
            exact: true,
            row: None,
            alternative,
            reference: "Ramsey (1969)",
        }
    }
}

/// Test one more regressor `z` in the linear (or linearised) model of a fit.
///
/// # Formula
/// t = b sqrt(z'Mz) / sqrt((SSE - b^2 z'Mz)/(n - p - 1)), b = z'e/z'Mz, M the residual maker of the fit's Jacobian
/// # Assumptions
/// Normal errors of equal variance; for a line, z may depend on the fitted values and the test stays exact.
/// # Errors
/// [`NotApplicable::Collinear`] when z lies in the span of the Jacobian, and when no degree of freedom is left.
/// # Reference
/// Milliken and Graybill (1970), J. Am. Stat. Assoc. 65:797.
pub fn added_variable(fit: &Fit, z: &[f64]) -> Result<AddedVariable, NotApplicable> {
    super::ready(fit, fit.dim() + 2)?;
    let regression = fit.regression.as_ref().ok_or(NotApplicable::Collinear)?;
    let z = DVector::from_column_slice(z);
    let size = z.norm();
    let rest = regression.residuals(&z);
    if !(rest.norm() > 1e-10 * size) {
        return Err(NotApplicable::Collinear);
    }
    let zz = rest.norm_squared();
    let b = sum::dot(rest.as_slice(), &fit.residuals) / zz;
    // The residual sum of squares after z, from the residuals themselves: no cancellation when z explains nearly all.
    let left: f64 = fit.residuals.iter().zip(rest.iter()).map(|(e, z)| (e - b * z) * (e - b * z)).sum();
    let dof = (fit.nobs() - fit.dim() - 1) as f64;
    Ok(AddedVariable { t: b * zz.sqrt() / (left / dof).sqrt(), dof })
}
