//! argmin's L-BFGS on an objective, bounds removed by squaring.

use super::unbounded::Unbounded;
use super::{Solution, Termination, subproblem::certify};
use crate::math::Theta;
use crate::objective::Objective;
use argmin::core::{Executor, IterState, State as _, TerminationReason, TerminationStatus};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

/// Minimise an objective by limited-memory BFGS with a More-Thuente line search.
///
/// # Reference
/// Liu and Nocedal (1989), Math. Program. 45:503; More and Thuente (1994), ACM TOMS 20:286.
#[must_use]
pub fn minimise(objective: &mut Objective<'_>, start: &Theta) -> Solution {
    fn run(problem: &Unbounded<'_, '_>, start: &Theta) -> (Theta, Termination, u64) {
        let z = problem.inside(start);
        let solver = LBFGS::new(MoreThuenteLineSearch::new(), 10)
            .with_tolerance_grad(1e-12)
            .and_then(|s| s.with_tolerance_cost(0.0));
        let Ok(solver) = solver else {
            return (*start, Termination::BadStart, 0);
        };
        let run = Executor::new(problem, solver)
            .configure(|state: IterState<_, _, (), (), (), f64>| state.param(z.clone()).max_iters(500))
            .run();
        match run {
            Ok(mut result) => {
                let z = result.state.take_best_param().unwrap_or(z);
                let iterations = result.state.get_iter();
                let why = match result.state.get_termination_status() {
                    TerminationStatus::Terminated(TerminationReason::MaxItersReached) => {
                        Termination::MaxIterations
                    }
                    TerminationStatus::Terminated(TerminationReason::SolverExit(_)) => {
                        Termination::NoProgress
                    }
                    _ => Termination::SolverTolerance,
                };
                (problem.outside(&z), why, iterations)
            }
            // The line search found no acceptable step; the certificate tells how good the start was.
            Err(_) => (problem.outside(&z), Termination::NoProgress, 0),
        }
    }
    let (theta, why, iterations) = run(&Unbounded::new(objective), start);
    certify(objective, &theta, why, iterations)
}
