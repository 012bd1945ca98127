//! Numerical foundations: small dense algebra, distributions, random streams, roots.
//!
//! Nothing here knows what a scaling law is. Matrices come from nalgebra, distribution functions from statrs,
//! the root finder from argmin; this room adds what those leave out: a QR regression that reports rank and
//! condition, quantiles polished to full precision, a reproducible random stream for every replicate, a local
//! smooth, and the exact distribution of a ratio of quadratic forms.

pub mod distribution;
pub mod linalg;
pub mod quadratic_form;
pub mod random;
pub mod root;
pub mod smooth;
pub mod sum;

/// Most parameters that one law may have; parameter vectors are arrays of this length on the refit path.
pub const MAX_PARAMS: usize = 8;

/// Parameter vector in solver coordinates; entries beyond a form's parameters are zero.
pub type Theta = [f64; MAX_PARAMS];

/// Copy at most [`MAX_PARAMS`] values into a parameter vector.
#[must_use]
pub fn theta_from(values: &[f64]) -> Theta {
    let mut theta = [0.0; MAX_PARAMS];
    for (slot, v) in theta.iter_mut().zip(values) {
        *slot = *v;
    }
    theta
}
