//! What the residuals say: verdicts, place, influence, consequence and the next run.

use super::request::{Detail, Request};
use super::sections::{DiagnosticSection, Matters, OutcomeFields, OutlierSection};
use crate::data::Dataset;
use crate::diagnose::explanation::Explanation;
use crate::diagnose::influence::{Influence, influence};
use crate::diagnose::location::{Location, locate};
use crate::diagnose::next_run::{NextRun, next_run};
use crate::diagnose::outliers::{OutlyingRow, outlying_rows};
use crate::diagnose::simulated::{DRAWS, simulated_p};
use crate::diagnose::verdict::{FEWEST_ROWS, Judged, Verdict, judge as judge_fit, verdict};
use crate::diagnose::{self, Outcome, Tangent, noise_model};
use crate::fit::{Fit, FitSpec};
use crate::uncertainty::Jackknife;
use rayon::prelude::*;

/// Everything that the residuals say.
pub(super) struct Judgement {
    /// The plain power law.
    pub(super) line: Option<usize>,
    pub(super) verdict: Verdict,
    pub(super) shapes: Vec<Explanation>,
    pub(super) noises: Vec<noise_model::Explanation>,
    pub(super) location: Option<Location>,
    /// Rows that stand apart from the line where it holds, from the best other form where not; with that form.
    pub(super) outliers: (Option<&'static str>, Vec<OutlyingRow>),
    /// p value of SHAPE without them, where they can be left out.
    pub(super) without_outliers: Option<f64>,
    /// Verdicts on the other forms.
    pub(super) own: Vec<Option<Verdict>>,
    pub(super) matters: Option<Matters>,
    pub(super) next: Option<NextRun>,
    pub(super) influence: Vec<Influence>,
}

/// Judge every fit; `best` is the form that the comparison prefers.
pub(super) fn judge(
    fits: &[Fit],
    data: &Dataset,
    request: &Request,
    jackknives: &[&Jackknife],
    best: Option<&str>,
) -> Judgement {
    let line = fits.iter().position(|f| f.form.id() == "power");
    let judged: Vec<Judged> = fits.iter().map(|f| verdict(f, data, request.seed)).collect();
    let of_line = line.map(|k| judged[k].clone());
    let (verdict, shapes, noises) = match of_line {
        Some(j) => (j.verdict, j.shapes, j.noises),
        None => (Verdict::unknown(), Vec::new(), Vec::new()),
    };
    let broken = verdict.shape.holds == Some(false);
    let location = line
        .filter(|_| broken || request.detail == Detail::Full)
        .and_then(|k| locate(&fits[k], data, request.level.get(), request.seed).ok());
    let judge = match line {
        Some(k) if !broken => Some(k),
        _ => fits.iter().position(|f| Some(f.form.id()) == best).or(line),
    };
    let rows = judge.and_then(|k| outlying_rows(&Tangent::of_rows(&fits[k]).ok()?).ok()).unwrap_or_default();
    let without_outliers =
        line.filter(|_| broken).and_then(|k| shape_without(&fits[k], data, &rows, request.seed));
    let at = watched(data, request);
    let influence = fits
        .iter()
        .zip(jackknives)
        .filter(|(f, _)| request.detail == Detail::Full && !f.is_exact())
        .map(|(f, j)| influence(f, data, j, at))
        .collect();
    let matters = line.filter(|_| broken).and_then(|k| matters(&fits[k], shapes.first()?, at));
    let next = line.filter(|k| !fits[*k].is_exact()).and_then(|k| {
        let own = if judge == Some(k) { rows.as_slice() } else { &[] };
        next_run(&fits[k], data, &verdict, &shapes, location.as_ref(), own)
    });
    Judgement {
        line,
        own: judged.into_iter().enumerate().map(|(k, j)| (Some(k) != line).then_some(j.verdict)).collect(),
        verdict,
        shapes,
        noises,
        location,
        outliers: (judge.map(|k| fits[k].form.id()), rows),
        without_outliers,
        matters,
        next,
        influence,
    }
}

/// p value of SHAPE for the line through all rows but some; `None` without such rows, or with too few others.
fn shape_without(line: &Fit, data: &Dataset, rows: &[OutlyingRow], seed: u64) -> Option<f64> {
    let keep: Vec<usize> = (0..data.nobs()).filter(|i| rows.iter().all(|o| o.row != *i)).collect();
    if rows.is_empty() || keep.len() < FEWEST_ROWS {
        return None;
    }
    let others = data.subset(&keep);
    let fit = FitSpec::new(line.form).scale(line.design.scale).ok()?.fit(&others).ok()?;
    judge_fit(&fit, &others, seed).ok()?.shape.p_value
}

/// The size at which predictions are watched: the first that was asked for, or ten times the largest.
fn watched(data: &Dataset, request: &Request) -> f64 {
    let largest = data.x().values.last().copied().unwrap_or(1.0);
    request.at.first().copied().unwrap_or(if (10.0 * largest).is_finite() { 10.0 * largest } else { largest })
}

/// The prediction of the line beside that of the law that explains the break.
fn matters(line: &Fit, law: &Explanation, at: f64) -> Option<Matters> {
    let simple = line.predict(at);
    let eta = law.law.at(line.centred(at));
    let other = line.design.scale.invert(eta) * line.design.frame.y_scale;
    (simple.is_finite() && other.is_finite() && other != 0.0).then(|| Matters {
        at,
        line: simple,
        law: law.name,
        prediction: other,
        percent: 100.0 * (simple / other - 1.0),
    })
}

/// Run every check on a fit.
pub(super) fn checks(fit: &Fit, data: &Dataset, request: &Request) -> (Vec<Outcome>, Vec<DiagnosticSection>) {
    let full = request.detail == Detail::Full;
    let by_size = full.then(|| Tangent::of_sizes(fit, data).ok()).flatten();
    let by_row = full.then(|| Tangent::of_rows(fit).ok()).flatten();
    let results: Vec<_> = diagnose::CATALOGUE
        .par_iter()
        .map(|check| {
            let result = check.check(fit, data);
            let tangent = if check.by_row() { &by_row } else { &by_size };
            let simulated = result.as_ref().ok().filter(|o| !o.exact).and(tangent.as_ref()).and_then(|t| {
                let observed = check.statistic(t, &t.e)?;
                simulated_p(t, request.seed, DRAWS, |t, e| check.statistic(t, e), observed)
            });
            (check, result, simulated)
        })
        .collect();
    let outcomes = results.iter().filter_map(|r| r.1.as_ref().ok().cloned()).collect();
    let sections = results
        .into_iter()
        .map(|(check, result, simulated)| DiagnosticSection {
            id: check.id(),
            meaning: check.meaning(),
            not_applicable: result.as_ref().err().map(ToString::to_string),
            outcome: result.ok().map(|o| OutcomeFields::from_outcome(&o, simulated, &data.lines)),
        })
        .collect();
    (outcomes, sections)
}

/// Describe rows that stand apart.
pub(super) fn outlier_sections(rows: &[OutlyingRow], data: &Dataset) -> Vec<OutlierSection> {
    rows.iter()
        .map(|o| OutlierSection {
            line: data.lines[o.row],
            x: data.x().values[o.row],
            y: data.response.values[o.row],
            t: o.t,
        })
        .collect()
}
