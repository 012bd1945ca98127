//! Numerical foundations: small dense algebra, distributions, random streams, roots.
//!
//! Nothing here knows what a scaling law is. Matrices come from nalgebra, distribution functions from statrs,
//! the root finder from argmin; this room adds what those leave out: a QR regression that reports rank and
//! condition, quantiles polished to full precision, a reproducible random stream for every replicate, a local
//! smooth, and the exact distribution of a ratio of quadratic forms.

/// Call a function that is generic over the number of coordinates, for 1 to [`MAX_PARAMS`] of them.
macro_rules! with_dimension {
    ($q:expr, $run:ident($($arg:expr),*)) => {
        match $q {
            1 => $run::<1>($($arg),*),
            2 => $run::<2>($($arg),*),
            3 => $run::<3>($($arg),*),
            4 => $run::<4>($($arg),*),
            5 => $run::<5>($($arg),*),
            6 => $run::<6>($($arg),*),
            7 => $run::<7>($($arg),*),
            8 => $run::<8>($($arg),*),
            9 => $run::<9>($($arg),*),
            10 => $run::<10>($($arg),*),
            11 => $run::<11>($($arg),*),
            12 => $run::<12>($($arg),*),
            13 => $run::<13>($($arg),*),
            14 => $run::<14>($($arg),*),
            15 => $run::<15>($($arg),*),
            _ => $run::<16>($($arg),*),
        }
    };
}
pub(crate) use with_dimension;

pub mod distribution;
pub mod linalg;
pub mod nonnegative;
pub mod quadratic_form;
pub mod random;
pub mod root;
pub mod smooth;
pub mod sum;

/// Most parameters that one law may have; parameter vectors are arrays of this length on the refit path.
pub const MAX_PARAMS: usize = 16;

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
