//! The shape of broken neural scaling laws, with any number of breaks.

use super::grid::{self, Candidate};
use super::shapes::{sigmoid, softplus};
use crate::form::About;
use crate::math::{MAX_PARAMS, Theta};

/// Narrowest break, ln f at f = 0.02.
pub const NARROW: f64 = -3.912_023_005_428_146;
/// Widest break, ln f at f = 5.
pub const WIDE: f64 = 1.609_437_912_434_100_3;

/// Evaluate the logarithm of a smoothly broken power law, phi = \[c0, c1, v1, w1, c2, v2, w2, ...\].
///
/// # Formula
/// L = -c0*u - sum c_i*f_i*softplus(t_i), t_i = (u - v_i)/f_i, v_i = ln d_i centred, f_i = exp(w_i)
///
/// With s = 1/(1 + e^-t): dL/dc0 = -u, dL/dc_i = -f softplus(t), dL/dv_i = c s, dL/dw_i = -c f (softplus(t) - t s).
pub fn broken(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    let n = out.len();
    for (o, u) in out.iter_mut().zip(x[0]) {
        *o = -p[0] * u;
    }
    let mut columns = jac.chunks_exact_mut(n.max(1));
    if let Some(by_c0) = columns.next() {
        by_c0.iter_mut().zip(x[0]).for_each(|(d, u)| *d = -u);
    }
    for part in p[1..].chunks_exact(3) {
        let (c, v, f) = (part[0], part[1], part[2].exp());
        let mut own = (columns.next(), columns.next(), columns.next());
        for (i, (o, u)) in out.iter_mut().zip(x[0]).enumerate() {
            let t = (u - v) / f;
            let bend = f * softplus(t);
            *o -= c * bend;
            if let (Some(by_c), Some(by_v), Some(by_w)) = (&mut own.0, &mut own.1, &mut own.2) {
                let s = sigmoid(t);
                by_c[i] = -bend;
                by_v[i] = c * s;
                by_w[i] = -c * (bend - f * t * s);
            }
        }
    }
}

/// Hand over the second derivatives of L that are not zero, summed over rows with weights `weight`: `(j, k, value)`, j <= k,
/// indices of phi.
///
/// # Formula
/// With b = t s - softplus(t) and q = s(1 - s): d2L/dc dv = s, d2L/dc dw = f b, d2L/dv2 = -c q/f, d2L/dv dw = -c q t,
/// d2L/dw2 = c f (b - t^2 q)
pub fn broken_curvature(
    p: &[f64],
    u: &[f64],
    weight: impl Fn(usize) -> f64,
    mut add: impl FnMut(usize, usize, f64),
) {
    for (part, own) in p[1..].chunks_exact(3).enumerate() {
        let (c, v, f) = (own[0], own[1], own[2].exp());
        let first = 1 + 3 * part;
        let (mut s_sum, mut b_sum, mut q_sum, mut qt_sum, mut w_sum) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (i, u) in u.iter().enumerate() {
            let t = (u - v) / f;
            let (s, rest) = (sigmoid(t), sigmoid(-t));
            let (b, q, g) = (t * s - softplus(t), s * rest, weight(i));
            s_sum += g * s;
            b_sum += g * b;
            q_sum += g * q;
            qt_sum += g * q * t;
            w_sum += g * (b - t * t * q);
        }
        add(first, first + 1, s_sum);
        add(first, first + 2, f * b_sum);
        add(first + 1, first + 1, -c * q_sum / f);
        add(first + 1, first + 2, -c * qt_sum);
        add(first + 2, first + 2, c * f * w_sum);
    }
}

/// Sort breaks, three coordinates each, by their place: their order means nothing.
pub fn ascending(breaks: &mut [f64]) {
    let count = breaks.len() / 3;
    for i in 1..count {
        for j in (1..=i).rev() {
            if breaks[3 * j + 1] < breaks[3 * j - 2] {
                let (left, right) = breaks.split_at_mut(3 * j);
                left[3 * j - 3..].swap_with_slice(&mut right[..3]);
            }
        }
    }
}

/// How finely the starting points of K breaks are searched.
struct Search {
    /// Most places for a break.
    places: usize,
    /// Places outside the data, at these distances from their ends in ln N: the data may show where a bend begins. Not
    /// for several breaks, which would change places there.
    beyond: &'static [f64],
    /// Widths of the breaks, in units of ln N.
    widths: &'static [f64],
    /// Floors, as shares of the smallest response.
    floors: &'static [f64],
    /// Starting points kept.
    keep: usize,
}

fn search(breaks: usize) -> Search {
    match breaks {
        1 => Search {
            places: 24,
            beyond: &[0.3, 1.0],
            widths: &[0.05, 0.2, 0.6, 1.5, 4.0],
            floors: &[0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.995],
            keep: 12,
        },
        2 => Search {
            places: 14,
            beyond: &[],
            widths: &[0.1, 0.4, 1.5],
            floors: &[0.0, 0.5, 0.9, 0.98],
            keep: 10,
        },
        _ => Search { places: 11, beyond: &[], widths: &[0.1, 0.6], floors: &[0.0, 0.6, 0.95], keep: 8 },
    }
}

/// Return starting points of a law with breaks: places midway between neighbouring sizes and near the ends, the rest by linear least squares.
///
/// # Formula
/// Given the floor a, the places and one width, ln(m - a) is linear in ln b, c0 and the c_i. Q = 2 + number of breaks; rows
/// weigh ((m - a)/m)^2, so that the sum of squares is that of relative errors.
pub fn broken_starts<const Q: usize>(about: &About, u: &[f64], m: &[f64]) -> Vec<Theta> {
    let breaks = Q - 2;
    let how = search(breaks);
    let mut places = midpoints(u, how.places);
    let (first, last) = grid::ends(u);
    places.splice(0..0, how.beyond.iter().rev().map(|d| first - d));
    places.extend(how.beyond.iter().map(|d| last + d));
    let least = m.iter().copied().fold(f64::INFINITY, f64::min);
    if places.len() < breaks || !(least > 0.0) {
        return Vec::new();
    }
    let ones = vec![1.0; u.len()];
    let minus: Vec<f64> = u.iter().map(|u| -u).collect();
    let mut best: Vec<Option<Candidate>> = vec![None; subsets(places.len(), breaks).count()];
    for share in how.floors {
        let floor = share * least;
        let logs: Vec<f64> = m.iter().map(|m| (m - floor).ln()).collect();
        let weights: Vec<f64> = m.iter().map(|m| ((m - floor) / m).powi(2)).collect();
        for f in how.widths {
            let bends: Vec<Vec<f64>> =
                places.iter().map(|v| u.iter().map(|u| -f * softplus((u - v) / f)).collect()).collect();
            for (k, chosen) in subsets(places.len(), breaks).enumerate() {
                let columns: [&[f64]; Q] = std::array::from_fn(|j| match j {
                    0 => ones.as_slice(),
                    1 => minus.as_slice(),
                    _ => bends[chosen[j - 2]].as_slice(),
                });
                let Some((b, score)) = grid::least_squares(&columns, &logs, &weights) else { continue };
                let mut theta = [0.0; MAX_PARAMS];
                theta[..3].copy_from_slice(&[floor, b[0], b[1]]);
                for (i, place) in chosen[..breaks].iter().enumerate() {
                    theta[3 + 3 * i..6 + 3 * i].copy_from_slice(&[b[2 + i], places[*place], f.ln()]);
                }
                let found = Candidate::new(theta, score, about.params);
                if found.is_some_and(|c| best[k].is_none_or(|b| c.beats(&b))) {
                    best[k] = found;
                }
            }
        }
    }
    grid::best(best.into_iter().flatten().collect(), how.keep)
}

/// Midpoints between neighbouring distinct values, evenly thinned to at most `most`.
fn midpoints(u: &[f64], most: usize) -> Vec<f64> {
    let mut sorted = u.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let all: Vec<f64> = sorted.windows(2).map(|w| 0.5 * (w[0] + w[1])).collect();
    if all.len() <= most {
        return all;
    }
    (0..most).map(|i| all[i * (all.len() - 1) / (most - 1)]).collect()
}

/// All ascending choices of `size` (1 to 3) out of `n`; entries beyond `size` are zero.
fn subsets(n: usize, size: usize) -> impl Iterator<Item = [usize; 3]> {
    let second = move |i: usize| if size > 1 { i + 1..n } else { 0..1 };
    let third = move |j: usize| if size > 2 { j + 1..n } else { 0..1 };
    (0..n).flat_map(move |i| second(i).flat_map(move |j| third(j).map(move |k| [i, j, k])))
}
