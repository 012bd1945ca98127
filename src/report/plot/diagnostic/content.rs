//! What every panel has to offer, and what panels share.

use super::super::super::number::thousands;
use super::super::legend::{Entry, Sample};
use super::super::occupancy::Occupancy;
use super::super::panel::Panel;
use super::super::range::Range;
use super::super::rich;
use super::super::scene::{Marker, Shape, Stroke};
use super::super::style::Look;
use super::super::ticks::coordinate;

/// What is fitted.
pub(super) const FITTED: &str = Look::color(0);
/// What is set apart.
pub(super) const FLAGGED: &str = Look::color(1);
/// Where the law may change.
pub(super) const BREAK: &str = Look::color(2);
/// Opacity of intervals.
pub(super) const TINT: f64 = 0.16;

/// Limits beyond which a value is unusual.
pub(super) const LIMIT: Stroke = Stroke { color: "#777777", width: 0.9, dash: &[4.0, 3.0], opacity: 1.0 };

/// One panel before it has a place.
pub(super) trait Content {
    /// Return the title.
    fn title(&self) -> &str;
    /// Return the labels of the x and of the y axis.
    fn labels(&self) -> (&str, &str);
    /// Return what is written when there is nothing to draw.
    fn note(&self) -> &str;
    /// Whether the x axis is logarithmic.
    fn log(&self) -> bool;
    /// Return the extent in the coordinate of the x axis; `None` when there is nothing to draw.
    fn across(&self) -> Option<Range>;
    /// Return the range of the y axis.
    fn up(&self) -> Range;
    /// Return the entries of the legend.
    fn key(&self) -> Vec<Entry>;
    /// Draw what lies in the frame.
    fn draw(&self, panel: &Panel<'_>, shapes: &mut Vec<Shape>);
    /// Say what was left out of a crowd.
    fn omitted(&self) -> Option<String> {
        None
    }
}

/// Whether a point can be drawn on a size axis.
pub(super) fn drawable((x, y): (f64, f64)) -> bool {
    coordinate(true, x).is_some() && y.is_finite()
}

/// Return an entry of a legend.
pub(super) fn entry(sample: Sample, text: &str) -> Entry {
    Entry { sample, runs: rich::plain(text) }
}

/// Return the sample of a line.
pub(super) fn line(stroke: Stroke) -> Sample {
    Sample { line: Some(stroke), ..Sample::default() }
}

/// Return the sample of a disc.
pub(super) fn disc(color: &'static str) -> Sample {
    Sample { mark: Some((Marker::Circle, color)), ..Sample::default() }
}

/// Return the name of a mark in the legend, with how many of a crowd are drawn.
pub(super) fn drawn(name: &str, drawn: usize, total: usize) -> String {
    if drawn == total {
        return name.to_owned();
    }
    format!("{name} ({} of {} drawn)", thousands(drawn), thousands(total))
}

/// Say what was left out of a crowd, for the file.
pub(super) fn omitted(what: &str, drawn: usize, total: usize, rule: &str) -> Option<String> {
    (drawn < total).then(|| format!("{drawn} of {total} {what} drawn: {rule}"))
}

/// Take the part of a panel that a level line covers.
pub(super) fn occupy_level(panel: &Panel<'_>, y: f64, taken: &mut Occupancy) {
    if let Some(at) = panel.up(y) {
        taken.line((panel.rect.x, at), (panel.rect.right(), at));
    }
}

/// Return where a limit of a size lies, at the end of the panel when it is unbounded; `None` for NaN.
pub(super) fn end(panel: &Panel<'_>, x: f64, unbounded: f64) -> Option<f64> {
    let r = panel.rect;
    if x.is_nan() {
        return None;
    }
    Some(panel.across(x).unwrap_or(unbounded).clamp(r.x, r.right()))
}

/// Return where a limit of a value lies, off the panel when it is unbounded; `None` for NaN.
pub(super) fn edge(panel: &Panel<'_>, y: f64) -> Option<f64> {
    let r = panel.rect;
    if y.is_nan() {
        return None;
    }
    let unbounded = if y > 0.0 { r.y - r.h } else { r.bottom() + r.h };
    Some(panel.up(y).unwrap_or(unbounded))
}
