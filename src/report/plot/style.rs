//! Colours, dash patterns, marks and sizes.

use super::scene::{Marker, Stroke};

/// Width of the picture in user units; it is printed 160 mm wide.
pub(super) const WIDTH: f64 = 640.0;
/// Height of the picture in user units; it is printed 130 mm high.
pub(super) const HEIGHT: f64 = 520.0;

/// Size of tick labels.
pub(super) const SMALL: f64 = 11.0;
/// Size of axis labels and of the legend.
pub(super) const NORMAL: f64 = 12.0;
/// Size of the title.
pub(super) const LARGE: f64 = 13.0;

/// Frames, ticks and the observed points.
pub(super) const INK: &str = "#000000";
/// Remarks that are not data.
pub(super) const QUIET: &str = "#555555";
/// The grid.
pub(super) const GRID: &str = "#e4e4e4";
/// Ground and outlines of marks.
pub(super) const PAPER: &str = "#ffffff";

/// The level of no residual, and of no change.
pub(super) const ZERO: Stroke = Stroke { color: "#444444", width: 0.9, dash: &[], opacity: 1.0 };

/// The look of one curve: a colour that the colour-blind tell apart, and dashes and marks for those who print grey.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) color: &'static str,
    pub(super) dash: &'static [f64],
    pub(super) marker: Marker,
}

/// Colours of Okabe and Ito (2008) without black, which the data have, and yellow, which is too pale for a line.
const COLORS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/// Dash patterns, solid first.
const DASHES: [&[f64]; 5] =
    [&[], &[8.0, 3.5], &[2.0, 2.5], &[9.0, 3.0, 2.0, 3.0], &[14.0, 3.0, 2.0, 3.0, 2.0, 3.0]];

/// Marks of residuals.
const MARKERS: [Marker; 5] =
    [Marker::Circle, Marker::Square, Marker::Triangle, Marker::Diamond, Marker::TriangleDown];

impl Look {
    /// Return the colour of the curve at a position in the figure.
    pub(super) const fn color(index: usize) -> &'static str {
        COLORS[index % COLORS.len()]
    }

    /// Return the look of the curve at a position in the figure.
    pub(super) fn of(index: usize) -> Self {
        Self {
            color: Self::color(index),
            dash: DASHES[index % DASHES.len()],
            marker: MARKERS[index % MARKERS.len()],
        }
    }

    /// Return the stroke of the curve; the preferred one is heavier.
    pub(super) fn stroke(self, best: bool) -> Stroke {
        Stroke { color: self.color, width: if best { 2.2 } else { 1.5 }, dash: self.dash, opacity: 1.0 }
    }
}

/// Return the opacity of bands, lower the more of them may lie over one another.
pub(super) fn tint(curves: usize) -> f64 {
    match curves {
        0..=2 => 0.17,
        3 => 0.13,
        _ => 0.08,
    }
}

/// Number of points from which on curves are drawn over them, not under them.
pub(super) const MANY: usize = 200;

/// Radius, opacity and edge of marks, smaller and lighter the more there are.
pub(super) fn mark(count: usize) -> (f64, f64, f64) {
    match count {
        0..=60 => (3.6, 1.0, 0.8),
        61..=200 => (2.8, 1.0, 0.6),
        201..=1000 => (1.9, 0.8, 0.0),
        _ => (1.3, 0.3, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_curves_differ_without_colour() {
        for i in 0..5 {
            for j in 0..i {
                let (a, b) = (Look::of(i), Look::of(j));
                assert!(a.color != b.color && a.dash != b.dash && a.marker != b.marker);
            }
        }
    }
}
