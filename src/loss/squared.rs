//! Half the squared residual: least squares.

use super::error::none;
use super::{Inference, LossError, Rho, Rows, Tuning};
use crate::math::sum::dot3;

/// Least squares.
///
/// # Formula
/// rho(r) = r^2/2, psi(r) = r, psi(r)/r = rho''(r) = 1
/// # Reference
/// Gauss (1809), Theoria motus; maximum likelihood for normal errors of equal variance.
#[derive(Debug, Clone, Copy)]
pub struct Squared;

impl Rho for Squared {
    fn id(&self) -> &'static str {
        "squared"
    }

    fn meaning(&self) -> &'static str {
        "least squares: normal errors of equal variance"
    }

    fn syntax(&self) -> &'static str {
        "squared"
    }

    fn examples(&self) -> &'static [&'static str] {
        &["squared"]
    }

    fn parse(&self, constants: &[&str]) -> Result<Tuning, LossError> {
        none(self, constants)
    }

    fn print(&self, _: Tuning) -> String {
        String::new()
    }

    fn batch(&self, _: Tuning, _: f64, w: &[f64], r: &[f64], out: Rows<'_>) -> f64 {
        out.psi.copy_from_slice(r);
        out.curvature.fill(1.0);
        out.second.fill(1.0);
        0.5 * dot3(w, r, r)
    }

    fn log_density(&self, _: Tuning, z: f64) -> Option<f64> {
        Some(-0.5 * (z * z + (2.0 * std::f64::consts::PI).ln()))
    }

    fn scale(&self, _: Tuning, w: &[f64], r: &[f64]) -> Option<f64> {
        Some((dot3(w, r, r) / w.iter().sum::<f64>()).sqrt())
    }

    fn inference(&self) -> Inference {
        Inference::LeastSquares
    }
}
