//! The distribution of a weighted sum of squared standard normals.

/// Return P(sum_j w_j Z_j^2 < 0) for independent standard normal Z_j.
///
/// # Formula
/// 1/2 - (1/pi) * integral over u in (0, inf) of sin(theta(u)) / (u rho(u)) du, with
/// theta(u) = 1/2 sum_j atan(w_j u) and rho(u) = prod_j (1 + w_j^2 u^2)^(1/4); evaluated after u = e^v by the
/// trapezoidal rule, which converges geometrically for this analytic integrand.
///
/// # Errors
/// NaN when no weight differs from zero.
///
/// # Reference
/// Imhof (1961), Biometrika 48:419, equation 3.2.
#[must_use]
pub fn probability_negative(weights: &[f64]) -> f64 {
    let scale = weights.iter().fold(0.0f64, |m, w| m.max(w.abs()));
    if !(scale > 0.0 && scale.is_finite()) {
        return f64::NAN;
    }
    let w: Vec<f64> = weights.iter().map(|v| v / scale).filter(|v| v.abs() > 1e-14).collect();
    if w.iter().all(|v| *v > 0.0) {
        return 0.0;
    }
    if w.iter().all(|v| *v < 0.0) {
        return 1.0;
    }
    let integrand = |v: f64| {
        let u = v.exp();
        let (mut theta, mut ln_rho) = (0.0, 0.0);
        for &wj in &w {
            let z = wj * u;
            theta += 0.5 * z.atan();
            ln_rho += 0.25 * (z * z).ln_1p();
        }
        theta.sin() * (-ln_rho).exp()
    };
    // theta ~ u at small u, so below v = -40 the integrand is under 1e-17; rho grows at least like u^(1/2).
    let step = 0.02;
    let mut integral = 0.0;
    let mut v = -40.0;
    let mut quiet = 0;
    while v < 160.0 {
        let f = integrand(v);
        integral += f;
        quiet = if f.abs() < 1e-18 { quiet + 1 } else { 0 };
        if v > 0.0 && quiet > 50 {
            break;
        }
        v += step;
    }
    (0.5 - integral * step / std::f64::consts::PI).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Z1^2 - r Z2^2 < 0 has probability (2/pi) atan(sqrt r); symmetric weights give one half.
    #[test]
    fn agrees_with_closed_forms() {
        for r in [0.1, 0.5, 1.0, 3.0, 20.0] {
            let want = 2.0 / std::f64::consts::PI * f64::sqrt(r).atan();
            let got = probability_negative(&[1.0, -r]);
            assert!((got - want).abs() < 1e-10, "{r}: {got} against {want}");
        }
        let f = crate::math::distribution::f_upper(2.5, 4.0, 6.0);
        let got = 1.0
            - probability_negative(&[
                1.0,
                1.0,
                1.0,
                1.0,
                -10.0 / 6.0,
                -10.0 / 6.0,
                -10.0 / 6.0,
                -10.0 / 6.0,
                -10.0 / 6.0,
                -10.0 / 6.0,
            ]);
        assert!((got - f).abs() < 1e-12, "{got} against {f}");
    }

    #[test]
    fn one_sided_weights_are_certain() {
        assert_eq!(probability_negative(&[1.0, 2.0]), 0.0);
        assert_eq!(probability_negative(&[-1.0, -2.0]), 1.0);
        assert!(probability_negative(&[0.0]).is_nan());
    }
}
