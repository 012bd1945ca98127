//! Student's t errors: heavy tails, with a likelihood.

use super::error::{only, positive};
use super::{Inference, JointScale, LossError, Rho, Rows, Tuning};
use crate::math::distribution::ln_gamma;

/// Student's t likelihood with nu degrees of freedom; the scale s is estimated together with the curve.
///
/// # Formula
/// rho(r/s) = (nu + 1)/2 ln(1 + r^2/(nu s^2)); psi(r) = (nu + 1) r/(nu s^2 + r^2), by r;
/// rho'' = (nu + 1)(nu s^2 - r^2)/(nu s^2 + r^2)^2, negative far out: such rows are let go.
/// s solves sum w (nu + 1) r^2/(nu s^2 + r^2) = sum w.
/// # Assumptions
/// Fewer than nu/(nu + 1) of the rows can be met exactly; where more can, the likelihood has no maximum.
/// # Reference
/// Lange, Little and Taylor (1989), J. Am. Stat. Assoc. 84:881.
#[derive(Debug, Clone, Copy)]
pub struct Student;

/// Steps of the search for the scale; Newton's method needs about six.
const STEPS: usize = 100;

impl Rho for Student {
    fn id(&self) -> &'static str {
        "student"
    }

    fn meaning(&self) -> &'static str {
        "Student t errors with NU degrees of freedom: far rows are let go"
    }

    fn syntax(&self) -> &'static str {
        "student:NU"
    }

    fn examples(&self) -> &'static [&'static str] {
        &["student:4", "student:1.5"]
    }

    fn parse(&self, constants: &[&str]) -> Result<Tuning, LossError> {
        let nu = positive(self, constants, "nu", "degrees of freedom, a number > 0")?;
        if constants.len() > 1 { Err(only(self, constants)) } else { Ok([nu, 0.0]) }
    }

    fn print(&self, tuning: Tuning) -> String {
        format!(":{}", tuning[0])
    }

    fn batch(&self, tuning: Tuning, s: f64, w: &[f64], r: &[f64], out: Rows<'_>) -> f64 {
        let nu = tuning[0];
        let wide = nu * s * s;
        let mut cost = 0.0;
        for (k, (w, r)) in w.iter().zip(r).enumerate() {
            let weight = (nu + 1.0) / (wide + r * r);
            out.psi[k] = weight * r;
            out.curvature[k] = weight;
            out.second[k] = weight * (wide - r * r) / (wide + r * r);
            cost += w * 0.5 * (nu + 1.0) * (r * r / wide).ln_1p();
        }
        cost
    }

    fn log_density(&self, tuning: Tuning, z: f64) -> Option<f64> {
        let nu = tuning[0];
        let constant =
            ln_gamma(0.5 * (nu + 1.0)) - ln_gamma(0.5 * nu) - 0.5 * (nu * std::f64::consts::PI).ln();
        Some(constant - 0.5 * (nu + 1.0) * (z * z / nu).ln_1p())
    }

    fn scale(&self, tuning: Tuning, w: &[f64], r: &[f64]) -> Option<f64> {
        let nu = tuning[0];
        let (mut total, mut squares) = (0.0, 0.0);
        for (w, r) in w.iter().zip(r) {
            total += w;
            squares += w * r * r;
        }
        // The excess falls with s; it is not positive where every row counts with its square.
        let mut high = (nu + 1.0) / nu * squares / total;
        let mut low = 0.0;
        if !(high > 0.0 && high.is_finite()) {
            return Some(high.max(0.0).sqrt());
        }
        let mut variance = high / (nu + 1.0) * nu.min(1.0);
        for _ in 0..STEPS {
            let (mut excess, mut slope) = (-total, 0.0);
            for (w, r) in w.iter().zip(r) {
                let below = nu * variance + r * r;
                let share = (nu + 1.0) * r * r / below;
                excess += w * share;
                slope -= w * share * nu * variance / below;
            }
            if excess > 0.0 {
                low = variance;
            } else {
                high = variance;
            }
            // Newton in the logarithm, kept inside the bracket.
            let next = variance * (-excess / slope).clamp(-3.0, 3.0).exp();
            let next = if next > low && next < high { next } else { 0.5 * (low + high) };
            let moved = (next - variance).abs();
            variance = next;
            if moved <= 1e-15 * variance || variance < f64::MIN_POSITIVE {
                break;
            }
        }
        Some(variance.sqrt())
    }

    fn joint(&self) -> Option<&dyn JointScale> {
        Some(self)
    }

    fn inference(&self) -> Inference {
        Inference::Sandwich
    }
}

impl JointScale for Student {
    fn cross(&self, tuning: Tuning, s: f64, w: &[f64], r: &[f64], out: &mut [f64]) -> f64 {
        let nu = tuning[0];
        let wide = nu * s * s;
        let mut by_s2 = 0.0;
        for ((out, w), r) in out.iter_mut().zip(w).zip(r) {
            let below = wide + r * r;
            *out = -2.0 * (nu + 1.0) * nu * s * r / (below * below);
            // L = sum w (nu+1)/2 [ln(wide + r^2) - ln wide] + W ln s
            let share = (nu + 1.0) * r * r / below;
            by_s2 += w * (share / (s * s) * (1.0 + 2.0 * wide / below) - 1.0 / (s * s));
        }
        by_s2
    }
}
