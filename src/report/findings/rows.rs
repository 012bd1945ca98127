//! Findings about the rows.

use crate::data::{Dataset, PrecisionKind, Quantity, ResponseKind, builtin, response_kind};
use crate::diagnose::{Diagnostic as _, Finding, LackOfFit, Outcome, Severity};
use crate::report::context::Context;
use crate::report::number::{p_value, percent, significant};

pub(super) fn data(c: &Context<'_>, out: &mut Vec<Finding>) {
    let d = c.data;
    if !d.dropped.is_empty() {
        let lines: Vec<String> = d.dropped.iter().take(5).map(|r| r.line.to_string()).collect();
        let more = if d.dropped.len() > 5 { ", ..." } else { "" };
        let asked = d.dropped.iter().all(|r| r.reason.contains("--drop-largest"));
        out.push(Finding::new(
            "rows-left-out",
            if asked { Severity::Note } else { Severity::Warning },
            format!(
                "{} rows were left out (lines {}{more}); the JSON lists each with its reason.",
                d.dropped.len(),
                lines.join(", ")
            ),
            "Say so where you publish the fit.",
        ));
    }
    for fit in c.fits {
        let letters = fit.form.about().predictors;
        let misplaced = d.predictors.iter().zip(letters).find(|(p, letter)| {
            let (named, meant) = (Quantity::of(&p.name), Quantity::by_letter(letter));
            letters.len() > 1
                && fit.form.said().is_none()
                && named.is_some()
                && meant.is_some()
                && named != meant
        });
        if let Some((p, letter)) = misplaced {
            out.push(Finding::new(
                "predictor-order",
                Severity::Warning,
                format!(
                    "`{}` reads `{}` as its {letter}, though the name says otherwise.",
                    fit.form.id(),
                    p.name
                ),
                &format!("Give the columns in the order of the form: `--x {}`.", letters.join(",")),
            ));
        }
    }
    let narrow: Vec<String> = c
        .fits
        .iter()
        .filter(|f| f.form.inputs() < d.predictors.len())
        .map(|f| {
            let read: Vec<String> =
                d.predictors[..f.form.inputs()].iter().map(|p| format!("`{}`", p.name)).collect();
            format!("`{}` reads {} only", f.form.id(), read.join(", "))
        })
        .collect();
    if !narrow.is_empty() {
        out.push(Finding::new(
            "fewer-predictors",
            Severity::Warning,
            format!("{}: what the other predictors do is scatter to it.", narrow.join("; ")),
            "Compare it with forms of all predictors, or fix the others with `--where`.",
        ));
    }
    let falls = c.fits.first().is_some_and(crate::fit::Fit::falls);
    let wrong = match response_kind(&d.response.name) {
        ResponseKind::Loss | ResponseKind::Perplexity | ResponseKind::Error => !falls,
        ResponseKind::Accuracy => falls,
        ResponseKind::Unknown => false,
    };
    if wrong {
        out.push(Finding::new(
            "unexpected-direction",
            Severity::Warning,
            format!(
                "`{}` {} with `{}`: a column of that name usually goes the other way.",
                d.response.name,
                if falls { "falls" } else { "rises" },
                d.x().name
            ),
            "Check that --x and --y name the columns that you mean.",
        ));
    }
    if c.range.high == 100.0 {
        out.push(Finding::new(
            "percentages",
            Severity::Warning,
            format!(
                "`{}` looks like percentages: it is treated as a number that cannot pass 100.",
                d.response.name
            ),
            "Divide by 100 to have the forms for accuracies fitted.",
        ));
    }
    if let Some(column) = &d.differing
        && d.distinct() < d.nobs()
    {
        out.push(Finding::new(
            "not-replicates",
            Severity::Warning,
            format!(
                "Rows of equal `{}` differ in `{column}`: they are no replicates, and part of the scatter is the effect of \
                 `{column}`.",
                d.x().name
            ),
            &format!(
                "Fit a law of both with `--x {},{column}`, fix that column with `--where`, or read the law as an average over it.",
                d.x().name
            ),
        ));
    }
    let items = d.precision.as_ref().is_some_and(|p| p.kind == PrecisionKind::Items);
    if c.range.high == 1.0 && !items && !c.fits.iter().any(crate::fit::Fit::is_exact) {
        let mean = crate::math::sum::mean(&d.response.values);
        let binomial = (mean * (1.0 - mean) / 1000.0).sqrt() / mean;
        out.push(Finding::new(
            "evaluation-noise",
            Severity::Note,
            format!(
                "`{}` rises and lies between 0 and 1, so it is treated as a fraction that cannot pass 1. With 1,000 evaluation \
                 items its sampling error alone would be about {} of its value.",
                d.response.name,
                percent(binomial)
            ),
            "Find out how many items the evaluation had: scatter below its sampling error is luck.",
        ));
    }
    if let Some(o) = c.outcomes.iter().find(|o| o.id == "lack-of-fit") {
        out.push(pure_error(d, o, "the line"));
    }
    // Where no line is judged, each law has its own test.
    if d.predictors.len() > 1 {
        let plain =
            c.fits.iter().filter(|f| f.loss.is_gaussian() && !f.is_weighted() && !f.form.reads_sets());
        for (fit, outcome) in plain.filter_map(|f| Some((f, LackOfFit.check(f, d).ok()?))) {
            out.push(pure_error(d, &outcome, &format!("`{}`", fit.form.id())));
        }
    }
}

/// Whether replicates explain the deviations from a law.
fn pure_error(d: &Dataset, o: &Outcome, law: &str) -> Finding {
    let misses = o.p_value < 0.05;
    let points = if d.predictors.len() > 1 { "points" } else { "sizes" };
    let verdict = if misses {
        format!("the {points} deviate from {law} by more than repeated runs explain")
    } else {
        format!("repeated runs explain the deviations of the {points} from {law}")
    };
    Finding::new(
        "replicates",
        if misses { Severity::Warning } else { Severity::Note },
        format!(
            "{} rows at {} {points}: replicates give a pure error. Lack of fit F({}, {}) = {}, {}: {verdict}.",
            d.nobs(),
            d.distinct(),
            o.dof[0],
            o.dof[1],
            significant(o.statistic, 4),
            p_value(o.p_value)
        ),
        "Replicates must be independent runs; checkpoints of one run are not.",
    )
    .citing("Draper and Smith (1998)")
}

/// What is known of a built-in data set.
pub(super) fn provenance(c: &Context<'_>, out: &mut Vec<Finding>) {
    if let Some(set) = c.data.source.strip_prefix('@').and_then(|id| builtin(id).ok()) {
        out.push(Finding::new(
            "built-in-data",
            Severity::Note,
            format!("@{} is {}. {}", set.id, set.title, set.published),
            "",
        ));
    }
}
