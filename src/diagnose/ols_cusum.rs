//! Cumulated residuals, along the size.

use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::sum::dot;

/// The OLS-based CUSUM test.
///
/// # Formula
/// S0 = max_k |sum_(i <= k) e_i| / (s sqrt(n)), s^2 = SSE/(n - p); p = 2 sum_(a >= 1) (-1)^(a+1) exp(-2 a^2 S0^2)
/// # Assumptions
/// p is that of a Brownian bridge, for many sizes; it is conservative for a law with a slope.
/// # Reference
/// Ploberger and Kramer (1992), Econometrica 60:271.
#[derive(Debug, Clone, Copy)]
pub struct OlsCusum;

/// Return P(sup |B| > x) of a Brownian bridge B.
///
/// # Formula
/// 2 sum_(a >= 1) (-1)^(a+1) exp(-2 a^2 x^2) = 1 - (sqrt(2 pi)/x) sum_(a >= 1) exp(-(2a - 1)^2 pi^2/(8 x^2)); the first
/// converges fast for large x, the second for small
/// # Reference
/// Kolmogorov (1933), Giornale dell'Istituto Italiano degli Attuari 4:83.
#[must_use]
pub(super) fn bridge_upper(x: f64) -> f64 {
    use std::f64::consts::PI;
    if !(x > 0.0) {
        return if x.is_nan() { f64::NAN } else { 1.0 };
    }
    let p = if x < 0.8 {
        let below: f64 = (1..=6).map(|a| (-((2 * a - 1) as f64 * PI / x).powi(2) / 8.0).exp()).sum();
        1.0 - (2.0 * PI).sqrt() / x * below
    } else {
        let terms = (1..=12).map(|a| {
            let a = f64::from(a);
            let term = (-2.0 * a * a * x * x).exp();
            if a % 2.0 == 1.0 { term } else { -term }
        });
        2.0 * terms.sum::<f64>()
    };
    p.clamp(0.0, 1.0)
}

impl Diagnostic for OlsCusum {
    fn id(&self) -> &'static str {
        "ols-cusum"
    }
    fn meaning(&self) -> &'static str {
        "do residuals of one sign pile up along the size?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        let statistic = self.statistic(&tangent, &tangent.e).ok_or(NotApplicable::Exact)?;
        Ok(Outcome {
            id: self.id(),
            statistic,
            signed_root: None,
            dof: vec![],
            p_value: bridge_upper(statistic),
            exact: false,
            row: None,
            alternative: "the law changes at some size",
            reference: "Ploberger and Kramer (1992)",
        })
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        let (mut sum, mut most) = (0.0f64, 0.0f64);
        for v in e {
            sum += v;
            most = most.max(sum.abs());
        }
        let s2 = dot(e, e) / tangent.dof() as f64;
        let statistic = most / (s2 * e.len() as f64).sqrt();
        statistic.is_finite().then_some(statistic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: mpmath, both series to 30 digits.
    #[test]
    fn both_series_meet() {
        for x in [0.79999999999, 0.8] {
            assert!((bridge_upper(x) - 0.544_142_411_574_198_1).abs() < 1e-10, "{}", bridge_upper(x));
        }
        assert_eq!(bridge_upper(1e-9), 1.0);
        assert_eq!(bridge_upper(0.0), 1.0);
        assert!((bridge_upper(10.0) / (2.0 * (-200f64).exp()) - 1.0).abs() < 1e-14);
        assert_eq!(bridge_upper(f64::INFINITY), 0.0);
        assert!(bridge_upper(f64::NAN).is_nan());
    }
}
