//! The law of the j-th smallest of many studentised residuals.

use crate::math::distribution::{beta_lower, normal_cdf, normal_quantile, t_quantile, t_upper};
use crate::math::root::brent;
use rayon::prelude::*;

/// Residuals up to which every rank is looked at.
const ALL_UP_TO: usize = 2_000;
/// Ranks looked at from each end in any case, where there are more.
const ENDS: usize = 50;
/// Factor from each rank to the next one, farther in.
const STEP: f64 = 1.05;
/// Score from which on a sample is looked at closely: no critical score is smaller.
const LEAST: f64 = 2.5;

/// Ranks of many residuals, and how far from its median each may lie.
///
/// # Formula
/// score_j(t) = |z|/r_j, z = normal quantile of P(U_(j) <= T(t)), U_(j) of law Beta(j, n + 1 - j), T the distribution function
/// of Student's t: what independent residuals would have; r_j^2 = 1 - phi(q)^2 (1 + q^2/2)/(u(1 - u)) at u = (j - 1/3)/(n + 1/3)
/// and its normal quantile q: residuals of a fit with an intercept and a scatter of its own keep closer to their medians.
/// # Assumptions
/// For normal errors and many rows; the score only gives a band its shape, and simulation its width.
/// # Reference
/// Durbin (1973), Ann. Stat. 1:279, for r; Loynes (1980), Ann. Stat. 8:285, for residuals of a regression.
#[derive(Debug, Clone)]
pub struct RankLaw {
    /// Ranks to look at, from 1 for the smallest residual, rising.
    pub ranks: Vec<usize>,
    total: usize,
    dof: f64,
}

impl RankLaw {
    /// Choose the ranks of so many residuals, each with a t law of `dof` degrees of freedom.
    #[must_use]
    pub fn new(total: usize, dof: f64) -> RankLaw {
        let mut ranks: Vec<usize> = Vec::new();
        if total <= ALL_UP_TO {
            ranks.extend(1..=total);
        } else {
            let mut rank = 1;
            while 2 * rank <= total + 1 {
                ranks.extend([rank, total + 1 - rank]);
                rank = if rank < ENDS { rank + 1 } else { (rank as f64 * STEP).ceil() as usize };
            }
            ranks.sort_unstable();
            ranks.dedup();
        }
        RankLaw { ranks, total, dof }
    }

    /// Return the residuals of the chosen ranks, of all residuals in rising order.
    #[must_use]
    pub fn choose(&self, sorted: Vec<f64>) -> Vec<f64> {
        if self.ranks.len() == sorted.len() {
            return sorted;
        }
        self.ranks.iter().map(|rank| sorted[rank - 1]).collect()
    }

    /// Return the median of the residual of a rank, if residuals were independent.
    #[must_use]
    pub fn median(&self, rank: usize) -> f64 {
        t_quantile(self.share(rank), self.dof)
    }

    /// Return limits at the ranks, from samples at the ranks, that a further sample keeps everywhere with probability `level`.
    ///
    /// # Formula
    /// the limits at which score_j is the ceil(level (K + 1))-th smallest of the K samples' largest scores
    #[must_use]
    pub fn calibrated(&self, samples: &[Vec<f64>], level: f64) -> Vec<(f64, f64)> {
        let near = self.limits(LEAST);
        let largest = |sample: &Vec<f64>| {
            let far = sample.iter().zip(&near).zip(&self.ranks).filter(|((t, l), _)| **t < l.0 || **t > l.1);
            far.map(|((t, _), rank)| self.score(*rank, *t).abs()).fold(LEAST, f64::max)
        };
        let mut scores: Vec<f64> = samples.par_iter().map(largest).collect();
        scores.sort_unstable_by(f64::total_cmp);
        let position = (level * (samples.len() as f64 + 1.0) - 1e-9).ceil() as usize;
        match position.checked_sub(1).map(|i| scores.get(i)) {
            Some(Some(score)) => self.limits(*score),
            // So few samples say nothing of so high a level.
            _ => vec![(f64::NEG_INFINITY, f64::INFINITY); self.ranks.len()],
        }
    }

    /// Return the limits of every rank at a score.
    fn limits(&self, score: f64) -> Vec<(f64, f64)> {
        let lower = |rank: usize| {
            let end = self.median(rank);
            let distance = |t: f64| self.score(rank, t) + score;
            let mut step = 0.5;
            while distance(end - step) > 0.0 && step < 1e6 {
                step *= 2.0;
            }
            brent(distance, end - step, end, 1e-9).unwrap_or(f64::NEG_INFINITY)
        };
        let lows: Vec<f64> = self.ranks.par_iter().map(|&rank| lower(rank)).collect();
        // The law is symmetric, and so are the ranks.
        lows.iter().zip(lows.iter().rev()).map(|(low, mirrored)| (*low, -mirrored)).collect()
    }

    /// Return the score of a residual, negative below its median.
    fn score(&self, rank: usize, t: f64) -> f64 {
        let (below, above) = (rank as f64, (self.total + 1 - rank) as f64);
        // Each tail by itself, so that neither is a difference from 1.
        let low = beta_lower(t_upper(-t, self.dof), below, above);
        let high = beta_lower(t_upper(t, self.dof), above, below);
        let z = normal_quantile(low.min(high).max(1e-300)).min(0.0);
        (if low < high { z } else { -z }) / self.narrowing(rank)
    }

    fn share(&self, rank: usize) -> f64 {
        (rank as f64 - 1.0 / 3.0) / (self.total as f64 + 1.0 / 3.0)
    }

    /// Return r of a rank.
    fn narrowing(&self, rank: usize) -> f64 {
        let u = self.share(rank);
        let q = normal_quantile(u);
        let density = (-0.5 * q * q).exp() / std::f64::consts::TAU.sqrt();
        let variance = u * normal_cdf(-q);
        (1.0 - density * density * (1.0 + 0.5 * q * q) / variance).max(0.1).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_ranks_are_symmetric_and_few() {
        for total in [1, 2, 2_000, 2_001, 12_345, 100_000] {
            let law = RankLaw::new(total, 10.0);
            assert!(law.ranks.is_sorted_by(|a, b| a < b) && law.ranks.len() <= 2_000);
            assert!(law.ranks.iter().zip(law.ranks.iter().rev()).all(|(a, b)| a + b == total + 1));
        }
    }

    /// Medians of U_(1) and U_(51) of 101, exactly 1 - 2^(-1/101) and 1/2; r at the median is sqrt(1 - 2/pi).
    #[test]
    fn scores_vanish_at_the_medians() {
        let law = RankLaw::new(101, 1e6);
        assert!(law.median(51).abs() < 1e-12 && law.score(51, 0.0).abs() < 1e-9);
        assert!((law.narrowing(51) - (1.0 - 2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-9);
        let exact = t_quantile(1.0 - 0.5f64.powf(1.0 / 101.0), 1e6);
        assert!(law.score(1, exact).abs() < 1e-6);
        assert!((law.median(1) - exact).abs() < 0.02);
    }

    #[test]
    fn limits_lie_at_the_score() {
        let law = RankLaw::new(300, 40.0);
        for ((low, high), rank) in law.limits(3.0).into_iter().zip(&law.ranks) {
            assert!((law.score(*rank, low) + 3.0).abs() < 1e-6, "{rank}");
            assert!((law.score(*rank, high) - 3.0).abs() < 1e-6, "{rank}");
        }
    }
}
