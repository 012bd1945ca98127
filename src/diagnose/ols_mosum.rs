//! Moving sums of residuals, along the size.

use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::sum::dot;

/// The OLS-based MOSUM test with windows of half the sizes.
///
/// # Formula
/// M0 = max_k |sum_(k < i <= k + m) e_i| / (s sqrt(n)), m = floor(n/2), s^2 = SSE/(n - p)
/// # Assumptions
/// p is for many sizes, interpolated between the published critical values: it is never below 0.01.
/// # Reference
/// Chu, Hornik and Kuan (1995), Econometric Theory 11:699.
#[derive(Debug, Clone, Copy)]
pub struct OlsMosum;

/// Critical values of the increments of one Brownian bridge over h = 0.5, with their p values.
///
/// # Reference
/// Chu, Hornik and Kuan (1995), Econometric Theory 11:699, Table 1, one coefficient, h = 0.5.
const CRITICAL: [(f64, f64); 5] =
    [(0.0, 1.0), (1.3751, 0.1), (1.5115, 0.05), (1.6341, 0.025), (1.7808, 0.01)];

/// Return p by linear interpolation, the smallest of the table beyond its end.
fn interpolated(x: f64) -> f64 {
    for w in CRITICAL.windows(2) {
        let ((low, above), (high, below)) = (w[0], w[1]);
        if x <= high {
            return above + (below - above) * (x - low) / (high - low);
        }
    }
    CRITICAL[CRITICAL.len() - 1].1
}

impl Diagnostic for OlsMosum {
    fn id(&self) -> &'static str {
        "ols-mosum"
    }
    fn meaning(&self) -> &'static str {
        "do residuals of one sign pile up over some half of the sizes?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        let statistic = self.statistic(&tangent, &tangent.e).ok_or(NotApplicable::Exact)?;
        Ok(Outcome {
            id: self.id(),
            statistic,
            signed_root: None,
            dof: vec![],
            p_value: interpolated(statistic),
            exact: false,
            row: None,
            alternative: "the law changes at some size",
            reference: "Chu, Hornik and Kuan (1995)",
        })
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        let n = e.len();
        let m = n / 2;
        let mut sum: f64 = e[..m].iter().sum();
        let mut most = sum.abs();
        for k in m..n {
            sum += e[k] - e[k - m];
            most = most.max(sum.abs());
        }
        let s2 = dot(e, e) / tangent.dof() as f64;
        let statistic = most / (s2 * n as f64).sqrt();
        statistic.is_finite().then_some(statistic)
    }
}
