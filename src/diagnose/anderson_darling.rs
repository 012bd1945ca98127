//! The distribution of the residuals against the normal one, the tails counted most.

use super::standardised::standardised;
use super::{Diagnostic, NotApplicable, Outcome, Tangent, ready};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::ln_normal_cdf;
use crate::math::sum::mean;

/// Rows from which the approximation of p holds.
const FEWEST: usize = 8;

/// The test of Anderson and Darling with mean and standard deviation from the residuals.
///
/// # Formula
/// A = -n - mean_i (2i - 1)(ln F(z_i) + ln F(-z_(n+1-i))), z the residuals in rising order less their mean over their standard
/// deviation (divisor n - 1), F normal; p from A (1 + 0.75/n + 2.25/n^2), piecewise
/// # Assumptions
/// p is that of independent values; residuals of a fit are slightly dependent, which the simulated p value takes into account.
/// # Reference
/// Anderson and Darling (1954), J. Am. Stat. Assoc. 49:765; Stephens (1986), in D'Agostino and Stephens, Goodness-of-Fit
/// Techniques, table 4.9; as nortest's ad.test.
#[derive(Debug, Clone, Copy)]
pub struct AndersonDarling;

/// Return A; `None` where all values are equal.
fn distance(values: &[f64]) -> Option<f64> {
    let mut z = standardised(values)?;
    z.sort_unstable_by(f64::total_cmp);
    let terms: Vec<f64> = z
        .iter()
        .zip(z.iter().rev())
        .enumerate()
        .map(|(i, (low, high))| (2 * i + 1) as f64 * (ln_normal_cdf(*low) + ln_normal_cdf(-high)))
        .collect();
    Some(-(values.len() as f64) - mean(&terms))
}

/// Return p of A for `n` values.
fn p_value(distance: f64, n: usize) -> f64 {
    let n = n as f64;
    let a = distance * (1.0 + 0.75 / n + 2.25 / (n * n));
    let p = if a < 0.2 {
        -(-13.436 + a * (101.14 - 223.73 * a)).exp_m1()
    } else if a < 0.34 {
        -(-8.318 + a * (42.796 - 59.938 * a)).exp_m1()
    } else if a < 0.6 {
        (0.9177 + a * (-4.279 - 1.38 * a)).exp()
    } else if a < 10.0 {
        (1.2937 + a * (-5.709 + 0.0186 * a)).exp()
    } else {
        3.7e-24
    };
    p.clamp(0.0, 1.0)
}

impl Diagnostic for AndersonDarling {
    fn id(&self) -> &'static str {
        "anderson-darling"
    }
    fn meaning(&self) -> &'static str {
        "are the residuals distributed as normal ones, above all in the tails?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        ready(fit, FEWEST.max(fit.dim() + 2))?;
        let statistic = distance(&fit.residuals).ok_or(NotApplicable::Exact)?;
        Ok(Outcome {
            id: self.id(),
            statistic,
            signed_root: None,
            dof: vec![],
            p_value: p_value(statistic, fit.nobs()),
            exact: false,
            row: None,
            alternative: "the errors are not normal",
            reference: "Stephens (1986)",
        })
    }
    fn by_row(&self) -> bool {
        true
    }
    fn statistic(&self, _: &Tangent, e: &[f64]) -> Option<f64> {
        distance(e)
    }
}

#[cfg(test)]
mod tests {
    use super::super::standardised::sample;
    use super::*;

    /// Expected values: mpmath, 40 digits, by the formula above; all branches of p.
    #[test]
    fn samples_match_extended_precision() {
        let mut far = sample(199, 1);
        far.push(1e6);
        let known = [
            (sample(8, 1), 0.16413980537644699, 0.9071527516062976),
            (sample(20, 1), 0.32633376148294757, 0.4971759882992489),
            (sample(20, 3), 0.570238893687082, 0.12053012269813834),
            (sample(500, 1), 0.5408471899337899, 0.16447968291222528),
            (sample(8, 3), 0.7512344835442382, 0.029171214992352913),
            (sample(20, 9), 2.6392850774757965, 6.267037479440496e-07),
            (sample(500, 3), 42.089884262349344, 3.7e-24),
            (far, 76.90553766354842, 3.7e-24),
        ];
        for (values, a, p) in known {
            let got = distance(&values).expect("they differ");
            assert!((got - a).abs() <= 1e-11 * a, "{got} against {a}");
            let got = p_value(got, values.len());
            assert!((got - p).abs() <= 1e-10 * p, "{got} against {p}");
        }
    }

    #[test]
    fn p_falls_and_stays_a_probability() {
        let mut before = 1.0;
        for k in 0..2_000 {
            let p = p_value(0.01 * f64::from(k), 10);
            // The pieces do not quite meet.
            assert!((0.0..=1.0).contains(&p) && p <= before + 2e-3, "{k} {p}");
            before = p;
        }
    }
}
