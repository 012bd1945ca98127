//! The size that reaches a response.

use super::{Band, linear_predictor};
use crate::fit::Fit;
use crate::math::distribution::t_critical;
use crate::math::root;
use crate::objective::Constraint;
use crate::uncertainty::Level;
use crate::uncertainty::profile::{Edge, Profile};

/// How far beyond the data a size is looked for, in ln N on either side: all that a double can hold.
const REACH: f64 = 600.0;
/// First step of a walk in ln N where there is no standard error.
const FIRST_STEP: f64 = 0.1;
/// Parts of the range of the data that are looked at one by one for a crossing.
const CELLS: usize = 64;
/// Longest first step of a walk in ln N: near the floor the linearised standard error grows without bound.
const LONGEST_STEP: f64 = 2.0;
/// Half the step of the difference quotient in ln N.
const HALF_DIFFERENCE: f64 = 1e-4;

/// A size with its intervals, or the reason why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Inversion {
    /// The response to reach.
    pub target: f64,
    /// The size at which the fitted curve reaches it; `None` when it never does.
    pub estimate: Option<f64>,
    /// Sizes at which the mean curve may reach it.
    pub mean: Band,
    /// Sizes at which one new run may reach it.
    pub new_run: Band,
    /// Why an estimate or a limit is missing, in words.
    pub reason: Option<&'static str>,
}

/// Whether a reason says that the question has no answer, rather than that the curve never gets there.
#[must_use]
pub fn is_no_question(reason: &str) -> bool {
    [SEVERAL, SETS].contains(&reason)
}

const IMPOSSIBLE: &str = "the response cannot take this value";
const UNREACHABLE: &str = "the fitted curve never reaches this response";
const FLOOR_BELOW: &str = "the data do not exclude a floor at or above the target";
const EXCLUDED: &str = "excluded at this level: the floor lies above the target";
const EXACT: &str = "the law fits exactly, so no limits mean anything";
const SEVERAL: &str = "several predictors reach a response together, not one size";
const SETS: &str = "each set of rows reaches it at a size of its own: choose one with `--where`";
const NO_ERROR: &str = "the loss has no standard errors here";
const FLAT: &str = "the slope is not distinguishable from zero";

impl Inversion {
    /// The answer for a response outside its possible range.
    #[must_use]
    pub fn impossible(target: f64) -> Inversion {
        Inversion { target, estimate: None, mean: Band::OPEN, new_run: Band::OPEN, reason: Some(IMPOSSIBLE) }
    }
}

/// Find the size at which the fitted curve reaches `target`.
///
/// # Formula
/// Line: Fieller's exact limits, xc + ((x* - xc) +- (t s/|b|) sqrt((x* - xc)^2/Sxx + (1 - g)(1/n + 1/m)))/(1 - g), with
/// g = t^2 s^2/(b^2 Sxx), m infinite for the mean curve and 1 for a new run; g >= 1: unbounded. Curve: the profile of
/// ln N*; its upper limit is infinite as soon as the target is not above the upper limit of the floor. A new run: where the
/// target leaves eta +- t sqrt(s^2 + se^2). A loss other than least squares: x* +- t se/|slope|, none without standard
/// errors.
/// # Reference
/// Fieller (1954), J. R. Stat. Soc. B 16:175; Greenwell and Schubert Kabban (2014), The R Journal 6(1):90.
#[must_use]
pub fn invert(fit: &Fit, target: f64, level: Level) -> Inversion {
    let scaled = target / fit.design.frame.y_scale;
    // At the end of a bounded scale (accuracy 1, loss 0) a form never arrives.
    if !fit.design.scale.contains(scaled) || !fit.form.native().contains(scaled) {
        return Inversion { reason: Some(UNREACHABLE), ..Inversion::impossible(target) };
    }
    if fit.form.inputs() > 1 {
        let reason = Some(if fit.form.reads_sets() { SETS } else { SEVERAL });
        return Inversion { reason, ..Inversion::impossible(target) };
    }
    if !fit.loss.is_gaussian() {
        return linearised(fit, target, scaled, level);
    }
    if fit.is_line() { fieller(fit, target, level) } else { curve(fit, target, scaled, level) }
}

fn size(fit: &Fit, u: f64) -> f64 {
    (u + fit.design.frame.x_centre[0]).exp()
}

fn band(fit: &Fit, a: f64, b: f64) -> Band {
    Band::between(size(fit, a), size(fit, b))
}

fn fieller(fit: &Fit, target: f64, level: Level) -> Inversion {
    let eta = fit.design.scale.apply(target / fit.design.frame.y_scale);
    // Intercept and slope on the scale of the fit, at the mean of u (which is 0).
    let (a, _) = linear_predictor(fit, &[0.0]);
    let slope = linear_predictor(fit, &[1.0]).0 - a;
    let x0 = (eta - a) / slope;
    if !x0.is_finite() {
        return Inversion {
            target,
            estimate: None,
            mean: Band::OPEN,
            new_run: Band::OPEN,
            reason: Some(if slope == 0.0 { FLAT } else { UNREACHABLE }),
        };
    }
    let estimate = Some(size(fit, x0)).filter(|v| v.is_finite());
    let sxx: f64 = fit.design.axis.iter().map(|u| u * u).sum();
    let n = fit.nobs() as f64;
    let t = t_critical(level.get(), fit.dof_variance());
    let s = fit.variance().sqrt();
    let g = (t * s / slope).powi(2) / sxx;
    let limits = |new_runs: f64| {
        if g >= 1.0 || fit.is_exact() {
            return Band::OPEN;
        }
        let half = (t * s / slope).abs() * (x0 * x0 / sxx + (1.0 - g) * (1.0 / n + new_runs)).sqrt();
        band(fit, (x0 - half) / (1.0 - g), (x0 + half) / (1.0 - g))
    };
    Inversion {
        target,
        estimate,
        mean: limits(0.0),
        new_run: limits(1.0),
        reason: if fit.is_exact() { Some(EXACT) } else { (g >= 1.0).then_some(FLAT) },
    }
}

/// Where the fitted curve takes a value on the native scale, in centred ln N.
fn reach(fit: &Fit, wanted: f64) -> Option<f64> {
    let at = |u: f64| {
        let point = fit.point(&[size(fit, u)]);
        let columns: Vec<&[f64]> = point.iter().map(std::slice::from_ref).collect();
        let mut eta = [0.0];
        fit.form.eval(&fit.solution.theta, &columns, &mut eta, &mut []);
        eta[0] - wanted
    };
    let axis = &fit.design.axis;
    crossing(at, axis.first().copied().unwrap_or(0.0), axis.last().copied().unwrap_or(0.0))
}

/// Standard error of ln N where the curve takes its value at centred logarithm `u`, by the delta method.
fn standard_error(fit: &Fit, u: f64) -> Option<f64> {
    let eta = |u: f64| linear_predictor(fit, &fit.point(&[size(fit, u)]));
    let (_, se) = eta(u);
    let slope = (eta(u + HALF_DIFFERENCE).0 - eta(u - HALF_DIFFERENCE).0) / (2.0 * HALF_DIFFERENCE);
    se.map(|se| (se / slope).abs()).filter(|s| s.is_finite() && *s > 0.0)
}

/// The size by the delta method, for losses that have no profile.
fn linearised(fit: &Fit, target: f64, scaled: f64, level: Level) -> Inversion {
    let critical = t_critical(level.get(), fit.dof_variance());
    let centre = reach(fit, fit.form.native().apply(scaled));
    let estimate = centre.map(|u| size(fit, u)).filter(|v| v.is_finite() && *v > 0.0);
    let error = centre.filter(|_| !fit.is_exact()).and_then(|u| standard_error(fit, u).map(|se| (u, se)));
    let mean = error.map_or(Band::OPEN, |(u, se)| band(fit, u - critical * se, u + critical * se));
    let reason = match (estimate, error) {
        (None, _) => Some(UNREACHABLE),
        (Some(_), None) => Some(if fit.is_exact() { EXACT } else { NO_ERROR }),
        _ => None,
    };
    let new_run = error.map_or(Band::OPEN, |_| new_run(fit, target, centre, mean, critical));
    Inversion { target, estimate, mean, new_run, reason }
}

fn curve(fit: &Fit, target: f64, scaled: f64, level: Level) -> Inversion {
    let critical = t_critical(level.get(), fit.dof_variance());
    let wanted = fit.form.native().apply(scaled);
    let centre = reach(fit, wanted);
    let estimate = centre.map(|u| size(fit, u)).filter(|v| v.is_finite() && *v > 0.0);
    if fit.is_exact() {
        return Inversion {
            target,
            estimate,
            mean: Band::OPEN,
            new_run: Band::OPEN,
            reason: Some(if estimate.is_none() { UNREACHABLE } else { EXACT }),
        };
    }
    let profile =
        Profile::new(fit, |u: f64| Some(Constraint::through(fit.form, fit.point(&[size(fit, u)]), wanted)));
    // As N* goes to infinity the constraint becomes "the floor lies at the target".
    let floor_allowed = fit.form.asymptote().is_some_and(|k| {
        let functional = fit.form.natural(k, &fit.design.frame);
        let at_floor = Profile::new(fit, |v: f64| {
            Some(Constraint::linear(fit.form, &functional.coefficients, v - functional.offset))
        });
        at_floor.tau(target) < critical
    });
    let last = fit.design.axis.last().copied().unwrap_or(0.0);
    let step = centre.and_then(|u| standard_error(fit, u));
    let limits = match centre {
        Some(u) => {
            let step = step.unwrap_or(FIRST_STEP).min(LONGEST_STEP);
            let low = profile.limit(u, -step, Edge { at: -REACH, open: true }, critical);
            let high = if floor_allowed {
                f64::INFINITY
            } else {
                profile.limit(u, step, Edge { at: REACH, open: true }, critical)
            };
            Some((low, high))
        }
        // The fitted floor lies above the target; a curve that the data allow may still reach it.
        None if floor_allowed => first_allowed(&profile, last, critical).map(|u| (u, f64::INFINITY)),
        None => None,
    };
    let mean = limits.map_or(Band::OPEN, |(low, high)| sizes(fit, low, high));
    let reason = match (estimate, floor_allowed) {
        (None, true) => Some(UNREACHABLE),
        (None, false) => Some(EXCLUDED),
        (Some(_), true) => Some(FLOOR_BELOW),
        (Some(_), false) => None,
    };
    Inversion { target, estimate, mean, new_run: new_run(fit, target, centre, mean, critical), reason }
}

/// Find where a curve crosses zero: among the data (at the largest size, should it do so more than once), else beyond the
/// largest size, else below the smallest.
fn crossing(at: impl Fn(f64) -> f64, first: f64, last: f64) -> Option<f64> {
    // Infinite values keep their sign, and no interpolation of them is not a number.
    let value = |u: f64| at(u).clamp(-1e100, 1e100);
    let between = |a: f64, b: f64| {
        let opposite = value(a) * value(b) <= 0.0;
        opposite.then(|| root::brent(value, a, b, 1e-13)).flatten()
    };
    let step = (last - first) / CELLS as f64;
    let among = (0..CELLS).rev().find_map(|i| {
        let from = first + step * i as f64;
        between(from, if i + 1 == CELLS { last } else { from + step })
    });
    let outwards = |start: f64, direction: f64| {
        let (mut here, mut step) = (start, direction * FIRST_STEP);
        while (here - start).abs() < REACH {
            let next = (here + step).clamp(-REACH, REACH);
            if value(next).is_nan() || next == here {
                return None;
            }
            if let Some(u) = between(here, next) {
                return Some(u);
            }
            here = next;
            step *= 1.3;
        }
        None
    };
    among.or_else(|| outwards(last, 1.0)).or_else(|| outwards(first, -1.0))
}

fn sizes(fit: &Fit, low: f64, high: f64) -> Band {
    let keep = |u: f64| u.is_finite().then(|| size(fit, u));
    Band { low: keep(low), high: keep(high) }
}

/// The smallest u from which on a curve through the target is not rejected.
fn first_allowed<C: Fn(f64) -> Option<Constraint>>(
    profile: &Profile<'_, C>,
    from: f64,
    critical: f64,
) -> Option<f64> {
    if profile.tau(from) < critical {
        return Some(profile.limit(from, -FIRST_STEP, Edge { at: -REACH, open: true }, critical));
    }
    let excess = |u: f64| profile.tau(u).min(1e6 * critical) - critical;
    let mut rejected = from;
    let mut step = FIRST_STEP;
    while rejected < REACH {
        let next = rejected + step;
        if excess(next) < 0.0 {
            return root::brent(excess, rejected, next, 1e-10);
        }
        rejected = next;
        step *= 1.3;
    }
    None
}

/// Sizes at which the interval of one new run contains the target, around the estimate; never narrower than `mean`.
fn new_run(fit: &Fit, target: f64, centre: Option<f64>, mean: Band, critical: f64) -> Band {
    let Some(centre) = centre else {
        return Band { low: None, ..mean };
    };
    let goal = fit.design.scale.apply(target / fit.design.frame.y_scale);
    let s2 = fit.variance();
    let excess = |u: f64| {
        let (eta, se) = linear_predictor(fit, &fit.point(&[size(fit, u)]));
        (eta - goal).abs() - critical * (s2 + se.unwrap_or(0.0).powi(2)).sqrt()
    };
    let side = |direction: f64| {
        let mut inside = centre;
        let mut step = 0.25;
        while (inside - centre).abs() < REACH {
            let next = inside + direction * step;
            if excess(next) > 0.0 {
                return root::brent(excess, inside, next, 1e-11).unwrap_or(next);
            }
            inside = next;
            step *= 1.3;
        }
        direction * f64::INFINITY
    };
    let own = sizes(fit, side(-1.0), side(1.0));
    Band {
        low: own.low.zip(mean.low).map(|(a, b)| a.min(b)),
        high: own.high.zip(mean.high).map(|(a, b)| a.max(b)),
    }
}
