//! Which shape: each way of breaking down fitted as a law of its own, and compared.

use super::blocks::Points;
use super::family::slow_log;
use super::hinge_scan::HingeScan;
use crate::data::Dataset;
use crate::fit::{Fit, FitSpec};
use crate::form::Floor;
use crate::math::linalg::Regression;
use crate::math::root::minimise;
use nalgebra::{DMatrix, DVector};
use serde::Serialize;

/// Difference of the criterion below which two explanations cannot be told apart.
pub const CLOSE: f64 = 2.0;
/// Points among which an offset is sought; more rows are averaged first.
const MOST_POINTS: usize = 2_000;
/// Offsets tried on each side of zero for a shifted size.
const OFFSETS: usize = 60;

/// One way in which the straight line may break down.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// `flattening`, `early bend`, `slow log factor`, `kink` or `curvature`.
    pub name: &'static str,
    /// Number of parameters.
    pub parameters: usize,
    /// Sum of squared residuals on the scale of the fit.
    pub sse: f64,
    /// AICc (AIC where that is undefined), on the scale of the fit.
    pub criterion: f64,
    /// Difference to the best.
    pub delta: f64,
    /// The law, to draw predictions from.
    #[serde(skip)]
    pub law: Law,
}

impl Explanation {
    /// Return the standard deviation of one run of `rows` around the law, on the scale of the fit.
    #[must_use]
    pub fn scatter(&self, rows: usize) -> f64 {
        (self.sse / rows.saturating_sub(self.parameters).max(1) as f64).sqrt()
    }
}

/// A law on the scale of the fit, as a function of the centred logarithm u of the size.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// eta = a + b u + c u^2.
    Quadratic([f64; 3]),
    /// eta = a + b u + c max(u - psi, 0), `psi` last.
    Kink([f64; 4]),
    /// eta = a + b u + c ln(ln N/N0); the last two are the ends of the data.
    SlowLog([f64; 3], f64, f64),
    /// eta = a + b ln(exp(u) + offset).
    Shifted([f64; 2], f64),
    /// sign * ln(E + A exp(-alpha u)): a floor under a falling response, a ceiling over a rising one.
    Floor {
        /// 1 for a falling response, -1 for a rising one.
        sign: f64,
        /// E, A and alpha at centred u.
        params: [f64; 3],
    },
}

impl Law {
    /// Return eta at `u`; NaN where the law is undefined.
    #[must_use]
    pub fn at(&self, u: f64) -> f64 {
        match self {
            Law::Quadratic([a, b, c]) => a + b * u + c * u * u,
            Law::Kink([a, b, c, psi]) => a + b * u + c * (u - psi).max(0.0),
            Law::SlowLog([a, b, c], low, high) => a + b * u + c * slow_log(u, *low, *high),
            Law::Shifted([a, b], offset) => a + b * (u.exp() + offset).ln(),
            Law::Floor { sign, params: [e, a, alpha] } => sign * (e + a * (-alpha * u).exp()).ln(),
        }
    }
}

/// Fit every explanation that the data allow, the best first.
///
/// # Formula
/// AICc = n ln(SSE/n) + 2k + 2k(k+1)/(n-k-1), k the parameters and the variance; flattening: ln(E + A N^-alpha), E > 0 (for a rising
/// response of 1/y); early bend: ln(N + N0) for ln N; slow log factor: a term in ln ln N, with an exponent that keeps the
/// direction of the data; kink: two slopes that meet at a free break; curvature: a term in (ln N)^2
/// # Assumptions
/// An explanation counts only when its parameters lie where it means what it is called.
#[must_use]
pub fn explanations(fit: &Fit, data: &Dataset) -> Vec<Explanation> {
    let u = &fit.design.axis;
    let n = u.len();
    let (Some(low), Some(high)) = (u.first().copied(), u.last().copied()) else { return Vec::new() };
    let mut out: Vec<(&'static str, usize, f64, Law)> = Vec::new();
    let columns = |extra: &dyn Fn(f64) -> f64| least_squares(fit, &[&|_| 1.0, &|u| u, extra]);
    if let Some((b, sse)) = columns(&|u| u * u) {
        out.push(("curvature", 3, sse, Law::Quadratic([b[0], b[1], b[2]])));
    }
    let direction = if fit.falls() { -1.0 } else { 1.0 };
    if let Some((b, sse)) = columns(&|u| slow_log(u, low, high))
        && b[1] * direction > 0.0
    {
        out.push(("slow log factor", 3, sse, Law::SlowLog([b[0], b[1], b[2]], low, high)));
    }
    out.extend(kink(fit, data));
    out.extend(shifted(fit, data, low, high));
    out.extend(levelling(fit, data));
    let undefined = out.iter().any(|e| n <= e.1 + 2);
    let mut all: Vec<Explanation> = out
        .into_iter()
        .map(|(name, p, sse, law)| {
            let (n, k) = (n as f64, p as f64 + 1.0);
            let correction = if undefined { 0.0 } else { 2.0 * k * (k + 1.0) / (n - k - 1.0) };
            let criterion = n * (sse.max(f64::MIN_POSITIVE) / n).ln() + 2.0 * k + correction;
            Explanation { name, parameters: p, sse, criterion, delta: 0.0, law }
        })
        .collect();
    all.sort_by(|a, b| a.criterion.total_cmp(&b.criterion));
    if let Some(best) = all.first().map(|e| e.criterion) {
        all.iter_mut().for_each(|e| e.delta = e.criterion - best);
    }
    all
}

/// Regress the target of a fit on functions of u; coefficients and the sum of squared residuals.
fn least_squares(fit: &Fit, columns: &[&dyn Fn(f64) -> f64]) -> Option<(Vec<f64>, f64)> {
    regress(&fit.design.axis, &fit.design.target, columns)
}

fn regress(u: &[f64], target: &[f64], columns: &[&dyn Fn(f64) -> f64]) -> Option<(Vec<f64>, f64)> {
    let x = DMatrix::from_fn(u.len(), columns.len(), |i, j| columns[j](u[i]));
    let r = Regression::new(x)?;
    let y = DVector::from_column_slice(target);
    let sse = r.residuals(&y).norm_squared();
    Some((r.coefficients(&y).as_slice().to_vec(), sse))
}

fn kink(fit: &Fit, data: &Dataset) -> Option<(&'static str, usize, f64, Law)> {
    let u = &fit.design.axis;
    let q = &fit.regression.as_ref()?.q;
    let sizes: Vec<_> = data.rows_by_size().collect();
    let psi = HingeScan::new(u, &sizes, q, 2).best(&fit.residuals)?.psi;
    let (b, sse) = least_squares(fit, &[&|_| 1.0, &|u| u, &|u: f64| (u - psi).max(0.0)])?;
    Some(("kink", 4, sse, Law::Kink([b[0], b[1], b[2], psi])))
}

/// ln(N + N0) for ln N, N0 of either sign, bending among the smaller half of the sizes; above 2,000 rows N0 is sought on
/// means of neighbouring rows.
fn shifted(fit: &Fit, data: &Dataset, low: f64, high: f64) -> Option<(&'static str, usize, f64, Law)> {
    let points = Points::of(fit, data, MOST_POINTS);
    let sse = |offset: f64| {
        regress(&points.u, &points.target, &[&|_| 1.0, &|u: f64| (u.exp() + offset).ln()])
            .map_or(f64::INFINITY, |f| f.1)
    };
    let middle = 0.5 * (low + high);
    let mut best: Option<(f64, f64)> = None;
    for sign in [1.0, -1.0] {
        // A positive offset up to the middle of the data; a negative one up to just below the smallest size.
        let (from, to) = if sign > 0.0 { (low - 6.0, middle) } else { (low - 6.0, low - 1e-3) };
        let at = |t: f64| sse(sign * t.exp());
        let step = (to - from) / OFFSETS as f64;
        let tried = (0..=OFFSETS).map(|i| from + step * i as f64).map(|t| (t, at(t)));
        let coarse = tried.min_by(|a, b| a.1.total_cmp(&b.1))?.0;
        let fine = minimise(at, (coarse - step).max(from), (coarse + step).min(to));
        let reached = at(fine);
        if best.is_none_or(|b| reached < b.1) {
            best = Some((sign * fine.exp(), reached));
        }
    }
    let offset = best?.0;
    let (b, sse) = least_squares(fit, &[&|_| 1.0, &|u: f64| (u.exp() + offset).ln()])?;
    Some(("early bend", 3, sse, Law::Shifted([b[0], b[1]], offset)))
}

/// A floor under a falling response; a ceiling over a rising one, which is a floor under its reciprocal.
fn levelling(fit: &Fit, data: &Dataset) -> Option<(&'static str, usize, f64, Law)> {
    if fit.design.scale != crate::data::Scale::Log {
        return None;
    }
    let sign = if fit.falls() { 1.0 } else { -1.0 };
    let data = if sign > 0.0 { data.clone() } else { data.with_response(|y| 1.0 / y).ok()? };
    let floor = FitSpec::new(&Floor).fit(&data).ok()?;
    if !floor.converged() || floor.any_at_bound() {
        return None;
    }
    let (e, a, alpha) = (floor.estimate(0), floor.estimate(1), floor.estimate(2));
    // On the axis and the unit of the line: u = ln N - centre, y over its scale.
    let (centre, unit) = (fit.design.frame.x_centre[0], fit.design.frame.y_scale.powf(sign));
    let law = Law::Floor { sign, params: [e / unit, a * (-alpha * centre).exp() / unit, alpha] };
    (e > 0.0).then(|| ("flattening", 3, floor.sse(), law))
}
