//! A study of coverage as a table: cells by methods, and where the default misses.

use super::layout::{line, paragraph, table};
use super::number::{level, significant};
use super::study::Style;
use crate::benchmark::coverage::{AUTO, GROUPS, Row, Study, Tally};
use std::fmt::Write as _;

/// Coverage of a 95% interval below and above which a cell is listed.
const BAND: (f64, f64) = (0.935, 0.965);
/// Width, as a multiple of the narrowest method that covers, above which a cell is listed.
const WIDE: f64 = 1.25;

/// Render a study.
#[must_use]
pub fn render(study: &Study, style: Style) -> String {
    match style {
        Style::Csv => study.to_csv(),
        Style::Text => text(study),
        Style::Markdown => markdown(study),
    }
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |c| format!("{:.1}", 100.0 * c))
}

fn width(t: &Tally) -> String {
    match t.median_width {
        Some(w) => significant(w, 3),
        None if t.given() > 0 => "open".to_owned(),
        None => "-".to_owned(),
    }
}

fn text(study: &Study) -> String {
    let mut out = String::new();
    let what = format!(
        "Share of {} data sets in which the {} interval holds the true value, its Monte-Carlo error, and the median width. \
         {}.",
        study.header.sets,
        level(study.header.level),
        study.header.describe()
    );
    paragraph(&mut out, &what, "", 96);
    for cell in study.rows.chunk_by(|a, b| a.cell == b.cell) {
        line(&mut out, "");
        line(&mut out, &format!("{}: {} with {} rows", cell[0].cell, cell[0].form, cell[0].n));
        let mut rows: Vec<Vec<String>> = vec![
            ["method", "parameter", "covers", "+-", "width", "none", "open sides", "failed refits"]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.extend(cell.iter().map(|r| {
            let t = &r.tally;
            vec![
                r.method.clone(),
                r.target.clone(),
                percent(t.coverage()),
                percent(t.coverage().map(|c| t.standard_error(c))),
                width(t),
                t.unavailable.to_string(),
                t.open_sides.to_string(),
                if t.refits > 0 { format!("{} of {}", t.failed_refits, t.refits) } else { String::new() },
            ]
        }));
        table(&mut out, &rows);
        failed_fits(&mut out, &cell[0]);
    }
    out
}

fn failed_fits(out: &mut String, row: &Row) {
    if row.tally.failed_fits > 0 {
        line(
            out,
            &format!("  {} of {} data sets could not be fitted", row.tally.failed_fits, row.tally.sets),
        );
    }
}

fn markdown(study: &Study) -> String {
    let mut out = format!(
        "Coverage in percent of nominal {} intervals, with the median width in brackets; `auto` is what a report leads with. {}. \
         \"none\": share of the fits for which the method gave no interval; \"refits failed\": of all bootstrap refits of the \
         row.\n",
        level(study.header.level),
        study.header.describe(),
    );
    for group in GROUPS {
        let rows: Vec<&Row> = study.rows.iter().filter(|r| r.group == group).collect();
        if rows.is_empty() {
            continue;
        }
        let mut methods: Vec<&str> = Vec::new();
        for r in &rows {
            if !methods.contains(&r.method.as_str()) {
                methods.push(&r.method);
            }
        }
        let _ = write!(out, "\n## {group}\n\n| cell | parameter | {} ", methods.join(" | "));
        let _ = write!(out, "| refits failed | not fitted |\n|{}\n", "---|".repeat(methods.len() + 4));
        for own in rows.chunk_by(|a, b| a.cell == b.cell && a.target == b.target) {
            let _ = write!(out, "| {} | {} |", own[0].cell, own[0].target);
            for method in &methods {
                let cell =
                    own.iter().find(|r| r.method == *method).map_or_else(String::new, |r| shown(&r.tally));
                let _ = write!(out, " {cell} |");
            }
            let refits: usize = own.iter().map(|r| r.tally.refits).sum();
            let failed: usize = own.iter().map(|r| r.tally.failed_refits).sum();
            let share = failed as f64 / refits.max(1) as f64;
            let _ = writeln!(
                out,
                " {} | {} |",
                if failed > 0 { format!("{}%", significant(100.0 * share, 2)) } else { "0".to_owned() },
                own[0].tally.failed_fits
            );
        }
    }
    let missed = misses(study);
    let _ = write!(
        out,
        "\n## Where `auto` misses\n\nCells in which `auto` covers less than {}% or more than {}%, or is wider than {WIDE} times the \
         narrowest method that covers at least {}%.\n\n",
        100.0 * BAND.0,
        100.0 * BAND.1,
        100.0 * BAND.0
    );
    match missed.is_empty() {
        true => out.push_str("None.\n"),
        false => missed.iter().for_each(|m| {
            let _ = writeln!(out, "- {m}");
        }),
    }
    out
}

/// Coverage, width, and the share without an interval where there is one.
fn shown(t: &Tally) -> String {
    let none = match t.missing() {
        0.0 => String::new(),
        share => format!(", none {}%", significant(100.0 * share, 2)),
    };
    format!("{} ({}){none}", percent(t.coverage()), width(t))
}

/// The cells in which the default misses, in words.
fn misses(study: &Study) -> Vec<String> {
    let mut out = Vec::new();
    for own in study.rows.chunk_by(|a, b| a.cell == b.cell && a.target == b.target) {
        let Some(auto) = own.iter().find(|r| r.method == AUTO) else { continue };
        let place = format!("`{}`, {}", auto.cell, auto.target);
        let t = &auto.tally;
        if t.coverage().is_none_or(|c| c < BAND.0 || c > BAND.1) {
            out.push(format!("{place}: covers {}% ({})", percent(t.coverage()), width(t)));
        }
        let covers = |r: &&Row| r.tally.coverage().is_some_and(|c| c >= BAND.0);
        let finite = |r: &Row| r.tally.median_width.unwrap_or(f64::INFINITY);
        let rivals = own.iter().filter(|r| r.method != AUTO).filter(covers);
        let best = rivals.min_by(|a, b| finite(a).total_cmp(&finite(b)));
        if let Some(best) = best.filter(|b| finite(b).is_finite() && finite(auto) > WIDE * finite(b)) {
            out.push(format!(
                "{place}: width {}, `{}` {} with {}%",
                width(t),
                best.method,
                width(&best.tally),
                percent(best.tally.coverage())
            ));
        }
    }
    out
}
