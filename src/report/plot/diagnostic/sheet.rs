//! The grid of panels: where each lies, with its axes, title and legend.

use super::super::legend::{Legend, Place};
use super::super::metrics;
use super::super::panel::{self, Panel, plain_text};
use super::super::range::Range;
use super::super::rich;
use super::super::scene::{Anchor, Rect, Shape, Text};
use super::super::style::{NORMAL, QUIET, SMALL};
use super::super::ticks::Axis;
use super::content::Content;

/// Width and height of the picture in user units: 190 mm by 150 mm.
pub(super) const SIZE: (f64, f64) = (760.0, 600.0);

/// Height of a title.
const TITLE: f64 = 18.0;
/// Space above a title.
const ABOVE: f64 = 10.0;
/// Space below a panel, for numbers and label.
const BELOW: f64 = 46.0;
/// Space right of a panel.
const RIGHT: f64 = 12.0;
/// Distance between lines of a note.
const NOTE_LINE: f64 = 16.0;

/// One place of the grid.
pub(super) struct Cell {
    rect: Rect,
    /// Axes across and up; none in a panel with nothing to draw, where numbers would say something.
    axes: Option<(Axis, Axis)>,
    legend: Legend,
    /// Upper end of the title.
    top: f64,
    /// Strip of the picture for the label of the x axis.
    strip: (f64, f64),
    /// Width of the widest number of a y axis in the column.
    widest: f64,
}

/// The four places, row by row.
pub(super) struct Sheet {
    pub(super) cells: Vec<Cell>,
}

impl Sheet {
    /// Lay out a grid with two columns.
    pub(super) fn new(contents: &[&dyn Content; 4], ranges: &[Range; 4]) -> Self {
        let (width, height) = (SIZE.0 / 2.0, (SIZE.1 - 4.0) / 2.0);
        let legends: Vec<Legend> =
            contents.iter().map(|c| Legend::compact(if shown(*c) { c.key() } else { Vec::new() })).collect();
        // Frames of a row begin at one height, and frames of a column at one x. What labels need depends on the height
        // of the panels a little; a guess on the safe side stands in for it.
        let low = height - 120.0;
        let ups: Vec<Option<Axis>> = contents
            .iter()
            .map(|c| {
                let (from, to) = c.up();
                shown(*c).then(|| Axis::new(false, from, to, &panel::upright(low)))
            })
            .collect();
        let columns = [0, 1].map(|column| {
            let pair = [column, column + 2];
            let widest = panel::widest(pair.iter().filter_map(|&k| ups[k].as_ref()).flat_map(|a| &a.major));
            let lines = pair.iter().map(|&k| panel::side_lines(contents[k].labels().1, low).len());
            (widest, panel::side_room(lines.max().unwrap_or(1), widest))
        });
        let inner = |column: usize| width - columns[column].1 - RIGHT;
        let mut cells = Vec::with_capacity(4);
        for (i, legend) in legends.iter().enumerate() {
            let (row, column) = (i / 2, i % 2);
            let strip = legends[2 * row].height(inner(0)).max(legends[2 * row + 1].height(inner(1)));
            let (widest, left) = columns[column];
            let (x, top) = (column as f64 * width, row as f64 * height + ABOVE);
            let y = top + TITLE + strip;
            let rect = Rect { x: x + left, y, w: inner(column), h: (row + 1) as f64 * height - BELOW - y };
            let (from, to) = ranges[i];
            let across = || Axis::new(contents[i].log(), from, to, &panel::across(rect.w));
            cells.push(Cell {
                rect,
                axes: ups[i].clone().map(|up| (across(), up)),
                legend: legend.clone(),
                top,
                strip: (x + 8.0, x + width - 4.0),
                widest,
            });
        }
        Self { cells }
    }
}

/// Whether a panel has something to draw.
fn shown(content: &dyn Content) -> bool {
    content.across().is_some()
}

impl Cell {
    /// Draw a panel with everything around it.
    pub(super) fn draw(&self, content: &dyn Content, shapes: &mut Vec<Shape>) {
        let r = self.rect;
        let title = rich::shorten(rich::plain(content.title()), NORMAL * 1.12, r.w);
        let line = plain_text((r.x, self.top + NORMAL), NORMAL, Anchor::Start, title);
        shapes.push(Shape::Text(Text { bold: true, ..line }));
        if let Some((x, y)) = &self.axes {
            let panel = Panel { rect: r, x, y };
            let strip = Place::Above { x: r.x, y: self.top + TITLE - 1.0, width: r.w };
            self.legend.draw(strip, shapes);
            panel.grid(shapes);
            content.draw(&panel, shapes);
            panel.axes(shapes);
            panel.x_numbers(shapes);
        } else {
            shapes.push(panel::frame(r));
            note(content.note(), r, shapes);
        }
        let (across, up) = content.labels();
        panel::x_label(across, r, self.strip, shapes);
        panel::side_label(up, r, self.widest, shapes);
    }
}

/// Write a note into the middle of an empty panel.
fn note(words: &str, rect: Rect, shapes: &mut Vec<Shape>) {
    let room = rect.w - 40.0;
    let most = (rect.h / NOTE_LINE) as usize;
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if metrics::width(&format!("{line} {word}"), SMALL) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push_str(" …");
        }
    }
    let first = rect.y + rect.h / 2.0 - (lines.len() as f64 - 1.0) / 2.0 * NOTE_LINE + 0.36 * SMALL;
    for (i, line) in lines.iter().enumerate() {
        let runs = rich::shorten(rich::plain(line), SMALL, room);
        let at = (rect.x + rect.w / 2.0, first + i as f64 * NOTE_LINE);
        shapes.push(Shape::Text(Text { color: QUIET, ..plain_text(at, SMALL, Anchor::Middle, runs) }));
    }
}
