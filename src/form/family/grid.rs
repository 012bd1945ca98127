//! Starting points by search: a linear least-squares problem at every point of a grid, the best few kept.

use crate::form::Param;
use crate::math::{MAX_PARAMS, Theta, linalg::solve_spd};
use nalgebra::{SMatrix, SVector};

/// A starting point and the sum of squares that it leaves.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    theta: Theta,
    score: f64,
}

impl Candidate {
    /// A starting point moved inside the bounds; `None` unless it is finite.
    pub fn new(mut theta: Theta, score: f64, params: &[Param]) -> Option<Candidate> {
        for (t, p) in theta.iter_mut().zip(params) {
            *t = t.clamp(p.lower, p.upper);
        }
        let finite = theta.iter().all(|v| v.is_finite()) && !score.is_nan();
        finite.then_some(Candidate { theta, score })
    }

    /// Whether this start leaves a smaller sum of squares.
    pub fn beats(&self, other: &Candidate) -> bool {
        self.score < other.score
    }
}

/// Return the `count` best of the candidates, best first.
pub fn best(mut candidates: Vec<Candidate>, count: usize) -> Vec<Theta> {
    candidates.sort_by(|a, b| a.score.total_cmp(&b.score));
    candidates.truncate(count);
    candidates.into_iter().map(|c| c.theta).collect()
}

/// Return the weighted least-squares coefficients of `y` on up to `Q` columns, and the sum of squares left; `None` where
/// the columns are dependent.
///
/// # Formula
/// min over b of sum w (y - sum_k b_k x_k)^2, by normal equations on columns of length one
pub fn least_squares<const Q: usize>(columns: &[&[f64]; Q], y: &[f64], w: &[f64]) -> Option<([f64; Q], f64)> {
    let mut h = SMatrix::<f64, Q, Q>::zeros();
    let mut t = SVector::<f64, Q>::zeros();
    for i in 0..y.len() {
        for j in 0..Q {
            let wx = w[i] * columns[j][i];
            t[j] += wx * y[i];
            for k in 0..=j {
                h[(j, k)] += wx * columns[k][i];
            }
        }
    }
    let scale = SVector::<f64, Q>::from_fn(|j, _| h[(j, j)].sqrt());
    let unit = SMatrix::<f64, Q, Q>::from_fn(|j, k| h[(j.max(k), j.min(k))] / (scale[j] * scale[k]));
    let b = solve_spd(&unit, &t.component_div(&scale))?.component_div(&scale);
    let mut score = 0.0;
    for i in 0..y.len() {
        let fitted: f64 = (0..Q).map(|k| b[k] * columns[k][i]).sum();
        score += w[i] * (y[i] - fitted).powi(2);
    }
    b.iter().all(|v| v.is_finite()).then(|| (std::array::from_fn(|k| b[k]), score))
}

/// Return the base, the amplitude > 0 and the sum of squares of y = base + amplitude*g, base not below `lower`; with
/// weights 1/y^2 where `relative`.
///
/// Where the slope has the wrong sign the amplitude is small: the start is then bad, and its score says so.
pub fn offset_and_slope(g: &[f64], y: &[f64], relative: bool, lower: f64) -> Option<(f64, f64, f64)> {
    let weight = |y: &f64| if relative && *y != 0.0 { 1.0 / (y * y) } else { 1.0 };
    let w: Vec<f64> = y.iter().map(weight).collect();
    let ones = vec![1.0; y.len()];
    let score = |base: f64, amplitude: f64| -> f64 {
        y.iter().zip(g).zip(&w).map(|((y, g), w)| w * (y - base - amplitude * g).powi(2)).sum()
    };
    let size = y.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let tiny = 1e-3 * if size > 0.0 { size } else { 1.0 };
    let mean = |rest: &dyn Fn(usize) -> f64| -> f64 {
        let total: f64 = w.iter().sum();
        (0..y.len()).map(|i| w[i] * rest(i)).sum::<f64>() / total
    };
    let found = least_squares(&[&ones, g], y, &w).map(|(b, _)| (b[0], b[1]));
    let (mut base, mut amplitude) = found.unwrap_or((lower, 0.0));
    if !(base >= lower) {
        base = lower;
        let (gg, gy) = y
            .iter()
            .zip(g)
            .zip(&w)
            .fold((0.0, 0.0), |(gg, gy), ((y, g), w)| (gg + w * g * g, gy + w * g * (y - lower)));
        amplitude = gy / gg;
    }
    if !(amplitude > 0.0) || !base.is_finite() {
        amplitude = tiny;
        base = mean(&|i| y[i] - amplitude * g[i]).max(lower);
    }
    Some((base, amplitude, score(base, amplitude)))
}

/// Return a phi from its values.
pub fn phi(values: &[f64]) -> Theta {
    let mut phi = [0.0; MAX_PARAMS];
    phi[..values.len()].copy_from_slice(values);
    phi
}

/// Smallest and largest of a column.
pub fn ends(u: &[f64]) -> (f64, f64) {
    u.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)))
}

/// `count` values, evenly spaced from `a` to `b`.
pub fn spaced(a: f64, b: f64, count: usize) -> impl Iterator<Item = f64> + Clone {
    (0..count).map(move |i| a + (b - a) * i as f64 / (count - 1).max(1) as f64)
}
