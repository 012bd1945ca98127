//! Every row's own residual, times one of Webb's six weights.

use super::inflated::inflated;
use super::{Curve, Draw, Scheme, Studentised};
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::objective::Objective;
use rand::RngExt as _;

/// Every row keeps its own residual r/(1-h), times a random six-point weight of mean 0 and variance 1.
///
/// # Formula
/// weights -sqrt(3/2), -1, -sqrt(1/2), sqrt(1/2), 1, sqrt(3/2), equally likely
/// # Assumptions
/// Errors are independent; each may have a variance of its own.
/// # Reference
/// Webb (2023), Can. J. Econ. 56:839.
#[derive(Debug, Clone, Copy)]
pub struct Wild;

/// The six weights of Webb, as draws 0 to 5.
pub const WEBB: [f64; 6] = [
    -1.224_744_871_391_589,
    -1.0,
    -std::f64::consts::FRAC_1_SQRT_2,
    std::f64::consts::FRAC_1_SQRT_2,
    1.0,
    1.224_744_871_391_589,
];

impl Scheme for Wild {
    fn id(&self) -> &'static str {
        "wild"
    }
    fn meaning(&self) -> &'static str {
        "every row's own residual, times one of Webb's six weights"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Rows
    }
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        Box::new(Weighted::new(fit, groups, |rng| WEBB[rng.random_range(0..6u32) as usize]))
    }
}

/// The residuals r/(1-h) of the rows, and the distribution of the weights that multiply them.
pub(super) struct Weighted<W> {
    curve: Curve,
    errors: Vec<f64>,
    weight: W,
}

impl<W: Fn(&mut Stream) -> f64> Weighted<W> {
    pub(super) fn new(fit: &Fit, groups: &[usize], weight: W) -> Weighted<W> {
        Weighted { curve: Curve::new(fit, groups), errors: inflated(fit, 1.0), weight }
    }
}

impl<W> std::fmt::Debug for Weighted<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Weighted").field("curve", &self.curve).field("errors", &self.errors).finish()
    }
}

impl<W: Fn(&mut Stream) -> f64 + Send + Sync> Draw for Weighted<W> {
    fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        for ((t, f), e) in objective.target.iter_mut().zip(&self.curve.fitted).zip(&self.errors) {
            *t = f + e * (self.weight)(rng);
        }
        self.curve.sizes
    }
}
