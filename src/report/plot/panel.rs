//! One panel: where a value lies in it, and its grid, frame, ticks and labels.

use super::metrics;
use super::number::Notation;
use super::rich::{self, Run};
use super::scene::{Anchor, Point, Rect, Shape, Stroke, Text};
use super::style::{GRID, INK, NORMAL, SMALL};
use super::ticks::{Axis, Room, Tick};

/// Length of a tick with a label.
const TICK: f64 = 5.0;
/// Distance between lines of text, in ems.
const LEADING: f64 = 1.25;

/// A panel with its axes, for finding where a value lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel<'a> {
    pub(super) rect: Rect,
    pub(super) x: &'a Axis,
    pub(super) y: &'a Axis,
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

    /// Return the parts of a line between missing values.
    pub(super) fn pieces(&self, points: impl Iterator<Item = (f64, f64)>) -> Vec<Vec<Point>> {
        let spots: Vec<Option<Point>> = points.map(|p| self.spot(p)).collect();
        spots
            .split(Option::is_none)
            .map(|piece| piece.iter().copied().flatten().collect::<Vec<Point>>())
            .filter(|piece| piece.len() > 1)
            .collect()
    }

    /// Return a level line across the panel; none where it would lie outside.
    pub(super) fn level(&self, y: f64, stroke: Stroke) -> Option<Shape> {
        let r = self.rect;
        let at = self.up(y).filter(|at| (r.y..=r.bottom()).contains(at))?;
        Some(Shape::Segments { ends: vec![((r.x, at), (r.right(), at))], stroke })
    }

    /// Draw the grid, which lies below everything.
    pub(super) fn grid(&self, shapes: &mut Vec<Shape>) {
        let r = self.rect;
        let upright = self.x.major.iter().map(|t| r.x + t.at * r.w);
        let level = self.y.major.iter().map(|t| r.bottom() - t.at * r.h);
        let ends = upright
            .map(|x| ((x, r.y), (x, r.bottom())))
            .chain(level.map(|y| ((r.x, y), (r.right(), y))))
            .collect();
        shapes.push(Shape::Segments { ends, stroke: Stroke::solid(GRID, 0.6) });
    }

    /// Draw the frame, all ticks, and the numbers of the y axis.
    pub(super) fn axes(&self, shapes: &mut Vec<Shape>) {
        let r = self.rect;
        shapes.push(frame(r));
        let mut ends = Vec::new();
        for (at, length) in lengths(self.x.major.iter().map(|t| t.at), &self.x.minor) {
            let x = r.x + at * r.w;
            ends.push(((x, r.bottom()), (x, r.bottom() + length)));
        }
        for (at, length) in lengths(self.y.major.iter().map(|t| t.at), &self.y.minor) {
            let y = r.bottom() - at * r.h;
            ends.push(((r.x - length, y), (r.x, y)));
        }
        shapes.push(Shape::Segments { ends, stroke: Stroke::solid(INK, 0.8) });
        for tick in &self.y.major {
            let at = (r.x - TICK - 3.0, r.bottom() - tick.at * r.h + 0.36 * SMALL);
            shapes.push(text(at, SMALL, Anchor::End, rich::label(&tick.label)));
        }
    }

    /// Draw the numbers of the x axis.
    pub(super) fn x_numbers(&self, shapes: &mut Vec<Shape>) {
        for tick in &self.x.major {
            let at = (self.rect.x + tick.at * self.rect.w, self.rect.bottom() + TICK + 3.0 + SMALL);
            shapes.push(text(at, SMALL, Anchor::Middle, rich::label(&tick.label)));
        }
    }
}

/// Return the outline of a panel.
pub(super) fn frame(rect: Rect) -> Shape {
    Shape::Box { rect, fill: "none", opacity: 1.0, stroke: Some(Stroke::solid(INK, 0.8)) }
}

/// Return the room of an x axis.
pub(super) fn across(length: f64) -> Room<'static> {
    Room { length, space: 9.0, extent: &tick_width, notation: Notation::Picture }
}

/// Return the room of a y axis.
pub(super) fn upright(length: f64) -> Room<'static> {
    Room { length, space: 7.0, extent: &|_| SMALL, notation: Notation::Picture }
}

/// Draw the label of an x axis below its panel, inside a strip of the picture.
pub(super) fn x_label(label: &str, rect: Rect, (from, to): (f64, f64), shapes: &mut Vec<Shape>) {
    let label = rich::shorten(rich::label(label), NORMAL, to - from);
    let half = rich::width(&label, NORMAL) / 2.0;
    let middle = (rect.x + rect.w / 2.0).min(to - half).max(from + half);
    shapes.push(text((middle, rect.bottom() + 37.0), NORMAL, Anchor::Middle, label));
}

/// Draw the label of a y axis along the left side of a panel, beside numbers of a width.
pub(super) fn side_label(label: &str, rect: Rect, widest: f64, shapes: &mut Vec<Shape>) {
    let lines = side_lines(label, rect.h);
    let nearest = rect.x - TICK - 3.0 - widest - 10.0;
    let count = lines.len();
    for (i, runs) in lines.into_iter().enumerate() {
        let x = nearest - (count - 1 - i) as f64 * NORMAL * LEADING;
        let at = (x, rect.y + rect.h / 2.0);
        shapes.push(Shape::Text(Text { upwards: true, ..plain_text(at, NORMAL, Anchor::Middle, runs) }));
    }
}

/// Return how much room side labels, in a number of lines, and numbers of a width take left of a panel.
pub(super) fn side_room(lines: usize, widest: f64) -> f64 {
    8.0 + lines as f64 * NORMAL * LEADING + 7.0 + widest + TICK + 3.0
}

/// Return the width of the widest of some tick labels.
pub(super) fn widest<'a>(ticks: impl Iterator<Item = &'a Tick>) -> f64 {
    ticks.map(|t| tick_width(&t.label)).fold(0.0, f64::max)
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
pub(super) fn side_lines(label: &str, room: f64) -> Vec<Vec<Run>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_side_labels_take_two_lines() {
        assert_eq!(side_lines("Loss", 200.0).len(), 1);
        let lines = side_lines("Residual of the logarithm of the loss", 140.0);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| rich::width(line, NORMAL) <= 140.0));
        assert_eq!(side_lines("a_very_long_name_of_a_column_without_spaces", 100.0).len(), 1);
    }
}
