//! Studentised limits: quantiles of the draws in units of their own standard errors.

use super::draws::quantile;
use super::percentile::enough;
use super::resample::Studentised;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable, std_error};
use crate::form::Functional;

/// The bootstrap-t interval.
///
/// # Formula
/// \[v - q(1 - tail) se, v - q(tail) se\] with q the quantile of (v* - v)/se*; se classical for resampled residuals and
/// normal errors, HC3 for rows and wild weights, of the clusters (CR1) for draws of clusters and of blocks.
/// # Reference
/// Davison and Hinkley (1997), equation 5.7.
#[derive(Debug, Clone, Copy)]
pub struct BootstrapT;

impl IntervalMethod for BootstrapT {
    fn id(&self) -> &'static str {
        "bootstrap-t"
    }
    fn meaning(&self) -> &'static str {
        "quantiles of the studentised bootstrap draws"
    }
    fn needs_draws(&self) -> bool {
        true
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let draws = gathered.draws()?;
        let fit = gathered.fit;
        let vcov = match draws.resampler.scheme().studentised() {
            Studentised::Classical => fit.vcov(),
            Studentised::Rows => fit.vcov_hc3(),
            Studentised::Clusters if fit.design.clusters.is_none() => return Err(Unavailable::NoClusters),
            Studentised::Clusters => fit.vcov_clusters(),
        };
        let se = std_error(target, &vcov.ok_or(Unavailable::RankDeficient)?);
        let v = target.combination(&fit.solution.theta);
        let sorted = draws.studentised(fit, target, v);
        enough(sorted.len(), level)?;
        Ok((v - quantile(&sorted, 1.0 - level.tail()) * se, v - quantile(&sorted, level.tail()) * se))
    }
}
