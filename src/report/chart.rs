//! The figure of an analysis: curves and bands evaluated, residuals gathered, axes labelled.

use super::figure::{Curve, Figure};
use super::number::formula;
use super::{Analysis, Report};
use crate::data::{Dataset, Scale};
use crate::fit::Fit;
use crate::predict::{Range, curve_band};
use crate::uncertainty::Level;

/// Points of a curve.
const POINTS: usize = 120;
/// How far curves go beyond the largest size.
const BEYOND: f64 = 10.0;

/// Build the figure of an analysis of `data`; `bands` says whether it shows the intervals of the mean curves, which cost
/// hundreds of profiles.
#[must_use]
pub fn chart(data: &Dataset, analysis: &Analysis, level: Level, bands: bool) -> Figure {
    if data.predictors.len() > 1 || data.labels.is_some() {
        return observed_against_predicted(data, analysis, level);
    }
    let (x, y) = (data.x(), &data.response);
    let range = Range::of(data);
    let report = &analysis.report;
    let farthest = report
        .predictions
        .iter()
        .filter_map(|p| p.at.get(&x.name).and_then(serde_json::Value::as_f64))
        .chain(x.values.last().map(|v| v * BEYOND))
        .fold(f64::NEG_INFINITY, f64::max);
    let nearest = x.values.first().copied().unwrap_or(1.0);
    let grid: Vec<f64> = (0..POINTS)
        .map(|k| {
            let share = k as f64 / (POINTS - 1) as f64;
            (nearest.ln() + share * (farthest / nearest).ln()).exp()
        })
        .collect();
    let best = best_form(report);
    let common = common_scale(&analysis.fits);
    Figure {
        title: String::new(),
        x_label: size_label(data),
        y_label: y.name.clone(),
        residual_label: residual_label(data, common),
        y_log: y.values.iter().all(|v| *v > 0.0) && !range.high.is_finite(),
        points: x.values.iter().copied().zip(y.values.iter().copied()).collect(),
        curves: analysis
            .fits
            .iter()
            .map(|fit| {
                let mut curve = curve(fit, &x.name, &grid, bands.then_some(level), range);
                curve.best = best == Some(fit.form.id());
                let residuals = residuals(fit, common.is_some());
                curve.residuals = x.values.iter().copied().zip(residuals).collect();
                curve
            })
            .collect(),
        level: level.get(),
    }
}

/// Several predictors have no common axis but the prediction: the figure of the best form's, with the line of equality.
fn observed_against_predicted(data: &Dataset, analysis: &Analysis, level: Level) -> Figure {
    let y = &data.response;
    let best = best_form(&analysis.report);
    let fit = analysis.fits.iter().find(|f| best == Some(f.form.id()));
    let predicted = fit.map_or_else(Vec::new, Fit::predictions);
    let sorted = |mut v: Vec<f64>| {
        v.sort_by(f64::total_cmp);
        v
    };
    let line = sorted(predicted.clone());
    let curve = fit.map(|fit| Curve {
        label: format!("{} = predicted by {}", y.name, fit.form.id()),
        x: line.clone(),
        estimate: line,
        low: Vec::new(),
        high: Vec::new(),
        residuals: predicted.iter().copied().zip(residuals(fit, true)).collect(),
        best: true,
    });
    Figure {
        title: String::new(),
        x_label: fit.map_or_else(String::new, |f| format!("{} predicted by {}", y.name, f.form.id())),
        y_label: y.name.clone(),
        residual_label: residual_label(data, fit.map(|f| f.design.scale)),
        y_log: y.values.iter().all(|v| *v > 0.0),
        points: predicted.into_iter().zip(y.values.iter().copied()).collect(),
        curves: curve.into_iter().collect(),
        level: level.get(),
    }
}

/// The label of an axis of sizes.
pub(super) fn size_label(data: &Dataset) -> String {
    let x = data.x();
    match &x.unit {
        Some(unit) => format!("{} ({unit})", x.name),
        None => x.name.clone(),
    }
}

/// The label of an axis of residuals on a scale; `None` for residuals of the response itself.
pub(super) fn residual_label(data: &Dataset, scale: Option<Scale>) -> String {
    let y = &data.response.name;
    match scale {
        Some(Scale::Log) => format!("residual of ln {y}"),
        Some(Scale::Raw) | None => format!("residual of {y}"),
        Some(other) => format!("residual of {y} ({} scale)", other.id()),
    }
}

/// The form that the comparison prefers, or the first.
fn best_form(report: &Report) -> Option<&'static str> {
    report.comparison.best.or_else(|| report.fits.first().map(|f| f.form))
}

fn common_scale(fits: &[Fit]) -> Option<Scale> {
    let first = fits.first()?.design.scale;
    fits.iter().all(|f| f.design.scale == first).then_some(first)
}

/// Residuals on the scale of the fit, or on that of the response when the forms have different scales.
fn residuals(fit: &Fit, on_own_scale: bool) -> Vec<f64> {
    if on_own_scale {
        fit.residuals.iter().map(|r| r * fit.design.residual_unit()).collect()
    } else {
        fit.response.iter().zip(fit.predictions()).map(|(y, m)| y - m).collect()
    }
}

/// A formula as a legend shows it: one without a power is not typeset, so its products are set here.
fn label(formula: &str) -> String {
    if formula.contains('^') { formula.to_owned() } else { formula.replace('*', " ") }
}

/// A fitted law and its band on a grid of sizes.
fn curve(fit: &Fit, variable: &str, grid: &[f64], band: Option<Level>, range: Range) -> Curve {
    let mut curve = Curve {
        label: label(&formula(fit.form.about().formula, fit.form.about().predictors, &[variable])),
        x: grid.to_vec(),
        estimate: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
        residuals: Vec::new(),
        best: false,
    };
    for &x in grid {
        let y = fit.predict(&[x]);
        let inside = range.violated(y).is_none();
        let (low, high) = match band {
            Some(level) if inside && !fit.is_exact() => curve_band(fit, &[x], level, range),
            _ => (f64::NAN, f64::NAN),
        };
        curve.estimate.push(if inside { y } else { f64::NAN });
        curve.low.push(low);
        curve.high.push(high);
    }
    if fit.is_exact() || band.is_none() {
        curve.low.clear();
        curve.high.clear();
    }
    curve
}
