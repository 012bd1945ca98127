//! A small plot as text: data over the preferred curve.

use super::super::figure::{Curve, Figure};
use super::canvas::{Canvas, nearest};
use super::number::Notation;
use super::range;
use super::ticks::{Axis, Room};

/// Columns of a plot when nothing else is asked for.
pub const DEFAULT_WIDTH: usize = 72;
/// Rows of a plot when nothing else is asked for.
pub const DEFAULT_HEIGHT: usize = 18;

/// Least columns and rows in which a plot can be read.
const LEAST: (usize, usize) = (30, 10);
/// Rows besides the plot itself: a heading, the axis, its labels, its name.
const AROUND: usize = 4;

/// The characters of a plot.
struct Signs {
    point: char,
    curve: &'static str,
    beyond: char,
    side: char,
    side_tick: char,
    corner: char,
    base: char,
    base_tick: char,
    /// Dots of a cell, across and down.
    dots: (usize, usize),
}

const UNICODE: Signs = Signs {
    point: '●',
    curve: "⠤⠤",
    beyond: '┊',
    side: '│',
    side_tick: '┤',
    corner: '└',
    base: '─',
    base_tick: '┬',
    dots: (2, 4),
};

const ASCII: Signs = Signs {
    point: 'o',
    curve: "..",
    beyond: ':',
    side: '|',
    side_tick: '+',
    corner: '+',
    base: '-',
    base_tick: '+',
    dots: (1, 1),
};

/// Draw a figure as text.
pub(super) fn render(figure: &Figure, width: usize, height: usize, ascii: bool) -> String {
    let signs = if ascii { &ASCII } else { &UNICODE };
    let (width, height) = (width.max(LEAST.0), height.max(LEAST.1));
    let curve = figure.curves.iter().find(|c| c.best).or(figure.curves.first());
    // Bands and the other curves are not drawn, so that they have no say in the ranges.
    let shown = Figure {
        curves: curve.map(bare).into_iter().collect(),
        points: range::drawable(figure),
        ..empty(figure.y_log)
    };
    let title = usize::from(!figure.title.is_empty());
    let rows = height - AROUND - title;

    let (low, high) = range::y(&shown);
    let y = Axis::new(
        figure.y_log,
        low,
        high,
        &Room { length: rows as f64 - 1.0, space: 1.0, extent: &|_| 1.0, notation: Notation::Terminal },
    );
    let gutter = y.major.iter().map(|t| t.label.chars().count()).max().unwrap_or(0) + 1;
    let columns = width.saturating_sub(gutter + 1).max(10);
    let (low, high) = range::x(&shown);
    let x = Axis::new(
        true,
        low,
        high,
        &Room {
            length: columns as f64 - 1.0,
            space: 2.0,
            extent: &|label| label.chars().count() as f64,
            notation: Notation::Terminal,
        },
    );

    let mut canvas = Canvas::new(columns, rows, signs.dots);
    if let Some(curve) = shown.curves.first() {
        canvas.curve(curve, &x, &y);
    }
    if let Some(last) = range::last_datum(&shown).and_then(|last| x.place(last)) {
        canvas.upright(nearest(last, columns), signs.beyond);
    }
    for &(px, py) in &shown.points {
        if let (Some(fx), Some(fy)) = (x.place(px), y.place(py)) {
            canvas.put(nearest(fx, columns), nearest(1.0 - fy, rows), signs.point);
        }
    }

    let mut lines = Vec::with_capacity(height);
    if title == 1 {
        lines.push(centred(&clean(&figure.title, ascii), width));
    }
    lines.push(heading(figure, curve, signs, width, ascii));
    let mut side = vec![""; rows];
    for tick in &y.major {
        side[nearest(1.0 - tick.at, rows)] = &tick.label;
    }
    for (label, cells) in side.iter().zip(canvas.rows()) {
        let wall = if label.is_empty() { signs.side } else { signs.side_tick };
        lines.push(format!("{label:>w$} {wall}{cells}", w = gutter - 1));
    }
    let ticks: Vec<usize> = x.major.iter().map(|t| nearest(t.at, columns)).collect();
    let base = (0..columns).map(|i| if ticks.contains(&i) { signs.base_tick } else { signs.base });
    lines.push(format!("{:gutter$}{}{}", "", signs.corner, base.collect::<String>()));
    lines.push(tick_labels(&x, &ticks, gutter + 1, width));
    let name = clean(&figure.x_label, ascii);
    let offset = " ".repeat(gutter + 1);
    lines.push(cut(&format!("{offset}{}", centred(&name, columns)), width));
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Return a curve without what the terminal does not show.
fn bare(curve: &Curve) -> Curve {
    Curve {
        label: String::new(),
        x: curve.x.clone(),
        estimate: curve.estimate.clone(),
        low: Vec::new(),
        high: Vec::new(),
        residuals: Vec::new(),
        best: true,
    }
}

/// Return a figure with nothing in it.
fn empty(y_log: bool) -> Figure {
    Figure {
        title: String::new(),
        x_label: String::new(),
        y_label: String::new(),
        residual_label: String::new(),
        y_log,
        points: Vec::new(),
        curves: Vec::new(),
        level: 0.95,
    }
}

/// Return the line above the plot: the name of the y axis, and what the signs mean.
fn heading(figure: &Figure, curve: Option<&Curve>, signs: &Signs, width: usize, ascii: bool) -> String {
    let name = clean(&figure.y_label, ascii);
    let mut key = format!("{} data", signs.point);
    if let Some(curve) = curve {
        key = format!("{key}   {} {}", signs.curve, clean(&curve.label, ascii));
    }
    let left = width.saturating_sub(key.chars().count());
    if name.chars().count() + 2 > left {
        return cut(&format!("{name}  {key}"), width);
    }
    format!("{name:<left$}{key}")
}

/// Return the labels of the x axis, each centred below its tick as far as the line allows.
fn tick_labels(x: &Axis, ticks: &[usize], offset: usize, width: usize) -> String {
    let mut line = String::new();
    for (tick, &column) in x.major.iter().zip(ticks) {
        let length = tick.label.chars().count();
        let end = line.chars().count();
        let start = (offset + column).saturating_sub(length / 2).min(width.saturating_sub(length));
        if end == 0 || start > end {
            line.push_str(&" ".repeat(start - end));
            line.push_str(&tick.label);
        }
    }
    line
}

/// Put text in the middle of a line.
fn centred(text: &str, width: usize) -> String {
    let text = cut(text, width);
    let before = (width - text.chars().count()) / 2;
    format!("{}{text}", " ".repeat(before))
}

/// Cut text to a width.
fn cut(text: &str, width: usize) -> String {
    text.chars().take(width).collect()
}

/// Replace what a terminal might obey, and with `ascii` what it might not know.
fn clean(text: &str, ascii: bool) -> String {
    text.chars()
        .map(|c| match c {
            _ if c.is_control() => ' ',
            _ if ascii && !c.is_ascii() => '?',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn plots_keep_to_their_size() {
        for figure in samples::all() {
            for (width, height) in [(72, 18), (40, 12), (120, 40), (30, 10)] {
                for ascii in [true, false] {
                    let text = render(&figure, width, height, ascii);
                    assert!(text.lines().count() <= height, "{text}");
                    for line in text.lines() {
                        assert!(line.chars().count() <= width, "{width}: {line}");
                        assert_eq!(line, line.trim_end());
                    }
                    assert!(!ascii || text.is_ascii());
                    assert!(!text.contains("NaN") && !text.contains('\u{1b}'));
                }
            }
        }
    }

    #[test]
    fn sizes_are_written_as_people_write_them() {
        let text = render(&samples::cerebras(), DEFAULT_WIDTH, DEFAULT_HEIGHT, true);
        for part in ["1B", "10B", "100B", "2.0", "o data", "E + A*N^-alpha"] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        let text = render(&samples::cerebras(), DEFAULT_WIDTH, DEFAULT_HEIGHT, false);
        // Seven points, and the one in the key.
        assert_eq!(text.matches('●').count(), 8, "{text}");
    }

    #[test]
    fn commands_to_the_terminal_are_dropped() {
        let mut figure = samples::cerebras();
        figure.x_label = "N\u{1b}[2J größe".to_owned();
        let text = render(&figure, 72, 18, true);
        assert!(!text.contains('\u{1b}') && text.is_ascii());
    }
}
