//! The largest range of sizes at either end on which a straight line stands.

use super::blocks::Points;
use super::family::{Layout, Prepared, SHAPE};
use super::inverse_fitted::levelling_of;
use super::pool::combine;
use super::simulated::draws_for;
use super::verdict::{FALSE_ALARM, FEWEST_SIZES};
use crate::data::{Dataset, Scale};
use crate::fit::Fit;
use crate::math::distribution::t_critical;
use crate::math::random::normals;
use nalgebra::DVector;
use rayon::prelude::*;
use serde::Serialize;

/// Draws behind the test of one window.
const DRAWS: usize = 399;
/// Points of the line that is tested; more rows are averaged first.
pub(super) const MOST_POINTS: usize = 2_000;
/// Windows tried at either end.
const MOST: usize = 24;
/// Keeps these draws apart from others of the same seed.
const OWN_STREAM: u64 = 0x5749_4e44_4f57;

/// A range of sizes on which SHAPE does not reject a straight line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Window {
    /// Smallest size.
    pub from: f64,
    /// Largest size.
    pub to: f64,
    /// Sizes in it; above 2,000 rows, means of neighbouring rows.
    pub sizes: usize,
    /// Exponent of the line through its rows (minus the slope).
    pub alpha: f64,
    /// Limits of t, which take no account of the choice of the window.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
    /// p value of SHAPE on it.
    pub p_value: f64,
    /// Always true: the data chose the range, so that its p value and limits flatter it.
    pub chosen_by_data: bool,
}

/// The windows at both ends; a side without five sizes on which a line stands has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Windows {
    /// The largest sizes.
    pub tail: Option<Window>,
    /// The smallest sizes.
    pub head: Option<Window>,
}

/// Find the largest tail and head on which SHAPE does not reject at 5%, among at most 24 windows at each end.
///
/// # Assumptions
/// Above 2,000 rows neighbours are averaged first, which keeps a line a line.
#[must_use]
pub fn windows(fit: &Fit, data: &Dataset, level: f64, seed: u64) -> Windows {
    if !straight(fit) {
        return Windows { tail: None, head: None };
    }
    let points = Points::of(fit, data, MOST_POINTS);
    let k = points.sizes.len();
    let fewest = FEWEST_SIZES;
    if k < fewest {
        return Windows { tail: None, head: None };
    }
    let step = (k - fewest).div_ceil(MOST).max(1);
    let search = |part: &dyn Fn(usize) -> std::ops::Range<usize>| {
        (0..=(k - fewest)).step_by(step).find_map(|left_out| {
            let window = points.part(part(left_out))?;
            let p_value = shape_p(&window, seed)?;
            (p_value > FALSE_ALARM).then(|| describe(fit, data, &window, level, p_value))?
        })
    };
    Windows { tail: search(&|l| l..k), head: search(&|l| 0..k - l) }
}

/// Whether a fit is a straight line in log-log axes.
pub(super) fn straight(fit: &Fit) -> bool {
    fit.is_line() && fit.design.scale == Scale::Log
}

/// p value of SHAPE for the line through some points in log-log axes.
pub(super) fn shape_p(points: &Points, seed: u64) -> Option<f64> {
    let regression = points.line()?;
    let y = points.response();
    let e = regression.residuals(&y);
    let falls = regression.coefficients(&y)[1] < 0.0;
    let flattening = Some(levelling_of((&y - &e).iter().copied(), falls));
    let n = points.u.len();
    let layout = Layout { u: &points.u, sizes: &points.sizes, flattening };
    let prepared = Prepared::new(&layout, regression.q);
    let observed = prepared.shape(e.as_slice());
    let draws = draws_for(n * MOST, DRAWS);
    let simulated: Vec<Vec<f64>> = (0..draws)
        .into_par_iter()
        .map(|k| {
            let mut z = DVector::from_vec(normals(seed ^ OWN_STREAM, k as u64, n));
            prepared.project(&mut z);
            prepared.shape(z.as_slice())
        })
        .collect();
    let weights: Vec<f64> = SHAPE.iter().map(|m| m.weight).collect();
    combine(&observed, &simulated, &weights).map(|c| c.p_value)
}

/// A window with its line; its ends are those of the sizes that it covers.
fn describe(fit: &Fit, data: &Dataset, points: &Points, level: f64, p_value: f64) -> Option<Window> {
    let regression = points.line()?;
    let y = points.response();
    let unit = fit.design.residual_unit();
    let alpha = -regression.coefficients(&y)[1] * unit;
    let dof = points.u.len() as f64 - 2.0;
    let variance = regression.residuals(&y).norm_squared() / dof;
    let half = t_critical(level, dof) * (regression.gram_inverse()[(1, 1)] * variance).sqrt() * unit;
    let (first, last) = (*points.u.first()?, *points.u.last()?);
    // The sizes of the data nearest to the ends: exactly the ends where nothing was averaged.
    let u = &fit.design.axis;
    let x = &data.x().values;
    let from = u.partition_point(|v| *v < first).min(u.len() - 1);
    let to = u.partition_point(|v| *v <= last).max(1) - 1;
    Some(Window {
        from: x[from],
        to: x[to],
        sizes: points.sizes.len(),
        alpha,
        low: half.is_finite().then_some(alpha - half),
        high: half.is_finite().then_some(alpha + half),
        p_value,
        chosen_by_data: true,
    })
}
