//! Bootstrap refits, in parallel, with their failures counted.

use super::resample::{Prepared, Resampler, Studentised};
use super::{Level, UncertaintyError, on_search_limit};
use crate::fit::Fit;
use crate::form::Functional;
use crate::math::random::stream;
use crate::math::{Theta, theta_from};
use crate::objective::Objective;
use crate::solve::{Solution, refit};
use rayon::prelude::*;

/// Replicates handed to a thread at a time.
const BATCH: usize = 32;

/// A bootstrap to run: who is redrawn, how often, from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    /// Who is redrawn.
    pub resampler: Resampler,
    /// Number of replicates, B.
    pub replicates: usize,
    /// The user's seed; replicate i draws from stream (seed, i).
    pub seed: u64,
}

/// Refitted parameter vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    /// Who was redrawn.
    pub resampler: Resampler,
    /// The user's seed.
    pub seed: u64,
    /// Replicates asked for.
    pub replicates: usize,
    /// Replicates whose refit failed or could not be determined.
    pub failed: usize,
    /// Replicates with at most p distinct sizes, whose fit is exact or undetermined.
    pub degenerate: usize,
    /// Replicates with a coordinate on a bound.
    pub at_bound: usize,
    dim: usize,
    rows: Vec<f64>,
}

impl Bootstrap {
    /// Check the number of replicates against a level: the limits must lie among the draws.
    ///
    /// # Errors
    /// [`UncertaintyError::Replicates`] when (B + 1)(1 - level)/2 < 1.
    pub fn check(&self, level: Level) -> Result<(), UncertaintyError> {
        let needed = (1.0 / level.tail() - 1e-9).ceil() as usize - 1;
        if self.replicates < needed.max(1) {
            return Err(UncertaintyError::Replicates { found: self.replicates, needed, level: level.get() });
        }
        Ok(())
    }

    /// Refit every replicate; `groups` holds the index of the size of every row, `tick` is called after each refit.
    ///
    /// Refits start at the fit's own optimum, and from the form's starting points when that fails.
    #[must_use]
    pub fn run(&self, fit: &Fit, groups: &[usize], tick: &(dyn Fn() + Sync)) -> Draws {
        let p = fit.dim();
        let width = p + p * (p + 1) / 2;
        let prepared = Prepared::new(self.resampler, fit, groups);
        let mut rows = vec![0.0; self.replicates * width];
        let studentised = self.resampler.scheme().studentised();
        let marks: Vec<(bool, bool)> = rows
            .par_chunks_mut(width)
            .enumerate()
            .with_min_len(BATCH)
            .map_init(
                || fit.objective(),
                |objective, (i, row)| {
                    let mut rng = stream(self.seed, i as u64);
                    let distinct = prepared.draw(objective, &mut rng);
                    let solution = (distinct >= p)
                        .then(|| refit(objective, &fit.solution.theta))
                        .filter(Solution::converged);
                    let mark = match solution {
                        Some(solution) => {
                            record(objective, &solution, studentised, row);
                            solution.at_bound.iter().any(|b| *b)
                        }
                        None => {
                            row.fill(f64::NAN);
                            false
                        }
                    };
                    tick();
                    (distinct <= p, mark)
                },
            )
            .collect();
        Draws {
            resampler: self.resampler,
            seed: self.seed,
            replicates: self.replicates,
            failed: rows.chunks(width).filter(|r| r[0].is_nan()).count(),
            // Resamplers that keep every size lack only what the data lack.
            degenerate: if self.resampler.scheme().reweighs() {
                marks.iter().filter(|m| m.0).count()
            } else {
                0
            },
            at_bound: marks.iter().filter(|m| m.1).count(),
            dim: p,
            rows,
        }
    }
}

/// Write coordinates and their covariance (packed lower triangle) into one row of draws.
fn record(objective: &mut Objective<'_>, solution: &Solution, studentised: Studentised, row: &mut [f64]) {
    let p = objective.dim();
    let (theta, packed) = row.split_at_mut(p);
    theta.copy_from_slice(&solution.theta[..p]);
    let count: f64 = objective.weights.iter().sum();
    let covariance = match studentised {
        Studentised::Classical => objective.covariance(&solution.theta, solution.cost, count, false),
        Studentised::Rows => objective.covariance(&solution.theta, solution.cost, count, true),
        Studentised::Clusters => objective.covariance_by_cluster(&solution.theta),
    };
    match covariance {
        Some(v) => {
            let mut k = 0;
            for (i, row) in v.iter().enumerate().take(p) {
                for value in &row[..=i] {
                    packed[k] = *value;
                    k += 1;
                }
            }
        }
        None => packed.fill(f64::NAN),
    }
}

impl Draws {
    /// Return the number of successful refits.
    #[must_use]
    pub fn succeeded(&self) -> usize {
        self.replicates - self.failed
    }

    /// Whether fewer than 95% of the refits succeeded: the draws then stand for an easier kind of data than was asked about.
    #[must_use]
    pub fn few_refits(&self) -> bool {
        self.failed * 20 > self.replicates
    }

    /// Return the coordinates of every successful refit, in the order of the replicates.
    pub fn thetas(&self) -> impl Iterator<Item = Theta> + '_ {
        self.live().map(|row| theta_from(&row[..self.dim]))
    }

    fn live(&self) -> impl Iterator<Item = &[f64]> + '_ {
        let width = self.dim + self.dim * (self.dim + 1) / 2;
        self.rows.chunks(width).filter(|row| !row[0].is_nan())
    }

    /// Return a linear combination in every successful refit, sorted; infinite where a refit ran into a limit of the search.
    #[must_use]
    pub fn sorted(&self, fit: &Fit, target: &Functional) -> Vec<f64> {
        let mut values: Vec<f64> = self
            .live()
            .map(|row| {
                let theta = &row[..self.dim];
                on_search_limit(fit, target, theta).unwrap_or_else(|| target.combination(theta))
            })
            .collect();
        values.sort_by(f64::total_cmp);
        values
    }

    /// Return (v* - v)/se* of a linear combination in every refit that has a standard error, sorted.
    #[must_use]
    pub fn studentised(&self, fit: &Fit, target: &Functional, estimate: f64) -> Vec<f64> {
        let mut values: Vec<f64> = self
            .live()
            .filter_map(|row| {
                let (theta, packed) = row.split_at(self.dim);
                if let Some(end) = on_search_limit(fit, target, theta) {
                    return Some(end);
                }
                let mut variance = 0.0;
                let mut k = 0;
                for i in 0..self.dim {
                    for j in 0..=i {
                        let twice = if i == j { 1.0 } else { 2.0 };
                        variance += twice * target.coefficients[i] * target.coefficients[j] * packed[k];
                        k += 1;
                    }
                }
                let t = (target.combination(theta) - estimate) / variance.sqrt();
                t.is_finite().then_some(t)
            })
            .collect();
        values.sort_by(f64::total_cmp);
        values
    }
}

/// Return the quantile of sorted values at probability `q`: the (B+1)q-th value, interpolated.
///
/// # Reference
/// Davison and Hinkley (1997), equation 5.8; Hyndman and Fan (1996), type 6.
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let b = sorted.len();
    if b == 0 {
        return f64::NAN;
    }
    let position = ((b + 1) as f64 * q).clamp(1.0, b as f64);
    let below = position.floor();
    // Probabilities such as 0.025 are not exact: a position that is an integer but for rounding is that integer.
    let share = if (position - position.round()).abs() < 1e-9 { 0.0 } else { position - below };
    let k = if share == 0.0 { position.round() as usize } else { below as usize };
    let low = sorted[k - 1];
    if share == 0.0 || k == b || low == sorted[k] { low } else { low + share * (sorted[k] - low) }
}
