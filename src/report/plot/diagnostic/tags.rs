//! Flagged points: their colour, and labels where nothing else is.

use super::super::super::panels::Flag;
use super::super::occupancy::Occupancy;
use super::super::panel::plain_text;
use super::super::rich;
use super::super::scene::{Anchor, Marker, Point, Rect, Shape, Stroke, Text};
use super::super::style::QUIET;
use super::super::thin;
use super::content::FLAGGED;

/// Most labels of a panel.
const MOST: usize = 5;
/// Size of a label.
const SIZE: f64 = 10.5;
/// Widest label.
const WIDEST: f64 = 90.0;
/// Distances of a label from the edge of its mark, nearest first; from the second on a thin line leads to the mark.
const DISTANCES: [f64; 4] = [3.0, 10.0, 21.0, 34.0];
/// Least distance of a label, or of the line that leads to it, from other flagged points.
const CLEAR: f64 = 4.0;
/// Cost, in cells that are taken, of a leading line that passes through another label.
const CROSSED: usize = 60;
/// Directions of a label from its point, best first.
const DIRECTIONS: [(f64, f64); 12] = [
    (1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (-1.0, 0.0),
    (0.8, -0.8),
    (0.8, 0.8),
    (-0.8, -0.8),
    (-0.8, 0.8),
    (0.2, -1.0),
    (0.2, 1.0),
    (-0.2, -1.0),
    (-0.2, 1.0),
];

/// A flagged point that can be drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tagged<'a> {
    pub(super) flag: &'a Flag,
    pub(super) at: Point,
    /// Radius of its mark.
    pub(super) radius: f64,
}

/// Return the flagged points that can be drawn, from the position and the radius of each.
pub(super) fn tagged(flags: &[Flag], mark: impl Fn(usize) -> Option<(Point, f64)>) -> Vec<Tagged<'_>> {
    let found = flags.iter().filter_map(|flag| {
        let (at, radius) = mark(flag.index)?;
        Some(Tagged { flag, at, radius })
    });
    found.take(thin::MOST).collect()
}

/// Draw the discs of flagged points, which have one radius, over those of the others.
pub(super) fn discs(tagged: &[Tagged<'_>], shapes: &mut Vec<Shape>) {
    if let Some(first) = tagged.first() {
        shapes.push(Shape::Marks {
            at: tagged.iter().map(|t| t.at).collect(),
            marker: Marker::Circle,
            radius: first.radius,
            fill: FLAGGED,
            opacity: 1.0,
            edge: 0.8,
        });
    }
}

/// Write the labels of flagged points, never over one another.
pub(super) fn draw(tagged: &[Tagged<'_>], panel: Rect, taken: &mut Occupancy, shapes: &mut Vec<Shape>) {
    let mut placed: Vec<Rect> = Vec::new();
    for tag in tagged.iter().filter(|t| !t.flag.text.trim().is_empty()).take(MOST) {
        let runs = rich::shorten(rich::plain(&tag.flag.text), SIZE, WIDEST);
        let others: Vec<Point> =
            tagged.iter().map(|t| t.at).filter(|&p| distance(p, tag.at) > CLEAR).collect();
        let Some((lead, rect)) = best(tag, rich::width(&runs, SIZE), panel, (taken, &others, &placed)) else {
            continue;
        };
        if let Some((from, to)) = lead {
            shapes.push(Shape::Segments { ends: vec![(from, to)], stroke: Stroke::solid(QUIET, 0.6) });
            taken.line(from, to);
        }
        let at = (rect.x, rect.bottom() - 0.16 * SIZE);
        let line = plain_text(at, SIZE, Anchor::Start, runs);
        shapes.push(Shape::Text(Text { color: FLAGGED, halo: true, ..line }));
        taken.rect(rect);
        placed.push(rect);
    }
}

/// A line from a mark to its label.
type Lead = (Point, Point);

/// Return the place of a label, and the line that leads to it unless it is near; `None` when there is no room.
fn best(
    tag: &Tagged<'_>,
    width: f64,
    panel: Rect,
    (taken, others, placed): (&Occupancy, &[Point], &[Rect]),
) -> Option<(Option<Lead>, Rect)> {
    let candidates = DISTANCES.iter().enumerate().flat_map(|(rank, space)| {
        DIRECTIONS.map(|way| {
            let rect = around(tag.at, way, tag.radius + space, width);
            (rank, (rank > 0).then(|| lead(tag.at, tag.radius, rect)), rect)
        })
    });
    let free = |lead: Option<Lead>, rect: Rect| {
        within(rect.grown(1.5), panel)
            && !placed.iter().any(|p| overlap(rect.grown(1.5), *p))
            && !others.iter().any(|&p| inside(p, rect.grown(CLEAR)))
            // Without a line, a label belongs to the nearest point.
            && (lead.is_some() || others.iter().all(|&p| gap(p, rect) > gap(tag.at, rect) + 1.0))
            && !lead.is_some_and(|lead| others.iter().any(|&p| beside(p, lead)))
    };
    let crossed = |lead: Option<Lead>| lead.map_or(0, |l| placed.iter().filter(|p| crosses(l, **p)).count());
    candidates
        .filter(|&(_, lead, rect)| free(lead, rect))
        .min_by_key(|&(rank, lead, rect)| taken.count(rect) + 4 * rank + CROSSED * crossed(lead))
        .map(|(_, lead, rect)| (lead, rect))
}

fn distance(a: Point, b: Point) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// Return the distance of a point from a label.
fn gap(p: Point, label: Rect) -> f64 {
    distance(p, nearest(p, label))
}

/// Return the point of a label that is nearest to a point.
fn nearest(p: Point, label: Rect) -> Point {
    (p.0.clamp(label.x, label.right()), p.1.clamp(label.y, label.bottom()))
}

/// Return the line from the edge of a mark to its label.
fn lead(at: Point, radius: f64, label: Rect) -> Lead {
    let to = nearest(at, label);
    let share = (radius / distance(at, to).max(radius)).min(1.0);
    ((at.0 + share * (to.0 - at.0), at.1 + share * (to.1 - at.1)), to)
}

/// Whether a point lies near a line.
fn beside(p: Point, (a, b): Lead) -> bool {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let along = ((p.0 - a.0) * dx + (p.1 - a.1) * dy) / (dx * dx + dy * dy).max(1e-9);
    let share = along.clamp(0.0, 1.0);
    distance(p, (a.0 + share * dx, a.1 + share * dy)) < CLEAR
}

/// Whether a line passes through a rectangle, judged at points along it.
fn crosses((a, b): Lead, rect: Rect) -> bool {
    let point = |f: f64| (a.0 + f * (b.0 - a.0), a.1 + f * (b.1 - a.1));
    (0..=16).any(|i| inside(point(f64::from(i) / 16.0), rect))
}

/// Return the place of a label whose nearest side or corner lies at a distance from a point.
fn around((x, y): Point, (dx, dy): (f64, f64), distance: f64, width: f64) -> Rect {
    let along = |d: f64| {
        if d > 0.0 {
            0.0
        } else if d < 0.0 {
            1.0
        } else {
            0.5
        }
    };
    let corner = (x + dx * distance - along(dx) * width, y + dy * distance - along(dy) * SIZE);
    Rect { x: corner.0, y: corner.1, w: width, h: SIZE }
}

fn within(inner: Rect, outer: Rect) -> bool {
    let (right, bottom) = (inner.right() <= outer.right(), inner.bottom() <= outer.bottom());
    inner.x >= outer.x && inner.y >= outer.y && right && bottom
}

fn inside((x, y): Point, rect: Rect) -> bool {
    (rect.x..=rect.right()).contains(&x) && (rect.y..=rect.bottom()).contains(&y)
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANEL: Rect = Rect { x: 10.0, y: 10.0, w: 300.0, h: 200.0 };

    /// Return where the labels of points are written.
    fn places(flags: &[Flag], at: impl Fn(usize) -> Point) -> Vec<Rect> {
        let mut shapes = Vec::new();
        let found = tagged(flags, |i| Some((at(i), 3.0)));
        draw(&found, PANEL, &mut Occupancy::new(PANEL), &mut shapes);
        let place = |shape: &Shape| match shape {
            Shape::Text(t) => {
                Some(Rect { x: t.at.0, y: t.at.1 - SIZE, w: rich::width(&t.runs, SIZE), h: SIZE })
            }
            _ => None,
        };
        shapes.iter().filter_map(place).collect()
    }

    fn flags(count: usize) -> Vec<Flag> {
        (0..count).map(|index| Flag { index, text: format!("line {index}") }).collect()
    }

    #[test]
    fn labels_of_one_place_do_not_overlap() {
        for at in [(150.0, 100.0), (11.0, 11.0), (309.0, 209.0)] {
            let rects = places(&flags(9), |_| at);
            assert!((3..=MOST).contains(&rects.len()), "{}", rects.len());
            for (i, a) in rects.iter().enumerate() {
                assert!(rects[..i].iter().all(|b| !overlap(*a, *b)));
            }
        }
    }

    #[test]
    fn a_label_stays_off_other_flagged_points() {
        let points = [(150.0, 100.0), (165.0, 100.0)];
        let rects = places(&flags(2), |i| points[i]);
        assert_eq!(rects.len(), 2);
        assert!(rects.iter().all(|r| points.iter().all(|&p| !inside(p, *r))));
    }

    #[test]
    fn long_labels_are_cut_and_empty_ones_left_out() {
        let flag = |text: &str| Flag { index: 0, text: text.to_owned() };
        let rects = places(&[flag(&"w".repeat(400)), flag(" ")], |_| (150.0, 100.0));
        assert!(rects.len() == 1 && rects[0].w <= WIDEST);
    }
}
