//! Residuals against size, with a smooth line and the break.

use super::super::super::panels::{Break, ResidualPanel};
use super::super::legend::{Entry, Sample};
use super::super::occupancy::Occupancy;
use super::super::panel::Panel;
use super::super::range::{self, Range};
use super::super::remark::{self, Side};
use super::super::scene::{Marker, Rect, Shape, Stroke};
use super::super::style::{self, INK};
use super::super::thin;
use super::super::ticks::coordinate;
use super::content::{self, BREAK, Content, FITTED, LIMIT, TINT, entry};
use super::tags;

/// The smooth line.
const SMOOTH: Stroke = Stroke { color: FITTED, width: 2.0, dash: &[], opacity: 1.0 };
/// The line at the break.
const BREAK_LINE: Stroke = Stroke { color: BREAK, width: 1.4, dash: &[7.0, 3.0], opacity: 1.0 };

/// The panel of residuals.
pub(super) struct Residuals<'a> {
    data: &'a ResidualPanel,
    x_label: &'a str,
    all: Vec<(f64, f64)>,
    shown: Vec<(f64, f64)>,
}

impl<'a> Residuals<'a> {
    /// Choose what is drawn.
    pub(super) fn new(data: &'a ResidualPanel, x_label: &'a str) -> Self {
        let all: Vec<(f64, f64)> = data.points.iter().copied().filter(|&p| content::drawable(p)).collect();
        let shown = thin::thin(&all, thin::MOST);
        Self { data, x_label, all, shown }
    }

    /// Return the break that lies in the picture.
    fn visible_break(&self) -> Option<&Break> {
        self.data.break_at.as_ref().filter(|b| coordinate(true, b.at).is_some())
    }
}

impl Content for Residuals<'_> {
    fn title(&self) -> &str {
        "(a) residuals"
    }

    fn labels(&self) -> (&str, &str) {
        (self.x_label, &self.data.y_label)
    }

    fn note(&self) -> &str {
        self.data.note.as_deref().unwrap_or_default()
    }

    fn log(&self) -> bool {
        true
    }

    fn across(&self) -> Option<Range> {
        range::cover(self.all.iter().filter_map(|p| coordinate(true, p.0)))
    }

    fn up(&self) -> Range {
        let most = |values: &mut dyn Iterator<Item = f64>| {
            values.filter(|v| v.is_finite()).map(f64::abs).fold(0.0, f64::max)
        };
        let points = most(&mut self.all.iter().map(|p| p.1));
        let others = most(&mut self.data.smooth.iter().map(|p| p.1))
            .max(most(&mut self.data.limits.iter().flat_map(|l| [l.0, l.1])));
        // Limits far beyond all points are left outside, not the points squeezed.
        let reach = if points > 0.0 { points.max(others.min(3.0 * points)) } else { others };
        range::around_zero(reach)
    }

    fn key(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        entries.push(entry(content::disc(INK), &content::drawn("run", self.shown.len(), self.all.len())));
        if self.data.smooth.iter().filter(|&&p| content::drawable(p)).count() > 1 {
            entries.push(entry(content::line(SMOOTH), "local smooth"));
        }
        if self.data.limits.is_some_and(|l| l.0.is_finite() || l.1.is_finite()) {
            entries.push(entry(content::line(LIMIT), "±2s"));
        }
        if let Some(b) = self.visible_break().filter(|b| !b.legend.is_empty()) {
            let band = (!b.low.is_nan() && !b.high.is_nan()).then_some((BREAK, TINT));
            entries.push(entry(Sample { band, ..content::line(BREAK_LINE) }, &b.legend));
        }
        entries
    }

    fn draw(&self, panel: &Panel<'_>, shapes: &mut Vec<Shape>) {
        let r = panel.rect;
        let mut taken = Occupancy::new(r);
        let mut below = Vec::new();
        let mark = self.visible_break().and_then(|b| {
            let at = panel.across(b.at).filter(|at| (r.x..=r.right()).contains(at))?;
            Some((b, at))
        });
        if let Some((b, at)) = mark {
            if let (Some(from), Some(to)) =
                (content::end(panel, b.low, r.x), content::end(panel, b.high, r.right()))
            {
                let rect = Rect { x: from, y: r.y, w: to - from, h: r.h };
                below.push(Shape::Box { rect, fill: BREAK, opacity: TINT, stroke: None });
            }
            below.push(Shape::Segments { ends: vec![((at, r.y), (at, r.bottom()))], stroke: BREAK_LINE });
            taken.line((at, r.y), (at, r.bottom()));
        }
        below.extend(panel.level(0.0, style::ZERO));
        for y in self.data.limits.iter().flat_map(|l| [l.0, l.1]) {
            below.extend(panel.level(y, LIMIT));
            content::occupy_level(panel, y, &mut taken);
        }
        shapes.extend(below);

        let at = panel.spots(&self.shown);
        for &spot in &at {
            taken.rect(Rect { x: spot.0, y: spot.1, w: 0.0, h: 0.0 }.grown(2.0));
        }
        let (radius, opacity, edge) = style::mark(at.len());
        let few = at.len() <= style::MANY;
        let points = Shape::Marks { at, marker: Marker::Circle, radius, fill: INK, opacity, edge };
        let mut lines = Vec::new();
        for piece in panel.pieces(self.data.smooth.iter().copied()) {
            for pair in piece.windows(2) {
                taken.line(pair[0], pair[1]);
            }
            lines.push(Shape::Line { points: piece, stroke: SMOOTH });
        }
        let smooth = Shape::Clipped { clip: r, shapes: lines };
        // A few points belong on top; a cloud of them would bury the line.
        if few {
            shapes.extend([smooth, points])
        } else {
            shapes.extend([points, smooth])
        }

        let radius = radius.max(2.6);
        let flagged = tags::tagged(&self.data.flags, |i| {
            let point = self.data.points.get(i).copied().filter(|&p| content::drawable(p))?;
            Some((panel.spot(point)?, radius))
        });
        tags::discs(&flagged, shapes);
        if let Some((b, at)) = mark.filter(|(b, _)| !b.label.is_empty()) {
            let remark = remark::beside(&b.label, at, &[Side::Right, Side::Left], r, &taken);
            if let Some(text) = remark {
                taken.rect(remark::place(&text));
                shapes.push(Shape::Text(text));
            }
        }
        tags::draw(&flagged, r, &mut taken, shapes);
    }

    fn omitted(&self) -> Option<String> {
        let rule = "evenly by rank of x, then y; extremes and flagged kept";
        content::omitted("residuals", self.shown.len(), self.all.len(), rule)
    }
}
