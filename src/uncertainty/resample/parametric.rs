//! Normal errors of the fit's own variance.

use super::{Curve, Draw, Scheme, Studentised};
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::objective::Objective;
use rand::RngExt as _;
use rand_distr::StandardNormal;

/// Normal errors are drawn and added to the fitted values.
///
/// # Formula
/// y* = fitted + s z, s^2 = SSE/(n - p) or what is known of it, on the weighed scale of the fit: a row of root weight w has
/// errors of standard deviation s/w
/// # Assumptions
/// Normal errors of equal variance on the scale of the fit, whatever its loss.
/// # Reference
/// Davison and Hinkley (1997), Bootstrap Methods and their Application, section 6.2.
#[derive(Debug, Clone, Copy)]
pub struct Parametric;

impl Scheme for Parametric {
    fn id(&self) -> &'static str {
        "parametric"
    }
    fn meaning(&self) -> &'static str {
        "normal errors of the fit's variance"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Classical
    }
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        Box::new(Normal { curve: Curve::new(fit, groups), sd: fit.variance().sqrt() })
    }
}

#[derive(Debug)]
struct Normal {
    curve: Curve,
    sd: f64,
}

impl Draw for Normal {
    fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        for (t, f) in objective.target.iter_mut().zip(&self.curve.fitted) {
            let z: f64 = rng.sample(StandardNormal);
            *t = f + self.sd * z;
        }
        self.curve.sizes
    }
}
