//! A floor and a power each of width, depth, parameters and tokens.

use super::joint::{Power, Sum, Term};
use super::{About, Form, Frame, Functional, Param, Reference, Trend};
use crate::data::Scale;
use crate::math::Theta;

/// A loss that falls to a floor with a power of the width, of the depth, of the parameters and of the tokens.
///
/// # Formula
/// m = E + A*w^-alpha + B*d^-beta + C*p^-gamma + D*T^-zeta, E >= 0
/// # Symbols
/// w width, d depth (layers), p parameters, T tokens (counts > 0); m, E in the unit of the response; A, B, C, D that unit
/// times the power of the predictor; exponents in (0, 5\]; coordinates \[E, then for each term ln of the term at the
/// predictor's centre, and its exponent\], the response divided by the frame's scale.
/// # Assumptions
/// Width and depth vary on their own: where p is nearly a product of powers of w and d, the terms take each other's place.
/// # Reference
/// McLeish et al. (2025), Gemstones, arXiv:2502.06857.
#[derive(Debug, Clone, Copy)]
pub struct Gemstones;

const fn power(column: usize, exponent: usize) -> Power {
    Power { column, exponent, factor: 1.0, shift: 0.0 }
}

static SUM: Sum = Sum {
    floor: 0,
    terms: &[
        Term { amplitude: 1, powers: &[power(0, 2)] },
        Term { amplitude: 3, powers: &[power(1, 4)] },
        Term { amplitude: 5, powers: &[power(2, 6)] },
        Term { amplitude: 7, powers: &[power(3, 8)] },
    ],
    exponents: &[2, 4, 6, 8],
    grid: &[0.1, 0.25, 0.5, 0.9, 1.5],
};

static ABOUT: About = About {
    id: "gemstones",
    formula: "E + A*w^-alpha + B*d^-beta + C*p^-gamma + D*T^-zeta",
    predictors: &["w", "d", "p", "T"],
    meaning: "a floor and a power each of width, depth, parameters and tokens",
    weakness: "the terms with one another where width, depth and parameters rise together; E with every \
        exponent",
    reference: Reference { authors: "McLeish et al. (2025)", place: "Gemstones, arXiv:2502.06857" },
    params: &[
        Param::floor("E", "floor: the loss at infinite width, depth, parameters and tokens"),
        Param::free("A", "part that width removes, at w = 1"),
        Param::exponent("alpha", "exponent of width"),
        Param::free("B", "part that depth removes, at d = 1"),
        Param::exponent("beta", "exponent of depth"),
        Param::free("C", "part that parameters remove, at p = 1 (in the unit of p)"),
        Param::exponent("gamma", "exponent of parameters"),
        Param::free("D", "part that tokens remove, at T = 1 (in the unit of T)"),
        Param::exponent("zeta", "exponent of tokens"),
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

impl Form for Gemstones {
    fn about(&self) -> &'static About {
        &ABOUT
    }
    fn projected(&self) -> &'static [usize] {
        &[0, 1, 3, 5, 7]
    }
    fn asymptote(&self) -> Option<usize> {
        Some(0)
    }
    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        SUM.eval(theta, x, out, jac);
    }
    fn pivots(&self) -> &'static [usize] {
        &[1, 3, 5, 7, 0]
    }
    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        SUM.pass_through(pivot, theta, x0, eta0)
    }
    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        SUM.natural(k, frame)
    }
    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        SUM.starts(x, eta)
    }
    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        SUM.coordinates(natural, frame)
    }
}
