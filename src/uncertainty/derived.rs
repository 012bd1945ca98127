//! Intervals of quantities that follow from the parameters: the same methods, on a curved equality in place of a linear one.

use super::cr2::cr2;
use super::draws::quantile;
use super::hc2::hc2;
use super::percentile::enough;
use super::profile::{Edge, Profile};
use super::profile_bootstrap::{REPLICATES, cut_off};
use super::score::Test;
use super::{Draws, Gathered, Interval, Level, Unavailable};
use crate::fit::Fit;
use crate::form::{Derived, Functional, Transform};
use crate::loss::Inference;
use crate::math::distribution::t_critical;
use crate::objective::Constraint;
use nalgebra::{DMatrix, DVector};

/// Ids of the methods that a derived quantity has, sorted.
pub const METHODS: [&str; 9] =
    ["cr2", "hc2", "hc3", "percentile", "profile-bootstrap", "profile-t", "sandwich", "score", "t"];

/// Return the standard error by the delta method; `None` where the fit has no covariance.
///
/// # Formula
/// sqrt(g'Vg), g the derivatives of the quantity by the coordinates, V their covariance
#[must_use]
pub fn std_error(fit: &Fit, quantity: &Derived) -> Option<f64> {
    delta(fit, quantity, &fit.vcov()?)
}

fn delta(fit: &Fit, quantity: &Derived, vcov: &DMatrix<f64>) -> Option<f64> {
    let gradient = DVector::from_column_slice(&quantity.gradient(&fit.solution.theta)[..fit.dim()]);
    let se = gradient.dot(&(vcov * &gradient)).max(0.0).sqrt();
    (se.is_finite() && se > 0.0).then_some(se)
}

/// Compute the interval of a derived quantity by the method of one id.
///
/// # Formula
/// `t`, `hc3`, `sandwich`, `hc2` and `cr2` (with their degrees of freedom): value +- t(n-p) times the standard error by the delta method. `profile-t`, `score`: the values at which
/// the law, refitted with the quantity held there, is not significantly worse: the equality is solved for one coordinate.
/// `percentile`: quantiles of the quantity over `draws`. `profile-bootstrap`: as `profile-t`, with the cut-off of [`cut_off`], its seed
/// that of `draws`.
/// # Reference
/// Bates and Watts (1988), Nonlinear Regression Analysis, chapter 6; Cox and Ma (1995), Biometrics 51:1221.
///
/// # Errors
/// [`Unavailable`] says why the method gives none here.
pub fn interval(
    method: &str,
    fit: &Fit,
    quantity: &Derived,
    draws: Option<&Draws>,
    level: Level,
) -> Result<Interval, Unavailable> {
    if fit.is_exact() {
        return Err(Unavailable::Exact);
    }
    let estimate = quantity.value(&fit.solution.theta);
    if !estimate.is_finite() {
        return Err(Unavailable::NoOptimum);
    }
    let suits = match fit.loss.family().inference() {
        Inference::LeastSquares => {
            ["cr2", "hc2", "hc3", "percentile", "profile-bootstrap", "profile-t", "t"].as_slice()
        }
        Inference::Sandwich | Inference::Density => &["percentile", "sandwich", "score"],
        Inference::Resampling => &["percentile"],
    };
    if !suits.contains(&method) {
        return Err(Unavailable::OtherLoss { loss: fit.loss });
    }
    let around = |vcov: Option<DMatrix<f64>>, dof: f64, why: Unavailable| {
        let se = vcov.and_then(|v| delta(fit, quantity, &v)).ok_or(why)?;
        let half = t_critical(level.get(), dof) * se;
        Ok((estimate - half, estimate + half))
    };
    let nu = fit.dof_residual() as f64;
    let (low, high) = match method {
        "t" => around(fit.vcov(), fit.dof_variance(), Unavailable::RankDeficient)?,
        "hc3" => around(fit.vcov_hc3(), nu, Unavailable::LeverageOne)?,
        "sandwich" => around(fit.vcov_sandwich(), nu, Unavailable::Flat)?,
        "cr2" | "hc2" => {
            let linear = Functional {
                coefficients: quantity.gradient(&fit.solution.theta),
                offset: 0.0,
                transform: Transform::Identity,
            };
            let gathered = Gathered { fit, draws: None, jackknife: None };
            let (se, dof) = if method == "cr2" { cr2(&linear, &gathered) } else { hc2(&linear, &gathered) }?;
            let half = t_critical(level.get(), dof) * se;
            (estimate - half, estimate + half)
        }
        "percentile" => percentile(quantity, draws.ok_or(Unavailable::NoDraws)?, level)?,
        _ => by_refitting(method, fit, quantity, draws, level)?,
    };
    let used = draws.filter(|_| method == "percentile");
    let (bottom, top) = quantity.range();
    Ok(Interval {
        method: used.map_or_else(|| method.to_owned(), |d| format!("{}-{method}", d.resampler.id())),
        level: level.get(),
        low: low.max(bottom),
        high: high.min(top),
        lead: false,
        draws: used.map(Draws::succeeded),
        failed: used.map(|d| d.failed),
        few_refits: used.is_some_and(Draws::few_refits),
    })
}

/// Quantiles of the quantity over the draws.
fn percentile(quantity: &Derived, draws: &Draws, level: Level) -> Result<(f64, f64), Unavailable> {
    // A draw without an inner optimum has no value: it counts as failed.
    let mut values: Vec<f64> =
        draws.thetas().map(|theta| quantity.value(&theta)).filter(|v| v.is_finite()).collect();
    enough(values.len(), level)?;
    values.sort_by(f64::total_cmp);
    Ok((quantile(&values, level.tail()), quantile(&values, 1.0 - level.tail())))
}

/// Limits from constrained fits: by the sum of squares, or by the score.
fn by_refitting(
    method: &str,
    fit: &Fit,
    quantity: &Derived,
    draws: Option<&Draws>,
    level: Level,
) -> Result<(f64, f64), Unavailable> {
    let estimate = quantity.value(&fit.solution.theta);
    let step = std_error(fit, quantity).unwrap_or_else(|| (0.1 * estimate.abs()).max(0.1));
    let constrain = |v: f64| Some(Constraint::derived(*quantity, v));
    let (bottom, top) = quantity.range();
    let ends = [bottom, top].map(|at| Edge { at, open: at.is_infinite() });
    let limits = |limit: &dyn Fn(f64, Edge) -> f64| (limit(-step, ends[0]), limit(step, ends[1]));
    let cut = match method {
        "profile-t" => Some(t_critical(level.get(), fit.dof_variance())),
        "profile-bootstrap" => {
            let draws = draws.ok_or(Unavailable::NoDraws)?;
            let held = Constraint::derived(*quantity, estimate);
            let replicates = draws.replicates.min(REPLICATES);
            Some(cut_off(fit, &held, level, draws.seed, replicates)?.critical)
        }
        _ => None,
    };
    if let Some(critical) = cut {
        let profile = Profile::new(fit, constrain);
        return Ok(limits(&|step, edge| profile.limit(estimate, step, edge, critical)));
    }
    if fit.regression.is_none() {
        return Err(Unavailable::RankDeficient);
    }
    let critical = t_critical(level.get(), fit.dof_residual() as f64);
    let test = Test::new(fit, constrain);
    Ok(limits(&|step, edge| test.limit(estimate, step, edge, critical)))
}
