//! The coordinates in which a law is linear, at their least-squares values by QR.

use crate::math::Theta;
use crate::objective::Objective;
use nalgebra::{DMatrix, DVector};

/// Share of the largest pivot below which QR gives way to the shortest of all solutions, by the singular values.
const DEPENDENT: f64 = 1e-13;
/// Solves, each for what rounding left over from the last.
const PASSES: usize = 3;

/// A point whose linear coordinates are at their optimum, and the rest of the problem seen from there.
#[derive(Debug)]
pub(super) struct Projected {
    /// The point.
    pub(super) theta: Theta,
    /// Half the weighted sum of squared residuals.
    pub(super) cost: f64,
    /// Residuals times the root of their weight, n values.
    pub(super) residual: DVector<f64>,
    /// Derivatives by the other coordinates times the root of the weight, without their part in the span of the linear
    /// ones: Kaufman's approximation of the projected Jacobian, n x q.
    pub(super) jacobian: DMatrix<f64>,
}

/// Whether least squares in the linear coordinates is a linear problem: squared errors on the law's own scale.
pub(super) fn applies(objective: &Objective<'_>) -> bool {
    !objective.form.linear_in().is_empty()
        && objective.loss.is_gaussian()
        && objective.design.scale == objective.form.native()
}

/// Solve for the linear coordinates, the `others` as in `start`; `None` where the law is undefined, or where a bound is in
/// the way.
///
/// # Reference
/// Golub and Pereyra (1973), SIAM J. Numer. Anal. 10:413; Kaufman (1975), BIT 15:49.
pub(super) fn project(objective: &mut Objective<'_>, start: &Theta, others: &[usize]) -> Option<Projected> {
    let linear = objective.form.linear_in();
    let n = objective.target.len();
    let mut theta = *start;
    let roots: Vec<f64> = objective.weights.iter().map(|w| w.sqrt()).collect();
    let mut jacobian = objective.jacobian(&theta);
    let mut columns = DMatrix::from_fn(n, linear.len(), |i, k| jacobian[linear[k] * n + i] * roots[i]);
    if columns.iter().any(|v| !v.is_finite()) {
        return None;
    }
    // Columns of length one, so that the unit of a coordinate does not matter.
    let norms: Vec<f64> =
        columns.column_iter().map(|c| c.norm()).map(|v| if v > 0.0 { v } else { 1.0 }).collect();
    for (mut column, norm) in columns.column_iter_mut().zip(&norms) {
        column /= *norm;
    }
    let qr = columns.clone().qr();
    let (q, r) = (qr.q(), qr.r());
    let pivots = r.diagonal().abs();
    let full_rank = n >= linear.len() && pivots.min() > DEPENDENT * pivots.max();
    let svd = (!full_rank).then(|| columns.svd(true, true));
    let residual = |objective: &mut Objective<'_>, theta: &Theta| {
        let fitted = objective.fitted(theta);
        DVector::from_fn(n, |i, _| (objective.target[i] - fitted[i]) * roots[i])
    };
    let mut rest = residual(objective, &theta);
    for _ in 0..PASSES {
        let step = match &svd {
            None => r.solve_upper_triangular(&q.tr_mul(&rest))?,
            Some(svd) => svd.solve(&rest, DEPENDENT).ok()?,
        };
        let mut next = theta;
        for ((&j, s), norm) in linear.iter().zip(step.iter()).zip(&norms) {
            next[j] += s / norm;
            let param = &objective.form.params()[j];
            if !(next[j] >= param.lower && next[j] <= param.upper) {
                return None;
            }
        }
        let after = residual(objective, &next);
        // At the last digit a pass may lose what the one before it won.
        if !(after.norm_squared() <= rest.norm_squared() * (1.0 + 1e-9)) {
            break;
        }
        (theta, rest) = (next, after);
    }
    if rest.iter().any(|v| !v.is_finite()) {
        return None;
    }
    if !others.is_empty() {
        jacobian = objective.jacobian(&theta);
    }
    let mut outer = DMatrix::from_fn(n, others.len(), |i, k| jacobian[others[k] * n + i] * roots[i]);
    if outer.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let span = match &svd {
        None => q,
        Some(svd) => {
            let u = svd.u.as_ref()?;
            let top = svd.singular_values.max();
            let kept: Vec<usize> =
                (0..u.ncols()).filter(|&k| svd.singular_values[k] > DEPENDENT * top).collect();
            u.select_columns(&kept)
        }
    };
    // Twice: the first pass leaves rounding errors of the size of what it takes away.
    for _ in 0..2 {
        outer -= &span * span.tr_mul(&outer);
    }
    Some(Projected { theta, cost: 0.5 * rest.norm_squared(), residual: rest, jacobian: outer })
}
