//! Findings on the errors: rows that stand apart, and what else is wrong with the noise.

use super::judgement::broken;
use crate::diagnose::outliers::OutlyingRow;
use crate::diagnose::verdict::{Answer, FALSE_ALARM};
use crate::diagnose::{Finding, Severity};
use crate::report::context::Context;
use crate::report::judgement::end_of;
use crate::report::narrative::with_size;
use crate::report::number::{p_value, significant, thousands};

/// Outlying rows that are named one by one.
const NAMED: usize = 6;

/// The verdict on the noise of the form from which rows stand apart.
fn noise_of_outliers<'a>(c: &'a Context<'_>) -> Option<&'a Answer> {
    let form = c.judgement.outliers.0?;
    let k = c.judged.iter().position(|f| f.form.id() == form)?;
    Some(c.judgement.own[k].as_ref().map_or(&c.judgement.verdict.noise, |v| &v.noise))
}

pub(super) fn stands_without_outliers(c: &Context<'_>) -> bool {
    c.judgement.without_outliers.is_some_and(|p| p > FALSE_ALARM)
}

pub(super) fn outliers(c: &Context<'_>) -> Option<Finding> {
    let (form, rows) = (c.judgement.outliers.0?, c.judgement.outliers.1.as_slice());
    if rows.is_empty() {
        return None;
    }
    let noise = noise_of_outliers(c)?;
    let x = c.data.x();
    let show = |o: &OutlyingRow| {
        format!("line {} ({} = {})", c.data.lines[o.row], x.name, with_size(c, x.values[o.row]))
    };
    let mut named: Vec<String> = rows.iter().take(NAMED).map(show).collect();
    if rows.len() > NAMED {
        named.push(format!("{} more", thousands(rows.len() - NAMED)));
    }
    let whose = if form == "power" { "the line".to_owned() } else { format!("`{form}`") };
    let list = match named.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => return None,
    };
    let (plural, stand) = if rows.len() == 1 { ("", "stands") } else { ("s", "stand") };
    let end = end_of(c.data, rows).map_or(String::new(), |end| {
        format!(
            " {} the {end} size{plural}, where outliers cannot be told from a break.",
            if rows.len() == 1 { "It is at" } else { "They are" }
        )
    });
    let without = match c.judgement.without_outliers {
        Some(p) if broken(c) => format!(
            " Without {} the straight line {} ({}).",
            if rows.len() == 1 { "it" } else { "them" },
            if p > FALSE_ALARM { "holds" } else { "does not hold either" },
            p_value(p)
        ),
        _ => String::new(),
    };
    let mut text = format!(
        "{list} {stand} apart from {whose} through the rest ({}).{end}{without}",
        p_value(noise.p_value?)
    );
    text[..1].make_ascii_uppercase();
    Some(
        Finding::new(
            "outliers",
            Severity::Warning,
            text,
            if rows.len() == 1 {
                "Check it before anything else; `lawfit diagnose` shows what it does to alpha."
            } else {
                "Check them before anything else; `lawfit diagnose` shows what each does to alpha."
            },
        )
        .citing("Hadi and Simonoff (1993)"),
    )
}

pub(super) fn noise(c: &Context<'_>) -> Option<Finding> {
    let noise = &c.judgement.verdict.noise;
    // On a bent line dependence and spread are the bend seen again.
    if noise.holds != Some(false) || broken(c) {
        return None;
    }
    let p = p_value(noise.p_value?);
    let detail = c.judgement.noises.first().map_or(0.0, |e| e.detail);
    let x = c.data.x();
    let row = |at: f64| x.values.get(at as usize).map_or(String::new(), |v| with_size(c, *v));
    let rivals = match noise.rivals.as_slice() {
        [] => String::new(),
        some => format!(" These data cannot tell that from {}.", some.join(" or ")),
    };
    let (what, advice) = match noise.name? {
        "outlier" if c.judgement.outliers.1.is_empty() => {
            let line = c.data.lines.get(detail as usize)?;
            (
                format!("one run stands apart, line {line} ({} = {})", x.name, row(detail)),
                "Check that row; compare with `--where` what it does to alpha.",
            )
        }
        // The rows have been named.
        "outlier" => return None,
        "trend of the spread" => (
            format!(
                "the scatter {} with {} (as {}^{})",
                if detail < 0.0 { "falls" } else { "grows" },
                x.name,
                x.name,
                significant(detail, 2)
            ),
            "The interval that leads allows for it; the bands of predictions do not.",
        ),
        "step of the spread" => (
            format!("the scatter changes at {} = {}, in a step", x.name, row(detail)),
            "Find out what changed in the runs there. The interval that leads allows for a gradual change, HC3-t for a step too.",
        ),
        "dependence" => (
            format!(
                "neighbouring sizes err {} (correlation {})",
                if detail < 0.0 { "in opposite directions" } else { "in the same direction" },
                significant(detail, 2)
            ),
            "Intervals that assume independent runs are too narrow here.",
        ),
        "heavy tails" => (
            "large errors are more frequent than normal ones allow".to_owned(),
            "Intervals for alpha suffer little, those for one new run are too narrow.",
        ),
        other => (other.to_owned(), ""),
    };
    Some(
        Finding::new(
            "noise-rejected",
            Severity::Warning,
            format!("The errors are not independent, normal and of one size ({p}): {what}.{rivals}"),
            advice,
        )
        .citing("Dufour et al. (1998)"),
    )
}
