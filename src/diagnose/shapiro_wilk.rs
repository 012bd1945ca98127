//! Residuals in order against the order statistics of a normal sample.

use super::standardised::standardised;
use super::{Diagnostic, NotApplicable, Outcome, Tangent, ready};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::{normal_cdf, normal_quantile};
use crate::math::sum::dot;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Rows up to which the approximation of p was made.
const MOST: usize = 5000;
/// p that stands for any value which the approximation for 4 to 11 rows cannot resolve.
const OBVIOUS: f64 = 1e-99;

/// The test of Shapiro and Wilk in Royston's approximation.
///
/// # Formula
/// W = (sum a_i e_(i))^2 / sum (e_i - mean)^2 with sum a_i^2 = 1, a near to the expected normal order statistics; p from a
/// transformation of 1 - W that is nearly normal, exactly for 3 values
/// # Assumptions
/// p is that of independent values; residuals of a fit are slightly dependent, which the simulated p value takes into account.
/// # Reference
/// Shapiro and Wilk (1965), Biometrika 52:591; Royston (1995), Appl. Stat. 44:547, algorithm AS R94, as R's shapiro.test.
#[derive(Debug, Clone, Copy)]
pub struct ShapiroWilk;

/// c_0 + c_1 x + ...
fn polynomial(c: &[f64], x: f64) -> f64 {
    c.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// Weights of the largest values downwards, the upper half; those of the lower half are their negatives.
///
/// # Reference
/// Royston (1995), first step; Royston (1992), Stat. Comput. 2:117, for the polynomials.
fn weights(n: usize) -> Vec<f64> {
    if n == 3 {
        return vec![FRAC_1_SQRT_2];
    }
    let mut m: Vec<f64> =
        (1..=n / 2).map(|i| -normal_quantile((i as f64 - 0.375) / (n as f64 + 0.25))).collect();
    let squares = 2.0 * dot(&m, &m);
    let (root, x) = (squares.sqrt(), (n as f64).sqrt().recip());
    let mut outer = vec![
        m[0] / root + polynomial(&[0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], x),
        m[1] / root + polynomial(&[0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], x),
    ];
    // The outermost weights are given, the others share what is left of the squares.
    outer.truncate(if n > 5 { 2 } else { 1 });
    let given = outer.len();
    let left = squares - 2.0 * dot(&m[..given], &m[..given]);
    let scale = (left / (1.0 - 2.0 * dot(&outer, &outer))).sqrt();
    for m in &mut m[given..] {
        *m /= scale;
    }
    m[..given].copy_from_slice(&outer);
    m
}

/// Return 1 - W, without the cancellation of subtracting; `None` outside of 3 to [`MOST`] values, or where all are equal.
fn departure(values: &[f64]) -> Option<f64> {
    let n = values.len();
    if !(3..=MOST).contains(&n) {
        return None;
    }
    let mut z = standardised(values)?;
    z.sort_unstable_by(f64::total_cmp);
    let a = weights(n);
    let mut along = 0.0;
    for (i, a) in a.iter().enumerate() {
        along += a * (z[n - 1 - i] - z[i]);
    }
    let b = along / (2.0 * dot(&a, &a));
    let mut rest = 0.0;
    for (i, z) in z.iter().enumerate() {
        let mirrored = n - 1 - i;
        let weight = match i.cmp(&mirrored) {
            std::cmp::Ordering::Less => -a[i],
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Greater => a[mirrored],
        };
        rest += (z - b * weight).powi(2);
    }
    Some(rest / dot(&z, &z))
}

/// Return p of 1 - W for `n` values.
fn p_value(departure: f64, n: usize) -> f64 {
    let (size, y) = (n as f64, departure.ln());
    let (y, mean, log_sd) = match n {
        0..=3 => {
            let angle = (1.0 - departure).clamp(0.0, 1.0).sqrt().asin();
            return (6.0 / PI * (angle - PI / 3.0)).clamp(0.0, 1.0);
        }
        4..=11 => {
            let most = polynomial(&[-2.273, 0.459], size);
            if y >= most {
                return OBVIOUS;
            }
            (
                -(most - y).ln(),
                polynomial(&[0.544, -0.39978, 0.025054, -6.714e-4], size),
                polynomial(&[1.3822, -0.77857, 0.062767, -0.0020322], size),
            )
        }
        _ => (
            y,
            polynomial(&[-1.5861, -0.31082, -0.083751, 0.0038915], size.ln()),
            polynomial(&[-0.4803, -0.082676, 0.0030302], size.ln()),
        ),
    };
    normal_cdf((mean - y) / log_sd.exp())
}

impl Diagnostic for ShapiroWilk {
    fn id(&self) -> &'static str {
        "shapiro-wilk"
    }
    fn meaning(&self) -> &'static str {
        "do the residuals in order lie on the line of a normal sample?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        ready(fit, fit.dim() + 2)?;
        if fit.nobs() > MOST {
            return Err(NotApplicable::TooManyRows { most: MOST, rows: fit.nobs() });
        }
        let departure = departure(&fit.residuals).ok_or(NotApplicable::Exact)?;
        Ok(Outcome {
            id: self.id(),
            statistic: 1.0 - departure,
            signed_root: None,
            dof: vec![],
            p_value: p_value(departure, fit.nobs()),
            exact: false,
            row: None,
            alternative: "the errors are not normal",
            reference: "Royston (1995)",
        })
    }
    fn by_row(&self) -> bool {
        true
    }
    fn statistic(&self, _: &Tangent, e: &[f64]) -> Option<f64> {
        departure(e)
    }
}

#[cfg(test)]
mod tests {
    use super::super::standardised::sample;
    use super::*;

    /// Expected values: mpmath, 40 digits, AS R94 with exact quantiles; SciPy has them to 1e-9 and agrees so far.
    #[test]
    fn samples_of_every_kind_of_size_match_extended_precision() {
        let known = [
            (3, 3, 0.816223785962943, 0.15384886147607346),
            (4, 1, 0.9929120068006194, 0.9718770576208984),
            (4, 3, 0.9511617874270923, 0.7233794572661434),
            (5, 1, 0.9816511826777922, 0.9432566313698107),
            (5, 3, 0.8999395682645611, 0.4095516051112982),
            (6, 1, 0.9625943883055259, 0.839495623081385),
            (6, 3, 0.8921623588787159, 0.3296730607745303),
            (7, 3, 0.8491654950528342, 0.12075801238250051),
            (11, 1, 0.9411447819134499, 0.534048901299414),
            (11, 3, 0.8991190703596686, 0.18032261124330133),
            (12, 1, 0.9551049138968649, 0.7123447441696376),
            (12, 3, 0.8790253041752387, 0.0851634903730106),
            (20, 1, 0.943711370084973, 0.2815220134999666),
            (50, 3, 0.9137582444473654, 0.001413033435982309),
            (500, 1, 0.9925414678154689, 0.013509352094868908),
            (500, 3, 0.7953552028520222, 1.3143326253451256e-24),
            (5000, 1, 0.9925660756316336, 1.6498273210011154e-15),
            (5000, 3, 0.8055415548514228, 4.649222346589459e-61),
        ];
        for (n, power, w, p) in known {
            let d = departure(&sample(n, power)).expect("they differ");
            assert!((1.0 - d - w).abs() <= 1e-12, "{n} {power}: {} against {w}", 1.0 - d);
            let got = p_value(d, n);
            assert!((got - p).abs() <= 1e-9 * p, "{n} {power}: {got} against {p}");
        }
    }

    /// Three values: p is the angle between the sample and the evenly spaced one.
    #[test]
    fn three_values_are_exact() {
        for (sample, w, p) in [([0.0, 1.0, 2.0], 1.0, 1.0), ([0.0, 0.0, 1.0], 0.75, 0.0)] {
            let d = departure(&sample).expect("they differ");
            assert!((1.0 - d - w).abs() < 1e-15 && (p_value(d, 3) - p).abs() < 1e-7, "{d}");
        }
        // x = (0, 1, 3): W = 27/28.
        let d = departure(&[3.0, 0.0, 1.0]).expect("they differ");
        assert!((d - 1.0 / 28.0).abs() < 1e-15);
        let angle = (27.0f64 / 28.0).sqrt().asin();
        assert!((p_value(d, 3) - (6.0 / PI * angle - 2.0)).abs() < 1e-14);
    }

    #[test]
    fn extremes_stay_probabilities() {
        for n in (3..=40).chain([100, 1000, MOST]) {
            let mut far = vec![0.0; n];
            far[0] = 1.0;
            let ideal: Vec<f64> =
                (1..=n).map(|i| normal_quantile((i as f64 - 0.375) / (n as f64 + 0.25))).collect();
            for v in [far, ideal, (0..n).map(|i| (-1f64).powi(i as i32)).collect()] {
                let d = departure(&v).expect("they differ");
                assert!((0.0..=1.0).contains(&d), "{n} {d}");
                assert!((0.0..=1.0).contains(&p_value(d, n)), "{n} {d}");
            }
            assert!((0.0..=1.0).contains(&p_value(0.0, n)));
            assert!((0.0..=1.0).contains(&p_value(1.0, n)));
        }
        assert!(departure(&[1.0, 2.0]).is_none());
        assert!(departure(&[1.0; 9]).is_none());
        assert!(departure(&sample(MOST + 1, 1)).is_none());
    }
}
