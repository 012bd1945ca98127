//! What several laws have in common: implementations that a form's own file fills in and hands its calls to.

mod affine;
mod breaks;
mod curve;
mod grid;
mod levels;
mod shapes;

pub(super) use affine::Affine;
pub(super) use breaks::{NARROW, WIDE, broken};
pub(super) use curve::{Base, Curve, Kind, Starts};
pub(super) use grid::{Candidate, best, ends, least_squares, phi, spaced};
pub(super) use levels::Levels;
pub(super) use shapes::*;

/// Implement [`Form`](super::Form) for a unit struct by the member of a family that describes it.
macro_rules! member {
    ($name:ty, $family:expr) => {
        impl $crate::form::Form for $name {
            fn about(&self) -> &'static $crate::form::About {
                $family.about()
            }
            fn columns(&self, x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
                $family.columns(x, centre)
            }
            fn linear_on(&self) -> Option<$crate::data::Scale> {
                $family.linear_on()
            }
            fn projected(&self) -> &'static [usize] {
                $family.projected()
            }
            fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
                $family.eval(theta, x, out, jac);
            }
            fn curvature(
                &self,
                theta: &[f64],
                x: &[&[f64]],
                jac: &[f64],
                v: &[f64],
                h: &mut [$crate::math::Theta; $crate::math::MAX_PARAMS],
            ) {
                $family.curvature(theta, x, jac, v, h);
            }
            fn arranged(&self, theta: &$crate::math::Theta) -> $crate::math::Theta {
                $family.arranged(theta)
            }
            fn pivots(&self) -> &'static [usize] {
                $family.pivots()
            }
            fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
                $family.pass_through(pivot, theta, x0, eta0)
            }
            fn natural(&self, k: usize, frame: &$crate::form::Frame) -> $crate::form::Functional {
                $family.natural(k, frame)
            }
            fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<$crate::math::Theta> {
                $family.starts(x, eta)
            }
            fn coordinates(
                &self,
                natural: &[f64],
                frame: &$crate::form::Frame,
            ) -> Option<$crate::math::Theta> {
                $family.coordinates(natural, frame)
            }
            fn asymptote(&self) -> Option<usize> {
                $family.asymptote()
            }
        }
    };
}
pub(super) use member;
