//! Sections of a report from fits: rows, estimates, intervals.

use super::context::Evidence;
use super::request::Request;
use super::sections::{
    ClusterSection, DataSection, DerivedSection, FitSection, GoodnessOfFit, IntervalSection, ParamSection,
    PrecisionSection, UnavailableInterval,
};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::form::{Derived, Transform};
use crate::loss::Inference;
use crate::math::distribution::chi2_upper;
use crate::uncertainty::{self, Gathered, Interval, Unavailable, interval, leading_method, std_error};
use rayon::prelude::*;
use serde_json::{Map, Value};

/// Describe the rows.
pub(super) fn data_section(data: &Dataset) -> DataSection {
    let column = |values: &[f64]| Value::from(data.in_source_order(values));
    let mut columns = Map::new();
    for p in &data.predictors {
        columns.insert(p.name.clone(), column(&p.values));
    }
    columns.insert(data.response.name.clone(), column(&data.response.values));
    if let Some(p) = &data.precision {
        columns.insert(p.column.clone(), column(&p.values));
    }
    if let Some(l) = &data.labels {
        let words: Vec<&str> = data.rows_in_source_order().map(|i| l.names[l.index[i]].as_str()).collect();
        columns.insert(l.column.clone(), words.into());
    }
    let mut lines: Vec<(usize, usize)> = data.order.iter().copied().zip(data.lines.iter().copied()).collect();
    lines.sort_unstable();
    DataSection {
        source: data.source.clone(),
        fingerprint: data.fingerprint(),
        rows: data.nobs(),
        distinct: data.distinct(),
        x: data.predictors.iter().map(|p| p.name.clone()).collect(),
        x_units: data.predictors.iter().map(|p| p.unit.clone()).collect(),
        y: data.response.name.clone(),
        precision: data
            .precision
            .as_ref()
            .map(|p| PrecisionSection { column: p.column.clone(), kind: p.kind }),
        by: data.labels.as_ref().map(|l| l.column.clone()),
        cluster: data.cluster.as_ref().map(|l| ClusterSection {
            column: l.column.clone(),
            count: l.members().len(),
            labels: data.rows_in_source_order().map(|i| l.names[l.index[i]].clone()).collect(),
        }),
        dropped: data.dropped.clone(),
        notes: data.notes.clone(),
        lines: lines.into_iter().map(|l| l.1).collect(),
        columns,
    }
}

/// Describe one fit.
pub(super) fn fit_section(
    fit: &Fit,
    evidence: &Evidence,
    data: &Dataset,
    request: &Request,
    uneven: bool,
    weight: Option<f64>,
) -> FitSection {
    let information = fit.information();
    let unit = fit.design.residual_unit();
    let residuals: Vec<f64> = fit.residuals.iter().map(|r| r * unit).collect();
    let r_squared = fit.r_squared();
    let (n, nu) = (fit.nobs() as f64, fit.dof_residual() as f64);
    FitSection {
        form: fit.form.id(),
        formula: fit.form.about().formula,
        predictors: fit.form.about().predictors,
        said: fit.form.said(),
        loss: fit.loss.to_string(),
        loss_threshold: fit.loss.threshold(),
        scale: fit.design.scale.id(),
        solver: fit.method,
        objective: fit.objective_value(),
        sse: fit.sse(),
        sigma: fit.sigma(),
        dof: fit.dof_residual(),
        spread: fit.spread,
        goodness_of_fit: fit.goodness_of_fit().map(|statistic| GoodnessOfFit {
            statistic,
            dof: fit.dof_residual(),
            p_value: chi2_upper(statistic, nu),
        }),
        r_squared,
        r_squared_adjusted: r_squared.map(|r| 1.0 - (1.0 - r) * (n - 1.0) / nu),
        converged: fit.converged(),
        stationarity: if fit.solution.stationarity.is_finite() { fit.solution.stationarity } else { 1.0 },
        termination: fit.solution.termination.describe(),
        iterations: fit.solution.iterations,
        starts: fit.starts,
        condition: fit.regression.as_ref().map(|r| r.condition),
        loglikelihood: information.loglikelihood,
        aic: information.aic,
        aicc: information.aicc,
        bic: information.bic,
        weight,
        exponent: fit.form.params()[fit.form.about().exponent].name,
        second_opinion: evidence.draws.as_ref().and_then(|d| uncertainty::second_opinion(fit, d.resampler)),
        params: (0..fit.dim()).into_par_iter().map(|k| param(fit, k, evidence, request, uneven)).collect(),
        derived: fit
            .form
            .derived(&fit.design.frame)
            .into_par_iter()
            .map(|quantity| derived(fit, &quantity, evidence, request, uneven))
            .collect(),
        residuals: data.in_source_order(&residuals),
        predictions: data.in_source_order(&fit.predictions()),
        leverage: if fit.leverage.is_empty() { Vec::new() } else { data.in_source_order(&fit.leverage) },
        verdict: None,
        diagnostics: Vec::new(),
    }
}

/// Describe one parameter, its intervals sorted with the leading one first.
fn param(fit: &Fit, k: usize, evidence: &Evidence, request: &Request, uneven: bool) -> ParamSection {
    let target = fit.form.natural(k, &fit.design.frame);
    let combination = target.combination(&fit.solution.theta);
    let estimate = target.transform.apply(combination);
    let slope = target.transform.derivative(combination).abs();
    let error = |v: Option<nalgebra::DMatrix<f64>>| {
        v.map(|v| std_error(&target, &v)).filter(|s| s.is_finite() && !fit.is_exact())
    };
    let classical = error(fit.vcov());
    let positive = target.transform == Transform::Exp;
    let jackknife = evidence.by_cluster.as_ref().unwrap_or(&evidence.jackknife);
    let gathered = Gathered { fit, draws: evidence.draws.as_ref(), jackknife: Some(jackknife) };
    let linear = fit.is_linear();
    let mut intervals: Vec<Interval> = Vec::new();
    let mut unavailable = Vec::new();
    for method in uncertainty::CATALOGUE {
        // For a line the profile is the t interval.
        if linear && fit.loss.is_gaussian() && method.id() == "profile-t" {
            continue;
        }
        if fit.loss.is_gaussian() && !method.suits(Inference::LeastSquares) {
            continue;
        }
        if !method.is_reported(fit) && request.lead != Some(method.id()) {
            continue;
        }
        match interval(*method, k, &gathered, request.level) {
            Ok(i) => intervals.push(i),
            // Nearly every parameter has no exact set: that is worth a word to whoever asked for it.
            Err(Unavailable::NotAlone) if request.lead != Some(method.id()) => {}
            Err(why) => {
                unavailable.push(UnavailableInterval { method: method.id(), reason: why.to_string() })
            }
        }
    }
    choose_lead(&mut intervals, fit, evidence, request, uneven);
    ParamSection {
        name: fit.form.params()[k].name,
        meaning: fit.form.params()[k].meaning,
        estimate,
        std_error: classical.map(|s| s * slope),
        std_error_hc2: error(fit.vcov_hc2()).map(|s| s * slope),
        std_error_hc3: error(fit.vcov_hc3()).map(|s| s * slope),
        ln_estimate: positive.then_some(combination),
        ln_std_error: if positive { classical } else { None },
        at_bound: fit.at_bound(k),
        intervals: intervals.into_iter().map(interval_section).collect(),
        unavailable,
    }
}

/// Mark the interval to report and put it first: of the method asked for, or, where that gives nothing, of the default.
fn choose_lead(intervals: &mut [Interval], fit: &Fit, evidence: &Evidence, request: &Request, uneven: bool) {
    let wanted = [request.lead, Some(leading_method(fit, uneven)), Some("t"), Some("sandwich")];
    let resampled = evidence.draws.as_ref().map_or("", |d| d.resampler.id());
    let named = |i: &Interval, id: &str| i.method == id || i.method == format!("{resampled}-{id}");
    if let Some(k) = wanted.iter().flatten().find_map(|id| intervals.iter().position(|i| named(i, id))) {
        intervals[k].lead = true;
        intervals[..=k].rotate_right(1);
    }
}

/// Describe one derived quantity, its intervals with the leading one first.
fn derived(
    fit: &Fit,
    quantity: &Derived,
    evidence: &Evidence,
    request: &Request,
    uneven: bool,
) -> DerivedSection {
    let estimate = Some(quantity.value(&fit.solution.theta)).filter(|v| v.is_finite());
    let mut intervals = Vec::new();
    let mut unavailable = Vec::new();
    for method in uncertainty::derived::METHODS {
        let dear = uncertainty::CATALOGUE.iter().any(|m| m.id() == method && m.on_request());
        let of_other_losses = fit.loss.is_gaussian() && ["sandwich", "score"].contains(&method);
        let of_clusters = fit.design.clusters.is_none() && method == "cr2";
        if of_other_losses || of_clusters || (dear && request.lead != Some(method)) {
            continue;
        }
        match uncertainty::derived::interval(method, fit, quantity, evidence.draws.as_ref(), request.level) {
            Ok(i) if i.low.is_nan() || i.high.is_nan() => {}
            Ok(i) => intervals.push(i),
            Err(why) => unavailable.push(UnavailableInterval { method, reason: why.to_string() }),
        }
    }
    choose_lead(&mut intervals, fit, evidence, request, uneven);
    DerivedSection {
        name: quantity.name,
        meaning: quantity.meaning,
        estimate,
        std_error: uncertainty::derived::std_error(fit, quantity).filter(|_| !fit.is_exact()),
        intervals: intervals.into_iter().map(interval_section).collect(),
        unavailable,
    }
}

fn interval_section(i: Interval) -> IntervalSection {
    let keep = |v: f64| v.is_finite().then_some(v);
    IntervalSection {
        low: keep(i.low),
        high: keep(i.high),
        method: i.method,
        level: i.level,
        lead: i.lead,
        draws: i.draws,
        failed: i.failed,
        few_refits: i.few_refits,
    }
}
