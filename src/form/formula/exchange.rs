//! Parameters whose exchange changes nothing: a sum of two like terms has every optimum twice.

use super::compiled::Compiled;
use super::starts::quasi_random;
use crate::math::{MAX_PARAMS, Theta};

/// Points at which an exchange must change nothing.
const POINTS: usize = 4;
/// Relative difference below which two values count as equal.
const EQUAL: f64 = 1e-10;

/// Two runs of parameters, in the order of appearance, that may be exchanged: pairs of indices, one that tells them apart
/// first.
pub(super) type Exchange = Vec<(usize, usize)>;

/// Find the exchanges of two runs of neighbouring parameters that leave the formula as it is.
///
/// `around` is a point where the formula has a value on the rows `x`.
pub(super) fn exchanges(compiled: &Compiled, p: usize, x: &[&[f64]], around: &Theta) -> Vec<Exchange> {
    let n = x.first().map_or(0, |c| c.len());
    let value = |theta: &Theta| {
        let mut out = vec![0.0; n];
        compiled.eval(theta, x, &mut out, &mut []);
        out
    };
    let points: Vec<(Theta, Vec<f64>)> = (0..8 * POINTS)
        .map(|i| {
            let mut theta = [0.0; MAX_PARAMS];
            for (j, u) in quasi_random(i, p).into_iter().enumerate() {
                theta[j] = around[j] * (0.7 + 0.6 * u) + if around[j] == 0.0 { u } else { 0.0 };
            }
            (theta, value(&theta))
        })
        .filter(|(_, out)| out.iter().all(|v| v.is_finite()))
        .take(POINTS)
        .collect();
    if points.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for length in 1..=p / 2 {
        for first in 0..=p - 2 * length {
            for second in first + length..=p - length {
                let mut pairs: Exchange = (0..length).map(|k| (first + k, second + k)).collect();
                let same = points.iter().all(|(theta, out)| {
                    let mut other = *theta;
                    pairs.iter().for_each(|&(a, b)| other.swap(a, b));
                    let size = out.iter().fold(0.0f64, |m, v| m.max(v.abs()));
                    value(&other).iter().zip(out).all(|(a, b)| (a - b).abs() <= EQUAL * size)
                });
                if same {
                    // What does not enter linearly tells two terms apart.
                    pairs.sort_by_key(|(a, _)| compiled.linear.contains(a));
                    found.push(pairs);
                }
            }
        }
    }
    found
}

/// Exchange like terms until those that tell them apart are in the order of `model`, ascending where it has none.
pub(super) fn arranged(exchanges: &[Exchange], theta: &Theta, model: &[Option<f64>]) -> Theta {
    let mut theta = *theta;
    for _ in 0..MAX_PARAMS {
        let mut moved = false;
        for pairs in exchanges {
            let Some(&(a, b)) = pairs.first() else { continue };
            let descending = matches!((model[a], model[b]), (Some(a), Some(b)) if a > b);
            if theta[a] != theta[b] && (theta[a] > theta[b]) != descending {
                pairs.iter().for_each(|&(a, b)| theta.swap(a, b));
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    theta
}
