//! The panels of a figure: where they lie, and their axes.

use super::super::figure::Figure;
use super::panel::{self, Panel, plain_text};
use super::range;
use super::rich;
use super::scene::{Anchor, Rect, Shape, Text};
use super::style::{HEIGHT, LARGE, WIDTH};
use super::ticks::Axis;

/// Share of the height of both panels that the main panel gets.
const MAIN_SHARE: f64 = 0.71;
/// Space between the panels.
const GAP: f64 = 14.0;

/// The two panels and their axes; the panels share the x axis.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) main: Rect,
    /// The residual panel; absent without residuals.
    pub(super) rest: Option<(Rect, Axis)>,
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// Where a legend above the panels begins.
    pub(super) above: f64,
    /// Width of the widest number of a y axis.
    widest: f64,
}

impl Frame {
    /// Lay out the panels, with a strip for a legend above them.
    pub(super) fn new(figure: &Figure, strip: f64) -> Self {
        let above = 12.0 + if figure.title.is_empty() { 0.0 } else { LARGE * 1.7 };
        let top = above + strip;
        let bottom = HEIGHT - 45.0;
        let residual = range::residual(figure);
        let inner = bottom - top;
        let main_height = if residual.is_some() { inner * MAIN_SHARE } else { inner };
        let (low, high) = range::y(figure);
        let y = Axis::new(figure.y_log, low, high, &panel::upright(main_height));
        let rest_height = inner - main_height - GAP;
        let rest = residual.map(|(low, high)| Axis::new(false, low, high, &panel::upright(rest_height)));

        let widest = panel::widest(y.major.iter().chain(rest.iter().flat_map(|r| &r.major)));
        let mut lines = panel::side_lines(&figure.y_label, main_height).len();
        if rest.is_some() {
            lines = lines.max(panel::side_lines(&figure.residual_label, rest_height + GAP).len());
        }
        let left = panel::side_room(lines, widest);
        let width = WIDTH - left - 22.0;

        let (low, high) = range::x(figure);
        let at = |y: f64, h: f64| Rect { x: left, y, w: width, h };
        Self {
            main: at(top, main_height),
            rest: rest.map(|axis| (at(bottom - rest_height, rest_height), axis)),
            x: Axis::new(true, low, high, &panel::across(width)),
            y,
            above,
            widest,
        }
    }

    /// Return the main panel.
    pub(super) fn main(&self) -> Panel<'_> {
        Panel { rect: self.main, x: &self.x, y: &self.y }
    }

    /// Return the residual panel.
    pub(super) fn rest(&self) -> Option<Panel<'_>> {
        self.rest.as_ref().map(|(rect, y)| Panel { rect: *rect, x: &self.x, y })
    }

    /// Return both panels, or the main panel only.
    pub(super) fn panels(&self) -> impl Iterator<Item = Panel<'_>> {
        [Some(self.main()), self.rest()].into_iter().flatten()
    }

    /// Draw the grids, which lie below everything.
    pub(super) fn grid(&self, shapes: &mut Vec<Shape>) {
        for panel in self.panels() {
            panel.grid(shapes);
        }
    }

    /// Draw frames, ticks and all labels of the axes.
    pub(super) fn axes(&self, figure: &Figure, shapes: &mut Vec<Shape>) {
        for panel in self.panels() {
            panel.axes(shapes);
        }
        let lowest = self.rest().unwrap_or(self.main());
        lowest.x_numbers(shapes);
        panel::x_label(&figure.x_label, lowest.rect, (30.0, WIDTH - 10.0), shapes);
        panel::side_label(&figure.y_label, self.main, self.widest, shapes);
        if let Some((rect, _)) = self.rest {
            // The gap belongs to the lower panel: its label is the one that lacks room.
            let extended = Rect { y: rect.y - GAP, h: rect.h + GAP, ..rect };
            panel::side_label(&figure.residual_label, extended, self.widest, shapes);
        }
        if !figure.title.is_empty() {
            let title = rich::shorten(rich::label(&figure.title), LARGE * 1.12, WIDTH - 40.0);
            let half = rich::width(&title, LARGE * 1.12) / 2.0;
            let middle = (self.main.x + self.main.w / 2.0).min(WIDTH - 12.0 - half);
            let line = plain_text((middle, 8.0 + LARGE), LARGE, Anchor::Middle, title);
            shapes.push(Shape::Text(Text { bold: true, ..line }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn panels_lie_inside_the_picture() {
        for figure in samples::all() {
            let frame = Frame::new(&figure, 0.0);
            for panel in frame.panels() {
                assert!(panel.rect.x > 30.0 && panel.rect.right() < WIDTH);
                assert!(panel.rect.y > 5.0 && panel.rect.bottom() < HEIGHT - 30.0);
                assert!(panel.rect.h > 60.0);
            }
        }
    }

    #[test]
    fn no_residuals_no_panel() {
        let mut figure = samples::cerebras();
        assert!(Frame::new(&figure, 0.0).rest.is_some());
        for curve in &mut figure.curves {
            curve.residuals.clear();
        }
        assert!(Frame::new(&figure, 0.0).rest.is_none());
    }
}
