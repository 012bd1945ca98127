//! A power law above an irreducible floor.

use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend, line};
use crate::data::Scale;
use crate::math::{MAX_PARAMS, Theta};

/// A power law that flattens to a floor E as the size grows.
///
/// # Formula
/// m(N) = E + A*N^-alpha, E >= 0
///
/// With q = exp(a - alpha*u): dm/dE = 1, dm/da = q, dm/dalpha = -u*q.
/// # Symbols
/// N size (count > 0); m, E in the unit of the response; A that unit times N^alpha; alpha in (0, 5\];
/// coordinates \[E, a = ln(A*N^-alpha) at the centre of ln N, alpha\], the response divided by the frame's scale.
/// # Reference
/// Hestness et al. (2017), arXiv:1712.00409; Alabdulmohsin, Neyshabur and Zhai (2022), NeurIPS, form M2.
#[derive(Debug, Clone, Copy)]
pub struct Floor;

/// Exponents of the starting points: the published range of scaling exponents and beyond.
const START_EXPONENTS: [f64; 10] = [0.3, 0.5, 0.2, 0.1, 0.8, 0.05, 1.2, 0.02, 2.0, 3.5];

static ABOUT: About = About {
    id: "floor",
    formula: "E + A*N^-alpha",
    predictors: &["N"],
    meaning: "a power law that flattens to a floor E",
    weakness: "E with alpha, unless the rows bend towards the floor",
    reference: Reference {
        authors: "Alabdulmohsin, Neyshabur and Zhai (2022)",
        place: "NeurIPS, arXiv:2209.06640, form M2",
    },
    params: &[
        Param {
            name: "E",
            meaning: "floor: the response at infinite size",
            lower: 0.0,
            upper: f64::INFINITY,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        },
        Param::free("A", "reducible part at N = 1 (in the unit of N)"),
        Param {
            name: "alpha",
            meaning: "exponent of the reducible part",
            lower: 0.0,
            upper: 5.0,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
        },
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

impl Form for Floor {
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
        let (floor, a, alpha) = (theta[0], theta[1], theta[2]);
        let n = out.len();
        if jac.is_empty() {
            for (o, u) in out.iter_mut().zip(x[0]) {
                *o = floor + (a - alpha * u).exp();
            }
            return;
        }
        let (ones, rest) = jac.split_at_mut(n);
        let (by_a, by_alpha) = rest.split_at_mut(n);
        ones.fill(1.0);
        for (q, u) in by_a.iter_mut().zip(x[0]) {
            *q = (a - alpha * u).exp();
        }
        for (((o, q), d), u) in out.iter_mut().zip(&*by_a).zip(by_alpha).zip(x[0]) {
            *o = floor + q;
            *d = -u * q;
        }
    }
    // With q = dm/da: d2m/da2 = q, d2m/da dalpha = -u q = dm/dalpha, d2m/dalpha2 = u^2 q.
    fn curvature(&self, _: &[f64], x: &[&[f64]], jac: &[f64], v: &[f64], h: &mut [Theta; MAX_PARAMS]) {
        let n = v.len();
        power_term(x[0], &jac[n..2 * n], v, [1, 2], h);
    }

    // Where the point lies on the flat part, the floor describes it and the amplitude hardly at all.
    fn pivots(&self) -> &'static [usize] {
        &[1, 0]
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        if pivot == 0 {
            let floor = eta0 - (theta[1] - theta[2] * x0[0]).exp();
            return (floor >= 0.0).then_some(floor);
        }
        let above = eta0 - theta[0];
        (above > 0.0).then(|| above.ln() + theta[2] * x0[0]).filter(|a| a.is_finite())
    }
    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        match k {
            0 => Functional::coordinate(0, frame.y_scale),
            1 => {
                let mut coefficients = [0.0; MAX_PARAMS];
                coefficients[1] = 1.0;
                coefficients[2] = frame.x_centre[0];
                Functional { coefficients, offset: frame.y_scale.ln(), transform: Transform::Exp }
            }
            _ => Functional::coordinate(2, 1.0),
        }
    }
    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let u = x[0];
        let mut starts: Vec<Theta> =
            START_EXPONENTS.iter().filter_map(|&alpha| linear_start(u, eta, alpha)).collect();
        // The edge of the domain, where the law is the plain power law.
        if eta.iter().all(|m| *m > 0.0) {
            let logs: Vec<f64> = eta.iter().map(|m| m.ln()).collect();
            let (a, slope) = line::least_squares(u, &logs);
            let mut theta = [0.0; MAX_PARAMS];
            theta[1] = a;
            theta[2] = (-slope).clamp(1e-3, 5.0);
            starts.push(theta);
        }
        starts
    }
    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = natural[0] / frame.y_scale;
        theta[1] = (natural[1] / frame.y_scale).ln() - natural[2] * frame.x_centre[0];
        theta[2] = natural[2];
        (natural[0] >= 0.0 && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }
}

/// Add the second derivatives of a term q = exp(a - alpha*u), weighted by v, for coordinates `at` = \[a, alpha\].
pub(super) fn power_term(u: &[f64], q: &[f64], v: &[f64], at: [usize; 2], h: &mut [Theta; MAX_PARAMS]) {
    let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
    for ((u, q), v) in u.iter().zip(q).zip(v) {
        let vq = v * q;
        s0 += vq;
        s1 += vq * u;
        s2 += vq * u * u;
    }
    let [a, alpha] = at;
    h[a][a] += s0;
    h[a][alpha] -= s1;
    h[alpha][a] -= s1;
    h[alpha][alpha] += s2;
}

/// Given alpha, the E >= 0 and A > 0 of relative least squares (weights 1/m^2): a 2 x 2 linear problem.
fn linear_start(u: &[f64], m: &[f64], alpha: f64) -> Option<Theta> {
    let (mut s00, mut s01, mut s11, mut t0, mut t1) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (u, m) in u.iter().zip(m) {
        let q = (-alpha * u).exp();
        let w = if *m == 0.0 { 1.0 } else { 1.0 / (m * m) };
        s00 += w;
        s01 += w * q;
        s11 += w * q * q;
        t0 += w * m;
        t1 += w * q * m;
    }
    let det = s00 * s11 - s01 * s01;
    let mut floor = (t0 * s11 - t1 * s01) / det;
    let mut amplitude = (s00 * t1 - s01 * t0) / det;
    if !(floor >= 0.0) {
        floor = 0.0;
        amplitude = t1 / s11;
    }
    if !(amplitude > 0.0) {
        floor = 0.99 * m.iter().copied().fold(f64::INFINITY, f64::min).max(0.0);
        amplitude = (t0 / s00 - floor).abs().max(1e-6);
    }
    let mut theta = [0.0; MAX_PARAMS];
    theta[0] = floor;
    theta[1] = amplitude.ln();
    theta[2] = alpha;
    theta.iter().all(|v| v.is_finite()).then_some(theta)
}
