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
use crate::diagnose::verdict::{
    Answer, FALSE_ALARM, FEWEST_SIZES, Judged, Verdict, judge as judge_fit, verdict,
};
use crate::diagnose::{self, Outcome, Tangent, noise_model};
use crate::fit::{Fit, FitSpec};
use crate::predict::Range;
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

impl Judgement {
    /// Nothing said: residuals are read along one predictor.
    fn none(fits: usize) -> Judgement {
        Judgement {
            line: None,
            verdict: Verdict::unknown(),
            shapes: Vec::new(),
            noises: Vec::new(),
            location: None,
            outliers: (None, Vec::new()),
            without_outliers: None,
            own: vec![None; fits],
            matters: None,
            next: None,
            influence: Vec::new(),
        }
    }
}

/// Judge every fit; `best` is the form that the comparison prefers.
pub(super) fn judge(
    fits: &[Fit],
    data: &Dataset,
    request: &Request,
    jackknives: &[&Jackknife],
    best: Option<&str>,
) -> Judgement {
    let weighted = fits.iter().any(Fit::is_weighted);
    if data.predictors.len() > 1 || data.labels.is_some() || weighted {
        return Judgement::none(fits.len());
    }
    let line = fits.iter().position(|f| f.form.id() == "power" && f.dim() == 2);
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
    let rows = judge.map_or_else(Vec::new, |k| reported(&fits[k], data, &judged[k].verdict, broken));
    let without =
        line.filter(|_| !rows.is_empty()).and_then(|k| judge_without(&fits[k], data, &rows, request.seed));
    let stands = |a: &Answer| a.p_value.is_some_and(|p| p > FALSE_ALARM);
    let mut verdict = verdict;
    let contends = noises.iter().any(|e| e.name == "outlier" && e.delta < noise_model::CLEARLY);
    if judge == line && contends && without.as_ref().is_some_and(|w| stands(&w.noise)) {
        // A few rows explain all that is wrong with the noise, and nothing else does so clearly better.
        verdict.noise.name = Some("outlier");
        verdict.noise.rivals.clear();
    }
    let holds_without = broken && without.as_ref().is_some_and(|w| stands(&w.shape));
    let without_outliers = without.filter(|_| broken).and_then(|w| w.shape.p_value);
    let at = watched(data, request);
    let influence = fits
        .iter()
        .zip(jackknives)
        .filter(|(f, _)| request.detail == Detail::Full && !f.is_exact())
        .map(|(f, j)| influence(f, data, j, at))
        .collect();
    let matters = line
        .filter(|_| broken && !holds_without)
        .and_then(|k| matters(&fits[k], shapes.first()?, at, Range::of(data)));
    let next = line.filter(|k| !fits[*k].is_exact()).and_then(|k| {
        let named = holds_without || (judge == Some(k) && verdict.noise.name == Some("outlier"));
        let apart = if named { rows.as_slice() } else { &[] };
        next_run(&fits[k], data, &verdict, &shapes, location.as_ref(), apart)
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

/// Outliers are at most one row in so many.
const FEW: usize = 5;

/// Rows that stand apart from a fit and are worth naming, the farthest first.
///
/// The search has its own level: it speaks only where the verdict on the noise rejects. Where the other rows clearly have a
/// spread that changes with size, distances are measured by it. Many rows at one end of a line that breaks are what lies
/// beyond the break.
fn reported(fit: &Fit, data: &Dataset, verdict: &Verdict, broken: bool) -> Vec<OutlyingRow> {
    if verdict.noise.holds != Some(false) {
        return Vec::new();
    }
    let Ok(tangent) = Tangent::of_rows(fit) else { return Vec::new() };
    let rows = outlying_rows(&tangent).unwrap_or_default();
    // More than a fifth of the rows are no outliers: then the spread is that of all rows.
    let apart: Vec<usize> =
        if rows.len() * FEW > data.nobs() { Vec::new() } else { rows.iter().map(|o| o.row).collect() };
    let rows = match noise_model::spread(fit, &apart).and_then(|sigma| tangent.over(&sigma)) {
        Some(weighted) => outlying_rows(&weighted).unwrap_or_default(),
        None => rows,
    };
    let many = rows.len() * FEW > data.nobs();
    if many && broken && end_of(data, &rows).is_some() { Vec::new() } else { rows }
}

/// Which end of the data rows are at, where they are all the largest or all the smallest.
pub(super) fn end_of(data: &Dataset, rows: &[OutlyingRow]) -> Option<&'static str> {
    let x = &data.x().values;
    let inside = |i: &usize| rows.iter().all(|o| o.row != *i);
    let others = || (0..data.nobs()).filter(inside).map(|i| x[i]);
    let (low, high) = (others().fold(f64::INFINITY, f64::min), others().fold(0.0, f64::max));
    if rows.is_empty() {
        None
    } else if rows.iter().all(|o| x[o.row] > high) {
        Some("largest")
    } else if rows.iter().all(|o| x[o.row] < low) {
        Some("smallest")
    } else {
        None
    }
}

/// The verdict on the line through all rows but some; `None` with too few others.
fn judge_without(line: &Fit, data: &Dataset, rows: &[OutlyingRow], seed: u64) -> Option<Verdict> {
    let keep: Vec<usize> = (0..data.nobs()).filter(|i| rows.iter().all(|o| o.row != *i)).collect();
    let others = data.subset(&keep);
    if others.distinct() < FEWEST_SIZES {
        return None;
    }
    let fit = FitSpec::new(line.form).scale(line.design.scale).ok()?.fit(&others).ok()?;
    judge_fit(&fit, &others, seed).ok()
}

/// The size at which predictions are watched: the first that was asked for, or ten times the largest.
fn watched(data: &Dataset, request: &Request) -> f64 {
    let largest = data.x().values.last().copied().unwrap_or(1.0);
    let beyond = if (10.0 * largest).is_finite() { 10.0 * largest } else { largest };
    request.at.first().and_then(|x| x.first()).copied().unwrap_or(beyond)
}

/// The prediction of the line beside that of the law that explains the break.
fn matters(line: &Fit, law: &Explanation, at: f64, range: Range) -> Option<Matters> {
    let simple = line.predict(&[at]);
    let eta = law.law.at(line.centred(at));
    let other = line.design.scale.invert(eta) * line.design.frame.y_scale;
    let possible = |v: f64| v.is_finite() && v > range.low && v <= range.high;
    (possible(simple) && possible(other) && other != 0.0).then(|| Matters {
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
            // Exact laws are known for lines.
            let result = check.check(fit, data).map(|o| Outcome { exact: o.exact && fit.is_linear(), ..o });
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
