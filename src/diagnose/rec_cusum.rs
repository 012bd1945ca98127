//! Cumulated recursive residuals, along the size.

use super::recursive::values;
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::normal_cdf;
use crate::math::sum::centred_squares;

/// The CUSUM test of recursive residuals.
///
/// # Formula
/// S = max_k |W_k|/(1 + 2k/m), W_k = sum_(j <= k) w_j/(s sqrt(m)) over the m = n - p recursive residuals, s their standard
/// deviation; p = 2(1 - F(3S) + exp(-4S^2)(F(S) + F(5S) - 1) - exp(-16S^2)(1 - F(S))), F the normal distribution function
/// # Assumptions
/// p is for many sizes: that of Brownian motion crossing a line.
/// # Reference
/// Brown, Durbin and Evans (1975), J. R. Stat. Soc. B 37:149; p as strucchange, linear below S = 0.3.
#[derive(Debug, Clone, Copy)]
pub struct RecCusum;

/// Return the asymptotic P(sup |W(t)|/(1 + 2t) > x) of Brownian motion W.
fn crossing(x: f64) -> f64 {
    let p = if x < 0.3 {
        1.0 - 0.1465 * x
    } else {
        // F(x) + F(5x) - 1 without a difference of near-equal numbers.
        let middle = normal_cdf(x) - normal_cdf(-5.0 * x);
        2.0 * (normal_cdf(-3.0 * x) + (-4.0 * x * x).exp() * middle - (-16.0 * x * x).exp() * normal_cdf(-x))
    };
    p.clamp(0.0, 1.0)
}

impl Diagnostic for RecCusum {
    fn id(&self) -> &'static str {
        "rec-cusum"
    }
    fn meaning(&self) -> &'static str {
        "do larger sizes drift away from what smaller ones predict?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        tangent.at_least(tangent.dim() + 2)?;
        let statistic = self.statistic(&tangent, &tangent.e).ok_or(NotApplicable::Exact)?;
        Ok(Outcome {
            id: self.id(),
            statistic,
            signed_root: None,
            dof: vec![],
            p_value: crossing(statistic),
            exact: false,
            row: None,
            alternative: "the law changes at some size",
            reference: "Brown, Durbin and Evans (1975)",
        })
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        let w = values(tangent, e)?;
        let m = w.len() as f64;
        let scale = (centred_squares(&w) / (m - 1.0) * m).sqrt();
        let (mut sum, mut most) = (0.0f64, 0.0f64);
        for (k, w) in w.iter().enumerate() {
            sum += w;
            most = most.max(sum.abs() / (1.0 + 2.0 * (k + 1) as f64 / m));
        }
        let statistic = most / scale;
        statistic.is_finite().then_some(statistic)
    }
}
