//! Rows, drawn with replacement.

use super::{Draw, Scheme, Studentised, distinct};
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::objective::Objective;
use rand::RngExt as _;

/// Rows are drawn with replacement.
///
/// # Assumptions
/// Rows are independent. Needs no model of the errors; at small n many replicates rest on too few sizes.
/// # Reference
/// Efron (1979), Ann. Stat. 7:1.
#[derive(Debug, Clone, Copy)]
pub struct Pairs;

impl Scheme for Pairs {
    fn id(&self) -> &'static str {
        "pairs"
    }
    fn meaning(&self) -> &'static str {
        "rows, with replacement"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Rows
    }
    fn reweighs(&self) -> bool {
        true
    }
    fn prepare(&self, _: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        Box::new(Rows { groups: groups.to_vec() })
    }
}

#[derive(Debug)]
struct Rows {
    groups: Vec<usize>,
}

impl Draw for Rows {
    fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        let n = self.groups.len();
        objective.weights.fill(0.0);
        for _ in 0..n {
            objective.weights[rng.random_range(0..n as u32) as usize] += 1.0;
        }
        distinct(&self.groups, &objective.weights)
    }
}
