//! Prediction and inversion: the response at a size, and the size that reaches a response, with intervals.
//!
//! Two intervals each: for the mean curve (`mean`) and for one new run (`new_run`), which adds the scatter of the runs.
//! For a line they are Student's and Fieller's, exact; for a curve they come from profiles. A prediction outside the
//! possible range of the response (an accuracy above 1, a loss below 0) is never returned: the size where the curve
//! leaves the range is.

mod inversion;
mod optimum;
mod prediction;

pub use inversion::{Inversion, invert, is_no_question};
pub use optimum::{Optimal, Optimum, optimum};
pub use prediction::{Prediction, curve_band, predict};

use crate::data::{Dataset, ResponseKind, response_kind};
use crate::fit::{Fit, falls};
use nalgebra::DVector;
use serde::Serialize;

/// Limits of a prediction or an inversion; `None` where unbounded on that side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Band {
    /// Lower limit.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
}

impl Band {
    /// A band between two limits in either order, infinite ones becoming `None`.
    #[must_use]
    pub fn between(a: f64, b: f64) -> Band {
        let keep = |v: f64| v.is_finite().then_some(v);
        Band { low: keep(a.min(b)), high: keep(a.max(b)) }
    }

    /// A band that says nothing.
    pub const OPEN: Band = Band { low: None, high: None };
}

/// The range that a response cannot leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lower end, minus infinity when there is none.
    pub low: f64,
    /// Upper end, infinity when there is none.
    pub high: f64,
}

impl Range {
    /// Infer the range of a response from its values and its name: positive values stay above 0; fractions that rise, or
    /// that are called an accuracy or an error, stay below 1; accuracies above 1 are percentages and stay below 100.
    #[must_use]
    pub fn of(data: &Dataset) -> Range {
        let y = &data.response.values;
        let kind = response_kind(&data.response.name);
        let low = if y.iter().all(|v| *v > 0.0) { 0.0 } else { f64::NEG_INFINITY };
        let below = |top: f64| y.iter().all(|v| *v > 0.0 && *v <= top);
        let share = matches!(kind, ResponseKind::Accuracy | ResponseKind::Error);
        let high = if below(1.0) && (share || !falls(data)) {
            1.0
        } else if below(100.0) && kind == ResponseKind::Accuracy {
            100.0
        } else {
            f64::INFINITY
        };
        Range { low, high }
    }

    /// Whether `y` lies beyond an end, not on it.
    #[must_use]
    pub fn excludes(&self, y: f64) -> bool {
        y < self.low || y > self.high
    }

    /// Return the end that `y` lies beyond, if it lies outside.
    #[must_use]
    pub fn violated(&self, y: f64) -> Option<f64> {
        if y <= self.low {
            Some(self.low)
        } else if y >= self.high {
            Some(self.high)
        } else {
            None
        }
    }
}

/// Fitted value and its standard error at a point as the form sees it, on the scale of the fit in the solver's unit.
fn linear_predictor(fit: &Fit, point: &[f64]) -> (f64, Option<f64>) {
    let p = fit.dim();
    let (mut eta, mut jac) = ([0.0], vec![0.0; p]);
    let columns: Vec<&[f64]> = point.iter().map(std::slice::from_ref).collect();
    fit.form.eval(&fit.solution.theta, &columns, &mut eta, &mut jac);
    let (native, scale) = (fit.form.native(), fit.design.scale);
    if native != scale {
        let m = native.invert(eta[0]);
        let chain = scale.derivative(m) / native.derivative(m);
        jac.iter_mut().for_each(|j| *j *= chain);
        eta[0] = scale.apply(m);
    }
    let se = fit.vcov().map(|v| {
        let j = DVector::from_vec(jac);
        j.dot(&(v * &j)).max(0.0).sqrt()
    });
    (eta[0], se.filter(|s| s.is_finite()))
}

/// Lead a value on the scale of the fit back to the response.
fn response(fit: &Fit, eta: f64) -> f64 {
    fit.design.scale.invert(eta) * fit.design.frame.y_scale
}
