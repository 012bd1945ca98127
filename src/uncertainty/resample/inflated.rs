//! Residuals inflated by what the fit took from them.

use crate::fit::Fit;
use crate::objective::SATURATED;

/// Residuals r/(1 - h)^power, n values.
///
/// A row that determines a parameter by itself has residual 0 by construction: it contributes no error.
pub(super) fn inflated(fit: &Fit, power: f64) -> Vec<f64> {
    (0..fit.nobs())
        .map(|i| {
            let rest = 1.0 - fit.leverage.get(i).copied().unwrap_or(0.0);
            if rest > SATURATED { fit.residuals[i] / rest.powf(power) } else { 0.0 }
        })
        .collect()
}
