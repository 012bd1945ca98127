//! Findings about the choice of a form and what it says beyond the data.

use crate::compare::Criterion;
use crate::diagnose::verdict::Verdict;
use crate::diagnose::{Finding, Severity, uneven};
use crate::report::context::Context;
use crate::report::narrative::half_width;
use crate::report::number::{p_value, percent, rounded, significant, with_unit};
use crate::report::sections::FitSection;
use serde_json::{Map, Value};

/// Curves whose own residuals say that the scatter changes with size.
pub(super) fn scatter(c: &Context<'_>, out: &mut Vec<Finding>) {
    if c.request.lead.is_some() {
        return;
    }
    let changes = |k: usize| {
        let fit = &c.fits[k];
        !fit.is_linear() && fit.loss.is_gaussian() && uneven(fit, c.data, &Verdict::unknown())
    };
    let (mut averaged, mut robust, mut blind) = (Vec::new(), Vec::new(), Vec::new());
    for k in (0..c.fits.len()).filter(|&k| changes(k)) {
        let Some(lead) = c.sections[k].exponent().and_then(|p| p.lead()) else { continue };
        match lead.method.as_str() {
            "spread-t" => averaged.push(k),
            "hc3" => robust.push(k),
            _ => blind.push(k),
        }
    }
    let what = [
        (
            averaged,
            "the interval that leads (spread-t) allows for that; profile-t and the bands of predictions do not",
        ),
        (robust, "HC3-t leads: the profile interval and the bands of predictions assume equal variances"),
        (blind, "the leading interval and the bands of predictions assume that it does not: compare HC3-t"),
    ];
    for (forms, meaning) in what.into_iter().filter(|w| !w.0.is_empty()) {
        let names: Vec<String> = forms.iter().map(|&k| format!("`{}`", c.sections[k].form)).collect();
        let text = format!(
            "The scatter of {} changes with size (Breusch-Pagan at 5%); {meaning}.",
            names.join(", ")
        );
        out.push(Finding::new("scatter-changes", Severity::Warning, text, "").citing("Koenker (1981)"));
    }
}

pub(super) fn comparison(c: &Context<'_>, out: &mut Vec<Finding>) {
    if c.comparison.aicc_undefined {
        out.push(Finding::new(
            "aicc-undefined",
            Severity::Note,
            format!(
                "AICc is undefined with {} rows for a form with that many parameters: forms are compared by AIC, which favours \
                 forms with more parameters at this size, and by SSE.",
                c.data.nobs()
            ),
            "",
        ));
    }
    debug_assert!(!c.comparison.aicc_undefined || c.comparison.criterion == Criterion::Aic);
    if c.data.nobs() < crate::diagnose::verdict::FEWEST_SIZES {
        out.push(Finding::new(
            "cannot-tell",
            Severity::Warning,
            format!("{} points can show no break of the power law, whatever the truth.", c.data.nobs()),
            "Train at one or two more sizes, as far apart as you can afford.",
        ));
    }
    let power = c.sections.iter().find(|s| s.form == "power");
    let floor = c.sections.iter().find(|s| s.form == "floor");
    if let (Some(power), Some(floor)) = (power, floor) {
        let e = floor.params.iter().find(|p| p.name == "E").and_then(|p| p.lead().map(|i| (p, i)));
        if let Some((p, i)) = e
            && i.low.is_none_or(|l| l <= 0.0)
            && c.judgement.verdict.shape.holds != Some(false)
        {
            let high = i.high.map_or("any value".into(), |h| rounded(h, half_width(p)));
            let alpha = |s: &FitSection| {
                s.params.iter().find(|p| p.name == "alpha").and_then(|p| p.lead()).map_or(
                    String::from("open"),
                    |i| {
                        let show = |v: Option<f64>| v.map_or("inf".into(), |v| significant(v, 3));
                        format!("{} to {}", show(i.low), show(i.high))
                    },
                )
            };
            out.push(Finding::new(
                "floor-not-separable",
                Severity::Note,
                format!(
                    "Neither a pure power law (alpha {}) nor a power law above a floor of up to {high} (alpha {}) is \
                     excluded by these data.",
                    alpha(power),
                    alpha(floor)
                ),
                "Give the interval of E beside every alpha; only larger sizes can separate the two.",
            ));
        }
    }
}

/// Parameters that sets of rows share, or do not.
pub(super) fn equality(c: &Context<'_>, out: &mut Vec<Finding>) {
    for t in &c.comparison.equality {
        let column = c.data.labels.as_ref().map_or("", |l| l.column.as_str());
        let names = t.parameters.join(", ");
        let differ = t.p_value < 0.05;
        let says = if differ { "differ between" } else { "may be the same in" };
        let verb =
            if t.parameters.len() == 1 { says.replace("differ ", "differs ") } else { says.to_owned() };
        let statistic = match t.dof.as_slice() {
            [d, nu] => format!("F({d}, {nu}) = {}", significant(t.statistic, 3)),
            d => format!("chi-squared({}) = {}", d.first().unwrap_or(&0.0), significant(t.statistic, 3)),
        };
        let kind = if t.exact { "" } else { ", asymptotic" };
        let shares = !c.request.restriction.shared.is_empty();
        let advice = match (differ, shares) {
            (true, true) => {
                format!("Leave out `--share {}` to fit each set by itself.", t.parameters.join(","))
            }
            (false, false) => format!("`--share {}` fits them together.", t.parameters.join(",")),
            _ => String::new(),
        };
        out.push(Finding::new(
            "sets",
            if differ && shares { Severity::Warning } else { Severity::Note },
            format!(
                "{names} of `{}` {verb} the {} sets of `{column}`: {statistic}, {}{kind}.",
                t.form,
                t.sets,
                p_value(t.p_value)
            ),
            &advice,
        ));
    }
}

pub(super) fn extrapolation(c: &Context<'_>, out: &mut Vec<Finding>) {
    let x = c.data.x();
    let unit = x.unit.as_deref();
    let mut points: Vec<&Map<String, Value>> = Vec::new();
    for p in c.predictions {
        if let Some(leave) = &p.leaves_range {
            out.push(Finding::new(
                "leaves-range",
                Severity::Warning,
                format!(
                    "`{}` at {}: no prediction, because the curve passes {} {}, which `{}` cannot.",
                    p.form,
                    point_in_words(c, &p.at),
                    leave.end,
                    leave.at.map_or(String::from("before"), |n| format!(
                        "at {} = {}",
                        x.name,
                        with_unit(n, unit)
                    )),
                    c.data.response.name
                ),
                "Use a form that respects the bound.",
            ));
        }
        if !points.contains(&&p.at) {
            points.push(&p.at);
        }
    }
    for at in points {
        let here: Vec<_> =
            c.predictions.iter().filter(|p| p.at == *at).filter_map(|p| p.estimate.map(|e| (p, e))).collect();
        let lowest = here.iter().min_by(|a, b| a.1.total_cmp(&b.1));
        let highest = here.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let (Some((low, a)), Some((high, b))) = (lowest, highest) else { continue };
        let widest = here.iter().filter_map(|(p, _)| Some(p.mean.high? - p.mean.low?)).fold(0.0, f64::max);
        if b - a > 0.5 * widest && low.form != high.form && *b > *a {
            out.push(Finding::new(
                "forms-disagree",
                Severity::Warning,
                format!(
                    "At {} the forms differ by {}: {} ({}) to {} ({}); the widest interval of one form spans {}.",
                    point_in_words(c, at),
                    apart(*a, *b),
                    significant(*a, 3),
                    low.form,
                    significant(*b, 3),
                    high.form,
                    significant(widest, 2)
                ),
                "Treat the spread between forms as part of the error bar.",
            ));
        }
    }
    let asked: Vec<f64> = c.request.targets.clone();
    for target in asked {
        let here: Vec<_> = c.inversions.iter().filter(|i| i.target == target && !i.end_of_range).collect();
        let found: Vec<(f64, &str)> = here.iter().filter_map(|i| i.estimate.map(|e| (e, i.form))).collect();
        let never: Vec<&str> = here.iter().filter(|i| i.estimate.is_none()).map(|i| i.form).collect();
        let low = found.iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let high = found.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        let (Some(low), Some(high)) = (low, high) else { continue };
        let spread = if !never.is_empty() {
            format!("{} ({}) to never ({})", with_unit(low.0, unit), low.1, never.join(", "))
        } else if high.0 > 1.5 * low.0 {
            format!("{} ({}) to {} ({})", with_unit(low.0, unit), low.1, with_unit(high.0, unit), high.1)
        } else {
            continue;
        };
        out.push(Finding::new(
            "forms-disagree",
            Severity::Warning,
            format!("The size for {} = {target} depends on the form: {spread}.", c.data.response.name),
            "Plan for the larger one, or train a size that separates the forms.",
        ));
    }
}

/// A point in words: `N = 7B, D = 1T`.
fn point_in_words(c: &Context<'_>, at: &Map<String, Value>) -> String {
    let size = |(name, value): (&String, &Value)| {
        let unit = c.data.predictors.iter().find(|p| p.name == *name).and_then(|p| p.unit.as_deref());
        match value {
            Value::String(set) => format!("{name} = {set}"),
            _ => format!("{name} = {}", with_unit(value.as_f64().unwrap_or(f64::NAN), unit)),
        }
    };
    at.iter().map(size).collect::<Vec<_>>().join(", ")
}

/// How far two positive values are apart: a percentage, or a factor when that is large.
fn apart(a: f64, b: f64) -> String {
    if a > 0.0 && b > 1.5 * a {
        format!("a factor of {}", significant(b / a, 2))
    } else {
        percent((b - a) / (0.5 * (a + b)).abs())
    }
}
