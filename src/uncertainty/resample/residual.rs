//! Residuals, drawn with replacement.

use super::inflated::inflated;
use super::{Curve, Draw, Scheme, Studentised};
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::math::sum;
use crate::objective::Objective;
use rand::RngExt as _;

/// Residuals r/sqrt(1-h), recentred, are drawn with replacement and added to the fitted values.
///
/// # Assumptions
/// Errors of one distribution on the scale of the fit.
/// # Reference
/// Davison and Hinkley (1997), Bootstrap Methods and their Application, section 6.2.
#[derive(Debug, Clone, Copy)]
pub struct Residual;

impl Scheme for Residual {
    fn id(&self) -> &'static str {
        "residual"
    }
    fn meaning(&self) -> &'static str {
        "leverage-corrected residuals, with replacement"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Classical
    }
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        let mut errors = inflated(fit, 0.5);
        let centre = sum::mean(&errors);
        errors.iter_mut().for_each(|e| *e -= centre);
        Box::new(Errors { curve: Curve::new(fit, groups), errors })
    }
}

#[derive(Debug)]
struct Errors {
    curve: Curve,
    errors: Vec<f64>,
}

impl Draw for Errors {
    fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        let bound = self.errors.len() as u32;
        for (t, f) in objective.target.iter_mut().zip(&self.curve.fitted) {
            *t = f + self.errors[rng.random_range(0..bound) as usize];
        }
        self.curve.sizes
    }
}
