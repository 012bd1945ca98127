//! The largest distance between the distribution of the residuals and the normal one.

use super::standardised::standardised;
use super::{Diagnostic, NotApplicable, Outcome, Tangent, ready};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::normal_cdf;

/// Rows from which the approximation of p holds.
const FEWEST: usize = 5;

/// The test of Kolmogorov and Smirnov with mean and standard deviation from the residuals.
///
/// # Formula
/// D = max_i max(i/n - F(z_i), F(z_i) - (i - 1)/n), z the residuals in rising order less their mean over their standard
/// deviation (divisor n - 1), F normal; p by Dallal and Wilkinson up to 0.1, above by Stephens' modified D
/// # Assumptions
/// p is that of independent values; residuals of a fit are slightly dependent, which the simulated p value takes into account.
/// # Reference
/// Lilliefors (1967), J. Am. Stat. Assoc. 62:399; Dallal and Wilkinson (1986), Am. Stat. 40:294; Stephens (1974), J. Am. Stat.
/// Assoc. 69:730; as nortest's lillie.test.
#[derive(Debug, Clone, Copy)]
pub struct Lilliefors;

/// Return D; `None` where all values are equal.
fn distance(values: &[f64]) -> Option<f64> {
    let mut z = standardised(values)?;
    z.sort_unstable_by(f64::total_cmp);
    let n = z.len() as f64;
    let distances = z.iter().enumerate().map(|(i, z)| {
        let f = normal_cdf(*z);
        ((i + 1) as f64 / n - f).max(f - i as f64 / n)
    });
    Some(distances.fold(0.0, f64::max))
}

/// Return p of D for `n` values.
fn p_value(distance: f64, n: usize) -> f64 {
    let n = n as f64;
    let (d, m) = if n <= 100.0 { (distance, n) } else { (distance * (n / 100.0).powf(0.49), 100.0) };
    let x = d * (m + 2.78019).sqrt();
    let p = (x * (2.99587 - 7.01256 * x) - 0.122119 + 0.974598 / m.sqrt() + 1.67997 / m).exp();
    if p <= 0.1 {
        return p;
    }
    let k = (n.sqrt() - 0.01 + 0.85 / n.sqrt()) * distance;
    let polynomial = |c: [f64; 5]| c.iter().rev().fold(0.0, |sum, c| sum * k + c);
    let p = if k <= 0.302 {
        1.0
    } else if k <= 0.5 {
        polynomial([2.76773, -19.828315, 80.709644, -138.55152, 81.218052])
    } else if k <= 0.9 {
        polynomial([-4.901232, 40.662806, -97.490286, 94.029866, -32.355711])
    } else if k <= 1.31 {
        polynomial([6.198765, -19.558097, 23.186922, -12.234627, 2.423045])
    } else {
        0.0
    };
    p.clamp(0.0, 1.0)
}

impl Diagnostic for Lilliefors {
    fn id(&self) -> &'static str {
        "lilliefors"
    }
    fn meaning(&self) -> &'static str {
        "are the residuals distributed as normal ones, above all in the middle?"
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
            reference: "Dallal and Wilkinson (1986)",
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

    /// Expected values: mpmath, 40 digits, for D; p by the formulas of nortest.
    #[test]
    fn samples_match_extended_precision() {
        let known = [
            (8, 1, 0.13880797506059694, 0.921332724940815),
            (8, 3, 0.2537813448593307, 0.13479247545947004),
            (8, 9, 0.49311968666655026, 2.045926721957998e-06),
            (20, 1, 0.10983579547162392, 0.7612806844363718),
            (20, 3, 0.15532631268139718, 0.23360700473320506),
            (20, 9, 0.3456257115098573, 8.645041060141059e-07),
            (500, 1, 0.026763264325392316, 0.5192986402610709),
            (500, 3, 0.21532148732044268, 9.585741978825732e-65),
        ];
        for (n, power, d, p) in known {
            let got = distance(&sample(n, power)).expect("they differ");
            assert!((got - d).abs() <= 1e-12 * d, "{got} against {d}");
            let got = p_value(got, n);
            assert!((got - p).abs() <= 1e-10 * p, "{got} against {p}");
        }
    }

    #[test]
    fn p_is_a_probability_for_every_distance() {
        for n in [5, 6, 10, 99, 100, 101, 1_000, 100_000] {
            for k in 0..=1_000 {
                let p = p_value(f64::from(k) / 1_000.0, n);
                assert!((0.0..=1.0).contains(&p), "{n} {k} {p}");
            }
        }
    }
}
