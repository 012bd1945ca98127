//! A product of powers of two predictors above a floor.

use super::joint::{Power, Sum, Term};
use super::{About, Form, Frame, Functional, Param, Reference, Trend};
use crate::data::Scale;
use crate::math::Theta;

/// A product of powers of N and D that flattens to a floor E.
///
/// # Formula
/// m = E + A*N^-alpha*D^-beta, E >= 0
/// # Symbols
/// N parameters, D tokens (counts > 0); m, E in the unit of the response; A that unit times N^alpha*D^beta; exponents without
/// bounds (one of them may be 0 or negative); coordinates \[E, ln of the term at the centres of ln N and ln D, alpha, beta\],
/// the response divided by the frame's scale.
/// # Assumptions
/// One predictor without limit takes the response to E, whatever the other: a strong claim, tested against `chinchilla`.
/// # Reference
/// Zhang, Liu, Cherry and Firat (2024), ICLR, arXiv:2402.17193, equation 1.
#[derive(Debug, Clone, Copy)]
pub struct MultiplicativeFloor;

static SUM: Sum = Sum {
    floor: 0,
    terms: &[Term {
        amplitude: 1,
        powers: &[
            Power { column: 0, exponent: 2, factor: 1.0, shift: 0.0 },
            Power { column: 1, exponent: 3, factor: 1.0, shift: 0.0 },
        ],
    }],
    exponents: &[2, 3],
    grid: &[-0.1, 0.0, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0],
};

static ABOUT: About = About {
    id: "multiplicative-floor",
    formula: "E + A*N^-alpha*D^-beta",
    predictors: &["N", "D"],
    meaning: "a product of powers of N and D that flattens to a floor E",
    weakness: "alpha with beta where N and D rise together; E with both exponents",
    reference: Reference {
        authors: "Zhang, Liu, Cherry and Firat (2024)",
        place: "ICLR, arXiv:2402.17193, eq. 1",
    },
    params: &[
        Param::floor("E", "floor: the response at infinite N or D"),
        Param::free("A", "reducible part at N = D = 1 (in the units of N and D)"),
        Param::free("alpha", "exponent of N"),
        Param::free("beta", "exponent of D"),
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Either,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

impl Form for MultiplicativeFloor {
    fn about(&self) -> &'static About {
        &ABOUT
    }
    fn projected(&self) -> &'static [usize] {
        &[0, 1]
    }
    fn asymptote(&self) -> Option<usize> {
        Some(0)
    }
    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        SUM.eval(theta, x, out, jac);
    }
    fn pivots(&self) -> &'static [usize] {
        &[1, 0]
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
