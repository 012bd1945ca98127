//! Starting points of laws that are linear in their amplitudes once the exponents are given: a grid of exponents.

use crate::math::{Theta, nonnegative};

/// Exponents of one point of the grid.
pub(in crate::form) type Exponents = Theta;

/// A point of the grid with the amplitudes that fit best there.
#[derive(Debug, Clone, Copy)]
pub(in crate::form) struct Candidate {
    /// The exponents.
    pub exponents: Exponents,
    /// Coefficients of the columns, none negative.
    pub amplitudes: Theta,
    /// Weighted sum of squares.
    pub rest: f64,
    /// Position in the grid along every axis.
    place: [i32; crate::math::MAX_PARAMS],
}

/// Return the weights 1/m^2 of relative errors; 1 for a response of 0.
pub(in crate::form) fn relative_weights(m: &[f64]) -> Vec<f64> {
    m.iter().map(|m| if *m == 0.0 { 1.0 } else { 1.0 / (m * m) }).collect()
}

/// Return the `keep` best points of a grid of exponents, best first, no two of them neighbours.
///
/// At every point `problem` gives columns, weights and responses of a linear problem (`None` where there is none), which
/// is solved for coefficients that are not negative. Amplitudes of 0 become a thousandth of the largest response's share, so
/// that their logarithms exist.
pub(in crate::form) fn search(
    axes: &[&[f64]],
    keep: usize,
    problem: impl Fn(&Exponents) -> Option<(Vec<Vec<f64>>, Vec<f64>, Vec<f64>)>,
) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = Vec::new();
    let size: usize = axes.iter().map(|a| a.len()).product();
    for index in 0..size {
        let (mut exponents, mut place) = ([0.0; crate::math::MAX_PARAMS], [0; crate::math::MAX_PARAMS]);
        let mut rest = index;
        for (k, axis) in axes.iter().enumerate() {
            place[k] = (rest % axis.len()) as i32;
            exponents[k] = axis[rest % axis.len()];
            rest /= axis.len();
        }
        let Some((columns, w, y)) = problem(&exponents) else { continue };
        let finite = |v: &[f64]| v.iter().all(|v| v.is_finite());
        if !(columns.iter().all(|c| finite(c)) && finite(&w) && finite(&y)) {
            continue;
        }
        let (mut amplitudes, rest) = nonnegative::least_squares(&columns, &w, &y);
        let largest = |v: &[f64]| v.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        for (a, column) in amplitudes.iter_mut().zip(&columns) {
            if *a == 0.0 {
                *a = 1e-3 * (largest(&y) / largest(column)).clamp(1e-300, 1e300);
            }
        }
        all.push(Candidate { exponents, amplitudes, rest, place });
    }
    all.sort_by(|a, b| a.rest.total_cmp(&b.rest));
    let mut kept: Vec<Candidate> = Vec::new();
    for c in all {
        let near = |k: &Candidate| k.place.iter().zip(&c.place).all(|(a, b)| (a - b).abs() <= 1);
        if kept.len() < keep && !kept.iter().any(near) {
            kept.push(c);
        }
    }
    kept
}
