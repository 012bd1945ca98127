//! Local exponents against size: a bar across each window, and its interval upright in the middle.

use super::super::super::number;
use super::super::super::panels::{Estimate, ExponentPanel, Window};
use super::super::legend::{Entry, Sample};
use super::super::panel::Panel;
use super::super::range::{self, Range};
use super::super::scene::{Marker, Point, Rect, Shape, Stroke};
use super::super::style::INK;
use super::super::thin;
use super::super::ticks::coordinate;
use super::content::{self, Content, FITTED, TINT, entry};

/// Most windows drawn: more would be a carpet.
const MOST: usize = 120;
/// Number of windows from which on they are drawn thinner.
const MANY: usize = 25;
/// How far, in spans of the estimates, the intervals may widen the y axis.
const BY_INTERVALS: f64 = 0.6;

/// How far, in sizes of the estimates, the interval of all runs may widen the y axis.
const BY_GLOBAL: f64 = 5.0;

/// Colour of intervals, which are many and long.
const WHISKER: &str = "#888888";

/// The line of all runs.
const GLOBAL: Stroke = Stroke { color: FITTED, width: 2.0, dash: &[], opacity: 1.0 };

/// The panel of local exponents.
pub(super) struct Exponents<'a> {
    data: &'a ExponentPanel,
    x_label: &'a str,
    total: usize,
    shown: Vec<Window>,
}

impl<'a> Exponents<'a> {
    /// Choose what is drawn.
    pub(super) fn new(data: &'a ExponentPanel, x_label: &'a str) -> Self {
        let all: Vec<Window> = data.windows.iter().copied().filter(drawable).collect();
        let points: Vec<(f64, f64)> = all.iter().map(|w| (middle(w), w.alpha)).collect();
        let shown = thin::keep(&points, MOST).into_iter().map(|i| all[i]).collect();
        Self { data, x_label, total: all.len(), shown }
    }

    fn global(&self) -> Option<&Estimate> {
        self.data.global.as_ref().filter(|g| g.value.is_finite())
    }
}

/// Whether a window has a place.
fn drawable(window: &Window) -> bool {
    window.alpha.is_finite() && !window.from.is_nan() && !window.to.is_nan() && window.to > 0.0
}

/// Whether there is an interval to draw.
fn has_interval(low: f64, high: f64) -> bool {
    !low.is_nan() || !high.is_nan()
}

/// Return a size that ranks a window.
fn middle(window: &Window) -> f64 {
    match (coordinate(true, window.from), coordinate(true, window.to)) {
        (Some(from), Some(to)) => (from + to) / 2.0,
        (from, to) => from.or(to).unwrap_or(0.0),
    }
}

impl Content for Exponents<'_> {
    fn title(&self) -> &str {
        "(b) local exponent"
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
        let ends = self.shown.iter().flat_map(|w| [w.from, w.to]);
        // Windows without any limit are drawn across whatever the other panels show.
        let fallback = (!self.shown.is_empty()).then_some((0.0, 0.0));
        range::cover(ends.filter_map(|x| coordinate(true, x))).or(fallback)
    }

    fn up(&self) -> Range {
        let estimates = || self.shown.iter().map(|w| w.alpha).chain(self.global().map(|g| g.value));
        let limits = |low: f64, high: f64| [low, high].into_iter().filter(|v| v.is_finite());
        // The interval of all runs is what the windows are judged by: it is shown whole unless it is out of all proportion.
        let size = estimates().map(f64::abs).fold(0.0, f64::max);
        let global = self.global().into_iter().flat_map(|g| limits(g.low, g.high));
        let core = estimates().chain(global.map(|v| v.clamp(-BY_GLOBAL * size, BY_GLOBAL * size)));
        let windows = self.shown.iter().flat_map(|w| limits(w.low, w.high));
        range::with_intervals(core, windows, BY_INTERVALS)
    }

    fn key(&self) -> Vec<Entry> {
        let mut name = content::drawn("window", self.shown.len(), self.total);
        if self.shown.iter().any(|w| has_interval(w.low, w.high)) && self.data.level.is_finite() {
            name = format!("{name}, {} interval", number::level(self.data.level));
        }
        let bar = content::line(Stroke::solid(INK, 1.8));
        let mut entries = vec![entry(Sample { mark: Some((Marker::Circle, INK)), ..bar }, &name)];
        if let Some(g) = self.global() {
            let band = has_interval(g.low, g.high).then_some((FITTED, TINT));
            entries.push(entry(Sample { band, ..content::line(GLOBAL) }, "all runs"));
        }
        entries
    }

    fn draw(&self, panel: &Panel<'_>, shapes: &mut Vec<Shape>) {
        let r = panel.rect;
        let mut clipped = Vec::new();
        if let Some(g) = self.global() {
            if let (Some(low), Some(high)) = (content::edge(panel, g.low), content::edge(panel, g.high)) {
                let (top, bottom) = (high.max(r.y), low.min(r.bottom()));
                let rect = Rect { x: r.x, y: top, w: r.w, h: (bottom - top).max(0.0) };
                clipped.push(Shape::Box { rect, fill: FITTED, opacity: TINT, stroke: None });
            }
            clipped.extend(panel.level(g.value, GLOBAL));
        }
        let many = self.shown.len() > MANY;
        let (wide, thin, radius) = if many { (1.1, 0.6, 1.8) } else { (1.8, 0.9, 2.9) };
        let (mut bars, mut whiskers, mut discs) = (Vec::new(), Vec::new(), Vec::new());
        for window in &self.shown {
            let Some((from, to, y)) = bar(window, panel) else {
                continue;
            };
            let x = (from + to) / 2.0;
            bars.push(((from, y), (to, y)));
            discs.push((x, y));
            for limit in [window.low, window.high] {
                whiskers.extend(whisker((x, y), content::edge(panel, limit), if many { 0.0 } else { 2.5 }));
            }
        }
        clipped.push(Shape::Segments { ends: whiskers, stroke: Stroke::solid(WHISKER, thin) });
        clipped.push(Shape::Segments { ends: bars, stroke: Stroke::solid(INK, wide) });
        shapes.push(Shape::Clipped { clip: r, shapes: clipped });
        shapes.push(Shape::Marks {
            at: discs,
            marker: Marker::Circle,
            radius,
            fill: INK,
            opacity: 1.0,
            edge: if many { 0.4 } else { 0.8 },
        });
    }

    fn omitted(&self) -> Option<String> {
        content::omitted("windows", self.shown.len(), self.total, "evenly by rank; extremes kept")
    }
}

/// Return the ends and the height of the bar of a window.
fn bar(window: &Window, panel: &Panel<'_>) -> Option<(f64, f64, f64)> {
    let from = content::end(panel, window.from, panel.rect.x)?;
    let to = content::end(panel, window.to, panel.rect.right())?;
    Some((from, to, panel.up(window.alpha)?))
}

/// Return the lines of one side of an interval: a stem, and a cap of a half width.
fn whisker((x, y): Point, end: Option<f64>, cap: f64) -> Vec<(Point, Point)> {
    match end {
        None => Vec::new(),
        Some(end) if cap > 0.0 => vec![((x, y), (x, end)), ((x - cap, end), (x + cap, end))],
        Some(end) => vec![((x, y), (x, end))],
    }
}
