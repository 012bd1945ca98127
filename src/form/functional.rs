//! A natural parameter as a monotone function of one linear combination of coordinates.

use crate::math::{MAX_PARAMS, Theta};

/// How a natural parameter follows from its linear combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    /// The combination itself.
    Identity,
    /// Its exponential: the parameter is positive.
    Exp,
    /// Minus the exponential of its negative, which rises with it: the parameter is negative.
    NegExp,
}

impl Transform {
    /// Map the combination to the natural parameter.
    #[must_use]
    pub fn apply(self, v: f64) -> f64 {
        match self {
            Transform::Identity => v,
            Transform::Exp => v.exp(),
            Transform::NegExp => -(-v).exp(),
        }
    }

    /// Return the combination that a natural parameter stands for; `None` outside the parameter's domain.
    #[must_use]
    pub fn invert(self, value: f64) -> Option<f64> {
        match self {
            Transform::Identity => Some(value),
            Transform::Exp => (value > 0.0).then(|| value.ln()),
            Transform::NegExp => (value < 0.0).then(|| -(-value).ln()),
        }
        .filter(|v| v.is_finite())
    }

    /// Derivative of the natural parameter with respect to the combination.
    #[must_use]
    pub fn derivative(self, v: f64) -> f64 {
        match self {
            Transform::Identity => 1.0,
            Transform::Exp => v.exp(),
            Transform::NegExp => (-v).exp(),
        }
    }
}

/// A natural parameter as a monotone function of a linear combination: transform(c'theta + offset).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Functional {
    /// Coefficients c, one a solver coordinate.
    pub coefficients: Theta,
    /// Constant added to c'theta.
    pub offset: f64,
    /// What is applied to the sum.
    pub transform: Transform,
}

impl Functional {
    /// Coordinate `k` itself, times `factor`.
    #[must_use]
    pub fn coordinate(k: usize, factor: f64) -> Functional {
        let mut coefficients = [0.0; MAX_PARAMS];
        coefficients[k] = factor;
        Functional { coefficients, offset: 0.0, transform: Transform::Identity }
    }

    /// Return the coordinate that the combination consists of, when it is only one.
    #[must_use]
    pub fn only_coordinate(&self) -> Option<usize> {
        let mut own = (0..MAX_PARAMS).filter(|&j| self.coefficients[j] != 0.0);
        own.next().filter(|_| own.next().is_none())
    }

    /// Evaluate c'theta + offset.
    #[must_use]
    pub fn combination(&self, theta: &[f64]) -> f64 {
        self.coefficients.iter().zip(theta).map(|(c, t)| c * t).sum::<f64>() + self.offset
    }

    /// Evaluate the natural parameter.
    #[must_use]
    pub fn value(&self, theta: &[f64]) -> f64 {
        self.transform.apply(self.combination(theta))
    }
}
