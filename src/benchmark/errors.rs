//! The errors of simulated rows, in standard deviations.

use crate::math::random::Stream;
use rand_distr::{Distribution, StandardNormal, StudentT};
use serde::Serialize;

/// The errors of rows in order of size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Errors {
    /// Normal.
    Normal,
    /// Student's t with 3 degrees of freedom, as it is: its standard deviation is the root of 3.
    T3,
    /// Normal, the standard deviation falling in proportion to a power of N, this many fold over the data.
    Falling(f64),
    /// Normal, one run in the middle off by this many standard deviations.
    Outlier(f64),
    /// Normal, the standard deviation this many times larger in the upper half of the sizes.
    Step(f64),
}

impl Errors {
    /// Draw an error a row, one after another; `x` holds the logarithms of the sizes, rising.
    #[must_use]
    pub fn draw(self, x: &[f64], rng: &mut Stream) -> Vec<f64> {
        let (low, high) = (x.first().copied().unwrap_or(0.0), x.last().copied().unwrap_or(0.0));
        let middle = 0.5 * (low + high);
        let (n, t3) = (x.len(), StudentT::new(3.0).ok());
        x.iter()
            .enumerate()
            .map(|(i, x)| {
                let z: f64 = match (self, &t3) {
                    (Errors::T3, Some(t3)) => t3.sample(rng),
                    _ => StandardNormal.sample(rng),
                };
                let factor = match self {
                    Errors::Falling(fold) => fold.powf(-(x - low) / (high - low)),
                    Errors::Step(fold) if *x > middle => fold,
                    _ => 1.0,
                };
                let shift = match self {
                    Errors::Outlier(by) if i == n / 2 => by,
                    _ => 0.0,
                };
                factor * z + shift
            })
            .collect()
    }

    /// Return the standard deviation of a plain error: that of t with 3 degrees of freedom is the root of 3.
    #[must_use]
    pub fn deviation(self) -> f64 {
        if self == Errors::T3 { 3f64.sqrt() } else { 1.0 }
    }
}
