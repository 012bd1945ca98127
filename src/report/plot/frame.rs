//! The panels of a figure: where they lie, and their axes.

use super::super::figure::Figure;
use super::metrics;
use super::number::Notation;
use super::range;
use super::rich::{self, Run};
use super::scene::{Anchor, Point, Rect, Shape, Stroke, Text};
use super::style::{GRID, HEIGHT, INK, LARGE, NORMAL, SMALL, WIDTH};
use super::ticks::{Axis, Room};

/// Share of the height of both panels that the main panel gets.
const MAIN_SHARE: f64 = 0.71;
/// Space between the panels.
const GAP: f64 = 14.0;
/// Length of a tick with a label.
const TICK: f64 = 5.0;
/// Distance between lines of text, in ems.
const LEADING: f64 = 1.25;

/// The two panels and their axes; the panels share the x axis.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) main: Rect,
    /// The residual panel; absent without residuals.
    pub(super) rest: Option<(Rect, Axis)>,
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// Where a legend above the panels begins.
    pub(super) above: f64,
}

/// A panel with its axes, for finding where a value lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel<'a> {
    pub(super) rect: Rect,
    x: &'a Axis,
    y: &'a Axis,
}

impl Panel<'_> {
    /// Return where an abscissa lies.
    pub(super) fn across(&self, x: f64) -> Option<f64> {
        self.x.place(x).map(|f| self.rect.x + f * self.rect.w)
    }

    /// Return where an ordinate lies, at most some heights away: viewers dislike huge coordinates.
    pub(super) fn up(&self, y: f64) -> Option<f64> {
        let f = self.y.place(y)?.clamp(-10.0, 11.0);
        Some(self.rect.bottom() - f * self.rect.h)
    }

    /// Return where a point lies.
    pub(super) fn spot(&self, (x, y): (f64, f64)) -> Option<Point> {
        Some((self.across(x)?, self.up(y)?))
    }

    /// Return where points lie, without those that lie nowhere.
    pub(super) fn spots(&self, points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().filter_map(|&p| self.spot(p)).collect()
    }
}

impl Frame {
    /// Lay out the panels, with a strip for a legend above them.
    pub(super) fn new(figure: &Figure, strip: f64) -> Self {
        let above = 12.0 + if figure.title.is_empty() { 0.0 } else { LARGE * 1.7 };
        let top = above + strip;
        let bottom = HEIGHT - 45.0;
        let residual = range::residual(figure);
        let inner = bottom - top;
        let main_height = if residual.is_some() { inner * MAIN_SHARE } else { inner };
        let vertical = |height: f64| Room {
            length: height,
            space: 7.0,
            extent: &|_| SMALL,
            notation: Notation::Picture,
        };
        let (low, high) = range::y(figure);
        let y = Axis::new(figure.y_log, low, high, &vertical(main_height));
        let rest_height = inner - main_height - GAP;
        let rest = residual.map(|(low, high)| Axis::new(false, low, high, &vertical(rest_height)));

        let labels = y.major.iter().chain(rest.iter().flat_map(|r| &r.major));
        let widest = labels.map(|t| tick_width(&t.label)).fold(0.0, f64::max);
        let mut lines = side_lines(&figure.y_label, main_height).len();
        if rest.is_some() {
            lines = lines.max(side_lines(&figure.residual_label, rest_height + GAP).len());
        }
        let left = 8.0 + lines as f64 * NORMAL * LEADING + 7.0 + widest + TICK + 3.0;
        let width = WIDTH - left - 22.0;

        let (low, high) = range::x(figure);
        let horizontal = Room { length: width, space: 9.0, extent: &tick_width, notation: Notation::Picture };
        let panel = |y: f64, h: f64| Rect { x: left, y, w: width, h };
        Self {
            main: panel(top, main_height),
            rest: rest.map(|axis| (panel(bottom - rest_height, rest_height), axis)),
            x: Axis::new(true, low, high, &horizontal),
            y,
            above,
        }
    }

    /// Return the main panel.
    pub(super) fn main(&self) -> Panel<'_> {
        Panel { rect: self.main, x: &self.x, y: &self.y }
    }

    /// Return the residual panel.
    pub(super) fn rest(&self) -> Option<Panel<'_>> {
        self.rest.as_ref().map(|(rect, y)| Panel { rect: *rect, x: &self.x, y })
    }

    /// Draw the grids, which lie below everything.
    pub(super) fn grid(&self, shapes: &mut Vec<Shape>) {
        for panel in [Some(self.main()), self.rest()].into_iter().flatten() {
            let r = panel.rect;
            let upright = self.x.major.iter().map(|t| r.x + t.at * r.w);
            let level = panel.y.major.iter().map(|t| r.bottom() - t.at * r.h);
            let ends = upright
                .map(|x| ((x, r.y), (x, r.bottom())))
                .chain(level.map(|y| ((r.x, y), (r.right(), y))))
                .collect();
            let stroke = Stroke::solid(GRID, 0.6);
            shapes.push(Shape::Segments { ends, stroke });
        }
    }

    /// Draw frames, ticks and all labels of the axes.
    pub(super) fn axes(&self, figure: &Figure, shapes: &mut Vec<Shape>) {
        let lowest = self.rest.as_ref().map_or(self.main, |(rect, _)| *rect);
        for panel in [Some(self.main()), self.rest()].into_iter().flatten() {
            let r = panel.rect;
            shapes.push(Shape::Box {
                rect: r,
                fill: "none",
                opacity: 1.0,
                stroke: Some(Stroke::solid(INK, 0.8)),
            });
            let mut ends = Vec::new();
            for (at, length) in lengths(self.x.major.iter().map(|t| t.at), &self.x.minor) {
                let x = r.x + at * r.w;
                ends.push(((x, r.bottom()), (x, r.bottom() + length)));
            }
            for (at, length) in lengths(panel.y.major.iter().map(|t| t.at), &panel.y.minor) {
                let y = r.bottom() - at * r.h;
                ends.push(((r.x - length, y), (r.x, y)));
            }
            let stroke = Stroke::solid(INK, 0.8);
            shapes.push(Shape::Segments { ends, stroke });
            for tick in &panel.y.major {
                let at = (r.x - TICK - 3.0, r.bottom() - tick.at * r.h + 0.36 * SMALL);
                shapes.push(text(at, SMALL, Anchor::End, rich::label(&tick.label)));
            }
        }
        for tick in &self.x.major {
            let at = (lowest.x + tick.at * lowest.w, lowest.bottom() + TICK + 3.0 + SMALL);
            shapes.push(text(at, SMALL, Anchor::Middle, rich::label(&tick.label)));
        }
        let label = rich::shorten(rich::label(&figure.x_label), NORMAL, WIDTH - 40.0);
        let half = rich::width(&label, NORMAL) / 2.0;
        let middle = (lowest.x + lowest.w / 2.0).min(WIDTH - 10.0 - half);
        shapes.push(text((middle, lowest.bottom() + 37.0), NORMAL, Anchor::Middle, label));
        self.side_label(&figure.y_label, self.main, shapes);
        if let Some((rect, _)) = self.rest {
            // The gap belongs to the lower panel: its label is the one that lacks room.
            let extended = Rect { y: rect.y - GAP, h: rect.h + GAP, ..rect };
            self.side_label(&figure.residual_label, extended, shapes);
        }
        if !figure.title.is_empty() {
            let title = rich::shorten(rich::label(&figure.title), LARGE * 1.12, WIDTH - 40.0);
            let half = rich::width(&title, LARGE * 1.12) / 2.0;
            let middle = (self.main.x + self.main.w / 2.0).min(WIDTH - 12.0 - half);
            shapes.push(bold((middle, 8.0 + LARGE), title));
        }
    }

    /// Draw a label along the left side of a panel.
    fn side_label(&self, label: &str, rect: Rect, shapes: &mut Vec<Shape>) {
        let lines = side_lines(label, rect.h);
        let rest = self.rest.iter().flat_map(|(_, axis)| &axis.major);
        let labels = self.y.major.iter().chain(rest);
        let widest = labels.map(|t| tick_width(&t.label)).fold(0.0, f64::max);
        let nearest = rect.x - TICK - 3.0 - widest - 10.0;
        let count = lines.len();
        for (i, runs) in lines.into_iter().enumerate() {
            let x = nearest - (count - 1 - i) as f64 * NORMAL * LEADING;
            let at = (x, rect.y + rect.h / 2.0);
            shapes.push(Shape::Text(Text { upwards: true, ..plain_text(at, NORMAL, Anchor::Middle, runs) }));
        }
    }
}

/// Return positions with the lengths of their ticks.
fn lengths<'a>(
    major: impl Iterator<Item = f64> + 'a,
    minor: &'a [f64],
) -> impl Iterator<Item = (f64, f64)> + 'a {
    major.map(|at| (at, TICK)).chain(minor.iter().map(|&at| (at, 0.55 * TICK)))
}

/// Return the width of a tick label.
fn tick_width(label: &str) -> f64 {
    rich::width(&rich::label(label), SMALL)
}

/// Set the label of a side in one line, or in two when the panel is too short for one.
fn side_lines(label: &str, room: f64) -> Vec<Vec<Run>> {
    let runs = rich::label(label);
    if rich::width(&runs, NORMAL) <= room {
        return vec![runs];
    }
    let half = metrics::width(label, NORMAL) / 2.0;
    let off_middle = |&i: &usize| {
        let (head, _) = label.split_at(i);
        (metrics::width(head, NORMAL) - half).abs()
    };
    let split =
        label.match_indices(' ').map(|(i, _)| i).min_by(|a, b| off_middle(a).total_cmp(&off_middle(b)));
    let lines = match split.map(|i| label.split_at(i)) {
        Some((head, tail)) => vec![head, tail.trim_start()],
        None => vec![label],
    };
    lines.into_iter().map(|line| rich::shorten(rich::label(line), NORMAL, room)).collect()
}

/// Return a line of black text.
pub(super) fn plain_text(at: Point, size: f64, anchor: Anchor, runs: Vec<Run>) -> Text {
    Text { at, size, anchor, color: INK, runs, upwards: false, halo: false, bold: false }
}

/// Return a line of black text as a shape.
pub(super) fn text(at: Point, size: f64, anchor: Anchor, runs: Vec<Run>) -> Shape {
    Shape::Text(plain_text(at, size, anchor, runs))
}

/// Return the title.
fn bold(at: Point, runs: Vec<Run>) -> Shape {
    Shape::Text(Text { bold: true, ..plain_text(at, LARGE, Anchor::Middle, runs) })
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn panels_lie_inside_the_picture() {
        for figure in samples::all() {
            let frame = Frame::new(&figure, 0.0);
            for panel in [Some(frame.main()), frame.rest()].into_iter().flatten() {
                assert!(panel.rect.x > 30.0 && panel.rect.right() < WIDTH);
                assert!(panel.rect.y > 5.0 && panel.rect.bottom() < HEIGHT - 30.0);
                assert!(panel.rect.h > 60.0);
            }
        }
    }

    #[test]
    fn no_residuals_no_panel() {
        let mut figure = samples::cerebras();
        assert!(Frame::new(&figure, 0.0).rest.is_some());
        for curve in &mut figure.curves {
            curve.residuals.clear();
        }
        assert!(Frame::new(&figure, 0.0).rest.is_none());
    }

    #[test]
    fn long_side_labels_take_two_lines() {
        assert_eq!(side_lines("Loss", 200.0).len(), 1);
        let lines = side_lines("Residual of the logarithm of the loss", 140.0);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| rich::width(line, NORMAL) <= 140.0));
        assert_eq!(side_lines("a_very_long_name_of_a_column_without_spaces", 100.0).len(), 1);
    }
}
