//! Correlation of neighbouring residuals, along the size.

use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::normal_cdf;
use crate::math::quadratic_form::probability_negative;
use nalgebra::{DMatrix, DVector};

/// Sizes up to which the p value is exact; above, it is normal with the exact mean and variance.
const EXACT_UP_TO: usize = 250;

/// The Durbin-Watson test against positive correlation.
///
/// # Formula
/// d = sum (e_i - e_(i-1))^2 / sum e_i^2; p = P(D < d) for D = e'Ae/e'e, e = Mz, exactly, by Imhof's integral
/// # Assumptions
/// e are the residuals in order of size, replicates averaged and weighted by the root of their number.
/// # Reference
/// Durbin and Watson (1971), Biometrika 58:1.
#[derive(Debug, Clone, Copy)]
pub struct DurbinWatson;

impl Diagnostic for DurbinWatson {
    fn id(&self) -> &'static str {
        "durbin-watson"
    }
    fn meaning(&self) -> &'static str {
        "do neighbouring sizes err in the same direction?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        tangent.at_least(fit.dim() + 2)?;
        let (e, k, p) = (&tangent.e, tangent.len(), tangent.dim());
        let total: f64 = e.iter().map(|v| v * v).sum();
        let d = e.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f64>() / total;
        if !d.is_finite() {
            return Err(NotApplicable::Exact);
        }
        let p_value =
            if k <= EXACT_UP_TO { exact(&tangent.regression.q, d) } else { normal(&tangent.regression.q, d) };
        Ok(Outcome {
            id: self.id(),
            statistic: d,
            signed_root: None,
            dof: vec![k as f64, p as f64],
            p_value,
            exact: k <= EXACT_UP_TO,
            row: None,
            alternative: "positive correlation",
            reference: "Durbin and Watson (1971)",
        })
    }
}

/// P(D < d) from the eigenvalues of M(A - dI)M.
fn exact(q: &DMatrix<f64>, d: f64) -> f64 {
    let k = q.nrows();
    let m = DMatrix::identity(k, k) - q * q.transpose();
    let a = DMatrix::from_fn(k, k, |i, j| match i.abs_diff(j) {
        0 if i == 0 || i == k - 1 => 1.0 - d,
        0 => 2.0 - d,
        1 => -1.0,
        _ => 0.0,
    });
    let form = &m * a * &m;
    let weights = ((&form + form.transpose()) * 0.5).symmetric_eigenvalues();
    probability_negative(weights.as_slice())
}

/// The normal approximation with the exact first two moments of D.
fn normal(q: &DMatrix<f64>, d: f64) -> f64 {
    let (k, p) = (q.nrows(), q.ncols());
    let differences = |v: &DVector<f64>| {
        DVector::from_fn(k, |i, _| {
            let (before, after) = (i.checked_sub(1).map(|j| v[j]), v.get(i + 1).copied());
            let own = f64::from(u8::from(before.is_some()) + u8::from(after.is_some()));
            own * v[i] - before.unwrap_or(0.0) - after.unwrap_or(0.0)
        })
    };
    let columns: Vec<DVector<f64>> = (0..p).map(|j| differences(&q.column(j).into_owned())).collect();
    let aq = DMatrix::from_columns(&columns);
    let qaq = q.tr_mul(&aq);
    let n = k as f64;
    let trace = 2.0 * (n - 1.0) - qaq.trace();
    let trace2 = (6.0 * n - 8.0) - 2.0 * aq.norm_squared() + (&qaq * &qaq).trace();
    let nu = n - p as f64;
    let mean = trace / nu;
    let variance = 2.0 * (nu * trace2 - trace * trace) / (nu * nu * (nu + 2.0));
    normal_cdf((d - mean) / variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::linalg::Regression;

    #[test]
    fn the_normal_approximation_meets_the_exact_value() {
        let k = 250;
        let x = DMatrix::from_fn(k, 2, |i, j| if j == 0 { 1.0 } else { i as f64 });
        let q = Regression::new(x).expect("full rank").q;
        for d in [1.7, 1.9, 2.0, 2.2] {
            assert!((exact(&q, d) - normal(&q, d)).abs() < 2e-3, "{d}");
        }
    }
}
