//! A loss between a floor and the loss of a guess, with a term for over-fitting.

use super::joint::{by_row, entries, search};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::Theta;

/// A loss that goes from L0, that of a guess, to E as three shortages vanish: of parameters, of training, of unique data.
///
/// # Formula
/// m = E + (L0 - E)*h/(1 + h), h = a*N^-alpha + b*T^-beta + c*N^gamma*D^-delta, 0 <= E <= L0
///
/// With h1, h2, h3 the terms, s = h/(1 + h) and f = (L0 - E)/(1 + h)^2: dm/dE = 1, dm/d(L0 - E) = s,
/// dm/d ln a = f*h1, dm/d alpha = -f*h1*u, and so on for every term.
/// # Symbols
/// N parameters, T tokens trained on, D unique tokens (counts > 0); m, E, L0 in the unit of the response; a, b, c without one,
/// times the powers of their predictors; exponents in (0, 5\]; coordinates \[E, L0 - E, then ln of each term at the
/// predictors' centres and its exponents\], the response divided by the frame's scale.
/// # Assumptions
/// L0 is seen only where h is not small; where h is far below 1 only the products (L0 - E)*a, *b, *c are determined. The third
/// term, which rises with N, rests on runs that repeat their data.
/// # Reference
/// arXiv:2605.09189 (2026), as its abstract states the law.
#[derive(Debug, Clone, Copy)]
pub struct BoundedRational;

/// Exponents of the starting points: of N, T, and of N and D in the third term.
const START_EXPONENTS: [&[f64]; 4] =
    [&[0.15, 0.3, 0.5, 0.8], &[0.15, 0.3, 0.5, 0.8], &[0.2, 0.5], &[0.4, 0.9]];
/// Where E starts, as shares of the least response.
const START_FLOORS: [f64; 3] = [0.0, 0.6, 0.95];
/// Where L0 starts, in multiples of the largest response.
const START_CEILINGS: [f64; 4] = [1.02, 1.3, 2.5, 8.0];

static ABOUT: About = About {
    id: "bounded-rational",
    formula: "E + (L0 - E)*(1 - 1/(1 + a*N^-alpha + b*T^-beta + c*N^gamma*D^-delta))",
    predictors: &["N", "T", "D"],
    meaning: "between a floor and the loss of a guess, with a term for over-fitting unique data",
    weakness: "L0 without rows near the loss of a guess; c, gamma and delta without rows that over-fit \
        their unique data; E with alpha and beta",
    reference: Reference { authors: "arXiv:2605.09189 (2026)", place: "the law of the abstract" },
    params: &[
        Param::floor("E", "floor: the loss without any shortage"),
        Param::floor("L0", "ceiling: the loss of a guess"),
        Param::free("a", "shortage of parameters at N = 1 (in the unit of N)"),
        Param::exponent("alpha", "exponent of parameters"),
        Param::free("b", "shortage of training at T = 1 (in the unit of T)"),
        Param::exponent("beta", "exponent of tokens trained on"),
        Param::free("c", "over-fitting at N = D = 1 (in the units of N and D)"),
        Param::exponent("gamma", "how over-fitting rises with parameters"),
        Param::exponent("delta", "how over-fitting falls with unique tokens"),
    ],
    exponent: 3,
    amplitude: 0,
    trend: Trend::Either,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

/// The three terms of h in one row.
fn terms(theta: &[f64], u: f64, t: f64, v: f64) -> [f64; 3] {
    [
        (theta[2] - theta[3] * u).exp(),
        (theta[4] - theta[5] * t).exp(),
        (theta[6] + theta[7] * u - theta[8] * v).exp(),
    ]
}

impl Form for BoundedRational {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn asymptote(&self) -> Option<usize> {
        Some(0)
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        by_row(out, jac, |i| {
            let (u, t, v) = (x[0][i], x[1][i], x[2][i]);
            let h = terms(theta, u, t, v);
            let below = 1.0 / (1.0 + h[0] + h[1] + h[2]);
            let share = (h[0] + h[1] + h[2]) * below;
            let [p, q, r] = h.map(|h| theta[1] * below * below * h);
            (theta[0] + theta[1] * share, [1.0, share, p, -p * u, q, -q * t, r, r * u, -r * v])
        });
    }

    fn pivots(&self) -> &'static [usize] {
        &[0, 1]
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let h: f64 = terms(theta, x0[0], x0[1], x0[2]).iter().sum();
        let value =
            if pivot == 0 { eta0 - theta[1] * h / (1.0 + h) } else { (eta0 - theta[0]) * (1.0 + h) / h };
        (value >= 0.0 && value.is_finite()).then_some(value)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        let (s, c) = (frame.y_scale, &frame.x_centre);
        let amplitude = |values: &[(usize, f64)]| Functional {
            coefficients: entries(values),
            offset: 0.0,
            transform: Transform::Exp,
        };
        match k {
            0 => Functional::coordinate(0, s),
            1 => Functional {
                coefficients: entries(&[(0, s), (1, s)]),
                offset: 0.0,
                transform: Transform::Identity,
            },
            2 => amplitude(&[(2, 1.0), (3, c[0])]),
            4 => amplitude(&[(4, 1.0), (5, c[1])]),
            6 => amplitude(&[(6, 1.0), (7, -c[0]), (8, c[2])]),
            _ => Functional::coordinate(k, 1.0),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let least = eta.iter().copied().fold(f64::INFINITY, f64::min);
        let most = eta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut found = Vec::new();
        for floor in START_FLOORS.map(|s| s * least.max(0.0)) {
            for ceiling in START_CEILINGS.map(|s| s * most) {
                // Between both, h is linear in the amplitudes; its error is that of m, over dm/dh.
                let h: Vec<f64> = eta.iter().map(|m| (m - floor) / (ceiling - m)).collect();
                let w: Vec<f64> = eta
                    .iter()
                    .zip(&h)
                    .map(|(m, h)| ((ceiling - floor) / (m * (1.0 + h) * (1.0 + h))).powi(2))
                    .collect();
                let best = search(&START_EXPONENTS, 2, |e| {
                    let power = |f: &dyn Fn(usize) -> f64| (0..h.len()).map(|i| f(i).exp()).collect();
                    let columns = vec![
                        power(&|i| -e[0] * x[0][i]),
                        power(&|i| -e[1] * x[1][i]),
                        power(&|i| e[2] * x[0][i] - e[3] * x[2][i]),
                    ];
                    Some((columns, w.clone(), h.clone()))
                });
                found.extend(best.into_iter().map(|c| (c, floor, ceiling)));
            }
        }
        found.sort_by(|a, b| a.0.rest.total_cmp(&b.0.rest));
        found
            .iter()
            .take(12)
            .map(|(c, floor, ceiling)| {
                let (e, a) = (&c.exponents, &c.amplitudes);
                entries(&[
                    (0, *floor),
                    (1, ceiling - floor),
                    (2, a[0].ln()),
                    (3, e[0]),
                    (4, a[1].ln()),
                    (5, e[1]),
                    (6, a[2].ln()),
                    (7, e[2]),
                    (8, e[3]),
                ])
            })
            .filter(|t| t.iter().all(|v| v.is_finite()))
            .collect()
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let c = &frame.x_centre;
        let theta = entries(&[
            (0, natural[0] / frame.y_scale),
            (1, (natural[1] - natural[0]) / frame.y_scale),
            (2, natural[2].ln() - natural[3] * c[0]),
            (3, natural[3]),
            (4, natural[4].ln() - natural[5] * c[1]),
            (5, natural[5]),
            (6, natural[6].ln() + natural[7] * c[0] - natural[8] * c[2]),
            (7, natural[7]),
            (8, natural[8]),
        ]);
        let inside = natural[0] >= 0.0 && natural[1] >= natural[0];
        (inside && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }
}
