//! Percentile limits: quantiles of the draws.

use super::draws::quantile;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable};
use crate::form::Functional;
use crate::loss::Inference;

/// The percentile bootstrap interval.
///
/// # Formula
/// \[q(tail), q(1 - tail)\] with q the quantile of the draws
/// # Reference
/// Efron (1979), Ann. Stat. 7:1; Davison and Hinkley (1997), section 5.3.
#[derive(Debug, Clone, Copy)]
pub struct Percentile;

/// Fewest successful refits for limits at a level.
pub(super) fn enough(draws: usize, level: Level) -> Result<(), Unavailable> {
    if (draws + 1) as f64 * level.tail() < 1.0 - 1e-9 {
        return Err(Unavailable::TooFewDraws { succeeded: draws });
    }
    Ok(())
}

impl IntervalMethod for Percentile {
    fn id(&self) -> &'static str {
        "percentile"
    }
    fn meaning(&self) -> &'static str {
        "quantiles of the bootstrap draws"
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
        Ok((quantile(&sorted, level.tail()), quantile(&sorted, 1.0 - level.tail())))
    }
}
