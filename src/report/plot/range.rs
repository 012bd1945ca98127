//! Ranges of the axes: the data rule, curves may add to them, bands only a little.

use super::super::figure::{Curve, Figure};
use super::ticks::coordinate;

/// A range in the coordinate of its axis.
pub(super) type Range = (f64, f64);

/// How far, in spans of what the data show, the extrapolated curves may widen the y axis.
const BY_CURVES: f64 = 2.0;
/// How far, in spans of points and curves, the bands may widen the y axis.
const BY_BANDS: f64 = 0.35;
/// Room between the data and the frame, in spans.
const PADDING: f64 = 0.05;

/// Return the least range with all of the values.
pub(super) fn cover(values: impl Iterator<Item = f64>) -> Option<Range> {
    values.fold(None, |range, v| {
        let (low, high) = range.unwrap_or((v, v));
        Some((low.min(v), high.max(v)))
    })
}

/// Widen a range towards another one, by at most a multiple of its own span.
fn towards(range: Range, other: Option<Range>, times: f64) -> Range {
    let most = times * (range.1 - range.0);
    other.map_or(range, |(low, high)| {
        (range.0.min(low.max(range.0 - most)), range.1.max(high.min(range.1 + most)))
    })
}

/// Widen a range at both ends; a range of no width gets `flat` each way.
fn padded((low, high): Range, part: f64, flat: f64) -> Range {
    let pad = if high > low { part * (high - low) } else { flat };
    (low - pad, high + pad)
}

/// Return the range of an x axis over several extents, in its coordinate.
pub(super) fn x_padded(extents: impl Iterator<Item = Range>) -> Range {
    padded(cover(extents.flat_map(|(low, high)| [low, high])).unwrap_or((0.0, 1.0)), 0.04, 0.3)
}

/// Return the range of an axis with zero in its middle that shows values up to a size.
pub(super) fn around_zero(most: f64) -> Range {
    let most = if most > 0.0 { most.min(1e300) * 1.12 } else { 1.0 };
    (-most, most)
}

/// Return the range of a linear axis that shows all estimates, and of their limits what is near.
///
/// Estimates that are equal have no span to measure nearness by; their size stands in for it.
pub(super) fn with_intervals(
    estimates: impl Iterator<Item = f64>,
    limits: impl Iterator<Item = f64>,
    times: f64,
) -> Range {
    let core = cover(estimates.map(|v| v.clamp(-1e300, 1e300))).unwrap_or((0.0, 1.0));
    let size = core.0.abs().max(core.1.abs());
    let limits = cover(limits);
    let wanted = if core.1 - core.0 > 1e-6 * size {
        towards(core, limits, times)
    } else {
        let most = if size > 0.0 { 0.5 * size } else { 1.0 };
        limits.map_or(core, |(low, high)| {
            (core.0.min(low.max(core.0 - most)), core.1.max(high.min(core.1 + most)))
        })
    };
    padded(wanted, PADDING, if size > 0.0 { 0.1 * size } else { 1.0 })
}

/// Return the points of a figure that its axes can show.
pub(super) fn drawable(figure: &Figure) -> Vec<(f64, f64)> {
    let shown = |&(x, y): &(f64, f64)| coordinate(true, x).is_some() && coordinate(figure.y_log, y).is_some();
    figure.points.iter().copied().filter(shown).collect()
}

/// Return the residuals of a curve that the axes can show.
pub(super) fn residuals(curve: &Curve) -> Vec<(f64, f64)> {
    let shown = |&(x, r): &(f64, f64)| coordinate(true, x).is_some() && r.is_finite();
    curve.residuals.iter().copied().filter(shown).collect()
}

/// Return the range of the x axis, in decimal logarithms.
pub(super) fn x(figure: &Figure) -> Range {
    let points = figure.points.iter().map(|p| p.0);
    // Where a curve has no value, as an accuracy that would pass 1, there is nothing to make room for.
    let curves = figure.curves.iter().flat_map(|c| {
        let shown = |v: f64| coordinate(figure.y_log, v).is_some();
        let pairs = c.x.iter().zip(&c.estimate);
        pairs.filter(move |&(_, &v)| shown(v)).map(|(&x, _)| x)
    });
    let residuals = figure.curves.iter().flat_map(|c| c.residuals.iter().map(|r| r.0));
    let all = points.chain(curves).chain(residuals);
    let range = cover(all.filter_map(|x| coordinate(true, x))).unwrap_or((0.0, 1.0));
    padded(range, 0.03, 0.3)
}

/// Return the range of the y axis of the main panel, in its coordinate.
pub(super) fn y(figure: &Figure) -> Range {
    let log = figure.y_log;
    let points = drawable(figure);
    let on_axis = |v: f64| coordinate(log, v);
    let ends = cover(points.iter().map(|p| p.0)).unwrap_or((0.0, f64::INFINITY));
    let inside = |x: f64| x >= ends.0 && x <= ends.1;
    let estimates = || {
        let curves = figure.curves.iter();
        curves.flat_map(|c| c.x.iter().copied().zip(c.estimate.iter().copied()))
    };
    let data = cover(
        points
            .iter()
            .map(|p| p.1)
            .chain(estimates().filter(|e| inside(e.0)).map(|e| e.1))
            .filter_map(on_axis),
    );
    let curves = cover(estimates().filter_map(|e| on_axis(e.1)));
    let bands = figure.curves.iter().flat_map(|c| c.low.iter().chain(&c.high));
    let bands = cover(bands.filter_map(|&v| on_axis(v)));
    let Some(core) = data.or(curves) else {
        return (0.0, 1.0);
    };
    let shown = if core.1 > core.0 { towards(core, curves, BY_CURVES) } else { curves.unwrap_or(core) };
    let wanted = towards(shown, bands, BY_BANDS);
    // A flat log axis spans about a tenth of a decade, a flat linear one a tenth of its value.
    let flat = if log {
        0.05
    } else if core.0 == 0.0 {
        1.0
    } else {
        0.1 * core.0.abs()
    };
    let (low, high) = padded(wanted, PADDING, flat);
    if log {
        return (low, high);
    }
    // An accuracy has no room above 1, nor a share below 0; padding must not suggest otherwise.
    let low = if shown.0 >= 0.0 { low.max(0.0) } else { low };
    let high = if shown.1 <= 1.0 && shown.0 >= 0.0 { high.min(1.0) } else { high };
    if high > low { (low, high) } else { padded(wanted, PADDING, flat) }
}

/// Return the range of the residual axis, with zero in its middle; `None` without residuals.
pub(super) fn residual(figure: &Figure) -> Option<Range> {
    let all = figure.curves.iter().flat_map(residuals).map(|r| r.1.abs());
    let most = all.fold(None, |most: Option<f64>, r| Some(most.map_or(r, |m| m.max(r))))?;
    let largest = drawable(figure).iter().map(|p| p.1.abs()).fold(0.0, f64::max);
    // A curve through every point leaves rounding errors, which an axis of their own would make look like residuals.
    let noise = 1e-12 * largest.min(1.0);
    Some(around_zero(if most > noise { most } else { 0.0 }))
}

/// Return the largest drawable x of the data, if a curve goes visibly beyond it.
pub(super) fn last_datum(figure: &Figure) -> Option<f64> {
    let last = drawable(figure)
        .into_iter()
        .map(|p| p.0)
        .fold(None, |m: Option<f64>, x| Some(m.map_or(x, |m| m.max(x))))?;
    let (low, high) = x(figure);
    let beyond = figure.curves.iter().any(|c| {
        c.x.iter().zip(&c.estimate).any(|(x, y)| {
            coordinate(figure.y_log, *y).is_some() && x.log10() > last.log10() + 0.01 * (high - low)
        })
    });
    beyond.then_some(last)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn an_exploding_band_does_not_rule() {
        let calm = y(&samples::cerebras());
        let mut figure = samples::cerebras();
        for curve in &mut figure.curves {
            curve.high = curve.estimate.iter().map(|v| v * 1e6).collect();
            curve.low = curve.estimate.iter().map(|_| f64::NAN).collect();
        }
        let wild = y(&figure);
        assert!(wild.1 - wild.0 < 1.6 * (calm.1 - calm.0));
    }

    #[test]
    fn an_accuracy_stays_below_one() {
        let mut figure = samples::accuracy();
        assert!(y(&figure).1 <= 1.0);
        figure.points.push((1e4, 1.2));
        assert!(y(&figure).1 > 1.2);
    }

    #[test]
    fn missing_values_take_no_room() {
        let mut figure = samples::cerebras();
        let whole = x(&figure);
        for curve in &mut figure.curves {
            let half = curve.estimate.len() / 2;
            curve.estimate[half..].fill(f64::NAN);
        }
        assert!(x(&figure).1 < whole.1 - 0.5);
    }

    #[test]
    fn rounding_errors_are_no_residuals() {
        let mut figure = samples::cerebras();
        for residual in figure.curves.iter_mut().flat_map(|c| &mut c.residuals) {
            residual.1 = 3e-16;
        }
        assert_eq!(residual(&figure), Some((-1.0, 1.0)));
    }

    #[test]
    fn flat_data_get_room() {
        for log in [true, false] {
            for level in [2.0, 1e-9, 0.0, 1.0] {
                let mut figure = samples::empty();
                figure.y_log = log;
                figure.points = vec![(1e6, level), (1e7, level)];
                let (low, high) = y(&figure);
                assert!(low < high, "{log} {level}");
            }
        }
    }

    #[test]
    fn extrapolation_begins_at_the_last_point() {
        assert_eq!(last_datum(&samples::cerebras()), Some(13e9));
        let mut figure = samples::cerebras();
        figure.points.push((1e12, 1.4));
        assert_eq!(last_datum(&figure), None);
    }

    #[test]
    fn residuals_have_zero_in_the_middle() {
        assert_eq!(residual(&samples::empty()), None);
        let (low, high) = residual(&samples::cerebras()).unwrap_or_default();
        assert!(low < 0.0 && (low + high).abs() < 1e-12);
    }
}
