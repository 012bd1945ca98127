//! The legend: inside the main panel in a corner that is empty, otherwise above the panel.

use super::super::figure::Figure;
use super::frame::text;
use super::occupancy::Occupancy;
use super::range;
use super::rich::{self, Run};
use super::scene::{Anchor, Marker, Point, Rect, Shape, Stroke};
use super::style::{self, INK, Look, NORMAL, PAPER, QUIET};

/// Length of the sample of a line.
const SAMPLE: f64 = 38.0;
/// Space between a sample and its text.
const SPACE: f64 = 7.0;
/// Height of a row.
const ROW: f64 = 18.0;
/// Space between the box and what is in it.
const PADDING: f64 = 7.0;
/// Distance of the box from the frame.
const MARGIN: f64 = 8.0;
/// Space between entries in a row above the panel.
const BETWEEN: f64 = 20.0;

/// What the sample of an entry shows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sample {
    Data,
    Curve { index: usize, best: bool, band: bool, marks: bool },
    Band,
}

/// One line of the legend.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    sample: Sample,
    runs: Vec<Run>,
}

/// The legend of a figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Legend {
    entries: Vec<Entry>,
    /// Opacity of the samples of bands.
    tint: f64,
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
        let count = range::drawable(figure).len();
        if count > 0 {
            let name = if shown < count {
                format!("data ({shown} of {count} points drawn)")
            } else {
                "data".to_owned()
            };
            entries.push(Entry { sample: Sample::Data, runs: rich::plain(&name) });
        }
        let mut bands = false;
        for (i, curve) in figure.curves.iter().enumerate() {
            let band = !curve.low.is_empty() && !curve.high.is_empty();
            bands |= band;
            entries.push(Entry {
                sample: Sample::Curve {
                    index: i,
                    best: curve.best,
                    band,
                    marks: !range::residuals(curve).is_empty(),
                },
                runs: rich::label(&curve.label),
            });
        }
        if bands {
            entries.push(Entry {
                sample: Sample::Band,
                runs: rich::plain(&format!("{} band", percent(figure.level))),
            });
        }
        let tint = style::tint(figure.curves.len());
        Self { entries, tint }
    }

    /// Return the first empty corner of the main panel that the legend fits in.
    pub(super) fn corner(&self, taken: &Occupancy, panel: Rect) -> Option<Rect> {
        let widest = self.entries.iter().map(|e| rich::width(&e.runs, NORMAL)).fold(0.0, f64::max);
        let w = SAMPLE + SPACE + widest + 2.0 * PADDING;
        let h = ROW * self.entries.len() as f64 + PADDING;
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
        rows as f64 * ROW + 4.0
    }

    /// Return the offset and the row of every entry in rows of a width.
    fn rows(&self, width: f64) -> Vec<(f64, usize)> {
        let (mut x, mut row) = (0.0, 0);
        let mut places = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let w = SAMPLE + SPACE + rich::width(&entry.runs, NORMAL);
            if x > 0.0 && x + w > width {
                x = 0.0;
                row += 1;
            }
            places.push((x, row));
            x += w + BETWEEN;
        }
        places
    }

    /// Draw the legend.
    pub(super) fn draw(&self, place: Place, shapes: &mut Vec<Shape>) {
        match place {
            Place::Inside(rect) => {
                shapes.push(Shape::Box {
                    rect,
                    fill: PAPER,
                    opacity: 1.0,
                    stroke: Some(Stroke::solid("#b0b0b0", 0.6)),
                });
                for (i, entry) in self.entries.iter().enumerate() {
                    let y = rect.y + PADDING / 2.0 + (i as f64 + 0.5) * ROW;
                    entry.draw((rect.x + PADDING, y), rect.w, self.tint, shapes);
                }
            }
            Place::Above { x, y, width } => {
                for (entry, (dx, row)) in self.entries.iter().zip(self.rows(width)) {
                    entry.draw((x + dx, y + (row as f64 + 0.5) * ROW), width, self.tint, shapes);
                }
            }
        }
    }
}

impl Entry {
    /// Draw the entry with its left end and its middle height given.
    fn draw(&self, (x, y): Point, width: f64, tint: f64, shapes: &mut Vec<Shape>) {
        let line = |stroke| Shape::Line { points: vec![(x, y), (x + SAMPLE, y)], stroke };
        let patch = |fill| Shape::Box {
            rect: Rect { x, y: y - 6.0, w: SAMPLE, h: 12.0 },
            fill,
            opacity: tint,
            stroke: None,
        };
        let mark = |marker, fill| Shape::Marks {
            at: vec![(x + SAMPLE / 2.0, y)],
            marker,
            radius: 3.4,
            fill,
            opacity: 1.0,
            edge: 0.8,
        };
        match self.sample {
            Sample::Data => shapes.push(mark(Marker::Circle, INK)),
            Sample::Band => shapes.push(patch(QUIET)),
            Sample::Curve { index, best, band, marks } => {
                let look = Look::of(index);
                if band {
                    shapes.push(patch(look.color));
                }
                shapes.push(line(look.stroke(best)));
                if marks {
                    shapes.push(mark(look.marker, look.color));
                }
            }
        }
        let room = width - SAMPLE - SPACE;
        let runs = rich::shorten(self.runs.clone(), NORMAL, room);
        let at = (x + SAMPLE + SPACE, y + 0.36 * NORMAL);
        shapes.push(text(at, NORMAL, Anchor::Start, runs));
    }
}

/// Write a confidence level: 0.95 is 95%.
fn percent(level: f64) -> String {
    let text = format!("{:.3}", 100.0 * level);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn levels() {
        assert_eq!(percent(0.95), "95%");
        assert_eq!(percent(0.999), "99.9%");
        assert_eq!(percent(0.9), "90%");
    }

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
            assert!(x + SAMPLE + SPACE + rich::width(&entry.runs, NORMAL) <= width);
        }
        assert!(legend.height(width) > legend.height(4000.0));
    }
}
