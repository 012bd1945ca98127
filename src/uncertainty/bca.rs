//! Bias-corrected and accelerated limits.

use super::draws::quantile;
use super::percentile::enough;
use super::{Gathered, IntervalMethod, Jackknife, Level, Limits, Unavailable};
use crate::form::Functional;
use crate::loss::Inference;
use crate::math::distribution::{normal_cdf, normal_quantile};
use crate::math::sum;

/// The BCa bootstrap interval.
///
/// # Formula
/// quantiles at Phi(z0 + (z0 + z)/(1 - a(z0 + z))), z = Phi^-1(tail) and Phi^-1(1 - tail),
/// z0 = Phi^-1(share of draws below the estimate), a by [`acceleration`]
/// # Reference
/// Efron (1987), J. Am. Stat. Assoc. 82:171.
#[derive(Debug, Clone, Copy)]
pub struct Bca;

/// Return the acceleration of a linear combination from the jackknife.
///
/// # Formula
/// a = sum d^3 / (6 (sum d^2)^1.5), d = jackknife mean - value without row i
/// # Errors
/// [`Unavailable::NoBiasCorrection`] when a refit is missing or nothing varies.
pub fn acceleration(jackknife: &Jackknife, target: &Functional) -> Result<f64, Unavailable> {
    let values: Option<Vec<f64>> =
        jackknife.thetas.iter().map(|t| t.as_ref().map(|theta| target.combination(theta))).collect();
    let values = values.ok_or(Unavailable::NoBiasCorrection)?;
    let centre = sum::mean(&values);
    let (mut squares, mut cubes) = (0.0, 0.0);
    for v in &values {
        let d = centre - v;
        squares += d * d;
        cubes += d * d * d;
    }
    let a = cubes / (6.0 * squares.powf(1.5));
    if a.is_finite() { Ok(a) } else { Err(Unavailable::NoBiasCorrection) }
}

impl IntervalMethod for Bca {
    fn id(&self) -> &'static str {
        "bca"
    }
    fn meaning(&self) -> &'static str {
        "quantiles of the bootstrap draws, corrected for bias and skewness"
    }
    fn suits(&self, _inference: Inference) -> bool {
        true
    }
    fn needs_draws(&self) -> bool {
        true
    }
    fn needs_jackknife(&self) -> bool {
        true
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let sorted = gathered.draws()?.sorted(gathered.fit, target);
        enough(sorted.len(), level)?;
        let jackknife = gathered.jackknife.ok_or(Unavailable::NoBiasCorrection)?;
        let a = acceleration(jackknife, target)?;
        let v = target.combination(&gathered.fit.solution.theta);
        let below = sorted.partition_point(|d| *d < v) as f64 / sorted.len() as f64;
        if below <= 0.0 || below >= 1.0 {
            return Err(Unavailable::NoBiasCorrection);
        }
        let z0 = normal_quantile(below);
        let adjusted = |q: f64| {
            let z = z0 + normal_quantile(q);
            let denominator = 1.0 - a * z;
            (denominator > 0.0).then(|| normal_cdf(z0 + z / denominator))
        };
        let low = adjusted(level.tail()).ok_or(Unavailable::NoBiasCorrection)?;
        let high = adjusted(1.0 - level.tail()).ok_or(Unavailable::NoBiasCorrection)?;
        Ok((quantile(&sorted, low), quantile(&sorted, high)))
    }
}
