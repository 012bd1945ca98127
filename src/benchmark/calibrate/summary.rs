//! What a calibration found: coverage and width of every method, and the method to prefer.

use super::{Calibration, Done};
use crate::benchmark::coverage::{AUTO, Tally};
use serde::Serialize;

/// Monte-Carlo standard errors by which the worst coverage may fall short of the level.
const SLACK: f64 = 2.0;
/// Share of the fits for which a method must give an interval to be preferred.
const GIVEN: f64 = 0.95;

/// What one method is worth for one parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MethodSummary {
    /// Method, the resampler in front for a bootstrap; `auto` is what a report leads with.
    pub method: String,
    /// Coverage at the fitted law; `None` where the method gave no interval.
    pub coverage: Option<f64>,
    /// Its Monte-Carlo standard error.
    pub standard_error: Option<f64>,
    /// Least coverage over the laws.
    pub worst_coverage: Option<f64>,
    /// The law where it is least.
    pub worst_at: Option<String>,
    /// Median width at the fitted law; `None` where half of the intervals are open.
    pub median_width: Option<f64>,
    /// Share of the fits for which the method gave no interval, over all laws.
    pub unavailable: f64,
    /// Share of the intervals given with an open side, two where both are, over all laws.
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
    /// The method to prefer: the narrowest at the fitted law among those that cover at every law; the one with the best worst
    /// coverage where none does.
    pub prefer: Option<String>,
    /// Whether that method covers at every law.
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
    /// Remarks on laws that are missing.
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
        let params = (0..fit.dim()).map(|k| {
            let found: Vec<MethodSummary> = (methods.iter().enumerate())
                .map(|(m, judged)| {
                    let place = k * methods.len() + m;
                    let tallies: Vec<Tally> =
                        (0..laws.len()).map(|law| Tally::of(done.outcomes(law, place))).collect();
                    method(&judged.id, &tallies, &|law| laws[law].name.clone())
                })
                .collect();
            let (prefer, covers) = preferred(&found, level, done.sets());
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
            level,
            seed: r.seed,
            replicates: r.measure.replicates,
            sets: r.sets,
            sets_done: done.sets(),
            failed_fits: (0..laws.len()).map(first).sum(),
            exponent: fit.form.params()[fit.form.about().exponent].name,
            laws: laws.iter().map(|l| l.name.clone()).collect(),
            notes: calibration.laws.notes.clone(),
            params: params.collect(),
        }
    }
}

/// Sum up one method over the laws.
fn method(id: &str, tallies: &[Tally], law: &dyn Fn(usize) -> String) -> MethodSummary {
    let here = tallies.first().copied().unwrap_or_default();
    let worst = (tallies.iter().enumerate())
        .filter_map(|(k, t)| Some((k, t.coverage()?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    let total = |count: &dyn Fn(&Tally) -> usize| tallies.iter().map(count).sum::<usize>();
    let fits = total(&|t| t.sets - t.failed_fits).max(1) as f64;
    MethodSummary {
        method: id.to_owned(),
        coverage: here.coverage(),
        standard_error: here.coverage().map(|c| here.standard_error(c)),
        worst_coverage: worst.map(|w| w.1),
        worst_at: worst.map(|w| law(w.0)),
        median_width: here.median_width,
        unavailable: total(&|t| t.unavailable) as f64 / fits,
        open: total(&|t| t.open_sides) as f64 / total(&|t| t.given()).max(1) as f64,
        refits: total(&|t| t.refits),
        failed_refits: total(&|t| t.failed_refits),
    }
}

/// The method to prefer, and whether it covers.
fn preferred(methods: &[MethodSummary], level: f64, sets: usize) -> (Option<String>, bool) {
    let least = level - SLACK * (level * (1.0 - level) / sets.max(1) as f64).sqrt();
    let worst = |m: &MethodSummary| m.worst_coverage.unwrap_or(0.0);
    let width = |m: &MethodSummary| m.median_width.unwrap_or(f64::INFINITY);
    // `auto` is a rule, not a method: what it leads to is in the table under its own name.
    let given = methods.iter().filter(|m| m.method != AUTO && m.unavailable <= 1.0 - GIVEN);
    let covering = given.clone().filter(|m| worst(m) >= least && m.median_width.is_some());
    if let Some(best) = covering.min_by(|a, b| width(a).total_cmp(&width(b))) {
        return (Some(best.method.clone()), true);
    }
    let best = given.filter(|m| m.worst_coverage.is_some()).max_by(|a, b| worst(a).total_cmp(&worst(b)));
    (best.map(|m| m.method.clone()), false)
}
