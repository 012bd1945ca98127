//! Loss when tokens are repeated and parameters exceed what the unique tokens call for.

use super::joint::{Candidate, by_row, entries, relative_weights, search};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::Theta;

/// The law `chinchilla` of effective parameters and tokens: each repetition is worth less than the one before.
///
/// # Formula
/// m = E + A*N1^-alpha + B*D1^-beta with D1 = U + U*RD*(1 - exp(-(D/U - 1)/RD)), N1 = UN + UN*RN*(1 - exp(-(N/UN - 1)/RN)),
/// UN = min(N, G*(G*U)^(beta/alpha)), G = (alpha*A/(beta*B))^(1/(alpha + beta))
///
/// G*(G*U)^(beta/alpha) = (alpha*A/(beta*B))^(1/alpha)*U^(beta/alpha) is the number of parameters that is optimal for U tokens.
/// Where N exceeds it, N1 and so m depend on A, B, alpha, beta through it as well. Across N = UN the law and its first
/// derivatives are continuous, the second derivatives jump.
/// # Symbols
/// N parameters, D tokens trained on, U unique tokens in the unit of D (a run with D < U has seen U = D); m, E in the unit of
/// the response; RN, RD (the paper's R*_N, R*_D) repetitions after which (1 - 1/e) of all that repeating can give is had;
/// exponents in (0, 5\]; coordinates \[E, ln A*N^-alpha and ln B*D^-beta at the centres of ln N and ln D, exponents, ln RN,
/// ln RD\], the response divided by the frame's scale.
/// # Assumptions
/// RD rests on runs with D > U, RN on runs with N > UN; where there are none, they have no effect. The law falls with D
/// whatever U: over-fitting is not in it.
/// # Reference
/// Muennighoff et al. (2023), Scaling data-constrained language models, arXiv:2305.16264, equations 5 to 7 and appendix A.
#[derive(Debug, Clone, Copy)]
pub struct DataConstrained;

/// Exponents of the starting points.
const START_EXPONENTS: [f64; 7] = [0.06, 0.15, 0.25, 0.35, 0.5, 0.75, 1.2];
/// Values of RD of the starting points; RN starts at the middle one.
const START_REPEATS: [f64; 3] = [3.0, 12.0, 50.0];

const fn repeats(name: &'static str, meaning: &'static str) -> Param {
    Param { name, meaning, lower: -7.0, upper: 9.0, upper_is_search_limit: true, lower_is_search_limit: true }
}

static ABOUT: About = About {
    id: "data-constrained",
    formula: "E + A*(UN + UN*RN*(1 - exp(-(N/UN - 1)/RN)))^-alpha + B*(U + U*RD*(1 - exp(-(D/U - 1)/RD)))^-beta, \
              UN = min(N, (alpha*A/(beta*B))^(1/alpha)*U^(beta/alpha))",
    predictors: &["N", "D", "U"],
    meaning: "a floor and powers of effective parameters and tokens, repeated tokens worth less and less",
    weakness: "RD without rows of many epochs; RN without models too large for their unique data; otherwise \
        as `chinchilla`",
    reference: Reference { authors: "Muennighoff et al. (2023)", place: "arXiv:2305.16264, eq. 5 to 7" },
    params: &[
        Param::floor("E", "floor: the loss at infinite N and U"),
        Param::free("A", "part that parameters remove, at N = 1 (in the unit of N)"),
        Param::exponent("alpha", "exponent of effective parameters"),
        Param::free("B", "part that tokens remove, at D = 1 (in the unit of D)"),
        Param::exponent("beta", "exponent of effective tokens"),
        repeats("RN", "excess of parameters, in multiples of the optimal number, that is used up to 1 - 1/e"),
        repeats("RD", "repetitions of the tokens whose use is used up to 1 - 1/e"),
    ],
    exponent: 2,
    // A and B move the optimal number of parameters too: only the floor is a plain term.
    amplitude: 0,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

/// The logarithm of 1 + R*(1 - exp(-(e^t - 1)/R)) for t >= 0, with its derivatives by t and by ln R.
fn worth(t: f64, ln_r: f64) -> (f64, f64, f64) {
    let r = ln_r.exp();
    let spent = t.exp_m1() / r;
    let gain = -(-spent).exp_m1();
    let whole = 1.0 + r * gain;
    // spent*exp(-spent) goes to 0 where spent overflows.
    let late = if spent < 700.0 { spent * (-spent).exp() } else { 0.0 };
    (whole.ln(), (t - spent).exp() / whole, r * (gain - late) / whole)
}

/// The logarithm of effective parameters with derivatives by the logarithm of the optimal number and by ln RN.
fn effective(u: f64, optimum: f64, ln_r: f64) -> (f64, f64, f64) {
    if u <= optimum {
        return (u, 0.0, 0.0);
    }
    let (gain, by_t, by_r) = worth(u - optimum, ln_r);
    (optimum + gain, 1.0 - by_t, by_r)
}

/// The logarithm of the number of parameters that is optimal for unique tokens `v`.
fn optimum(theta: &[f64], v: f64) -> f64 {
    let (a, alpha, b, beta) = (theta[1], theta[2], theta[3], theta[4]);
    ((alpha / beta).ln() + a - b + beta * v) / alpha
}

impl DataConstrained {
    /// Both terms of the reducible part in one row.
    fn terms(theta: &[f64], x: [f64; 3]) -> (f64, f64) {
        let n = effective(x[0], optimum(theta, x[1]), theta[5]).0;
        let d = x[1] + worth(x[2], theta[6]).0;
        ((theta[1] - theta[2] * n).exp(), (theta[3] - theta[4] * d).exp())
    }
}

impl Form for DataConstrained {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    /// ln N and ln min(U, D), centred at the means of ln N and ln D, and ln(D/min(U, D)).
    fn columns(&self, x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
        let seen: Vec<f64> =
            x[1].iter().zip(x[2]).map(|(d, u)| if u.is_nan() { *u } else { u.min(*d) }).collect();
        vec![
            x[0].iter().map(|n| n.ln() - centre[0]).collect(),
            seen.iter().map(|u| u.ln() - centre[1]).collect(),
            x[1].iter().zip(&seen).map(|(d, u)| (d / u).ln()).collect(),
        ]
    }

    fn projected(&self) -> &'static [usize] {
        &[0, 1, 3]
    }

    fn asymptote(&self) -> Option<usize> {
        Some(0)
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let (alpha, beta) = (theta[2], theta[4]);
        by_row(out, jac, |i| {
            let (u, v) = (x[0][i], x[1][i]);
            let best = optimum(theta, v);
            let (n, by_best, by_rn) = effective(u, best, theta[5]);
            let (gain, _, by_rd) = worth(x[2][i], theta[6]);
            let d = v + gain;
            let (p, q) = ((theta[1] - alpha * n).exp(), (theta[3] - beta * d).exp());
            // d m/d optimum, times the optimum's own derivatives.
            let through = -p * by_best;
            let slopes = [
                1.0,
                p + through,
                -p * n + through * (1.0 / alpha - best),
                q - through,
                -q * d + through * (v - 1.0 / beta),
                -p * alpha * by_rn,
                -q * beta * by_rd,
            ];
            (theta[0] + p + q, slopes)
        });
    }

    fn pass_through(&self, _: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let (p, q) = DataConstrained::terms(theta, [x0[0], x0[1], x0[2]]);
        let floor = eta0 - p - q;
        (floor >= 0.0).then_some(floor)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        match k {
            0 => Functional::coordinate(0, frame.y_scale),
            1 | 3 => Functional {
                coefficients: entries(&[(k, 1.0), (k + 1, frame.x_centre[k / 2])]),
                offset: frame.y_scale.ln(),
                transform: Transform::Exp,
            },
            5 | 6 => Functional { transform: Transform::Exp, ..Functional::coordinate(k, 1.0) },
            _ => Functional::coordinate(k, 1.0),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let w = relative_weights(eta);
        let axes: [&[f64]; 2] = [&START_EXPONENTS, &START_EXPONENTS];
        let at = |repeats: f64| {
            let tokens: Vec<f64> =
                x[1].iter().zip(x[2]).map(|(v, r)| v + worth(*r, repeats.ln()).0).collect();
            let best = search(&axes, 3, |e| {
                let power = |column: &[f64], e: f64| column.iter().map(|u| (-e * u).exp()).collect();
                let columns = vec![vec![1.0; eta.len()], power(x[0], e[0]), power(&tokens, e[1])];
                Some((columns, w.clone(), eta.to_vec()))
            });
            best.into_iter().map(move |c| (c, repeats)).collect::<Vec<(Candidate, f64)>>()
        };
        let mut all: Vec<(Candidate, f64)> = START_REPEATS.into_iter().flat_map(at).collect();
        all.sort_by(|a, b| a.0.rest.total_cmp(&b.0.rest));
        all.iter()
            .map(|(c, repeats)| {
                let (e, a) = (&c.exponents, &c.amplitudes);
                let rn = START_REPEATS[1].ln();
                entries(&[
                    (0, a[0]),
                    (1, a[1].ln()),
                    (2, e[0]),
                    (3, a[2].ln()),
                    (4, e[1]),
                    (5, rn),
                    (6, repeats.ln()),
                ])
            })
            .filter(|t| t.iter().all(|v| v.is_finite()))
            .collect()
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let at_centre = |k: usize| (natural[k] / frame.y_scale).ln() - natural[k + 1] * frame.x_centre[k / 2];
        let theta = entries(&[
            (0, natural[0] / frame.y_scale),
            (1, at_centre(1)),
            (2, natural[2]),
            (3, at_centre(3)),
            (4, natural[4]),
            (5, natural[5].ln()),
            (6, natural[6].ln()),
        ]);
        let inside = natural[0] >= 0.0 && natural[2] > 0.0 && natural[4] > 0.0;
        (inside && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }
}
