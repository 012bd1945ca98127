//! The score interval: values of a parameter that the signs and sizes of the residuals do not contradict.

use super::profile::{Edge, edges, grows_with_search_limit};
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable, std_error};
use crate::fit::Fit;
use crate::form::{Functional, Param};
use crate::loss::{Inference, Loss, median_absolute};
use crate::math::distribution::t_critical;
use crate::math::linalg::Regression;
use crate::math::{MAX_PARAMS, Theta, root, sum};
use crate::objective::{Constraint, Objective};
use crate::solve::{Held, Solution, lm};
use nalgebra::{DMatrix, DVector};
use std::cell::RefCell;

/// Threshold of the rounded corner that takes the place of a kink, as a share of the median absolute residual.
///
/// With the kink itself the statistic is a step function of the value held. Rows as close to the curve as this say little
/// of its side in any case.
const CORNER: f64 = 0.1;
/// Factor by which the walk outwards grows.
const GROWTH: f64 = 1.6;
/// Steps of the walk outwards: six orders of magnitude.
const WALK: usize = 30;
/// Places beyond a crossing, as shares of its distance from the estimate, where the value must be rejected too.
const BEYOND: [f64; 3] = [0.02, 0.07, 0.2];
/// Times that a value accepted beyond a crossing may move the limit outwards.
const CONFIRMATIONS: usize = 6;
/// Accuracy of a limit, as a share of the first step.
const TOLERANCE: f64 = 1e-9;
/// Factor from one threshold to the next where a constrained fit is approached from a wide one.
const SHRINK: f64 = 0.1;
/// Thresholds tried on that way.
const STAGES: i32 = 4;

/// The score interval, for losses other than least squares.
///
/// # Formula
/// {v : |t(v)| <= t(n-p, level)}, t = T sqrt((n-p)/(n-p+1 - T^2)), T = sum psi_i x_i / sqrt(sum psi_i^2/(n-p+1) sum x_i^2), with psi of
/// the residuals of the fit with the quantity held at v, and x the derivative of the curve by the quantity without its
/// projection on the directions that stay free at v. A coordinate that rests on its bound is no free direction. For least
/// squares and a line t is Student's t; for absolute deviations psi has a corner of a tenth of the median absolute residual
/// in place of its jump.
/// # Assumptions
/// Independent errors of one law about the curve, symmetric or with psi of mean zero; neither their density at zero nor
/// their variance need be known.
/// # Reference
/// Gutenbrunner, Jureckova, Koenker and Portnoy (1993), J. Nonparametr. Stat. 2:307; Koenker and Machado (1999), J. Am. Stat.
/// Assoc. 94:1296; M-tests: Markatou and Hettmansperger (1990), J. Am. Stat. Assoc. 85:187.
#[derive(Debug, Clone, Copy)]
pub struct Score;

impl IntervalMethod for Score {
    fn id(&self) -> &'static str {
        "score"
    }
    fn meaning(&self) -> &'static str {
        "values that the score test of a robust loss does not reject"
    }
    fn suits(&self, inference: Inference) -> bool {
        matches!(inference, Inference::Sandwich | Inference::Density)
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let fit = gathered.fit;
        if fit.regression.is_none() {
            return Err(Unavailable::RankDeficient);
        }
        let mut test =
            Test::new(fit, |v| Some(Constraint::linear(fit.form, &target.coefficients, v - target.offset)));
        test.follows_search_limit = grows_with_search_limit(fit, target);
        let centre = target.combination(&fit.solution.theta);
        let step = first_step(fit, target, centre);
        let (bottom, top) = edges(fit, target);
        let critical = t_critical(level.get(), fit.dof_residual() as f64);
        Ok((test.limit(centre, -step, bottom, critical), test.limit(centre, step, top, critical)))
    }
}

/// A standard error to measure steps by.
fn first_step(fit: &Fit, target: &Functional, centre: f64) -> f64 {
    let usable = |se: &f64| se.is_finite() && *se > 0.0;
    let normal = || {
        let v = fit.regression.as_ref()?.gram_inverse() * fit.variance();
        Some(std_error(target, &v)).filter(usable)
    };
    let sandwich = fit.vcov().map(|v| std_error(target, &v)).filter(usable);
    sandwich.or_else(normal).unwrap_or_else(|| (0.1 * centre.abs()).max(0.1))
}

/// The score test of the quantity that `constrain` holds at a value.
pub(super) struct Test<'f, C> {
    fit: &'f Fit,
    constrain: C,
    state: RefCell<(Objective<'f>, Theta)>,
    /// Whether the quantity grows with a coordinate whose bound only limits the search.
    follows_search_limit: bool,
}

/// What the test says of one value.
#[derive(Clone, Copy)]
struct Answer {
    /// The statistic |t|.
    t: f64,
    /// Whether the constrained fit rests on a limit of the search.
    on_search_limit: bool,
}

impl<'f, C: Fn(f64) -> Option<Constraint>> Test<'f, C> {
    /// Prepare the test.
    pub(super) fn new(fit: &'f Fit, constrain: C) -> Self {
        let mut objective = fit.objective();
        if fit.loss.is_kinked() {
            let corner = CORNER * median_absolute(&objective.weights, &fit.residuals);
            // Where most rows are met there is no size to measure the corner by: the loss itself is tested.
            if let Ok(smooth) = Loss::huber(corner) {
                objective.loss = smooth;
            }
        }
        let state = RefCell::new((objective, fit.solution.theta));
        Test { fit, constrain, state, follows_search_limit: false }
    }

    /// The fit with the quantity held, from the neighbour's; by wider thresholds where that leads to no certified point.
    fn constrained(&self, constraint: &Constraint) -> Option<Solution> {
        let mut state = self.state.borrow_mut();
        let (objective, neighbour) = &mut *state;
        let held = Held::by(constraint);
        let better = |a: Solution, b: Solution| {
            let first =
                (a.converged() && !b.converged()) || (a.converged() == b.converged() && a.cost <= b.cost);
            if first { a } else { b }
        };
        let mut best = lm::minimise(objective, neighbour, &held);
        for start in [*neighbour, self.fit.solution.theta] {
            if best.converged() {
                break;
            }
            best = better(best, staged(objective, &start, &held));
        }
        if !best.cost.is_finite() {
            return None;
        }
        *neighbour = best.theta;
        // The scale of the residuals is that of the point returned.
        objective.evaluate(&best.theta);
        Some(best)
    }

    /// Test the value `v`; `None` where there is no constrained fit, or nothing left to test in.
    fn at(&self, v: f64) -> Option<Answer> {
        let fit = self.fit;
        let constraint = (self.constrain)(v)?;
        let solution = self.constrained(&constraint)?;
        let state = &mut *self.state.borrow_mut();
        let objective = &mut state.0;
        let residuals: Vec<f64> =
            objective.fitted(&solution.theta).iter().zip(&objective.target).map(|(eta, y)| y - eta).collect();
        let psi = objective.influences(&residuals, solution.cost);
        let (n, p, pivot) = (fit.nobs(), fit.dim(), constraint.pivot());
        let jacobian = objective.jacobian(&solution.theta);
        let column = |j: usize| &jacobian[j * n..(j + 1) * n];
        let slopes = constraint.slopes(fit.form, &solution.theta);
        let free: Vec<usize> = (0..p).filter(|&j| j != pivot && !solution.at_bound[j]).collect();
        // The quantity moves with the pivot; in what unit cancels.
        let own = DVector::from_column_slice(column(pivot));
        let direction = if free.is_empty() {
            own
        } else {
            let z = DMatrix::from_fn(n, free.len(), |i, k| {
                column(free[k])[i] + slopes[free[k]] * column(pivot)[i]
            });
            Regression::new(z)?.residuals(&own)
        };
        let (x, nu) = (direction.as_slice(), fit.dof_residual() as f64);
        let score = sum::dot(&psi, x);
        let variance = sum::dot(&psi, &psi) * sum::dot(x, x) / (nu + 1.0);
        let squared = score * score / variance;
        let t = if squared < nu + 1.0 { (squared * nu / (nu + 1.0 - squared)).sqrt() } else { f64::INFINITY };
        let reached = |(p, t): (&Param, f64)| p.search_limit_reached(t).is_some();
        let on_search_limit =
            self.follows_search_limit && fit.form.params().iter().zip(solution.theta).any(reached);
        (!squared.is_nan()).then_some(Answer { t, on_search_limit })
    }

    /// Find the limit on the side of `step`: beyond it values are rejected.
    pub(super) fn limit(&self, centre: f64, step: f64, edge: Edge, critical: f64) -> f64 {
        self.state.borrow_mut().1 = self.fit.solution.theta;
        let open = step.signum() * f64::INFINITY;
        let beyond = |v: f64| if step > 0.0 { v >= edge.at } else { v <= edge.at };
        let cut = |v: f64| if beyond(v) { edge.at } else { v };
        let excess = |v: f64| self.at(v).map_or(1e6 * critical, |a| a.t.min(1e6 * critical)) - critical;
        let (mut inside, mut reach) = (centre, critical * step);
        let mut confirmations = CONFIRMATIONS;
        for _ in 0..WALK {
            let outside = cut(centre + reach);
            if inside == outside {
                return edge.limit(step);
            }
            if excess(outside) >= 0.0 {
                let limit = root::brent(excess, inside, outside, TOLERANCE * step.abs()).unwrap_or(outside);
                if self.at(limit).is_some_and(|a| a.on_search_limit) {
                    return open;
                }
                // The statistic need not rise steadily: what is accepted a little further out belongs to the interval.
                let further = BEYOND.iter().rev().map(|share| cut(limit + share * (limit - centre)));
                match further.filter(|v| *v != limit).find(|v| excess(*v) < 0.0) {
                    Some(v) if confirmations > 0 => {
                        confirmations -= 1;
                        inside = v;
                        reach = (v - centre) * GROWTH;
                        continue;
                    }
                    _ => return limit,
                }
            }
            if beyond(outside) {
                return edge.limit(step);
            }
            inside = outside;
            reach *= GROWTH;
            if !reach.is_finite() {
                break;
            }
        }
        open
    }
}

/// Minimise under a constraint by Huber's loss from a wide threshold inwards; as it stands for other losses.
fn staged(objective: &mut Objective<'_>, start: &Theta, held: &Held<'_>) -> Solution {
    let wanted = objective.loss;
    let mut theta: [f64; MAX_PARAMS] = *start;
    if let Some(delta) = wanted.threshold() {
        for stage in (1..=STAGES).rev() {
            objective.loss = wanted.with_found_threshold(delta * SHRINK.powi(-stage));
            let end = lm::minimise(objective, &theta, held);
            if end.cost.is_finite() {
                theta = end.theta;
            }
        }
        objective.loss = wanted;
    }
    lm::minimise(objective, &theta, held)
}
