//! Student's t, averaged over how the errors may spread with size.

use super::auto::MOST_PROFILED;
use super::bound::NearBound;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable, profile, std_error};
use crate::fit::{Fit, twice_restricted};
use crate::form::Functional;
use crate::math::distribution::{t_critical, t_upper};
use crate::math::linalg::Regression;
use crate::math::root;
use nalgebra::{DMatrix, DVector};

/// The spread-averaged t interval.
///
/// # Formula
/// \[q(tail), q(1 - tail)\] with q the quantile of sum_k w_k T(n-p; (v - v_k)/se_k): v_k and se_k are estimate and standard
/// error with sigma_i = sigma exp(-g_k x_i), x from 0 at the smallest size to 1 at the largest, g = -3, -2.5, ... 3;
/// w_k is in proportion to exp(-g_k^2/8) S_k^(-(n-p)/2) |J'W_k J|^(-1/2) prod w_ki, the restricted likelihood of g_k with a normal prior for the
/// logarithm of the ratio of the largest to the smallest spread (standard deviation 2: up to 7-fold within one, 55-fold within two). A curve: these
/// quantiles for the law linearised at the optimum, in units of t of the likeliest g, are the critical values of the
/// profile of its weighted fit, each times the factor that an edge of the domain nearby calls for (E = 0).
/// # Assumptions
/// Normal errors on the scale of the fit whose spread is constant or follows a power of the size. Exact where it is
/// known; elsewhere coverage was measured: docs/COVERAGE.md.
/// # Reference
/// Restricted likelihood: Patterson and Thompson (1971), Biometrika 58:545. Averaging over it: Harville (1974), Biometrika 61:383;
/// Fisher (1935), Ann. Eugenics 6:391, for two variances. Profile: Bates and Watts (1988), chapter 6.
#[derive(Debug, Clone, Copy)]
pub struct SpreadT;

/// Largest logarithm of the ratio of spreads that is looked at.
const STEEPEST: f64 = 3.0;
/// Spreads looked at on either side of the constant one.
const STEPS: i32 = 6;
/// Standard deviation of its prior.
const PRIOR: f64 = 2.0;
/// Share of the likeliest below which a spread is left out.
const NEGLIGIBLE: f64 = 1e-6;
/// Least critical value of a side, in units of t: the average of several estimates may lie beside the likeliest.
const LEAST: f64 = 0.25;

/// Estimate, standard error and weight under one spread.
#[derive(Debug, Clone, Copy)]
struct Component {
    fold: f64,
    centre: f64,
    error: f64,
    weight: f64,
}

impl IntervalMethod for SpreadT {
    fn id(&self) -> &'static str {
        "spread-t"
    }
    fn meaning(&self) -> &'static str {
        "Student t or profile, averaged over how the errors may spread with size"
    }
    fn is_reported(&self, fit: &Fit) -> bool {
        // It profiles a second fit, which takes its time where there are many parameters, and leads only where there are few.
        fit.is_linear() || fit.dim() <= MOST_PROFILED * fit.sets()
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let fit = gathered.fit;
        applies(fit)?;
        let components = components(fit, target).ok_or(Unavailable::RankDeficient)?;
        let dof = fit.dof_variance();
        let (low, high) =
            (quantile(&components, dof, level.tail()), quantile(&components, dof, 1.0 - level.tail()));
        let (low, high) = (low.ok_or(Unavailable::RankDeficient)?, high.ok_or(Unavailable::RankDeficient)?);
        if fit.is_linear() {
            let v = target.combination(&fit.solution.theta);
            return Ok((v + low, v + high));
        }
        let likeliest = components
            .iter()
            .max_by(|a, b| a.weight.total_cmp(&b.weight))
            .copied()
            .ok_or(Unavailable::RankDeficient)?;
        let t = t_critical(level.get(), dof);
        let critical = |limit: f64| ((limit - likeliest.centre).abs() / likeliest.error).max(LEAST * t);
        let sides = |beyond: bool, limit: f64| if beyond { critical(limit) } else { LEAST * t };
        let sides = (sides(low < likeliest.centre, low), sides(high > likeliest.centre, high));
        let weighted = weighted(fit, likeliest.fold);
        let fit = weighted.as_ref().unwrap_or(fit);
        let near = NearBound::new(fit, target, level.get());
        let stretch = near.map(|near| -> profile::Stretch<'_> { Box::new(move |s| near.factor(s)) });
        Ok(profile::limits(fit, target, sides, stretch))
    }
}

/// Whether a spread that follows the size can be asked of a fit.
fn applies(fit: &Fit) -> Result<(), Unavailable> {
    if fit.is_weighted() || fit.design.known_sd.is_some() {
        return Err(Unavailable::OwnPrecision);
    }
    if fit.predictors() > 1 {
        return Err(Unavailable::NoSingleSize);
    }
    Ok(())
}

/// Return the least and the largest spread that a fit by least squares leaves likely, as the logarithm of the ratio of the
/// standard deviation at the smallest size to that at the largest: the 2.5% and 97.5% quantiles of what [`SpreadT`] averages over.
///
/// # Errors
/// [`Unavailable`] where [`SpreadT`] is.
pub fn likely_spreads(fit: &Fit) -> Result<(f64, f64), Unavailable> {
    applies(fit)?;
    let components = components(fit, &Functional::coordinate(0, 1.0)).ok_or(Unavailable::RankDeficient)?;
    let mut below = 0.0;
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for c in &components {
        // A spread whose share of the average reaches past a tail is likely.
        if below + c.weight > 0.025 && below < 0.975 {
            (low, high) = (low.min(c.fold), high.max(c.fold));
        }
        below += c.weight;
    }
    Ok((low, high))
}

/// Return the standard deviations of the rows under a spread, up to a factor: 1 at the smallest size, exp(-fold) at the largest.
#[must_use]
pub fn deviations(fit: &Fit, fold: f64) -> Vec<f64> {
    let axis = &fit.design.axis;
    let (first, last) =
        axis.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), u| (a.min(*u), b.max(*u)));
    axis.iter().map(|u| (-fold * (u - first) / (last - first)).exp()).collect()
}

/// The fit with rows weighed for a spread; `None` for the constant one, and where the refit fails.
fn weighted(fit: &Fit, fold: f64) -> Option<Fit> {
    (fold != 0.0).then(|| fit.reweighed(&deviations(fit, fold)))?
}

/// Estimates of a combination (less its fitted value), standard errors and weights under every spread, the law linearised.
fn components(fit: &Fit, target: &Functional) -> Option<Vec<Component>> {
    let (n, p) = (fit.nobs(), fit.dim());
    let dof = fit.dof_residual() as f64;
    let jacobian = DMatrix::from_vec(n, p, fit.objective().jacobian(&fit.solution.theta));
    let mut out: Vec<Component> = Vec::new();
    for k in -STEPS..=STEPS {
        let fold = STEEPEST * f64::from(k) / f64::from(STEPS);
        let sd = deviations(fit, fold);
        let mut x = jacobian.clone();
        for (mut row, sd) in x.row_iter_mut().zip(&sd) {
            row /= *sd;
        }
        let y = DVector::from_iterator(n, fit.residuals.iter().zip(&sd).map(|(r, sd)| r / sd));
        let Some(regression) = Regression::new(x) else { continue };
        let beta = regression.coefficients(&y);
        let sse = regression.residuals(&y).norm_squared();
        let error = std_error(target, &(regression.gram_inverse() * (sse / dof)));
        let ln_roots = -sd.iter().map(|s| s.ln()).sum::<f64>();
        let ln = 0.5 * twice_restricted(&regression, sse, dof, ln_roots) - 0.5 * (fold / PRIOR).powi(2);
        let centre = beta.iter().zip(target.coefficients).map(|(b, c)| b * c).sum();
        if ln.is_finite() && error > 0.0 {
            out.push(Component { fold, centre, error, weight: ln });
        }
    }
    let best = out.iter().map(|c| c.weight).fold(f64::NEG_INFINITY, f64::max);
    out.iter_mut().for_each(|c| c.weight = (c.weight - best).exp());
    out.retain(|c| c.weight >= NEGLIGIBLE);
    let total: f64 = out.iter().map(|c| c.weight).sum();
    out.iter_mut().for_each(|c| c.weight /= total);
    (!out.is_empty()).then_some(out)
}

/// Quantile of the average of t distributions.
fn quantile(components: &[Component], dof: f64, q: f64) -> Option<f64> {
    let t = t_critical((1.0 - 2.0 * q).abs(), dof).copysign(q - 0.5);
    // The quantile lies between those of the components.
    let ends = components.iter().map(|c| c.centre + t * c.error);
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let excess = |v: f64| {
        components.iter().map(|c| c.weight * t_upper((c.centre - v) / c.error, dof)).sum::<f64>() - q
    };
    if low == high {
        Some(low)
    } else {
        root::brent(excess, low, high, 1e-12 * (high - low)).or(Some(0.5 * (low + high)))
    }
}
