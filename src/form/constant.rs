//! A response that does not depend on the size.

use super::{About, Form, Frame, Functional, Param, Reference, Trend};
use crate::data::Scale;
use crate::math::{MAX_PARAMS, Theta, sum};

/// A response that does not change with the size: what every law must beat.
///
/// # Formula
/// m(N) = c
/// # Symbols
/// m, c in the unit of the response; coordinate \[c divided by the frame's scale\]. `last1` of LCDB takes the response of the
/// largest size for c; here c is estimated from all sizes.
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curve `last1`.
#[derive(Debug, Clone, Copy)]
pub struct Constant;

static ABOUT: About = About {
    id: "constant",
    formula: "c",
    predictors: &["N"],
    meaning: "a response that does not change with N (LCDB last1)",
    weakness: "nothing",
    reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve last1" },
    params: &[Param::free("c", "the response")],
    exponent: 0,
    amplitude: 0,
    trend: Trend::Either,
    bounded: false,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw, Scale::Log],
};

impl Form for Constant {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn linear_on(&self) -> Option<Scale> {
        Some(Scale::Raw)
    }

    fn eval(&self, theta: &[f64], _: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        out.fill(theta[0]);
        jac.fill(1.0);
    }

    fn pass_through(&self, _: usize, _: &[f64], _: &[f64], eta0: f64) -> Option<f64> {
        eta0.is_finite().then_some(eta0)
    }

    fn natural(&self, _: usize, frame: &Frame) -> Functional {
        Functional::coordinate(0, frame.y_scale)
    }

    fn starts(&self, _: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = sum::mean(eta);
        vec![theta]
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = natural[0] / frame.y_scale;
        theta[0].is_finite().then_some(theta)
    }

    fn asymptote(&self) -> Option<usize> {
        Some(0)
    }
}
