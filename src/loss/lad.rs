//! The absolute residual: the curve of the median.

use super::error::none;
use super::{Inference, LossError, Rho, Rows, Tuning};

/// Least absolute deviations.
///
/// # Formula
/// rho(r) = |r|, psi(r) = sign(r), psi(r)/r = 1/|r|, rho''(r) = 0; at r = 0 psi is 0, and any value in \[-1, 1\] would do
///
/// An optimum passes through rows exactly, as many as there are parameters unless the law is strongly curved.
/// # Reference
/// Boscovich (1757); Koenker and Bassett (1978), Econometrica 46:33; the likelihood is Laplace's.
#[derive(Debug, Clone, Copy)]
pub struct Lad;

impl Rho for Lad {
    fn id(&self) -> &'static str {
        "lad"
    }

    fn meaning(&self) -> &'static str {
        "least absolute deviations: the curve of the median"
    }

    fn syntax(&self) -> &'static str {
        "lad"
    }

    fn examples(&self) -> &'static [&'static str] {
        &["lad"]
    }

    fn parse(&self, constants: &[&str]) -> Result<Tuning, LossError> {
        none(self, constants)
    }

    fn print(&self, _: Tuning) -> String {
        String::new()
    }

    fn batch(&self, _: Tuning, _: f64, w: &[f64], r: &[f64], out: Rows<'_>) -> f64 {
        let mut cost = 0.0;
        for (k, (w, r)) in w.iter().zip(r).enumerate() {
            out.psi[k] = if *r == 0.0 { 0.0 } else { r.signum() };
            out.curvature[k] = 1.0 / r.abs().max(f64::MIN_POSITIVE);
            out.second[k] = 0.0;
            cost += w * r.abs();
        }
        cost
    }

    fn degree(&self) -> i32 {
        1
    }

    fn log_density(&self, _: Tuning, z: f64) -> Option<f64> {
        Some(-z.abs() - std::f64::consts::LN_2)
    }

    fn scale(&self, _: Tuning, w: &[f64], r: &[f64]) -> Option<f64> {
        let sum: f64 = w.iter().zip(r).map(|(w, r)| w * r.abs()).sum();
        Some(sum / w.iter().sum::<f64>())
    }

    fn inference(&self) -> Inference {
        Inference::Density
    }
}
