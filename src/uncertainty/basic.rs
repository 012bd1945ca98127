//! Basic limits: quantiles of the draws, mirrored at the estimate.

use super::draws::quantile;
use super::percentile::enough;
use super::{Gathered, IntervalMethod, Level, Limits};
use crate::form::Functional;
use crate::loss::Inference;

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
    fn suits(&self, _inference: Inference) -> bool {
        true
    }
    fn needs_draws(&self) -> bool {
        true
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let sorted = gathered.draws()?.sorted(gathered.fit, target);
        enough(sorted.len(), level)?;
        let v = target.combination(&gathered.fit.solution.theta);
        Ok((2.0 * v - quantile(&sorted, 1.0 - level.tail()), 2.0 * v - quantile(&sorted, level.tail())))
    }
}
