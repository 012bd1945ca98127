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
                percent(t.monte_carlo_error()),
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

/// A study in Markdown: what `auto` does in every cell, where it misses, and every method.
fn markdown(study: &Study) -> String {
    let mut out = format!(
        "Coverage in percent of nominal {} intervals; `auto` is what a report leads with. {}. Monte-Carlo standard error of 95%: \
         {} points.\n\n",
        level(study.header.level),
        study.header.describe(),
        significant(100.0 * (0.95 * 0.05 / study.header.sets.max(1) as f64).sqrt(), 2),
    );
    out.push_str(&leading_table(study));
    let _ = write!(
        out,
        "\n## Where `auto` misses\n\nCells in which `auto` covers less than {}% or more than {}%, or is wider than {WIDE} times the \
         narrowest method that covers at least {}%.\n\n",
        100.0 * BAND.0,
        100.0 * BAND.1,
        100.0 * BAND.0
    );
    let missed = misses(study);
    if missed.is_empty() {
        out.push_str("None.\n");
    }
    for m in missed {
        let _ = writeln!(out, "- {m}");
    }
    out.push_str(
        "\n## Every method\n\nCoverage in percent with the median width in brackets; \"none\": share of the fits for which the method \
         gave no interval.\n",
    );
    for group in GROUPS {
        let rows: Vec<&Row> = study.rows.iter().filter(|r| r.group == group).collect();
        let mut blocks: Vec<(String, Vec<&Row>)> = Vec::new();
        for r in rows {
            let name = format!("{}, {}", series(&r.cell), r.target);
            match blocks.iter_mut().find(|b| b.0 == name) {
                Some(block) => block.1.push(r),
                None => blocks.push((name, vec![r])),
            }
        }
        for (name, rows) in blocks {
            out.push_str(&block(&name, &rows));
        }
    }
    out
}

/// What `auto` does in every cell, beside the narrowest method that covers there.
fn leading_table(study: &Study) -> String {
    let mut out = String::from(
        "| cell | parameter | covers | median width | narrowest that covers | its width | ratio | refits failed | not fitted |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for own in study.rows.chunk_by(|a, b| a.cell == b.cell && a.target == b.target) {
        let Some(auto) = own.iter().find(|r| r.method == AUTO) else { continue };
        let best = narrowest(own);
        let ratio = best
            .and_then(|b| Some(auto.tally.median_width? / b.tally.median_width?))
            .map_or_else(|| "-".to_owned(), |r| format!("{r:.2}"));
        let refits: usize = own.iter().map(|r| r.tally.refits).sum();
        let failed: usize = own.iter().map(|r| r.tally.failed_refits).sum();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {ratio} | {} | {} |",
            auto.cell,
            auto.target,
            percent(auto.tally.coverage()),
            width(&auto.tally),
            best.map_or("-", |b| b.method.as_str()),
            best.map_or_else(|| "-".to_owned(), |b| width(&b.tally)),
            match failed {
                0 => "0".to_owned(),
                f => format!("{}%", significant(100.0 * f as f64 / refits as f64, 2)),
            },
            auto.tally.failed_fits
        );
    }
    out
}

/// The narrowest method that covers in a cell, for at least 95% of the fits.
fn narrowest(own: &[Row]) -> Option<&Row> {
    let finite = |r: &Row| r.tally.median_width.unwrap_or(f64::INFINITY);
    let covers = |r: &&Row| r.tally.coverage().is_some_and(|c| c >= BAND.0) && r.tally.missing() <= 0.05;
    let best = own.iter().filter(|r| r.method != AUTO).filter(covers);
    best.min_by(|a, b| finite(a).total_cmp(&finite(b))).filter(|r| finite(r).is_finite())
}

/// The name of a cell without its number of rows or families.
fn series(cell: &str) -> &str {
    cell.rsplit_once('-').map_or(cell, |s| s.0)
}

/// One law and kind of errors: methods by numbers of rows.
fn block(name: &str, rows: &[&Row]) -> String {
    let mut cells: Vec<&str> = Vec::new();
    let mut methods: Vec<&str> = Vec::new();
    for r in rows {
        if !cells.contains(&r.cell.as_str()) {
            cells.push(&r.cell);
        }
        if !methods.contains(&r.method.as_str()) {
            methods.push(&r.method);
        }
    }
    let heads: Vec<&str> = cells.iter().map(|c| c.rsplit_once('-').map_or(*c, |s| s.1)).collect();
    let mut out =
        format!("\n### {name}\n\n| method | {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len() + 1));
    for method in methods {
        let _ = write!(out, "| {method} |");
        for cell in &cells {
            let shown = rows.iter().find(|r| r.method == method && r.cell == *cell);
            let _ = write!(out, " {} |", shown.map_or_else(String::new, |r| shown_tally(&r.tally)));
        }
        out.push('\n');
    }
    out
}

/// Coverage, width, and the share without an interval where there is one.
fn shown_tally(t: &Tally) -> String {
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
        let finite = |r: &Row| r.tally.median_width.unwrap_or(f64::INFINITY);
        if let Some(best) = narrowest(own).filter(|b| finite(auto) > WIDE * finite(b)) {
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
