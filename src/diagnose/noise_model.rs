//! Which noise: each way of failing fitted to the residuals as a model of its own, and compared.

use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::ln_gamma;
use crate::math::root::minimise;
use crate::math::sum;
use crate::objective::SATURATED;
use serde::Serialize;

/// Fewest rows on each side of a step of the spread.
const SIDE: usize = 3;
/// Degrees of freedom tried for heavy tails.
const TAILS: [f64; 6] = [1.5, 2.0, 3.0, 4.0, 6.0, 10.0];

/// One way in which errors may fail to be independent and normal with one spread.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Explanation {
    /// `outlier`, `trend of the spread`, `step of the spread`, `dependence` or `heavy tails`.
    pub name: &'static str,
    /// Minus twice the log-likelihood of the standardised residuals, with its penalty, against plain normal errors: negative
    /// where the model explains more than it costs.
    pub criterion: f64,
    /// Difference to the best.
    pub delta: f64,
    /// What the model says: the row of the outlier, the exponent kappa of sigma ~ N^kappa, the first row beyond the step, the
    /// correlation, the degrees of freedom of t.
    pub detail: f64,
}

/// Fit every model to the residuals e/sqrt(1-h) in order of size, the best first.
///
/// # Formula
/// criterion = -2 (ll - ll0) + 2 + 2 ln m: each has one parameter more than a normal law, and a discrete one is chosen from m places
/// # Assumptions
/// Standardised residuals are taken as independent: the criterion names what the verdict has rejected, it tests nothing.
#[must_use]
pub fn explanations(fit: &Fit, data: &Dataset) -> Vec<Explanation> {
    let Standardised { rows, r, u } = Standardised::without(fit, &[]);
    let n = r.len();
    if n < FEWEST {
        return Vec::new();
    }
    let total = sum::dot(&r, &r);
    let base = normal(total, n as f64);
    let mut out = Vec::new();
    let mut add = |name, value: f64, places: usize, detail: f64| {
        let criterion = value - base + cost(places);
        if criterion.is_finite() {
            out.push(Explanation { name, criterion, delta: 0.0, detail });
        }
    };
    if let Some(worst) = (0..n).max_by(|a, b| r[*a].abs().total_cmp(&r[*b].abs())) {
        let left = (total - r[worst] * r[worst]).max(1e-12 * total);
        // The mean of one row is free: its own term has no residual left.
        add("outlier", normal(left, n as f64), n, rows[worst] as f64);
    }
    let (value, kappa) = trend(&r, &u);
    add("trend of the spread", value, 1, kappa);
    if let Some(step) = step(&r, &u) {
        add("step of the spread", step.value, step.places, rows[step.first] as f64);
    }
    if let Some((gain, rho)) = dependence(fit, data) {
        add("dependence", base + gain, 1, rho);
    }
    let heavy = TAILS.iter().map(|nu| (student(&r, *nu), *nu)).min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((value, nu)) = heavy {
        add("heavy tails", value, 1, nu);
    }
    out.sort_by(|a, b| a.criterion.total_cmp(&b.criterion));
    if let Some(best) = out.first().map(|e| e.criterion) {
        out.iter_mut().for_each(|e| e.delta = e.criterion - best);
    }
    out
}

/// Fewest residuals that a model is fitted to.
const FEWEST: usize = 5;
/// Difference of the criterion from which on one model is clearly better than another.
pub const CLEARLY: f64 = 10.0;

/// Residuals e/sqrt(1-h) of the rows that have any, in order of size.
struct Standardised {
    rows: Vec<usize>,
    r: Vec<f64>,
    u: Vec<f64>,
}

impl Standardised {
    /// Leave out the rows `apart`.
    fn without(fit: &Fit, apart: &[usize]) -> Standardised {
        let rows: Vec<usize> = (0..fit.leverage.len())
            .filter(|i| 1.0 - fit.leverage[*i] > SATURATED && !apart.contains(i))
            .collect();
        let r = rows.iter().map(|&i| fit.residuals[i] / (1.0 - fit.leverage[i]).sqrt()).collect();
        let u = rows.iter().map(|&i| fit.design.axis[i]).collect();
        Standardised { rows, r, u }
    }
}

/// What one parameter more costs, and the choice among places.
fn cost(places: usize) -> f64 {
    2.0 + 2.0 * (places as f64).ln()
}

/// -2 log-likelihood of independent normal errors with the variance at its optimum, up to a constant.
fn normal(squares: f64, n: f64) -> f64 {
    n * (squares / n).ln()
}

/// sigma ~ N^kappa: -2 log-likelihood at the optimum, and kappa.
fn trend(r: &[f64], u: &[f64]) -> (f64, f64) {
    let n = r.len() as f64;
    let value = |kappa: f64| {
        let squares: f64 = r.iter().zip(u).map(|(r, u)| r * r * (-2.0 * kappa * u).exp()).sum();
        normal(squares, n) + 2.0 * kappa * u.iter().sum::<f64>()
    };
    let width = (u[u.len() - 1] - u[0]).max(f64::MIN_POSITIVE);
    let kappa = minimise(value, -10.0 / width, 10.0 / width);
    (value(kappa), kappa)
}

/// A step of the spread.
struct Step {
    /// -2 log-likelihood.
    value: f64,
    /// First residual beyond it.
    first: usize,
    /// Places that it was chosen from.
    places: usize,
    /// Variances on both sides.
    variances: (f64, f64),
}

/// The best step with three residuals on each side, between two sizes.
fn step(r: &[f64], u: &[f64]) -> Option<Step> {
    let n = r.len();
    let total = sum::dot(r, r);
    let mut before = 0.0;
    let mut best: Option<Step> = None;
    let mut places = 0;
    for k in 1..n {
        before += r[k - 1] * r[k - 1];
        if k < SIDE || n - k < SIDE || u[k] == u[k - 1] {
            continue;
        }
        places += 1;
        let after = (total - before).max(1e-12 * total);
        let value = normal(before, k as f64) + normal(after, (n - k) as f64);
        if best.as_ref().is_none_or(|s| value < s.value) {
            let variances = (before / k as f64, after / (n - k) as f64);
            best = Some(Step { value, first: k, places, variances });
        }
    }
    best.map(|s| Step { places, ..s })
}

/// Return the standard deviation of every row, up to a factor, where the rows but `apart` clearly have a spread that changes with
/// size; `None` where one spread explains them.
#[must_use]
pub fn spread(fit: &Fit, apart: &[usize]) -> Option<Vec<f64>> {
    let Standardised { rows, r, u } = Standardised::without(fit, apart);
    if rows.len() < 2 * SIDE {
        return None;
    }
    let all = &fit.design.axis;
    let base = normal(sum::dot(&r, &r), r.len() as f64);
    let (by_trend, kappa) = trend(&r, &u);
    let by_step = step(&r, &u);
    let step_criterion = by_step.as_ref().map_or(f64::INFINITY, |s| s.value - base + cost(s.places));
    let trend_criterion = by_trend - base + cost(1);
    if trend_criterion.min(step_criterion) > -CLEARLY {
        return None;
    }
    Some(match by_step {
        Some(s) if step_criterion < trend_criterion => {
            let (first, (below, above)) = (u[s.first], s.variances);
            all.iter().map(|v| if *v < first { below.sqrt() } else { above.sqrt() }).collect()
        }
        _ => all.iter().map(|v| (kappa * v).exp()).collect(),
    })
}

/// What a correlation of neighbouring sizes explains, -2 log-likelihood against none, and the correlation.
///
/// Runs of one size are averaged, times the root of their number: their order within the size is arbitrary.
fn dependence(fit: &Fit, data: &Dataset) -> Option<(f64, f64)> {
    let rest = |i: usize, m: f64| 1.0 - m * fit.leverage[i];
    let r: Vec<f64> = data
        .rows_by_size()
        .filter_map(|rows| {
            let m = rows.len() as f64;
            let left = rest(rows.start, m);
            let mean = fit.residuals[rows].iter().sum::<f64>() / m.sqrt();
            (left > SATURATED).then(|| mean / left.sqrt())
        })
        .collect();
    let k = r.len() as f64;
    if r.len() < FEWEST {
        return None;
    }
    let total = sum::dot(&r, &r);
    let cross: f64 = r.windows(2).map(|w| w[0] * w[1]).sum();
    let rho = (cross / total).clamp(-0.99, 0.99);
    let innovations =
        r[0] * r[0] * (1.0 - rho * rho) + r.windows(2).map(|w| (w[1] - rho * w[0]).powi(2)).sum::<f64>();
    let gain = k * (innovations / total).ln() - (1.0 - rho * rho).ln();
    gain.is_finite().then_some((gain, rho))
}

/// -2 log-likelihood of Student's t with `nu` degrees of freedom and its scale at the optimum, on the same constant as the
/// normal one: n ln(variance) + n for a normal law.
fn student(r: &[f64], nu: f64) -> f64 {
    let n = r.len() as f64;
    let constant = ln_gamma(0.5 * (nu + 1.0)) - ln_gamma(0.5 * nu) - 0.5 * (nu * std::f64::consts::PI).ln();
    let deviance = |ln_scale: f64| {
        let s2 = (2.0 * ln_scale).exp();
        let tails: f64 = r.iter().map(|r| (r * r / (nu * s2)).ln_1p()).sum();
        -2.0 * (n * constant - n * ln_scale - 0.5 * (nu + 1.0) * tails)
    };
    let spread = 0.5 * (sum::dot(r, r) / n).ln();
    let best = deviance(minimise(deviance, spread - 4.0, spread + 1.0));
    // The normal deviance is n (ln(2 pi s2) + 1); the constant that `normal` leaves out is n (ln 2 pi + 1).
    best - n * ((2.0 * std::f64::consts::PI).ln() + 1.0)
}
