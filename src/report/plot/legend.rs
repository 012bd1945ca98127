//! The legend: inside the main panel in a corner that is empty, otherwise above the panel.

use super::super::figure::Figure;
use super::super::number;
use super::occupancy::Occupancy;
use super::panel::text;
use super::range;
use super::rich::{self, Run};
use super::scene::{Anchor, Marker, Point, Rect, Shape, Stroke};
use super::style::{self, INK, Look, NORMAL, PAPER, QUIET};

/// Space between the box and what is in it.
const PADDING: f64 = 7.0;
/// Distance of the box from the frame.
const MARGIN: f64 = 8.0;
/// Sizes of a legend.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sizes {
    /// Length of the sample of a line.
    sample: f64,
    /// Space between a sample and its text.
    space: f64,
    /// Height of a row.
    row: f64,
    /// Space between entries in a row.
    between: f64,
    /// Size of the text.
    text: f64,
}

/// Sizes of the legend of a picture.
const FULL: Sizes = Sizes { sample: 38.0, space: 7.0, row: 18.0, between: 20.0, text: NORMAL };
/// Sizes of the legend of one panel of several.
const COMPACT: Sizes = Sizes { sample: 18.0, space: 5.0, row: 15.0, between: 12.0, text: 10.5 };

/// What the sample of an entry shows: any of a band, a line and a mark.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sample {
    /// Colour and opacity of a band.
    pub(super) band: Option<(&'static str, f64)>,
    pub(super) line: Option<Stroke>,
    pub(super) mark: Option<(Marker, &'static str)>,
}

/// One line of the legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) sample: Sample,
    pub(super) runs: Vec<Run>,
}

/// The legend of a figure or of a panel.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Legend {
    entries: Vec<Entry>,
    sizes: Sizes,
}

/// Where the legend goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// In a box inside the main panel.
    Inside(Rect),
    /// In rows from a left upper corner, not wider than the panel.
    Above { x: f64, y: f64, width: f64 },
}

impl Legend {
    /// List what a figure shows; `shown` is the number of points drawn.
    pub(super) fn new(figure: &Figure, shown: usize) -> Self {
        let mut entries = Vec::new();
        let tint = style::tint(figure.curves.len());
        let count = range::drawable(figure).len();
        if count > 0 {
            let name = if shown < count {
                format!("data ({shown} of {count} points drawn)")
            } else {
                "data".to_owned()
            };
            let sample = Sample { mark: Some((Marker::Circle, INK)), ..Sample::default() };
            entries.push(Entry { sample, runs: rich::plain(&name) });
        }
        let mut bands = false;
        for (i, curve) in figure.curves.iter().enumerate() {
            let look = Look::of(i);
            let band = !curve.low.is_empty() && !curve.high.is_empty();
            bands |= band;
            let sample = Sample {
                band: band.then_some((look.color, tint)),
                line: Some(look.stroke(curve.best)),
                mark: (!range::residuals(curve).is_empty()).then_some((look.marker, look.color)),
            };
            entries.push(Entry { sample, runs: rich::label(&curve.label) });
        }
        if bands {
            let sample = Sample { band: Some((QUIET, tint)), ..Sample::default() };
            entries
                .push(Entry { sample, runs: rich::plain(&format!("{} band", number::level(figure.level))) });
        }
        Self { entries, sizes: FULL }
    }

    /// Make the small legend of one panel of several.
    pub(super) fn compact(entries: Vec<Entry>) -> Self {
        Self { entries, sizes: COMPACT }
    }

    /// Return the first empty corner of the main panel that the legend fits in.
    pub(super) fn corner(&self, taken: &Occupancy, panel: Rect) -> Option<Rect> {
        let widest = self.entries.iter().map(|e| e.width(&self.sizes)).fold(0.0, f64::max);
        let w = widest + 2.0 * PADDING;
        let h = self.sizes.row * self.entries.len() as f64 + PADDING;
        let (left, right) = (panel.x + MARGIN, panel.right() - MARGIN - w);
        let (top, bottom) = (panel.y + MARGIN, panel.bottom() - MARGIN - h);
        if right < left || bottom < top {
            return None;
        }
        [(right, top), (left, bottom), (left, top), (right, bottom)]
            .into_iter()
            .map(|(x, y)| Rect { x, y, w, h })
            .find(|rect| taken.count(rect.grown(5.0)) == 0)
    }

    /// Return the height of the legend when it is set in rows of a width.
    pub(super) fn height(&self, width: f64) -> f64 {
        let rows = self.rows(width).last().map_or(0, |last| last.1 + 1);
        rows as f64 * self.sizes.row + 4.0
    }

    /// Return the offset and the row of every entry in rows of a width.
    fn rows(&self, width: f64) -> Vec<(f64, usize)> {
        let (mut x, mut row) = (0.0, 0);
        let mut places = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let w = entry.width(&self.sizes);
            if x > 0.0 && x + w > width {
                x = 0.0;
                row += 1;
            }
            places.push((x, row));
            x += w + self.sizes.between;
        }
        places
    }

    /// Draw the legend.
    pub(super) fn draw(&self, place: Place, shapes: &mut Vec<Shape>) {
        let row_height = self.sizes.row;
        match place {
            Place::Inside(rect) => {
                shapes.push(Shape::Box {
                    rect,
                    fill: PAPER,
                    opacity: 1.0,
                    stroke: Some(Stroke::solid("#b0b0b0", 0.6)),
                });
                for (i, entry) in self.entries.iter().enumerate() {
                    let y = rect.y + PADDING / 2.0 + (i as f64 + 0.5) * row_height;
                    entry.draw((rect.x + PADDING, y), rect.w, &self.sizes, shapes);
                }
            }
            Place::Above { x, y, width } => {
                for (entry, (dx, row)) in self.entries.iter().zip(self.rows(width)) {
                    entry.draw((x + dx, y + (row as f64 + 0.5) * row_height), width, &self.sizes, shapes);
                }
            }
        }
    }
}

impl Entry {
    /// Return the width of the entry.
    fn width(&self, sizes: &Sizes) -> f64 {
        sizes.sample + sizes.space + rich::width(&self.runs, sizes.text)
    }

    /// Draw the entry with its left end and its middle height given.
    fn draw(&self, (x, y): Point, width: f64, sizes: &Sizes, shapes: &mut Vec<Shape>) {
        let Sample { band, line, mark } = self.sample;
        if let Some((fill, opacity)) = band {
            let rect = Rect { x, y: y - sizes.text / 2.0, w: sizes.sample, h: sizes.text };
            shapes.push(Shape::Box { rect, fill, opacity, stroke: None });
        }
        if let Some(stroke) = line {
            shapes.push(Shape::Line { points: vec![(x, y), (x + sizes.sample, y)], stroke });
        }
        if let Some((marker, fill)) = mark {
            let at = vec![(x + sizes.sample / 2.0, y)];
            shapes.push(Shape::Marks { at, marker, radius: 3.4, fill, opacity: 1.0, edge: 0.8 });
        }
        let room = width - sizes.sample - sizes.space;
        let runs = rich::shorten(self.runs.clone(), sizes.text, room);
        let at = (x + sizes.sample + sizes.space, y + 0.36 * sizes.text);
        shapes.push(text(at, sizes.text, Anchor::Start, runs));
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn entries_follow_the_figure() {
        let mut figure = samples::cerebras();
        assert_eq!(Legend::new(&figure, 7).entries.len(), 4);
        for curve in &mut figure.curves {
            curve.low.clear();
            curve.high.clear();
        }
        assert_eq!(Legend::new(&figure, 7).entries.len(), 3);
    }

    #[test]
    fn the_box_avoids_what_is_drawn() {
        let panel = Rect { x: 0.0, y: 0.0, w: 500.0, h: 300.0 };
        let legend = Legend::new(&samples::cerebras(), 7);
        let mut taken = Occupancy::new(panel);
        let first = legend.corner(&taken, panel);
        assert!(first.is_some_and(|r| r.x > 100.0 && r.y < 100.0));
        taken.rect(Rect { x: 400.0, y: 20.0, w: 10.0, h: 10.0 });
        let second = legend.corner(&taken, panel);
        assert!(second.is_some_and(|r| r.x < 100.0 && r.y > 100.0));
        taken.rect(panel);
        assert_eq!(legend.corner(&taken, panel), None);
    }

    #[test]
    fn rows_keep_to_the_width() {
        let legend = Legend::new(&samples::accuracy(), 4);
        let width = 400.0;
        for (entry, (x, _)) in legend.entries.iter().zip(legend.rows(width)) {
            assert!(x + entry.width(&legend.sizes) <= width);
        }
        assert!(legend.height(width) > legend.height(4000.0));
    }
}
