//! A joint law in which the exponent of tokens depends on the number of parameters.

use super::joint::{Candidate, by_row, entries, refine, relative_weights, search};
use super::{About, Form, Frame, Functional, Param, Reference, Transform, Trend};
use crate::data::Scale;
use crate::math::{MAX_PARAMS, Theta, sum};
use nalgebra::SVector;

/// A loss that falls with tokens at a rate of its own for every size.
///
/// # Formula
/// m = exp(s*N^q + S) + exp(B*N^b + Q)*D^-exp(A*N^a + E) with s < 0, B > 0, A < 0; q, -b and a in \[0.01, 3\]
///
/// The signs are those of the published fit: the floor of a size falls with N, and so do the amplitude and the exponent of its
/// tokens. With P, T the two terms, z = s*N^q, y = B*N^b, g = exp(A*N^a + E): dm/dz = dm/dS = P, dm/dy = dm/dQ = T,
/// dm/d(A*N^a) = dm/dE = -T*g*ln D.
/// # Symbols
/// N parameters, D tokens (counts > 0); m response; s, B, A in the units of N^-q, N^-b, N^-a; S, Q logarithms in the unit of
/// the response; E without one; coordinates \[-ln(-s*N^q), q, S, ln(B*N^b), b, Q, -ln(-A*N^a), a, E\] with the products
/// at the centre of ln N, the response divided by the frame's scale. D is not centred: the law has no parameter that takes up
/// its unit, tokens in billions make another law.
/// # Assumptions
/// Many tokens counts at each of many sizes: three curves in N are read off the data. At least 30 runs. s and S, B and Q, A and E
/// trade off where q, b or a is near 0; with errors of 1% the optimum can lie at their bound of 0.01.
/// # Reference
/// Li et al. (2025), Farseer, arXiv:2506.10972.
#[derive(Debug, Clone, Copy)]
pub struct Farseer;

/// Fewest runs: below, nine parameters follow the noise.
const FEWEST_ROWS: usize = 30;
/// Exponents of the joint law without interaction that the starting points come from.
const START_EXPONENTS: [f64; 6] = [0.08, 0.2, 0.35, 0.5, 0.8, 1.2];
/// Exponents q, b, a of the starting points: nearly logarithmic curves, and strongly bent ones.
const START_BENDS: [[f64; 3]; 4] =
    [[0.1, -0.15, 0.05], [0.5, -0.5, 0.3], [0.1, -0.5, 0.3], [0.03, -0.25, 0.02]];
/// Share by which the exponent of tokens falls for each factor e of N at the starting points.
const START_FALL: f64 = 0.1;
/// Least size of q, b and a: there a curve is a straight line in ln N for all that data can tell, and nearer to 0 its two
/// other parameters run off to infinity against each other.
const LEAST_BEND: f64 = 0.01;

/// Relative excess of a cost up to which two starting points count as one.
const SAME: f64 = 1e-6;

const fn rising(name: &'static str, meaning: &'static str) -> Param {
    Param {
        name,
        meaning,
        lower: LEAST_BEND,
        upper: 3.0,
        upper_is_search_limit: true,
        lower_is_search_limit: true,
    }
}

static ABOUT: About = About {
    id: "farseer",
    formula: "exp(s*N^q + S) + exp(B*N^b + Q)*D^-exp(A*N^a + E)",
    predictors: &["N", "D"],
    meaning: "floor, amplitude and exponent of tokens each depend on the number of parameters",
    weakness: "s with S, B with Q, A with E as q, b and a come near 0; nine parameters, so that it asks for \
        30 rows",
    reference: Reference { authors: "Li et al. (2025)", place: "Farseer, arXiv:2506.10972" },
    params: &[
        Param::free("s", "how the logarithm of the floor falls with N^q (negative)"),
        rising("q", "exponent of N in the floor"),
        Param::free("S", "logarithm of the floor at N = 0"),
        Param::free("B", "how the logarithm of the amplitude falls with N^b (positive)"),
        Param {
            name: "b",
            meaning: "exponent of N in the amplitude",
            lower: -3.0,
            upper: -LEAST_BEND,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param::free("Q", "logarithm of the amplitude at infinite N"),
        Param::free("A", "how the logarithm of the tokens' exponent falls with N^a (negative)"),
        rising("a", "exponent of N in the tokens' exponent"),
        Param::free("E", "logarithm of the tokens' exponent at N = 0"),
    ],
    exponent: 7,
    amplitude: 2,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

/// The curves in N at one row: s*N^q, B*N^b and A*N^a.
fn curves(theta: &[f64], u: f64) -> [f64; 3] {
    [-(theta[1] * u - theta[0]).exp(), (theta[3] + theta[4] * u).exp(), -(theta[7] * u - theta[6]).exp()]
}

/// Value, logarithm of the fall, and bend of three curves in N at its centre: of the logarithms of the floor, of the tokens'
/// term at the mean of ln D, and of the tokens' exponent. The starting points are refined in these.
type Curves = SVector<f64, 9>;

/// A curve with value v, slope -exp(fall) at u = 0, v - exp(fall)*(e^(bend*u) - 1)/bend, and its derivatives.
fn curve(phi: &Curves, first: usize, u: f64) -> (f64, [f64; 3]) {
    let (fall, bend) = (phi[first + 1].exp(), phi[first + 2]);
    let along = (bend * u).exp_m1() / bend;
    let by_bend = (u * (bend * u).exp() - along) / bend;
    (phi[first] - fall * along, [1.0, -fall * along, -fall * by_bend])
}

/// The law in terms of its curves, `middle` the mean of ln D, and its derivatives.
fn model(phi: &Curves, u: f64, ln_d: f64, middle: f64) -> (f64, Curves) {
    let ((f, by_f), (g, by_g), (r, by_r)) = (curve(phi, 0, u), curve(phi, 3, u), curve(phi, 6, u));
    let (at_centre, rate) = (phi[6].exp() * middle, r.exp() * ln_d);
    let (p, t) = (f.exp(), (g + at_centre - rate).exp());
    let mut slopes = Curves::zeros();
    for k in 0..3 {
        slopes[k] = p * by_f[k];
        slopes[3 + k] = t * by_g[k];
        slopes[6 + k] = -t * rate * by_r[k];
    }
    slopes[6] += t * at_centre;
    (p + t, slopes)
}

/// The curves of the law without interaction, E0 + A0*N^-alpha + B0*D^-beta, with bends of their own.
fn curves_of(candidate: &Candidate, bends: [f64; 3], middle: f64) -> Curves {
    let [floor, by_n, by_d] = [0, 1, 2].map(|k| candidate.amplitudes[k]);
    let (alpha, beta) = (candidate.exponents[0], candidate.exponents[1]);
    let slope = alpha * by_n / (floor + by_n);
    // The amplitude falls with N as fast as the exponent makes the term rise.
    let along = START_FALL * beta * middle;
    SVector::from_column_slice(&[
        (floor + by_n).ln(),
        slope.ln(),
        bends[0],
        by_d.ln(),
        along.max(1e-3).ln(),
        bends[1],
        beta.ln(),
        START_FALL.ln(),
        bends[2],
    ])
}

/// The box in which the curves are refined.
fn lower() -> Curves {
    SVector::from_column_slice(&[
        f64::MIN,
        -12.0,
        LEAST_BEND,
        f64::MIN,
        -12.0,
        -3.0,
        f64::MIN,
        -12.0,
        LEAST_BEND,
    ])
}

/// The other side of the box.
fn upper() -> Curves {
    SVector::from_column_slice(&[f64::MAX, 4.0, 3.0, f64::MAX, 6.0, -LEAST_BEND, f64::MAX, 4.0, 3.0])
}

/// The solver's coordinates of the curves.
fn theta_of(phi: &Curves, middle: f64) -> Theta {
    let height = |first: usize| phi[first + 1].exp() / phi[first + 2].abs();
    let (z, y, c) = (height(0), height(3), height(6));
    entries(&[
        (0, -z.ln()),
        (1, phi[2]),
        (2, phi[0] + z),
        (3, y.ln()),
        (4, phi[5]),
        (5, phi[3] + phi[6].exp() * middle - y),
        (6, -c.ln()),
        (7, phi[8]),
        (8, phi[6] + c),
    ])
}

impl Form for Farseer {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn fewest_rows(&self) -> usize {
        FEWEST_ROWS
    }

    /// The centred ln N, and ln D itself.
    fn columns(&self, x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
        vec![x[0].iter().map(|n| n.ln() - centre[0]).collect(), x[1].iter().map(|d| d.ln()).collect()]
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        by_row(out, jac, |i| {
            let (u, ln_d) = (x[0][i], x[1][i]);
            let [z, y, c] = curves(theta, u);
            let g = (c + theta[8]).exp();
            let p = (z + theta[2]).exp();
            let t = (y + theta[5] - g * ln_d).exp();
            let r = -t * g * ln_d;
            // Minus the coordinate is the logarithm of -s*N^q and of -A*N^a at the centre.
            (p + t, [-p * z, p * z * u, p, t * y, t * y * u, t, -r * c, r * c * u, r])
        });
    }

    fn pivots(&self) -> &'static [usize] {
        &[2, 5]
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let [z, y, c] = curves(theta, x0[0]);
        let power = y - (c + theta[8]).exp() * x0[1];
        let (other, own) =
            if pivot == 2 { ((power + theta[5]).exp(), z) } else { ((z + theta[2]).exp(), power) };
        let rest = eta0 - other;
        (rest > 0.0).then(|| rest.ln() - own).filter(|v| v.is_finite())
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        let centre = frame.x_centre[0];
        let of = |slope: f64, transform| Functional {
            coefficients: entries(&[(k, 1.0), (k + 1, slope)]),
            offset: 0.0,
            transform,
        };
        match k {
            0 | 6 => of(centre, Transform::NegExp),
            3 => of(-centre, Transform::Exp),
            2 | 5 => Functional { offset: frame.y_scale.ln(), ..Functional::coordinate(k, 1.0) },
            _ => Functional::coordinate(k, 1.0),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let middle = sum::mean(x[1]);
        let w = relative_weights(eta);
        let axes: [&[f64]; 2] = [&START_EXPONENTS, &START_EXPONENTS];
        let best = search(&axes, 2, |e| {
            let columns = vec![
                vec![1.0; eta.len()],
                x[0].iter().map(|u| (-e[0] * u).exp()).collect(),
                x[1].iter().map(|v| (-e[1] * (v - middle)).exp()).collect(),
            ];
            Some((columns, w.clone(), eta.to_vec()))
        });
        // Refined for errors in proportion to the response and for equal ones: the valley is so narrow that the optimum of one
        // is no start for the other. Back and forth, because one finds families of optima that the other misses.
        let mut found: [Vec<(Theta, f64)>; 2] = [Vec::new(), Vec::new()];
        for candidate in &best {
            for bends in START_BENDS {
                let mut phi = curves_of(candidate, bends, middle);
                for relative in [true, false, true] {
                    let row = |phi: &Curves, i: usize| {
                        let (m, slopes) = model(phi, x[0][i], x[1][i], middle);
                        if relative { ((m / eta[i]).ln(), slopes / m) } else { (m - eta[i], slopes) }
                    };
                    let (end, cost) = refine(phi, &lower(), &upper(), eta.len(), row);
                    phi = end;
                    found[usize::from(!relative)].push((theta_of(&phi, middle), cost));
                }
            }
        }
        for kind in &mut found {
            kind.retain(|(t, cost)| cost.is_finite() && t.iter().all(|v| v.is_finite()));
            kind.sort_by(|a, b| a.1.total_cmp(&b.1));
            // One start for every optimum is enough.
            kind.dedup_by(|a, b| a.1 - b.1 <= SAME * b.1);
        }
        found.into_iter().flatten().map(|(t, _)| t).collect()
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let centre = frame.x_centre[0];
        let scale = frame.y_scale.ln();
        let mut theta: Theta = [0.0; MAX_PARAMS];
        theta[..9].copy_from_slice(&[
            -(-natural[0]).ln() - natural[1] * centre,
            natural[1],
            natural[2] - scale,
            natural[3].ln() + natural[4] * centre,
            natural[4],
            natural[5] - scale,
            -(-natural[6]).ln() - natural[7] * centre,
            natural[7],
            natural[8],
        ]);
        let inside = natural[1] >= LEAST_BEND && natural[4] <= -LEAST_BEND && natural[7] >= LEAST_BEND;
        (inside && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }
}
