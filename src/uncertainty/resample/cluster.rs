//! Whole clusters, drawn with replacement.

use super::{Draw, Scheme, Studentised, clusters, distinct};
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::objective::Objective;
use rand::RngExt as _;

/// Whole clusters are drawn with replacement, as many as there are.
///
/// # Assumptions
/// Clusters are independent; within one, anything. Without clusters every row is one, and these are [`super::Pairs`].
/// # Reference
/// Davison and Hinkley (1997), Bootstrap Methods and their Application, section 3.8.
#[derive(Debug, Clone, Copy)]
pub struct Cluster;

impl Scheme for Cluster {
    fn id(&self) -> &'static str {
        "cluster"
    }
    fn meaning(&self) -> &'static str {
        "whole clusters, with replacement"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Clusters
    }
    fn needs_clusters(&self) -> bool {
        true
    }
    fn reweighs(&self) -> bool {
        true
    }
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        Box::new(Whole { clusters: clusters(fit), groups: groups.to_vec() })
    }
}

#[derive(Debug)]
struct Whole {
    clusters: Vec<Vec<usize>>,
    groups: Vec<usize>,
}

impl Draw for Whole {
    fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        let bound = self.clusters.len() as u32;
        objective.weights.fill(0.0);
        for _ in 0..bound {
            for &row in &self.clusters[rng.random_range(0..bound) as usize] {
                objective.weights[row] += 1.0;
            }
        }
        distinct(&self.groups, &objective.weights)
    }
}
