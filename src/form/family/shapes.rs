//! Shapes: the logarithm of what an amplitude is multiplied by, with its derivatives and a grid to start from.
//!
//! Every shape has the signature of [`Form::eval`](crate::form::Form::eval): coordinates, columns, values, derivatives
//! (empty when not wanted).

use super::grid::{ends, phi, spaced};
use crate::math::Theta;

/// Exponents to start from: the published range of scaling exponents and beyond.
pub const EXPONENTS: [f64; 10] = [0.3, 0.5, 0.2, 0.1, 0.8, 0.05, 1.2, 0.02, 2.0, 3.5];

/// Fill values and derivatives row by row: `row` returns L and its Q derivatives.
fn rows<const Q: usize>(u: &[f64], out: &mut [f64], jac: &mut [f64], row: impl Fn(f64) -> (f64, [f64; Q])) {
    let n = out.len();
    for (i, (o, u)) in out.iter_mut().zip(u).enumerate() {
        let (value, slopes) = row(*u);
        *o = value;
        if !jac.is_empty() {
            for (j, s) in slopes.iter().enumerate() {
                jac[j * n + i] = *s;
            }
        }
    }
}

/// ln(1 + e^t) without overflow.
pub fn softplus(t: f64) -> f64 {
    t.max(0.0) + (-t.abs()).exp().ln_1p()
}

/// 1/(1 + e^-t) without overflow.
pub fn sigmoid(t: f64) -> f64 {
    let e = (-t.abs()).exp();
    if t >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

/// Evaluate L = -alpha*u, phi = \[alpha\].
pub fn power(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    rows(x[0], out, jac, |u| (-p[0] * u, [-u]));
}

/// Exponents to start a power from.
pub fn power_grid(_: &[&[f64]]) -> Vec<Theta> {
    EXPONENTS.iter().map(|a| phi(&[*a])).collect()
}

/// Evaluate L = -alpha*ln(e^u + r), phi = \[r, alpha\]: r = N0 over the geometric mean size.
pub fn shifted(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    rows(x[0], out, jac, |u| {
        let size = u.exp() + p[0];
        let ln = size.ln();
        (-p[1] * ln, [-p[1] / size, -ln])
    });
}

/// Shifts from none to ten times the largest size.
pub fn shifted_grid(x: &[&[f64]]) -> Vec<Theta> {
    let (low, high) = ends(x[0]);
    let shifts = std::iter::once(0.0).chain(spaced(low - 1.0, high + 2.0, 12).map(f64::exp));
    let steeper = EXPONENTS.into_iter().chain([5.0, 8.0]);
    shifts.flat_map(|r| steeper.clone().map(move |a| phi(&[r, a]))).collect()
}

/// Evaluate L = c*ln(e^-u + r), phi = \[r, c\]: r = gamma times the geometric mean size.
pub fn bent(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    rows(x[0], out, jac, |u| {
        let size = (-u).exp() + p[0];
        let ln = size.ln();
        (p[1] * ln, [p[1] / size, ln])
    });
}

/// Bends from none to a tenth of the smallest size.
pub fn bent_grid(x: &[&[f64]]) -> Vec<Theta> {
    let mirrored: Vec<f64> = x[0].iter().map(|u| -u).collect();
    shifted_grid(&[&mirrored])
}

/// Evaluate L = -exp(u - v), phi = \[v\]: v = ln N0, centred.
pub fn exponential(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    rows(x[0], out, jac, |u| {
        let e = (u - p[0]).exp();
        (-e, [e])
    });
}

/// Sizes N0 from below the smallest to above the largest.
pub fn exponential_grid(x: &[&[f64]]) -> Vec<Theta> {
    let (low, high) = ends(x[0]);
    spaced(low - 1.0, high + 2.0, 24).map(|v| phi(&[v])).collect()
}

/// Evaluate L = -exp(b(u - v)), phi = \[v, b\]: v = ln N0, centred.
pub fn stretched(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    rows(x[0], out, jac, |u| {
        let e = (p[1] * (u - p[0])).exp();
        (-e, [p[1] * e, -(u - p[0]) * e])
    });
}

/// Sizes N0 around the data, stretched and squeezed.
pub fn stretched_grid(x: &[&[f64]]) -> Vec<Theta> {
    let (low, high) = ends(x[0]);
    let powers = [1.0, 0.5, 0.25, 0.1, 0.05, 2.0];
    spaced(low - 6.0, high + 3.0, 24).flat_map(|v| powers.map(|b| phi(&[v, b]))).collect()
}

/// Evaluate L = -ln(1 + exp(c(u - v))), phi = \[v, c\]: v = ln N0, centred.
pub fn logistic(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    rows(x[0], out, jac, |u| {
        let d = u - p[0];
        let t = p[1] * d;
        let s = sigmoid(t);
        (-softplus(t), [p[1] * s, -d * s])
    });
}

/// Turning points around the data, slopes of either sign.
pub fn logistic_grid(x: &[&[f64]]) -> Vec<Theta> {
    let (low, high) = ends(x[0]);
    let slopes = [0.1, 0.3, 0.6, 1.0, 2.0, 4.0];
    let both = slopes.into_iter().flat_map(|c| [c, -c]);
    spaced(low - 2.0, high + 2.0, 16).flat_map(|v| both.clone().map(move |c| phi(&[v, c]))).collect()
}

/// Evaluate L = -alpha*u + ln(1 + exp(b - w*u)), phi = \[alpha, b, w\]: b = ln(B*N^-w) at the centre.
pub fn corrected(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    rows(x[0], out, jac, |u| {
        let t = p[1] - p[2] * u;
        let s = sigmoid(t);
        (-p[0] * u + softplus(t), [-u, s, -u * s])
    });
}

/// Evaluate L = -alpha*u + ln(1 - exp(b - w*u)), phi = \[alpha, b, w\]; NaN where the correction exceeds 1.
pub fn reduced(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    rows(x[0], out, jac, |u| {
        let e = (p[1] - p[2] * u).exp();
        let s = -e / (1.0 - e);
        (-p[0] * u + (-e).ln_1p(), [-u, s, -u * s])
    });
}

/// Corrections of published powers, equal to the leading term somewhere around the data.
pub fn corrected_grid(x: &[&[f64]]) -> Vec<Theta> {
    let (low, high) = ends(x[0]);
    grid_of_corrections(spaced(low - 4.0, high, 8))
}

/// Corrections that stay below the leading term on all the data.
pub fn reduced_grid(x: &[&[f64]]) -> Vec<Theta> {
    let low = ends(x[0]).0;
    grid_of_corrections([0.02, 0.1, 0.3, 0.6, 1.0, 2.0, 4.0].into_iter().map(move |d| low - d))
}

/// Every exponent and power of the correction, with the size where it equals the leading term.
fn grid_of_corrections(equal: impl Iterator<Item = f64>) -> Vec<Theta> {
    let exponents = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, -0.1];
    let powers = [0.5, 1.0, 0.25, 2.0];
    equal.flat_map(|v| exponents.iter().flat_map(move |a| powers.map(|w| phi(&[*a, w * v, w])))).collect()
}
