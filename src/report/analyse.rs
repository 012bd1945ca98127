//! The pipeline: from a data set and a request to a report.

use super::context::{Context, Evidence};
use super::judgement::{self, Judgement};
use super::request::{Detail, Progress, REPLICATES, Request};
use super::sections::{
    FitSection, InversionSection, LeavesRange, NoiseSection, PredictionSection, Report, ShapeSection,
    SkippedForm, VerdictSection,
};
use super::{ReportError, SCHEMA_VERSION, assemble, findings, narrative};
use crate::compare::{compare, equality, floor_test, leave_largest_out, leave_one_out};
use crate::data::{Dataset, Predictor};
use crate::diagnose::local_exponents::{exponents_of_thirds, local_exponents};
use crate::diagnose::uneven;
use crate::fit::{Fit, FitError, FitSpec, default_forms, falls};
use crate::form::RestrictionError;
use crate::loss::Loss;
use crate::predict::{self, Band, Range};
use crate::solve::StartGrid;
use crate::uncertainty::{Bootstrap, CATALOGUE, Jackknife, default_resampler};
use serde_json::{Map, Value};

/// Rows times replicates that a default bootstrap may cost, a form.
const DEFAULT_WORK: usize = 50_000_000;
/// Most replicates that a default bootstrap may have.
const MOST_DEFAULT: usize = 99_999;
/// Fewest replicates that are worth running.
const FEWEST_REPLICATES: usize = 199;

/// A report and the fits behind it.
#[derive(Debug)]
pub struct Analysis {
    /// What was found.
    pub report: Report,
    /// The fits, in the order of the report.
    pub fits: Vec<Fit>,
}

/// Analyse a data set.
///
/// # Errors
/// [`ReportError`] when a form that was asked for, or every form, cannot be fitted, or the request makes no sense.
pub fn analyse(data: &Dataset, request: &Request, progress: &dyn Progress) -> Result<Analysis, ReportError> {
    let (fitted, skipped) = fit_all(data, request)?;
    let equality = fitted.iter().filter_map(|(spec, fit)| equality(fit, spec, data)).collect();
    let companions = least_squares(&fitted, data)?;
    let fits: Vec<Fit> = fitted.into_iter().map(|f| f.1).collect();
    let judged: &[Fit] = companions.as_deref().unwrap_or(&fits);
    let bootstraps: Vec<Option<Bootstrap>> = fits.iter().map(|f| bootstrap_of(f, data, request)).collect();
    for b in bootstraps.iter().flatten() {
        b.check(request.level)?;
    }
    progress.begin(bootstraps.iter().flatten().map(|b| b.replicates).sum());
    let evidence: Vec<Evidence> = fits
        .iter()
        .zip(&bootstraps)
        .map(|(fit, b)| Evidence {
            draws: b.as_ref().map(|b| b.run(fit, &data.groups, &|| progress.advance())),
            jackknife: Jackknife::run(fit, &data.groups),
            by_cluster: Jackknife::by_cluster(fit, &data.groups),
        })
        .collect();

    let errors: Vec<(Option<f64>, Option<f64>)> = fits
        .iter()
        .zip(&evidence)
        .map(|(f, e)| (leave_one_out(f, &e.jackknife), leave_largest_out(f, data)))
        .collect();
    let mut comparison = compare(&fits, &errors);
    comparison.equality = equality;
    // The exact test is one of least squares, whatever the loss of the fits.
    comparison.floor_test = judged.iter().find_map(floor_test);
    let own: Vec<Jackknife> = companions.iter().flatten().map(|f| Jackknife::run(f, &data.groups)).collect();
    let jackknives: Vec<&Jackknife> = match &companions {
        Some(_) => own.iter().collect(),
        None => evidence.iter().map(|e| &e.jackknife).collect(),
    };
    let mut judgement = judgement::judge(judged, data, request, &jackknives, comparison.best);
    let line = judgement.line;
    let full = request.detail == Detail::Full;
    let (outcomes, diagnostics) =
        line.map_or_else(Default::default, |k| judgement::checks(&judged[k], data, request));
    let local = line.map_or_else(Vec::new, |k| local_exponents(&judged[k], data, request.level.get()));
    let mut sections: Vec<FitSection> = (0..fits.len())
        .map(|k| {
            assemble::fit_section(
                &fits[k],
                &evidence[k],
                data,
                request,
                uneven(&judged[k], data, &judgement.verdict),
                comparison.forms[k].weight,
            )
        })
        .collect();

    for (k, section) in sections.iter_mut().enumerate().filter(|(k, _)| Some(*k) != line) {
        section.verdict = judgement.own[k].clone();
        if full && data.predictors.len() == 1 {
            section.diagnostics = judgement::checks(&judged[k], data, request).1;
        }
    }

    let range = Range::of(data);
    let predictions = predictions(&fits, data, request, range);
    let inversions = inversions(&fits, data, request, range);
    let context = Context {
        data,
        request,
        fits: &fits,
        judged,
        sections: &sections,
        evidence: &evidence,
        comparison: &comparison,
        outcomes: &outcomes,
        judgement: &judgement,
        ends: line.and_then(|k| exponents_of_thirds(&judged[k], data)),
        predictions: &predictions,
        inversions: &inversions,
        range,
    };
    let told = findings::of_verdict(&context);
    let text = narrative::verdict_text(&context, &told);
    let findings = findings::all(&context, told);
    let influence = std::mem::take(&mut judgement.influence);
    let report = Report {
        schema_version: SCHEMA_VERSION,
        lawfit: env!("CARGO_PKG_VERSION"),
        command: request.command.clone(),
        seed: request.seed,
        level: request.level.get(),
        data: assemble::data_section(data),
        restriction: request.restriction.clone(),
        direction: if falls(data) { "falls" } else { "rises" },
        skipped,
        verdict: verdict_section(judgement, &fits, data, text),
        diagnostics,
        local_exponents: local,
        influence,
        findings,
        predictions,
        inversions,
        comparison,
        fits: sections,
    };
    Ok(Analysis { report, fits })
}

/// Fits with what they were asked for, and the forms that could not be fitted.
type Fitted = (Vec<(FitSpec, Fit)>, Vec<SkippedForm>);

fn fit_all(data: &Dataset, request: &Request) -> Result<Fitted, ReportError> {
    let named = !request.forms.is_empty();
    let forms = if named { request.forms.clone() } else { default_forms(data) };
    if forms.is_empty() {
        return Err(ReportError::NoDefault { predictors: data.predictors.len() });
    }
    let mut fits = Vec::new();
    let mut skipped = Vec::new();
    for form in forms {
        let spec = FitSpec::new(form)
            .method(request.method)
            .loss(request.loss)
            .spread(request.spread)
            .starts(request.starts)
            .restrict(request.restriction.clone());
        // A scale that the user chose is for the forms that have it; forms with one scale of their own keep it.
        let spec = match request.scale {
            Some(scale) if form.about().scales.contains(&scale) => {
                spec.scale(scale).map_err(FitError::from)?
            }
            Some(scale) if named && form.about().scales.len() > 1 => {
                spec.scale(scale).map_err(FitError::from)?
            }
            _ => spec,
        };
        match spec.fit(data) {
            Ok(fit) => fits.push((spec, fit)),
            // What makes no sense for any form is an error, whoever chose the forms.
            Err(
                e @ (FitError::TwoSpreads { .. }
                | FitError::NotAFraction { .. }
                | FitError::Items { .. }
                | FitError::Restriction(
                    RestrictionError::NoSets { .. }
                    | RestrictionError::Twice { .. }
                    | RestrictionError::Domain { .. },
                )),
            ) => return Err(e.into()),
            // What the data cannot determine is said form by form; what the user asked for and cannot have is an error.
            Err(
                e @ (FitError::WrongDirection { .. }
                | FitError::Objective(_)
                | FitError::Form(_)
                | FitError::Restriction(_)
                | FitError::Solve(_)),
            ) if named => return Err(e.into()),
            Err(e) => skipped.push(SkippedForm { form: form.id(), reason: e.to_string() }),
        }
    }
    if let (Some(scale), Some((first, _))) = (request.scale, fits.first())
        && !fits.iter().any(|(_, f)| f.form.about().scales.contains(&scale))
    {
        // No default form for this response has the scale: saying nothing would pretend that it was used.
        FitSpec::new(first.form).scale(scale).map_err(FitError::from)?;
    }
    if fits.is_empty() {
        return Err(ReportError::NothingFitted {
            source_name: data.source.clone(),
            reasons: skipped.into_iter().map(|s| s.reason).collect(),
        });
    }
    Ok((fits, skipped))
}

/// Choose what to fit: the form that was asked for, or the best of the comparison among several.
///
/// # Errors
/// [`ReportError`] as for [`analyse`].
pub fn chosen_fit(data: &Dataset, request: &Request) -> Result<FitSpec, ReportError> {
    let (fitted, _) = fit_all(data, request)?;
    let (mut specs, fits): (Vec<FitSpec>, Vec<Fit>) = fitted.into_iter().unzip();
    let best = compare(&fits, &vec![(None, None); fits.len()]).best;
    let place = fits.iter().position(|f| Some(f.form.id()) == best).unwrap_or(0);
    Ok(specs.swap_remove(place))
}

/// The same forms by least squares, which the checks of residuals are calibrated for; `None` where they are that already.
fn least_squares(fitted: &[(FitSpec, Fit)], data: &Dataset) -> Result<Option<Vec<Fit>>, FitError> {
    if fitted.iter().all(|(_, f)| f.loss.is_gaussian()) {
        return Ok(None);
    }
    let again =
        |(spec, _): &(FitSpec, Fit)| spec.clone().loss(Loss::SQUARED).starts(StartGrid::Form).fit(data);
    fitted.iter().map(again).collect::<Result<Vec<Fit>, FitError>>().map(Some)
}

/// The bootstrap of one fit; `None` when it is not worth its cost or means nothing.
fn bootstrap_of(fit: &Fit, data: &Dataset, request: &Request) -> Option<Bootstrap> {
    if fit.is_exact() {
        return None;
    }
    let default = default_resampler(fit);
    let lead = request.lead.and_then(|id| CATALOGUE.iter().find(|m| m.id() == id));
    let read_by_lead = lead.and_then(|m| m.reads_only());
    let replicates = match request.bootstrap.replicates {
        Some(b) => b,
        None => {
            // Ten draws beyond each limit at a level so high that the default has none there.
            let wanted = REPLICATES.max((10.0 / request.level.tail()).ceil() as usize - 1);
            let affordable = wanted.min(DEFAULT_WORK / data.nobs().max(1)).min(MOST_DEFAULT);
            if (affordable + 1) as f64 * request.level.tail() < 1.0 {
                return None;
            }
            if affordable < FEWEST_REPLICATES {
                return None;
            }
            if affordable < REPLICATES { affordable / 40 * 40 - 1 } else { affordable }
        }
    };
    Some(Bootstrap {
        resampler: request.bootstrap.resampler.or(read_by_lead).unwrap_or(default),
        replicates,
        seed: request.seed,
    })
}

fn verdict_section(j: Judgement, fits: &[Fit], data: &Dataset, parts: Vec<String>) -> VerdictSection {
    let outliers = judgement::outlier_sections(&j.outliers.1, data);
    VerdictSection {
        shape: ShapeSection {
            answer: j.verdict.shape,
            location: j.location,
            explanations: j.shapes,
            matters: j.matters,
            p_value_without_outliers: j.without_outliers,
        },
        noise: NoiseSection {
            answer: j.verdict.noise,
            explanations: j.noises,
            outliers_of: j.outliers.0.filter(|_| !outliers.is_empty()),
            outliers,
        },
        form: j.line.map(|k| fits[k].form.id()),
        next_run: j.next,
        text: parts.join(" "),
        parts,
    }
}

fn predictions(fits: &[Fit], data: &Dataset, request: &Request, range: Range) -> Vec<PredictionSection> {
    let points = match request.at.as_slice() {
        // A view of targets alone does not ask for a size.
        [] if !request.targets.is_empty() => Vec::new(),
        [] => ten_times_the_largest(data).into_iter().collect(),
        at => at.to_vec(),
    };
    let mut out = Vec::new();
    // A law that is fitted to sets of rows has a curve for each.
    let sets = data.labels.as_ref().filter(|_| fits.iter().any(|f| f.form.reads_sets()));
    let points: Vec<(Vec<f64>, Option<&str>)> = match sets {
        None => points.into_iter().map(|x| (x, None)).collect(),
        Some(l) => points
            .iter()
            .flat_map(|x| {
                let with = |i: usize| x.iter().copied().chain([i as f64]).collect();
                l.names.iter().enumerate().map(move |(i, name)| (with(i), Some(name.as_str())))
            })
            .collect(),
    };
    for (x, set) in points {
        for fit in fits {
            let p = predict::predict(fit, &x, request.level, range);
            let mut at = Map::new();
            for (predictor, x) in data.predictors.iter().zip(&x) {
                at.insert(predictor.name.clone(), Value::from(*x));
            }
            if let (Some(l), Some(set)) = (sets, set) {
                at.insert(l.column.clone(), Value::from(set));
            }
            out.push(PredictionSection {
                at,
                form: fit.form.id(),
                estimate: p.estimate.filter(|v| v.is_finite()),
                mean: p.mean,
                new_run: p.new_run,
                level: request.level.get(),
                leaves_range: p.leaves_range.map(|(end, at)| LeavesRange { end, at }),
            });
        }
    }
    out
}

/// Ten times the largest run: every predictor grows by one factor, so that their product grows tenfold.
fn ten_times_the_largest(data: &Dataset) -> Option<Vec<f64>> {
    let row = data.largest_row()?;
    let factor = 10f64.powf(1.0 / data.predictors.len() as f64);
    let point: Vec<f64> = data.predictors.iter().map(|p| factor * p.values[row]).collect();
    (data.predictors.iter().all(Predictor::is_positive) && point.iter().all(|v| v.is_finite()))
        .then_some(point)
}

fn inversions(fits: &[Fit], data: &Dataset, request: &Request, range: Range) -> Vec<InversionSection> {
    let mut out = Vec::new();
    let mut add = |fit: &Fit, target: f64, end_of_range: bool| {
        let i = if range.excludes(target) {
            predict::Inversion::impossible(target)
        } else {
            predict::invert(fit, target, request.level)
        };
        let clean =
            |b: Band| Band { low: b.low.filter(|v| v.is_finite()), high: b.high.filter(|v| v.is_finite()) };
        out.push(InversionSection {
            target,
            variable: data.x().name.clone(),
            form: fit.form.id(),
            estimate: i.estimate,
            mean: clean(i.mean),
            new_run: clean(i.new_run),
            level: request.level.get(),
            reason: i.reason,
            end_of_range,
        });
    };
    for target in &request.targets {
        fits.iter().for_each(|fit| add(fit, *target, false));
    }
    // A rising fraction cannot pass 1: where an unbounded form would is part of what it says.
    if range.high.is_finite() && !request.targets.contains(&range.high) {
        fits.iter()
            .filter(|f| !f.form.about().bounded && !f.falls())
            .for_each(|fit| add(fit, range.high, true));
    }
    out
}
