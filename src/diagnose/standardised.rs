//! Residuals in units of their own spread, for checks that look at nothing but their order or their distribution.

use crate::math::sum;

/// Return (v - mean)/sd of every value in order, sd with divisor n - 1; `None` where the values do not differ.
///
/// They are divided by the largest first, so that no square overflows or vanishes.
#[must_use]
pub(super) fn standardised(values: &[f64]) -> Option<Vec<f64>> {
    let largest = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let mut scaled: Vec<f64> = values.iter().map(|v| v / largest).collect();
    let mean = sum::mean(&scaled);
    let sd = (sum::centred_squares(&scaled) / (values.len() as f64 - 1.0)).sqrt();
    if !(sd > 0.0 && sd.is_finite()) {
        return None;
    }
    for v in &mut scaled {
        *v = (*v - mean) / sd;
    }
    Some(scaled)
}

/// Powers of noise from congruences: the same in any language.
#[cfg(test)]
pub(super) fn sample(n: usize, power: i32) -> Vec<f64> {
    let part = |i: usize, by: usize, modulus: usize| ((i * by) % modulus) as f64 / modulus as f64 - 0.5;
    (1..=n).map(|i| (part(i, 7919, 10007) + part(i, 104_729, 1009)).powi(power)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_is_zero_and_spread_one_at_any_size() {
        for unit in [1e-300, 1e-160, 1.0, 1e160, 1e300] {
            let z = standardised(&[unit, 2.0 * unit, 3.0 * unit]).expect("they differ");
            for (z, want) in z.iter().zip([-1.0, 0.0, 1.0]) {
                assert!((z - want).abs() < 1e-15, "{unit} {z}");
            }
        }
        for same in [&[][..], &[1.0], &[0.0, 0.0], &[0.1; 7], &[-3e-9; 3], &[f64::NAN, 1.0]] {
            assert!(standardised(same).is_none(), "{same:?}");
        }
    }
}
