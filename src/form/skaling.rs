//! A joint law in which the shortages of parameters and tokens add up before a power is taken.

use super::joint::{Candidate, by_row, entries, log_sum, relative_weights, search};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::{Theta, nonnegative, sum};

/// A loss above a floor whose reducible part is a power of the shortages of parameters and tokens together.
///
/// # Formula
/// m = E + A*(N^-a + R*D^-b)^k, E >= 0
///
/// With h = ln(N^-a + R*D^-b), q = A*e^(k*h) and w, 1 - w the shares of both terms: dm/dE = 1, dm/d ln A = q,
/// dm/da = -k*w*q*ln N, dm/d ln R = k*(1 - w)*q, dm/db = -k*(1 - w)*q*v, dm/dk = h*q.
///
/// With k = 1 it is `chinchilla` (B = A*R); without E, and with b = 1, it is `kaplan`.
/// # Symbols
/// N parameters, D tokens (counts > 0); m, E, A in the unit of the response; R in that of D^b/N^a; a, b, k in (0, 5\];
/// coordinates \[E, ln A, a, ln(R*D^-b) at the centre of ln D, b, k\]. A is no amplitude at the centre: it would rest on the
/// product a*k, and every parameter is a function of one linear combination of coordinates.
/// # Assumptions
/// Runs with few tokens and runs with many at several sizes: where one term rules everywhere only its exponent, a*k or b*k,
/// and A or A*R^k are determined; k itself rests on the runs in which both terms are alike.
/// # Reference
/// The law that the field calls Skaling; Kaplan et al. (2020), arXiv:2001.08361, equation 1.5, with a floor and free exponents.
#[derive(Debug, Clone, Copy)]
pub struct Skaling;

/// Asymptotic exponents of the starting points.
const START_EXPONENTS: [f64; 7] = [0.06, 0.15, 0.25, 0.35, 0.5, 0.75, 1.2];
/// Powers k of the starting points.
const START_POWERS: [f64; 4] = [1.0, 0.4, 0.65, 1.8];

static ABOUT: About = About {
    id: "skaling",
    formula: "E + A*(N^-a + R*D^-b)^k",
    predictors: &["N", "D"],
    meaning: "a floor and a power of the shortages of parameters and tokens together",
    weakness: "k with a and b: where one shortage decides only a*k or b*k is known; E with k",
    reference: Reference {
        authors: "Kaplan et al. (2020)",
        place: "arXiv:2001.08361, eq. 1.5, with a floor and free exponents",
    },
    params: &[
        Param::floor("E", "floor: the loss at infinite N and D"),
        Param::free("A", "reducible part per unit of (N^-a + R*D^-b)^k"),
        Param::exponent("a", "exponent of parameters inside the power"),
        Param::free("R", "shortage of tokens at D = 1, relative to that of parameters at N = 1"),
        Param::exponent("b", "exponent of tokens inside the power"),
        Param::exponent("k", "power of the summed shortages"),
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

/// The inner logarithm h of a row and the shares of both terms.
fn inner(theta: &[f64], ln_n: f64, v: f64) -> (f64, f64, f64) {
    log_sum(-theta[2] * ln_n, theta[3] - theta[4] * v)
}

impl Form for Skaling {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    /// ln N itself, and the centred ln D.
    fn columns(&self, x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
        vec![x[0].iter().map(|n| n.ln()).collect(), x[1].iter().map(|d| d.ln() - centre[1]).collect()]
    }

    fn projected(&self) -> &'static [usize] {
        &[0, 1]
    }

    fn asymptote(&self) -> Option<usize> {
        Some(0)
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let k = theta[5];
        by_row(out, jac, |i| {
            let (h, w, rest) = inner(theta, x[0][i], x[1][i]);
            let q = (theta[1] + k * h).exp();
            let by_r = k * rest * q;
            (theta[0] + q, [1.0, q, -k * w * q * x[0][i], by_r, -by_r * x[1][i], h * q])
        });
    }

    fn pivots(&self) -> &'static [usize] {
        &[1, 0]
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let power = theta[5] * inner(theta, x0[0], x0[1]).0;
        if pivot == 0 {
            let floor = eta0 - (theta[1] + power).exp();
            return (floor >= 0.0).then_some(floor);
        }
        let above = eta0 - theta[0];
        (above > 0.0).then(|| above.ln() - power).filter(|a| a.is_finite())
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        match k {
            0 => Functional::coordinate(0, frame.y_scale),
            1 => Functional {
                coefficients: entries(&[(1, 1.0)]),
                offset: frame.y_scale.ln(),
                transform: Transform::Exp,
            },
            3 => Functional {
                coefficients: entries(&[(3, 1.0), (4, frame.x_centre[1])]),
                offset: 0.0,
                transform: Transform::Exp,
            },
            _ => Functional::coordinate(k, 1.0),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let middle = sum::mean(x[0]);
        let w = relative_weights(eta);
        let axes: [&[f64]; 2] = [&START_EXPONENTS, &START_EXPONENTS];
        // The sum of two powers first, k = 1; then the same asymptotes with other k.
        let sums = search(&axes, 4, |e| {
            let columns = vec![
                vec![1.0; eta.len()],
                x[0].iter().map(|u| (-e[0] * (u - middle)).exp()).collect(),
                x[1].iter().map(|v| (-e[1] * v).exp()).collect(),
            ];
            Some((columns, w.clone(), eta.to_vec()))
        });
        let bent = |c: &Candidate, k: f64| {
            let (a, b) = (c.exponents[0] / k, c.exponents[1] / k);
            let ratio = (c.amplitudes[2] / c.amplitudes[1]).ln() / k - a * middle;
            let mut theta = entries(&[(2, a), (3, ratio), (4, b), (5, k)]);
            let h: Vec<f64> = (0..eta.len()).map(|i| k * inner(&theta, x[0][i], x[1][i]).0).collect();
            let top = h.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let columns = [vec![1.0; eta.len()], h.iter().map(|h| (h - top).exp()).collect()];
            let (linear, _) = nonnegative::least_squares(&columns, &w, eta);
            theta[0] = linear[0];
            theta[1] = linear[1].max(1e-6).ln() - top;
            theta
        };
        sums.iter()
            .flat_map(|c| START_POWERS.iter().map(|k| bent(c, *k)))
            .filter(|t| t.iter().all(|v| v.is_finite()) && t[2] <= 5.0 && t[4] <= 5.0)
            .collect()
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let theta = entries(&[
            (0, natural[0] / frame.y_scale),
            (1, (natural[1] / frame.y_scale).ln()),
            (2, natural[2]),
            (3, natural[3].ln() - natural[4] * frame.x_centre[1]),
            (4, natural[4]),
            (5, natural[5]),
        ]);
        (natural[0] >= 0.0 && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }
}
