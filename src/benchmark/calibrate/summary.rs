//! What a calibration found: coverage and width of every method, and the method to prefer.

use super::law::in_common;
use super::{Calibration, Done};
use crate::benchmark::coverage::{AUTO, Judged, Tally};
use serde::Serialize;

/// Data sets a law below which no method is preferred.
pub const FEWEST_SETS: usize = 100;
/// Monte-Carlo standard errors by which the worst coverage may fall short of the level.
const SLACK: f64 = 1.0;
/// Width, as a multiple of the narrowest, up to which the better worst coverage decides.
const AS_NARROW: f64 = 1.03;
/// Share of the fits for which a method must give an interval to be preferred.
const GIVEN: f64 = 0.95;

/// What one method is worth for one parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MethodSummary {
    /// Method, the resampler in front for a bootstrap; `auto` is what a report leads with.
    pub method: String,
    /// Coverage at the fitted law; `None` where the method gave no interval.
    pub coverage: Option<f64>,
    /// Its Monte-Carlo error, half the width of Wilson's interval of one standard error.
    pub standard_error: Option<f64>,
    /// Least coverage over the laws.
    pub worst_coverage: Option<f64>,
    /// The Monte-Carlo error of that.
    pub worst_error: Option<f64>,
    /// Intervals that it rests on.
    pub worst_given: usize,
    /// The law where it is least.
    pub worst_at: Option<String>,
    /// Median width at the fitted law; `None` where half of the intervals are open.
    pub median_width: Option<f64>,
    /// Share of the fits for which the method gave no interval, over all laws.
    pub unavailable: f64,
    /// Share of the intervals given that have an open side or two, over all laws.
    pub open: f64,
    /// Bootstrap refits over all laws.
    pub refits: usize,
    /// Those of them that failed.
    pub failed_refits: usize,
}

/// The methods for one parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParameterSummary {
    /// Parameter.
    pub name: &'static str,
    /// Its value in the fitted law.
    pub estimate: f64,
    /// The method to prefer: among those that cover at every law and are about the narrowest at the fitted law, the one with the
    /// best worst coverage; of all methods where none covers. `None` below [`FEWEST_SETS`] data sets, or without a method that
    /// nearly always gives an interval and, with clusters, allows for them.
    pub prefer: Option<String>,
    /// Whether that method covers at every law, within one Monte-Carlo standard error.
    pub covers: bool,
    /// The methods, `auto` first.
    pub methods: Vec<MethodSummary>,
}

/// What a calibration found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Where the rows came from.
    pub source: String,
    /// Their fingerprint.
    pub fingerprint: String,
    /// Number of rows.
    pub rows: usize,
    /// The law that was fitted.
    pub form: &'static str,
    /// Its formula.
    pub formula: &'static str,
    /// What a residual costs.
    pub loss: String,
    /// Scale of the errors.
    pub scale: &'static str,
    /// The errors that were simulated.
    pub errors: &'static str,
    /// Their standard deviation on the scale of the fit.
    pub sigma: f64,
    /// Standard deviation that the errors of a cluster have in common, part of `sigma`; 0 without clusters.
    pub shared: f64,
    /// Whether the rows come in clusters.
    pub clustered: bool,
    /// Whether all rows are equally precise in the fit.
    pub one_size: bool,
    /// Whether some laws have errors whose spread changes with size.
    pub other_spreads: bool,
    /// Confidence level.
    pub level: f64,
    /// Seed.
    pub seed: u64,
    /// Bootstrap replicates.
    pub replicates: usize,
    /// Data sets a law that were asked for.
    pub sets: usize,
    /// Data sets a law that were simulated.
    pub sets_done: usize,
    /// Data sets, over all laws, that could not be fitted.
    pub failed_fits: usize,
    /// The parameter that the form is about.
    pub exponent: &'static str,
    /// The laws, the fitted one first.
    pub laws: Vec<String>,
    /// Remarks on laws that are missing, and on methods that are not judged.
    pub notes: Vec<String>,
    /// The parameters.
    pub params: Vec<ParameterSummary>,
}

impl Summary {
    pub(super) fn of(calibration: &Calibration<'_>, done: &Done) -> Summary {
        let (fit, r) = (&calibration.fit, &calibration.request);
        let laws = &calibration.laws.laws;
        let methods = &r.measure.panel.methods;
        let first = |law: usize| Tally::of(done.outcomes(law, 0)).failed_fits;
        let level = r.measure.level.get();
        let clustered = fit.design.clusters.is_some();
        let params = (0..fit.dim()).map(|k| {
            let found: Vec<MethodSummary> = (methods.iter().enumerate())
                .map(|(m, judged)| {
                    let place = k * methods.len() + m;
                    let tallies: Vec<Tally> =
                        (0..laws.len()).map(|law| Tally::of(done.outcomes(law, place))).collect();
                    let open = |law: usize| done.outcomes(law, place).filter(|o| o.open > 0).count();
                    let open: usize = (0..laws.len()).map(open).sum();
                    method(&judged.id, &tallies, open, &|law| laws[law].name.clone())
                })
                .collect();
            let (prefer, covers) = if done.sets() < FEWEST_SETS {
                (None, false)
            } else {
                preferred(&found, methods, level, clustered)
            };
            ParameterSummary {
                name: fit.form.params()[k].name,
                estimate: calibration.laws.laws[0].truth[k],
                prefer,
                covers,
                methods: found,
            }
        });
        Summary {
            source: calibration.data.source.clone(),
            fingerprint: calibration.data.fingerprint(),
            rows: fit.nobs(),
            form: fit.form.id(),
            formula: fit.form.about().formula,
            loss: calibration.spec.loss.to_string(),
            scale: fit.design.scale.id(),
            errors: r.errors.id(),
            sigma: fit.variance().sqrt() * fit.design.residual_unit(),
            shared: in_common(fit) * fit.design.residual_unit(),
            clustered,
            one_size: fit.design.root.is_empty(),
            other_spreads: laws.iter().any(|l| !l.spread.is_empty()),
            level,
            seed: r.seed,
            replicates: r.measure.replicates,
            sets: r.sets,
            sets_done: done.sets(),
            failed_fits: (0..laws.len()).map(first).sum(),
            exponent: fit.form.params()[fit.form.about().exponent].name,
            laws: laws.iter().map(|l| l.name.clone()).collect(),
            notes: calibration.left_out.iter().chain(&calibration.laws.notes).cloned().collect(),
            params: params.collect(),
        }
    }
}

/// Sum up one method over the laws; `open` of its intervals have an open side.
fn method(id: &str, tallies: &[Tally], open: usize, law: &dyn Fn(usize) -> String) -> MethodSummary {
    let here = tallies.first().copied().unwrap_or_default();
    let worst = (tallies.iter().enumerate())
        .filter_map(|(k, t)| Some((k, t.coverage()?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    let total = |count: &dyn Fn(&Tally) -> usize| tallies.iter().map(count).sum::<usize>();
    let fits = total(&|t| t.sets - t.failed_fits).max(1) as f64;
    MethodSummary {
        method: id.to_owned(),
        coverage: here.coverage(),
        standard_error: here.monte_carlo_error(),
        worst_coverage: worst.map(|w| w.1),
        worst_error: worst.and_then(|w| tallies[w.0].monte_carlo_error()),
        worst_given: worst.map_or(0, |w| tallies[w.0].given()),
        worst_at: worst.map(|w| law(w.0)),
        median_width: here.median_width,
        unavailable: total(&|t| t.unavailable) as f64 / fits,
        open: open as f64 / total(&|t| t.given()).max(1) as f64,
        refits: total(&|t| t.refits),
        failed_refits: total(&|t| t.failed_refits),
    }
}

/// The method to prefer, and whether it covers.
fn preferred(
    found: &[MethodSummary],
    judged: &[Judged],
    level: f64,
    clustered: bool,
) -> (Option<String>, bool) {
    let worst = |m: &MethodSummary| m.worst_coverage.unwrap_or(0.0);
    let width = |m: &MethodSummary| m.median_width.unwrap_or(f64::INFINITY);
    let error = |m: &MethodSummary| (level * (1.0 - level) / m.worst_given.max(1) as f64).sqrt();
    let better = |a: &&MethodSummary, b: &&MethodSummary| {
        worst(a).total_cmp(&worst(b)).then(width(b).total_cmp(&width(a)))
    };
    // `auto` is a rule, not a method: what it leads to is in the table under its own name. With clusters a method that takes
    // rows for independent is right by luck only.
    let fit_for_use = |m: &MethodSummary, j: &Judged| {
        m.method != AUTO && m.unavailable <= 1.0 - GIVEN && (!clustered || j.respects_clusters())
    };
    let given = found.iter().zip(judged).filter(|(m, j)| fit_for_use(m, j)).map(|(m, _)| m);
    let given: Vec<&MethodSummary> = given.filter(|m| m.worst_coverage.is_some()).collect();
    let covers = |m: &&MethodSummary| m.median_width.is_some() && worst(m) >= level - SLACK * error(m);
    let covering: Vec<&MethodSummary> = given.iter().copied().filter(covers).collect();
    let narrowest = covering.iter().map(|m| width(m)).fold(f64::INFINITY, f64::min);
    let narrow = covering.into_iter().filter(|m| width(m) <= AS_NARROW * narrowest);
    match narrow.max_by(better) {
        Some(best) => (Some(best.method.clone()), true),
        None => (given.into_iter().max_by(better).map(|m| m.method.clone()), false),
    }
}
