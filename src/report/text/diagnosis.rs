//! The text of `diagnose`: everything behind the verdict, table by table.

use super::super::layout::{line, paragraph, table, table_with_words};
use super::super::number::{level, p_value, percent, significant, size, thousands};
use super::super::sections::{DiagnosticSection, Report};
use super::{unit, x_name};
use crate::diagnose::influence::{Influence, RowInfluence};
use crate::diagnose::verdict::Answer;
use crate::diagnose::windows::Window;

/// Most rows of a table of runs, sizes or windows.
const MOST: usize = 40;

/// Write all of it.
pub(super) fn render(report: &Report, width: usize, out: &mut String) {
    if report.verdict.form.is_some() {
        shape(report, out);
        place(report, out);
        noise(report, out);
        checks(report.verdict.form.unwrap_or("power"), &report.diagnostics, width, out);
        local_exponents(report, out);
    }
    for fit in &report.fits {
        if let Some(own) = &fit.verdict {
            line(out, &format!("The residuals of `{}`", fit.form));
            answer("further bend", &own.shape, out);
            answer("noise", &own.noise, out);
            line(out, "");
        }
        checks(fit.form, &fit.diagnostics, width, out);
    }
    for influence in &report.influence {
        runs(report, influence, out);
        sizes(report, influence, out);
    }
}

/// A heading with the answer of a family, and its members.
fn answer(what: &str, answer: &Answer, out: &mut String) {
    let p = answer.p_value.map_or("no p value".to_owned(), p_value);
    let holds = match answer.holds {
        Some(true) => "not rejected at 5%".to_owned(),
        Some(false) => format!("rejected at 5%{}", answer.name.map_or(String::new(), |n| format!(", {n}"))),
        None => "cannot tell".to_owned(),
    };
    let draws = answer.draws.map_or(String::new(), |d| format!("; {} simulated data sets", thousands(d)));
    line(out, &format!("  {what}: {p}, {holds}{draws}"));
    if answer.members.is_empty() {
        return;
    }
    let mut rows = vec![["statistic", "p by itself", "weight", "suggests"].map(str::to_owned).to_vec()];
    rows.extend(answer.members.iter().map(|m| {
        vec![
            m.id.to_owned(),
            m.p_value.map_or("-".to_owned(), |p| format!("{p:.4}")),
            significant(m.weight, 2),
            m.suggests.to_owned(),
        ]
    }));
    table_with_words(out, &rows);
}

fn shape(report: &Report, out: &mut String) {
    let shape = &report.verdict.shape;
    line(out, "Is it a straight line?");
    answer("shape", &shape.answer, out);
    if !shape.explanations.is_empty() {
        line(out, "");
        line(
            out,
            "Shapes fitted as laws of their own (criterion: AICc on the scale of the fit; smaller is better)",
        );
        let mut rows = vec![["shape", "SSE", "criterion", "difference"].map(str::to_owned).to_vec()];
        rows.extend(shape.explanations.iter().map(|e| {
            vec![
                e.name.to_owned(),
                significant(e.sse, 4),
                format!("{:.2}", e.criterion),
                format!("{:.2}", e.delta),
            ]
        }));
        table(out, &rows);
    }
    line(out, "");
}

fn place(report: &Report, out: &mut String) {
    let Some(l) = &report.verdict.shape.location else { return };
    let show = |v: f64| size(v, unit(report));
    let ends = |low: Option<f64>, high: Option<f64>| {
        format!("{} to {}", low.map_or("open".to_owned(), show), high.map_or("open".to_owned(), show))
    };
    let x = x_name(report);
    let unbroken = report.verdict.shape.answer.holds == Some(true);
    line(out, if unbroken { "Where it would break, although no break is found" } else { "Where it breaks" });
    let mut rows = Vec::new();
    if let Some(b) = &l.break_point {
        rows.push(vec![
            format!("two lines meet at {x}"),
            show(b.at),
            format!(
                "{} interval {}; exponent {} below, {} above",
                level(b.level),
                ends(b.low, b.high),
                significant(b.alpha_before, 3),
                significant(b.alpha_after, 3)
            ),
        ]);
    }
    rows.push(match &l.first_crossing {
        Some(c) => vec![
            format!("first {x} that the smaller ones do not predict"),
            show(c.at),
            format!("t({}) = {}, {} for all steps together", c.dof, significant(c.t, 3), p_value(c.p_value)),
        ],
        None => vec![
            format!("first {x} that the smaller ones do not predict"),
            "none".to_owned(),
            "no step at 5% for all together".to_owned(),
        ],
    });
    if let Some(k) = l.breaks_by_bic {
        rows.push(vec![
            "breaks of a piecewise line".to_owned(),
            k.to_string(),
            "by BIC; pieces need not meet".to_owned(),
        ]);
    }
    let window = |name: &str, w: Option<&Window>| {
        let detail = |w: &Window| {
            format!(
                "{} sizes, exponent {} ({}), {}; chosen by the data",
                w.sizes,
                significant(w.alpha, 3),
                match (w.low, w.high) {
                    (Some(a), Some(b)) => format!("{} to {}", significant(a, 3), significant(b, 3)),
                    _ => "no interval".to_owned(),
                },
                p_value(w.p_value)
            )
        };
        vec![
            name.to_owned(),
            w.map_or("none".to_owned(), |w| ends(Some(w.from), Some(w.to))),
            w.map_or("no five sizes on which a line stands".to_owned(), detail),
        ]
    };
    rows.push(window("largest sizes on which a line stands", l.clean_tail.as_ref()));
    rows.push(window("smallest sizes on which a line stands", l.clean_head.as_ref()));
    if let Some(at) = l.hangs_on {
        rows.push(vec![
            "all this hangs on".to_owned(),
            show(at),
            "an outlier there cannot be told from a break".to_owned(),
        ]);
    }
    table_with_words(out, &rows);
    line(out, "");
}

fn noise(report: &Report, out: &mut String) {
    let noise = &report.verdict.noise;
    line(out, "Are the errors independent, normal and of one size?");
    answer("noise", &noise.answer, out);
    if report.verdict.shape.answer.holds == Some(false) {
        line(out, "  (On a bent line a bend looks like dependence and spread: read this after the shape.)");
    }
    if !noise.explanations.is_empty() {
        line(out, "");
        line(
            out,
            "Models of the noise (criterion against plain normal errors; below 0 explains more than it costs)",
        );
        let mut rows = vec![["noise", "criterion", "estimate"].map(str::to_owned).to_vec()];
        rows.extend(noise.explanations.iter().map(|e| {
            let at = |row: f64| {
                let x = report.influence.iter().find_map(|i| i.rows.get(row as usize));
                x.map_or(String::new(), |r| format!("{} = {}", x_name(report), size(r.x, unit(report))))
            };
            let detail = match e.name {
                "outlier" => at(e.detail),
                "step of the spread" => format!("from {} on", at(e.detail)),
                "trend of the spread" => format!("sigma ~ {}^{}", x_name(report), significant(e.detail, 2)),
                "dependence" => format!("correlation {}", significant(e.detail, 2)),
                _ => format!("t with {} degrees of freedom", e.detail),
            };
            vec![e.name.to_owned(), format!("{:.2}", e.criterion), detail]
        }));
        table_with_words(out, &rows);
    }
    if !noise.outliers.is_empty() {
        line(out, "");
        line(
            out,
            &format!(
                "Rows that stand apart from `{}` through the rest",
                noise.outliers_of.unwrap_or("power")
            ),
        );
        let mut rows =
            vec![["line", x_name(report), report.data.y.as_str(), "t"].map(str::to_owned).to_vec()];
        rows.extend(noise.outliers.iter().take(MOST).map(|o| {
            vec![o.line.to_string(), size(o.x, unit(report)), o.y.to_string(), significant(o.t, 3)]
        }));
        table(out, &rows);
        more(noise.outliers.len(), out);
    }
    line(out, "");
}

/// Say how many rows a table leaves out.
fn more(all: usize, out: &mut String) {
    if all > MOST {
        line(out, &format!("  ... and {} more; `--format json` has them all", thousands(all - MOST)));
    }
}

fn checks(form: &str, all: &[DiagnosticSection], width: usize, out: &mut String) {
    if all.is_empty() {
        return;
    }
    line(
        out,
        &format!("Every check on `{form}`, one by one (each rejects one true law in twenty at p < 0.05)"),
    );
    let mut rows =
        vec![["check", "statistic", "dof", "p", "simulated p", "asks"].map(str::to_owned).to_vec()];
    for d in all {
        let Some(o) = &d.outcome else { continue };
        let dof: Vec<String> = o.dof.iter().map(|v| ((v * 100.0).round() / 100.0).to_string()).collect();
        let p = |p: f64| if p < 1e-4 { "< 0.0001".to_owned() } else { format!("{p:.4}") };
        let at = o.line.map_or(String::new(), |l| format!(" (line {l})"));
        rows.push(vec![
            d.id.to_owned(),
            significant(o.statistic, 4),
            dof.join(", "),
            p(o.p_value),
            match o.simulated_p {
                Some(s) => p(s),
                None if o.exact => "exact".to_owned(),
                None => "-".to_owned(),
            },
            format!("{}{at}", d.meaning),
        ]);
    }
    if rows.len() > 1 {
        table_with_words(out, &rows);
    }
    // Checks with the same reason are named together.
    let mut silent: Vec<(&str, Vec<&str>)> = Vec::new();
    for d in all {
        let Some(why) = &d.not_applicable else { continue };
        match silent.iter_mut().find(|s| s.0 == why.as_str()) {
            Some(s) => s.1.push(d.id),
            None => silent.push((why, vec![d.id])),
        }
    }
    if !silent.is_empty() {
        let list: Vec<String> =
            silent.iter().map(|(why, ids)| format!("{} ({why})", ids.join(", "))).collect();
        paragraph(out, &format!("Not asked here: {}.", list.join("; ")), "  ", width);
    }
    line(out, "");
}

fn local_exponents(report: &Report, out: &mut String) {
    let all = &report.local_exponents;
    if all.is_empty() {
        return;
    }
    line(
        out,
        &format!(
            "Exponents of neighbouring sizes ({} intervals from their own scatter)",
            level(report.level)
        ),
    );
    let mut rows = vec![[x_name(report), "alpha", "interval"].map(str::to_owned).to_vec()];
    rows.extend(all.iter().take(MOST).map(|w| {
        let show = |v: f64| size(v, unit(report));
        vec![
            format!("{} to {}", show(w.from), show(w.to)),
            significant(w.alpha, 3),
            match (w.low, w.high) {
                (Some(a), Some(b)) => format!("{} to {}", significant(a, 2), significant(b, 2)),
                _ => "-".to_owned(),
            },
        ]
    }));
    table(out, &rows);
    more(all.len(), out);
    line(out, "");
}

/// By how much something changes, per cent.
fn change(ln_ratio: Option<f64>) -> String {
    ln_ratio.map_or("-".to_owned(), |v| {
        let sign = if v > 0.0 { "+" } else { "" };
        format!("{sign}{}", percent(v.exp_m1()))
    })
}

/// Two decimals, without a minus before zero.
fn fixed(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |v| {
        let text = format!("{v:.2}");
        if text == "-0.00" { "0.00".to_owned() } else { text }
    })
}

fn runs(report: &Report, influence: &Influence, out: &mut String) {
    let number = |v: Option<f64>, digits: i32| v.map_or("-".to_owned(), |v| significant(v, digits));
    line(
        out,
        &format!(
            "What single runs do to `{}`: alpha without the run, and the prediction at {} = {} ({} beyond {} is large)",
            influence.form,
            x_name(report),
            size(influence.at, unit(report)),
            "|DFBETAS|",
            significant(influence.threshold, 2)
        ),
    );
    let mut rows = vec![
        [
            "line",
            x_name(report),
            report.data.y.as_str(),
            "residual/s",
            "leverage",
            "t",
            "Cook",
            "DFFITS",
            "DFBETAS",
            "alpha without",
            "prediction",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    // The most influential first, where not all can be shown.
    let mut order: Vec<&RowInfluence> = influence.rows.iter().collect();
    if order.len() > MOST {
        let key = |r: &RowInfluence| r.dfbetas.map_or(0.0, f64::abs);
        order.sort_by(|a, b| key(b).total_cmp(&key(a)));
        order.truncate(MOST);
    }
    rows.extend(order.iter().map(|r| {
        vec![
            r.line.to_string(),
            size(r.x, unit(report)),
            r.y.to_string(),
            fixed(Some(r.standardised)),
            format!("{:.3}", r.leverage),
            fixed(r.studentised),
            number(r.cook, 2),
            fixed(r.dffits),
            fixed(r.dfbetas),
            number(r.without.exponent, 4),
            change(r.without.ln_prediction_change),
        ]
    }));
    table(out, &rows);
    if let Some(press) = influence.press {
        line(out, &format!("  PRESS (sum of squared left-out residuals): {}", significant(press, 4)));
    }
    more(influence.rows.len(), out);
    line(out, "");
}

fn sizes(report: &Report, influence: &Influence, out: &mut String) {
    if influence.sizes.is_empty() {
        return;
    }
    line(out, &format!("What whole sizes do to `{}`", influence.form));
    let mut rows = vec![[x_name(report), "runs", "alpha without", "prediction"].map(str::to_owned).to_vec()];
    rows.extend(influence.sizes.iter().take(MOST).map(|s| {
        vec![
            size(s.x, unit(report)),
            s.runs.to_string(),
            s.without.exponent.map_or("-".to_owned(), |v| significant(v, 4)),
            change(s.without.ln_prediction_change),
        ]
    }));
    table(out, &rows);
    more(influence.sizes.len(), out);
    line(out, "");
}
