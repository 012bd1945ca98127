//! Axes: the range, and ticks with labels that people find natural.
//!
//! A logarithmic axis has three regimes. Over many decades the labels are powers of ten. Over one to three decades
//! they are 1-2-5 multiples. Within a decade, where a loss from 1.6 to 4 has no power of ten at all, they are round
//! numbers at even steps. All regimes propose candidates here, and the axis takes the candidate that reads best.

use super::number::{Decimal, Notation, PLAIN};

/// Fewest labels of an axis, wherever they have room.
const FEWEST: usize = 3;
/// Most labels of an axis.
const MOST: usize = 8;
/// Least mean distance of ticks without labels, in pixels.
const CROWDED: f64 = 4.5;
/// Mantissas of labels within a decade, each with what it adds to the cost of a candidate.
const MANTISSAS: [(&[i64], f64); 5] = [
    (&[10, 20, 50], 0.1),
    (&[10, 30], 0.25),
    (&[10, 20, 30, 50], 0.25),
    (&[10, 15, 20, 30, 40, 50, 70], 0.2),
    (&[10, 12, 15, 20, 25, 30, 40, 50, 60, 80], 0.25),
];

/// The room that labels have on an axis.
pub(super) struct Room<'a> {
    /// Length of the axis, in pixels or columns.
    pub(super) length: f64,
    /// Least space between two labels.
    pub(super) space: f64,
    /// Extent of a label along the axis.
    pub(super) extent: &'a dyn Fn(&str) -> f64,
    /// How numbers are written.
    pub(super) notation: Notation,
}

/// A labelled tick.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// Position along the axis, from 0 to 1.
    pub(super) at: f64,
    /// Label, in the notation of [`super::rich`].
    pub(super) label: String,
}

/// One axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    log: bool,
    low: f64,
    high: f64,
    /// Ticks with labels, rising.
    pub(super) major: Vec<Tick>,
    /// Positions of ticks without labels, from 0 to 1.
    pub(super) minor: Vec<f64>,
}

/// A proposal for the ticks, in the coordinate of the axis.
struct Candidate {
    major: Vec<(f64, String)>,
    minor: Vec<f64>,
    cost: f64,
}

impl Axis {
    /// Make an axis over a range given in its own coordinate: decimal logarithms when `log`.
    ///
    /// Logarithms, and not values, because the padding of a range up to 1e308 would overflow.
    pub(super) fn new(log: bool, low: f64, high: f64, room: &Room<'_>) -> Self {
        let (low, high) = widened(log, low, high);
        let candidates = if log {
            logarithmic(low, high, room.notation)
        } else {
            even_steps(false, low, high, room.notation)
        };
        let span = high - low;
        let best = candidates
            .into_iter()
            .filter_map(|c| score(&c, low, span, room).map(|cost| (cost, c)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, candidate)| candidate);
        let (major, minor) = best.map_or_else(Default::default, |c| (c.major, c.minor));
        let place = |t: f64| (t - low) / span;
        let minor: Vec<f64> = minor.into_iter().map(place).filter(|at| (0.0..=1.0).contains(at)).collect();
        // Ticks that crowd into a grey bar tell nothing.
        let crowded = minor.len() as f64 * CROWDED > room.length;
        Self {
            log,
            low,
            high,
            major: major.into_iter().map(|(t, label)| Tick { at: place(t), label }).collect(),
            minor: if crowded { Vec::new() } else { minor },
        }
    }

    /// Return the position of a value along the axis, 0 to 1 inside the range; `None` where it has none.
    pub(super) fn place(&self, value: f64) -> Option<f64> {
        coordinate(self.log, value).map(|t| (t - self.low) / (self.high - self.low))
    }
}

/// Return the coordinate of a value on an axis; `None` for what cannot be drawn on it.
pub(super) fn coordinate(log: bool, value: f64) -> Option<f64> {
    let t = if log { value.log10() } else { value };
    t.is_finite().then_some(t)
}

/// Widen a range that is too narrow for its labels to differ.
fn widened(log: bool, low: f64, high: f64) -> (f64, f64) {
    let least = if log { 1e-8 } else { 1e-8 * low.abs().max(high.abs()).max(1e-290) };
    if high - low >= least {
        return (low, high);
    }
    let middle = low + (high - low) / 2.0;
    (middle - least / 2.0, middle + least / 2.0)
}

/// Propose ticks for a logarithmic axis.
fn logarithmic(low: f64, high: f64, notation: Notation) -> Vec<Candidate> {
    let span = high - low;
    let plain = low >= PLAIN.0.log10() && high <= PLAIN.1.log10() && span < 4.0;
    let write = |d: Decimal| d.write(plain, notation);
    let inside = |t: f64| t >= low - 1e-9 * span && t <= high + 1e-9 * span;
    let (first, last) = (low.floor() as i32, high.ceil() as i32);
    let mut candidates = Vec::new();
    for step in [1, 2, 3, 4, 5, 10, 20, 50, 100] {
        let decades = (first..=last).filter(|&k| inside(f64::from(k)));
        let (major, minor): (Vec<i32>, Vec<i32>) = decades.partition(|k| k.rem_euclid(step) == 0);
        let minor =
            if step == 1 { within_decades(first, last) } else { minor.into_iter().map(f64::from).collect() };
        candidates.push(Candidate {
            major: major.into_iter().map(|k| (f64::from(k), write(Decimal::new(1, k)))).collect(),
            minor,
            cost: if plain && span < 2.5 { 0.6 } else { 0.0 } + f64::from(step) / 100.0,
        });
    }
    if span < 3.5 {
        for (mantissas, cost) in MANTISSAS {
            let ticks = (first..=last).flat_map(|k| mantissas.iter().map(move |&m| Decimal::new(m, k - 1)));
            candidates.push(Candidate {
                major: ticks
                    .map(|d| (d.log10(), d))
                    .filter(|&(t, _)| inside(t))
                    .map(|(t, d)| (t, write(d)))
                    .collect(),
                minor: within_decades(first, last),
                cost,
            });
        }
    }
    if span < 1.2 {
        candidates.extend(even_steps(true, low, high, notation));
    }
    candidates
}

/// Return the logarithms of the multiples 1 to 9 of the powers of ten from `first` to `last`.
fn within_decades(first: i32, last: i32) -> Vec<f64> {
    (first..=last).flat_map(|k| (1..10).map(move |m| f64::from(m).log10() + f64::from(k))).collect()
}

/// Propose ticks at even steps of the value, for a linear axis or within a decade of a logarithmic one.
fn even_steps(log: bool, low: f64, high: f64, notation: Notation) -> Vec<Candidate> {
    // Within a decade beyond the range of floats there is nothing that a float could step through.
    if log && (low < -290.0 || high > 300.0) {
        return Vec::new();
    }
    let value = |t: f64| if log { 10f64.powf(t) } else { t };
    let (from, to) = (value(low), value(high));
    let largest = from.abs().max(to.abs());
    let plain = largest >= PLAIN.0 && largest < PLAIN.1;
    let lead = largest.log10().floor() as i32;
    let magnitude = (to - from).log10().floor() as i32;
    let mut candidates = Vec::new();
    for (k, m, parts, cost) in [-2, -1, 0].into_iter().flat_map(|k| {
        [(10, 5, 0.0), (20, 4, 0.0), (25, 5, 0.08), (50, 5, 0.0)]
            .map(|(m, parts, cost)| (magnitude + k, m, parts, cost))
    }) {
        // The step is m * 10^(k-1), in whole units of 10^(k-1) and for the minor ticks of 10^(k-2).
        let multiples = |m: i64, exp: i32| {
            let step = Decimal::new(m, exp).value();
            let (first, last) = ((from / step - 1e-6).ceil(), (to / step + 1e-6).floor());
            let usable = first.abs() < 1e15 && last - first < 500.0;
            let range = usable.then_some(first as i64..=last as i64);
            range.into_iter().flatten().map(move |j| Decimal::new(j * m, exp))
        };
        let coordinate = |d: Decimal| if log { d.log10() } else { d.value() };
        let places = if m == 25 { 1 } else { 0 };
        let decimals = (places - k).max(0);
        let write = |d: Decimal| match notation {
            Notation::Terminal if !(1e-3..1e3).contains(&largest) => d.write(plain, notation),
            _ if plain => d.fixed(decimals, notation),
            Notation::Terminal => d.fixed(decimals, notation),
            Notation::Picture => d.power(lead, (lead - k + places).max(0)),
        };
        candidates.push(Candidate {
            major: multiples(m, k - 1).map(|d| (coordinate(d), write(d))).collect(),
            minor: multiples(10 * m / parts, k - 2).map(coordinate).collect(),
            cost: cost + if log { 0.15 } else { 0.0 },
        });
    }
    candidates
}

/// Return the cost of a candidate, lower for what reads better; `None` when its labels collide.
fn score(candidate: &Candidate, low: f64, span: f64, room: &Room<'_>) -> Option<f64> {
    let ticks = &candidate.major;
    let extents: Vec<f64> = ticks.iter().map(|(_, label)| (room.extent)(label)).collect();
    let mut gaps = Vec::with_capacity(ticks.len());
    for (pair, extent) in ticks.windows(2).zip(extents.windows(2)) {
        let gap = (pair[1].0 - pair[0].0) / span;
        if gap * room.length < (extent[0] + extent[1]) / 2.0 + room.space || pair[0].1 == pair[1].1 {
            return None;
        }
        gaps.push(gap);
    }
    let (first, last) = (ticks.first()?, ticks.last()?);
    let ends = ((first.0 - low) / span).max(1.0 - (last.0 - low) / span);
    let widest = gaps.iter().copied().fold(ends, f64::max);
    let ratio = gaps.iter().copied().fold(0.0, f64::max) / gaps.iter().copied().fold(1.0, f64::min);
    let uneven = if gaps.is_empty() { 0.0 } else { ratio.ln() };
    let count = ticks.len();
    let off = (count as f64 - 5.5).abs() - 1.0;
    // An axis with fewer labels is taken only when nothing else has room, as on a very small terminal.
    let number = if count < FEWEST {
        10.0 * (FEWEST - count) as f64
    } else if count > MOST {
        5.0
    } else {
        0.12 * off.max(0.0)
    };
    Some(candidate.cost + number + 0.2 * uneven + widest)
}

#[cfg(test)]
#[path = "ticks_tests.rs"]
mod tests;
