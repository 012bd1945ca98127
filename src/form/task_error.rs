//! A task's error as a function of the loss.

use super::joint::{by_row, entries, relative_weights, search};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::Theta;

/// A task error that rises with the loss towards the error of a guess.
///
/// # Formula
/// m(L) = epsilon - k*exp(-gamma*L)
///
/// With c = L/L0 - 1, L0 the geometric mean of L, and q = exp(kappa - g*c): dm/d epsilon = 1, dm/d kappa = -q, dm/dg = c*q.
/// # Symbols
/// L loss (> 0, the predictor; no logarithm is taken); m, epsilon, k in the unit of the response; gamma in that of 1/L, not
/// negative; coordinates \[epsilon, kappa = ln(k*exp(-gamma*L0)), g = gamma*L0\], the response divided by the frame's scale.
/// # Assumptions
/// epsilon is seen only where the loss is large: without runs near guessing it rests on the curvature.
/// # Reference
/// Gadre et al. (2024), Language models scale reliably with over-training, arXiv:2403.08540, equation 5.
#[derive(Debug, Clone, Copy)]
pub struct TaskError;

/// Rates g of the starting points.
const START_RATES: [f64; 10] = [0.1, 0.3, 0.7, 1.2, 2.0, 3.0, 5.0, 8.0, 14.0, 25.0];

static ABOUT: About = About {
    id: "task-error",
    formula: "epsilon - k*exp(-gamma*L)",
    predictors: &["L"],
    meaning: "a task error that rises with the loss towards the error of a guess",
    weakness: "k with gamma where the losses span little; epsilon without rows near the error of a guess",
    reference: Reference { authors: "Gadre et al. (2024)", place: "arXiv:2403.08540, eq. 5" },
    params: &[
        Param::free("epsilon", "error at a large loss: that of a guess"),
        Param::free("k", "how far the error would fall at a loss of 0"),
        Param {
            name: "gamma",
            meaning: "rate at which the error approaches epsilon, for each unit of the loss",
            lower: 0.0,
            upper: 100.0,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
        },
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Rises,
    bounded: false,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw],
};

impl Form for TaskError {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    /// L relative to its geometric mean, minus 1.
    fn columns(&self, x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
        let unit = centre[0].exp();
        vec![x[0].iter().map(|l| if *l > 0.0 { l / unit - 1.0 } else { f64::NAN }).collect()]
    }

    fn projected(&self) -> &'static [usize] {
        &[0, 1]
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        by_row(out, jac, |i| {
            let q = (theta[1] - theta[2] * x[0][i]).exp();
            (theta[0] - q, [1.0, -q, x[0][i] * q])
        });
    }

    fn pivots(&self) -> &'static [usize] {
        &[1, 0]
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let value = if pivot == 0 {
            eta0 + (theta[1] - theta[2] * x0[0]).exp()
        } else {
            (theta[0] - eta0).ln() + theta[2] * x0[0]
        };
        value.is_finite().then_some(value)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        match k {
            0 => Functional::coordinate(0, frame.y_scale),
            1 => Functional {
                coefficients: entries(&[(1, 1.0), (2, 1.0)]),
                offset: frame.y_scale.ln(),
                transform: Transform::Exp,
            },
            _ => Functional::coordinate(2, (-frame.x_centre[0]).exp()),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let best = search(&[&START_RATES], 5, |e| {
            let columns = vec![vec![1.0; eta.len()], x[0].iter().map(|c| -(-e[0] * c).exp()).collect()];
            Some((columns, relative_weights(eta), eta.to_vec()))
        });
        best.iter()
            .map(|c| entries(&[(0, c.amplitudes[0]), (1, c.amplitudes[1].ln()), (2, c.exponents[0])]))
            .filter(|t| t.iter().all(|v| v.is_finite()))
            .collect()
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let g = natural[2] * frame.x_centre[0].exp();
        let theta =
            entries(&[(0, natural[0] / frame.y_scale), (1, (natural[1] / frame.y_scale).ln() - g), (2, g)]);
        (g >= 0.0 && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }
}
