//! The distribution of a weighted sum of squared standard normals.

use std::f64::consts::PI;

/// Weights below this, relative to the largest, count as zero.
const NEGLIGIBLE: f64 = 1e-14;
/// First step of the trapezoidal rule in t = asinh(y/width); it is halved until nothing changes.
const STEP: f64 = 0.125;
/// Most halvings of the step.
const HALVINGS: usize = 7;
/// Relative change of the integral below which the step is small enough: the next halving squares the error.
const SETTLED: f64 = 1e-8;
/// Largest t: the integrand falls at least like exp(-t).
const FARTHEST: f64 = 100.0;

/// Return P(sum_j w_j Z_j^2 < 0) for independent standard normal Z_j, to about 1e-13 relative down to 1e-300.
///
/// # Formula
/// -(1/(2 pi i)) * integral of exp(K(s))/s along s = c + iy, K(s) = -1/2 sum_j ln(1 - 2 w_j s), with c < 0 the minimum of
/// K(s) - ln(-s) on the real line: there the integrand is one hump and nothing cancels, however small the probability.
/// After y = width sinh(t) the trapezoidal rule converges geometrically. Probabilities above one half come from the
/// other tail.
///
/// # Errors
/// NaN when no weight differs from zero.
///
/// # Reference
/// Helstrom (1996), IEEE Trans. Commun. 44:95 (saddle point contour); Imhof (1961), Biometrika 48:419.
#[must_use]
pub fn probability_negative(weights: &[f64]) -> f64 {
    let scale = weights.iter().fold(0.0f64, |m, w| m.max(w.abs()));
    if !(scale > 0.0 && scale.is_finite()) {
        return f64::NAN;
    }
    let w: Vec<f64> = weights.iter().map(|v| v / scale).filter(|v| v.abs() > NEGLIGIBLE).collect();
    if w.iter().all(|v| *v > 0.0) {
        return 0.0;
    }
    if w.iter().all(|v| *v < 0.0) {
        return 1.0;
    }
    let p = if w.iter().sum::<f64>() < 0.0 {
        let mirrored: Vec<f64> = w.iter().map(|v| -v).collect();
        1.0 - tail(&mirrored)
    } else {
        tail(&w)
    };
    p.clamp(0.0, 1.0)
}

/// P(sum w Z^2 < 0) for weights of both signs.
fn tail(w: &[f64]) -> f64 {
    let c = saddle(w);
    // 1 - 2 w (c + iy) = (1 - 2 w c)(1 + i r y).
    let rates: Vec<f64> = w.iter().map(|v| -2.0 * v / (1.0 - 2.0 * v * c)).collect();
    let curvature = 0.5 * rates.iter().map(|r| r * r).sum::<f64>() + 1.0 / (c * c);
    let width = 1.0 / curvature.sqrt();
    let ln_height = -0.5 * w.iter().map(|v| (-2.0 * v * c).ln_1p()).sum::<f64>() - (-c).ln();
    // The sum of the integrand over t = first, first + step, ...
    let along = |first: f64, step: f64| {
        let (mut sum, mut t) = (0.0, first);
        while t < FARTHEST {
            let y = width * t.sinh();
            let (mut ln_modulus, mut angle) = ((y / c).powi(2).ln_1p() * -0.5, -(y / c).atan());
            for r in &rates {
                let z = r * y;
                ln_modulus -= 0.25 * (z * z).ln_1p();
                angle -= 0.5 * z.atan();
            }
            let modulus = ln_modulus.exp() * t.cosh();
            sum += modulus * angle.cos();
            if modulus < 1e-18 {
                break;
            }
            t += step;
        }
        sum
    };
    // Far from the hump the integrand may turn faster than the first step sees.
    let mut step = STEP;
    let mut sum = 0.5 + along(step, step);
    for _ in 0..HALVINGS {
        let finer = sum + along(0.5 * step, step);
        let change = (0.5 * finer - sum).abs();
        step *= 0.5;
        sum = finer;
        if change <= SETTLED * 0.5 * finer.abs() {
            break;
        }
    }
    (ln_height + (sum * step * width / PI).ln()).exp()
}

/// The minimum of K(s) - ln(-s) between the negative pole of K and zero, by bisection of its rising derivative.
fn saddle(w: &[f64]) -> f64 {
    let pole = 0.5 / w.iter().fold(f64::INFINITY, |m, v| m.min(*v));
    let slope = |s: f64| w.iter().map(|v| v / (1.0 - 2.0 * v * s)).sum::<f64>() - 1.0 / s;
    // As a part of the pole; the root lies between about 1/n and 1 - 1/n.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if slope(pole * middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    pole * 0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::distribution::f_upper;

    fn close(got: f64, want: f64, relative: f64) {
        assert!((got - want).abs() <= relative * want, "{got:e} against {want:e}: {:e}", got / want - 1.0);
    }

    /// Z1^2 - r Z2^2 < 0 has probability (2/pi) atan(sqrt r); symmetric weights give one half.
    #[test]
    fn agrees_with_closed_forms() {
        for r in [1e-12, 1e-6, 1e-3, 0.1, 0.5, 1.0, 3.0, 20.0, 1e6, 1e12] {
            close(probability_negative(&[1.0, -r]), 2.0 / PI * f64::sqrt(r).atan(), 1e-12);
        }
        // Two equal pairs: P(E1 < r E2) = r/(1 + r) for exponential E.
        for r in [1e-13, 1e-6, 0.01, 1.0, 100.0] {
            close(probability_negative(&[1.0, 1.0, -r, -r]), r / (1.0 + r), 1e-12);
        }
        // Three weights: P(E > r Z^2/2) = 1/sqrt(1 + r) for w = (r, -1, -1).
        for r in [0.01, 1.0, 100.0, 1e10] {
            close(probability_negative(&[r, -1.0, -1.0]), 1.0 / f64::sqrt(1.0 + r), 1e-12);
        }
    }

    /// P(F(a, b) > x) has b weights x a/b and a weights -1. Expected values: mpmath, 50 digits.
    #[test]
    fn agrees_with_f_to_extreme_tails() {
        let form = |a: usize, b: usize, x: f64| {
            let mut w = vec![-1.0; a];
            w.extend(vec![x * a as f64 / b as f64; b]);
            probability_negative(&w)
        };
        close(form(4, 6, 2.5), f_upper(2.5, 4.0, 6.0), 1e-12);
        close(form(3, 40, 400.0), 7.533_036_113_041_85e-30, 1e-11);
        close(form(2, 300, 5e3), 4.391_415_214_218_473e-231, 1e-11);
        close(form(10, 60, 1e4), 1.004_633_073_945_451_1e-92, 1e-11);
        close(form(1, 9, 1e7), 1.610_160_736_779_118_6e-28, 1e-11);
    }

    /// Weights that differ by many orders of magnitude. Expected value: mpmath, 50 digits.
    #[test]
    fn survives_weights_of_very_different_sizes() {
        const MIXED: f64 = 4.245_625_757_341_357_6e-10;
        let w = [1.0, 1e-3, 1e-6, -1e-9, -1e-12];
        close(probability_negative(&w), MIXED, 1e-11);
        let mirrored = w.map(|v| -v);
        close(probability_negative(&mirrored), 1.0 - MIXED, 1e-14);
        close(probability_negative(&w.map(|v| v * 1e200)), MIXED, 1e-11);
    }

    #[test]
    fn one_sided_weights_are_certain() {
        assert_eq!(probability_negative(&[1.0, 2.0]), 0.0);
        assert_eq!(probability_negative(&[-1.0, -2.0]), 1.0);
        assert!(probability_negative(&[0.0]).is_nan());
    }
}
