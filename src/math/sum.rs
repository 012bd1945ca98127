//! Sums over rows: four independent partial sums, so that the order of addition is fixed and fast.

/// Sum w*a*b over rows.
#[must_use]
pub fn dot3(w: &[f64], a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (wc, ac, bc) = (w.chunks_exact(4), a.chunks_exact(4), b.chunks_exact(4));
    let tail: f64 =
        wc.remainder().iter().zip(ac.remainder()).zip(bc.remainder()).map(|((w, a), b)| w * a * b).sum();
    for ((w, a), b) in wc.zip(ac).zip(bc) {
        for k in 0..4 {
            lanes[k] += w[k] * a[k] * b[k];
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + tail
}

/// Sum a*b over rows.
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (ac, bc) = (a.chunks_exact(4), b.chunks_exact(4));
    let tail: f64 = ac.remainder().iter().zip(bc.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in ac.zip(bc) {
        for k in 0..4 {
            lanes[k] += a[k] * b[k];
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + tail
}

/// Return the arithmetic mean, NaN for no values.
///
/// A second pass adds the mean of the deviations, which removes the rounding error of the first.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let first = values.iter().sum::<f64>() / n;
    first + values.iter().map(|v| v - first).sum::<f64>() / n
}

/// Return the sum of squared deviations from the mean.
#[must_use]
pub fn centred_squares(values: &[f64]) -> f64 {
    let m = mean(values);
    values.iter().map(|v| (v - m) * (v - m)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_agree_with_plain_loops_for_every_length() {
        for n in 0..19 {
            let a: Vec<f64> = (0..n).map(|i| f64::from(i) + 0.5).collect();
            let b: Vec<f64> = (0..n).map(|i| 2.0 - f64::from(i)).collect();
            let w: Vec<f64> = (0..n).map(|i| f64::from(i % 3)).collect();
            let plain: f64 = (0..n as usize).map(|i| a[i] * b[i]).sum();
            let weighted: f64 = (0..n as usize).map(|i| w[i] * a[i] * b[i]).sum();
            assert!((dot(&a, &b) - plain).abs() < 1e-12);
            assert!((dot3(&w, &a, &b) - weighted).abs() < 1e-12);
        }
    }

    #[test]
    fn mean_is_exact_far_from_zero() {
        let values = [1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.3];
        assert!((mean(&values) - (1e9 + 0.2)).abs() < 2e-7);
        assert!((centred_squares(&values) - 0.02).abs() < 1e-6);
    }
}
