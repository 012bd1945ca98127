//! Quantiles of the fits to fewer rows, scaled back.

use super::draws::quantile;
use super::percentile::enough;
use super::resample::subsample_size;
use super::{Gathered, IntervalMethod, Level, Limits, Resampler, Unavailable};
use crate::form::Functional;
use crate::loss::Inference;

/// The subsampling interval.
///
/// # Formula
/// \[v - f (q(1 - tail) - v), v - f (q(tail) - v)\], q the quantile of the draws v* of m of n rows, f = sqrt(m/(n - m)):
/// sqrt(m) (v* - v) is distributed as sqrt(n) (v - truth), but for the factor sqrt(1 - m/n) that drawing without replacement
/// takes from its spread
/// # Assumptions
/// Independent rows, and an error that falls as the root of n. It needs no normal limit, and so holds for a parameter at its
/// bound, where the bootstrap does not; near the bound its coverage is not uniform.
/// # Reference
/// Politis and Romano (1994), Ann. Stat. 22:2031; Politis, Romano and Wolf (1999), Subsampling, section 2.5; Andrews and
/// Guggenberger (2010), Econometric Theory 26:426.
#[derive(Debug, Clone, Copy)]
pub struct Subsampling;

impl IntervalMethod for Subsampling {
    fn id(&self) -> &'static str {
        "subsampling"
    }
    fn meaning(&self) -> &'static str {
        "quantiles of fits to fewer rows, scaled back to all"
    }
    fn suits(&self, _inference: Inference) -> bool {
        true
    }
    fn needs_draws(&self) -> bool {
        true
    }
    fn reads_only(&self) -> Option<Resampler> {
        Some(Resampler::Subsample)
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let fit = gathered.fit;
        let n = fit.nobs();
        let m = subsample_size(n, fit.dim()).ok_or(Unavailable::NoSubsample { rows: n })?;
        let sorted = gathered.draws()?.sorted(fit, target);
        enough(sorted.len(), level)?;
        let v = target.combination(&fit.solution.theta);
        let factor = (m as f64 / (n - m) as f64).sqrt();
        let limit = |q: f64| v - factor * (quantile(&sorted, q) - v);
        Ok((limit(1.0 - level.tail()), limit(level.tail())))
    }
}
