//! A fraction whose distance to a limit is the exponential of a power.

use super::family::{Candidate, best, ends, phi, spaced};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::{MAX_PARAMS, Theta};

/// A fraction that tends to c - 1 as the exponential of a power of the size tends to 1 (a < 0), or falls ever faster
/// (a > 0): `expp3` of LCDB, whose b is -N0.
///
/// # Formula
/// m(N) = c - exp((N + N0)^a)
///
/// With s = ln(N + N0), w = e^(a*s), g = e^w: dm/dc = 1, dm/dlnN0 = -g*w*a*N0/(N + N0), dm/da = -g*w*s.
/// # Symbols
/// N size (count > 0); m, c numbers without a unit, as what the exponential of a number is; N0 a size; a exponent. There is no
/// amplitude: another unit of N is another law. Coordinates \[c, ln N0, a\].
/// # Reference
/// Kolachina et al. (2012), ACL, curve ExpP3; Mohr et al. (2022), LCDB, ECML PKDD, curve `expp3`.
#[derive(Debug, Clone, Copy)]
pub struct ExpPower;

static ABOUT: About = About {
    id: "exp-power",
    formula: "c - exp((N + N0)^a)",
    predictors: &["N"],
    meaning: "a fraction less the exponential of a power of N + N0 (LCDB expp3)",
    weakness: "N0 and a with each other: both bend the curve",
    reference: Reference { authors: "Kolachina et al. (2012)", place: "ACL, curve ExpP3" },
    params: &[
        Param::free("c", "one more than the response at infinite size (a < 0)"),
        Param {
            name: "N0",
            meaning: "shift of the size, in its unit",
            lower: -10.0,
            upper: 60.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "a",
            meaning: "exponent inside the exponential",
            lower: -20.0,
            upper: 2.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
    ],
    exponent: 2,
    amplitude: 0,
    trend: Trend::Either,
    bounded: true,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw],
};

/// Most starting points that a fit is given.
const STARTS: usize = 10;

/// ln(e^u + e^v) and the share of e^v in the sum.
fn shifted(u: f64, v: f64) -> (f64, f64) {
    let d = v - u;
    let share = if d > 0.0 { 1.0 / (1.0 + (-d).exp()) } else { d.exp() / (1.0 + d.exp()) };
    (u.max(v) + (-d.abs()).exp().ln_1p(), share)
}

impl Form for ExpPower {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    /// ln N as it is, for the law is not the same in another unit.
    fn columns(&self, x: &[&[f64]], _: &[f64]) -> Vec<Vec<f64>> {
        vec![x[0].iter().map(|v| v.ln()).collect()]
    }

    fn projected(&self) -> &'static [usize] {
        &[0]
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let n = out.len();
        let (c, v, a) = (theta[0], theta[1], theta[2]);
        for (i, (o, ln)) in out.iter_mut().zip(x[0]).enumerate() {
            let (s, share) = shifted(*ln, v);
            let w = (a * s).exp();
            let g = w.exp();
            *o = c - g;
            if !jac.is_empty() {
                jac[i] = 1.0;
                jac[n + i] = -g * w * a * share;
                jac[2 * n + i] = -g * w * s;
            }
        }
    }

    fn pass_through(&self, _: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let c = eta0 + (theta[2] * shifted(x0[0], theta[1]).0).exp().exp();
        c.is_finite().then_some(c)
    }

    fn natural(&self, k: usize, _: &Frame) -> Functional {
        let mut f = Functional::coordinate(k, 1.0);
        if k == 1 {
            f.transform = Transform::Exp;
        }
        f
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let (low, high) = ends(x[0]);
        let mut candidates = Vec::new();
        for v in std::iter::once(-5.0).chain(spaced(low - 2.0, high + 2.0, 10)) {
            for a in [-0.02, -0.05, -0.1, -0.15, -0.2, -0.3, -0.5, -0.8, -1.2, -2.0, 0.02, 0.05, 0.1, 0.2] {
                let g: Vec<f64> = x[0].iter().map(|ln| (a * shifted(*ln, v).0).exp().exp()).collect();
                let c = eta.iter().zip(&g).map(|(y, g)| y + g).sum::<f64>() / eta.len() as f64;
                let score = eta.iter().zip(&g).map(|(y, g)| (y - c + g).powi(2)).sum();
                candidates.extend(Candidate::new(phi(&[c, v, a]), score, ABOUT.params));
            }
        }
        best(candidates, STARTS)
    }

    fn coordinates(&self, natural: &[f64], _: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = natural[0];
        theta[1] = natural[1].ln();
        theta[2] = natural[2];
        theta.iter().all(|v| v.is_finite()).then_some(theta)
    }
}
