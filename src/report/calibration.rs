//! A calibration as text, JSON, CSV and Markdown.

use super::SCHEMA_VERSION;
use super::layout::{item, line, paragraph, table};
use super::number::{level, significant, thousands};
use super::study::Style;
use crate::benchmark::calibrate::{FEWEST_SETS, MethodSummary, ParameterSummary, Summary};
use serde::Serialize;
use std::fmt::Write as _;

/// Characters of a line.
const WIDTH: usize = 96;
/// Share of the simulated data sets that could not be fitted above which a recommendation says so.
const MANY_FAILED: f64 = 0.1;
/// What is said when nothing was done.
const NOTHING_DONE: &str = "Stopped before any data set was done: nothing is known of coverage yet.";

/// Render a calibration.
#[must_use]
pub fn render(summary: &Summary, style: Style) -> String {
    match style {
        Style::Text => text(summary),
        Style::Csv => csv(summary),
        Style::Markdown => markdown(summary),
    }
}

/// Write a calibration as JSON.
///
/// # Errors
/// What the serialiser says; a summary holds nothing that it could refuse.
pub fn json(summary: &Summary) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Versioned<'a> {
        schema_version: u32,
        lawfit: &'static str,
        calibration: &'a Summary,
    }
    let versioned =
        Versioned { schema_version: SCHEMA_VERSION, lawfit: env!("CARGO_PKG_VERSION"), calibration: summary };
    serde_json::to_string_pretty(&versioned).map(|s| s + "\n")
}

const HEADER: [&str; 8] =
    ["method", "covers", "+-", "at worst", "width", "no interval", "side open", "failed refits"];

fn text(s: &Summary) -> String {
    let mut out = String::new();
    let done = if s.sets_done < s.sets {
        format!("stopped after {} of {} data sets a law", thousands(s.sets_done), thousands(s.sets))
    } else {
        format!("{} data sets a law", thousands(s.sets_done))
    };
    let what = format!(
        "Coverage of {} intervals on the design of {} ({} rows), for {} by {} loss on the {} scale: {done}, {}, seed {}.",
        level(s.level),
        s.source,
        s.rows,
        s.formula,
        s.loss,
        s.scale,
        errors(s),
        s.seed
    );
    paragraph(&mut out, &what, "", WIDTH);
    paragraph(&mut out, &format!("Laws: {}.", s.laws.join("; ")), "", WIDTH);
    if s.sets_done == 0 {
        paragraph(&mut out, NOTHING_DONE, "", WIDTH);
        notes(&mut out, s);
        return out;
    }
    if s.failed_fits > 0 {
        line(&mut out, &format!("{} simulated data sets could not be fitted.", thousands(s.failed_fits)));
    }
    for p in &s.params {
        line(&mut out, "");
        line(&mut out, &format!("{} = {}", p.name, significant(p.estimate, 4)));
        let mut rows = vec![HEADER.map(str::to_owned).to_vec()];
        rows.extend(p.methods.iter().map(row));
        table(&mut out, &rows);
        paragraph(&mut out, &sentence(s, p), "  ", WIDTH);
    }
    notes(&mut out, s);
    out
}

fn notes(out: &mut String, s: &Summary) {
    if !s.notes.is_empty() {
        line(out, "");
        s.notes.iter().for_each(|n| item(out, n, "- ", WIDTH));
    }
}

/// Say which errors were simulated.
fn errors(s: &Summary) -> String {
    let sigma = significant(s.sigma, 3);
    let size = if s.one_size { "of one size" } else { "as precise as the fit takes every row to be" };
    if s.shared > 0.0 {
        return format!(
            "{} errors {size} with standard deviation {sigma}, {} of it normal and common to the rows of a cluster",
            s.errors,
            significant(s.shared, 3)
        );
    }
    // Laws of other spreads say so in their names.
    let but = if s.other_spreads { " (but where a law says otherwise)" } else { "" };
    format!("independent {} errors {size}{but} with standard deviation {sigma}", s.errors)
}

/// One method in rounded numbers.
fn row(m: &MethodSummary) -> Vec<String> {
    let percent = |v: Option<f64>| v.map_or_else(|| "-".to_owned(), |v| format!("{:.1}%", 100.0 * v));
    let share = |v: f64| if v == 0.0 { "0".to_owned() } else { format!("{}%", significant(100.0 * v, 2)) };
    vec![
        m.method.clone(),
        percent(m.coverage),
        percent(m.standard_error),
        percent(m.worst_coverage),
        m.median_width.map_or_else(
            || if m.coverage.is_some() { "open" } else { "-" }.to_owned(),
            |w| significant(w, 3),
        ),
        share(m.unavailable),
        share(m.open),
        if m.refits > 0 { share(m.failed_refits as f64 / m.refits as f64) } else { String::new() },
    ]
}

/// Say which method to prefer, and what that rests on.
fn sentence(s: &Summary, p: &ParameterSummary) -> String {
    let mut out = preference(s, p);
    let share = s.failed_fits as f64 / (s.sets_done * s.laws.len()).max(1) as f64;
    if share > MANY_FAILED {
        let _ = write!(
            out,
            " {}% of the simulated data sets could not be fitted: coverage is that of the rest only.",
            significant(100.0 * share, 2)
        );
    }
    out
}

fn preference(s: &Summary, p: &ParameterSummary) -> String {
    if s.sets_done < FEWEST_SETS {
        return format!(
            "Too few data sets to prefer a method for {}: found {} a law, expected at least {FEWEST_SETS}.",
            p.name, s.sets_done
        );
    }
    let found = p.prefer.as_ref().and_then(|id| p.methods.iter().find(|m| m.method == *id));
    let Some(m) = found else {
        let clusters = if s.clustered { " that allows for clusters" } else { "" };
        return format!(
            "No method{clusters} to prefer for {}: none gives intervals for nearly all fits on this design.",
            p.name
        );
    };
    let percent = |v: Option<f64>| format!("{:.1}%", 100.0 * v.unwrap_or(0.0));
    let law = m.worst_at.as_deref().unwrap_or("-");
    if p.covers {
        let within = if m.worst_coverage.is_some_and(|w| w < s.level) {
            format!(", within Monte-Carlo error (+-{}) of {}", percent(m.worst_error), level(s.level))
        } else {
            String::new()
        };
        return format!(
            "For {} prefer {}: it covers {} and at worst {} ({law}){within}, and of the methods that do it is the narrowest, or \
             nearly so.",
            p.name,
            m.method,
            percent(m.coverage),
            percent(m.worst_coverage)
        );
    }
    let clusters = if s.clustered { " that allows for clusters" } else { "" };
    format!(
        "No method{clusters} covers {} at every law; {} comes nearest, with {} at worst ({law}). Read its interval as one of that \
         level.",
        level(s.level),
        m.method,
        percent(m.worst_coverage)
    )
}

/// One row a method and parameter; none where nothing was done.
fn csv(s: &Summary) -> String {
    let mut out = "parameter,method,sets,coverage,standard_error,worst_coverage,worst_at,median_width,unavailable,open,refits,\
                   failed_refits,preferred\n"
        .to_owned();
    let full = |v: Option<f64>| v.map_or_else(String::new, |v| v.to_string());
    for p in s.params.iter().filter(|_| s.sets_done > 0) {
        for m in &p.methods {
            let _ = writeln!(
                out,
                "{},{},{},{},{},{},{},{},{},{},{},{},{}",
                p.name,
                m.method,
                s.sets_done,
                full(m.coverage),
                full(m.standard_error),
                full(m.worst_coverage),
                m.worst_at.as_deref().unwrap_or(""),
                full(m.median_width),
                m.unavailable,
                m.open,
                m.refits,
                m.failed_refits,
                if p.prefer.as_ref() == Some(&m.method) { "yes" } else { "" }
            );
        }
    }
    out
}

fn markdown(s: &Summary) -> String {
    if s.sets_done == 0 {
        return format!("{NOTHING_DONE}\n");
    }
    let mut out = format!("| parameter | {} |\n|{}\n", HEADER.join(" | "), "---|".repeat(HEADER.len() + 1));
    for p in &s.params {
        for m in &p.methods {
            let _ = writeln!(out, "| {} | {} |", p.name, row(m).join(" | "));
        }
    }
    out.push('\n');
    for p in &s.params {
        let _ = writeln!(out, "{}", sentence(s, p));
    }
    if !s.notes.is_empty() {
        out.push('\n');
    }
    for note in &s.notes {
        let _ = writeln!(out, "- {note}");
    }
    out
}
