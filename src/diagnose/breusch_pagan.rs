//! A spread of the residuals that changes with size.

use super::{Diagnostic, NotApplicable, Outcome, Tangent, ready};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::chi2_upper;
use crate::math::sum;

/// Koenker's studentised Breusch-Pagan test.
///
/// # Formula
/// LM = n R^2 of the squared residuals on (1, u), chi-squared with 1 degree of freedom
/// # Reference
/// Breusch and Pagan (1979), Econometrica 47:1287; Koenker (1981), J. Econometrics 17:107.
#[derive(Debug, Clone, Copy)]
pub struct BreuschPagan;

/// R^2 of the squared residuals on u.
fn explained(u: &[f64], e: &[f64]) -> Option<f64> {
    let squares: Vec<f64> = e.iter().map(|e| e * e).collect();
    let (mu, ms) = (sum::mean(u), sum::mean(&squares));
    let sxy: f64 = u.iter().zip(&squares).map(|(u, s)| (u - mu) * (s - ms)).sum();
    let r2 = sxy * sxy / (sum::centred_squares(u) * sum::centred_squares(&squares));
    r2.is_finite().then_some(r2)
}

impl Diagnostic for BreuschPagan {
    fn id(&self) -> &'static str {
        "breusch-pagan"
    }
    fn meaning(&self) -> &'static str {
        "does the spread of the residuals change with size?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        ready(fit, fit.dim() + 2)?;
        let r2 = explained(&fit.design.axis, &fit.residuals).ok_or(NotApplicable::Collinear)?;
        let lm = fit.nobs() as f64 * r2;
        Ok(Outcome {
            id: self.id(),
            statistic: lm,
            signed_root: None,
            dof: vec![1.0],
            p_value: chi2_upper(lm, 1.0),
            exact: false,
            row: None,
            alternative: "the variance changes with ln N (asymptotic p)",
            reference: "Koenker (1981)",
        })
    }
    fn by_row(&self) -> bool {
        true
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        explained(&tangent.u, e)
    }
}
