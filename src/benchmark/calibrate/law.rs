//! The laws that a calibration simulates: the fitted one, and those near it that the data cannot exclude.

use crate::benchmark::Noise;
use crate::benchmark::coverage::{key, leading_interval};
use crate::data::{DataError, Dataset};
use crate::fit::{Fit, FitError, FitSpec};
use crate::loss::Loss;
use crate::math::Theta;
use crate::math::random::stream;
use crate::math::sum;
use crate::objective::{Constraint, SATURATED};
use crate::solve::StartGrid;
use crate::uncertainty::profile::Profile;
use crate::uncertainty::spread_t::{deviations, likely_spreads};
use crate::uncertainty::{Level, domain, std_error};
use rand::RngExt as _;
use serde::Serialize;

/// Standard errors that stand for the end of an interval where it has none.
const REACH: f64 = 2.0;
/// Largest difference between two laws, in standard deviations of a row, at which they count as one.
const SAME: f64 = 1e-6;

/// The errors that are put on a law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalibrationErrors {
    /// Normal, with the standard deviation of the fit.
    Normal,
    /// Student's t with 3 degrees of freedom, with the standard deviation of the fit.
    T3,
    /// The residuals of the fit over sqrt(1-h), recentred, drawn with replacement.
    Residual,
}

impl CalibrationErrors {
    /// Return the name on the command line and in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            CalibrationErrors::Normal => "normal",
            CalibrationErrors::T3 => "t3",
            CalibrationErrors::Residual => "residual",
        }
    }
}

/// A law to simulate on the user's own design.
#[derive(Debug, Clone, PartialEq)]
pub struct Law {
    /// What it is, in words: `fitted law`, `alpha = 0.31`.
    pub name: String,
    /// Its natural parameters.
    pub truth: Vec<f64>,
    /// Its values at the rows, as they stand in the target of the fit.
    pub means: Vec<f64>,
    /// Standard deviations of the rows in units of the fit's, mean square 1; empty where all are equal.
    pub spread: Vec<f64>,
}

/// The laws, and what is to be said of those that are missing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Laws {
    /// The fitted law first.
    pub laws: Vec<Law>,
    /// Remarks on ends of intervals that gave no law of their own.
    pub notes: Vec<String>,
}

impl Law {
    /// The fitted law with errors whose spread changes by exp(-fold) from the smallest size to the largest.
    fn with_spread(fit: &Fit, fold: f64) -> Law {
        let word = if fold > 0.0 { "falling" } else { "growing" };
        let times = short((fold.abs().exp() * 10.0).round() / 10.0);
        let name = format!("fitted law with errors {word} {times}-fold");
        let sd = deviations(fit, fold);
        let size = (sum::dot(&sd, &sd) / sd.len() as f64).sqrt();
        Law { spread: sd.iter().map(|s| s / size).collect(), ..Law::at(fit, name, &fit.solution.theta) }
    }

    fn at(fit: &Fit, name: String, theta: &Theta) -> Law {
        let truth = (0..fit.dim()).map(|k| fit.form.natural(k, &fit.design.frame).value(theta)).collect();
        Law { name, truth, means: fit.objective().fitted(theta).to_vec(), spread: Vec::new() }
    }
}

/// Find the laws: the fitted one, and for every parameter the best laws with it held at the ends of its leading interval.
///
/// For one predictor and least squares also the fitted law with the steepest changes of the spread that the residuals leave likely
/// ([`likely_spreads`]). Where an end is open, the estimate plus or minus two standard errors stands for it. Constrained fits are by least squares,
/// whatever the loss: any law near the data will do. What differs from a law before by nothing is left out.
///
/// # Errors
/// [`FitError`] where a fit by another loss has no counterpart by least squares.
pub fn laws(
    fit: &Fit,
    spec: &FitSpec,
    data: &Dataset,
    level: Level,
    replicates: usize,
    seed: u64,
) -> Result<Laws, FitError> {
    let mut out =
        Laws { laws: vec![Law::at(fit, "fitted law".into(), &fit.solution.theta)], notes: Vec::new() };
    let squared = if fit.loss.is_gaussian() {
        fit.clone()
    } else {
        spec.clone().loss(Loss::SQUARED).starts(StartGrid::Form).fit(data)?
    };
    let sd = fit.variance().sqrt();
    for k in 0..fit.dim() {
        let name = fit.form.params()[k].name;
        let target = fit.form.natural(k, &fit.design.frame);
        let centre = target.combination(&fit.solution.theta);
        let error = fit.vcov().map(|v| std_error(&target, &v)).filter(|s| s.is_finite() && *s > 0.0);
        let interval = leading_interval(fit, data, k, level, replicates, seed);
        let (bottom, top) = domain(fit, &target);
        let profile = Profile::new(&squared, |v| {
            Some(Constraint::linear(squared.form, &target.coefficients, v - target.offset))
        });
        for (side, end) in
            [(-1.0, interval.as_ref().map(|i| i.low)), (1.0, interval.as_ref().map(|i| i.high))]
        {
            let limit = end.and_then(|e| target.transform.invert(e));
            let held = limit.or_else(|| Some((centre + side * REACH * error?).clamp(bottom, top)));
            let law = held.and_then(|v| Some((v, profile.solve(v)?))).map(|(v, s)| {
                let value = target.transform.apply(v);
                Law::at(fit, format!("{name} = {}", short(value)), &s.theta)
            });
            let Some(law) = law.filter(|l| l.means.iter().chain(&l.truth).all(|v| v.is_finite())) else {
                let word = if side < 0.0 { "below" } else { "above" };
                out.notes
                    .push(format!("no law with {name} at the end of its interval {word} could be found"));
                continue;
            };
            if limit.is_none() {
                out.notes.push(format!(
                    "the interval of {name} is open: {} stands for its end, {REACH} standard errors from the estimate",
                    law.name
                ));
            }
            let apart = |l: &Law| l.means.iter().zip(&law.means).any(|(a, b)| (a - b).abs() > SAME * sd);
            if out.laws.iter().all(apart) {
                out.laws.push(law);
            }
        }
    }
    if let (true, Ok((low, high))) =
        (fit.loss.is_gaussian() && fit.design.clusters.is_none(), likely_spreads(fit))
    {
        let changes = [low, high].into_iter().filter(|fold| *fold != 0.0);
        out.laws.extend(changes.map(|fold| Law::with_spread(fit, fold)));
    }
    Ok(out)
}

/// Four significant digits, for a name.
fn short(value: f64) -> String {
    let digits = format!("{value:.3e}");
    digits.parse::<f64>().map_or(digits.clone(), |v| match v.abs() {
        0.0 | 1e-4..1e7 => v.to_string(),
        _ => digits,
    })
}

/// What data sets are drawn with.
#[derive(Debug)]
pub(super) struct Drawer<'a> {
    pub(super) fit: &'a Fit,
    pub(super) data: &'a Dataset,
    pub(super) errors: CalibrationErrors,
    residuals: Vec<f64>,
    /// Standard deviation that the errors of a cluster have in common, in the solver's unit.
    pub(super) shared: f64,
}

/// The standard deviation that errors of a cluster have in common; 0 without clusters.
///
/// # Formula
/// the root of sum over clusters of ((sum r)^2 - sum r^2) / sum of m(m - 1), m the rows of a cluster: the mean product of two
/// residuals of one cluster, at least 0 and at most the variance of a row
pub(super) fn in_common(fit: &Fit) -> f64 {
    let Some(clusters) = &fit.design.clusters else { return 0.0 };
    let (mut products, mut pairs) = (0.0, 0.0);
    for rows in clusters.members() {
        let r: Vec<f64> = rows.iter().map(|&i| fit.residuals[i]).collect();
        let total: f64 = r.iter().sum();
        products += total * total - sum::dot(&r, &r);
        pairs += (rows.len() * (rows.len() - 1)) as f64;
    }
    if pairs > 0.0 { (products / pairs).clamp(0.0, fit.variance()).sqrt() } else { 0.0 }
}

impl<'a> Drawer<'a> {
    pub(super) fn new(fit: &'a Fit, data: &'a Dataset, errors: CalibrationErrors) -> Drawer<'a> {
        let rest = |i: usize| 1.0 - fit.leverage.get(i).copied().unwrap_or(0.0);
        let mut residuals: Vec<f64> = (0..fit.nobs())
            .map(|i| if rest(i) > SATURATED { fit.residuals[i] / rest(i).sqrt() } else { 0.0 })
            .collect();
        let centre = sum::mean(&residuals);
        residuals.iter_mut().for_each(|r| *r -= centre);
        Drawer { fit, data, errors, residuals, shared: in_common(fit) }
    }

    /// Draw data set `set` of a law: the user's rows with another response.
    ///
    /// Its errors are those of data set `set` under every other law: laws are compared without the noise between them.
    pub(super) fn draw(&self, law: &Law, seed: u64, set: u64) -> Result<Dataset, DataError> {
        let mut rng = stream(key(seed, "errors of a calibration"), set);
        let design = &self.fit.design;
        let clusters = design.clusters.as_ref().filter(|_| self.shared > 0.0);
        let levels: Vec<f64> = clusters.map_or_else(Vec::new, |c| {
            c.names.iter().map(|_| self.shared * Noise::Normal.draw(&mut rng)).collect()
        });
        let sd = (self.fit.variance() - self.shared * self.shared).max(0.0).sqrt();
        // What the rows of a cluster do not have in common.
        let own = sd / self.fit.variance().sqrt();
        let n = self.residuals.len() as u32;
        let response = law.means.iter().enumerate().map(|(i, mean)| {
            let error = match self.errors {
                CalibrationErrors::Normal => sd * Noise::Normal.draw(&mut rng),
                CalibrationErrors::T3 => sd * Noise::StudentT3.draw(&mut rng),
                CalibrationErrors::Residual => self.residuals[rng.random_range(0..n) as usize] * own,
            };
            let error = error * law.spread.get(i).copied().unwrap_or(1.0);
            let level = clusters.map_or(0.0, |c| levels[c.index[i]]);
            design.scale.invert(design.unweighted(i, mean + error + level)) * design.frame.y_scale
        });
        self.data.with_responses(response.collect())
    }
}
