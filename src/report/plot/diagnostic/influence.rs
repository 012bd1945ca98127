//! The influence of single runs: how far the exponent moves without each, as a stem with a disc at its end.

use super::super::super::number;
use super::super::super::panels::{Influence, InfluencePanel};
use super::super::legend::Entry;
use super::super::occupancy::Occupancy;
use super::super::panel::Panel;
use super::super::range::{self, Range};
use super::super::rich;
use super::super::scene::{Marker, Point, Rect, Shape, Stroke};
use super::super::style;
use super::super::ticks::coordinate;
use super::content::{self, Content, FITTED, FLAGGED, LIMIT, entry};
use super::tags;

/// Most runs drawn: more would be a carpet.
const MOST: usize = 150;
/// Number of runs from which on they are drawn smaller.
const MANY: usize = 60;
/// Largest radius of a disc.
const WIDEST: f64 = 6.5;
/// Number of different areas of discs.
const AREAS: usize = 6;
/// Size of the legend, and most room of the name of the prediction in it.
const LABEL: (f64, f64) = (10.5, 170.0);
/// Most space between runs of one size, which stand side by side.
const APART: f64 = 3.5;

/// The panel of influence.
pub(super) struct Influences<'a> {
    data: &'a InfluencePanel,
    x_label: &'a str,
    total: usize,
    /// Indices of the runs drawn.
    shown: Vec<usize>,
    /// Largest absolute change of the prediction in per cent.
    largest: Option<f64>,
}

impl<'a> Influences<'a> {
    /// Choose what is drawn.
    pub(super) fn new(data: &'a InfluencePanel, x_label: &'a str) -> Self {
        let all: Vec<usize> =
            (0..data.runs.len()).filter(|&i| content::drawable(point(&data.runs[i]))).collect();
        let mut shown = all.clone();
        let size = |i: usize| data.runs[i].change.abs();
        shown.sort_by(|&i, &j| size(j).total_cmp(&size(i)).then(i.cmp(&j)));
        shown.truncate(MOST);
        let changes = shown.iter().map(|&i| data.runs[i].prediction.abs()).filter(|v| v.is_finite());
        let largest = range::cover(changes).map(|r| r.1).filter(|&v| v > 0.0);
        Self { data, x_label, total: all.len(), shown, largest }
    }

    /// Return the radius of the disc of a run.
    fn radius(&self, run: &Influence) -> f64 {
        let (least, most) = if self.shown.len() > MANY { (1.0, 3.5) } else { (2.0, WIDEST) };
        let Some(largest) = self.largest else {
            return (least + most) / 2.0;
        };
        let share = if run.prediction.is_finite() { run.prediction.abs() / largest } else { 0.0 };
        // Few different areas, so that the file has few groups of marks; the area shows the change.
        let step = (share * AREAS as f64).ceil() / AREAS as f64;
        (most * step.sqrt()).max(least)
    }

    /// Return where the runs stand, those of one size side by side.
    fn spots(&self, panel: &Panel<'_>) -> Vec<(usize, Point)> {
        let mut spots: Vec<(usize, Point)> =
            self.shown.iter().filter_map(|&i| Some((i, panel.spot(point(&self.data.runs[i]))?))).collect();
        spots.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.cmp(&b.0)));
        let same = |a: &(usize, Point), b: &(usize, Point)| b.1.0 - a.1.0 < 0.01;
        let gaps = spots.windows(2).filter(|w| !same(&w[0], &w[1])).map(|w| w[1].1.0 - w[0].1.0);
        let gap = gaps.fold(panel.rect.w, f64::min);
        for group in spots.chunk_by_mut(same) {
            let count = group.len() as f64;
            let step = (0.8 * gap / count).min(APART);
            // The outermost runs stay inside the frame, discs and all.
            let half = (count - 1.0) / 2.0 * step + WIDEST;
            let r = panel.rect;
            let middle = group[0].1.0.min(r.right() - half).max(r.x + half);
            for (rank, (_, spot)) in group.iter_mut().enumerate() {
                spot.0 = middle + (rank as f64 - (count - 1.0) / 2.0) * step;
            }
        }
        spots
    }
}

/// Return the point of a run.
fn point(run: &Influence) -> (f64, f64) {
    (run.x, run.change)
}

impl Content for Influences<'_> {
    fn title(&self) -> &str {
        "(c) influence: each run left out"
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
        range::cover(self.shown.iter().filter_map(|&i| coordinate(true, self.data.runs[i].x)))
    }

    fn up(&self) -> Range {
        let most = self.shown.iter().map(|&i| self.data.runs[i].change.abs()).fold(0.0, f64::max);
        let threshold = self.data.threshold.filter(|t| t.is_finite()).map_or(0.0, f64::abs);
        // A threshold far beyond all changes is left outside, not the changes squeezed.
        range::around_zero(if most > 0.0 { most.max(threshold.min(4.0 * most)) } else { threshold })
    }

    fn key(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let drawn = self.shown.len();
        if drawn < self.total {
            entries.push(entry(
                content::disc(FITTED),
                &format!("the {drawn} largest of {}", number::thousands(self.total)),
            ));
        }
        if self.data.threshold.is_some_and(|t| t.is_finite() && t.abs() <= self.up().1) {
            entries.push(entry(content::line(LIMIT), &self.data.threshold_label));
        }
        if let Some(largest) = self.largest {
            // The number comes last and must not be the part that is cut.
            let mut runs = rich::shorten(rich::plain(&self.data.prediction_label), LABEL.0, LABEL.1);
            runs.splice(0..0, rich::plain("area: "));
            runs.extend(rich::plain(&format!(", ≤ {}", number::percent(largest / 100.0))));
            entries.push(Entry { sample: content::disc(FITTED), runs });
        }
        entries
    }

    fn draw(&self, panel: &Panel<'_>, shapes: &mut Vec<Shape>) {
        let r = panel.rect;
        let mut taken = Occupancy::new(r);
        shapes.extend(panel.level(0.0, style::ZERO));
        for y in self.data.threshold.iter().flat_map(|t| [-t.abs(), t.abs()]) {
            shapes.extend(panel.level(y, LIMIT));
            content::occupy_level(panel, y, &mut taken);
        }
        let zero = panel.up(0.0).unwrap_or(r.bottom());
        let spots = self.spots(panel);
        let flagged = tags::tagged(&self.data.flags, |i| {
            let (run, spot) = spots.iter().find(|(run, _)| *run == i)?;
            Some((*spot, self.radius(&self.data.runs[*run])))
        });
        let is_flagged = |i: usize| flagged.iter().any(|t| t.flag.index == i);
        let edge = if spots.len() > MANY { 0.3 } else { 0.8 };
        let width = if spots.len() > MANY { 0.7 } else { 1.3 };
        for (color, set) in [(FITTED, false), (FLAGGED, true)] {
            let own: Vec<&(usize, Point)> = spots.iter().filter(|(i, _)| is_flagged(*i) == set).collect();
            let ends = own.iter().map(|(_, spot)| ((spot.0, zero), *spot)).collect();
            shapes.push(Shape::Segments { ends, stroke: Stroke::solid(color, width) });
            let mut sized: Vec<(f64, Point)> =
                own.iter().map(|(i, spot)| (self.radius(&self.data.runs[*i]), *spot)).collect();
            // Large discs lie below small ones.
            sized.sort_by(|a, b| b.0.total_cmp(&a.0));
            for group in sized.chunk_by(|a, b| a.0 == b.0) {
                shapes.push(Shape::Marks {
                    at: group.iter().map(|s| s.1).collect(),
                    marker: Marker::Circle,
                    radius: group[0].0,
                    fill: color,
                    opacity: 1.0,
                    edge,
                });
            }
        }
        for (i, spot) in &spots {
            taken.line((spot.0, zero), *spot);
            let radius = self.radius(&self.data.runs[*i]);
            taken.rect(Rect { x: spot.0, y: spot.1, w: 0.0, h: 0.0 }.grown(radius));
        }
        tags::draw(&flagged, r, &mut taken, shapes);
    }

    fn omitted(&self) -> Option<String> {
        content::omitted("runs", self.shown.len(), self.total, "those with most influence")
    }
}
