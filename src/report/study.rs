//! Scores of a study as a table.

use super::layout::table;
use crate::benchmark::verdict_study::{Errors, Score, Truth};
use std::fmt::Write as _;

/// How a table of scores is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Aligned columns, with a line on what was run.
    Text,
    /// Comma-separated values.
    Csv,
    /// A Markdown table.
    Markdown,
}

/// Render the scores of the study of the verdict.
#[must_use]
pub fn render(scores: &[Score], seed: u64, style: Style) -> String {
    let header = ["group", "law", "errors", "n", "sets", "SHAPE", "NOISE", "covers", "open", "width"];
    let rows: Vec<Vec<String>> = scores.iter().map(row).collect();
    match style {
        Style::Text => {
            let mut out = format!(
                "Share of data sets in which each answer rejects at 5%; share in which the 95% interval of the break covers it, \
                 and is open; its median width in decades. Seed {seed}.\n\n"
            );
            let mut all = vec![header.map(str::to_owned).to_vec()];
            all.extend(rows);
            table(&mut out, &all);
            out
        }
        Style::Csv => {
            let mut out = header.join(",").to_lowercase() + "\n";
            for row in rows {
                let _ = writeln!(out, "{}", row.join(","));
            }
            out
        }
        Style::Markdown => {
            let mut out = format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len()));
            for row in rows {
                let _ = writeln!(out, "| {} |", row.join(" | "));
            }
            out
        }
    }
}

fn row(s: &Score) -> Vec<String> {
    let rate = |v: Option<f64>| v.map_or_else(String::new, |v| format!("{v:.4}"));
    vec![
        s.cell.group.to_owned(),
        match s.cell.truth {
            Truth::Line => "line".to_owned(),
            Truth::Floor(e) => format!("floor E = {e}"),
            Truth::Kink(change) => format!("kink {change}"),
            Truth::SlowLog(gamma) => format!("(ln N)^{gamma}"),
        },
        match s.cell.errors {
            Errors::Normal => "normal".to_owned(),
            Errors::T3 => "t3".to_owned(),
            Errors::Falling(fold) => format!("SD falls {fold}-fold"),
            Errors::Outlier(by) => format!("one run off by {by} SD"),
            Errors::Step(fold) => format!("SD steps up {fold}-fold"),
        },
        s.cell.n.to_string(),
        s.sets.to_string(),
        rate(Some(s.shape)),
        rate(Some(s.noise)),
        rate(s.coverage),
        rate(s.open),
        s.width.map_or_else(String::new, |w| format!("{w:.3}")),
    ]
}
