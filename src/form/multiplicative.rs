//! A product of powers of two predictors: a plane in logarithms.

use super::joint::{by_row, entries};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::linalg::Regression;
use crate::math::{MAX_PARAMS, Theta, sum};
use nalgebra::{DMatrix, DVector};

/// A product of powers of N and D.
///
/// # Formula
/// m = A*N^-alpha*D^-beta, so ln m = ln A - alpha ln N - beta ln D
/// # Symbols
/// N, D sizes (counts > 0); m in the unit of the response; A that unit times N^alpha*D^beta; exponents without bounds;
/// coordinates \[a = ln m at the centres of ln N and ln D, alpha, beta\].
/// # Reference
/// Cobb and Douglas (1928), A theory of production, American Economic Review 18(1):139.
#[derive(Debug, Clone, Copy)]
pub struct Multiplicative;

static ABOUT: About = About {
    id: "multiplicative",
    formula: "A*N^-alpha*D^-beta",
    predictors: &["N", "D"],
    meaning: "a product of powers of N and D: a plane in logarithms",
    weakness: "alpha with beta where N and D rise together",
    reference: Reference { authors: "Cobb and Douglas (1928)", place: "American Economic Review 18(1):139" },
    params: &[
        Param::free("A", "response at N = D = 1 (in the units of N and D)"),
        Param::free("alpha", "exponent of N"),
        Param::free("beta", "exponent of D"),
    ],
    exponent: 1,
    amplitude: 0,
    trend: Trend::Either,
    bounded: false,
    positive: true,
    native: Scale::Log,
    scales: &[Scale::Log, Scale::Raw],
};

impl Form for Multiplicative {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn linear_on(&self) -> Option<Scale> {
        Some(Scale::Log)
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        by_row(out, jac, |i| {
            let (u, v) = (x[0][i], x[1][i]);
            (theta[0] - theta[1] * u - theta[2] * v, [1.0, -u, -v])
        });
    }

    fn pass_through(&self, _: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let a = eta0 + theta[1] * x0[0] + theta[2] * x0[1];
        a.is_finite().then_some(a)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        if k > 0 {
            return Functional::coordinate(k, 1.0);
        }
        Functional {
            coefficients: entries(&[(0, 1.0), (1, frame.x_centre[0]), (2, frame.x_centre[1])]),
            offset: frame.y_scale.ln(),
            transform: Transform::Exp,
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let design = DMatrix::from_fn(eta.len(), 3, |i, j| if j == 0 { 1.0 } else { -x[j - 1][i] });
        let y = DVector::from_column_slice(eta);
        let theta = match Regression::new(design) {
            Some(plane) => plane.coefficients(&y),
            // N and D do not vary on their own: a point in the middle, from which the solver says so.
            None => DVector::from_vec(vec![sum::mean(eta), 0.0, 0.0]),
        };
        vec![entries(&[(0, theta[0]), (1, theta[1]), (2, theta[2])])]
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = (natural[0] / frame.y_scale).ln()
            - natural[1] * frame.x_centre[0]
            - natural[2] * frame.x_centre[1];
        theta[1] = natural[1];
        theta[2] = natural[2];
        theta.iter().all(|v| v.is_finite()).then_some(theta)
    }
}
