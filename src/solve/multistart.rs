//! Deterministic multi-start: every starting point, the best end point, and how the others fared.

use super::{Held, Method, Solution, SolveError, StartGrid, geodesic, lm};
use crate::math::Theta;
use crate::math::linalg::Regression;
use crate::objective::Objective;
use nalgebra::DMatrix;
use rayon::prelude::*;
use serde::Serialize;

/// Rows above which the starting points are tried on every k-th row only.
const THIN_ABOVE: usize = 4_000;
/// Starting points above which they are shared among threads.
const PARALLEL_ABOVE: usize = 64;
/// Starting points handed to a thread at a time.
const BATCH: usize = 16;
/// Runs along a valley that one run does not come to the end of.
const VALLEY_RUNS: usize = 30;
/// Relative excess of a cost below which two end points are one optimum.
const SAME: f64 = 1e-9;

/// How the starting points fared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Starts {
    /// Starting points tried.
    pub tried: usize,
    /// Starting points that led to the best optimum, to a relative 1e-9 of its cost.
    pub reached_best: usize,
    /// Largest relative excess of a converged end point's cost over the best (0 when all agree).
    pub worst_excess: f64,
    /// Median relative excess over the best of the starting points that did not reach it (0 when all did).
    pub median_excess: f64,
    /// Starting points that led neither to the best optimum nor to any stationary point: plateaus, and starts where the
    /// law is undefined.
    pub stuck: usize,
}

/// Minimise from every starting point; return the best solution and how the others fared.
///
/// The result does not depend on the number of threads: every start is solved by itself, and ends are compared in order.
///
/// # Errors
/// [`SolveError`] when the grid of starting points is not one for this form.
pub fn multistart(
    objective: &mut Objective<'_>,
    method: Method,
    grid: StartGrid,
) -> Result<(Solution, Starts), SolveError> {
    let n = objective.target.len();
    let thin = n.div_ceil(THIN_ABOVE).max(1);
    let thinned = objective.design.thinned(thin);
    let starts = grid.points(objective.form, &thinned)?;
    let mut ends: Vec<Solution> = if thin == 1 {
        run_all(objective, method, &starts)
    } else {
        let mut small = Objective::in_solver_unit(objective.form, objective.loss, &thinned);
        let mut ends = run_all(&mut small, method, &starts);
        ends.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        ends
    };
    // The catalogue's forms bring starting points that were tried; a user's law brings whatever the user said.
    let written = objective.form.said().is_some();
    if written && method == Method::Auto && thin == 1 && !ends.iter().any(|end| settled(objective, end)) {
        rescue(objective, &starts, &mut ends);
    }
    if thin == 1 && objective.loss.is_gaussian() {
        follow_valley(objective, &mut ends);
    }
    let best = ends.iter().copied().min_by(|a, b| {
        (a.cost, a.stationarity).partial_cmp(&(b.cost, b.stationarity)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let Some(mut best) = best else {
        let zero = method.run(objective, &[0.0; crate::math::MAX_PARAMS]);
        let none = Starts { tried: 0, reached_best: 0, worst_excess: 0.0, median_excess: 0.0, stuck: 0 };
        return Ok((zero, none));
    };
    // Costs that agree to rounding error are one optimum: of those, the best certified.
    let negligible = negligible_cost(objective);
    let same = |s: &Solution| s.cost <= best.cost * (1.0 + SAME) + negligible;
    let excess = |s: &Solution| s.cost / best.cost - 1.0;
    let reached_best = ends.iter().filter(|s| same(s)).count();
    let worst_excess = ends.iter().filter(|s| s.converged() && !same(s)).map(excess).fold(0.0, f64::max);
    let stuck = ends.iter().filter(|s| !s.converged() && !same(s)).count();
    let mut short: Vec<f64> =
        ends.iter().filter(|s| !same(s)).map(excess).filter(|e| e.is_finite()).collect();
    short.sort_by(f64::total_cmp);
    let median_excess = short.get(short.len() / 2).copied().unwrap_or(0.0);
    let tried = ends.len();
    ends.retain(|s| same(s));
    if let Some(certified) = ends.iter().min_by(|a, b| a.stationarity.total_cmp(&b.stationarity)) {
        best = *certified;
    }
    let arranged = objective.form.arranged(&best.theta);
    if arranged != best.theta {
        best = method.run(objective, &arranged);
    }
    if thin > 1 {
        best = match method {
            Method::Auto | Method::Varpro => lm::minimise(objective, &best.theta, &Held::none()),
            other => other.run(objective, &best.theta),
        };
    }
    Ok((best, Starts { tried, reached_best, worst_excess, median_excess, stuck }))
}

/// Go on from the lowest end where that is no certified optimum: a long curved valley asks for more steps than one run has.
fn follow_valley(objective: &mut Objective<'_>, ends: &mut Vec<Solution>) {
    let lowest = ends.iter().copied().min_by(|a, b| a.cost.total_cmp(&b.cost));
    let Some(mut end) = lowest.filter(|end| !end.converged() && end.cost.is_finite()) else { return };
    let mut next = geodesic::minimise(objective, &end.theta);
    for _ in 0..VALLEY_RUNS {
        let falls = next.cost < end.cost * (1.0 - 1e-6);
        if next.cost <= end.cost {
            end = next;
        }
        if end.converged() || !falls {
            break;
        }
        next = lm::minimise(objective, &end.theta, &Held::none());
    }
    ends.push(end);
}

/// The cost that rounding of the responses leaves: costs below it are all zero.
fn negligible_cost(objective: &Objective<'_>) -> f64 {
    let spread = objective.design.spread;
    if objective.loss.is_gaussian() {
        1e-12 * spread.powi(2)
    } else {
        // That of residuals far below what the response resolves: other losses may make all costs small.
        let n = objective.target.len() as f64;
        n * objective.loss.cost_of(1e-12 * spread / n.sqrt())
    }
}

fn run_all(objective: &mut Objective<'_>, method: Method, starts: &[Theta]) -> Vec<Solution> {
    if starts.len() <= PARALLEL_ABOVE {
        return starts.iter().map(|s| method.run(objective, s)).collect();
    }
    starts
        .par_iter()
        .with_min_len(BATCH)
        .map_init(|| objective.clone(), |own, start| method.run(own, start))
        .collect()
}

/// Condition number of the Jacobian beyond which an end point does not determine every parameter.
const ILL_CONDITIONED: f64 = 1e11;

/// Whether an end point is an optimum that determines every parameter: stationary, with derivatives that differ.
fn settled(objective: &mut Objective<'_>, end: &Solution) -> bool {
    if !end.converged() {
        return false;
    }
    if end.at_bound.iter().any(|b| *b) {
        return true;
    }
    let jacobian = objective.jacobian(&end.theta);
    Regression::new(DMatrix::from_vec(objective.target.len(), objective.dim(), jacobian))
        .is_some_and(|r| r.condition < ILL_CONDITIONED)
}

/// Try what ordinary steps from the form's starting points did not reach: all coordinates at once, accelerated steps, and
/// then the form's further starting points.
fn rescue(objective: &mut Objective<'_>, starts: &[Theta], ends: &mut Vec<Solution>) {
    if objective.loss.is_gaussian() {
        for start in starts {
            ends.push(lm::minimise(objective, start, &Held::none()));
            ends.push(geodesic::minimise(objective, start));
        }
    }
    if ends.iter().any(|end| settled(objective, end)) {
        return;
    }
    for start in objective.design.more_starts(objective.form, &objective.target.clone()) {
        ends.push(Method::Auto.run(objective, &start));
    }
}
