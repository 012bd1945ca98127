//! A floor and two power laws, in parameters and in tokens.

use super::floor::power_term;
use super::{About, Form, Frame, Functional, Param, Reference, Split, Transform, Trend, line};
use crate::data::Scale;
use crate::math::linalg::solve_spd;
use crate::math::{MAX_PARAMS, Theta};
use nalgebra::{SMatrix, SVector};

/// A loss that falls with the parameters N and the tokens D to a floor E.
///
/// # Formula
/// m(N, D) = E + A*N^-alpha + B*D^-beta, E >= 0
///
/// With q = exp(a - alpha*u), r = exp(b - beta*v): dm/dE = 1, dm/da = q, dm/dalpha = -u*q, dm/db = r, dm/dbeta = -v*r.
/// # Symbols
/// N parameters, D tokens (counts > 0), u and v their logarithms about their means; m, E in the unit of the response; alpha
/// and beta in \[0, 5\]; coordinates \[E, a = ln(A*N^-alpha) at the centre of ln N, alpha, b = ln(B*D^-beta) at the centre
/// of ln D, beta\], the response divided by the frame's scale. E itself is the coordinate, not ln E: it has a bound at 0
/// that a fit can reach, where ln E would run off without end.
/// # Reference
/// Hoffmann et al. (2022), arXiv:2203.15556, equation 10.
#[derive(Debug, Clone, Copy)]
pub struct Chinchilla;

/// Exponents that a starting point may have, in N and in D.
const EXPONENTS: [f64; 9] = [0.02, 0.07, 0.15, 0.25, 0.35, 0.5, 0.8, 1.3, 2.2];
/// Starting points handed on.
const STARTS: usize = 6;

const fn exponent(name: &'static str, meaning: &'static str) -> Param {
    Param { name, meaning, lower: 0.0, upper: 5.0, upper_is_search_limit: true, lower_is_search_limit: false }
}

static ABOUT: About = About {
    id: "chinchilla",
    formula: "E + A*N^-alpha + B*D^-beta",
    meaning: "a floor and two power laws, in parameters and in tokens",
    weakness: "A with alpha, B with beta; E with both exponents; the two powers where every row has the \
        same D/N",
    reference: Reference { authors: "Hoffmann et al. (2022)", place: "arXiv:2203.15556, eq. 10" },
    predictors: &["N", "D"],
    params: &[
        Param {
            name: "E",
            meaning: "floor: the response at infinite size and data",
            lower: 0.0,
            upper: f64::INFINITY,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        },
        Param::free("A", "part lost to the size at N = 1 (in the unit of N)"),
        exponent("alpha", "exponent of the size"),
        Param::free("B", "part lost to the data at D = 1 (in the unit of D)"),
        exponent("beta", "exponent of the data"),
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

impl Form for Chinchilla {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn asymptote(&self) -> Option<usize> {
        Some(0)
    }

    fn split(&self, frame: &Frame) -> Option<Split> {
        let [centre_n, centre_d] = [frame.x_centre[0], frame.x_centre[1]];
        Some(Split { a: 1, alpha: 2, b: 3, beta: 4, centre_n, centre_d })
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let (floor, a, alpha, b, beta) = (theta[0], theta[1], theta[2], theta[3], theta[4]);
        let n = out.len();
        if jac.is_empty() {
            for ((o, u), v) in out.iter_mut().zip(x[0]).zip(x[1]) {
                *o = floor + (a - alpha * u).exp() + (b - beta * v).exp();
            }
            return;
        }
        let (ones, rest) = jac.split_at_mut(n);
        let (by_a, rest) = rest.split_at_mut(n);
        let (by_alpha, rest) = rest.split_at_mut(n);
        let (by_b, by_beta) = rest.split_at_mut(n);
        ones.fill(1.0);
        for k in 0..n {
            by_a[k] = (a - alpha * x[0][k]).exp();
        }
        for k in 0..n {
            by_b[k] = (b - beta * x[1][k]).exp();
        }
        for k in 0..n {
            by_alpha[k] = -x[0][k] * by_a[k];
            by_beta[k] = -x[1][k] * by_b[k];
            out[k] = floor + by_a[k] + by_b[k];
        }
    }

    fn curvature(&self, _: &[f64], x: &[&[f64]], jac: &[f64], v: &[f64], h: &mut [Theta; MAX_PARAMS]) {
        let n = v.len();
        power_term(x[0], &jac[n..2 * n], v, [1, 2], h);
        power_term(x[1], &jac[3 * n..4 * n], v, [3, 4], h);
    }

    // Which term can carry the curve through a point depends on which is large there.
    fn pivots(&self) -> &'static [usize] {
        &[1, 3, 0]
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let size = (theta[1] - theta[2] * x0[0]).exp();
        let data = (theta[3] - theta[4] * x0[1]).exp();
        let logarithm =
            |rest: f64, shift: f64| (rest > 0.0).then(|| rest.ln() + shift).filter(|a| a.is_finite());
        match pivot {
            0 => Some(eta0 - size - data).filter(|floor| *floor >= 0.0),
            1 => logarithm(eta0 - theta[0] - data, theta[2] * x0[0]),
            _ => logarithm(eta0 - theta[0] - size, theta[4] * x0[1]),
        }
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        let amplitude = |j: usize, centre: f64| {
            let mut coefficients = [0.0; MAX_PARAMS];
            coefficients[j] = 1.0;
            coefficients[j + 1] = centre;
            Functional { coefficients, offset: frame.y_scale.ln(), transform: Transform::Exp }
        };
        match k {
            0 => Functional::coordinate(0, frame.y_scale),
            1 => amplitude(1, frame.x_centre[0]),
            3 => amplitude(3, frame.x_centre[1]),
            _ => Functional::coordinate(k, 1.0),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let powers = |u: &[f64]| -> Vec<Vec<f64>> {
            EXPONENTS.iter().map(|e| u.iter().map(|u| (-e * u).exp()).collect()).collect()
        };
        let (of_n, of_d) = (powers(x[0]), powers(x[1]));
        let mut found: Vec<(f64, Theta)> = Vec::new();
        for (q, alpha) in of_n.iter().zip(EXPONENTS) {
            for (r, beta) in of_d.iter().zip(EXPONENTS) {
                for with_floor in [true, false] {
                    if let Some(([floor, a, b], sse)) = relative_fit(q, r, eta, with_floor) {
                        let mut theta = [0.0; MAX_PARAMS];
                        theta[..5].copy_from_slice(&[floor, a.ln(), alpha, b.ln(), beta]);
                        found.push((sse, theta));
                    }
                }
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.truncate(STARTS);
        let mut starts: Vec<Theta> = found.into_iter().map(|f| f.1).collect();
        // Where no such law has three positive parts: an even share for every part, with the slopes of the data.
        let logs: Vec<f64> = eta.iter().map(|m| m.max(f64::MIN_POSITIVE).ln()).collect();
        let ((level, by_n), (_, by_d)) = (line::least_squares(x[0], &logs), line::least_squares(x[1], &logs));
        let third = level - 3f64.ln();
        let steep = |slope: f64| (-3.0 * slope).clamp(0.05, 2.0);
        let mut theta = [0.0; MAX_PARAMS];
        theta[..5].copy_from_slice(&[third.exp(), third, steep(by_n), third, steep(by_d)]);
        starts.push(theta);
        starts
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = natural[0] / frame.y_scale;
        theta[1] = (natural[1] / frame.y_scale).ln() - natural[2] * frame.x_centre[0];
        theta[2] = natural[2];
        theta[3] = (natural[3] / frame.y_scale).ln() - natural[4] * frame.x_centre[1];
        theta[4] = natural[4];
        (natural[0] >= 0.0 && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }
}

/// The E, A and B of relative least squares (weights 1/m^2) for given powers, with its sum of squares; `None` unless A and B
/// are positive and E, where it is not held at 0, is.
fn relative_fit(q: &[f64], r: &[f64], m: &[f64], with_floor: bool) -> Option<([f64; 3], f64)> {
    let mut h = SMatrix::<f64, 3, 3>::zeros();
    let mut g = SVector::<f64, 3>::zeros();
    let mut total = 0.0;
    for ((q, r), m) in q.iter().zip(r).zip(m) {
        let row = SVector::<f64, 3>::new(f64::from(u8::from(with_floor)), *q, *r);
        let w = 1.0 / (m * m).max(f64::MIN_POSITIVE);
        h += row * row.transpose() * w;
        g += row * (w * m);
        total += w * m * m;
    }
    if !with_floor {
        h[(0, 0)] = 1.0;
    }
    let scale = SVector::<f64, 3>::from_fn(|j, _| h[(j, j)].sqrt());
    let scaled = SMatrix::<f64, 3, 3>::from_fn(|j, k| h[(j, k)] / (scale[j] * scale[k]));
    let part = solve_spd(&scaled, &g.component_div(&scale))?.component_div(&scale);
    let positive = part[1] > 0.0 && part[2] > 0.0 && (part[0] > 0.0 || !with_floor);
    positive.then(|| ([part[0], part[1], part[2]], total - part.dot(&g)))
}
