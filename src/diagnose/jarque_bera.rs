//! Skewness and kurtosis of the residuals.

use super::standardised::standardised;
use super::{Diagnostic, NotApplicable, Outcome, Tangent, ready};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::chi2_upper;

/// The test of Jarque and Bera.
///
/// # Formula
/// JB = n (S^2 + (K - 3)^2/4)/6, S = m_3/m_2^(3/2), K = m_4/m_2^2, m_j the mean of (e - mean(e))^j; chi-squared with 2 degrees
/// of freedom
/// # Assumptions
/// p is for hundreds of rows; below that the simulated p value is the one to read.
/// # Reference
/// Jarque and Bera (1987), Int. Stat. Rev. 55:163; as tseries' jarque.bera.test.
#[derive(Debug, Clone, Copy)]
pub struct JarqueBera;

/// Return JB; `None` where all values are equal.
fn moments(values: &[f64]) -> Option<f64> {
    let z = standardised(values)?;
    let n = z.len() as f64;
    let (mut m2, mut m3, mut m4) = (0.0, 0.0, 0.0);
    for z in &z {
        let z2 = z * z;
        m2 += z2;
        m3 += z2 * z;
        m4 += z2 * z2;
    }
    let skewness2 = n * m3 * m3 / (m2 * m2 * m2);
    let excess = n * m4 / (m2 * m2) - 3.0;
    Some(n / 6.0 * (skewness2 + 0.25 * excess * excess))
}

impl Diagnostic for JarqueBera {
    fn id(&self) -> &'static str {
        "jarque-bera"
    }
    fn meaning(&self) -> &'static str {
        "are the residuals lopsided, or their tails heavier or lighter than normal ones?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        ready(fit, fit.dim() + 2)?;
        let statistic = moments(&fit.residuals).ok_or(NotApplicable::Exact)?;
        Ok(Outcome {
            id: self.id(),
            statistic,
            signed_root: None,
            dof: vec![2.0],
            p_value: chi2_upper(statistic, 2.0),
            exact: false,
            row: None,
            alternative: "the errors are skewed, or their tails are not normal (asymptotic p)",
            reference: "Jarque and Bera (1987)",
        })
    }
    fn by_row(&self) -> bool {
        true
    }
    fn statistic(&self, _: &Tangent, e: &[f64]) -> Option<f64> {
        moments(e)
    }
}
