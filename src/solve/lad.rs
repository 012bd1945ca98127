//! The exact optimum of least absolute deviations: which rows the curve passes through, then Newton's method on them.

use super::{Held, Solution, Termination, lm};
use crate::loss::{Loss, median_absolute};
use crate::math::{MAX_PARAMS, Theta};
use crate::objective::Objective;
use nalgebra::{DMatrix, DVector};

/// Factor by which the threshold of Huber's loss shrinks.
const SHRINK: f64 = 0.2;
/// Thresholds tried: from the size of the residuals down to their rounding.
const THRESHOLDS: usize = 24;
/// Relative offset at which a threshold's own optimum is close enough to tell which rows are met.
const ROUGH: f64 = 1e-7;
/// Newton steps on one set of rows.
const NEWTON: usize = 30;
/// Rows beyond the number of coordinates that may be met at once: several runs at one point.
const SURPLUS: usize = 8;
/// Residual, as a share of the spread a row, below which a row counts as met.
const MET: f64 = 1e-11;

/// A free coordinate system: the coordinates that move, and how the others follow.
struct Space {
    free: [usize; MAX_PARAMS],
    q: usize,
}

/// Everything about the rows at one point: residuals and derivatives by the free coordinates.
struct Point {
    r: Vec<f64>,
    jacobian: DMatrix<f64>,
}

/// Minimise the sum of absolute deviations over the coordinates that `held` leaves free.
///
/// # Formula
/// Huber's loss with threshold delta -> 0 has optima that converge to it; rows with |r| < delta are candidates to be met
/// exactly. With those rows A, the optimum solves r_i = 0 (i in A) and sum sign(r_i) w_i J_i + sum over A of l_i w_i J_i = 0,
/// |l_i| <= 1: Newton's method on both, whether A has as many rows as there are coordinates or fewer.
/// # Reference
/// Madsen and Nielsen (1993), SIAM J. Optim. 3:223; optimality: Watson (1980), Approximation Theory and Numerical Methods.
#[must_use]
pub(super) fn minimise(objective: &mut Objective<'_>, start: &Theta, held: &Held<'_>) -> Solution {
    let wanted = objective.loss;
    let solution = continuation(objective, start, held, wanted);
    objective.loss = wanted;
    solution
}

fn continuation(objective: &mut Objective<'_>, start: &Theta, held: &Held<'_>, wanted: Loss) -> Solution {
    let mut theta = *start;
    let mut iterations = 0;
    let mut best: Option<Solution> = None;
    let residuals = residuals(objective, &theta);
    let size = median_absolute(&objective.weights, &residuals);
    let mut delta = if size.is_finite() { size } else { objective.design.spread }.max(f64::MIN_POSITIVE);
    for _ in 0..THRESHOLDS {
        let Ok(smooth) = Loss::huber(delta) else { break };
        objective.loss = smooth;
        let end = lm::minimise_to(objective, &theta, held, ROUGH);
        objective.loss = wanted;
        iterations += end.iterations;
        if !end.cost.is_finite() {
            break;
        }
        theta = end.theta;
        let space = Space::new(objective, held, &end.at_bound);
        let Some(point) = Point::at(objective, &theta, held, &space) else { break };
        let inside: Vec<usize> =
            (0..point.r.len()).filter(|&i| objective.weights[i] > 0.0 && point.r[i].abs() <= delta).collect();
        if inside.len() <= space.q + SURPLUS {
            let multipliers = inside.iter().map(|&i| point.r[i] / delta).collect();
            if let Some(met) = meet(objective, &theta, held, &space, &inside, multipliers) {
                let found = certify(objective, &met, held, Termination::Stationary, iterations);
                if best.is_none_or(|b| found.cost < b.cost || found.converged()) {
                    best = Some(found);
                }
                if found.converged() {
                    break;
                }
            }
        }
        delta *= SHRINK;
    }
    best.unwrap_or_else(|| certify(objective, &theta, held, Termination::NoProgress, iterations))
}

fn residuals(objective: &mut Objective<'_>, theta: &Theta) -> Vec<f64> {
    objective.fitted(theta).iter().zip(&objective.target).map(|(eta, y)| y - eta).collect()
}

impl Space {
    fn new(objective: &Objective<'_>, held: &Held<'_>, at_bound: &[bool; MAX_PARAMS]) -> Space {
        let mut all = [0; MAX_PARAMS];
        let count = held.free(objective, &mut all);
        let (mut free, mut q) = ([0; MAX_PARAMS], 0);
        for &j in all.iter().take(count).filter(|&&j| !at_bound[j]) {
            free[q] = j;
            q += 1;
        }
        Space { free, q }
    }
}

impl Point {
    fn at(objective: &mut Objective<'_>, theta: &Theta, held: &Held<'_>, space: &Space) -> Option<Point> {
        let r = residuals(objective, theta);
        let all = objective.jacobian(theta);
        let n = r.len();
        let follow = held.constraint.map(|c| (c.pivot(), c.slopes(objective.form, theta)));
        let jacobian = DMatrix::from_fn(n, space.q, |i, k| {
            let j = space.free[k];
            all[j * n + i] + follow.map_or(0.0, |(pivot, s)| s[j] * all[pivot * n + i])
        });
        (r.iter().chain(jacobian.iter()).all(|v| v.is_finite())).then_some(Point { r, jacobian })
    }

    /// sum w sign(r) J over the rows that are not met.
    fn pull(&self, w: &[f64], met: &[usize]) -> DVector<f64> {
        let signs = DVector::from_fn(self.r.len(), |i, _| {
            if met.contains(&i) || w[i] == 0.0 { 0.0 } else { w[i] * self.r[i].signum() }
        });
        self.jacobian.tr_mul(&signs)
    }

    /// The multipliers of least weighted size that balance the other rows best.
    fn multipliers(&self, w: &[f64], met: &[usize]) -> Vec<f64> {
        let root = |a: usize| w[met[a]].sqrt();
        let columns =
            DMatrix::from_fn(self.jacobian.ncols(), met.len(), |j, a| self.jacobian[(met[a], j)] * root(a));
        let lengths: Vec<f64> = columns.row_iter().map(|r| r.norm().max(f64::MIN_POSITIVE)).collect();
        let mut rhs = -self.pull(w, met);
        let mut scaled = columns;
        for (j, length) in lengths.iter().enumerate() {
            scaled.row_mut(j).scale_mut(1.0 / length);
            rhs[j] /= length;
        }
        let Some(t) = least_norm(scaled, &rhs) else { return vec![0.0; met.len()] };
        (0..met.len()).map(|a| t[a] / root(a)).collect()
    }
}

/// Solve a linear system, in the sense of least squares and least norm where it is singular.
fn least_norm(matrix: DMatrix<f64>, rhs: &DVector<f64>) -> Option<DVector<f64>> {
    if matrix.is_empty() {
        return Some(DVector::zeros(matrix.ncols()));
    }
    let svd = matrix.try_svd(true, true, f64::EPSILON, 1_000)?;
    let largest = svd.singular_values.max();
    svd.solve(rhs, 1e-13 * largest).ok().filter(|x| x.iter().all(|v| v.is_finite()))
}

/// Newton's method on the optimality conditions with the rows `met` on the curve; `None` where it leads nowhere.
fn meet(
    objective: &mut Objective<'_>,
    start: &Theta,
    held: &Held<'_>,
    space: &Space,
    met: &[usize],
    mut multipliers: Vec<f64>,
) -> Option<Theta> {
    let (q, m) = (space.q, met.len());
    let mut theta = *start;
    let mut last = f64::INFINITY;
    for _ in 0..NEWTON {
        let point = Point::at(objective, &theta, held, space)?;
        let w = objective.weights.clone();
        let mut v: Vec<f64> = point.r.iter().zip(&w).map(|(r, w)| -w * r.signum()).collect();
        met.iter().zip(&multipliers).for_each(|(&i, l)| v[i] = -w[i] * l);
        let bend = objective.second_derivatives(&theta, &v);
        let follow = held.constraint.map(|c| (c.pivot(), c.slopes(objective.form, &theta)));
        let hessian = |a: usize, b: usize| {
            let (j, k) = (space.free[a], space.free[b]);
            bend[j][k]
                + follow
                    .map_or(0.0, |(p, s)| s[j] * bend[p][k] + s[k] * bend[j][p] + s[j] * s[k] * bend[p][p])
        };
        // Coordinates in units in which their columns have length 1.
        let unit: Vec<f64> =
            point.jacobian.column_iter().map(|c| 1.0 / c.norm().max(f64::MIN_POSITIVE)).collect();
        let row = |a: usize, k: usize| -w[met[a]].sqrt() * point.jacobian[(met[a], k)] * unit[k];
        let system = DMatrix::from_fn(q + m, q + m, |a, b| match (a < q, b < q) {
            (true, true) => hessian(a, b) * unit[a] * unit[b],
            (true, false) => row(b - q, a),
            (false, true) => row(a - q, b),
            (false, false) => 0.0,
        });
        let pull = point.pull(&w, met);
        let rhs = DVector::from_fn(q + m, |a, _| {
            if a < q { pull[a] * unit[a] } else { -w[met[a - q]].sqrt() * point.r[met[a - q]] }
        });
        let solution = if m <= q {
            system.clone().lu().solve(&rhs).filter(|x| x.iter().all(|v| v.is_finite()))
        } else {
            None
        };
        let solution = solution.or_else(|| least_norm(system, &rhs))?;
        let mut moved: f64 = 0.0;
        for k in 0..q {
            let j = space.free[k];
            let param = &objective.form.params()[j];
            let step = solution[k] * unit[k];
            let next = (theta[j] + step).clamp(param.lower, param.upper);
            moved = moved.max((next - theta[j]).abs() / theta[j].abs().max(1.0));
            theta[j] = next;
        }
        if let Some(c) = held.constraint
            && !c.impose(objective.form, &mut theta)
        {
            return None;
        }
        for (a, l) in multipliers.iter_mut().enumerate() {
            *l = solution[q + a] / w[met[a]].sqrt();
        }
        if !(moved < 1.0) {
            return None;
        }
        if moved < 1e-15 || (moved < 1e-9 && moved >= 0.5 * last) {
            return is_minimum(&point, met, q, hessian).then_some(theta);
        }
        last = moved;
    }
    None
}

/// Whether the Lagrangian curves upwards in every direction that keeps the rows `met` on the curve.
fn is_minimum(point: &Point, met: &[usize], q: usize, hessian: impl Fn(usize, usize) -> f64) -> bool {
    if met.len() >= q {
        return true;
    }
    let unit: Vec<f64> =
        point.jacobian.column_iter().map(|c| 1.0 / c.norm().max(f64::MIN_POSITIVE)).collect();
    let rows = DMatrix::from_fn(met.len(), q, |a, k| point.jacobian[(met[a], k)] * unit[k]);
    let gram = rows.tr_mul(&rows).symmetric_eigen();
    let mut order: Vec<usize> = (0..q).collect();
    order.sort_by(|a, b| gram.eigenvalues[*a].total_cmp(&gram.eigenvalues[*b]));
    let loose = q - met.len();
    let z = DMatrix::from_fn(q, loose, |k, c| gram.eigenvectors[(k, order[c])]);
    let h = DMatrix::from_fn(q, q, |a, b| hessian(a, b) * unit[a] * unit[b]);
    let reduced = z.tr_mul(&(&h * &z)).symmetric_eigen();
    reduced.eigenvalues.min() >= -1e-9 * h.norm().max(f64::MIN_POSITIVE)
}

/// Describe a point: its sum of absolute deviations, and how far it is from optimal.
///
/// # Formula
/// |P psi|/|psi|, psi_i = sign(r_i), or at rows that are met the multiplier that balances the others best, cut to \[-1, 1\];
/// P the projection on the tangent plane, all weighted: zero at an optimum
pub(super) fn certify(
    objective: &mut Objective<'_>,
    theta: &Theta,
    held: &Held<'_>,
    termination: Termination,
    iterations: u64,
) -> Solution {
    let cost = objective.evaluate(theta);
    let on_bound = |j: usize, t: f64| {
        let param = &objective.form.params()[j];
        (j < objective.dim()) && (t <= param.lower || t >= param.upper)
    };
    let mut at_bound: [bool; MAX_PARAMS] =
        std::array::from_fn(|j| j < objective.dim() && !held.fixed[j] && on_bound(j, theta[j]));
    if held.constraint.is_some() {
        at_bound = [false; MAX_PARAMS];
    }
    let mut stationarity = f64::INFINITY;
    // A coordinate on a bound that the cost pulls away from is free after all.
    for _ in 0..=objective.dim() {
        let space = Space::new(objective, held, &at_bound);
        let point = Point::at(objective, theta, held, &space).filter(|_| cost.is_finite());
        let Some(point) = point else { break };
        let (offset, psi) = balance(objective, &point);
        stationarity = offset;
        let Some(j) = pulled_inside(objective, theta, &at_bound, &psi) else { break };
        at_bound[j] = false;
    }
    let termination = if cost.is_finite() { termination } else { Termination::BadStart };
    // The objective's own derivatives are those of the point that is returned.
    Solution { theta: *theta, cost, stationarity, termination, iterations, at_bound }
}

/// A coordinate on a bound whose cost falls towards the inside, given psi of every row.
fn pulled_inside(
    objective: &mut Objective<'_>,
    theta: &Theta,
    at_bound: &[bool; MAX_PARAMS],
    psi: &[f64],
) -> Option<usize> {
    if !at_bound.contains(&true) {
        return None;
    }
    let (jacobian, n) = (objective.jacobian(theta), psi.len());
    (0..objective.dim()).filter(|&j| at_bound[j]).find(|&j| {
        let column = &jacobian[j * n..(j + 1) * n];
        let (mut gradient, mut size) = (0.0, 0.0);
        for ((w, psi), d) in objective.weights.iter().zip(psi).zip(column) {
            gradient -= w * psi * d;
            size += (w * d).abs();
        }
        let inwards = if theta[j] <= objective.form.params()[j].lower { -1.0 } else { 1.0 };
        inwards * gradient > 1e-9 * size
    })
}

/// The offset of a point from balance, and psi of every row.
fn balance(objective: &Objective<'_>, point: &Point) -> (f64, Vec<f64>) {
    let w = &objective.weights;
    let n = point.r.len();
    let rounding = 8.0 * f64::EPSILON * objective.target.iter().fold(1.0f64, |m, t| m.max(t.abs()));
    let small = (MET * objective.design.spread / (n as f64).sqrt()).max(rounding);
    let met: Vec<usize> = (0..n).filter(|&i| w[i] > 0.0 && point.r[i].abs() <= small).collect();
    let multipliers = point.multipliers(w, &met);
    let mut psi: Vec<f64> = point.r.iter().map(|r| r.signum()).collect();
    met.iter().zip(&multipliers).for_each(|(&i, l)| psi[i] = l.clamp(-1.0, 1.0));
    let weighted = DVector::from_fn(n, |i, _| w[i] * psi[i]);
    let gradient = point.jacobian.tr_mul(&weighted);
    let norm = psi.iter().zip(w).map(|(p, w)| w * p * p).sum::<f64>().sqrt();
    if gradient.is_empty() || norm == 0.0 {
        return (0.0, psi);
    }
    let mut half = point.jacobian.clone();
    for (mut row, w) in half.row_iter_mut().zip(w) {
        row *= w.sqrt();
    }
    let lengths: Vec<f64> = half.column_iter().map(|c| c.norm().max(f64::MIN_POSITIVE)).collect();
    let scaled = DVector::from_fn(gradient.len(), |j, _| gradient[j] / lengths[j]);
    for (mut column, length) in half.column_iter_mut().zip(&lengths) {
        column /= *length;
    }
    let offset = match half.tr_mul(&half).cholesky() {
        Some(factor) => scaled.dot(&factor.solve(&scaled)).max(0.0).sqrt() / norm,
        None => scaled.amax() / norm,
    };
    (offset, psi)
}
