//! Half the squared residual: least squares.

use super::Loss;
use crate::math::sum::dot3;

/// Least squares.
///
/// # Formula
/// rho(r) = r^2/2, psi(r) = r, psi(r)/r = 1
/// # Reference
/// Gauss (1809), Theoria motus; maximum likelihood for normal errors of equal variance.
#[derive(Debug, Clone, Copy)]
pub struct Squared;

impl Loss for Squared {
    fn id(&self) -> &'static str {
        "squared"
    }

    fn batch(&self, w: &[f64], r: &[f64], psi: &mut [f64], curvature: &mut [f64]) -> f64 {
        psi.copy_from_slice(r);
        curvature.fill(1.0);
        0.5 * dot3(w, r, r)
    }

    fn is_gaussian(&self) -> bool {
        true
    }
}
