//! A least-squares problem in the coordinates that are free, as the solvers see it.

use super::{Solution, Termination, lad};
use crate::math::linalg::{solve_spd, symmetric_eigen};
use crate::math::{MAX_PARAMS, Theta, with_dimension};
use crate::objective::{Constraint, Objective};
use nalgebra::{SMatrix, SVector};
use std::cell::RefCell;

/// Step of the central differences of an equality's slopes, for coordinates near 1.
const BEND_STEP: f64 = 1e-5;

/// What a constrained fit holds fixed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Held<'c> {
    /// Coordinates that keep their starting value.
    pub fixed: [bool; MAX_PARAMS],
    /// An equality that determines one more coordinate.
    pub constraint: Option<&'c Constraint>,
}

impl<'c> Held<'c> {
    /// Hold nothing.
    #[must_use]
    pub fn none() -> Held<'static> {
        Held { fixed: [false; MAX_PARAMS], constraint: None }
    }

    /// Hold one equality.
    #[must_use]
    pub fn by(constraint: &'c Constraint) -> Held<'c> {
        Held { fixed: [false; MAX_PARAMS], constraint: Some(constraint) }
    }

    /// List the free coordinates of `objective` into `free`; return their number.
    pub(super) fn free(&self, objective: &Objective<'_>, free: &mut [usize; MAX_PARAMS]) -> usize {
        let pivot = self.constraint.map(|c| c.pivot());
        let mut q = 0;
        for j in 0..objective.dim() {
            if !self.fixed[j] && pivot != Some(j) {
                free[q] = j;
                q += 1;
            }
        }
        q
    }
}

/// Cost, gradient and normal matrix at one point of a problem with Q free coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local<const Q: usize> {
    /// Sum over rows of w*rho(r); infinite where undefined.
    pub cost: f64,
    /// Gradient of the cost.
    pub gradient: SVector<f64, Q>,
    /// Gauss-Newton approximation of its Hessian, with the weights of reweighted least squares; positive semidefinite.
    pub normal: SMatrix<f64, Q, Q>,
    /// The Hessian itself, where the loss is not quadratic; possibly indefinite.
    pub hessian: Option<SMatrix<f64, Q, Q>>,
}

impl<const Q: usize> Local<Q> {
    /// A point where the problem is undefined.
    #[must_use]
    pub fn undefined() -> Local<Q> {
        Local { cost: f64::INFINITY, gradient: SVector::zeros(), normal: SMatrix::zeros(), hessian: None }
    }

    /// Which coordinates lie on a bound that the gradient pushes against.
    #[must_use]
    pub fn active(
        &self,
        phi: &SVector<f64, Q>,
        lower: &SVector<f64, Q>,
        upper: &SVector<f64, Q>,
    ) -> [bool; Q] {
        std::array::from_fn(|j| {
            (phi[j] <= lower[j] && self.gradient[j] >= 0.0) || (phi[j] >= upper[j] && self.gradient[j] <= 0.0)
        })
    }

    /// Return the damped step of the inactive coordinates: (H + lambda diag(normal)) step = -gradient.
    ///
    /// H is the Hessian where it is known and the normal matrix otherwise. `None` where the damped matrix is not positive
    /// definite.
    #[must_use]
    pub fn step(&self, active: &[bool; Q], lambda: f64) -> Option<SVector<f64, Q>> {
        self.solve(self.hessian.as_ref().unwrap_or(&self.normal), active, lambda)
    }

    /// Return the principal axes of the Hessian (of the normal matrix, where that is all there is) for the inactive
    /// coordinates, which every damped step then follows from.
    #[must_use]
    pub fn axes(&self, active: &[bool; Q]) -> Axes<Q> {
        let matrix = self.hessian.as_ref().unwrap_or(&self.normal);
        let scale: SVector<f64, Q> =
            SVector::from_fn(|j, _| self.normal[(j, j)].sqrt().max(f64::MIN_POSITIVE));
        let moves = |j: usize| !active[j] && self.normal[(j, j)] != 0.0;
        let scaled = SMatrix::<f64, Q, Q>::from_fn(|j, k| {
            if moves(j) && moves(k) {
                matrix[(j, k)] / (scale[j] * scale[k])
            } else {
                f64::from(u8::from(j == k))
            }
        });
        let (curvatures, axes) = symmetric_eigen(&scaled);
        let gradient = SVector::from_fn(|j, _| if moves(j) { self.gradient[j] / scale[j] } else { 0.0 });
        Axes { curvatures, slopes: axes.tr_mul(&gradient), axes, scale }
    }

    /// Solve (`matrix` + lambda diag(normal)) step = -gradient for the inactive coordinates.
    fn solve(&self, matrix: &SMatrix<f64, Q, Q>, active: &[bool; Q], lambda: f64) -> Option<SVector<f64, Q>> {
        // Scaled to a unit diagonal first, so that the unit of a coordinate does not matter.
        let scale: SVector<f64, Q> =
            SVector::from_fn(|j, _| self.normal[(j, j)].sqrt().max(f64::MIN_POSITIVE));
        let mut h = SMatrix::<f64, Q, Q>::zeros();
        let mut rhs = SVector::<f64, Q>::zeros();
        for j in 0..Q {
            if active[j] || self.normal[(j, j)] == 0.0 {
                h[(j, j)] = 1.0;
                continue;
            }
            rhs[j] = -self.gradient[j] / scale[j];
            for k in 0..Q {
                if !active[k] && self.normal[(k, k)] != 0.0 {
                    h[(j, k)] = matrix[(j, k)] / (scale[j] * scale[k]);
                }
            }
            h[(j, j)] += lambda;
        }
        solve_spd(&h, &rhs).map(|s| s.component_div(&scale))
    }

    /// Return the relative offset: sqrt(g' H^-1 g) over `norm`, H the normal matrix, for the inactive coordinates.
    ///
    /// For least squares it is that of Bates and Watts. For another smooth loss it is the same of the weighted least squares
    /// that it amounts to, weights psi(r)/r: the share of the weighted residuals that lies in the tangent plane. A step of
    /// reweighted least squares would lower the cost by at most half its square, relatively. The normal matrix, not the
    /// Hessian, measures it: that is definite everywhere, so the offset is zero at stationary points only.
    #[must_use]
    pub fn offset(&self, active: &[bool; Q], norm: f64) -> f64 {
        if norm <= 0.0 {
            return 0.0;
        }
        match self.solve(&self.normal, active, 0.0) {
            Some(step) => (-self.gradient.dot(&step)).max(0.0).sqrt() / norm,
            // A singular normal matrix: the largest cosine between a column and the residuals.
            None => (0..Q)
                .filter(|&j| !active[j] && self.normal[(j, j)] > 0.0)
                .map(|j| self.gradient[j].abs() / (self.normal[(j, j)].sqrt() * norm))
                .fold(0.0, f64::max),
        }
    }
}

/// A problem to second order, along the principal axes of its Hessian in coordinates of one scale.
#[derive(Debug, Clone, Copy)]
pub struct Axes<const Q: usize> {
    curvatures: SVector<f64, Q>,
    slopes: SVector<f64, Q>,
    axes: SMatrix<f64, Q, Q>,
    scale: SVector<f64, Q>,
}

impl<const Q: usize> Axes<Q> {
    /// Return the damped step: along every axis minus the slope over (|curvature| + lambda).
    ///
    /// Where the curvature is negative a step leads away from the maximum, and the length of steps along a flat valley is
    /// that of its own curvature, whatever that of other directions.
    #[must_use]
    pub fn step(&self, lambda: f64) -> Option<SVector<f64, Q>> {
        let along = SVector::from_fn(|j, _| {
            let steep = self.curvatures[j].abs() + lambda;
            if steep > 0.0 { -self.slopes[j] / steep } else { 0.0 }
        });
        let step = (self.axes * along).component_div(&self.scale);
        step.iter().all(|v| v.is_finite()).then_some(step)
    }
}

/// A least-squares problem in Q free coordinates: what Levenberg-Marquardt iterates on.
pub trait LeastSquares<const Q: usize> {
    /// Evaluate the problem at `phi`.
    fn local(&self, phi: &SVector<f64, Q>) -> Local<Q>;
    /// Evaluate the cost alone, where that is cheaper; infinite where the problem is undefined.
    fn cost(&self, phi: &SVector<f64, Q>) -> f64 {
        self.local(phi).cost
    }
    /// Evaluate the problem with its exact Hessian, where it has one that steps of [`LeastSquares::local`] do without.
    fn exact(&self, phi: &SVector<f64, Q>) -> Local<Q> {
        self.local(phi)
    }
    /// Lower bounds.
    fn lower(&self) -> SVector<f64, Q>;
    /// Upper bounds.
    fn upper(&self) -> SVector<f64, Q>;
    /// Residual norm that belongs to `cost`, never below what rounding of the responses resolves.
    fn norm(&self, cost: f64) -> f64;
}

/// An objective restricted to its free coordinates, an equality imposed by the chain rule.
#[derive(Debug)]
pub struct Subproblem<'o, 'a, 'c> {
    /// The objective; evaluated through a shared reference because argmin hands out no other.
    objective: RefCell<&'o mut Objective<'a>>,
    base: Theta,
    free: [usize; MAX_PARAMS],
    constraint: Option<&'c Constraint>,
}

impl<'o, 'a, 'c> Subproblem<'o, 'a, 'c> {
    /// Restrict `objective` to what `held` leaves free; other coordinates keep the values of `base`.
    pub fn new(objective: &'o mut Objective<'a>, base: &Theta, held: &Held<'c>) -> Self {
        let mut free = [0; MAX_PARAMS];
        held.free(objective, &mut free);
        Subproblem { objective: RefCell::new(objective), base: *base, free, constraint: held.constraint }
    }

    /// Return all coordinates for free coordinates `phi`; `None` where the equality cannot hold.
    #[must_use]
    pub fn expand<const Q: usize>(&self, phi: &SVector<f64, Q>) -> Option<Theta> {
        let mut theta = self.base;
        for (k, v) in phi.iter().enumerate() {
            theta[self.free[k]] = *v;
        }
        match self.constraint {
            Some(c) if !c.impose(self.objective.borrow().form, &mut theta) => None,
            _ => Some(theta),
        }
    }

    /// Return the free coordinates of `theta`, inside their bounds.
    #[must_use]
    pub fn collapse<const Q: usize>(&self, theta: &Theta) -> SVector<f64, Q> {
        let (lower, upper) = (self.bound::<Q>(false), self.bound::<Q>(true));
        SVector::from_fn(|k, _| theta[self.free[k]].clamp(lower[k], upper[k]))
    }

    fn bound<const Q: usize>(&self, upper: bool) -> SVector<f64, Q> {
        let objective = self.objective.borrow();
        let params = objective.form.params();
        SVector::from_fn(|k, _| {
            let p = &params[self.free[k]];
            if upper { p.upper } else { p.lower }
        })
    }

    /// Describe the point `phi`: coordinates, cost, certificate.
    #[must_use]
    pub fn solution<const Q: usize>(
        &self,
        phi: &SVector<f64, Q>,
        termination: Termination,
        iterations: u64,
    ) -> Solution {
        let local = self.local(phi);
        let active = local.active(phi, &LeastSquares::lower(self), &LeastSquares::upper(self));
        let mut at_bound = [false; MAX_PARAMS];
        for k in 0..Q {
            at_bound[self.free[k]] = active[k];
        }
        let bad = !local.cost.is_finite();
        Solution {
            theta: self.expand(phi).unwrap_or(self.base),
            cost: local.cost,
            stationarity: if bad {
                f64::INFINITY
            } else {
                local.offset(&active, LeastSquares::<Q>::norm(self, local.cost))
            },
            termination: if bad { Termination::BadStart } else { termination },
            iterations,
            at_bound,
        }
    }
}

impl<const Q: usize> LeastSquares<Q> for Subproblem<'_, '_, '_> {
    fn cost(&self, phi: &SVector<f64, Q>) -> f64 {
        self.expand(phi).map_or(f64::INFINITY, |theta| self.objective.borrow_mut().cost(&theta))
    }

    fn local(&self, phi: &SVector<f64, Q>) -> Local<Q> {
        self.look(phi, false)
    }

    fn exact(&self, phi: &SVector<f64, Q>) -> Local<Q> {
        self.look(phi, true)
    }

    fn lower(&self) -> SVector<f64, Q> {
        self.bound(false)
    }

    fn upper(&self) -> SVector<f64, Q> {
        self.bound(true)
    }

    fn norm(&self, cost: f64) -> f64 {
        (2.0 * cost).sqrt().max(self.objective.borrow().design.resolution)
    }
}

impl Subproblem<'_, '_, '_> {
    /// Evaluate at `phi`, with the exact Hessian where the loss needs it or `second_order` asks for it.
    fn look<const Q: usize>(&self, phi: &SVector<f64, Q>, second_order: bool) -> Local<Q> {
        let Some(theta) = self.expand(phi) else {
            return Local::undefined();
        };
        let mut objective = self.objective.borrow_mut();
        objective.second_order = second_order;
        let cost = objective.evaluate(&theta);
        objective.second_order = false;
        if !cost.is_finite() {
            return Local::undefined();
        }
        let free = &self.free;
        let g = objective.gradient;
        let pivot = self.constraint.map(|c| (c.pivot(), c.slopes(objective.form, &theta)));
        let restricted = |h: &[Theta; MAX_PARAMS]| match &pivot {
            None => SMatrix::from_fn(|j, k| h[free[j]][free[k]]),
            Some((pivot, s)) => SMatrix::from_fn(|j, k| {
                let (a, b) = (free[j], free[k]);
                h[a][b] + s[a] * h[*pivot][b] + s[b] * h[a][*pivot] + s[a] * s[b] * h[*pivot][*pivot]
            }),
        };
        let exact = second_order || !objective.loss.is_gaussian();
        let mut hessian = exact.then(|| restricted(&objective.hessian));
        let normal = restricted(&objective.normal);
        drop(objective);
        // Without `second_order` the bend of the equality is left out: steps are then Newton's to first order only.
        if let (true, Some(h), Some((pivot, _))) = (second_order, &mut hessian, &pivot) {
            self.add_bend(phi, g[*pivot], h);
        }
        Local {
            cost,
            gradient: match &pivot {
                None => SVector::from_fn(|j, _| g[free[j]]),
                Some((pivot, s)) => SVector::from_fn(|j, _| g[free[j]] + s[free[j]] * g[*pivot]),
            },
            normal,
            hessian,
        }
    }

    /// Add what the bend of a curved equality contributes to the Hessian: dcost/dpivot times d2 pivot, by differences.
    fn add_bend<const Q: usize>(&self, phi: &SVector<f64, Q>, by_pivot: f64, h: &mut SMatrix<f64, Q, Q>) {
        let Some(constraint @ (Constraint::Through { .. } | Constraint::Derived { .. })) = self.constraint
        else {
            return;
        };
        let form = self.objective.borrow().form;
        let slopes = |at: &SVector<f64, Q>| self.expand(at).map(|theta| constraint.slopes(form, &theta));
        for k in 0..Q {
            let step = BEND_STEP * phi[k].abs().max(1.0);
            let (mut up, mut down) = (*phi, *phi);
            up[k] += step;
            down[k] -= step;
            let (Some(up), Some(down)) = (slopes(&up), slopes(&down)) else { continue };
            for j in 0..Q {
                let own = by_pivot * (up[self.free[j]] - down[self.free[j]]) / (4.0 * step);
                if own.is_finite() {
                    h[(j, k)] += own;
                    h[(k, j)] += own;
                }
            }
        }
    }
}

/// Describe a point by a fresh evaluation in all coordinates.
pub(super) fn certify(
    objective: &mut Objective<'_>,
    theta: &Theta,
    why: Termination,
    iterations: u64,
) -> Solution {
    fn run<const Q: usize>(
        sub: &Subproblem<'_, '_, '_>,
        theta: &Theta,
        why: Termination,
        iterations: u64,
    ) -> Solution {
        sub.solution(&sub.collapse::<Q>(theta), why, iterations)
    }
    if objective.loss.is_kinked() {
        return lad::certify(objective, theta, &Held::none(), why, iterations);
    }
    let p = objective.dim();
    let sub = Subproblem::new(objective, theta, &Held::none());
    with_dimension!(p, run(&sub, theta, why, iterations))
}
