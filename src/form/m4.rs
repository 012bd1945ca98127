//! A law that is flat at both ends, given by an equation.

use super::family::{Candidate, best, least_squares, phi};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::{MAX_PARAMS, Theta};

/// A response that falls from E0 (a model that knows nothing) to Einf, a power law between: M4 of the scaling-law
/// estimators.
///
/// # Formula
/// (m - Einf)/(E0 - m)^alpha = beta*N^c, Einf < m < E0, c < 0
///
/// With D = E0 - Einf and m = Einf + D/(1 + e^-z): g(z) = alpha*softplus(z) - softplus(-z) = b + c*u - (1 - alpha)*ln D. The slope
/// g'(z) = 1 - s + alpha*s, s = 1/(1 + e^-z), is monotone and between 1 and alpha, so that Newton's method converges from
/// anywhere (Halley's, as it is used, in fewer steps). Derivatives by the implicit function theorem: dz/db = 1/g', dz/dc = u/g', dz/dalpha = (ln D - softplus(z))/g',
/// dz/dD = -(1 - alpha)/(D g'), and dm = dEinf + s dD + D s(1 - s) dz;
/// dD/dlnE0 = E0. Where alpha is small only alpha*ln E0 is determined: with ln E0 a coordinate that valley is nearly straight.
/// # Symbols
/// N size (count > 0); m, Einf, E0 in the unit of the response; beta that unit to the power 1 - alpha, times N^-c; alpha, c
/// exponents; coordinates \[Einf, ln E0, alpha, b = ln(beta*N^c) at the centre of ln N, c\].
/// # Reference
/// Alabdulmohsin, Neyshabur and Zhai (2022), NeurIPS, arXiv:2209.06640, form M4.
#[derive(Debug, Clone, Copy)]
pub struct M4;

/// Logarithm of the highest E0 that is tried, a thousand times the geometric mean of the responses.
const HIGHEST: f64 = 6.907_755_278_982_137;

static ABOUT: About = About {
    id: "m4",
    formula: "(m - Einf)/(E0 - m)^alpha = beta*N^c",
    predictors: &["N"],
    meaning: "flat at E0, then a power law, then flat at Einf",
    weakness: "E0 and alpha without rows on the upper level; Einf without rows near the lower one",
    reference: Reference {
        authors: "Alabdulmohsin, Neyshabur and Zhai (2022)",
        place: "NeurIPS, arXiv:2209.06640, form M4",
    },
    params: &[
        Param {
            name: "Einf",
            meaning: "floor: the response at infinite size",
            lower: 0.0,
            upper: f64::INFINITY,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        },
        Param {
            name: "E0",
            meaning: "level of the smallest sizes: the response without learning",
            lower: -20.0,
            upper: HIGHEST,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "alpha",
            meaning: "how slowly the law leaves E0",
            lower: 1e-3,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param::free("beta", "amplitude at N = 1 (in the unit of N)"),
        Param {
            name: "c",
            meaning: "exponent, negative",
            lower: -20.0,
            upper: 0.0,
            upper_is_search_limit: false,
            lower_is_search_limit: true,
        },
    ],
    exponent: 4,
    amplitude: 3,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

/// Steps allowed: Halley's method triples the digits at every one once it is near.
const STEPS: usize = 100;
/// Most starting points that a fit is given.
const STARTS: usize = 10;

/// The root of an equation, with what its derivatives need.
struct Root {
    /// 1/(1 + e^-z).
    s: f64,
    /// 1/(1 + e^z).
    rest: f64,
    /// ln(1 + e^z).
    softplus: f64,
}

impl Root {
    fn at(z: f64) -> Root {
        let e = (-z.abs()).exp();
        let (near, far) = (1.0 / (1.0 + e), e / (1.0 + e));
        let (s, rest) = if z >= 0.0 { (near, far) } else { (far, near) };
        Root { s, rest, softplus: z.max(0.0) + e.ln_1p() }
    }
}

/// Solve alpha*softplus(z) - softplus(-z) = `goal`.
///
/// With softplus(-z) = softplus(z) - z the left side is g = (alpha - 1)*softplus(z) + z, increasing with a slope between 1 and
/// alpha, convex (alpha > 1) or concave (alpha < 1). Halley's step is Newton's over 1 - g g''/(2 g'^2), which is kept between
/// 1/2 and 2. It starts from the asymptote of the side that the root lies on.
fn solve(alpha: f64, goal: f64) -> Root {
    let mut z = if goal < (alpha - 1.0) * std::f64::consts::LN_2 { goal } else { goal / alpha };
    let mut here = Root::at(z);
    for _ in 0..STEPS {
        // Each of the two ways to write g keeps the digits on its own side.
        let value = if z < 0.0 {
            (alpha - 1.0) * here.softplus + z - goal
        } else {
            alpha * here.softplus - (here.softplus - z) - goal
        };
        let slope = here.rest + alpha * here.s;
        let newton = value / slope;
        let bend = 1.0 - 0.5 * newton * (alpha - 1.0) * here.s * here.rest / slope;
        let step = newton / bend.clamp(0.5, 2.0);
        z -= step;
        here = Root::at(z);
        if !(step.abs() > 1e-6 * z.abs().max(1.0)) {
            // The next step would be the cube of this one: one of Newton's suffices for what rounding left.
            break;
        }
    }
    here
}

/// ln((m - Einf)/(E0 - m)^alpha).
fn left_side(floor: f64, top: f64, alpha: f64, m: f64) -> f64 {
    (m - floor).ln() - alpha * (top - m).ln()
}

impl Form for M4 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let n = out.len();
        let (floor, top, alpha, b, c) = (theta[0], theta[1].exp(), theta[2], theta[3], theta[4]);
        let range = top - floor;
        // Not a number where E0 <= Einf: no response lies between them.
        let ln_range = range.ln();
        for (i, (o, u)) in out.iter_mut().zip(x[0]).enumerate() {
            let Root { s, rest, softplus } = solve(alpha, b + c * u - (1.0 - alpha) * ln_range);
            *o = floor + range * s;
            if !jac.is_empty() {
                let slope = rest + alpha * s;
                let by_b = range * s * rest / slope;
                let by_range = s - (1.0 - alpha) / range * by_b;
                jac[i] = 1.0 - by_range;
                jac[n + i] = top * by_range;
                jac[2 * n + i] = (ln_range - softplus) * by_b;
                jac[3 * n + i] = by_b;
                jac[4 * n + i] = u * by_b;
            }
        }
    }

    fn pass_through(&self, _: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let b = left_side(theta[0], theta[1].exp(), theta[2], eta0) - theta[4] * x0[0];
        b.is_finite().then_some(b)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        match k {
            0 => Functional::coordinate(0, frame.y_scale),
            1 => Functional {
                offset: frame.y_scale.ln(),
                transform: Transform::Exp,
                ..Functional::coordinate(1, 1.0)
            },
            3 => {
                let mut f = Functional::coordinate(3, 1.0);
                f.coefficients[4] = -frame.x_centre[0];
                f.coefficients[2] = -frame.y_scale.ln();
                f.offset = frame.y_scale.ln();
                f.transform = Transform::Exp;
                f
            }
            _ => Functional::coordinate(k, 1.0),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let least = eta.iter().copied().fold(f64::INFINITY, f64::min);
        let most = eta.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let ones = vec![1.0; eta.len()];
        let mut candidates = Vec::new();
        for floor in [0.0, 0.3, 0.6, 0.8, 0.9, 0.97, 0.995].map(|share| share * least) {
            for top in [0.003, 0.03, 0.1, 0.3, 1.0, 4.0].map(|more| most + more * (most - least).max(1e-6)) {
                for alpha in [0.02, 0.2, 0.5, 1.0, 2.0, 4.0] {
                    let left: Vec<f64> = eta.iter().map(|m| left_side(floor, top, alpha, *m)).collect();
                    // What a relative error of m does to the left side, inverted and squared.
                    let weights: Vec<f64> =
                        eta.iter().map(|m| (m * (1.0 / (m - floor) + alpha / (top - m))).powi(-2)).collect();
                    if let Some(([b, c], score)) = least_squares(&[&ones, x[0]], &left, &weights) {
                        let theta = phi(&[floor, top.ln(), alpha, b, c]);
                        candidates.extend(Candidate::new(theta, score, ABOUT.params));
                    }
                }
            }
        }
        best(candidates, STARTS)
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        let (floor, top, alpha, beta, c) = (natural[0], natural[1], natural[2], natural[3], natural[4]);
        theta[0] = floor / frame.y_scale;
        theta[1] = (top / frame.y_scale).ln();
        theta[2] = alpha;
        theta[3] = beta.ln() + c * frame.x_centre[0] - (1.0 - alpha) * frame.y_scale.ln();
        theta[4] = c;
        let inside = floor >= 0.0 && top > floor && alpha > 0.0 && c <= 0.0;
        (inside && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }

    fn asymptote(&self) -> Option<usize> {
        Some(0)
    }
}
