//! Loss as a function of compute and of the tokens a parameter, beyond the optimal number of them.

use super::joint::{Power, Sum, Term};
use super::{About, Form, Frame, Functional, Param, Reference, Trend};
use crate::data::Scale;
use crate::math::Theta;

/// A loss whose reducible part falls with compute at one rate, whatever the number M of tokens a parameter.
///
/// # Formula
/// m = E + (a*M^eta + b*M^-eta)*C^-eta with M = D/N, C = 6*N*D and E >= 0
///
/// The products are powers of one predictor each: m = E + a*6^-eta*N^(-2 eta) + b*6^-eta*D^(-2 eta), the law `chinchilla` with
/// both exponents 2*eta.
/// # Symbols
/// N parameters, D tokens (counts > 0); C compute (FLOP); m, E in the unit of the response; a, b that unit times C^eta; eta in
/// (0, 5\]; coordinates \[E, ln of both terms at the centres of ln N and ln D, eta\], the response divided by the frame's
/// scale.
/// # Reference
/// Gadre et al. (2024), Language models scale reliably with over-training, arXiv:2403.08540, equation 4.
#[derive(Debug, Clone, Copy)]
pub struct OverTraining;

/// Half of ln 6: 6*N^2 is the compute of one token a parameter.
const HALF_LN_6: f64 = 0.895_879_734_614_027_5;

static SUM: Sum = Sum {
    floor: 0,
    terms: &[
        Term { amplitude: 1, powers: &[Power { column: 0, exponent: 3, factor: 2.0, shift: HALF_LN_6 }] },
        Term { amplitude: 2, powers: &[Power { column: 1, exponent: 3, factor: 2.0, shift: HALF_LN_6 }] },
    ],
    exponents: &[3],
    grid: &[0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.26, 0.34, 0.45, 0.6, 0.9, 1.3],
};

static ABOUT: About = About {
    id: "over-training",
    formula: "E + (a*(D/N)^eta + b*(D/N)^-eta)*(6*N*D)^-eta",
    predictors: &["N", "D"],
    meaning: "a floor and a power of compute whose factor depends on the tokens a parameter",
    weakness: "a with b where every row has the same D/N; E with eta",
    reference: Reference { authors: "Gadre et al. (2024)", place: "arXiv:2403.08540, eq. 4" },
    params: &[
        Param::floor("E", "floor: the loss at infinite compute"),
        Param::free("a", "part that parameters remove, at C = M = 1 (in the units of N and D)"),
        Param::free("b", "part that tokens remove, at C = M = 1 (in the units of N and D)"),
        Param::exponent("eta", "exponent of compute, half of that of parameters and tokens"),
    ],
    exponent: 3,
    amplitude: 1,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

impl Form for OverTraining {
    fn about(&self) -> &'static About {
        &ABOUT
    }
    fn projected(&self) -> &'static [usize] {
        &[0, 1, 2]
    }
    fn asymptote(&self) -> Option<usize> {
        Some(0)
    }
    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        SUM.eval(theta, x, out, jac);
    }
    fn pivots(&self) -> &'static [usize] {
        &[1, 2, 0]
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
