//! Tests of the layout: gaps, unbounded bands, thinning and odd figures.

use super::super::samples;
use super::*;

#[test]
fn missing_values_break_a_curve() {
    let mut figure = samples::cerebras();
    let count = figure.curves[0].estimate.len();
    figure.curves[0].estimate[count / 2] = f64::NAN;
    let frame = Frame::new(&figure, 0.0);
    let curve = &figure.curves[0];
    assert_eq!(pieces(curve, &curve.estimate, &frame.main()).len(), 2);
}

#[test]
fn an_unbounded_limit_fills_the_panel() {
    let mut figure = samples::cerebras();
    figure.curves[0].high.fill(f64::NAN);
    let frame = Frame::new(&figure, 0.0);
    let pieces = bands(&figure.curves[0], &frame.main());
    assert_eq!(pieces.len(), 1);
    assert!(pieces[0].iter().all(|s| s.high < frame.main.y && s.bounded == (true, false)));
}

#[test]
fn residuals_stand_side_by_side() {
    let figure = samples::cerebras();
    let frame = Frame::new(&figure, 0.0);
    let panel = frame.rest().unwrap_or(frame.main());
    assert!(dodge(&figure, &panel, 2) > 1.0);
    assert!(dodge(&figure, &panel, 1).abs() < 1e-12);
}

#[test]
fn a_crowd_is_thinned_and_says_so() {
    let scene = scene(&samples::crowd());
    assert!(matches!(&scene.shapes[0], Shape::Comment(text) if text.contains("of 100000 points")));
    let marks = scene.shapes.iter().filter_map(|s| match s {
        Shape::Marks { at, .. } => Some(at.len()),
        _ => None,
    });
    assert!(marks.sum::<usize>() < 2 * thin::MOST + 20);
}
