//! A spread of the errors that follows a power of the size.

use super::{Fit, FitError, FitSpec};
use crate::math::distribution::{chi2_upper, normal_quantile};
use crate::math::linalg::Regression;
use crate::math::root;
use crate::objective::{Design, Objective};
use crate::solve::refit;
use serde::Serialize;

/// How the standard deviation of the errors changes with size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spread {
    /// It does not.
    #[default]
    Constant,
    /// As a power of the first predictor, estimated: sigma ~ N^-kappa.
    Power,
}

/// The exponent kappa of the spread, sigma ~ N^-kappa.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SpreadExponent {
    /// Estimate by restricted maximum likelihood.
    pub kappa: f64,
    /// Lower limit of its 95% likelihood interval; `None` where it lies beyond the range that was searched.
    pub low: Option<f64>,
    /// Upper limit; `None` likewise.
    pub high: Option<f64>,
    /// Likelihood-ratio statistic of a constant spread, chi-squared with 1 degree of freedom.
    pub statistic: f64,
    /// Its p value.
    pub p_value: f64,
}

/// Largest |kappa| that is looked for.
const STEEPEST: f64 = 3.0;
/// Steps of the first look on either side.
const STEPS: i32 = 12;

/// Fit with the exponent of the spread that maximises the restricted likelihood.
///
/// # Formula
/// 2 l_R(kappa) = -(n - p) ln S - ln|J'WJ| + sum ln w_i with w_i = N_i^(2 kappa), S the weighted sum of squares and J the Jacobian
/// at the optimum for this kappa
/// # Assumptions
/// Normal errors on the scale of the fit; what follows treats kappa as known.
/// # Reference
/// Patterson and Thompson (1971), Biometrika 58:545; for curves Davidian and Carroll (1987), J. Am. Stat. Assoc. 82:1079.
pub(super) fn by_reml(
    base: &Design,
    fit: &dyn Fn(Design) -> Result<Fit, FitError>,
) -> Result<(Fit, SpreadExponent), FitError> {
    let weighed = |kappa: f64| {
        let sd: Vec<f64> = base.axis.iter().map(|u| (-kappa * u).exp()).collect();
        fit(base.weighed(&sd, false))
    };
    let twice = |kappa: f64| weighed(kappa).ok().and_then(|f| restricted(&f)).unwrap_or(f64::NEG_INFINITY);
    let grid: Vec<(f64, f64)> = (-STEPS..=STEPS)
        .map(|k| STEEPEST * f64::from(k) / f64::from(STEPS))
        .map(|kappa| (kappa, twice(kappa)))
        .collect();
    let best = grid.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0.0, |b| b.0);
    let step = STEEPEST / f64::from(STEPS);
    let kappa = root::minimise(|k| -twice(k), (best - step).max(-STEEPEST), (best + step).min(STEEPEST));
    let top = twice(kappa);
    let statistic = (top - twice(0.0)).max(0.0);
    let drop = normal_quantile(0.975).powi(2);
    let side = |end: f64| root::brent(|k| top - twice(k) - drop, kappa, end, 1e-8);
    let exponent = SpreadExponent {
        kappa,
        low: side(-STEEPEST),
        high: side(STEEPEST),
        statistic,
        p_value: chi2_upper(statistic, 1.0),
    };
    Ok((weighed(kappa)?, exponent))
}

/// Twice the restricted log-likelihood of a weighted fit, but for a constant.
fn restricted(fit: &Fit) -> Option<f64> {
    let regression = fit.regression.as_ref()?;
    let sse: f64 = fit.residuals.iter().map(|r| r * r).sum();
    let ln_roots = fit.design.root.iter().map(|r| r.ln()).sum();
    Some(twice_restricted(regression, sse, fit.dof_residual() as f64, ln_roots)).filter(|v| v.is_finite())
}

/// Return twice the restricted log-likelihood of weighted least squares, but for a constant.
///
/// # Formula
/// -nu ln S - ln|J'WJ| + 2 sum ln root_i, S the weighted sum of squares, `regression` the factors of the weighted Jacobian
pub(crate) fn twice_restricted(regression: &Regression, sse: f64, nu: f64, ln_roots: f64) -> f64 {
    // |R^-1| = |J'WJ|^-1/2.
    let determinant = regression.r_inverse.determinant().abs().ln();
    -nu * sse.ln() + 2.0 * determinant + 2.0 * ln_roots
}

impl Fit {
    /// Fit the law again, from its optimum, with rows of standard deviations `sd` up to a common factor; `None` where that does
    /// not converge.
    pub(crate) fn reweighed(&self, sd: &[f64]) -> Option<Fit> {
        let design = self.design.weighed(sd, false);
        let mut objective = Objective::new(self.form, self.loss, &design);
        let solution = refit(&mut objective, &self.solution.theta);
        drop(objective);
        let spec =
            FitSpec { form: self.form, loss: self.loss, method: self.method, ..FitSpec::new(self.form) };
        solution.converged().then(|| Fit::new(&spec, design, self.response.clone(), solution, self.starts))
    }
}
