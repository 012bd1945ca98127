//! P values by drawing residuals of normal errors: exact at every number of sizes, for any statistic of their direction.

use super::Tangent;
use crate::math::random::normals;
use rayon::prelude::*;

/// Draws that give p in steps of 1/2000.
pub const DRAWS: usize = 1999;
/// Fewest draws: p in steps of 1/200.
const FEWEST: usize = 199;
/// Most normal numbers that one p value may cost.
const BUDGET: usize = 20_000_000;
/// (draws + 1) is a multiple of this, so that the test at 5 % rejects at exactly that rate.
const STEP: usize = 20;

/// Return the number of draws for so many entries: `wanted`, or fewer where they would cost too much.
#[must_use]
pub fn draws_for(entries: usize, wanted: usize) -> usize {
    let draws = wanted.min(BUDGET / entries.max(1)).max(FEWEST);
    (draws + 1) / STEP * STEP - 1
}

/// Return the p value of an observed statistic by simulation; `None` when the observed value is not a number.
///
/// # Formula
/// p = (1 + #{k: T(M z_k) >= T})/(K + 1), z_k independent standard normal, K = [`draws_for`]
/// # Assumptions
/// T does not depend on the length of the residuals; then it is pivotal for a line and p is exact. A draw whose statistic
/// is undefined counts as exceeding. Results depend on the seed alone, not on threads.
/// # Reference
/// Dwass (1957), Ann. Math. Stat. 28:181; Dufour (2006), J. Econometrics 133:443.
#[must_use]
pub fn simulated_p(
    tangent: &Tangent,
    seed: u64,
    draws: usize,
    statistic: impl Fn(&Tangent, &[f64]) -> Option<f64> + Sync,
    observed: f64,
) -> Option<f64> {
    if observed.is_nan() {
        return None;
    }
    let draws = draws_for(tangent.len(), draws);
    let exceeding = (0..draws)
        .into_par_iter()
        .filter(|&k| {
            let z = normals(seed, k as u64, tangent.len());
            statistic(tangent, &tangent.residuals_of(&z)).is_none_or(|t| t >= observed)
        })
        .count();
    Some((1.0 + exceeding as f64) / (1.0 + draws as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_cut_in_whole_steps() {
        assert_eq!(draws_for(12, DRAWS), 1999);
        assert_eq!(draws_for(10_000, DRAWS), 1999);
        assert_eq!(draws_for(20_000, DRAWS), 999);
        assert_eq!(draws_for(100_000, DRAWS), 199);
        assert_eq!(draws_for(usize::MAX, DRAWS), 199);
        for n in [1, 999, 12_345, 54_321, 77_777] {
            assert_eq!((draws_for(n, DRAWS) + 1) % STEP, 0, "{n}");
        }
    }
}
