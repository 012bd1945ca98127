//! Where a fit of a formula starts: what the user said, and a scan of what nobody said.

use super::compiled::{Compiled, Role};
use super::spec::ParamSpec;
use crate::math::{MAX_PARAMS, Theta};
use nalgebra::{DMatrix, DVector};

/// Points of the scan.
const SCANNED: usize = 512;
/// Points of the scan that a fit is started from.
const KEPT: usize = 8;
/// Rows that the scan looks at, at most.
const ROWS: usize = 128;

/// Smallest and largest absolute value of every predictor, 0 left out, as powers of 2.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Ranges(Vec<(i32, i32)>);

impl Ranges {
    pub(super) fn of(columns: &[&[f64]]) -> Ranges {
        let exponents = |c: &&[f64]| {
            let sizes = c.iter().map(|v| v.abs()).filter(|v| *v > 0.0);
            let (low, high) = sizes.fold((f64::MAX, 0.0f64), |(l, h), v| (l.min(v), h.max(v)));
            if high > 0.0 { (low.log2().floor() as i32, high.log2().ceil() as i32) } else { (0, 0) }
        };
        Ranges(columns.iter().map(exponents).collect())
    }

    fn low(&self, k: usize) -> f64 {
        self.0.get(k).map_or(1.0, |r| f64::from(r.0).exp2())
    }

    fn high(&self, k: usize) -> f64 {
        self.0.get(k).map_or(1.0, |r| f64::from(r.1).exp2())
    }
}

/// Point `i` of a sequence that fills the unit cube evenly, `d` coordinates.
///
/// # Reference
/// The additive recurrence of the generalised golden ratio: Roberts (2018), "The unreasonable effectiveness of
/// quasirandom sequences".
pub(super) fn quasi_random(i: usize, d: usize) -> Vec<f64> {
    // The root above 1 of g^(d+1) = g + 1.
    let g = (0..64).fold(1.5f64, |g, _| (1.0 + g).powf(1.0 / (d as f64 + 1.0)));
    (1..=d).map(|k| (0.5 + (i as f64 + 1.0) * g.powi(-(k as i32))).fract()).collect()
}

/// Map a number of the unit interval to a value of the parameter: inside its bounds, or by its role.
fn value(u: f64, spec: &ParamSpec, role: Role, ranges: &Ranges) -> f64 {
    let (lower, upper) = (spec.lower, spec.upper);
    if lower > 0.0 && upper.is_finite() && upper / lower > 100.0 {
        return lower * (upper / lower).powf(u);
    }
    if lower.is_finite() && upper.is_finite() {
        return lower + u * (upper - lower);
    }
    let (low, high) = match role {
        Role::Exponent => (0.02, 4.0),
        Role::Rate(k) => (0.01 / ranges.high(k), 10.0 / ranges.low(k).max(1e-3 * ranges.high(k))),
        Role::Like(k) => (0.1 * ranges.low(k), 2.0 * ranges.high(k)),
        Role::Plain => (0.01, 100.0),
    };
    // Both signs, the positive one three times as often.
    let (negative, v) = if u < 0.25 { (true, 4.0 * u) } else { (false, (u - 0.25) / 0.75) };
    let size = low * (high / low).powf(v);
    let two_sided = lower == f64::NEG_INFINITY && upper == f64::INFINITY;
    if two_sided {
        if negative { -size } else { size }
    } else if lower.is_finite() {
        lower + low * (high / low).powf(u)
    } else {
        upper - low * (high / low).powf(u)
    }
}

/// Return the points that a scan looks at: the user's values, and quasi-random ones for what the user left open.
pub(super) fn scan(
    compiled: &Compiled,
    specs: &[ParamSpec],
    ranges: &Ranges,
    count: usize,
) -> impl Iterator<Item = Theta> {
    let open: Vec<usize> = (0..specs.len()).filter(|&j| specs[j].start.is_none()).collect();
    (0..count).map(move |i| {
        let mut theta = [0.0; MAX_PARAMS];
        for (slot, spec) in theta.iter_mut().zip(specs) {
            *slot = spec.start.unwrap_or(0.0);
        }
        for (&j, u) in open.iter().zip(quasi_random(i, open.len())) {
            theta[j] = value(u, &specs[j], compiled.roles[j], ranges);
        }
        theta
    })
}

/// Return starting points, best first: all given by the user, or the best of a scan.
///
/// In the scan, the parameters in which the formula is linear and that nobody gave a start are at their least-squares
/// values, in relative errors where the response is positive.
pub(super) fn starts(
    compiled: &Compiled,
    specs: &[ParamSpec],
    ranges: &Ranges,
    x: &[&[f64]],
    eta: &[f64],
) -> Vec<Theta> {
    if specs.iter().all(|s| s.start.is_some()) {
        return scan(compiled, specs, ranges, 1).collect();
    }
    let solved: Vec<usize> = compiled.linear.iter().copied().filter(|&j| specs[j].start.is_none()).collect();
    let everything = solved.len() == specs.iter().filter(|s| s.start.is_none()).count();
    let every = eta.len().div_ceil(ROWS).max(1);
    let pick = |c: &[f64]| -> Vec<f64> { c.iter().copied().step_by(every).collect() };
    let (rows, eta): (Vec<Vec<f64>>, Vec<f64>) = (x.iter().map(|c| pick(c)).collect(), pick(eta));
    let x: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
    let relative = eta.iter().all(|v| *v > 0.0);
    let weight: Vec<f64> = eta.iter().map(|v| if relative { 1.0 / v } else { 1.0 }).collect();
    let mut found: Vec<(f64, Theta)> = scan(compiled, specs, ranges, if everything { 1 } else { SCANNED })
        .filter_map(|theta| improved(compiled, specs, &solved, theta, &x, &eta, &weight))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut kept: Vec<Theta> = found.into_iter().map(|(_, theta)| theta).take(KEPT).collect();
    if kept.is_empty() {
        // No point of the scan has a value on every row: the solver says so from the first of them.
        kept.extend(scan(compiled, specs, ranges, 1));
    }
    kept
}

/// Solve for the linear parameters; return the cost and the point, `None` where the formula has no value.
fn improved(
    compiled: &Compiled,
    specs: &[ParamSpec],
    solved: &[usize],
    mut theta: Theta,
    x: &[&[f64]],
    eta: &[f64],
    weight: &[f64],
) -> Option<(f64, Theta)> {
    let n = eta.len();
    let mut out = vec![0.0; n];
    if !solved.is_empty() {
        let mut jac = vec![0.0; n * specs.len()];
        compiled.eval(&theta, x, &mut out, &mut jac);
        let design = DMatrix::from_fn(n, solved.len(), |i, k| jac[solved[k] * n + i] * weight[i]);
        let rest = DVector::from_fn(n, |i, _| (eta[i] - out[i]) * weight[i]);
        if design.iter().chain(rest.iter()).any(|v| !v.is_finite()) {
            return None;
        }
        let norms: Vec<f64> = design.column_iter().map(|c| c.norm()).collect();
        if norms.contains(&0.0) {
            return None;
        }
        let mut scaled = design;
        for (mut column, norm) in scaled.column_iter_mut().zip(&norms) {
            column /= *norm;
        }
        let step = scaled.svd(true, true).solve(&rest, 1e-12).ok()?;
        for ((&j, s), norm) in solved.iter().zip(step.iter()).zip(&norms) {
            theta[j] = (theta[j] + s / norm).clamp(specs[j].lower, specs[j].upper);
        }
    }
    compiled.eval(&theta, x, &mut out, &mut []);
    let cost: f64 = (0..n).map(|i| ((eta[i] - out[i]) * weight[i]).powi(2)).sum();
    (cost.is_finite() && theta.iter().all(|v| v.is_finite())).then_some((cost, theta))
}
