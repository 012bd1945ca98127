//! A few damped Gauss-Newton steps in coordinates of a law's own choice, to improve a starting point.

use crate::math::linalg::solve_spd;
use nalgebra::{SMatrix, SVector};

/// Most steps.
const STEPS: usize = 300;
/// Damping at which no step is left to try.
const MAX_DAMPING: f64 = 1e8;
/// Relative fall of the cost below which the point is good enough to start from.
const ENOUGH: f64 = 1e-13;

/// Lower the sum of squares of the residuals of `rows` rows from `start` on, inside a box; return point and sum.
///
/// `row(phi, i)` gives a residual and its derivatives.
///
/// What this is for: a law whose reported parameters make a bent valley of its cost, where the solver, which works in
/// them, would need hundreds of steps, has other coordinates in which a few are enough.
/// # Reference
/// Marquardt (1963), SIAM J. Appl. Math. 11:431.
pub(in crate::form) fn refine<const P: usize>(
    start: SVector<f64, P>,
    lower: &SVector<f64, P>,
    upper: &SVector<f64, P>,
    rows: usize,
    row: impl Fn(&SVector<f64, P>, usize) -> (f64, SVector<f64, P>),
) -> (SVector<f64, P>, f64) {
    let cost = |phi: &SVector<f64, P>| (0..rows).map(|i| row(phi, i).0.powi(2)).sum::<f64>();
    let inside = |phi: SVector<f64, P>| SVector::from_fn(|j, _| phi[j].clamp(lower[j], upper[j]));
    let mut phi = inside(start);
    let (mut here, mut damping) = (cost(&phi), 1e-3);
    for _ in 0..STEPS {
        let mut normal = SMatrix::<f64, P, P>::zeros();
        let mut gradient = SVector::<f64, P>::zeros();
        for i in 0..rows {
            let (r, slope) = row(&phi, i);
            normal += slope * slope.transpose();
            gradient += slope * r;
        }
        // What the gradient pushes against a side of the box stays there.
        for j in 0..P {
            if (phi[j] <= lower[j] && gradient[j] > 0.0) || (phi[j] >= upper[j] && gradient[j] < 0.0) {
                normal.row_mut(j).fill(0.0);
                normal.column_mut(j).fill(0.0);
                normal[(j, j)] = 1.0;
                gradient[j] = 0.0;
            }
        }
        let before = here;
        while damping < MAX_DAMPING {
            let mut damped = normal;
            for j in 0..P {
                damped[(j, j)] += damping * normal[(j, j)].max(f64::MIN_POSITIVE);
            }
            if let Some(step) = solve_spd(&damped, &gradient) {
                let trial = inside(phi - step);
                let there = cost(&trial);
                if there < here {
                    (phi, here, damping) = (trial, there, damping * 0.1);
                    break;
                }
            }
            damping *= 10.0;
        }
        if !(here < before * (1.0 - ENOUGH)) {
            break;
        }
    }
    (phi, here)
}
