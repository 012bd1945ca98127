//! The exponent in a window that slides along the sizes.

use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::t_critical;
use crate::math::sum;
use serde::Serialize;
use std::ops::Range;

/// Fewest sizes in a window.
pub const WINDOW: usize = 3;
/// Windows that fit side by side: with many sizes a window holds a tenth of them, for three would show noise alone.
const SIDE_BY_SIDE: usize = 10;

/// The exponent of a few neighbouring sizes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LocalExponent {
    /// Smallest size of the window.
    pub from: f64,
    /// Largest size of the window.
    pub to: f64,
    /// Minus the least-squares slope on the scale of the fit.
    pub alpha: f64,
    /// Lower limit of t, from the scatter within the window; `None` where the window has no scatter to judge by.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
}

/// Slide a window of three sizes (a tenth of them when there are more than 30) along the data; empty when there are fewer.
///
/// # Formula
/// alpha = -slope of the ordinary least-squares line through all rows of the window's sizes; limits alpha -+ t(m-2) SE from its
/// own m rows, which are wide: a window of three rows has one degree of freedom
#[must_use]
pub fn local_exponents(fit: &Fit, data: &Dataset, level: f64) -> Vec<LocalExponent> {
    let sizes: Vec<Range<usize>> = data.rows_by_size().collect();
    let window = WINDOW.max(data.distinct() / SIDE_BY_SIDE);
    let step = (window / WINDOW).max(1);
    sizes
        .windows(window)
        .step_by(step)
        .map(|w| {
            let rows = w[0].start..w[window - 1].end;
            let x = &data.x().values;
            let alpha = exponent(fit, rows.clone());
            let half = half_width(fit, rows.clone(), level);
            LocalExponent {
                from: x[rows.start],
                to: x[rows.end - 1],
                alpha,
                low: half.map(|h| alpha - h),
                high: half.map(|h| alpha + h),
            }
        })
        .collect()
}

/// Return the exponents of the smaller and of the larger third of the sizes; `None` with fewer than six sizes.
#[must_use]
pub fn exponents_of_thirds(fit: &Fit, data: &Dataset) -> Option<(f64, f64)> {
    let third = data.distinct().div_ceil(3).max(WINDOW);
    if data.distinct() < 2 * WINDOW {
        return None;
    }
    let first = data.groups.partition_point(|g| *g < third);
    let last = data.groups.partition_point(|g| *g < data.distinct() - third);
    Some((exponent(fit, 0..first), exponent(fit, last..data.nobs())))
}

/// Minus the least-squares slope of some rows on the scale of the fit.
fn exponent(fit: &Fit, rows: Range<usize>) -> f64 {
    let m = moments(fit, rows);
    -m.sxy / m.sxx
}

/// Half the t interval of that slope.
fn half_width(fit: &Fit, rows: Range<usize>, level: f64) -> Option<f64> {
    let dof = rows.len() as f64 - 2.0;
    let m = moments(fit, rows.clone());
    let slope = m.sxy / m.sxx;
    let (u, target) = (&fit.design.x[0][rows.clone()], &fit.design.target[rows]);
    let sse: f64 = u.iter().zip(target).map(|(u, t)| (t - m.target - slope * (u - m.u)).powi(2)).sum();
    let half = t_critical(level, dof) * (sse / dof / m.sxx).sqrt();
    (dof > 0.0 && half.is_finite()).then_some(half)
}

/// Means and centred sums of some rows.
struct Moments {
    u: f64,
    target: f64,
    sxx: f64,
    sxy: f64,
}

fn moments(fit: &Fit, rows: Range<usize>) -> Moments {
    let (u, target) = (&fit.design.x[0][rows.clone()], &fit.design.target[rows]);
    let (mu, mt) = (sum::mean(u), sum::mean(target));
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for (u, t) in u.iter().zip(target) {
        sxx += (u - mu) * (u - mu);
        sxy += (u - mu) * (t - mt);
    }
    Moments { u: mu, target: mt, sxx, sxy }
}
