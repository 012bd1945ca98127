//! Whether sets of rows share parameters.

use crate::data::Dataset;
use crate::fit::{Fit, FitSpec};
use crate::form::Restriction;
use crate::math::distribution::{chi2_upper, f_upper};
use serde::Serialize;

/// A test of parameters that sets of rows share against parameters of each set's own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EqualityTest {
    /// Form id.
    pub form: &'static str,
    /// The parameters that are shared under the hypothesis.
    pub parameters: Vec<String>,
    /// Number of sets.
    pub sets: usize,
    /// F statistic; with known standard deviations the difference of the sums of squares, chi-squared.
    pub statistic: f64,
    /// Numerator degrees of freedom, and for F those of the denominator.
    pub dof: Vec<f64>,
    /// Its p value.
    pub p_value: f64,
    /// Whether the law of the statistic is exact for normal errors (a linear law).
    pub exact: bool,
}

/// Test whether the sets of a fit share the parameters that `spec` says they do, or else the exponent.
///
/// # Formula
/// F = ((S_0 - S_1)/d)/(S_1/(n - p_1)), S_0 the sum of squares with shared parameters and S_1 with each set's own, d the
/// difference of their numbers of parameters; with known standard deviations S_0 - S_1 over the variance, chi-squared with d
/// degrees of freedom. `None` without sets, and for a loss other than least squares.
/// # Assumptions
/// Normal errors of one variance in all sets; exact for a linear law, asymptotic for a curve.
/// # Reference
/// Chow (1960), Econometrica 28:591; Bates and Watts (1988), section 3.10.
#[must_use]
pub fn equality(fit: &Fit, spec: &FitSpec, data: &Dataset) -> Option<EqualityTest> {
    let sets = data.labels.as_ref().map(|l| l.names.len()).filter(|n| *n > 1)?;
    if !fit.loss.is_gaussian() || fit.is_exact() {
        return None;
    }
    let shared = &spec.restriction.shared;
    let parameters = if shared.is_empty() {
        vec![spec.form.params()[spec.form.about().exponent].name.to_owned()]
    } else {
        shared.clone()
    };
    let other = |shared: Vec<String>| {
        let restriction = Restriction { fixed: spec.restriction.fixed.clone(), shared };
        spec.clone().restrict(restriction).fit(data).ok().filter(Fit::converged)
    };
    let (restricted, free) = if shared.is_empty() {
        (other(parameters.clone())?, fit.clone())
    } else {
        (fit.clone(), other(Vec::new())?)
    };
    let d = free.dim().checked_sub(restricted.dim()).filter(|d| *d > 0)? as f64;
    let rise = (restricted.sse() - free.sse()).max(0.0);
    let exact = fit.is_linear() && fit.spread.is_none();
    let (statistic, dof, p_value) =
        if let Some((q0, q1)) = restricted.goodness_of_fit().zip(free.goodness_of_fit()) {
            let difference = (q0 - q1).max(0.0);
            (difference, vec![d], chi2_upper(difference, d))
        } else {
            let nu = free.dof_residual() as f64;
            let f = (rise / d) / (free.sse() / nu);
            (f, vec![d, nu], f_upper(f, d, nu))
        };
    statistic.is_finite().then(|| EqualityTest {
        form: spec.form.id(),
        parameters,
        sets,
        statistic,
        dof,
        p_value,
        exact,
    })
}
