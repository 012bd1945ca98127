//! The residuals of a cluster, times one of Webb's six weights.

use super::{Curve, Draw, Scheme, Studentised, WEBB, clusters};
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::objective::Objective;
use crate::uncertainty::cluster_algebra::ClusterAlgebra;
use rand::RngExt as _;

/// Every cluster keeps its own residuals, corrected for its leverage, times one six-point weight for all its rows.
///
/// # Formula
/// y*_g = fitted_g + w_g (I - H_gg)^-1 r_g, the residuals of the fit without the cluster (to first order for a curve); for a
/// cluster of one row these are r/(1-h), as in [`super::Wild`]
/// # Assumptions
/// Clusters are independent; within one, anything. Without clusters every row is one.
/// # Reference
/// Cameron, Gelbach and Miller (2008), Rev. Econ. Stat. 90:414; MacKinnon, Nielsen and Webb (2023), J. Appl. Econometrics
/// 38:671.
#[derive(Debug, Clone, Copy)]
pub struct WildCluster;

impl Scheme for WildCluster {
    fn id(&self) -> &'static str {
        "wild-cluster"
    }
    fn meaning(&self) -> &'static str {
        "the residuals of every cluster, times one of Webb's six weights"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Clusters
    }
    fn needs_clusters(&self) -> bool {
        true
    }
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        let clusters = clusters(fit);
        let errors = match &fit.regression {
            Some(regression) => {
                ClusterAlgebra::new(regression, &clusters).left_out(regression, &fit.residuals)
            }
            None => fit.residuals.clone(),
        };
        Box::new(Weighted { curve: Curve::new(fit, groups), clusters, errors })
    }
}

#[derive(Debug)]
struct Weighted {
    curve: Curve,
    clusters: Vec<Vec<usize>>,
    errors: Vec<f64>,
}

impl Draw for Weighted {
    fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        for rows in &self.clusters {
            let w = WEBB[rng.random_range(0..6u32) as usize];
            for &i in rows {
                objective.target[i] = self.curve.fitted[i] + self.errors[i] * w;
            }
        }
        self.curve.sizes
    }
}
