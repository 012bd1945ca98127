//! Deterministic multi-start: every starting point of the form, the best end point, and how many reached it.

use super::{Held, Method, Solution, lm};
use crate::objective::Objective;
use serde::Serialize;

/// Rows above which the starting points are tried on every k-th row only.
const THIN_ABOVE: usize = 4_000;

/// How the starting points fared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Starts {
    /// Starting points tried.
    pub tried: usize,
    /// Starting points that led to the best optimum, to a relative 1e-9 of its cost.
    pub reached_best: usize,
    /// Largest relative excess of a converged end point's cost over the best (0 when all agree).
    pub worst_excess: f64,
}

/// Minimise from every starting point of the form; return the best solution and how the others fared.
#[must_use]
pub fn multistart(objective: &mut Objective<'_>, method: Method) -> (Solution, Starts) {
    let n = objective.target.len();
    let thin = n.div_ceil(THIN_ABOVE).max(1);
    let thinned = objective.design.thinned(thin);
    let starts = thinned.starts(objective.form, &thinned.target);
    let mut ends: Vec<Solution> = if thin == 1 {
        starts.iter().map(|s| method.run(objective, s)).collect()
    } else {
        let mut small = Objective::new(objective.form, objective.loss, &thinned);
        let mut ends: Vec<Solution> = starts.iter().map(|s| method.run(&mut small, s)).collect();
        ends.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        ends
    };
    let best = ends.iter().copied().min_by(|a, b| {
        (a.cost, a.stationarity).partial_cmp(&(b.cost, b.stationarity)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let Some(mut best) = best else {
        let zero = method.run(objective, &[0.0; crate::math::MAX_PARAMS]);
        return (zero, Starts { tried: 0, reached_best: 0, worst_excess: 0.0 });
    };
    // Costs that agree to rounding error are one optimum: of those, the best certified.
    let same = |s: &Solution| s.cost <= best.cost * (1.0 + 1e-9) + 1e-12 * objective.design.spread.powi(2);
    let reached_best = ends.iter().filter(|s| same(s)).count();
    let worst_excess = ends
        .iter()
        .filter(|s| s.converged() && !same(s))
        .map(|s| s.cost / best.cost - 1.0)
        .fold(0.0, f64::max);
    ends.retain(|s| same(s));
    if let Some(certified) = ends.iter().min_by(|a, b| a.stationarity.total_cmp(&b.stationarity)) {
        best = *certified;
    }
    if thin > 1 {
        best = match method {
            Method::Auto | Method::Varpro => lm::minimise(objective, &best.theta, &Held::none()),
            other => other.run(objective, &best.theta),
        };
    }
    (best, Starts { tried: starts.len(), reached_best, worst_excess })
}
