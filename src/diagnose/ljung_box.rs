//! Correlation of residuals one and two sizes apart.

use super::standardised::standardised;
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::chi2_upper;
use crate::math::sum::dot;

/// Lags of the check; two are defined for every number of sizes that leaves the residuals a direction of their own.
pub const LAG: usize = 2;

/// The test of Ljung and Box.
///
/// # Formula
/// [`ljung_box`] with [`LAG`] lags, fewer where there are not as many neighbours
/// # Assumptions
/// e are the residuals in order of size, replicates averaged and weighted by the root of their number. p is for many sizes.
/// # Reference
/// Ljung and Box (1978), Biometrika 65:297.
#[derive(Debug, Clone, Copy)]
pub struct LjungBox;

/// Return Q and its p value for the first `lag` autocorrelations; `None` without as many, or where all values are equal.
///
/// # Formula
/// Q = n(n + 2) sum_(j = 1..lag) r_j^2/(n - j), r_j = sum_i (e_i - m)(e_(i-j) - m) / sum_i (e_i - m)^2, m the mean of e;
/// chi-squared with `lag` degrees of freedom
/// # Reference
/// Ljung and Box (1978), Biometrika 65:297; as R's Box.test.
#[must_use]
pub fn ljung_box(e: &[f64], lag: usize) -> Option<(f64, f64)> {
    if lag == 0 || lag >= e.len() {
        return None;
    }
    let z = standardised(e)?;
    let n = e.len() as f64;
    let total = dot(&z, &z);
    let shares = (1..=lag).map(|j| {
        let r = dot(&z[j..], &z[..z.len() - j]) / total;
        r * r / (n - j as f64)
    });
    let q = n * (n + 2.0) * shares.sum::<f64>();
    Some((q, chi2_upper(q, lag as f64)))
}

impl Diagnostic for LjungBox {
    fn id(&self) -> &'static str {
        "ljung-box"
    }
    fn meaning(&self) -> &'static str {
        "do sizes one or two steps apart err alike, or against each other?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        tangent.at_least(tangent.dim() + 2)?;
        let lag = LAG.min(tangent.len() - 1);
        let (q, p_value) = ljung_box(&tangent.e, lag).ok_or(NotApplicable::Exact)?;
        Ok(Outcome {
            id: self.id(),
            statistic: q,
            signed_root: None,
            dof: vec![lag as f64],
            p_value,
            exact: false,
            row: None,
            alternative: "residuals one or two sizes apart are correlated (asymptotic p)",
            reference: "Ljung and Box (1978)",
        })
    }
    fn statistic(&self, _: &Tangent, e: &[f64]) -> Option<f64> {
        ljung_box(e, LAG.min(e.len().saturating_sub(1))).map(|(q, _)| q)
    }
}
