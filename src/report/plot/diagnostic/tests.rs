//! Tests of the whole diagnostic picture.

use super::super::super::panels::Panels;
use super::super::panels_svg;
use super::super::rich;
use super::super::scene::{Anchor, Rect, Text};
use super::super::thin;
use super::*;

/// Return every shape, also those that are clipped.
fn flat(shapes: &[Shape]) -> Vec<&Shape> {
    let mut all = Vec::new();
    for shape in shapes {
        match shape {
            Shape::Clipped { shapes, .. } => all.extend(flat(shapes)),
            other => all.push(other),
        }
    }
    all
}

fn texts(scene: &Scene) -> Vec<&Text> {
    let mut texts = Vec::new();
    for shape in &scene.shapes {
        if let Shape::Text(text) = shape {
            texts.push(text);
        }
    }
    texts
}

/// Return the place of a line of text.
fn place(text: &Text) -> Rect {
    let length = rich::width(&text.runs, text.size) * if text.bold { 1.12 } else { 1.0 };
    let before = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => length / 2.0,
        Anchor::End => length,
    };
    let (x, y) = text.at;
    if text.upwards {
        return Rect { x: x - text.size, y: y + before - length, w: text.size, h: length };
    }
    Rect { x: x - before, y: y - 0.8 * text.size, w: length, h: text.size }
}

fn frames(scene: &Scene) -> Vec<Rect> {
    let frame = |shape: &Shape| match shape {
        Shape::Box { rect, fill: "none", .. } => Some(*rect),
        _ => None,
    };
    scene.shapes.iter().filter_map(frame).collect()
}

#[test]
fn svg_has_only_finite_numbers_and_is_stable() {
    for panels in samples::all() {
        let text = panels_svg(&panels);
        let other = text.replace("influence", "");
        assert!(!other.contains("NaN") && !other.contains("inf"), "{text}");
        assert_eq!(text, panels_svg(&panels.clone()));
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
        assert!(text.contains(r#"width="190mm" height="150mm" viewBox="0 0 760 600""#));
    }
}

#[test]
fn every_panel_is_there_and_inside() {
    for panels in samples::all() {
        let scene = scene(&panels);
        let frames = frames(&scene);
        assert_eq!(frames.len(), 4);
        for (i, r) in frames.iter().enumerate() {
            assert!(r.w > 200.0 && r.h > 150.0, "{r:?}");
            assert!(r.x > 30.0 && r.right() < sheet::SIZE.0 && r.bottom() < sheet::SIZE.1 - 40.0);
            // Frames of a row share their height, those of a column their left side.
            let (beside, below) = (frames[i ^ 1], frames[i ^ 2]);
            assert!((r.y, r.h) == (beside.y, beside.h) && (r.x, r.w) == (below.x, below.w));
        }
        let titles: Vec<String> = texts(&scene)
            .iter()
            .filter(|t| t.bold)
            .map(|t| t.runs.iter().map(|r| r.text.as_str()).collect())
            .collect();
        assert_eq!(
            titles,
            [
                "(a) residuals",
                "(b) local exponent",
                "(c) influence: each run left out",
                "(d) quantiles of the residuals"
            ]
        );
    }
}

#[test]
fn no_text_is_cut_by_the_edge_of_the_picture() {
    for panels in samples::all() {
        let scene = scene(&panels);
        for text in texts(&scene) {
            let r = place(text);
            let inside =
                r.x >= 0.0 && r.y >= 0.0 && r.right() <= sheet::SIZE.0 && r.bottom() <= sheet::SIZE.1;
            assert!(inside, "{text:?}");
        }
    }
}

#[test]
fn text_does_not_overlap_text() {
    for panels in samples::all() {
        let scene = scene(&panels);
        let places: Vec<Rect> = texts(&scene).into_iter().map(place).collect();
        for (i, a) in places.iter().enumerate() {
            for b in &places[..i] {
                let apart = a.x >= b.right() || b.x >= a.right() || a.y >= b.bottom() || b.y >= a.bottom();
                assert!(apart, "{a:?} {b:?}");
            }
        }
    }
}

#[test]
fn marks_lie_in_their_panels() {
    for panels in samples::all() {
        let scene = scene(&panels);
        let frames = frames(&scene);
        // The legends have marks of their own, all in the strips above the panels.
        let strip = |r: &Rect| Rect { y: r.y - 50.0, h: r.h + 50.0, ..*r };
        for shape in flat(&scene.shapes) {
            let Shape::Marks { at, .. } = shape else {
                continue;
            };
            for &(x, y) in at {
                let inside = |r: Rect| x >= r.x && x <= r.right() && y >= r.y && y <= r.bottom();
                assert!(frames.iter().map(strip).any(inside), "{x} {y}");
            }
        }
    }
}

#[test]
fn labels_are_escaped() {
    let mut panels = samples::kink();
    panels.x_label = "N <&> \"quoted\" \u{1b}[31m".to_owned();
    panels.residuals.flags[0].text = "<7>".to_owned();
    let text = panels_svg(&panels);
    assert!(text.contains("N &lt;&amp;&gt; &quot;quoted&quot; [31m") && text.contains("&lt;7&gt;"));
}

#[test]
fn parts_are_drawn_and_explained() {
    let text = panels_svg(&samples::kink());
    for part in [
        "local smooth",
        "±2s",
        "break at 71M",
        "break, 95% interval",
        "line 19",
        "window, 95% interval",
        "all runs",
        "±2/√n",
        "area: prediction at 130B, ≤ 4.6%",
        "95% simultaneous band",
        "residual of ln loss",
        "exponent α",
        "change (standard errors)",
        "studentised residual",
        "clip-path",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn an_empty_panel_shows_its_note_and_no_numbers() {
    let scene = scene(&samples::empty());
    let words: Vec<String> =
        texts(&scene).iter().map(|t| t.runs.iter().map(|r| r.text.as_str()).collect()).collect();
    assert!(words.iter().any(|w| w == "no degree of freedom is left"));
    assert!(words.iter().any(|w| w.starts_with("too few sizes")));
    assert!(words.iter().all(|w| w.parse::<f64>().is_err()));
}

#[test]
fn a_crowd_is_thinned_and_says_so() {
    let scene = scene(&samples::crowd(100_000));
    let said = |part: &str| scene.shapes.iter().any(|s| matches!(s, Shape::Comment(c) if c.contains(part)));
    assert!(said("of 100000 residuals") && said("of 100000 runs") && said("of 100000 quantiles"));
    let marks = flat(&scene.shapes).into_iter().filter_map(|s| match s {
        Shape::Marks { at, .. } => Some(at.len()),
        _ => None,
    });
    assert!(marks.sum::<usize>() < 2 * thin::MOST + 700);
    let text = panels_svg(&samples::crowd(100_000));
    assert!(text.contains("of 100,000 drawn)"));
}

#[test]
fn an_exploding_interval_does_not_rule() {
    let range = |panels: &Panels| Exponents::new(&panels.exponents, "N").up();
    let calm = samples::cerebras();
    let mut wild = calm.clone();
    for window in &mut wild.exponents.windows {
        (window.low, window.high) = (f64::NEG_INFINITY, 1e200);
    }
    let alphas = || calm.exponents.windows.iter().map(|w| w.alpha);
    let span = alphas().fold(f64::MIN, f64::max) - alphas().fold(f64::MAX, f64::min);
    let (low, high) = range(&wild);
    assert!(high - low < 3.0 * span && low < range(&calm).1);
}

#[cfg(feature = "png")]
#[test]
fn every_sample_can_be_rasterised() {
    use super::super::{PlotError, panels_png};
    use resvg::tiny_skia::Pixmap;

    for panels in [samples::kink(), samples::empty()] {
        let png = panels_png(&panels, 1.0).unwrap();
        let pixmap = Pixmap::decode_png(&png).unwrap();
        assert_eq!((pixmap.width(), pixmap.height()), (760, 600));
        assert_eq!(panels_png(&panels, 1.0), Ok(png));
    }
    assert!(matches!(panels_png(&samples::empty(), 99.0), Err(PlotError::Scale { .. })));
}
