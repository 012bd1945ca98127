//! The terminal report: made to be read aloud.

mod diagnosis;

use super::layout::{item, line, paragraph, table};
use super::number::{
    end, formula, level, p_value, percent, rounded, significant, size, thousands, unbounded,
};
use super::sections::{DataSection, FitSection, IntervalSection, ParamSection, Report};
use crate::diagnose::{Finding, Severity};
use crate::predict::{Band, is_no_question};

/// Starting points above which it is said how they fared.
const MANY_STARTS: usize = 16;

/// What to print of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Columns available for running text.
    pub width: usize,
    /// Whether the parameter tables and the picture are wanted.
    pub fits: bool,
    /// Whether the verdict is wanted.
    pub verdict: bool,
    /// Whether everything behind the verdict is wanted.
    pub diagnosis: bool,
    /// Whether the comparison is wanted.
    pub comparison: bool,
    /// Whether predictions and inversions are wanted.
    pub predictions: bool,
}

/// Render a report; `picture` is a terminal plot to put under the verdict, empty for none.
#[must_use]
pub fn render(report: &Report, picture: &str, layout: Layout) -> String {
    let mut out = String::new();
    heading(report, &mut out);
    if layout.fits {
        for fit in &report.fits {
            form(report, fit, &mut out);
        }
    }
    for skipped in &report.skipped {
        line(&mut out, &format!("{}: not fitted: {}", skipped.form, skipped.reason));
        line(&mut out, "");
    }
    if layout.comparison {
        comparison(report, &mut out);
    }
    if layout.verdict {
        line(&mut out, "Does the simple power law hold?");
        for part in &report.verdict.parts {
            item(&mut out, part, "  - ", layout.width);
        }
        line(&mut out, "");
    }
    if layout.diagnosis {
        diagnosis::render(report, layout.width, &mut out);
    }
    if layout.fits && !picture.is_empty() {
        out.push_str(picture);
        line(&mut out, "");
    }
    if layout.predictions {
        predictions(report, &mut out);
        inversions(report, &mut out);
    }
    findings(&report.findings, layout.width, &mut out);
    line(
        &mut out,
        &format!(
            "lawfit {}, seed {}, data {}; {} intervals. `--format json` has every number in full.",
            report.lawfit,
            report.seed,
            report.data.fingerprint,
            level(report.level)
        ),
    );
    out
}

fn unit(report: &Report) -> Option<&str> {
    report.data.x_units.first().and_then(Option::as_deref)
}

fn x_name(report: &Report) -> &str {
    report.data.x.first().map_or("x", String::as_str)
}

fn heading(report: &Report, out: &mut String) {
    let d = &report.data;
    let repeated = if d.distinct < d.rows {
        format!(" ({} distinct sizes)", thousands(d.distinct))
    } else {
        String::new()
    };
    let ranges: Vec<String> =
        d.x.iter().zip(&d.x_units).map(|(x, unit)| range(d, x, unit.as_deref())).collect();
    line(
        out,
        &format!(
            "{}: {} rows{repeated}, {} over {}",
            if d.source == "-" { "standard input" } else { d.source.as_str() },
            thousands(d.rows),
            d.y,
            ranges.join(" and ")
        ),
    );
    if let Some(c) = &d.cluster {
        line(out, &format!("  {} clusters of rows by `{}`", thousands(c.count), c.column));
    }
    for note in &d.notes {
        line(out, &format!("  {note}"));
    }
    for row in d.dropped.iter().take(20) {
        line(out, &format!("  left out: line {}: {}", row.line, row.reason));
    }
    if d.dropped.len() > 20 {
        line(out, &format!("  left out: {} more rows", thousands(d.dropped.len() - 20)));
    }
    line(out, &format!("{} {} as {} grows.", d.y, report.direction, x_name(report)));
    line(out, "");
}

/// The range of a predictor, in words.
fn range(data: &DataSection, name: &str, unit: Option<&str>) -> String {
    let values: Vec<f64> = data
        .columns
        .get(name)
        .and_then(serde_json::Value::as_array)
        .map_or_else(Vec::new, |a| a.iter().filter_map(serde_json::Value::as_f64).collect());
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let with_unit = unit.map_or(String::new(), |u| format!(" {u}"));
    let decades = if low > 0.0 {
        format!(" ({} decades)", significant((high / low).log10(), 2))
    } else {
        String::new()
    };
    format!("{name} from {} to {}{with_unit}{decades}", size(low, unit), size(high, unit))
}

fn scale_in_words(scale: &str) -> &'static str {
    match scale {
        "log" => "errors in proportion to the response",
        "raw" => "additive errors",
        "logit" => "errors in the log odds",
        "log-complement" => "errors in proportion to the error rate",
        _ => "errors in proportion to the negative log",
    }
}

fn form(report: &Report, fit: &FitSection, out: &mut String) {
    line(
        out,
        &format!(
            "{}: {}   ({}{})",
            fit.form,
            formula(
                fit.formula,
                fit.predictors,
                &report.data.x.iter().map(String::as_str).collect::<Vec<_>>()
            ),
            scale_in_words(fit.scale),
            loss_in_words(fit)
        ),
    );
    if !fit.converged {
        line(out, &format!("  NOT CONVERGED: relative offset {}", significant(fit.stationarity, 2)));
    }
    let second = |p: &ParamSection| -> Option<IntervalSection> {
        let lead = p.lead()?;
        let others = if lead.method == "hc3" { ["t", "t"] } else { ["hc3", "sandwich"] };
        others.into_iter().filter(|o| *o != lead.method).find_map(|o| p.by_method(o)).cloned()
    };
    let lead_name = fit.params.iter().find_map(|p| p.lead()).map_or("", |i| i.method.as_str());
    let second_name = fit.params.iter().find_map(&second).map_or(String::new(), |i| i.method.clone());
    let mut rows = vec![vec![
        "parameter".to_owned(),
        "estimate".to_owned(),
        "std error".to_owned(),
        match lead_name {
            "" => "interval".to_owned(),
            name => format!("{} interval ({})", level(report.level), method_in_words(name)),
        },
    ]];
    if !second_name.is_empty() {
        rows[0].push(method_in_words(&second_name).to_owned());
    }
    for p in &fit.params {
        let scale = rounding(p);
        let mut row = vec![
            p.name.to_owned(),
            rounded(p.estimate, scale),
            p.std_error.map_or("-".to_owned(), |s| significant(s, 2)),
            p.lead().map_or("-".to_owned(), |i| {
                // The head names the method of the first parameter.
                let own = if i.method == lead_name { "" } else { method_in_words(&i.method) };
                if own.is_empty() { limits(p, i) } else { format!("{} ({own})", limits(p, i)) }
            }),
        ];
        if !second_name.is_empty() {
            row.push(second(p).map_or("-".to_owned(), |i| limits(p, &i)));
        }
        rows.push(row);
    }
    table(out, &rows);
    derived(fit, out);
    let r2 = fit.r_squared.map_or(String::new(), |r| format!(", R2 {}", r_squared(r)));
    line(
        out,
        &format!(
            "  residual s {}{r2}, {} degree{} of freedom, AICc {}",
            significant(fit.sigma, 2),
            fit.dof,
            if fit.dof == 1 { "" } else { "s" },
            fit.aicc.map_or("undefined".to_owned(), |v| format!("{v:.2}"))
        ),
    );
    starts(fit, out);
    if let Some(i) = fit.exponent().and_then(|p| p.lead()).filter(|i| i.draws.is_some()) {
        let failed = i.failed.unwrap_or(0);
        let failures = if failed > 0 { format!(", {} failed", thousands(failed)) } else { String::new() };
        line(out, &format!("  {} draws behind the interval{failures}", thousands(i.draws.unwrap_or(0))));
    }
    if let Some(q) = &fit.goodness_of_fit {
        line(
            out,
            &format!(
                "  goodness of fit Q = {} on {} degrees of freedom, {}",
                significant(q.statistic, 3),
                q.dof,
                p_value(q.p_value)
            ),
        );
    }
    if let Some(s) = &fit.spread {
        let limit = |v: Option<f64>, open: f64| v.map_or_else(|| unbounded(open), |v| significant(v, 2));
        line(
            out,
            &format!(
                "  spread ~ {}^-kappa, kappa = {} (95% likelihood interval {} to {}); constant spread: {}",
                x_name(report),
                significant(s.kappa, 2),
                limit(s.low, -1.0),
                limit(s.high, 1.0),
                p_value(s.p_value)
            ),
        );
    }
    if let Some((p, i)) = fit.second_opinion() {
        let failed = i.failed.unwrap_or(0);
        line(
            out,
            &format!(
                "  bootstrap second opinion ({}, {} draws{}): {} {}",
                i.method,
                thousands(i.draws.unwrap_or(0)),
                if failed > 0 { format!(", {} failed", thousands(failed)) } else { String::new() },
                p.name,
                limits(p, i)
            ),
        );
    }
    line(out, "");
}

/// What follows from the parameters, a line each.
fn derived(fit: &FitSection, out: &mut String) {
    for d in &fit.derived {
        let Some(estimate) = d.estimate else {
            line(out, &format!("  {}: none under the fitted law; {}", d.name, d.meaning));
            continue;
        };
        let scale = d.std_error.or_else(|| d.lead().and_then(IntervalSection::width).map(|w| 0.25 * w));
        let show = |v: Option<f64>, open: f64| v.map_or_else(|| unbounded(open), |v| end(v, estimate, scale));
        let interval = d.lead().map_or(String::new(), |i| {
            let method = method_in_words(&i.method);
            format!(" ({} {method}: {} to {})", level(i.level), show(i.low, -1.0), show(i.high, 1.0))
        });
        line(out, &format!("  {} = {}{interval}, {}", d.name, rounded(estimate, scale), d.meaning));
    }
}

/// The loss, where it is not least squares.
fn loss_in_words(fit: &FitSection) -> String {
    match (fit.loss.as_str(), fit.loss_threshold) {
        ("squared", _) => String::new(),
        ("huber:auto", Some(delta)) => format!("; loss huber:auto, delta {}", significant(delta, 3)),
        (loss, _) => format!("; loss {loss}"),
    }
}

/// How the starting points fared, where there were many.
fn starts(fit: &FitSection, out: &mut String) {
    let s = &fit.starts;
    if s.tried <= MANY_STARTS {
        return;
    }
    let mut text =
        format!("  {} of {} starts reached this optimum", thousands(s.reached_best), thousands(s.tried));
    if s.reached_best < s.tried {
        text.push_str(&format!(
            "; the others fell short by {} of the objective (median), {} of them on plateaus",
            percent(s.median_excess),
            thousands(s.stuck)
        ));
    }
    line(out, &text);
}

/// The uncertainty that a parameter's numbers are rounded to.
fn rounding(p: &ParamSection) -> Option<f64> {
    let half = p.lead().and_then(IntervalSection::width).map(|w| 0.25 * w);
    match (p.std_error, half) {
        (Some(s), Some(h)) if h > 0.0 => Some(s.min(h)),
        (s, h) => s.or(h.filter(|h| *h > 0.0)),
    }
}

fn r_squared(r: f64) -> String {
    // As many digits as the distance to 1 needs.
    let digits = (2 - (1.0 - r).abs().max(1e-12).log10().floor() as i32).clamp(3, 6) as usize;
    format!("{r:.digits$}")
}

fn method_in_words(method: &str) -> &str {
    match method {
        "t" => "t",
        "cr2" => "CR2-t",
        "hc2" => "HC2-t",
        "hc3" => "HC3-t",
        other => other,
    }
}

fn limits(p: &ParamSection, i: &IntervalSection) -> String {
    let show =
        |v: Option<f64>, open: f64| v.map_or_else(|| unbounded(open), |v| end(v, p.estimate, rounding(p)));
    format!("{} to {}", show(i.low, -1.0), show(i.high, 1.0))
}

fn comparison(report: &Report, out: &mut String) {
    let c = &report.comparison;
    let name = if c.aicc_undefined { "AIC" } else { "AICc" };
    line(out, &format!("Comparison ({name} of {} itself; smaller is better)", report.data.y));
    let mut rows = vec![
        ["form", "SSE on its scale", name, "weight", "left-out error", "largest size from the rest"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let dash = || "-".to_owned();
    for (fit, standing) in report.fits.iter().zip(&c.forms) {
        let value = if c.aicc_undefined { fit.aic } else { fit.aicc };
        rows.push(vec![
            fit.form.to_owned(),
            significant(fit.sse, 4),
            value.map_or_else(dash, |v| format!("{v:.2}")),
            standing.weight.map_or_else(dash, |w| format!("{w:.3}")),
            standing.loo_rmse.map_or_else(dash, percent),
            standing.leave_largest_out.map_or_else(dash, |e| {
                let sign = if e > 0.0 { "+" } else { "" };
                format!("{sign}{}", percent(e.exp() - 1.0))
            }),
        ]);
    }
    table(out, &rows);
    if let Some(t) = c.floor_test {
        line(
            out,
            &format!(
                "  exact test of E = 0 against a floor: t({}) = {}, {} (one-sided)",
                t.dof,
                significant(t.t, 4),
                p_value(t.p_value)
            ),
        );
    }
    line(out, "");
}

fn band(b: &Band, show: impl Fn(f64) -> String) -> String {
    if *b == Band::OPEN {
        return "no limits".to_owned();
    }
    format!(
        "{} to {}",
        b.low.map_or_else(|| unbounded(-1.0), &show),
        b.high.map_or_else(|| unbounded(1.0), &show)
    )
}

fn half_width(b: &Band) -> Option<f64> {
    Some(0.25 * (b.high? - b.low?)).filter(|w| *w > 0.0)
}

fn predictions(report: &Report, out: &mut String) {
    if report.predictions.is_empty() {
        return;
    }
    let x = x_name(report);
    line(out, &format!("Predicted {} ({} intervals)", report.data.y, level(report.level)));
    let by = report.data.by.as_deref().filter(|by| report.predictions.iter().any(|p| p.at.contains_key(*by)));
    let names = report.data.x.iter().map(String::as_str).chain(by);
    let heads = names.chain(["form", report.data.y.as_str(), "mean curve", "one new run"]);
    let mut rows: Vec<Vec<String>> = vec![heads.map(str::to_owned).collect()];
    let lead = report.data.x.len() + usize::from(by.is_some()) + 1;
    for p in &report.predictions {
        let mut row: Vec<String> = report
            .data
            .x
            .iter()
            .zip(&report.data.x_units)
            .map(|(name, unit)| {
                let at = p.at.get(name).and_then(serde_json::Value::as_f64).unwrap_or(f64::NAN);
                size(at, unit.as_deref())
            })
            .collect();
        row.extend(by.map(|by| p.at.get(by).and_then(serde_json::Value::as_str).unwrap_or("").to_owned()));
        row.push(p.form.to_owned());
        match (p.estimate, &p.leaves_range) {
            (Some(y), _) => {
                let scale = half_width(&p.mean);
                row.push(rounded(y, scale));
                row.push(band(&p.mean, |v| end(v, y, scale)));
                row.push(band(&p.new_run, |v| end(v, y, scale)));
            }
            (None, Some(leave)) => row.push(format!(
                "none: passes {} at {x} = {}",
                leave.end,
                leave.at.map_or("?".to_owned(), |n| size(n, unit(report)))
            )),
            (None, None) => row.push("none".to_owned()),
        }
        rows.push(row);
    }
    // A sentence in place of a number would widen its whole column: it goes below.
    let (sentences, numbers): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|r| r.len() == lead + 1 && r[lead].starts_with("none"));
    table(out, &numbers);
    for s in sentences {
        line(out, &format!("  {}", s.join("   ")));
    }
    line(out, "");
}

fn inversions(report: &Report, out: &mut String) {
    if report.inversions.is_empty() {
        return;
    }
    let x = x_name(report);
    line(out, &format!("{x} that reaches a given {} ({} intervals)", report.data.y, level(report.level)));
    let mut rows =
        vec![[report.data.y.as_str(), "form", x, "mean curve", "one new run"].map(str::to_owned).to_vec()];
    let show = |v: f64| size(v, unit(report));
    let mut remarks = Vec::new();
    for i in &report.inversions {
        let target = if i.end_of_range { format!("{} (the limit)", i.target) } else { i.target.to_string() };
        rows.push(vec![
            target,
            i.form.to_owned(),
            match (i.estimate, i.reason) {
                (Some(v), _) => show(v),
                (None, Some(reason)) if is_no_question(reason) => "-".to_owned(),
                (None, _) => "never".to_owned(),
            },
            if i.estimate.is_none() && i.mean == Band::OPEN { "-".to_owned() } else { band(&i.mean, show) },
            if i.estimate.is_none() && i.mean == Band::OPEN {
                "-".to_owned()
            } else {
                band(&i.new_run, show)
            },
        ]);
        if let Some(reason) = i.reason {
            remarks.push(format!("  {} by {}: {reason}", i.target, i.form));
        }
    }
    table(out, &rows);
    remarks.iter().for_each(|r| line(out, r));
    line(out, "");
}

fn findings(all: &[Finding], width: usize, out: &mut String) {
    if all.iter().all(|f| f.told) {
        return;
    }
    line(out, "What to keep in mind");
    for f in all.iter().filter(|f| !f.told) {
        let label = match f.severity {
            Severity::Note => "note",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR",
        };
        let mut text = format!("{label}: {}", f.meaning);
        if !f.advice.is_empty() {
            text.push(' ');
            text.push_str(&f.advice);
        }
        paragraph(out, &text, "  ", width);
    }
    line(out, "");
}
