//! Studentised residuals beside the quantiles of their law, with a band that holds all of them at once.

use super::rank_law::RankLaw;
use super::simulated::{DRAWS, draws_for};
use super::{NotApplicable, Tangent};
use crate::math::random::normals;
use crate::objective::SATURATED;
use rayon::prelude::*;

/// Residuals up to which every rank has limits from its own simulated law.
const RANKED_UP_TO: usize = 100;
/// Draws behind those limits, which lie far out in the tails.
const RANKED_DRAWS: usize = 9_999;
/// Seed of the draws: one data set always gets one band.
const SEED: u64 = 0x5155_414e_5449;

/// One residual beside its quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantilePoint {
    /// Row, in canonical order.
    pub row: usize,
    /// Median of the residual of this rank in a sample of Student's t.
    pub expected: f64,
    /// Externally studentised residual.
    pub observed: f64,
    /// Lower limit of the band.
    pub low: f64,
    /// Upper limit of the band.
    pub high: f64,
}

/// Residuals in rising order with their band.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantileBand {
    /// Residuals in rising order: every one, or those of chosen ranks where there are very many.
    pub points: Vec<QuantilePoint>,
    /// Number of residuals that were ranked.
    pub total: usize,
    /// Degrees of freedom of the t law of one residual.
    pub dof: usize,
    /// Share of samples that lie wholly in the band.
    pub level: f64,
    /// Simulated samples behind the band.
    pub draws: usize,
}

/// Rank the residuals of a fit, and bound every one of them so that a sample of normal errors lies wholly inside with
/// probability `level`.
///
/// # Formula
/// t_i = e_i/(s_(i) sqrt(1 - h_i)), s_(i)^2 = (e'e - e_i^2/(1 - h_i))/(n - p - 1), each with Student's t law of n - p - 1
/// degrees of freedom; t_(j) is drawn against the quantile of (j - 1/3)/(n + 1/3), the median of rank j. Samples e = Mz, z
/// standard normal, are studentised and sorted. Up to 100 residuals the limits of rank j are its r-th smallest and r-th
/// largest simulated values, r the largest number with #{samples that leave them somewhere} + 1 <= (1 - level)(K + 1). With
/// more residuals the limits follow [`RankLaw`], and K samples set their one constant.
/// # Assumptions
/// t depends on e/|e| alone: for a line with normal errors of equal variance the band holds with at least `level`, at every
/// n; for a curve it is that of its tangent. Above 2,000 residuals the band is for the ranks returned. Rows that determine a
/// parameter by themselves have no residual and are left out.
/// # Errors
/// [`NotApplicable::TooFewRows`] where fewer than two degrees of freedom are left.
/// # Reference
/// Aldor-Noiman, Brown, Buja, Rolke and Stine (2013), Am. Stat. 67:249; Cook and Weisberg (1982), Residuals and Influence in
/// Regression, section 2.2.
pub fn quantile_band(tangent: &Tangent, level: f64) -> Result<QuantileBand, NotApplicable> {
    let needed = tangent.dim() + 2;
    if tangent.len() < needed {
        return Err(NotApplicable::TooFewRows { needed, rows: tangent.len() });
    }
    let studentise = Studentise::new(tangent);
    let mut observed = studentise.apply(&tangent.e);
    observed.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let (total, dof) = (observed.len(), tangent.dof() - 1);
    let law = RankLaw::new(total, dof as f64);
    let few = total <= RANKED_UP_TO;
    let draws = draws_for(tangent.len(), if few { RANKED_DRAWS } else { DRAWS });
    let samples: Vec<Vec<f64>> = (0..draws)
        .into_par_iter()
        .map(|k| {
            let z = normals(SEED, k as u64, tangent.len());
            law.choose(studentise.sorted(&tangent.residuals_of(&z)))
        })
        .collect();
    let limits = if few { ranked(&samples, level) } else { law.calibrated(&samples, level) };
    let points = law
        .ranks
        .iter()
        .zip(limits)
        .map(|(&rank, (low, high))| {
            let (row, t) = observed[rank - 1];
            // Where the other rows fit exactly, t is infinite, which no picture can show.
            QuantilePoint { row, expected: law.median(rank), observed: t.clamp(-1e12, 1e12), low, high }
        })
        .collect();
    Ok(QuantileBand { points, total, dof, level, draws })
}

/// What studentising residuals of one tangent needs.
struct Studentise {
    /// Rows that have a residual, and 1 - h of each.
    rest: Vec<(usize, f64)>,
    /// Degrees of freedom without one row.
    dof: f64,
}

impl Studentise {
    fn new(tangent: &Tangent) -> Studentise {
        let rest = tangent.regression.leverages().into_iter().map(|h| 1.0 - h).enumerate();
        Studentise { rest: rest.filter(|r| r.1 > SATURATED).collect(), dof: tangent.dof() as f64 - 1.0 }
    }

    /// Return rows with their externally studentised residuals.
    fn apply(&self, e: &[f64]) -> Vec<(usize, f64)> {
        let sse: f64 = e.iter().map(|e| e * e).sum();
        let t = |&(row, rest): &(usize, f64)| {
            let others = (sse - e[row] * e[row] / rest).max(0.0) / self.dof;
            let t = e[row] / (others * rest).sqrt();
            (row, if t.is_nan() { 0.0 } else { t })
        };
        self.rest.iter().map(t).collect()
    }

    /// Return the studentised residuals in rising order.
    fn sorted(&self, e: &[f64]) -> Vec<f64> {
        let mut t: Vec<f64> = self.apply(e).into_iter().map(|t| t.1).collect();
        t.sort_unstable_by(f64::total_cmp);
        t
    }
}

/// Return for every rank the limits from its own simulated values.
fn ranked(samples: &[Vec<f64>], level: f64) -> Vec<(f64, f64)> {
    let draws = samples.len();
    let columns: Vec<Vec<(f64, usize)>> = (0..samples[0].len())
        .into_par_iter()
        .map(|j| {
            let mut column: Vec<(f64, usize)> =
                samples.iter().enumerate().map(|(k, sample)| (sample[j], k)).collect();
            column.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            column
        })
        .collect();
    // How near every sample comes to an end, at the rank where it is nearest.
    let mut nearest = vec![draws; draws];
    for column in &columns {
        for (i, (_, k)) in column.iter().enumerate() {
            nearest[*k] = nearest[*k].min(i + 1).min(draws - i);
        }
    }
    nearest.sort_unstable();
    let allowed = ((1.0 - level) * (draws as f64 + 1.0) + 1e-9).floor() as usize;
    let cut = allowed.checked_sub(1).map_or(0, |last| nearest[last] - 1);
    columns
        .iter()
        .map(|column| match cut {
            0 => (f64::NEG_INFINITY, f64::INFINITY),
            _ => (column[cut - 1].0, column[draws - cut].0),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Input, Response};
    use crate::fit::FitSpec;
    use crate::form::Power;
    use crate::math::random::stream;
    use rand::RngExt as _;
    use rand_distr::StandardNormal;

    fn tangent(n: usize) -> Tangent {
        let values: Vec<f64> = (0..n).map(|i| 1e6 * 1e4f64.powf(i as f64 / n as f64)).collect();
        let mut rng = stream(5, n as u64);
        let noise =
            values.iter().map(|x| 8.5 * x.powf(-0.07) * (0.01 * rng.sample::<f64, _>(StandardNormal)).exp());
        let response = Response { name: "loss".into(), values: noise.collect() };
        let input = Input { name: "N".into(), unit: None, values };
        let data = Dataset::new("test", vec![input], response, (2..n + 2).collect()).expect("valid");
        Tangent::of_rows(&FitSpec::new(&Power).fit(&data).expect("fit")).expect("residuals")
    }

    /// Share of fresh samples that lie wholly in a band.
    fn coverage(tangent: &Tangent, band: &QuantileBand, samples: usize) -> f64 {
        let studentise = Studentise::new(tangent);
        let law = RankLaw::new(band.total, band.dof as f64);
        let inside = |k: usize| {
            let z = normals(77, k as u64, tangent.len());
            let t = law.choose(studentise.sorted(&tangent.residuals_of(&z)));
            t.iter().zip(&band.points).all(|(t, p)| p.low <= *t && *t <= p.high)
        };
        (0..samples).into_par_iter().filter(|&k| inside(k)).count() as f64 / samples as f64
    }

    /// The level plus or minus four standard errors of both simulations; whole steps of a rank may add a little.
    #[test]
    fn samples_lie_wholly_inside_at_the_level() {
        for (n, level, fresh) in
            [(4, 0.95, 20_000), (7, 0.95, 20_000), (12, 0.8, 20_000), (60, 0.95, 10_000), (400, 0.95, 4_000)]
        {
            let tangent = tangent(n);
            let band = quantile_band(&tangent, level).expect("applies");
            let found = coverage(&tangent, &band, fresh);
            let variance = level * (1.0 - level);
            let error = 4.0 * (variance / fresh as f64 + variance / band.draws as f64).sqrt();
            assert!(found > level - error && found < level + error + 0.006, "{n}: {found} +- {error}");
        }
    }

    #[test]
    fn very_many_residuals_are_covered_at_chosen_ranks() {
        let tangent = tangent(3_000);
        let band = quantile_band(&tangent, 0.95).expect("applies");
        assert!(band.total == 3_000 && (100..1_000).contains(&band.points.len()), "{}", band.points.len());
        let found = coverage(&tangent, &band, 1_000);
        assert!((0.92..0.98).contains(&found), "{found}");
    }

    #[test]
    fn the_residual_of_the_outlier_leaves_the_band() {
        let mut tangent = tangent(20);
        let mut e = tangent.e.clone();
        e[9] += 8.0 * (tangent.sse() / 18.0).sqrt();
        tangent.e = tangent.residuals_of(&e);
        let band = quantile_band(&tangent, 0.95).expect("applies");
        let last = band.points[19];
        assert!(last.row == 9 && last.observed > last.high);
        assert!(band.points.is_sorted_by(|a, b| a.expected < b.expected && a.low <= b.low));
        assert_eq!(band, quantile_band(&tangent, 0.95).expect("applies"));
    }

    #[test]
    fn two_degrees_of_freedom_are_needed() {
        assert!(matches!(
            quantile_band(&tangent(3), 0.95),
            Err(NotApplicable::TooFewRows { needed: 4, rows: 3 })
        ));
        let open = quantile_band(&tangent(4), 0.999_99).expect("applies");
        assert!(open.points.iter().all(|p| p.low == f64::NEG_INFINITY && p.high == f64::INFINITY));
    }
}
