//! The profile of the sum of squares: limits where the constrained fit becomes significantly worse.

use super::{Gathered, IntervalMethod, Level, Limits, std_error};
use crate::fit::Fit;
use crate::form::{Functional, Param};
use crate::math::distribution::t_critical;
use crate::math::{Theta, root};
use crate::objective::{Constraint, Objective};
use crate::solve::{Held, Solution, lm};
use std::cell::{Cell, RefCell};

/// Rows above which a constrained fit is started from its neighbour only.
const MANY_ROWS: usize = 20_000;
/// Factor by which the walk outwards grows; with `WALK` steps it covers ten orders of magnitude.
const GROWTH: f64 = 1.6;
/// Steps of the walk outwards.
const WALK: usize = 48;
/// Evaluations of the objective that the search for one limit may spend before it follows its neighbours only.
///
/// Laws of few parameters need a tenth of it. One of many has flat valleys where no start leads to a certified point: there the
/// limit is that of the best points found.
const BUDGET: usize = 30_000;
/// Times that a better optimum found at a limit may move it outwards.
const CONFIRMATIONS: usize = 4;
/// Share of the critical value by which tau must fall short at a limit for it to be moved.
const CONFIRMED: f64 = 1e-5;
/// Accuracy of a limit, as a share of the standard error.
const TOLERANCE: f64 = 1e-11;

/// The profile-t interval, with the bounds of the parameters enforced.
///
/// # Formula
/// {v : |tau(v)| <= t(n-p, level)}, tau(v)^2 = (S(v) - S)/s^2, S(v) the least sum of squares with the quantity held at v
/// # Assumptions
/// Normal errors of equal variance on the scale of the fit. A parameter on its bound counts among the p.
/// # Reference
/// Bates and Watts (1988), Nonlinear Regression Analysis, chapter 6.
#[derive(Debug, Clone, Copy)]
pub struct ProfileT;

impl IntervalMethod for ProfileT {
    fn id(&self) -> &'static str {
        "profile-t"
    }
    fn meaning(&self) -> &'static str {
        "limits where the refitted sum of squares becomes significantly larger"
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let critical = t_critical(level.get(), gathered.fit.dof_variance());
        Ok(limits(gathered.fit, target, (critical, critical), None))
    }
}

/// Find where tau of a linear combination reaches the critical value of either side, the edge of the domain at the latest.
pub(super) fn limits<'f>(
    fit: &'f Fit,
    target: &Functional,
    critical: (f64, f64),
    stretch: Option<Stretch<'f>>,
) -> (f64, f64) {
    let centre = target.combination(&fit.solution.theta);
    let step = fit
        .vcov()
        .map(|v| std_error(target, &v))
        .filter(|se| se.is_finite() && *se > 0.0)
        .unwrap_or_else(|| (0.1 * centre.abs()).max(0.1));
    let (bottom, top) = edges(fit, target);
    let mut profile =
        Profile::new(fit, |v| Some(Constraint::linear(fit.form, &target.coefficients, v - target.offset)));
    profile.follows_search_limit = grows_with_search_limit(fit, target);
    profile.stretch = stretch;
    (profile.limit(centre, -step, bottom, critical.0), profile.limit(centre, step, top, critical.1))
}

/// Whether a linear combination grows with a coordinate whose bound only limits the search.
pub(super) fn grows_with_search_limit(fit: &Fit, target: &Functional) -> bool {
    let limited = |(p, c): (&Param, f64)| (p.upper_is_search_limit || p.lower_is_search_limit) && c != 0.0;
    fit.form.params().iter().zip(target.coefficients).any(limited)
}

/// Where a walk along a quantity ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The last value that may be tried, possibly infinite.
    pub at: f64,
    /// Whether the quantity goes on beyond it: a limit of the search, not of the domain.
    pub open: bool,
}

impl Edge {
    /// No end in the direction of `step`.
    #[must_use]
    pub fn none(step: f64) -> Edge {
        Edge { at: step.signum() * f64::INFINITY, open: true }
    }

    /// The limit of an interval that reaches this edge on the side of `step`.
    pub(super) fn limit(self, step: f64) -> f64 {
        if self.open { step.signum() * f64::INFINITY } else { self.at }
    }
}

/// Return the ends of the walk along a linear combination: the bounds of its coordinate when it has only one.
pub(super) fn edges(fit: &Fit, target: &Functional) -> (Edge, Edge) {
    let Some(j) = target.only_coordinate() else {
        return (Edge::none(-1.0), Edge::none(1.0));
    };
    let (param, c) = (&fit.form.params()[j], target.coefficients[j]);
    let (bottom, top) = param.domain();
    let lower = Edge { at: param.lower * c + target.offset, open: bottom.is_infinite() };
    let upper = Edge { at: param.upper * c + target.offset, open: top.is_infinite() };
    if c > 0.0 { (lower, upper) } else { (upper, lower) }
}

/// The constrained sum of squares as a function of one quantity.
pub struct Profile<'f, C> {
    fit: &'f Fit,
    constrain: C,
    variance: f64,
    state: RefCell<(Objective<'f>, Theta)>,
    starts: Vec<Theta>,
    thorough: Cell<bool>,
    /// Evaluations of the objective that the search for one limit may still spend on starting points.
    budget: Cell<usize>,
    /// Whether the quantity grows with a coordinate whose bound only limits the search: a constrained fit on that bound
    /// then says nothing of the quantity's own limit.
    follows_search_limit: bool,
    /// What tau is divided by at a constrained solution, so that one critical value serves all of them; 1 without it.
    stretch: Option<Stretch<'f>>,
}

/// A factor of the critical value that depends on the constrained solution.
pub(super) type Stretch<'f> = Box<dyn Fn(&Solution) -> f64 + 'f>;

impl<'f, C: Fn(f64) -> Option<Constraint>> Profile<'f, C> {
    /// Prepare the profile of the quantity that `constrain` holds at a value.
    #[must_use]
    pub fn new(fit: &'f Fit, constrain: C) -> Self {
        let starts =
            if fit.nobs() > MANY_ROWS { Vec::new() } else { fit.design.starts(fit.form, &fit.design.target) };
        Profile {
            fit,
            constrain,
            variance: fit.variance(),
            state: RefCell::new((fit.objective(), fit.solution.theta)),
            starts,
            thorough: Cell::new(false),
            budget: Cell::new(BUDGET),
            follows_search_limit: false,
            stretch: None,
        }
    }

    /// Return the best constrained solution with the quantity held at `v`; `None` where none exists.
    ///
    /// The neighbour's solution, the form's best guess and the edge of the domain are tried; all starting points where
    /// none of these leads to a certified point, and where a limit is confirmed, as long as the budget lasts.
    #[must_use]
    pub fn solve(&self, v: f64) -> Option<Solution> {
        let versions = (self.constrain)(v)?.versions(self.fit.form);
        let mut state = self.state.borrow_mut();
        let (objective, neighbour) = &mut *state;
        let before = objective.evaluations;
        let left = |objective: &Objective<'f>| self.budget.get() > objective.evaluations - before;
        let mut best: Option<Solution> = None;
        let mut attempt = |start: &Theta, objective: &mut Objective<'f>| {
            for constraint in &versions {
                let end = lm::minimise(objective, start, &Held::by(constraint));
                if end.cost.is_finite() && best.is_none_or(|b| end.cost < b.cost) {
                    best = Some(end);
                }
            }
            best.is_some_and(|b| b.converged())
        };
        let mut certified = attempt(neighbour, objective);
        for start in self.starts.first().into_iter().chain(self.starts.last()) {
            if left(objective) {
                certified = attempt(start, objective);
            }
        }
        if !certified || self.thorough.get() {
            attempt(&self.fit.solution.theta, objective);
            for start in &self.starts {
                if left(objective) {
                    attempt(start, objective);
                }
            }
        }
        self.budget.set(self.budget.get().saturating_sub(objective.evaluations - before));
        if let Some(found) = best {
            *neighbour = found.theta;
        }
        best
    }

    /// Return tau(v) >= 0; infinite where no constrained solution exists.
    #[must_use]
    pub fn tau(&self, v: f64) -> f64 {
        self.solve(v).map_or(f64::INFINITY, |s| self.tau_of(&s))
    }

    fn tau_of(&self, solution: &Solution) -> f64 {
        let tau = (2.0 * (solution.cost - self.fit.solution.cost).max(0.0) / self.variance).sqrt();
        self.stretch.as_ref().map_or(tau, |stretch| tau / stretch(solution))
    }

    /// Whether a constrained solution rests on a limit of the search, so that its cost says nothing of the law's own.
    fn on_search_limit(&self, solution: &Solution) -> bool {
        let reached = |(p, t): (&Param, f64)| p.search_limit_reached(t).is_some();
        self.follows_search_limit && self.fit.form.params().iter().zip(solution.theta).any(reached)
    }

    /// Find the limit on the side of `step`: where tau reaches `critical`, or the edge when it does not before.
    ///
    /// Infinite when tau stays below `critical` all the way, and when only a limit of the search makes it rise.
    #[must_use]
    pub fn limit(&self, centre: f64, step: f64, edge: Edge, critical: f64) -> f64 {
        self.state.borrow_mut().1 = self.fit.solution.theta;
        self.thorough.set(false);
        self.budget.set(BUDGET);
        let open = step.signum() * f64::INFINITY;
        let beyond = |v: f64| if step > 0.0 { v >= edge.at } else { v <= edge.at };
        // Near the estimate tau is almost linear: the first step is the limit of a linearised interval.
        let mut reach = critical * step;
        let mut inside = centre;
        let mut confirmations = CONFIRMATIONS;
        for _ in 0..WALK {
            let last = beyond(centre + reach);
            let outside = if last { edge.at } else { centre + reach };
            if inside == outside {
                return edge.limit(step);
            }
            match self.solve(outside) {
                None => return self.last_possible(inside, outside, critical).unwrap_or(open),
                Some(s) if self.tau_of(&s) >= critical => {
                    let excess = |v: f64| self.tau(v).min(1e6 * critical) - critical;
                    let root =
                        root::brent(excess, inside, outside, TOLERANCE * step.abs()).unwrap_or(outside);
                    // Every starting point is tried at the limit: a better optimum there moves it further out.
                    self.thorough.set(true);
                    match self.solve(root) {
                        Some(s) if self.on_search_limit(&s) => return open,
                        Some(s) if confirmations > 0 && self.tau_of(&s) < critical * (1.0 - CONFIRMED) => {
                            self.thorough.set(false);
                            confirmations -= 1;
                            inside = root;
                            reach = (root - centre) * GROWTH;
                            continue;
                        }
                        _ => return root,
                    }
                }
                Some(_) => {}
            }
            if last {
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

    /// The limit where the constraint becomes impossible on the way out: the last possible value, unless tau reaches
    /// `critical` before; `None` when what stops it is overflow.
    fn last_possible(&self, inside: f64, outside: f64, critical: f64) -> Option<f64> {
        let is_point = matches!((self.constrain)(inside), Some(Constraint::Through { .. }));
        if !is_point {
            return None;
        }
        let (mut possible, mut impossible) = (inside, outside);
        for _ in 0..80 {
            let middle = 0.5 * (possible + impossible);
            if self.solve(middle).is_some() {
                possible = middle;
            } else {
                impossible = middle;
            }
        }
        if self.tau(possible) < critical {
            return Some(possible);
        }
        root::brent(|v| self.tau(v).min(1e6 * critical) - critical, inside, possible, TOLERANCE)
    }
}
