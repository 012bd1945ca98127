//! Blocks of consecutive residuals within one run.

use super::inflated::inflated;
use super::{Curve, Draw, Scheme, Studentised};
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::math::sum;
use crate::objective::Objective;
use rand::RngExt as _;

/// Blocks of consecutive residuals are drawn with replacement within each run, and added to its fitted values.
///
/// A run is a cluster, its rows in the order of the first predictor; without clusters all rows are one run.
///
/// # Formula
/// residuals r/sqrt(1-h), recentred within the run; blocks of length ceil(m^(1/3)), at least 2 (and at most m), of a run of m
/// rows, circular: the last row is followed by the first
/// # Assumptions
/// Errors of neighbouring checkpoints depend on each other, those far apart do not, and their distribution is one within a
/// run. What runs have in common is not redrawn: where runs differ as wholes, [`super::Cluster`] and [`super::WildCluster`]
/// say how much.
/// # Reference
/// Künsch (1989), Ann. Stat. 17:1217; Politis and Romano (1992), in Exploring the Limits of Bootstrap, 263.
#[derive(Debug, Clone, Copy)]
pub struct Block;

impl Scheme for Block {
    fn id(&self) -> &'static str {
        "block"
    }
    fn meaning(&self) -> &'static str {
        "blocks of consecutive residuals, within each run"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Clusters
    }
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        let members = match &fit.design.clusters {
            Some(labels) => labels.members(),
            None => vec![(0..fit.nobs()).collect()],
        };
        let errors = inflated(fit, 0.5);
        let runs = members.into_iter().map(|rows| Run::new(rows, &errors)).collect();
        Box::new(Runs { curve: Curve::new(fit, groups), runs })
    }
}

/// The rows of one run, their errors and the length of a block.
#[derive(Debug)]
struct Run {
    rows: Vec<usize>,
    errors: Vec<f64>,
    length: usize,
}

impl Run {
    fn new(rows: Vec<usize>, errors: &[f64]) -> Run {
        let mut errors: Vec<f64> = rows.iter().map(|&i| errors[i]).collect();
        let centre = sum::mean(&errors);
        errors.iter_mut().for_each(|e| *e -= centre);
        // The cube root of a cube is not exact: 27 rows have blocks of 3.
        let length = ((rows.len() as f64).cbrt() - 1e-9).ceil().max(2.0) as usize;
        Run { length: length.min(rows.len()), rows, errors }
    }
}

#[derive(Debug)]
struct Runs {
    curve: Curve,
    runs: Vec<Run>,
}

impl Draw for Runs {
    fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        for run in &self.runs {
            let m = run.rows.len();
            for block in run.rows.chunks(run.length) {
                let mut at = rng.random_range(0..m as u32) as usize;
                for &i in block {
                    objective.target[i] = self.curve.fitted[i] + run.errors[at];
                    at = if at + 1 == m { 0 } else { at + 1 };
                }
            }
        }
        self.curve.sizes
    }
}
