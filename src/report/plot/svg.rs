//! SVG text of a scene.

use std::fmt::Write as _;

use super::rich::Run;
use super::scene::{Anchor, Marker, Point, Rect, Scene, Shape, Stroke, Text};
use super::style::PAPER;

/// Typefaces in order of preference.
const FONTS: &str = "DejaVu Sans, Helvetica, Arial, sans-serif";

/// User units in a millimetre.
const PER_MM: f64 = 4.0;

/// Write a scene as an SVG document.
pub(super) fn write(scene: &Scene) -> String {
    let mut writer = Writer { out: String::new() };
    writer.document(scene);
    writer.out
}

/// Write a coordinate: two decimals at most, so that files are small and the same on every machine.
fn num(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Escape text for XML, without the characters that XML has no way to write.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
    out
}

/// Write points as pairs.
fn pairs(points: &[Point]) -> String {
    let pair = |&(x, y): &Point| format!("{},{}", num(x), num(y));
    points.iter().map(pair).collect::<Vec<_>>().join(" ")
}

/// Write the attributes of a stroke.
fn stroke(stroke: &Stroke) -> String {
    let mut out = format!(r#" fill="none" stroke="{}" stroke-width="{}""#, stroke.color, num(stroke.width));
    if !stroke.dash.is_empty() {
        let dash: Vec<String> = stroke.dash.iter().map(|&d| num(d)).collect();
        // Writing to a string cannot fail.
        let _ = write!(out, r#" stroke-dasharray="{}""#, dash.join(" "));
    }
    if stroke.opacity < 1.0 {
        let _ = write!(out, r#" stroke-opacity="{}""#, num(stroke.opacity));
    }
    out
}

/// Return the outline of a mark, of about the same area as a circle of the radius; `None` for a circle.
fn outline(marker: Marker, (x, y): Point, r: f64) -> Option<Vec<Point>> {
    Some(match marker {
        Marker::Circle => return None,
        Marker::Square => {
            let s = 0.88 * r;
            vec![(x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s)]
        }
        Marker::Triangle => {
            vec![(x, y - 1.25 * r), (x + 1.15 * r, y + 0.75 * r), (x - 1.15 * r, y + 0.75 * r)]
        }
        Marker::TriangleDown => {
            vec![(x, y + 1.25 * r), (x + 1.15 * r, y - 0.75 * r), (x - 1.15 * r, y - 0.75 * r)]
        }
        Marker::Diamond => {
            let s = 1.25 * r;
            vec![(x, y - s), (x + s, y), (x, y + s), (x - s, y)]
        }
    })
}

struct Writer {
    out: String,
}

impl Writer {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn document(&mut self, scene: &Scene) {
        let (w, h) = (num(scene.size.0), num(scene.size.1));
        let (width, height) = (num(scene.size.0 / PER_MM), num(scene.size.1 / PER_MM));
        self.line(&format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {w} {h}" font-family="{FONTS}" role="img">"#
        ));
        self.line(&format!("<title>{}</title>", escape(&scene.name)));
        self.line(&format!(r#"<rect width="{w}" height="{h}" fill="{PAPER}"/>"#));
        self.shapes(&scene.shapes);
        self.line("</svg>");
    }

    fn shapes(&mut self, shapes: &[Shape]) {
        for shape in shapes {
            self.shape(shape);
        }
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Line { points, stroke: s } => {
                self.line(&format!(
                    r#"<polyline points="{}"{} stroke-linejoin="round"/>"#,
                    pairs(points),
                    stroke(s)
                ));
            }
            Shape::Segments { ends, stroke: s } => {
                if ends.is_empty() {
                    return;
                }
                let path: String = ends
                    .iter()
                    .map(|(a, b)| format!("M{},{}L{},{}", num(a.0), num(a.1), num(b.0), num(b.1)))
                    .collect();
                self.line(&format!(r#"<path d="{path}"{}/>"#, stroke(s)));
            }
            Shape::Area { points, fill, opacity } => {
                self.line(&format!(
                    r#"<polygon points="{}" fill="{fill}" fill-opacity="{}"/>"#,
                    pairs(points),
                    num(*opacity)
                ));
            }
            Shape::Box { rect, fill, opacity, stroke: edge } => {
                let edge = edge.map_or_else(String::new, |s| {
                    format!(r#" stroke="{}" stroke-width="{}""#, s.color, num(s.width))
                });
                self.line(&format!(
                    r#"<rect {} fill="{fill}" fill-opacity="{}"{edge}/>"#,
                    place(*rect),
                    num(*opacity)
                ));
            }
            Shape::Marks { at, marker, radius, fill, opacity, edge } => {
                self.marks(at, *marker, *radius, fill, *opacity, *edge);
            }
            Shape::Text(text) => self.text(text),
            Shape::Clipped { clip, shapes } => {
                // Named after what it is: pages that hold several pictures share one space of names.
                let sides = [clip.x, clip.y, clip.w, clip.h].map(num);
                let id = format!("clip-{}", sides.join("-").replace('.', "_"));
                self.line(&format!(r#"<clipPath id="{id}"><rect {}/></clipPath>"#, place(*clip)));
                self.line(&format!(r#"<g clip-path="url(#{id})">"#));
                self.shapes(shapes);
                self.line("</g>");
            }
            // Two hyphens would end the comment.
            Shape::Comment(text) => self.line(&format!("<!-- {} -->", escape(text).replace("--", "- -"))),
        }
    }

    fn marks(&mut self, at: &[Point], marker: Marker, radius: f64, fill: &str, opacity: f64, edge: f64) {
        let edge = if edge > 0.0 {
            format!(r#" stroke="{PAPER}" stroke-width="{}""#, num(edge))
        } else {
            String::new()
        };
        self.line(&format!(r#"<g fill="{fill}" fill-opacity="{}"{edge}>"#, num(opacity)));
        for &(x, y) in at {
            match outline(marker, (x, y), radius) {
                None => {
                    self.line(&format!(r#"<circle cx="{}" cy="{}" r="{}"/>"#, num(x), num(y), num(radius)))
                }
                Some(points) => self.line(&format!(r#"<polygon points="{}"/>"#, pairs(&points))),
            }
        }
        self.line("</g>");
    }

    fn text(&mut self, text: &Text) {
        let (x, y) = (num(text.at.0), num(text.at.1));
        let anchor = match text.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let mut extra = String::new();
        if text.upwards {
            let _ = write!(extra, r#" transform="rotate(-90 {x} {y})""#);
        }
        if text.bold {
            extra.push_str(r#" font-weight="bold""#);
        }
        if text.halo {
            let _ = write!(
                extra,
                r#" stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke""#
            );
        }
        self.line(&format!(
            r#"<text x="{x}" y="{y}" font-size="{}" text-anchor="{anchor}" fill="{}"{extra}>{}</text>"#,
            num(text.size),
            text.color,
            spans(&text.runs, text.size)
        ));
    }
}

/// Write the position and size of a rectangle.
fn place(rect: Rect) -> String {
    format!(
        r#"x="{}" y="{}" width="{}" height="{}""#,
        num(rect.x),
        num(rect.y),
        num(rect.w.max(0.0)),
        num(rect.h.max(0.0))
    )
}

/// Write runs of text; scripts are moved by `dy`, which, unlike `baseline-shift`, all viewers know.
fn spans(runs: &[Run], size: f64) -> String {
    let mut out = String::new();
    let mut height = 0.0;
    for run in runs {
        let text = escape(&run.text);
        if run.rise == height && run.scale == 1.0 {
            out.push_str(&text);
            continue;
        }
        let dy = num((height - run.rise) * size);
        let _ = write!(out, r#"<tspan dy="{dy}" font-size="{}">{text}</tspan>"#, num(run.scale * size));
        height = run.rise;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::rich;
    use super::*;

    #[test]
    fn numbers_are_short_and_finite() {
        for (value, text) in
            [(1.0, "1"), (1.005, "1"), (-0.001, "0"), (2.5, "2.5"), (f64::NAN, "0"), (-3.149, "-3.15")]
        {
            assert_eq!(num(value), text);
        }
        assert_eq!(num(100.0), "100");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("a<b & \"c\"\u{0}\u{1b}[31m\n"), "a&lt;b &amp; &quot;c&quot;[31m ");
    }

    #[test]
    fn scripts_return_to_the_line() {
        let text = spans(&rich::label("x*N^-alpha + 1"), 10.0);
        assert_eq!(
            text,
            "x\u{2009}N<tspan dy=\"-3.8\" font-size=\"7.2\">−α</tspan><tspan dy=\"3.8\" font-size=\"10\"> + 1</tspan>"
        );
    }
}
