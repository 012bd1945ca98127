//! Studentised residuals against quantiles, with the line of equality and a band.

use super::super::super::panels::{Quantile, QuantilePanel};
use super::super::band::{self, Limits};
use super::super::legend::{Entry, Sample};
use super::super::occupancy::Occupancy;
use super::super::panel::Panel;
use super::super::range::{self, Range};
use super::super::scene::{Marker, Rect, Shape, Stroke};
use super::super::style::{self, INK};
use super::super::thin;
use super::content::{self, Content, FITTED, TINT, entry};
use super::tags;

/// How far, in spans of the points, the band may widen the y axis.
const BY_BAND: f64 = 0.4;

/// The line of equality.
const EQUALITY: Stroke = Stroke { color: FITTED, width: 1.5, dash: &[], opacity: 1.0 };

/// The panel of quantiles.
pub(super) struct Quantiles<'a> {
    data: &'a QuantilePanel,
    /// Number of residuals behind the panel, all of which may not be among its points.
    total: usize,
    shown: Vec<Quantile>,
}

impl<'a> Quantiles<'a> {
    /// Choose what is drawn.
    pub(super) fn new(data: &'a QuantilePanel) -> Self {
        let all: Vec<Quantile> = data.points.iter().copied().filter(drawable).collect();
        let points: Vec<(f64, f64)> = all.iter().map(|q| (q.expected, q.observed)).collect();
        let shown = thin::keep(&points, thin::MOST).into_iter().map(|i| all[i]).collect();
        Self { data, total: data.total.max(all.len()), shown }
    }

    fn has_band(&self) -> bool {
        self.shown.iter().any(|q| !q.low.is_nan() || !q.high.is_nan())
    }
}

fn drawable(q: &Quantile) -> bool {
    q.expected.is_finite() && q.observed.is_finite()
}

impl Content for Quantiles<'_> {
    fn title(&self) -> &str {
        "(d) quantiles of the residuals"
    }

    fn labels(&self) -> (&str, &str) {
        (&self.data.x_label, &self.data.y_label)
    }

    fn note(&self) -> &str {
        self.data.note.as_deref().unwrap_or_default()
    }

    fn log(&self) -> bool {
        false
    }

    fn across(&self) -> Option<Range> {
        range::cover(self.shown.iter().map(|q| q.expected))
    }

    fn up(&self) -> Range {
        let both = self.shown.iter().flat_map(|q| [q.expected, q.observed]);
        let limits = self.shown.iter().flat_map(|q| [q.low, q.high]).filter(|v| v.is_finite());
        range::with_intervals(both, limits, BY_BAND)
    }

    fn key(&self) -> Vec<Entry> {
        let name = content::drawn("run", self.shown.len(), self.total);
        let mut entries = vec![entry(content::disc(INK), &name)];
        let sample = Sample { band: self.has_band().then_some((FITTED, TINT)), ..content::line(EQUALITY) };
        let text = if self.has_band() && !self.data.band_label.is_empty() {
            format!("equality, {}", self.data.band_label)
        } else {
            "equality".to_owned()
        };
        entries.push(entry(sample, &text));
        entries
    }

    fn draw(&self, panel: &Panel<'_>, shapes: &mut Vec<Shape>) {
        let r = panel.rect;
        let mut taken = Occupancy::new(r);
        let mut clipped = Vec::new();
        let mut ranked = self.shown.clone();
        ranked.sort_by(|a, b| a.expected.total_cmp(&b.expected));
        let limits = ranked.iter().map(|q| {
            let none = q.low.is_nan() && q.high.is_nan();
            let estimate = if none { f64::NAN } else { q.expected };
            Limits { x: q.expected, estimate, low: q.low, high: q.high }
        });
        for piece in band::pieces(limits, panel) {
            band::draw(&piece, FITTED, TINT, &mut clipped);
        }
        // From frame to frame, as far as both axes reach.
        let ends: Vec<(f64, f64)> =
            ranked.first().into_iter().chain(ranked.last()).map(|q| q.expected).map(|v| (v, v)).collect();
        for piece in panel.pieces(extended(&ends).into_iter()) {
            for pair in piece.windows(2) {
                taken.line(pair[0], pair[1]);
            }
            clipped.push(Shape::Line { points: piece, stroke: EQUALITY });
        }
        shapes.push(Shape::Clipped { clip: r, shapes: clipped });

        let points: Vec<(f64, f64)> = self.shown.iter().map(|q| (q.expected, q.observed)).collect();
        let at = panel.spots(&points);
        for &spot in &at {
            taken.rect(Rect { x: spot.0, y: spot.1, w: 0.0, h: 0.0 }.grown(2.0));
        }
        let (radius, opacity, edge) = style::mark(at.len());
        // A crowd on one curve needs no transparency: it has no depth to show.
        let opacity = if at.len() > style::MANY { opacity.max(0.8) } else { opacity };
        shapes.push(Shape::Marks { at, marker: Marker::Circle, radius, fill: INK, opacity, edge });
        let radius = radius.max(2.6);
        let flagged = tags::tagged(&self.data.flags, |i| {
            let q = self.data.points.get(i).filter(|q| drawable(q))?;
            Some((panel.spot((q.expected, q.observed))?, radius))
        });
        tags::discs(&flagged, shapes);
        tags::draw(&flagged, r, &mut taken, shapes);
    }

    fn omitted(&self) -> Option<String> {
        content::omitted("quantiles", self.shown.len(), self.total, "evenly by rank; extremes kept")
    }
}

/// Return the line through the ends on both sides beyond them, which the frame cuts.
fn extended(ends: &[(f64, f64)]) -> Vec<(f64, f64)> {
    match ends {
        [first, last] => {
            let span = (last.0 - first.0).max(1.0);
            vec![(first.0 - span, first.1 - span), (last.0 + span, last.1 + span)]
        }
        _ => Vec::new(),
    }
}
