//! A score that is a logistic function of a loss which is a power law.

use super::family::{Candidate, EXPONENTS, best, least_squares, phi, sigmoid};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::{MAX_PARAMS, Theta};

/// A task score in two steps: the loss is a power law above its floor, the score a logistic function of the loss.
///
/// # Formula
/// m(N) = y0 + (1 - y0)/(1 + exp(A*N^-alpha - h)), 0 <= y0 <= 1
///
/// It is y0 + (y1 - y0)*sigma(k(L - L0)) with L = E + B*N^-alpha, k < 0, y1 = 1: A = -k*B, h = k(E - L0). Without the losses
/// themselves no more can be told apart. With z = h - q, q = A*N^-alpha, s = sigma(z), d = (1 - y0) s(1 - s): dm/dy0 = 1 - s,
/// dm/dh = d, dm/da = -d*q, dm/dalpha = d*q*u.
/// # Symbols
/// N size (count > 0); m score, a fraction; y0 score of chance; h log odds of the score at infinite size, above chance;
/// A distance of the log odds to h at N = 1; alpha exponent of the loss; coordinates \[y0, h, a = ln(A*N^-alpha) at the
/// centre of ln N, alpha\].
/// # Reference
/// Bhagia et al. (2024), arXiv:2412.04403, equations 1 to 3, their two steps taken at once.
#[derive(Debug, Clone, Copy)]
pub struct LossSigmoid;

static ABOUT: About = About {
    id: "loss-sigmoid",
    formula: "y0 + (1-y0)/(1 + exp(A*N^-alpha - h))",
    predictors: &["N"],
    meaning: "a score that is a logistic function of a power-law loss",
    weakness: "y0 without rows near chance; A, alpha and h with one another, unless the score saturates",
    reference: Reference { authors: "Bhagia et al. (2024)", place: "arXiv:2412.04403" },
    params: &[
        Param {
            name: "y0",
            meaning: "score of chance",
            lower: 0.0,
            upper: 1.0,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        },
        Param {
            name: "h",
            meaning: "log odds of the score at infinite size, above chance",
            lower: -50.0,
            upper: 50.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param::free("A", "distance of the log odds to h at N = 1 (in the unit of N)"),
        Param {
            name: "alpha",
            meaning: "exponent of the loss",
            lower: 0.0,
            upper: 5.0,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
        },
    ],
    exponent: 3,
    amplitude: 1,
    trend: Trend::Rises,
    bounded: true,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw, Scale::Logit],
};

/// Most starting points that a fit is given.
const STARTS: usize = 8;

impl Form for LossSigmoid {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let n = out.len();
        let (chance, h, a, alpha) = (theta[0], theta[1], theta[2], theta[3]);
        for (i, (o, u)) in out.iter_mut().zip(x[0]).enumerate() {
            let q = (a - alpha * u).exp();
            let (s, rest) = (sigmoid(h - q), sigmoid(q - h));
            *o = chance * rest + s;
            if !jac.is_empty() {
                // Where q overflows the step is over and nothing moves the score.
                let d = (1.0 - chance) * s * rest;
                let by_q = if d == 0.0 { 0.0 } else { d * q };
                jac[i] = rest;
                jac[n + i] = d;
                jac[2 * n + i] = -by_q;
                jac[3 * n + i] = by_q * u;
            }
        }
    }

    // The level of chance where the step has not begun.
    fn pivots(&self) -> &'static [usize] {
        &[1, 0]
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let q = (theta[2] - theta[3] * x0[0]).exp();
        let value = match pivot {
            0 => (eta0 - sigmoid(theta[1] - q)) / sigmoid(q - theta[1]),
            _ => ((eta0 - theta[0]) / (1.0 - eta0)).ln() + q,
        };
        let p = &ABOUT.params[pivot];
        (value.is_finite() && value >= p.lower && value <= p.upper).then_some(value)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        let mut f = Functional::coordinate(k, 1.0);
        if k == 2 {
            f.coefficients[3] = frame.x_centre[0];
            f.transform = Transform::Exp;
        }
        f
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let least = eta.iter().copied().fold(f64::INFINITY, f64::min).max(0.0);
        let ones = vec![1.0; eta.len()];
        let mut candidates = Vec::new();
        for chance in [0.0, 0.5, 0.8, 0.95, 0.99].map(|share| share * least) {
            // Log odds above chance, scores of 1 or below chance moved inside.
            let inside = |y: f64| ((y - chance) / (1.0 - chance)).clamp(1e-3, 1.0 - 1e-3);
            let odds: Vec<f64> = eta.iter().map(|y| (inside(*y) / (1.0 - inside(*y))).ln()).collect();
            // What an error of the score does to the log odds, inverted and squared.
            let weights: Vec<f64> =
                eta.iter().map(|y| ((1.0 - chance) * inside(*y) * (1.0 - inside(*y))).powi(2)).collect();
            for alpha in EXPONENTS {
                let q: Vec<f64> = x[0].iter().map(|u| -(-alpha * u).exp()).collect();
                if let Some(([h, amplitude], score)) = least_squares(&[&ones, &q], &odds, &weights)
                    && amplitude > 0.0
                {
                    let theta = phi(&[chance, h, amplitude.ln(), alpha]);
                    candidates.extend(Candidate::new(theta, score, ABOUT.params));
                }
            }
        }
        if candidates.is_empty() {
            let mean = (eta.iter().sum::<f64>() / eta.len() as f64).clamp(1e-3, 1.0 - 1e-3);
            return vec![phi(&[0.0, (mean / (1.0 - mean)).ln(), -3.0, 0.1])];
        }
        best(candidates, STARTS)
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = natural[0];
        theta[1] = natural[1];
        theta[2] = natural[2].ln() - natural[3] * frame.x_centre[0];
        theta[3] = natural[3];
        let inside = (0.0..=1.0).contains(&natural[0]) && natural[3] >= 0.0;
        (inside && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }
}
