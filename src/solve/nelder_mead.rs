//! argmin's Nelder-Mead simplex on an objective: no derivatives, a baseline to compare with.

use super::unbounded::Unbounded;
use super::{Solution, Termination, subproblem::certify};
use crate::math::Theta;
use crate::objective::Objective;
use argmin::core::{Executor, IterState, State as _, TerminationReason, TerminationStatus};
use argmin::solver::neldermead::NelderMead;

/// Times that a fresh simplex is built around the best point: one run alone may collapse too early.
const RESTARTS: usize = 6;

/// Minimise an objective by the simplex method of Nelder and Mead, restarted from its own result.
///
/// # Reference
/// Nelder and Mead (1965), Comput. J. 7:308.
#[must_use]
pub fn minimise(objective: &mut Objective<'_>, start: &Theta) -> Solution {
    fn run(problem: &Unbounded<'_, '_>, start: &Theta) -> (Theta, Termination, u64) {
        let mut best = problem.inside(start);
        let (mut why, mut iterations) = (Termination::MaxIterations, 0);
        let mut size = 0.2;
        for _ in 0..RESTARTS {
            let mut simplex = vec![best.clone()];
            for j in 0..best.len() {
                let mut corner = best.clone();
                corner[j] += size * corner[j].abs().max(0.5);
                simplex.push(corner);
            }
            let Ok(solver) = NelderMead::new(simplex).with_sd_tolerance(1e-16) else {
                break;
            };
            let run = Executor::new(problem, solver)
                .configure(|s: IterState<_, (), (), (), (), f64>| s.max_iters(2_000))
                .run();
            let Ok(mut result) = run else { break };
            iterations += result.state.get_iter();
            best = result.state.take_best_param().unwrap_or(best);
            why = match result.state.get_termination_status() {
                TerminationStatus::Terminated(TerminationReason::MaxItersReached) => {
                    Termination::MaxIterations
                }
                _ => Termination::SolverTolerance,
            };
            size *= 0.2;
        }
        (problem.outside(&best), why, iterations)
    }
    let (theta, why, iterations) = run(&Unbounded::new(objective), start);
    certify(objective, &theta, why, iterations)
}
