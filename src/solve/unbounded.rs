//! An objective without bounds, as argmin's own solvers want it.

use crate::form::Param;
use crate::math::{MAX_PARAMS, Theta};
use crate::objective::Objective;
use argmin::core::{CostFunction, Error, Gradient};
use nalgebra::SVector;
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

    pub(super) fn inside<const P: usize>(&self, theta: &Theta) -> SVector<f64, P> {
        let params = self.params();
        SVector::from_fn(|j, _| match params[j].lower {
            // Zero would be a stationary point of the square: start a little inside.
            lower if lower.is_finite() => (theta[j] - lower).max(1e-4).sqrt(),
            _ => theta[j],
        })
    }

    pub(super) fn outside<const P: usize>(&self, z: &SVector<f64, P>) -> Theta {
        let params = self.params();
        let mut theta = [0.0; MAX_PARAMS];
        for j in 0..P {
            theta[j] = match params[j].lower {
                // A square below rounding error is the bound itself.
                lower if lower.is_finite() && z[j] * z[j] < 1e-12 => lower,
                lower if lower.is_finite() => (lower + z[j] * z[j]).min(params[j].upper),
                _ => z[j],
            };
        }
        theta
    }

    fn value<const P: usize>(&self, z: &SVector<f64, P>) -> f64 {
        let theta = self.outside(z);
        self.inner.borrow_mut().evaluate(&theta) / self.unit
    }
}

/// The problem with a known number of coordinates, as argmin's traits want it.
pub(super) struct Sized<'u, 'o, 'a, const P: usize>(pub(super) &'u Unbounded<'o, 'a>);

impl<const P: usize> CostFunction for Sized<'_, '_, '_, P> {
    type Param = SVector<f64, P>;
    type Output = f64;

    fn cost(&self, z: &Self::Param) -> Result<f64, Error> {
        Ok(self.0.value(z))
    }
}

impl<const P: usize> Gradient for Sized<'_, '_, '_, P> {
    type Param = SVector<f64, P>;
    type Gradient = SVector<f64, P>;

    fn gradient(&self, z: &Self::Param) -> Result<Self::Gradient, Error> {
        let theta = self.0.outside(z);
        let params = self.0.params();
        let mut objective = self.0.inner.borrow_mut();
        objective.evaluate(&theta);
        Ok(SVector::from_fn(|j, _| {
            let chain = if params[j].lower.is_finite() { 2.0 * z[j] } else { 1.0 };
            objective.gradient[j] * chain / self.0.unit
        }))
    }
}
