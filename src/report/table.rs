//! Tables of a report as CSV, Markdown and LaTeX: parameters, predictions with inversions, the comparison, or the checks.

use super::number::{end, level, percent, rounded, significant, unbounded};
use super::sections::{DiagnosticSection, ParamSection, Report};
use crate::diagnose::verdict::Answer;
use crate::predict::Band;

/// Which table of a report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Every parameter with its leading interval.
    Parameters,
    /// Predictions, then inversions.
    Predictions,
    /// The forms side by side.
    Comparison,
    /// Both answers and every check of every form.
    Checks,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Comma-separated values in full precision; what is missing or unbounded is an empty cell.
    Csv,
    /// A Markdown table, rounded.
    Markdown,
    /// A LaTeX tabular, rounded.
    Latex,
}

/// One cell: the number in full, and as a reader wants it.
struct Cell {
    full: String,
    rounded: String,
}

impl Cell {
    fn word(text: &str) -> Cell {
        Cell { full: text.to_owned(), rounded: text.to_owned() }
    }

    fn number(value: Option<f64>, show: impl Fn(f64) -> String) -> Cell {
        Cell {
            full: value.filter(|v| v.is_finite()).map_or(String::new(), in_full),
            rounded: value.map_or_else(|| "-".to_owned(), show),
        }
    }

    fn limit(value: Option<f64>, open: f64, show: impl Fn(f64) -> String) -> Cell {
        Cell { rounded: value.map_or_else(|| unbounded(open), &show), ..Cell::number(value, &show) }
    }
}

/// A number in full precision, very small and very large ones with an exponent.
fn in_full(v: f64) -> String {
    if v != 0.0 && !(1e-5..1e16).contains(&v.abs()) { format!("{v:e}") } else { v.to_string() }
}

/// Render one table of a report.
#[must_use]
pub fn render(report: &Report, subject: Subject, style: Style) -> String {
    let (header, rows) = match subject {
        Subject::Parameters => parameters(report),
        Subject::Predictions => predictions(report),
        Subject::Comparison => comparison(report),
        Subject::Checks => checks(report),
    };
    match style {
        Style::Csv => {
            let mut out = header.join(",") + "\n";
            for row in rows {
                out.push_str(&row.into_iter().map(|c| quoted(c.full)).collect::<Vec<_>>().join(","));
                out.push('\n');
            }
            out
        }
        Style::Markdown => {
            let mut out = format!("| {} |\n|{}\n", header.join(" | "), "---|".repeat(header.len()));
            for row in rows {
                let cells: Vec<String> = row.into_iter().map(|c| c.rounded).collect();
                out.push_str(&format!("| {} |\n", cells.join(" | ")));
            }
            out
        }
        Style::Latex => latex(&header, rows),
    }
}

fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

fn latex(header: &[&str], rows: Vec<Vec<Cell>>) -> String {
    let escape = |s: &str| -> String {
        s.chars()
            .map(|c| match c {
                '_' | '%' | '&' | '#' | '$' | '{' | '}' => format!("\\{c}"),
                '^' => "\\textasciicircum{}".to_owned(),
                '~' => "\\textasciitilde{}".to_owned(),
                '\\' => "\\textbackslash{}".to_owned(),
                '<' | '>' | '|' => format!("${c}$"),
                _ => c.to_string(),
            })
            .collect()
    };
    let math = |s: &str| match s {
        "inf" => "$\\infty$".to_owned(),
        "-inf" => "$-\\infty$".to_owned(),
        "alpha" => "$\\alpha$".to_owned(),
        _ if s.len() == 1 && s != "-" || s.starts_with('-') && s.len() > 1 => format!("${s}$"),
        _ => escape(s),
    };
    let mut out = format!("\\begin{{tabular}}{{{}}}\n\\hline\n", "l".repeat(header.len()));
    out.push_str(&header.iter().map(|h| escape(h)).collect::<Vec<_>>().join(" & "));
    out.push_str(" \\\\\n\\hline\n");
    for row in rows {
        out.push_str(&row.iter().map(|c| math(&c.rounded)).collect::<Vec<_>>().join(" & "));
        out.push_str(" \\\\\n");
    }
    out.push_str("\\hline\n\\end{tabular}\n");
    out
}

type Table = (Vec<&'static str>, Vec<Vec<Cell>>);

fn parameters(report: &Report) -> Table {
    let header = vec!["form", "parameter", "estimate", "std_error", "low", "high", "level", "method"];
    let row = |form: &str, p: &ParamSection| {
        let lead = p.lead();
        let show = |v: f64| end(v, p.estimate, p.std_error);
        vec![
            Cell::word(form),
            Cell::word(p.name),
            Cell::number(Some(p.estimate), |v| rounded(v, p.std_error)),
            Cell::number(p.std_error, |v| significant(v, 2)),
            Cell::limit(lead.and_then(|i| i.low), -1.0, show),
            Cell::limit(lead.and_then(|i| i.high), 1.0, show),
            Cell { full: report.level.to_string(), rounded: level(report.level) },
            Cell::word(lead.map_or("-", |i| i.method.as_str())),
        ]
    };
    let rows = report.fits.iter().flat_map(|f| f.params.iter().map(move |p| row(f.form, p)));
    (header, rows.collect())
}

/// The four limits of a prediction or inversion; what was never estimated has none.
fn limits(mean: &Band, new_run: &Band, estimate: Option<f64>) -> Vec<Cell> {
    let spread = mean.low.zip(mean.high).map(|(a, b)| 0.25 * (b - a)).filter(|w| *w > 0.0);
    let show = |v: f64| estimate.map_or_else(|| significant(v, 4), |e| end(v, e, spread));
    [(mean.low, -1.0), (mean.high, 1.0), (new_run.low, -1.0), (new_run.high, 1.0)]
        .into_iter()
        .map(|(v, open)| {
            if estimate.is_none() && *mean == Band::OPEN {
                Cell::word("")
            } else {
                Cell::limit(v, open, show)
            }
        })
        .collect()
}

fn predictions(report: &Report) -> Table {
    let header = vec![
        "kind",
        "form",
        "given",
        "estimate",
        "mean_low",
        "mean_high",
        "new_run_low",
        "new_run_high",
        "level",
    ];
    let row = |kind: &str, form: &str, given: f64, estimate: Option<f64>, mean: &Band, new_run: &Band| {
        let mut row = vec![
            Cell::word(kind),
            Cell::word(form),
            Cell::number(Some(given), |v| significant(v, 6)),
            Cell::number(estimate, |v| significant(v, 4)),
        ];
        row.extend(limits(mean, new_run, estimate));
        row.push(Cell { full: report.level.to_string(), rounded: level(report.level) });
        row
    };
    let mut rows: Vec<Vec<Cell>> = report
        .predictions
        .iter()
        .map(|p| {
            let at = p.at.values().next().and_then(serde_json::Value::as_f64).unwrap_or(f64::NAN);
            row("prediction", p.form, at, p.estimate, &p.mean, &p.new_run)
        })
        .collect();
    rows.extend(
        report.inversions.iter().map(|i| row("inversion", i.form, i.target, i.estimate, &i.mean, &i.new_run)),
    );
    (header, rows)
}

fn comparison(report: &Report) -> Table {
    let header = vec!["form", "sse", "aic", "aicc", "bic", "weight", "left_out_error", "largest_size_error"];
    let rows = report.fits.iter().zip(&report.comparison.forms).map(|(f, s)| {
        vec![
            Cell::word(f.form),
            Cell::number(Some(f.sse), |v| significant(v, 4)),
            Cell::number(f.aic, |v| format!("{v:.2}")),
            Cell::number(f.aicc, |v| format!("{v:.2}")),
            Cell::number(f.bic, |v| format!("{v:.2}")),
            Cell::number(s.weight, |v| format!("{v:.3}")),
            Cell::number(s.loo_rmse, percent),
            Cell::number(s.leave_largest_out, |v| percent(v.exp() - 1.0)),
        ]
    });
    (header, rows.collect())
}

fn checks(report: &Report) -> Table {
    let header = vec!["form", "check", "statistic", "dof", "p_value", "simulated_p", "exact", "line", "note"];
    let p = |v: Option<f64>| Cell::number(v, |v| significant(v, 3));
    let answer = |form: &str, check: &str, a: &Answer| {
        vec![
            Cell::word(form),
            Cell::word(check),
            Cell::number(None, |_| String::new()),
            Cell::word(""),
            p(a.p_value),
            p(None),
            Cell::word(""),
            Cell::word(""),
            Cell::word(match (a.holds, a.name) {
                (Some(true), _) => "holds",
                (_, Some(name)) => name,
                _ => "cannot tell",
            }),
        ]
    };
    let check = |form: &str, d: &DiagnosticSection| {
        let o = d.outcome.as_ref();
        let dof = o.map_or_else(Vec::new, |o| o.dof.iter().map(f64::to_string).collect());
        vec![
            Cell::word(form),
            Cell::word(d.id),
            Cell::number(o.map(|o| o.statistic), |v| significant(v, 6)),
            Cell::word(&dof.join(" ")),
            p(o.map(|o| o.p_value)),
            p(o.and_then(|o| o.simulated_p)),
            Cell::word(o.map_or("", |o| if o.exact { "yes" } else { "no" })),
            Cell::word(&o.and_then(|o| o.line).map_or(String::new(), |l| l.to_string())),
            Cell::word(d.not_applicable.as_deref().unwrap_or(d.meaning)),
        ]
    };
    let mut rows = Vec::new();
    if let Some(form) = report.verdict.form {
        rows.push(answer(form, "SHAPE", &report.verdict.shape.answer));
        rows.push(answer(form, "NOISE", &report.verdict.noise.answer));
        rows.extend(report.diagnostics.iter().map(|d| check(form, d)));
    }
    for fit in &report.fits {
        if let Some(own) = &fit.verdict {
            rows.push(answer(fit.form, "SHAPE", &own.shape));
            rows.push(answer(fit.form, "NOISE", &own.noise));
        }
        rows.extend(fit.diagnostics.iter().map(|d| check(fit.form, d)));
    }
    (header, rows)
}
