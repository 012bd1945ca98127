//! What every run, and every size, does to the exponent and to a prediction.

use crate::data::Dataset;
use crate::fit::Fit;
use crate::form::mean_at;
use crate::math::{Theta, sum};
use crate::objective::SATURATED;
use crate::uncertainty::Jackknife;
use serde::Serialize;

/// A fit without one run, or without one size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Exponent without it; `None` where the others determine no fit.
    pub exponent: Option<f64>,
    /// That exponent minus the exponent from all rows.
    pub exponent_change: Option<f64>,
    /// ln of the prediction without it over the prediction from all rows; `None` where either is not positive.
    pub ln_prediction_change: Option<f64>,
}

/// What one run does to a fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowInfluence {
    /// Line of the source.
    pub line: usize,
    /// Size.
    pub x: f64,
    /// Response.
    pub y: f64,
    /// Residual over s.
    pub standardised: f64,
    /// Leverage h, between 0 and 1.
    pub leverage: f64,
    /// Externally studentised residual; `None` where the row determines a parameter by itself.
    pub studentised: Option<f64>,
    /// Cook's distance.
    pub cook: Option<f64>,
    /// Change of the fitted value in its standard errors.
    pub dffits: Option<f64>,
    /// Change of the exponent in its standard errors: with the row minus without it.
    pub dfbetas: Option<f64>,
    /// The fit without the row.
    #[serde(flatten)]
    pub without: Change,
}

/// What all runs of one size do to a fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SizeInfluence {
    /// Size.
    pub x: f64,
    /// Runs of that size.
    pub runs: usize,
    /// The fit without them.
    #[serde(flatten)]
    pub without: Change,
}

/// Influence on one fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Influence {
    /// Form id.
    pub form: &'static str,
    /// Size at which the prediction is watched.
    pub at: f64,
    /// Every run, in order of size.
    pub rows: Vec<RowInfluence>,
    /// Every size with more than one run; empty when no size was run twice.
    pub sizes: Vec<SizeInfluence>,
    /// Sum of squared leave-one-out residuals on the scale of the fit, PRESS; `None` where a leverage is 1.
    pub press: Option<f64>,
    /// |DFBETAS| above which a run is called influential: 2/sqrt(n).
    pub threshold: f64,
}

/// Measure the influence of every run and size on the exponent, and on the response predicted at `at`.
///
/// # Formula
/// With h_i the leverage, s_(i) the scatter without row i: t_i = e_i/(s_(i) sqrt(1-h_i)); D_i = e_i^2 h_i/(p s^2 (1-h_i)^2); DFFITS_i =
/// t_i sqrt(h_i/(1-h_i)); DFBETAS_i = (alpha - alpha_(i))/(s_(i) sqrt((J'J)^-1_alpha)); PRESS = sum (e_i/(1-h_i))^2
/// # Assumptions
/// Refits are exact (see [`Jackknife`]); h and s_(i) of a curve are those of its tangent.
/// # Reference
/// Belsley, Kuh and Welsch (1980), Regression Diagnostics, chapter 2; Cook (1977), Technometrics 19:15.
#[must_use]
pub fn influence(fit: &Fit, data: &Dataset, jackknife: &Jackknife, at: f64) -> Influence {
    let k = fit.form.about().exponent;
    let target = fit.form.natural(k, &fit.design.frame);
    let exponent = |theta: &Theta| target.value(theta);
    let point = fit.point(&[at]);
    let predicted = |theta: &Theta| mean_at(fit.form, theta, &point, &fit.design.frame);
    let whole = (exponent(&fit.solution.theta), predicted(&fit.solution.theta));
    let change = |theta: &Option<Theta>| {
        let exponent = theta.as_ref().map(exponent).filter(|v| v.is_finite());
        let ratio = theta.as_ref().map(|t| (predicted(t) / whole.1).ln());
        Change {
            exponent,
            exponent_change: exponent.map(|v| v - whole.0),
            ln_prediction_change: ratio.filter(|v| v.is_finite()),
        }
    };
    let n = fit.nobs();
    let (p, dof) = (fit.dim() as f64, fit.dof_residual() as f64);
    let sse = sum::dot(&fit.residuals, &fit.residuals);
    let s2 = sse / dof;
    // The standard error of the exponent over s, at the estimate.
    let unit = fit.regression.as_ref().map(|r| {
        let inner = crate::uncertainty::std_error(&target, &r.gram_inverse());
        inner * target.transform.derivative(target.combination(&fit.solution.theta)).abs()
    });
    let usable = !fit.is_exact() && !fit.leverage.is_empty();
    // With one degree of freedom the rows but one leave no scatter to measure by.
    let has_scatter = dof > 1.0;
    let rows = (0..n)
        .map(|i| {
            let (e, h) = (fit.residuals[i], fit.leverage.get(i).copied().unwrap_or(0.0));
            let rest = 1.0 - h;
            let finite = |v: f64| (usable && rest > SATURATED && v.is_finite()).then_some(v);
            let without_row = ((sse - e * e / rest).max(0.0) / (dof - 1.0)).sqrt();
            let t = e / (without_row * rest.sqrt());
            let without = change(jackknife.thetas.get(i).unwrap_or(&None));
            RowInfluence {
                line: data.lines[i],
                x: data.x().values[i],
                y: data.response.values[i],
                standardised: if s2 > 0.0 { e / s2.sqrt() } else { 0.0 },
                leverage: h,
                studentised: finite(t).filter(|_| has_scatter),
                cook: finite(e * e * h / (p * s2 * rest * rest)),
                dffits: finite(t * (h / rest).sqrt()).filter(|_| has_scatter),
                dfbetas: without
                    .exponent_change
                    .zip(unit)
                    .and_then(|(c, u)| finite(-c / (without_row * u)))
                    .filter(|_| has_scatter),
                without,
            }
        })
        .collect();
    let ranges: Vec<_> = data.rows_by_size().collect();
    let sizes = if data.distinct() < n {
        let by_size = Jackknife::by_size(fit, ranges.clone());
        ranges
            .iter()
            .zip(&by_size.thetas)
            .map(|(r, theta)| SizeInfluence {
                x: data.x().values[r.start],
                runs: r.len(),
                without: change(theta),
            })
            .collect()
    } else {
        Vec::new()
    };
    let press = usable && fit.leverage.iter().all(|h| 1.0 - h > SATURATED);
    let residual_unit = fit.design.residual_unit();
    Influence {
        form: fit.form.id(),
        at,
        rows,
        sizes,
        press: press.then(|| {
            let squares = fit.residuals.iter().zip(&fit.leverage).map(|(e, h)| (e / (1.0 - h)).powi(2));
            squares.sum::<f64>() * residual_unit * residual_unit
        }),
        threshold: 2.0 / (n as f64).sqrt(),
    }
}
