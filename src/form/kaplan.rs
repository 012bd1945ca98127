//! The joint law of parameters and tokens without a floor.

use super::joint::{by_row, entries, log_sum, search};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::Theta;

/// A loss that is a power law of N where D is unlimited, and one of D where N is.
///
/// # Formula
/// m = ((Nc/N)^(alphaN/alphaD) + Dc/D)^alphaD, so ln m = alphaD*ln(e^s + e^t) with s = alphaN/alphaD*ln(Nc/N), t = ln(Dc/D)
///
/// With w, 1 - w the shares of both terms: d ln m/d ln Nc = w*alphaN, d/d alphaN = w*ln(Nc/N), d/d ln Dc = (1 - w)*alphaD,
/// d/d alphaD = ln(e^s + e^t) - w*s.
/// # Symbols
/// N parameters, D tokens (counts > 0); m response; Nc and Dc in the units of N and D; exponents in (0, 5\]; coordinates
/// \[ln Nc and ln Dc from the centres of ln N and ln D, alphaN, alphaD\]. The response keeps its unit: in another one Nc and
/// Dc move by a power 1/alphaN and 1/alphaD.
/// # Assumptions
/// Nc and Dc are where the response would be 1, mostly far outside the data: their errors are large and go with those of the
/// exponents. There is no floor: data near one are described by exponents too small.
/// # Reference
/// Kaplan et al. (2020), arXiv:2001.08361, equation 1.5.
#[derive(Debug, Clone, Copy)]
pub struct Kaplan;

/// Exponents of the starting points, for both predictors.
const START_EXPONENTS: [f64; 8] = [0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.4, 0.7];

static ABOUT: About = About {
    id: "kaplan",
    formula: "((Nc/N)^(alphaN/alphaD) + Dc/D)^alphaD",
    predictors: &["N", "D"],
    meaning: "power laws of N and of D, the scarcer one deciding, without a floor",
    weakness: "Nc with alphaN, Dc with alphaD; each pair where the other shortage decides in every row",
    reference: Reference { authors: "Kaplan et al. (2020)", place: "arXiv:2001.08361, eq. 1.5" },
    params: &[
        Param::free("Nc", "parameters at which the response is 1 when tokens are unlimited"),
        Param::exponent("alphaN", "exponent of parameters"),
        Param::free("Dc", "tokens at which the response is 1 when parameters are unlimited"),
        Param::exponent("alphaD", "exponent of tokens"),
    ],
    exponent: 1,
    amplitude: 2,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Log,
    scales: &[Scale::Log, Scale::Raw],
};

impl Form for Kaplan {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn divides_response(&self) -> bool {
        false
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let (nc, by_n, dc, by_d) = (theta[0], theta[1], theta[2], theta[3]);
        by_row(out, jac, |i| {
            let above = nc - x[0][i];
            let s = by_n / by_d * above;
            let (total, w, rest) = log_sum(s, dc - x[1][i]);
            (by_d * total, [w * by_n, w * above, rest * by_d, total - w * s])
        });
    }

    fn pivots(&self) -> &'static [usize] {
        &[2, 0]
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let (nc, by_n, dc, by_d) = (theta[0], theta[1], theta[2], theta[3]);
        // The logarithm of what one term has to be, given the other.
        let rest = |other: f64| {
            let gap = other - eta0 / by_d;
            (gap < 0.0).then(|| eta0 / by_d + (-gap.exp_m1()).ln())
        };
        let value = if pivot == 2 {
            rest(by_n / by_d * (nc - x0[0]))? + x0[1]
        } else {
            rest(dc - x0[1])? * by_d / by_n + x0[0]
        };
        value.is_finite().then_some(value)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        match k {
            0 | 2 => Functional {
                coefficients: entries(&[(k, 1.0)]),
                offset: frame.x_centre[k / 2],
                transform: Transform::Exp,
            },
            _ => Functional::coordinate(k, 1.0),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let mean = crate::math::sum::mean(eta);
        let axes: [&[f64]; 2] = [&START_EXPONENTS, &START_EXPONENTS];
        // m^(1/alphaD) is linear in the amplitudes of both terms; its relative error is that of m, over alphaD.
        let best = search(&axes, 6, |e| {
            let y: Vec<f64> = eta.iter().map(|v| ((v - mean) / e[1]).exp()).collect();
            let w = y.iter().map(|y| (e[1] / y).powi(2)).collect();
            let columns = vec![
                x[0].iter().map(|u| (-e[0] / e[1] * u).exp()).collect(),
                x[1].iter().map(|v| (-v).exp()).collect(),
            ];
            Some((columns, w, y))
        });
        let place = |c: &super::joint::Candidate| {
            let (by_n, by_d) = (c.exponents[0], c.exponents[1]);
            let term = |k: usize| c.amplitudes[k].ln() + mean / by_d;
            entries(&[(0, term(0) * by_d / by_n), (1, by_n), (2, term(1)), (3, by_d)])
        };
        best.iter().map(place).filter(|t| t.iter().all(|v| v.is_finite())).collect()
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let theta = entries(&[
            (0, natural[0].ln() - frame.x_centre[0]),
            (1, natural[1]),
            (2, natural[2].ln() - frame.x_centre[1]),
            (3, natural[3]),
        ]);
        (natural[1] > 0.0 && natural[3] > 0.0 && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }
}
