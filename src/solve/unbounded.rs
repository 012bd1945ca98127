//! An objective without bounds, as argmin's own solvers want it.

use crate::form::Param;
use crate::math::{MAX_PARAMS, Theta};
use crate::objective::Objective;
use argmin::core::{CostFunction, Error, Gradient};
use nalgebra::DVector;
use std::cell::RefCell;

/// An objective without bounds: a coordinate with a lower bound is lower + z^2, its cost relative to the spread.
pub(super) struct Unbounded<'o, 'a> {
    inner: RefCell<&'o mut Objective<'a>>,
    unit: f64,
}

impl<'o, 'a> Unbounded<'o, 'a> {
    pub(super) fn new(objective: &'o mut Objective<'a>) -> Self {
        // The cost in units of the spread, so that gradients are near 1 whatever the noise.
        let spread = objective.design.spread;
        let unit = if spread > 0.0 { spread * spread } else { 1.0 };
        Unbounded { inner: RefCell::new(objective), unit }
    }

    fn params(&self) -> &'static [Param] {
        self.inner.borrow().form.params()
    }

    pub(super) fn inside(&self, theta: &Theta) -> DVector<f64> {
        let params = self.params();
        DVector::from_fn(params.len(), |j, _| match params[j].lower {
            // Zero would be a stationary point of the square: start a little inside.
            lower if lower.is_finite() => (theta[j] - lower).max(1e-4).sqrt(),
            _ => theta[j],
        })
    }

    pub(super) fn outside(&self, z: &DVector<f64>) -> Theta {
        let params = self.params();
        let mut theta = [0.0; MAX_PARAMS];
        for j in 0..z.len() {
            theta[j] = match params[j].lower {
                // A square below rounding error is the bound itself.
                lower if lower.is_finite() && z[j] * z[j] < 1e-12 => lower,
                lower if lower.is_finite() => (lower + z[j] * z[j]).min(params[j].upper),
                _ => z[j],
            };
        }
        theta
    }
}

// A reference, so that the solver's executor does not keep the objective.
impl CostFunction for &Unbounded<'_, '_> {
    type Param = DVector<f64>;
    type Output = f64;

    fn cost(&self, z: &Self::Param) -> Result<f64, Error> {
        let theta = self.outside(z);
        Ok(self.inner.borrow_mut().evaluate(&theta) / self.unit)
    }
}

impl Gradient for &Unbounded<'_, '_> {
    type Param = DVector<f64>;
    type Gradient = DVector<f64>;

    fn gradient(&self, z: &Self::Param) -> Result<Self::Gradient, Error> {
        let theta = self.outside(z);
        let params = self.params();
        let mut objective = self.inner.borrow_mut();
        objective.evaluate(&theta);
        Ok(DVector::from_fn(z.len(), |j, _| {
            let chain = if params[j].lower.is_finite() { 2.0 * z[j] } else { 1.0 };
            objective.gradient[j] * chain / self.unit
        }))
    }
}
