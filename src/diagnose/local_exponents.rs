//! The exponent in a window that slides along the sizes.

use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::t_critical;
use crate::math::{MAX_PARAMS, sum};
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

/// Slide a window of three sizes (a tenth of them when there are more than 30) along the data; empty when there are
/// fewer, and for a curve.
///
/// # Formula
/// alpha = -slope of the ordinary least-squares line through all rows of the window's sizes; limits alpha -+ t(m-2) SE from its
/// own m rows, which are wide: a window of three rows has one degree of freedom
#[must_use]
pub fn local_exponents(fit: &Fit, data: &Dataset, level: f64) -> Vec<LocalExponent> {
    if !fit.is_line() {
        return Vec::new();
    }
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

/// Return by what an exponent of this file is multiplied to be the exponent, or the slope, of the formula of a line; `None` for a
/// curve, whose slope changes along it.
#[must_use]
pub fn unit_of_exponent(fit: &Fit) -> Option<f64> {
    if !fit.is_line() {
        return None;
    }
    let k = fit.form.about().exponent;
    let mut theta = [0.0; MAX_PARAMS];
    theta[k] = 1.0;
    let mut slope = [0.0];
    fit.form.eval(&theta[..fit.dim()], &[&[1.0]], &mut slope, &mut []);
    let parameter = fit.form.natural(k, &fit.design.frame).coefficients[k];
    Some(-parameter / slope[0])
}

/// Return the exponents of the smaller and of the larger third of the sizes; `None` with fewer than six sizes, or where the
/// scale of the fit is not the logarithm.
#[must_use]
pub fn exponents_of_thirds(fit: &Fit, data: &Dataset) -> Option<(f64, f64)> {
    let third = data.distinct().div_ceil(3).max(WINDOW);
    if data.distinct() < 2 * WINDOW || fit.design.scale != crate::data::Scale::Log {
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
    let (u, target) = (&fit.design.axis[rows.clone()], &fit.design.target[rows]);
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
    let (u, target) = (&fit.design.axis[rows.clone()], &fit.design.target[rows]);
    let (mu, mt) = (sum::mean(u), sum::mean(target));
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for (u, t) in u.iter().zip(target) {
        sxx += (u - mu) * (u - mu);
        sxy += (u - mu) * (t - mt);
    }
    Moments { u: mu, target: mt, sxx, sxy }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Input, Response};
    use crate::fit::FitSpec;
    use crate::form::CATALOGUE;

    /// The window of all sizes has the exponent of the fit, whatever the law calls it.
    #[test]
    fn the_whole_line_has_its_own_exponent() {
        let x = vec![1e6, 1e7, 1e8, 1e9];
        let y = vec![0.31, 0.52, 0.60, 0.77];
        let data = Dataset::new(
            "test",
            vec![Input { name: "N".into(), unit: None, values: x }],
            Response { name: "accuracy".into(), values: y },
            (2..6).collect(),
        )
        .expect("valid");
        let mut lines = 0;
        for form in CATALOGUE {
            let Ok(fit) = FitSpec::new(*form).fit(&data) else { continue };
            let Some(unit) = unit_of_exponent(&fit) else { continue };
            let whole = unit * exponent(&fit, 0..4);
            let own = fit.estimate(form.about().exponent);
            assert!((whole - own).abs() < 1e-9, "{}: {whole} {own}", form.id());
            lines += 1;
        }
        assert!(lines >= 4, "{lines}");
    }
}
