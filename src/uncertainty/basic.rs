//! Basic limits: quantiles of the draws, mirrored at the estimate.

use super::draws::quantile;
use super::percentile::enough;
use super::{Gathered, IntervalMethod, Level, Unavailable};
use crate::form::Functional;

/// The basic bootstrap interval.
///
/// # Formula
/// \[2v - q(1 - tail), 2v - q(tail)\]
/// # Reference
/// Davison and Hinkley (1997), equation 5.6.
#[derive(Debug, Clone, Copy)]
pub struct Basic;

impl IntervalMethod for Basic {
    fn id(&self) -> &'static str {
        "basic"
    }
    fn meaning(&self) -> &'static str {
        "quantiles of the bootstrap draws, mirrored at the estimate"
    }
    fn needs_draws(&self) -> bool {
        true
    }
    fn limits(
        &self,
        target: &Functional,
        gathered: &Gathered<'_>,
        level: Level,
    ) -> Result<(f64, f64), Unavailable> {
        let sorted = gathered.draws()?.sorted(gathered.fit, target);
        enough(sorted.len(), level)?;
        let v = target.combination(&gathered.fit.solution.theta);
        Ok((2.0 * v - quantile(&sorted, 1.0 - level.tail()), 2.0 * v - quantile(&sorted, level.tail())))
    }
}
