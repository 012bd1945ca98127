//! Parameters that no data can tell apart: found from the derivatives at several points, before any fit.

use super::compiled::Compiled;
use super::error::Tie;
use crate::math::Theta;
use nalgebra::DMatrix;

/// Fewest points that a relation is read from.
const FEWEST: usize = 3;
/// Relative difference below which two derivatives count as equal at a point.
const EQUAL: f64 = 1e-9;
/// Singular value, as a share of the largest, below which columns count as dependent.
const SINGULAR: f64 = 1e-13;

/// What is wrong with the parameters, as their indices.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Finding {
    NoEffect(usize),
    Tied(Vec<usize>, Tie),
}

/// Look for parameters without effect and for combinations without effect, which must have none at every one of `thetas`
/// where the formula has a value on every row and every parameter an effect.
pub(super) fn check(
    compiled: &Compiled,
    p: usize,
    x: &[&[f64]],
    thetas: impl Iterator<Item = Theta>,
) -> Option<Finding> {
    if let Some(&j) = compiled.idle.first() {
        return Some(Finding::NoEffect(j));
    }
    let n = x.first().map_or(0, |c| c.len());
    let points: Vec<(Theta, Vec<f64>)> = thetas
        .filter_map(|theta| {
            let (mut out, mut jac) = (vec![0.0; n], vec![0.0; n * p]);
            compiled.eval(&theta, x, &mut out, &mut jac);
            out.iter().chain(&jac).all(|v| v.is_finite()).then_some((theta, jac))
        })
        .collect();
    let column = |jac: &'_ [f64], j: usize| jac[j * n..(j + 1) * n].to_vec();
    let idle = |jac: &[f64], j: usize| jac[j * n..(j + 1) * n].iter().all(|v| *v == 0.0);
    if points.len() >= FEWEST
        && let Some(j) = (0..p).find(|&j| points.iter().all(|(_, jac)| idle(jac, j)))
    {
        return Some(Finding::NoEffect(j));
    }
    let points: Vec<(Theta, Vec<f64>)> =
        points.into_iter().filter(|(_, jac)| !(0..p).any(|j| idle(jac, j))).collect();
    if points.len() < FEWEST || n < p {
        return None;
    }
    for a in 0..p {
        for b in a + 1..p {
            for tie in [Tie::Product, Tie::Quotient, Tie::Sum, Tie::Difference] {
                let holds = |(theta, jac): &(Theta, Vec<f64>)| {
                    let (fa, fb) = match tie {
                        Tie::Product => (theta[a], theta[b]),
                        Tie::Quotient => (theta[a], -theta[b]),
                        Tie::Sum => (1.0, 1.0),
                        _ => (1.0, -1.0),
                    };
                    proportional(&column(jac, a), fa, &column(jac, b), fb)
                };
                if points.iter().all(holds) {
                    return Some(Finding::Tied(vec![a, b], tie));
                }
            }
        }
    }
    // At a point where numbers under- or overflow almost, a set may come out too small or too large: the usual one counts.
    let sets = points.iter().map(|(_, jac)| dependent(jac, n, p)).collect::<Option<Vec<_>>>()?;
    let count = |set: &Vec<usize>| sets.iter().filter(|other| *other == set).count();
    let usual = sets.iter().max_by_key(|set| count(set))?;
    Some(Finding::Tied(usual.clone(), Tie::General))
}

/// Whether fa*a = fb*b row by row, and not all zero.
fn proportional(a: &[f64], fa: f64, b: &[f64], fb: f64) -> bool {
    let largest = a.iter().map(|v| (fa * v).abs()).fold(0.0, f64::max);
    largest > 0.0
        && a.iter().zip(b).all(|(a, b)| {
            let (a, b) = (fa * a, fb * b);
            (a - b).abs() <= EQUAL * a.abs().max(b.abs()) + 1e-15 * largest
        })
}

/// The columns of a dependent set, if the Jacobian has one to working precision.
fn dependent(jac: &[f64], n: usize, p: usize) -> Option<Vec<usize>> {
    let mut m = DMatrix::from_column_slice(n, p, jac);
    for mut column in m.column_iter_mut() {
        let norm = column.norm();
        if norm > 0.0 {
            column /= norm;
        }
    }
    let svd = m.svd(false, true);
    let v = svd.v_t?;
    let (k, smallest) = svd.singular_values.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1))?;
    if *smallest > SINGULAR * svd.singular_values.max() {
        return None;
    }
    let row = v.row(k);
    Some((0..p).filter(|&j| row[j].abs() > 1e-6).collect())
}
