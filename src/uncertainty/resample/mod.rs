//! Resamplers: who is redrawn in a bootstrap replicate, one a file.
//!
//! A [`Scheme`] prepares what it draws from once for a fit; a draw then turns an objective into one replicate, by new
//! responses (residuals, weights, normal errors) or by new row weights (rows, clusters, subsets). A draw makes one virtual call
//! and allocates nothing; replicate i draws from stream (seed, i), so that no result depends on threads.
//!
//! To add a resampler: write one file with a unit struct that implements [`Scheme`], then add its `mod` line, its name in
//! [`Resampler`] and its line in [`CATALOGUE`], all sorted by id.

mod block;
mod cluster;
mod inflated;
mod pairs;
mod parametric;
mod residual;
mod subsample;
mod wild;
mod wild_cluster;
mod wild_mammen;
mod wild_rademacher;

pub use block::Block;
pub use cluster::Cluster;
pub use pairs::Pairs;
pub use parametric::Parametric;
pub use residual::Residual;
pub use subsample::{Subsample, subsample_size};
pub use wild::{WEBB, Wild};
pub use wild_cluster::WildCluster;
pub use wild_mammen::WildMammen;
pub use wild_rademacher::WildRademacher;

use super::UncertaintyError;
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::objective::Objective;
use serde::Serialize;

/// How a replicate is made from the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resampler {
    /// Blocks of consecutive residuals within each run: [`Block`].
    Block,
    /// Whole clusters, with replacement: [`Cluster`].
    Cluster,
    /// Rows, with replacement: [`Pairs`].
    Pairs,
    /// Normal errors of the fit's variance: [`Parametric`].
    Parametric,
    /// Leverage-corrected residuals, with replacement: [`Residual`].
    Residual,
    /// Fewer rows, without replacement: [`Subsample`].
    Subsample,
    /// Own residuals times Webb's weights: [`Wild`].
    Wild,
    /// Residuals of a cluster times one of Webb's weights: [`WildCluster`].
    WildCluster,
    /// Own residuals times Mammen's weights: [`WildMammen`].
    WildMammen,
    /// Own residuals with random signs: [`WildRademacher`].
    WildRademacher,
}

/// Every resampler, sorted by id.
pub static CATALOGUE: [(Resampler, &dyn Scheme); 10] = [
    (Resampler::Block, &Block),
    (Resampler::Cluster, &Cluster),
    (Resampler::Pairs, &Pairs),
    (Resampler::Parametric, &Parametric),
    (Resampler::Residual, &Residual),
    (Resampler::Subsample, &Subsample),
    (Resampler::Wild, &Wild),
    (Resampler::WildCluster, &WildCluster),
    (Resampler::WildMammen, &WildMammen),
    (Resampler::WildRademacher, &WildRademacher),
];

/// The covariance that studentises the draws of a resampler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Studentised {
    /// Equal variances: s^2 (J'J)^-1.
    Classical,
    /// A variance of its own for every row: HC3.
    Rows,
    /// Errors that depend on each other within clusters: CR1 without its factor, which cancels.
    Clusters,
}

/// A way to make a replicate from the data.
pub trait Scheme: Sync + std::fmt::Debug {
    /// Name on the command line and in JSON.
    fn id(&self) -> &'static str;

    /// One sentence: who is redrawn.
    fn meaning(&self) -> &'static str;

    /// The covariance that its draws are studentised with.
    fn studentised(&self) -> Studentised;

    /// Whether it means nothing without clusters of rows.
    fn needs_clusters(&self) -> bool {
        false
    }

    /// Whether it changes how often rows count, so that a replicate may have too few sizes.
    fn reweighs(&self) -> bool {
        false
    }

    /// Compute what is drawn from; `groups` holds the index of the size of every row.
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw>;
}

/// What a resampler draws from, computed once for a fit.
pub trait Draw: Send + Sync + std::fmt::Debug {
    /// Turn `objective` into one replicate; return the number of distinct sizes that it has.
    fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize;
}

impl Resampler {
    /// Every resampler, sorted by id.
    pub const ALL: [Resampler; 10] = [
        Resampler::Block,
        Resampler::Cluster,
        Resampler::Pairs,
        Resampler::Parametric,
        Resampler::Residual,
        Resampler::Subsample,
        Resampler::Wild,
        Resampler::WildCluster,
        Resampler::WildMammen,
        Resampler::WildRademacher,
    ];

    /// Return what it does.
    #[must_use]
    pub fn scheme(self) -> &'static dyn Scheme {
        CATALOGUE[self as usize].1
    }

    /// Return the name on the command line and in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.scheme().id()
    }

    /// Find a resampler by name.
    ///
    /// # Errors
    /// [`UncertaintyError::Unknown`] lists the names.
    pub fn by_id(id: &str) -> Result<Resampler, UncertaintyError> {
        Resampler::ALL.into_iter().find(|r| r.id() == id).ok_or_else(|| UncertaintyError::Unknown {
            what: "bootstrap",
            found: id.to_owned(),
            allowed: Resampler::ALL.map(Resampler::id).join(", "),
        })
    }
}

/// A resampler prepared for one fit: what is drawn from, computed once.
#[derive(Debug)]
pub struct Prepared(Box<dyn Draw>);

impl Prepared {
    /// Prepare `resampler` for a fit; `groups` holds the index of the size of every row.
    #[must_use]
    pub fn new(resampler: Resampler, fit: &Fit, groups: &[usize]) -> Prepared {
        Prepared(resampler.scheme().prepare(fit, groups))
    }

    /// Turn `objective` into one replicate; return the number of distinct sizes that it has.
    pub fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        self.0.draw(objective, rng)
    }
}

/// Fitted values on the scale of the fit, to which errors are added; and the number of distinct sizes, which stays.
#[derive(Debug)]
struct Curve {
    fitted: Vec<f64>,
    sizes: usize,
}

impl Curve {
    fn new(fit: &Fit, groups: &[usize]) -> Curve {
        Curve {
            fitted: fit.design.target.iter().zip(&fit.residuals).map(|(t, r)| t - r).collect(),
            sizes: groups.last().map_or(0, |g| g + 1),
        }
    }
}

/// The number of distinct sizes among rows that count.
pub(super) fn distinct(groups: &[usize], weights: &[f64]) -> usize {
    let mut distinct = 0;
    let mut last = usize::MAX;
    for (g, w) in groups.iter().zip(weights) {
        if *w > 0.0 && *g != last {
            distinct += 1;
            last = *g;
        }
    }
    distinct
}

/// The rows of every cluster of a fit; every row is one where the data have none.
fn clusters(fit: &Fit) -> Vec<Vec<usize>> {
    let own = || (0..fit.nobs()).map(|i| vec![i]).collect();
    fit.design.clusters.as_ref().map_or_else(own, crate::data::Labels::members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sorted_and_complete() {
        assert!(CATALOGUE.windows(2).all(|w| w[0].1.id() < w[1].1.id()));
        for (k, r) in Resampler::ALL.into_iter().enumerate() {
            assert_eq!(CATALOGUE[k].0, r);
            assert_eq!(Resampler::by_id(r.id()), Ok(r));
            assert_eq!(serde_json::to_value(r).expect("a word"), r.id());
        }
    }
}
