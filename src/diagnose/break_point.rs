//! Where the slope changes: two lines that meet, with an interval for the place that is exact at every n.

use super::blocks::Points;
use super::hinge_scan::HingeScan;
use super::simulated::draws_for;
use super::{NotApplicable, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::linalg::Regression;
use crate::math::random::normals;
use crate::math::sum;
use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;
use serde::Serialize;

/// Draws behind every test of one place.
const DRAWS: usize = 999;
/// Draws after which a place that none has reached is rejected, at 95%; at other levels in proportion to 1/(1 - level).
const CLEAR_DRAWS: usize = 200;
/// Points of the lines whose meeting is bounded; more rows are averaged first.
const MOST_POINTS: usize = 500;
/// Places tested before the ends are refined.
const PLACES: usize = 64;
/// Halvings of the step between a place that is rejected and one that is not.
const HALVINGS: usize = 8;
/// Sizes on each side of a break, a size at the break counting for both.
const SIDE: usize = 2;
/// Normal numbers that one interval may cost.
const BUDGET: usize = 400_000_000;
/// Keeps these draws apart from others of the same seed.
const OWN_STREAM: u64 = 0x4252_4541_4b21;

/// A change of slope.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakPoint {
    /// Size at which the two lines meet.
    pub at: f64,
    /// Lower limit; `None` where the data do not bound the place within their own range.
    pub low: Option<f64>,
    /// Upper limit; `None` where the data do not bound it.
    pub high: Option<f64>,
    /// Confidence level.
    pub level: f64,
    /// Standard error of ln `at` by the delta method; too small where the change of slope is small.
    pub ln_std_error: Option<f64>,
    /// Exponent below the break (minus the slope).
    pub alpha_before: f64,
    /// Exponent above the break.
    pub alpha_after: f64,
    /// Standard errors of the two exponents, by the delta method.
    pub alpha_std_errors: Option<(f64, f64)>,
    /// Sum of squared residuals of the two lines, on the scale of the fit.
    pub sse: f64,
    /// Simulated data sets a place.
    pub draws: usize,
}

/// Fit two lines that meet, and bound the place where they do.
///
/// # Formula
/// eta = a + b u + c max(u - psi, 0). A place psi0 is tested by min SSE(psi) against SSE(psi0): under psi0, given the
/// estimates of a, b, c and the length of the residuals, the residuals point in a uniformly random direction, so that the
/// law of the statistic is found by drawing directions. The interval is the hull of all places that are not rejected.
/// # Assumptions
/// Normal errors of equal variance. Each test has exactly its level whatever b, c and sigma; no large sample is invoked.
/// Above 500 rows the limits come from means of neighbouring rows, which keep lines lines.
/// # Errors
/// [`NotApplicable`] for exact fits, below six sizes, or for a fit that is no line.
/// # Reference
/// Knowles, Siegmund and Zhang (1991), Biometrika 78:15; Feder (1975), Ann. Stat. 3:49, for why the usual intervals fail.
pub fn break_point(fit: &Fit, data: &Dataset, level: f64, seed: u64) -> Result<BreakPoint, NotApplicable> {
    if !fit.is_line() {
        return Err(NotApplicable::OtherForm);
    }
    let tangent = Tangent::of_rows(fit)?;
    let rows: Vec<_> = data.rows_by_size().collect();
    if rows.len() < FEWEST_SIZES {
        return Err(NotApplicable::TooFewSizes { needed: FEWEST_SIZES, sizes: rows.len() });
    }
    let whole = HingeScan::new(&fit.design.axis, &rows, &tangent.regression.q, SIDE);
    let estimate = whole.best(&tangent.e).ok_or(NotApplicable::Collinear)?;

    let points = Points::of(fit, data, MOST_POINTS);
    let (u, sizes) = (&points.u, &points.sizes);
    let regression = points.line().ok_or(NotApplicable::Collinear)?;
    let (e, q) = (regression.residuals(&points.response()), &regression.q);
    let e = e.as_slice();
    let scan = HingeScan::new(u, sizes, q, SIDE);
    let best = scan.best(e).ok_or(NotApplicable::Collinear)?;
    let (lowest, highest) = scan.range().ok_or(NotApplicable::Collinear)?;

    let affordable = BUDGET / (u.len().max(1) * 2 * PLACES);
    let draws = draws_for(u.len(), DRAWS.min(affordable.max(199)));
    let directions: Vec<Direction> = (0..draws)
        .into_par_iter()
        .map(|k| {
            let z = DVector::from_vec(normals(seed ^ OWN_STREAM, k as u64, u.len()));
            let along = q.tr_mul(&z);
            Direction::new(z - q * along, &scan)
        })
        .collect();
    let accepted = |psi: f64| {
        let test = Place::new(u, e, q, psi, &scan);
        let least = best.explained * (1.0 - 1e-12);
        let allowed = ((1.0 - level) * (draws as f64 + 1.0)).floor() as usize;
        let clear = CLEAR_DRAWS * (1.0 / (1.0 - level)) as usize / 20;
        let mut reached = 1;
        for (k, g) in directions.iter().enumerate() {
            reached += usize::from(
                test.redraw(g).is_some_and(|m| scan.best_of(m).is_some_and(|h| h.explained >= least)),
            );
            if reached > allowed {
                return true;
            }
            // A place that no draw has reached by now would be accepted once in 30,000 times.
            if reached == 1 && k >= clear {
                return false;
            }
        }
        false
    };
    let places = places(u, sizes, best.psi, lowest, highest);
    let stands: Vec<bool> = places.par_iter().map(|psi| *psi == best.psi || accepted(*psi)).collect();
    let first = stands.iter().position(|s| *s);
    let last = stands.iter().rposition(|s| *s);
    let refine = |mut inside: f64, mut outside: f64| {
        for _ in 0..HALVINGS {
            let middle = 0.5 * (inside + outside);
            if accepted(middle) { inside = middle } else { outside = middle }
        }
        outside
    };
    let low = first.filter(|i| *i > 0).map(|i| refine(places[i], places[i - 1]));
    let high = last.filter(|i| *i + 1 < places.len()).map(|i| refine(places[i], places[i + 1]));

    let centre = fit.design.frame.x_centre[0];
    let size = |psi: f64| (psi + centre).exp();
    let unit = fit.design.residual_unit();
    let (slopes, errors) = slopes(fit, estimate.psi, estimate.change);
    Ok(BreakPoint {
        at: size(estimate.psi),
        low: low.map(size),
        high: high.map(size),
        level,
        ln_std_error: errors.map(|e| e.2),
        alpha_before: -slopes.0 * unit,
        alpha_after: -slopes.1 * unit,
        alpha_std_errors: errors.map(|e| (e.0 * unit, e.1 * unit)),
        sse: (tangent.sse() - estimate.explained).max(0.0) * unit * unit,
        draws,
    })
}

/// Fewest sizes for two lines and a break between them.
const FEWEST_SIZES: usize = 6;

/// A random direction within the residuals of the line.
struct Direction {
    vector: DVector<f64>,
    moments: Vec<[f64; 2]>,
    squares: f64,
}

impl Direction {
    fn new(vector: DVector<f64>, scan: &HingeScan) -> Direction {
        let moments = scan.moments(vector.as_slice());
        let squares = vector.norm_squared();
        Direction { vector, moments, squares }
    }
}

/// One place under test: the direction in which a break there bends, how much of the residuals lies along it, and the length
/// of the rest.
struct Place {
    bend: DVector<f64>,
    moments: Vec<[f64; 2]>,
    along: f64,
    rest: f64,
}

impl Place {
    fn new(u: &[f64], e: &[f64], q: &DMatrix<f64>, psi: f64, scan: &HingeScan) -> Place {
        let z = DVector::from_iterator(u.len(), u.iter().map(|u| (u - psi).max(0.0)));
        let size = z.norm();
        let once = &z - q * q.tr_mul(&z);
        let outside = &once - q * q.tr_mul(&once);
        let length = outside.norm();
        // A break beyond the data bends nothing.
        let bend = if length > 1e-9 * size { outside / length } else { DVector::zeros(u.len()) };
        let e = DVector::from_column_slice(e);
        let along = bend.dot(&e);
        let rest = (e - &bend * along).norm();
        Place { moments: scan.moments(bend.as_slice()), bend, along, rest }
    }

    /// The moments of the residuals with the rest pointing in another direction.
    fn redraw<'a>(&'a self, g: &'a Direction) -> Option<impl Iterator<Item = [f64; 2]> + 'a> {
        let shared = self.bend.dot(&g.vector);
        let length = (g.squares - shared * shared).sqrt();
        if !(length > 0.0) {
            return None;
        }
        let scale = self.rest / length;
        let own = self.along - scale * shared;
        let mix =
            move |(b, g): (&[f64; 2], &[f64; 2])| [own * b[0] + scale * g[0], own * b[1] + scale * g[1]];
        Some(self.moments.iter().zip(&g.moments).map(mix))
    }
}

/// Places from the lowest to the highest, dense in the sizes, the best one among them.
fn places(u: &[f64], sizes: &[std::ops::Range<usize>], best: f64, lowest: f64, highest: f64) -> Vec<f64> {
    let inner: Vec<f64> =
        sizes.iter().map(|r| u[r.start]).filter(|u| (lowest..=highest).contains(u)).collect();
    let between = (PLACES / inner.len().max(1)).max(1);
    let step = (inner.len() / PLACES).max(1);
    let mut out: Vec<f64> = inner
        .windows(2)
        .flat_map(|w| (0..between).map(move |i| w[0] + (w[1] - w[0]) * i as f64 / between as f64))
        .step_by(step)
        .collect();
    out.extend([best, highest]);
    out.sort_by(f64::total_cmp);
    out.dedup();
    out
}

type Errors = Option<(f64, f64, f64)>;

/// Slopes on both sides, with standard errors of the slopes and of the break by the delta method.
fn slopes(fit: &Fit, psi: f64, change: f64) -> ((f64, f64), Errors) {
    let u = &fit.design.axis;
    let n = u.len();
    let x = DMatrix::from_fn(n, 3, |i, j| match j {
        0 => 1.0,
        1 => u[i],
        _ => (u[i] - psi).max(0.0),
    });
    let y = DVector::from_column_slice(&fit.design.target);
    let Some(r) = Regression::new(x.clone()) else { return ((f64::NAN, f64::NAN), None) };
    let b = r.coefficients(&y);
    let slopes = (b[1], b[1] + b[2]);
    let rest = r.residuals(&y);
    let variance = sum::dot(rest.as_slice(), rest.as_slice()) / (n as f64 - 4.0);
    let tangent = x.insert_column(3, 0.0);
    let tangent = DMatrix::from_fn(n, 4, |i, j| match j {
        3 if u[i] > psi => -change,
        3 => 0.0,
        _ => tangent[(i, j)],
    });
    let errors = (n > 4).then(|| Regression::new(tangent)).flatten().map(|r| {
        let v = r.gram_inverse() * variance;
        let after = v[(1, 1)] + 2.0 * v[(1, 2)] + v[(2, 2)];
        (v[(1, 1)].sqrt(), after.sqrt(), v[(3, 3)].sqrt())
    });
    (slopes, errors.filter(|e| e.0.is_finite() && e.1.is_finite() && e.2.is_finite()))
}
