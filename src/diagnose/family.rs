//! The two families of statistics behind the verdicts: SHAPE and NOISE.

use super::hinge_scan::HingeScan;
use crate::math::sum;
use nalgebra::{DMatrix, DVector};
use std::ops::Range;

/// One statistic of a family.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Stable name, for programs.
    pub id: &'static str,
    /// What its rejection suggests.
    pub name: &'static str,
    /// Weight in the smallest p.
    pub weight: f64,
}

/// The shapes that a law other than the fitted one may have.
///
/// Weights: the inverse size and the hinge put all their weight on one end of the data, where a single wild error looks like
/// a shape; with full weights the family rejects 6 to 7% of true lines under heavy-tailed noise. The one-sided
/// flattening is likewise kept from crowding out slow bends the other way. Any fixed weights keep the size exact.
pub const SHAPE: [Member; 5] = [
    Member { id: "quadratic", name: "curvature", weight: 1.0 },
    Member { id: "inverse-fitted", name: "flattening", weight: 0.65 },
    Member { id: "inverse-size", name: "early bend", weight: 0.2 },
    Member { id: "slow-log", name: "slow log factor", weight: 1.0 },
    Member { id: "hinge", name: "kink", weight: 0.2 },
];

/// The ways in which errors may fail to be independent and normal with one spread.
///
/// Weights: three members look for dependence and nearly agree, one looks for a changing spread. With equal weights the family
/// sees bends of the law as dependence more often, and outliers and changes of the spread less often.
pub const NOISE: [Member; 6] = [
    Member { id: "durbin-watson", name: "dependence", weight: 0.7 },
    Member { id: "runs", name: "dependence", weight: 0.5 },
    Member { id: "breusch-pagan", name: "spread", weight: 1.2 },
    Member { id: "outlier", name: "outlier", weight: 1.0 },
    Member { id: "jarque-bera", name: "heavy tails", weight: 1.0 },
    Member { id: "ols-cusum", name: "dependence", weight: 0.7 },
];

/// Share of the sizes on each side of a hinge: a break among the last few cannot be told from wild errors.
const SIDE: f64 = 0.15;

/// What the statistics need of the design, whatever the residuals.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    /// Centred logarithms of the sizes, rising, n values.
    pub u: &'a [f64],
    /// Ranges of rows of equal size.
    pub sizes: &'a [Range<usize>],
    /// Regressor 1/y-hat of a falling response (y-hat of a rising one), with the sign of the residuals that a flattening
    /// law leaves along it; `None` where the law has a floor of its own, or its scale is not the logarithm.
    pub flattening: Option<(Vec<f64>, f64)>,
}

/// Statistics of one design, ready for many residual vectors.
#[derive(Debug, Clone)]
pub struct Prepared<'a> {
    layout: &'a Layout<'a>,
    q: DMatrix<f64>,
    /// Unit vectors of the directions, orthogonal to the design; `None` where the design contains them.
    directions: [Option<Vec<f64>>; 4],
    scan: HingeScan,
    leverages: Vec<f64>,
    /// Expectation of the Durbin-Watson ratio.
    expected_ratio: f64,
    /// Centred u over the root of its sum of squares.
    trend: Vec<f64>,
}

impl<'a> Prepared<'a> {
    /// Prepare the statistics for residuals orthogonal to the orthonormal columns `q`.
    #[must_use]
    pub fn new(layout: &'a Layout<'a>, q: DMatrix<f64>) -> Prepared<'a> {
        let u = layout.u;
        let (low, high) = (u.first().copied().unwrap_or(0.0), u.last().copied().unwrap_or(0.0));
        let directions = [
            direction(&q, u.iter().map(|u| u * u).collect()),
            layout.flattening.as_ref().and_then(|(z, sign)| {
                let d = direction(&q, z.clone())?;
                Some(d.into_iter().map(|v| v * sign).collect())
            }),
            direction(&q, u.iter().map(|u| (low - u).exp()).collect()),
            direction(&q, u.iter().map(|u| slow_log(*u, low, high)).collect()),
        ];
        let k = layout.sizes.len();
        let side = ((SIDE * k as f64).ceil() as usize).max(2);
        let scan = HingeScan::new(u, layout.sizes, &q, side).at_midpoints();
        let leverages = q.row_iter().map(|r| r.norm_squared().min(1.0)).collect();
        let mean = sum::mean(u);
        let length = sum::centred_squares(u).sqrt();
        let trend = u.iter().map(|u| (u - mean) / length).collect();
        let expected_ratio = expected_ratio(&q, layout.sizes);
        Prepared { layout, q, directions, scan, leverages, expected_ratio, trend }
    }

    /// Turn any vector into residuals of the design.
    pub fn project(&self, z: &mut DVector<f64>) {
        let along = self.q.tr_mul(z);
        z.gemv(-1.0, &self.q, &along, 1.0);
    }

    /// Return the statistics of SHAPE for residuals `e`, larger when the shape fails more; NaN where undefined.
    ///
    /// # Formula
    /// Squared correlations of e with each direction Mz (its F is (n-p-1) r^2/(1-r^2)); the correlation itself for the
    /// one-sided flattening; the largest squared correlation over hinges at midpoints between sizes.
    #[must_use]
    pub fn shape(&self, e: &[f64]) -> Vec<f64> {
        let length = sum::dot(e, e);
        let mut out = Vec::with_capacity(SHAPE.len());
        for (j, d) in self.directions.iter().enumerate() {
            out.push(match d {
                None => f64::NAN,
                Some(d) if j == 1 => sum::dot(d, e) / length.sqrt(),
                Some(d) => sum::dot(d, e).powi(2) / length,
            });
        }
        out.push(self.scan.best(e).map_or(f64::NAN, |h| h.explained / length));
        out
    }

    /// Return the statistics of NOISE for residuals `e`, larger when the noise fails more; NaN where undefined.
    ///
    /// # Formula
    /// |D - E D| of Durbin and Watson's ratio; (E R - R)/sd R of the runs; R^2 of e^2 on u; the largest e_i^2/(1 - h_i) over e'e;
    /// skewness^2 + (kurtosis - 3)^2/4; the largest |cumulative sum| over the root of e'e
    #[must_use]
    pub fn noise(&self, e: &[f64]) -> Vec<f64> {
        let n = e.len() as f64;
        let by_size: Vec<f64> = self
            .layout
            .sizes
            .iter()
            .map(|r| e[r.clone()].iter().sum::<f64>() / (r.len() as f64).sqrt())
            .collect();
        let total = sum::dot(&by_size, &by_size);
        let enough = by_size.len() > self.q.ncols() + 1;
        let when = |defined: bool, value: f64| if defined { value } else { f64::NAN };
        let ratio = by_size.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f64>() / total;
        let mean = sum::mean(e);
        let (mut m2, mut m3, mut m4, mut along) = (0.0, 0.0, 0.0, 0.0);
        let (mut squares, mut worst) = (0.0, 0.0f64);
        for ((v, t), h) in e.iter().zip(&self.trend).zip(&self.leverages) {
            let d = v - mean;
            let d2 = d * d;
            m2 += d2;
            m3 += d2 * d;
            m4 += d2 * d2;
            let v2 = v * v;
            along += v2 * t;
            squares += v2;
            if 1.0 - h > crate::objective::SATURATED {
                worst = worst.max(v2 / (1.0 - h));
            }
        }
        let spread: f64 = e.iter().map(|v| (v * v - squares / n).powi(2)).sum();
        let skewness2 = n * m3 * m3 / (m2 * m2 * m2);
        let excess = n * m4 / (m2 * m2) - 3.0;
        let mut path = 0.0f64;
        let mut excursion = 0.0f64;
        for v in &by_size {
            path += v;
            excursion = excursion.max(path.abs());
        }
        vec![
            when(enough, (ratio - self.expected_ratio).abs()),
            when(enough, fewer_runs(&by_size)),
            when(spread > 0.0, along * along / spread),
            worst / squares,
            skewness2 + 0.25 * excess * excess,
            when(enough, excursion / total.sqrt()),
        ]
    }
}

/// The direction z outside of the design, at length one; `None` when the design contains it.
fn direction(q: &DMatrix<f64>, z: Vec<f64>) -> Option<Vec<f64>> {
    let z = DVector::from_vec(z);
    let size = z.norm();
    let once = &z - q * q.tr_mul(&z);
    let rest = &once - q * q.tr_mul(&once);
    let length = rest.norm();
    (length > 1e-7 * size && length.is_finite()).then(|| (rest / length).as_slice().to_vec())
}

/// ln ln(N/N0), with N0 twice the range of the data below the smallest size, so that it does not depend on the unit of N.
#[must_use]
pub fn slow_log(u: f64, low: f64, high: f64) -> f64 {
    (u - low + 2.0 * (high - low)).ln()
}

/// E D of the Durbin-Watson ratio over the residuals by size: trace(MA)/(k - p).
fn expected_ratio(q: &DMatrix<f64>, sizes: &[Range<usize>]) -> f64 {
    let (k, p) = (sizes.len(), q.ncols());
    let at = |g: usize, j: usize| q[(sizes[g].start, j)] * (sizes[g].len() as f64).sqrt();
    let mut inside = 0.0;
    for j in 0..p {
        inside += (1..k).map(|g| (at(g, j) - at(g - 1, j)).powi(2)).sum::<f64>();
    }
    (2.0 * (k as f64 - 1.0) - inside) / (k as f64 - p as f64)
}

/// How many standard deviations the runs of equal signs are fewer than random signs give; NaN for one sign.
fn fewer_runs(e: &[f64]) -> f64 {
    let n = e.len() as f64;
    let plus = e.iter().filter(|v| **v > 0.0).count() as f64;
    let runs = 1.0 + e.windows(2).filter(|w| (w[0] > 0.0) != (w[1] > 0.0)).count() as f64;
    let mean = 1.0 + 2.0 * plus * (n - plus) / n;
    let variance = (mean - 1.0) * (mean - 2.0) / (n - 1.0);
    if variance > 0.0 { (mean - runs) / variance.sqrt() } else { 0.0 }
}
