//! From a figure to a scene: what is drawn, in which order, and where.

use super::super::figure::{Curve, Figure};
use super::frame::{Frame, Panel, plain_text};
use super::legend::{Legend, Place};
use super::metrics;
use super::occupancy::Occupancy;
use super::range;
use super::rich;
use super::scene::{Anchor, Marker, Point, Rect, Scene, Shape, Stroke, Text};
use super::style::{self, INK, Look, QUIET, SMALL};
use super::thin;

/// What is written in the region beyond the data.
const BEYOND: &str = "extrapolation";

/// A vertical span of a band: abscissa, lower and upper limit, and whether the limits are real.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Span {
    x: f64,
    low: f64,
    high: f64,
    bounded: (bool, bool),
}

/// Lay a figure out.
pub(super) fn scene(figure: &Figure) -> Scene {
    let all = range::drawable(figure);
    let points = thin::thin(&all, thin::MOST);
    let legend = Legend::new(figure, points.len());

    // A first frame without a legend shows whether one of its corners is free.
    let mut frame = Frame::new(figure, 0.0);
    let mut taken = occupied(figure, &frame.main(), &points);
    let place = if figure.curves.is_empty() {
        None
    } else if let Some(rect) = corner(figure, &legend, &frame, &taken) {
        taken.rect(rect.grown(4.0));
        Some(Place::Inside(rect))
    } else {
        // The strip keeps the width it was measured with, whatever the ticks of the second frame are.
        let (x, width) = (frame.main.x, frame.main.w);
        frame = Frame::new(figure, legend.height(width));
        taken = occupied(figure, &frame.main(), &points);
        let y = frame.above - 4.0;
        Some(Place::Above { x, y, width })
    };

    let mut shapes = Vec::new();
    if points.len() < all.len() {
        let (drawn, total) = (points.len(), all.len());
        shapes.push(Shape::Comment(format!(
            "{drawn} of {total} points drawn: evenly by rank of x, then y; extremes kept"
        )));
    }
    frame.grid(&mut shapes);
    let remark = beyond(figure, &frame, &taken, &mut shapes);
    main_panel(figure, &frame.main(), &points, &mut shapes);
    if let Some(panel) = frame.rest() {
        residual_panel(figure, &panel, &mut shapes);
    }
    frame.axes(figure, &mut shapes);
    shapes.extend(remark.map(Shape::Text));
    if let Some(place) = place {
        legend.draw(place, &mut shapes);
    }
    let name = if figure.title.is_empty() {
        format!("{} against {}", figure.y_label, figure.x_label)
    } else {
        figure.title.clone()
    };
    Scene { name, shapes }
}

/// Return an empty corner for the legend, if there is one off the line where the data end.
fn corner(figure: &Figure, legend: &Legend, frame: &Frame, taken: &Occupancy) -> Option<Rect> {
    let panel = frame.main();
    let mut with_line = taken.clone();
    if let Some(x) = range::last_datum(figure).and_then(|last| panel.across(last)) {
        with_line.line((x, panel.rect.y), (x, panel.rect.bottom()));
    }
    legend.corner(&with_line, panel.rect).or_else(|| legend.corner(taken, panel.rect))
}

/// Return the parts of a curve between missing values.
fn pieces(curve: &Curve, values: &[f64], panel: &Panel<'_>) -> Vec<Vec<Point>> {
    let spots: Vec<Option<Point>> = curve.x.iter().zip(values).map(|(&x, &y)| panel.spot((x, y))).collect();
    spots
        .split(Option::is_none)
        .map(|piece| piece.iter().copied().flatten().collect::<Vec<Point>>())
        .filter(|piece| piece.len() > 1)
        .collect()
}

/// Return the parts of a band between missing values.
///
/// A limit that is missing while the estimate is not is an unbounded one: there the band fills the panel, because a
/// gap would look like certainty.
fn bands(curve: &Curve, panel: &Panel<'_>) -> Vec<Vec<Span>> {
    let limits = curve.low.iter().zip(&curve.high);
    let spans: Vec<Option<Span>> = curve
        .x
        .iter()
        .zip(&curve.estimate)
        .zip(limits)
        .map(|((&x, &estimate), (&low, &high))| {
            let (low, high) = (panel.up(low), panel.up(high));
            if low.is_none() && high.is_none() && panel.up(estimate).is_none() {
                return None;
            }
            Some(Span {
                x: panel.across(x)?,
                low: low.unwrap_or(panel.rect.bottom() + panel.rect.h),
                high: high.unwrap_or(panel.rect.y - panel.rect.h),
                bounded: (low.is_some(), high.is_some()),
            })
        })
        .collect();
    spans
        .split(Option::is_none)
        .map(|piece| piece.iter().copied().flatten().collect::<Vec<Span>>())
        .filter(|piece| piece.len() > 1)
        .collect()
}

/// Return which part of the main panel data, curves and bands take.
fn occupied(figure: &Figure, panel: &Panel<'_>, points: &[(f64, f64)]) -> Occupancy {
    let mut taken = Occupancy::new(panel.rect);
    for spot in panel.spots(points) {
        taken.point(spot);
    }
    for curve in &figure.curves {
        for piece in pieces(curve, &curve.estimate, panel) {
            for pair in piece.windows(2) {
                taken.line(pair[0], pair[1]);
            }
        }
        for piece in bands(curve, panel) {
            for pair in piece.windows(2) {
                let span = |s: Span| (s.x, s.low, s.high);
                taken.slab(span(pair[0]), span(pair[1]));
            }
        }
    }
    taken
}

/// Mark where the data end, and return the remark on what follows, which is drawn last.
fn beyond(figure: &Figure, frame: &Frame, taken: &Occupancy, shapes: &mut Vec<Shape>) -> Option<Text> {
    let x = frame.main().across(range::last_datum(figure)?)?;
    let panels = [Some(frame.main()), frame.rest()].into_iter().flatten();
    shapes.push(Shape::Segments {
        ends: panels.map(|p| ((x, p.rect.y), (x, p.rect.bottom()))).collect(),
        stroke: Stroke { color: "#777777", width: 0.9, dash: &[3.0, 3.0], opacity: 1.0 },
    });
    let panel = frame.main;
    let length = metrics::width(BEYOND, SMALL);
    let room = panel.right() - x;
    let candidates = |(w, h): (f64, f64)| {
        let (lowest, highest) = (panel.bottom() - 8.0 - h, panel.y + 8.0);
        let steps = ((lowest - highest) / 6.0).max(0.0) as usize;
        let between = (0..steps).map(move |i| lowest - 6.0 * i as f64);
        let heights = [lowest, highest].into_iter().chain(between);
        heights.map(move |y| Rect { x: x + 6.0, y, w, h })
    };
    // Lying text reads better; upright text needs less room.
    let best = candidates((length, SMALL))
        .chain(candidates((SMALL, length)))
        .filter(|rect| rect.w + 12.0 < room)
        .min_by_key(|rect| taken.count(rect.grown(3.0)))?;
    let lying = best.w > best.h;
    let at = if lying { (best.x, best.bottom() - 2.0) } else { (best.right() - 1.0, best.bottom()) };
    Some(Text {
        color: QUIET,
        upwards: !lying,
        halo: true,
        ..plain_text(at, SMALL, Anchor::Start, rich::plain(BEYOND))
    })
}

/// Draw bands, curves and points; the preferred curve lies above the others.
fn main_panel(figure: &Figure, panel: &Panel<'_>, points: &[(f64, f64)], shapes: &mut Vec<Shape>) {
    let mut clipped = Vec::new();
    let tint = style::tint(figure.curves.len());
    for (i, curve) in figure.curves.iter().enumerate() {
        for piece in bands(curve, panel) {
            band(&piece, Look::of(i).color, tint, &mut clipped);
        }
    }
    // In order: a later, dashed curve stays visible on a solid one that it coincides with.
    for (i, curve) in figure.curves.iter().enumerate() {
        for points in pieces(curve, &curve.estimate, panel) {
            let stroke = Look::of(i).stroke(curve.best);
            clipped.push(Shape::Line { points, stroke });
        }
    }
    let (radius, opacity, edge) = style::mark(points.len());
    let data =
        Shape::Marks { at: panel.spots(points), marker: Marker::Circle, radius, fill: INK, opacity, edge };
    let curves = Shape::Clipped { clip: panel.rect, shapes: clipped };
    // A few points belong on top; a cloud of them would bury the curves.
    if points.len() > style::MANY {
        shapes.extend([data, curves]);
    } else {
        shapes.extend([curves, data]);
    }
}

/// Draw one piece of a band: its area, and thin edges that tell bands apart where they overlap.
fn band(piece: &[Span], color: &'static str, tint: f64, shapes: &mut Vec<Shape>) {
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

/// Draw the residuals of every curve, side by side where they belong to the same point.
fn residual_panel(figure: &Figure, panel: &Panel<'_>, shapes: &mut Vec<Shape>) {
    if let Some(zero) = panel.up(0.0) {
        let ends = vec![((panel.rect.x, zero), (panel.rect.right(), zero))];
        shapes.push(Shape::Segments { ends, stroke: Stroke::solid("#444444", 0.9) });
    }
    let with: Vec<usize> =
        (0..figure.curves.len()).filter(|&i| !range::residuals(&figure.curves[i]).is_empty()).collect();
    let most = (thin::MOST / with.len().max(1)).max(500);
    let step = dodge(figure, panel, with.len());
    for (rank, &i) in with.iter().enumerate() {
        let look = Look::of(i);
        let all = range::residuals(&figure.curves[i]);
        let residuals = thin::thin(&all, most);
        if residuals.len() < all.len() {
            let (drawn, total) = (residuals.len(), all.len());
            shapes.push(Shape::Comment(format!("{drawn} of {total} residuals drawn of curve {}", i + 1)));
        }
        let shift = (rank as f64 - (with.len() as f64 - 1.0) / 2.0) * step;
        let at = panel.spots(&residuals).into_iter().map(|(x, y)| (x + shift, y)).collect();
        let (radius, opacity, edge) = style::mark(residuals.len());
        shapes.push(Shape::Marks {
            at,
            marker: look.marker,
            radius: 0.9 * radius,
            fill: look.color,
            opacity,
            edge,
        });
    }
}

/// Return how far apart the residuals of two curves at the same x are drawn: less than neighbours in x are.
fn dodge(figure: &Figure, panel: &Panel<'_>, count: usize) -> f64 {
    if count < 2 {
        return 0.0;
    }
    let mut xs: Vec<f64> =
        figure.curves.iter().flat_map(|c| &c.residuals).filter_map(|r| panel.across(r.0)).collect();
    xs.sort_by(f64::total_cmp);
    let gap =
        xs.windows(2).map(|pair| pair[1] - pair[0]).filter(|&gap| gap > 0.01).fold(f64::INFINITY, f64::min);
    (0.6 * gap / count as f64).min(6.0)
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
