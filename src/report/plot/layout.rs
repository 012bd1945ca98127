//! From a figure to a scene: what is drawn, in which order, and where.

use super::super::figure::{Curve, Figure};
use super::band::{self, Limits, Span};
use super::frame::Frame;
use super::legend::{Legend, Place};
use super::occupancy::Occupancy;
use super::panel::Panel;
use super::range;
use super::remark::{self, Side};
use super::scene::{Marker, Point, Rect, Scene, Shape, Stroke, Text};
use super::style::{self, HEIGHT, INK, Look, WIDTH};
use super::thin;

/// What is written in the region beyond the data.
const BEYOND: &str = "extrapolation";

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
    Scene { size: (WIDTH, HEIGHT), name, shapes }
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
    panel.pieces(curve.x.iter().copied().zip(values.iter().copied()))
}

/// Return the parts of the band of a curve.
fn bands(curve: &Curve, panel: &Panel<'_>) -> Vec<Vec<Span>> {
    let pairs = curve.x.iter().zip(&curve.estimate).zip(curve.low.iter().zip(&curve.high));
    let limits = pairs.map(|((&x, &estimate), (&low, &high))| Limits { x, estimate, low, high });
    band::pieces(limits, panel)
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
            band::occupy(&piece, &mut taken);
        }
    }
    taken
}

/// Mark where the data end, and return the remark on what follows, which is drawn last.
fn beyond(figure: &Figure, frame: &Frame, taken: &Occupancy, shapes: &mut Vec<Shape>) -> Option<Text> {
    let x = frame.main().across(range::last_datum(figure)?)?;
    shapes.push(Shape::Segments {
        ends: frame.panels().map(|p| ((x, p.rect.y), (x, p.rect.bottom()))).collect(),
        stroke: Stroke { color: "#777777", width: 0.9, dash: &[3.0, 3.0], opacity: 1.0 },
    });
    remark::beside(BEYOND, x, &[Side::Right], frame.main, taken)
}

/// Draw bands, curves and points; the preferred curve lies above the others.
fn main_panel(figure: &Figure, panel: &Panel<'_>, points: &[(f64, f64)], shapes: &mut Vec<Shape>) {
    let mut clipped = Vec::new();
    let tint = style::tint(figure.curves.len());
    for (i, curve) in figure.curves.iter().enumerate() {
        for piece in bands(curve, panel) {
            band::draw(&piece, Look::of(i).color, tint, &mut clipped);
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

/// Draw the residuals of every curve, side by side where they belong to the same point.
fn residual_panel(figure: &Figure, panel: &Panel<'_>, shapes: &mut Vec<Shape>) {
    shapes.extend(panel.level(0.0, style::ZERO));
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
