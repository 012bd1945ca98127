//! Solvers: from an objective and a starting point to a [`Solution`] that proves how stationary it is.
//!
//! Every solver runs under argmin's executor. [`lm`] is our Levenberg-Marquardt on argmin's `Solver` trait, fed by fused
//! normal equations; [`varpro`] is the same iteration on a problem from which the coordinates that enter linearly have
//! been eliminated; argmin's own L-BFGS ([`lbfgs`]) and Nelder-Mead ([`nelder_mead`]) are there to compare with and for
//! objectives without normal equations. [`mod@multistart`] runs a solver from all of a form's starting points.
//!
//! No solver's own "converged" is believed: a [`Solution`] carries the relative offset, computed afresh from the
//! objective at the point returned.

mod continuation;
mod geodesic;
mod grid;
mod lad;
pub mod lbfgs;
mod linear;
pub mod lm;
pub mod multistart;
pub mod nelder_mead;
mod subproblem;
mod unbounded;
pub mod varpro;

pub use grid::{NAMES as START_GRIDS, StartGrid};
pub use multistart::{Starts, multistart};
pub use subproblem::{Held, LeastSquares, Local, Subproblem};

use crate::math::{MAX_PARAMS, Theta};
use crate::objective::Objective;
use serde::Serialize;
use thiserror::Error;

/// Relative offset below which a point counts as stationary.
pub const STATIONARY: f64 = 1e-8;
/// Evaluations after which a refit tries no further starting point: where the best ones end in flat valleys, so do the others.
const FALLBACK: usize = 4_000;
/// Iterations of variable projection after which Levenberg-Marquardt takes over in any case: few starting points need more.
const APPROACH: u64 = 60;

/// Iterations of variable projection that an objective is given.
fn approach(objective: &Objective<'_>) -> u64 {
    if objective.dim() > lm::FEW { APPROACH } else { lm::MAX_ITERATIONS }
}

/// Which test ended a solver's run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Termination {
    /// The relative offset fell below the solver's tolerance.
    Stationary,
    /// Rounding error allows no further progress; see the stationarity for how good the point is.
    NoProgress,
    /// The solver's own test on cost or simplex fired.
    SolverTolerance,
    /// The budget of iterations ran out.
    MaxIterations,
    /// The objective could not be evaluated at the starting point.
    BadStart,
}

impl Termination {
    /// Say which test it was, in words.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Termination::Stationary => "relative offset below tolerance",
            Termination::NoProgress => "no further progress in double precision",
            Termination::SolverTolerance => "solver's own tolerance",
            Termination::MaxIterations => "iteration limit reached",
            Termination::BadStart => "objective undefined at the starting point",
        }
    }
}

/// Where a solver ended, and how good that point is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Solution {
    /// Coordinates.
    pub theta: Theta,
    /// Cost: the sum over rows of w*rho(r).
    pub cost: f64,
    /// Relative offset of the free coordinates: the part of the residual vector that lies in the tangent plane, as a
    /// share of the whole (Bates and Watts 1981, Technometrics 23:179). Zero at a stationary point. For a loss that is
    /// not quadratic: of the residuals weighted by psi(r)/r ([`Local::offset`]); for absolute deviations: of the signs of the
    /// residuals, with multipliers between -1 and 1 at the rows that the curve passes through.
    pub stationarity: f64,
    /// Which test fired.
    pub termination: Termination,
    /// Iterations.
    pub iterations: u64,
    /// Which coordinates lie on a bound that the cost pushes against.
    pub at_bound: [bool; MAX_PARAMS],
}

impl Solution {
    /// Whether the point is stationary, by our own certificate.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.cost.is_finite() && self.stationarity <= STATIONARY
    }
}

/// What can be wrong with a request for a solver.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SolveError {
    /// No solver of that name.
    #[error("unknown solver `{found}`, expected one of auto, lbfgs, lm, nelder-mead, varpro")]
    Unknown {
        /// The name asked for.
        found: String,
    },
    /// No grid of starting points of that name.
    #[error(
        "unknown starts `{found}`, expected one of {}{}",
        START_GRIDS.join(", "),
        nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default()
    )]
    UnknownGrid {
        /// The name asked for.
        found: String,
        /// The name closest to it, if one is close.
        nearest: Option<String>,
    },
    /// A number of quasi-random points that cannot be.
    #[error("starts sobol:N: found N = `{found}`, expected a count from 1 to {most}")]
    Points {
        /// What was given.
        found: String,
        /// The most points there may be.
        most: u32,
    },
    /// A published grid names other parameters than the form has.
    #[error("starts `{grid}` have no values for {param} of form `{form}`")]
    Grid {
        /// The grid.
        grid: String,
        /// The form.
        form: String,
        /// The parameter without values.
        param: String,
    },
}

/// The solvers, by what they need of an objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Variable projection where the form has coordinates to eliminate, then Levenberg-Marquardt.
    #[default]
    Auto,
    /// argmin's limited-memory BFGS with a More-Thuente line search.
    Lbfgs,
    /// Levenberg-Marquardt on fused normal equations.
    Lm,
    /// argmin's Nelder-Mead simplex.
    NelderMead,
    /// Variable projection.
    Varpro,
}

impl Method {
    /// Find a solver by name.
    ///
    /// # Errors
    /// [`SolveError::Unknown`] lists the names.
    pub fn by_id(id: &str) -> Result<Method, SolveError> {
        match id {
            "auto" => Ok(Method::Auto),
            "lbfgs" => Ok(Method::Lbfgs),
            "lm" => Ok(Method::Lm),
            "nelder-mead" => Ok(Method::NelderMead),
            "varpro" => Ok(Method::Varpro),
            _ => Err(SolveError::Unknown { found: id.to_owned() }),
        }
    }

    /// Run the solver once, from one starting point, all coordinates free.
    #[must_use]
    pub fn run(self, objective: &mut Objective<'_>, start: &Theta) -> Solution {
        let held = Held::none();
        match self {
            Method::Auto if !objective.loss.is_gaussian() => {
                // Newton's method knows the curvature of the law and needs no projection, as a rule.
                let near = continuation::approach(objective, start);
                let first = lm::minimise(objective, &near, &held);
                let projects = !objective.form.projected().is_empty();
                if first.converged() || objective.loss.is_kinked() || !projects {
                    return first;
                }
                let rough = varpro::minimise_within(objective, start, approach(objective));
                let second = lm::minimise(objective, &rough.theta, &held);
                if second.converged() || second.cost < first.cost { second } else { first }
            }
            Method::Auto if objective.form.projected().is_empty() => lm::minimise(objective, start, &held),
            Method::Auto => {
                let rough = varpro::minimise_within(objective, start, approach(objective));
                // Linear throughout: QR has given more digits than normal equations could.
                if linear::applies(objective) && objective.form.linear_in().len() == objective.dim() {
                    return rough;
                }
                lm::minimise(objective, &rough.theta, &held)
            }
            Method::Varpro => varpro::minimise(objective, start),
            Method::Lm => lm::minimise(objective, start, &held),
            Method::Lbfgs => lbfgs::minimise(objective, start),
            Method::NelderMead => nelder_mead::minimise(objective, start),
        }
    }
}

/// Minimise an objective again after its data changed a little: from a warm start first, then by every other means.
///
/// Levenberg-Marquardt from `warm` answers nearly always and allocates nothing; variable projection from there, and from
/// the form's own starting points, follow where it does not reach a certified point.
#[must_use]
pub fn refit(objective: &mut Objective<'_>, warm: &Theta) -> Solution {
    let first = lm::minimise(objective, warm, &Held::none());
    if first.converged() {
        return first;
    }
    // Without variable projection the least squares of `Auto` would be the same run again.
    let again = !objective.loss.is_gaussian() || !objective.form.projected().is_empty();
    let mut best = if again { Method::Auto.run(objective, warm) } else { first };
    if !best.converged() {
        let starts = objective.design.starts(objective.form, &objective.target.clone());
        let before = objective.evaluations;
        let budget = if objective.dim() > lm::FEW { FALLBACK } else { usize::MAX };
        for start in starts {
            if objective.evaluations - before > budget {
                break;
            }
            let end = Method::Auto.run(objective, &start);
            if end.converged() && (!best.converged() || end.cost < best.cost) {
                best = end;
            }
        }
    }
    // The objective's normal equations must be those of the solution that is returned.
    objective.evaluate(&best.theta);
    best
}
