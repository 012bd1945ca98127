//! The response at a size.

use super::{Band, Range, invert, linear_predictor, response};
use crate::fit::Fit;
use crate::math::distribution::t_critical;
use crate::objective::Constraint;
use crate::uncertainty::Level;
use crate::uncertainty::profile::{Edge, Profile};

/// A predicted response with its intervals, or the reason why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The point, a value a predictor.
    pub at: Vec<f64>,
    /// Predicted response; `None` when the curve has left the possible range.
    pub estimate: Option<f64>,
    /// Interval of the mean curve.
    pub mean: Band,
    /// Interval of one new run.
    pub new_run: Band,
    /// Where the curve leaves the possible range: the end of the range, and the size.
    pub leaves_range: Option<(f64, Option<f64>)>,
}

/// Predict the response at a point `x`, a value a predictor.
///
/// # Formula
/// Line: eta +- t se, and eta +- t sqrt(s^2 + se^2) for a new run, exact. Curve: the mean curve by the profile of eta at x;
/// a new run by eta +- t sqrt(s^2 + se^2), never inside the mean interval. Limits are cut at the possible range. A loss other
/// than least squares: eta +- t se with its own standard error, none where it has none; s is the root mean square of the
/// residuals all the same.
/// # Assumptions
/// The law holds out to x, with normal errors of equal variance on the scale of the fit.
#[must_use]
pub fn predict(fit: &Fit, x: &[f64], level: Level, range: Range) -> Prediction {
    let point = fit.point(x);
    let (eta, se) = linear_predictor(fit, &point);
    let estimate = response(fit, eta);
    if let Some(end) = range.violated(estimate) {
        return Prediction {
            at: x.to_vec(),
            estimate: None,
            mean: Band::OPEN,
            new_run: Band::OPEN,
            leaves_range: Some((end, invert(fit, end, level).estimate)),
        };
    }
    if fit.is_exact() || (se.is_none() && !fit.loss.is_gaussian()) {
        // Rounding error is no measure of anything: no limits rather than limits of width 0. Without a standard error no
        // limits either: the ends of the possible range would look like some.
        return Prediction {
            at: x.to_vec(),
            estimate: Some(estimate),
            mean: Band::OPEN,
            new_run: Band::OPEN,
            leaves_range: None,
        };
    }
    let t = t_critical(level.get(), fit.dof_variance());
    let scatter = fit.variance().sqrt();
    let (low, high) = mean_limits(fit, &point, eta, se, t);
    let spread = |side: f64| match se {
        Some(se) => t * scatter.hypot(se),
        None => (t * scatter).hypot(side),
    };
    let (new_low, new_high) = ((eta - spread(eta - low)).min(low), (eta + spread(high - eta)).max(high));
    let band = |a: f64, b: f64| Band::between(cut(fit, a, range), cut(fit, b, range));
    Prediction {
        at: x.to_vec(),
        estimate: Some(estimate),
        mean: band(low, high),
        new_run: band(new_low, new_high),
        leaves_range: None,
    }
}

/// The response at `eta`, cut at the end of the possible range.
fn cut(fit: &Fit, eta: f64, range: Range) -> f64 {
    let y = response(fit, eta);
    if y.is_nan() { y } else { y.clamp(range.low, range.high) }
}

/// Rows above which the band of a picture is linearised instead of profiled.
const MANY_ROWS: usize = 2_000;

/// Return the limits of the mean curve at a point `x` for a picture, lower first; NaN where unbounded.
#[must_use]
pub fn curve_band(fit: &Fit, x: &[f64], level: Level, range: Range) -> (f64, f64) {
    let point = fit.point(x);
    let (eta, se) = linear_predictor(fit, &point);
    if se.is_none() && !fit.loss.is_gaussian() {
        return (f64::NAN, f64::NAN);
    }
    let t = t_critical(level.get(), fit.dof_variance());
    let (low, high) = match se {
        Some(se) if fit.nobs() > MANY_ROWS => (eta - t * se, eta + t * se),
        _ => mean_limits(fit, &point, eta, se, t),
    };
    let (a, b) = (cut(fit, low, range), cut(fit, high, range));
    let keep = |v: f64| if v.is_finite() { v } else { f64::NAN };
    (keep(a.min(b)), keep(a.max(b)))
}

/// Limits of the fitted value at a point on the scale of the fit.
fn mean_limits(fit: &Fit, point: &[f64], eta: f64, se: Option<f64>, t: f64) -> (f64, f64) {
    if fit.is_linear() || !fit.loss.is_gaussian() {
        let half = t * se.unwrap_or(f64::INFINITY);
        (eta - half, eta + half)
    } else {
        profile_limits(fit, point, eta, se, t)
    }
}

/// Limits of the fitted value at a point on the scale of the fit, by the profile.
fn profile_limits(fit: &Fit, point: &[f64], eta: f64, se: Option<f64>, critical: f64) -> (f64, f64) {
    let (native, scale) = (fit.form.native(), fit.design.scale);
    let profile = Profile::new(fit, |v: f64| {
        let eta0 = if native == scale { v } else { native.apply(scale.invert(v)) };
        eta0.is_finite().then(|| Constraint::through(fit.form, point.to_vec(), eta0))
    });
    let step = se.filter(|s| *s > 0.0).unwrap_or(fit.variance().sqrt());
    (
        profile.limit(eta, -step, Edge::none(-1.0), critical),
        profile.limit(eta, step, Edge::none(1.0), critical),
    )
}
