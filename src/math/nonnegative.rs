//! Least squares with coefficients that are not negative, for a handful of columns.

use super::Theta;
use nalgebra::{DMatrix, DVector};

/// Most columns: every subset of them is tried.
pub const MAX_COLUMNS: usize = 8;

/// Return the coefficients c >= 0 that minimise sum w (y - X c)^2, and that sum.
///
/// # Formula
/// The optimum is the unconstrained one of the subset of columns that it uses: of all subsets whose unconstrained
/// coefficients are positive, the best.
/// # Assumptions
/// At most [`MAX_COLUMNS`] columns, columns and weights as long as `y`, everything finite.
/// # Reference
/// Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23.
#[must_use]
pub fn least_squares(columns: &[Vec<f64>], w: &[f64], y: &[f64]) -> (Theta, f64) {
    let k = columns.len().min(MAX_COLUMNS);
    let product = |a: &[f64], b: &[f64]| super::sum::dot3(w, a, b);
    let total = product(y, y);
    let scale: Vec<f64> = columns[..k].iter().map(|c| product(c, c).sqrt()).collect();
    let gram = DMatrix::from_fn(k, k, |i, j| product(&columns[i], &columns[j]) / (scale[i] * scale[j]));
    let right = DVector::from_fn(k, |i, _| product(&columns[i], y) / scale[i]);
    let (mut best, mut least) = ([0.0; super::MAX_PARAMS], total);
    for subset in 1u32..1 << k {
        let used: Vec<usize> = (0..k).filter(|i| subset >> i & 1 == 1).collect();
        let part = DMatrix::from_fn(used.len(), used.len(), |i, j| gram[(used[i], used[j])]);
        let Some(factor) = part.cholesky() else { continue };
        let mut c = DVector::from_fn(used.len(), |i, _| right[used[i]]);
        let t = c.clone();
        factor.solve_mut(&mut c);
        let rest = total - c.dot(&t);
        if c.iter().all(|v| *v > 0.0) && rest < least {
            least = rest;
            best = [0.0; super::MAX_PARAMS];
            for (i, v) in used.iter().zip(c.iter()) {
                best[*i] = v / scale[*i];
            }
        }
    }
    (best, least.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The conditions of Karush, Kuhn and Tucker hold: a gradient of 0 where c > 0, not negative where c = 0.
    #[test]
    fn the_optimum_is_certified() {
        let n = 12;
        for seed in 0..30 {
            let at = |k: usize| -> Vec<f64> {
                (0..n).map(|i| ((i * (k + 2) + seed * 7 + k) as f64 * 1.7).sin() + 0.3 * k as f64).collect()
            };
            let columns: Vec<Vec<f64>> = (0..4).map(at).collect();
            let (y, w) = (at(9), vec![0.5; n]);
            let (c, rest) = least_squares(&columns, &w, &y);
            let r: Vec<f64> =
                (0..n).map(|i| y[i] - (0..4).map(|k| c[k] * columns[k][i]).sum::<f64>()).collect();
            assert!((super::super::sum::dot3(&w, &r, &r) - rest).abs() < 1e-10);
            for k in 0..4 {
                let gradient = -super::super::sum::dot3(&w, &columns[k], &r);
                assert!(c[k] >= 0.0 && gradient > -1e-10 && (c[k] == 0.0 || gradient.abs() < 1e-10));
            }
        }
    }

    #[test]
    fn dependent_and_empty_columns_do_no_harm() {
        let x = vec![vec![1.0, 1.0, 1.0], vec![2.0, 2.0, 2.0], vec![0.0, 0.0, 0.0]];
        let (c, rest) = least_squares(&x, &[1.0; 3], &[3.0, 3.0, 3.0]);
        assert!((c[0] + 2.0 * c[1] - 3.0).abs() < 1e-12 && rest < 1e-12);
    }
}
