//! Variable projection: the coordinates that enter linearly are eliminated, the rest is iterated on.

use super::{Held, LeastSquares, Local, Solution, Termination, linear, lm, subproblem::certify};
use crate::math::{MAX_PARAMS, Theta, with_dimension};
use crate::objective::Objective;
use nalgebra::{DMatrix, SMatrix, SVector};
use std::cell::RefCell;

/// An objective as a function of its nonlinear coordinates alone, the projected ones at their optimum.
///
/// # Formula
/// c(phi) = min over the projected coordinates l of cost(l, phi); gradient: that of the full cost at the minimum (envelope
/// theorem); normal matrix: the Schur complement H_nn - H_nl H_ll^-1 H_ln (Kaufman's approximation); that of the exact
/// Hessian, where the loss has one, is exact.
/// # Reference
/// Golub and Pereyra (1973), SIAM J. Numer. Anal. 10:413; Kaufman (1975), BIT 15:49.
struct Projection<'o, 'a> {
    inner: RefCell<Inner<'o, 'a>>,
    outer: [usize; MAX_PARAMS],
    hold_outer: Held<'static>,
    /// Whether the inner problem is linear, and solved at once.
    by_qr: bool,
}

struct Inner<'o, 'a> {
    objective: &'o mut Objective<'a>,
    /// The latest point: the warm start of the next inner problem.
    theta: Theta,
}

impl<'o, 'a> Projection<'o, 'a> {
    fn new(objective: &'o mut Objective<'a>, start: &Theta) -> Self {
        let mut outer = [0; MAX_PARAMS];
        let mut hold_outer = Held::none();
        let mut q = 0;
        for j in 0..objective.dim() {
            if !objective.form.projected().contains(&j) {
                outer[q] = j;
                hold_outer.fixed[j] = true;
                q += 1;
            }
        }
        let by_qr = linear::applies(objective);
        Projection { inner: RefCell::new(Inner { objective, theta: *start }), outer, hold_outer, by_qr }
    }

    fn bound<const Q: usize>(&self, upper: bool) -> SVector<f64, Q> {
        let inner = self.inner.borrow();
        let params = inner.objective.form.params();
        SVector::from_fn(|k, _| {
            let p = &params[self.outer[k]];
            if upper { p.upper } else { p.lower }
        })
    }
}

impl<const Q: usize> LeastSquares<Q> for Projection<'_, '_> {
    fn local(&self, phi: &SVector<f64, Q>) -> Local<Q> {
        let mut inner = self.inner.borrow_mut();
        let Inner { objective, theta } = &mut *inner;
        let mut start = *theta;
        for k in 0..Q {
            start[self.outer[k]] = phi[k];
        }
        if self.by_qr
            && let Some(found) = linear::project(objective, &start, &self.outer[..Q])
        {
            *theta = found.theta;
            let gradient = -found.jacobian.tr_mul(&found.residual);
            let normal = found.jacobian.tr_mul(&found.jacobian);
            return Local {
                cost: found.cost,
                gradient: SVector::from_fn(|j, _| gradient[j]),
                normal: SMatrix::from_fn(|j, k| normal[(j, k)]),
                hessian: None,
            };
        }
        let best = lm::minimise(objective, &start, &self.hold_outer);
        if !best.cost.is_finite() {
            return Local::undefined();
        }
        *theta = best.theta;
        let cost = objective.evaluate(&best.theta);
        let projected: Vec<usize> =
            objective.form.projected().iter().copied().filter(|&l| !best.at_bound[l]).collect();
        let g = &objective.gradient;
        let outer = &self.outer;
        let gradient = SVector::from_fn(|j, _| g[outer[j]]);
        let l = projected.len();
        let reduced = |h: &[Theta; MAX_PARAMS]| {
            let outside = SMatrix::<f64, Q, Q>::from_fn(|j, k| h[outer[j]][outer[k]]);
            let h_ll = DMatrix::from_fn(l, l, |a, b| h[projected[a]][projected[b]]);
            let h_ln = DMatrix::from_fn(l, Q, |a, k| h[projected[a]][outer[k]]);
            h_ll.cholesky().map(|factor| {
                let schur = h_ln.tr_mul(&factor.solve(&h_ln));
                outside - SMatrix::<f64, Q, Q>::from_fn(|j, k| schur[(j, k)])
            })
        };
        let normal = reduced(&objective.normal)
            .unwrap_or_else(|| SMatrix::from_fn(|j, k| objective.normal[outer[j]][outer[k]]));
        let hessian = (!objective.loss.is_gaussian()).then(|| reduced(&objective.hessian)).flatten();
        Local { cost, gradient, normal, hessian }
    }

    fn lower(&self) -> SVector<f64, Q> {
        self.bound(false)
    }

    fn upper(&self) -> SVector<f64, Q> {
        self.bound(true)
    }

    fn norm(&self, cost: f64) -> f64 {
        (2.0 * cost).sqrt().max(self.inner.borrow().objective.design.resolution)
    }
}

/// Minimise an objective by variable projection; a form with nothing to project goes to Levenberg-Marquardt.
#[must_use]
pub fn minimise(objective: &mut Objective<'_>, start: &Theta) -> Solution {
    minimise_within(objective, start, lm::MAX_ITERATIONS)
}

/// Minimise an objective by variable projection in at most `most` iterations.
pub(super) fn minimise_within(objective: &mut Objective<'_>, start: &Theta, most: u64) -> Solution {
    fn run<const Q: usize>(
        projection: &Projection<'_, '_>,
        start: &Theta,
        most: u64,
    ) -> (Theta, Termination, u64) {
        let phi = SVector::from_fn(|k, _| start[projection.outer[k]]);
        let (phi, why, iterations) = lm::iterate::<_, Q>(projection, phi, lm::TOLERANCE, most);
        // The last trial point may have been rejected: project once more at the accepted one.
        let _ = LeastSquares::<Q>::local(projection, &phi);
        (projection.inner.borrow().theta, why, iterations)
    }
    let q = objective.dim() - objective.form.projected().len();
    if q == 0
        && linear::applies(objective)
        && let Some(found) = linear::project(objective, start, &[])
    {
        return certify(objective, &found.theta, Termination::Stationary, 1);
    }
    if objective.loss.is_kinked() || objective.form.projected().is_empty() || q == 0 {
        return lm::minimise(objective, start, &Held::none());
    }
    let (theta, why, iterations) = {
        let projection = Projection::new(objective, start);
        with_dimension!(q, run(&projection, start, most))
    };
    certify(objective, &theta, why, iterations)
}
