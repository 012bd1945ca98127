//! Drawing primitives: what a picture consists of once it is laid out, in user units (px) with y downwards.

use super::rich::Run;

/// A position in the picture.
pub(super) type Point = (f64, f64);

/// A rectangle by its upper left corner and its size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

impl Rect {
    pub(super) fn right(self) -> f64 {
        self.x + self.w
    }

    pub(super) fn bottom(self) -> f64 {
        self.y + self.h
    }

    /// Return the rectangle with its edges moved outwards.
    pub(super) fn grown(self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stroke {
    pub(super) color: &'static str,
    pub(super) width: f64,
    /// Dash pattern, empty for a solid line.
    pub(super) dash: &'static [f64],
    pub(super) opacity: f64,
}

impl Stroke {
    /// Return a solid, opaque line.
    pub(super) fn solid(color: &'static str, width: f64) -> Self {
        Self { color, width, dash: &[], opacity: 1.0 }
    }
}

/// Shape of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
    TriangleDown,
}

/// Side of a text that its position is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) at: Point,
    pub(super) size: f64,
    pub(super) anchor: Anchor,
    pub(super) color: &'static str,
    pub(super) runs: Vec<Run>,
    /// Whether it is read from bottom to top.
    pub(super) upwards: bool,
    /// Whether a white outline keeps it legible over lines.
    pub(super) halo: bool,
    pub(super) bold: bool,
}

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// A line through points.
    Line { points: Vec<Point>, stroke: Stroke },
    /// Separate straight lines that share a style.
    Segments { ends: Vec<(Point, Point)>, stroke: Stroke },
    /// A filled area.
    Area { points: Vec<Point>, fill: &'static str, opacity: f64 },
    /// A rectangle with an outline.
    Box { rect: Rect, fill: &'static str, opacity: f64, stroke: Option<Stroke> },
    /// Marks that share a style; the edge separates marks that overlap.
    Marks { at: Vec<Point>, marker: Marker, radius: f64, fill: &'static str, opacity: f64, edge: f64 },
    /// A line of text.
    Text(Text),
    /// Shapes of which only the part inside a rectangle shows.
    Clipped { clip: Rect, shapes: Vec<Shape> },
    /// A remark for who reads the file.
    Comment(String),
}

/// A whole picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    /// Width and height in user units, of which there are four in a millimetre.
    pub(super) size: (f64, f64),
    /// Description for who cannot see it.
    pub(super) name: String,
    pub(super) shapes: Vec<Shape>,
}
