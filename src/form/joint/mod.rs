//! What laws of several predictors share: evaluation row by row, sums of powers, and the search for starting points.

mod refine;
mod search;
mod sum;

pub(super) use refine::refine;
pub(super) use search::{Candidate, relative_weights, search};
pub(super) use sum::{Power, Sum, Term};

use crate::math::{MAX_PARAMS, Theta};

/// Fill values and derivatives from a law that is written for one row: `row` gives both for row `i`.
#[inline]
pub(super) fn by_row<const P: usize>(
    out: &mut [f64],
    jac: &mut [f64],
    row: impl Fn(usize) -> (f64, [f64; P]),
) {
    let n = out.len();
    for (i, o) in out.iter_mut().enumerate() {
        let (value, slopes) = row(i);
        *o = value;
        if !jac.is_empty() {
            for (j, slope) in slopes.iter().enumerate() {
                jac[j * n + i] = *slope;
            }
        }
    }
}

/// Return a coordinate vector with some entries: index and value of each.
pub(super) fn entries(values: &[(usize, f64)]) -> Theta {
    let mut out = [0.0; MAX_PARAMS];
    for (k, v) in values {
        out[*k] = *v;
    }
    out
}

/// Return ln(e^s + e^t) and the shares of both terms.
pub(super) fn log_sum(s: f64, t: f64) -> (f64, f64, f64) {
    let (high, gap) = (s.max(t), -(s - t).abs());
    let small = gap.exp();
    let (large, rest) = (1.0 / (1.0 + small), small / (1.0 + small));
    let (first, second) = if s >= t { (large, rest) } else { (rest, large) };
    (high + small.ln_1p(), first, second)
}
