//! A spread of the residuals that is another at the ends than in the middle.

use super::{Diagnostic, NotApplicable, Outcome, Tangent, ready};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::chi2_upper;
use crate::math::sum::{dot, mean};

/// White's test of any spread that is quadratic in u.
///
/// # Formula
/// LM = n R^2 of the squared residuals on (1, u, u^2), chi-squared with 2 degrees of freedom
/// # Assumptions
/// p is for many rows. For a curve the regressors are the same, those of the line.
/// # Reference
/// White (1980), Econometrica 48:817.
#[derive(Debug, Clone, Copy)]
pub struct White;

/// Values less their mean.
fn centred(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    let m = mean(&values);
    for v in &mut values {
        *v -= m;
    }
    values
}

impl Diagnostic for White {
    fn id(&self) -> &'static str {
        "white"
    }
    fn meaning(&self) -> &'static str {
        "does the spread of the residuals change along the size, or between the middle and the ends?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        ready(fit, fit.dim() + 2)?;
        if data.distinct() < 3 {
            return Err(NotApplicable::TooFewSizes { needed: 3, sizes: data.distinct() });
        }
        let tangent = Tangent::of_rows(fit)?;
        let lm = self.statistic(&tangent, &tangent.e).ok_or(NotApplicable::Collinear)?;
        Ok(Outcome {
            id: self.id(),
            statistic: lm,
            signed_root: None,
            dof: vec![2.0],
            p_value: chi2_upper(lm, 2.0),
            exact: false,
            row: None,
            alternative: "the variance changes with ln N, straight or bent (asymptotic p)",
            reference: "White (1980)",
        })
    }
    fn by_row(&self) -> bool {
        true
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        let largest = e.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        let squares = centred(e.iter().map(|e| (e / largest).powi(2)));
        let total = dot(&squares, &squares);
        let straight = centred(tangent.u.iter().copied());
        let mut bent = centred(straight.iter().map(|u| u * u));
        let (length, size) = (dot(&straight, &straight), dot(&bent, &bent));
        let along = dot(&straight, &bent) / length;
        for (b, s) in bent.iter_mut().zip(&straight) {
            *b -= along * s;
        }
        let outside = dot(&bent, &bent);
        if !(outside > 1e-20 * size) {
            return None;
        }
        let share = |z: &[f64], length: f64| {
            let b = dot(z, &squares);
            b * b / (length * total)
        };
        let r2 = share(&straight, length) + share(&bent, outside);
        r2.is_finite().then(|| e.len() as f64 * r2.min(1.0))
    }
}
