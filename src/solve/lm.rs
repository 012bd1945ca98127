//! Levenberg-Marquardt as a solver on argmin's trait: one fused evaluation a trial point, bounds by an active set.

use super::{Held, LeastSquares, Local, Solution, Subproblem, Termination, lad};
use crate::math::{MAX_PARAMS, Theta, with_dimension};
use crate::objective::Objective;
use argmin::core::{Error, Executor, IterState, KV, Problem, Solver, State as _, TerminationReason};
use nalgebra::{SMatrix, SVector};

/// Relative offset at which the iteration stops.
pub(super) const TOLERANCE: f64 = 1e-13;
/// Iterations allowed.
pub(super) const MAX_ITERATIONS: u64 = 300;
/// Damping beyond which a point counts as final.
const MAX_DAMPING: f64 = 1e12;

type State<const Q: usize> = IterState<SVector<f64, Q>, (), (), (), (), f64>;

/// Offset below which Newton's method takes over when Gauss-Newton converges slowly.
const NEWTON_BELOW: f64 = 0.1;
/// Ratio of successive offsets that counts as slow.
const SLOW: f64 = 0.2;
/// Step of the differences behind the Hessian, as a share of the residual norm: their error is near 1e-8.
const DIFFERENCE: f64 = 1e-4;

/// Coordinates up to which valleys are short: Newton's method at their end is enough, and nothing is given up.
pub(super) const FEW: usize = 3;
/// Slow iterations after which the exact Hessian and its principal axes take over, where steps do without them at first.
const PATIENCE: u32 = 15;
/// The same where steps have the exact Hessian from the start.
const LONG_PATIENCE: u32 = 80;
/// Iterations without half the offset or half the cost after which that is given up.
const MOST_STALE: u32 = 40;
/// First damping of a step along the principal axes: valleys may be this much flatter than they are steep.
const LEAST_DAMPING: f64 = 1e-12;

/// The Levenberg-Marquardt iteration with Marquardt's scaling.
///
/// # Formula
/// (J'WJ + lambda diag(J'WJ)) step = J'W r, lambda from 0 (a Gauss-Newton step) upwards until the cost falls; a coordinate
/// on a bound that the gradient pushes against keeps still, a step across a bound ends on it. Gauss-Newton converges
/// slowly where residuals are large: near the optimum the full Hessian, by central differences of the gradient, then
/// takes the place of J'WJ. Where that does not help either, in a long flat valley, the exact Hessian's principal axes take
/// over: steps then are minus the slope over (|curvature| + lambda) along each of them. Where the loss is not quadratic the exact Hessian takes its place throughout, damped by
/// diag(J'WJ) until it is positive definite and the cost falls.
/// # Requirements
/// The problem implements [`LeastSquares`].
/// # Reference
/// Marquardt (1963), SIAM J. Appl. Math. 11:431; stopping by relative offset: Bates and Watts (1981),
/// Technometrics 23:179.
#[derive(Debug, Clone)]
pub struct LevenbergMarquardt<const Q: usize> {
    tolerance: f64,
    here: Local<Q>,
    damping: f64,
    best_offset: f64,
    last_offset: f64,
    stale: u32,
    slow: u32,
    patient: bool,
    marked_cost: f64,
    stopped: Termination,
}

impl<const Q: usize> Default for LevenbergMarquardt<Q> {
    fn default() -> Self {
        LevenbergMarquardt {
            tolerance: TOLERANCE,
            here: Local::undefined(),
            damping: 0.0,
            best_offset: f64::INFINITY,
            last_offset: f64::INFINITY,
            stale: 0,
            slow: 0,
            patient: false,
            marked_cost: f64::INFINITY,
            stopped: Termination::MaxIterations,
        }
    }
}

impl<const Q: usize> LevenbergMarquardt<Q> {
    /// Which test ended the run.
    #[must_use]
    pub fn termination(&self) -> Termination {
        self.stopped
    }

    fn stop(&mut self, state: State<Q>, why: Termination) -> (State<Q>, Option<KV>) {
        self.stopped = why;
        (state.terminate_with(TerminationReason::SolverConverged), None)
    }
}

/// The problem itself, past argmin's table of call counts (which would allocate on every refit).
fn given<O>(problem: &Problem<O>) -> Result<&O, Error> {
    problem
        .problem
        .as_ref()
        .ok_or_else(|| argmin::core::ArgminError::NotInitialized { text: "problem".into() }.into())
}

impl<O: LeastSquares<Q>, const Q: usize> Solver<&O, State<Q>> for LevenbergMarquardt<Q> {
    fn name(&self) -> &str {
        "Levenberg-Marquardt"
    }

    fn init(
        &mut self,
        problem: &mut Problem<&O>,
        mut state: State<Q>,
    ) -> Result<(State<Q>, Option<KV>), Error> {
        let phi = state.take_param().unwrap_or_else(SVector::zeros);
        self.here = given(problem)?.local(&phi);
        let cost = self.here.cost;
        let state = state.param(phi).cost(cost);
        Ok(if cost.is_finite() { (state, None) } else { self.stop(state, Termination::BadStart) })
    }

    fn next_iter(
        &mut self,
        problem: &mut Problem<&O>,
        mut state: State<Q>,
    ) -> Result<(State<Q>, Option<KV>), Error> {
        let phi = state.take_param().unwrap_or_else(SVector::zeros);
        let given = given(problem)?;
        let (lower, upper, norm) = (given.lower(), given.upper(), given.norm(self.here.cost));
        let active = self.here.active(&phi, &lower, &upper);
        let offset = self.here.offset(&active, norm);
        self.stale = if offset < 0.5 * self.best_offset { 0 } else { self.stale + 1 };
        self.best_offset = self.best_offset.min(offset);
        let cost = self.here.cost;
        if self.patient && cost < 0.5 * self.marked_cost {
            (self.marked_cost, self.stale) = (cost, 0);
        }
        if offset <= self.tolerance {
            return Ok(self.stop(state.param(phi).cost(cost), Termination::Stationary));
        }
        let lingers = offset > SLOW * self.last_offset;
        let slow = lingers && offset < NEWTON_BELOW;
        self.last_offset = offset;
        self.slow += u32::from(lingers);
        let patience = if self.here.hessian.is_none() { PATIENCE } else { LONG_PATIENCE };
        if Q > FEW && !self.patient && self.slow >= patience {
            self.patient = true;
            self.stale = 0;
            self.damping = 0.0;
            self.here = given.exact(&phi);
        }
        if slow
            && self.here.hessian.is_none()
            && let Some(trial) = newton(*given, &self.here, &phi, &active, norm)
        {
            let trial = SVector::from_fn(|j, _| trial[j].clamp(lower[j], upper[j]));
            let there = given.local(&trial);
            let better = there.offset(&there.active(&trial, &lower, &upper), given.norm(there.cost));
            if there.cost <= cost * (1.0 + 1e-9) && better < 0.5 * offset {
                self.here = there;
                return Ok((state.param(trial).cost(there.cost), None));
            }
        }
        // Within rounding error of the optimum the cost no longer tells a good step from a bad one: a Gauss-Newton
        // step is taken on trust until the offset stops falling.
        let near = offset < 1e-6 && self.damping == 0.0;
        // With the exact Hessian steps should converge at once: where they do not, the valley leads to no optimum.
        let endless = self.patient && self.stale >= MOST_STALE;
        if endless || (offset < 1e-6 && self.stale >= 3) {
            return Ok(self.stop(state.param(phi).cost(cost), Termination::NoProgress));
        }
        let axes = self.patient.then(|| self.here.axes(&active));
        let first = if self.patient { LEAST_DAMPING } else { 1e-4 };
        loop {
            let step = match &axes {
                Some(axes) => axes.step(self.damping),
                None => self.here.step(&active, self.damping),
            };
            if let Some(step) = step {
                let trial = SVector::from_fn(|j, _| (phi[j] + step[j]).clamp(lower[j], upper[j]));
                // Derivatives are dear where they include the Hessian: a damped step is first asked for its cost.
                let dear = self.here.hessian.is_some() && (self.damping > 0.0 || (self.patient && !near));
                let hopeless = dear && !(given.cost(&trial) < cost);
                let there = match hopeless {
                    true => Local::undefined(),
                    false if self.patient => given.exact(&trial),
                    false => given.local(&trial),
                };
                if there.cost < cost || (near && there.cost <= cost * (1.0 + 1e-9)) {
                    self.here = there;
                    self.damping = if self.damping < 1e-2 * first { 0.0 } else { self.damping * 0.1 };
                    return Ok((state.param(trial).cost(there.cost), None));
                }
            }
            self.damping = if self.damping == 0.0 { first } else { self.damping * 10.0 };
            if self.damping > MAX_DAMPING {
                return Ok(self.stop(state.param(phi).cost(cost), Termination::NoProgress));
            }
        }
    }
}

/// Newton's next point, from the Hessian by central differences of the gradient; `None` where it is no minimum's.
fn newton<O: LeastSquares<Q>, const Q: usize>(
    problem: &O,
    here: &Local<Q>,
    phi: &SVector<f64, Q>,
    active: &[bool; Q],
    norm: f64,
) -> Option<SVector<f64, Q>> {
    let mut hessian = Local { normal: SMatrix::identity(), hessian: None, ..*here };
    for j in (0..Q).filter(|&j| !active[j]) {
        let h = DIFFERENCE * norm / here.normal[(j, j)].sqrt();
        let (mut up, mut down) = (*phi, *phi);
        up[j] += h;
        down[j] -= h;
        let (up, down) = (problem.local(&up), problem.local(&down));
        if !(h.is_finite() && up.cost.is_finite() && down.cost.is_finite()) {
            return None;
        }
        let column = (up.gradient - down.gradient) / (2.0 * h);
        hessian.normal.set_column(j, &column);
    }
    hessian.normal = (hessian.normal + hessian.normal.transpose()) * 0.5;
    if (0..Q).any(|j| !(hessian.normal[(j, j)] > 0.0)) {
        return None;
    }
    hessian.step(active, 0.0).map(|step| phi + step)
}

/// Run the iteration on any least-squares problem; return the final point, the reason and the iterations.
pub(super) fn iterate<O: LeastSquares<Q>, const Q: usize>(
    problem: &O,
    start: SVector<f64, Q>,
    tolerance: f64,
    most: u64,
) -> (SVector<f64, Q>, Termination, u64) {
    let executor = Executor::new(problem, LevenbergMarquardt::<Q> { tolerance, ..Default::default() })
        .configure(|state: State<Q>| state.param(start).max_iters(most));
    match executor.run() {
        Ok(mut result) => {
            let phi = result.state.take_param().unwrap_or(start);
            (phi, result.solver.termination(), result.state.get_iter())
        }
        Err(_) => (start, Termination::BadStart, 0),
    }
}

/// Minimise an objective over the coordinates that `held` leaves free.
#[must_use]
pub fn minimise(objective: &mut Objective<'_>, start: &Theta, held: &Held<'_>) -> Solution {
    minimise_to(objective, start, held, TOLERANCE)
}

/// Minimise an objective until the relative offset falls below `tolerance`.
#[must_use]
pub(super) fn minimise_to(
    objective: &mut Objective<'_>,
    start: &Theta,
    held: &Held<'_>,
    tolerance: f64,
) -> Solution {
    fn run<const Q: usize>(sub: Subproblem<'_, '_, '_>, start: &Theta, tolerance: f64) -> Solution {
        let phi = sub.collapse::<Q>(start);
        let (phi, why, iterations) = iterate::<_, Q>(&sub, phi, tolerance, MAX_ITERATIONS);
        sub.solution(&phi, why, iterations)
    }
    if objective.loss.is_kinked() {
        return lad::minimise(objective, start, held);
    }
    let mut free = [0; MAX_PARAMS];
    let q = held.free(objective, &mut free);
    let sub = Subproblem::new(objective, start, held);
    if q == 0 {
        return sub.solution(&SVector::<f64, 0>::zeros(), Termination::Stationary, 0);
    }
    with_dimension!(q, run(sub, start, tolerance))
}
