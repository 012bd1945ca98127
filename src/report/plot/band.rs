//! Bands: areas between two limits, cut where a value is missing, and without an edge where a limit is unbounded.

use super::occupancy::Occupancy;
use super::panel::Panel;
use super::scene::{Shape, Stroke};

/// A vertical span of a band: abscissa, lower and upper limit, and whether the limits are real.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    x: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) bounded: (bool, bool),
}

/// What a band is drawn from at one abscissa.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limits {
    pub(super) x: f64,
    pub(super) estimate: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// Return the parts of a band between missing values.
///
/// A limit that is missing while the estimate is not is an unbounded one: there the band fills the panel, because a
/// gap would look like certainty.
pub(super) fn pieces(limits: impl Iterator<Item = Limits>, panel: &Panel<'_>) -> Vec<Vec<Span>> {
    let span = |at: Limits| {
        let (low, high) = (panel.up(at.low), panel.up(at.high));
        if low.is_none() && high.is_none() && panel.up(at.estimate).is_none() {
            return None;
        }
        Some(Span {
            x: panel.across(at.x)?,
            low: low.unwrap_or(panel.rect.bottom() + panel.rect.h),
            high: high.unwrap_or(panel.rect.y - panel.rect.h),
            bounded: (low.is_some(), high.is_some()),
        })
    };
    let spans: Vec<Option<Span>> = limits.map(span).collect();
    spans
        .split(Option::is_none)
        .map(|piece| piece.iter().copied().flatten().collect::<Vec<Span>>())
        .filter(|piece| piece.len() > 1)
        .collect()
}

/// Take the part of a panel that a piece of a band covers.
pub(super) fn occupy(piece: &[Span], taken: &mut Occupancy) {
    for pair in piece.windows(2) {
        let span = |s: Span| (s.x, s.low, s.high);
        taken.slab(span(pair[0]), span(pair[1]));
    }
}

/// Draw one piece of a band: its area, and thin edges that tell bands apart where they overlap.
pub(super) fn draw(piece: &[Span], color: &'static str, tint: f64, shapes: &mut Vec<Shape>) {
    let lower = piece.iter().map(|s| (s.x, s.low));
    let upper = piece.iter().rev().map(|s| (s.x, s.high));
    shapes.push(Shape::Area { points: lower.chain(upper).collect(), fill: color, opacity: tint });
    let stroke = Stroke { opacity: 0.55, ..Stroke::solid(color, 0.7) };
    for edge in piece.split(|s| !s.bounded.0) {
        shapes.push(Shape::Line { points: edge.iter().map(|s| (s.x, s.low)).collect(), stroke });
    }
    for edge in piece.split(|s| !s.bounded.1) {
        shapes.push(Shape::Line { points: edge.iter().map(|s| (s.x, s.high)).collect(), stroke });
    }
    shapes.retain(|shape| !matches!(shape, Shape::Line { points, .. } if points.len() < 2));
}
