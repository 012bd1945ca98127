//! Tests of the axes: many ranges, and those that people know by heart.

use super::super::metrics;
use super::*;

fn kind(horizontal: bool, notation: Notation) -> Kind {
    Kind { horizontal, notation }
}

/// Length of an axis, space between labels, and extent of a label.
type Space<'a> = (f64, f64, &'a dyn Fn(&str) -> f64);

/// One of the four kinds of axis that are drawn.
#[derive(Debug, Clone, Copy)]
struct Kind {
    horizontal: bool,
    notation: Notation,
}

impl Kind {
    fn make(self, log: bool, low: f64, high: f64) -> Axis {
        let (low, high) = if log { (low.log10(), high.log10()) } else { (low, high) };
        let wide = |s: &str| metrics::width(s, 11.0);
        let tall = |_: &str| 11.0;
        let columns = |s: &str| s.chars().count() as f64;
        let row = |_: &str| 1.0;
        let (length, space, extent): Space<'_> = match (self.notation, self.horizontal) {
            (Notation::Picture, true) => (540.0, 8.0, &wide),
            (Notation::Picture, false) => (300.0, 7.0, &tall),
            (Notation::Terminal, true) => (60.0, 2.0, &columns),
            (Notation::Terminal, false) => (13.0, 1.0, &row),
        };
        let notation = self.notation;
        Axis::new(log, low, high, &Room { length, space, extent, notation })
    }
}

fn labels(axis: &Axis) -> Vec<&str> {
    axis.major.iter().map(|t| t.label.as_str()).collect()
}

fn check(kind: Kind, log: bool, low: f64, high: f64) {
    let axis = kind.make(log, low, high);
    let context = format!("{kind:?} log {log} {low}..{high}: {:?}", labels(&axis));
    assert!((3..=8).contains(&axis.major.len()), "{context}");
    for tick in &axis.major {
        assert!((-1e-6..=1.000001).contains(&tick.at), "{context}");
        assert!(!tick.label.is_empty() && !tick.label.contains("NaN"), "{context}");
    }
    for pair in axis.major.windows(2) {
        assert!(pair[0].at < pair[1].at, "{context}");
    }
    let mut texts = labels(&axis);
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), axis.major.len(), "{context}");
}

#[test]
fn every_range_has_good_labels() {
    let ranges = [
        (1.6, 4.0),
        (1.55, 1.62),
        (1.9, 2.1),
        (1.0, 10.0),
        (0.9, 11.0),
        (1.1, 9.0),
        (2.5, 2.5001),
        (0.08, 0.3),
        (3.0, 30.0),
        (9.9, 10.1),
        (99.0, 102.0),
        (1e6, 5e9),
        (1e8, 1.3e10),
        (1.1e8, 1.6e11),
        (1e18, 1e24),
        (1.0, 1e30),
        (1e-12, 1e-3),
        (2e8, 3e8),
        (1.2e9, 1.3e9),
        (100.0, 3000.0),
        (1e-5, 2e-5),
        (1.574, 1.577),
        (1e21, 3e22),
        (5.0, 800.0),
        (0.5, 2000.0),
        (1e-300, 1e300),
        (7.0, 13.0),
        (1.8, 5.6),
    ];
    for notation in [Notation::Picture, Notation::Terminal] {
        for horizontal in [true, false] {
            for (low, high) in ranges {
                check(kind(horizontal, notation), true, low, high);
                if notation == Notation::Picture && high / low < 1e6 {
                    check(kind(horizontal, notation), false, low, high);
                    check(kind(horizontal, notation), false, -high, low);
                }
            }
        }
    }
}

#[test]
fn sweep_of_ranges() {
    for i in 0..40 {
        for j in (1..60).step_by(2) {
            let low = 10f64.powf(-3.0 + f64::from(i) * 0.271);
            let high = low * 10f64.powf(0.004 * 1.12f64.powi(j));
            for horizontal in [true, false] {
                check(kind(horizontal, Notation::Picture), true, low, high);
                check(kind(horizontal, Notation::Picture), false, low, high);
            }
        }
    }
}

#[test]
fn familiar_axes() {
    let y = kind(false, Notation::Picture);
    let x = kind(true, Notation::Picture);
    assert_eq!(labels(&y.make(true, 1.5, 4.2)), ["1.5", "2.0", "2.5", "3.0", "3.5", "4.0"]);
    assert_eq!(
        labels(&y.make(true, 1.55, 1.62)),
        ["1.55", "1.56", "1.57", "1.58", "1.59", "1.60", "1.61", "1.62"]
    );
    assert_eq!(labels(&x.make(true, 8e5, 6e9)), ["10^6", "10^7", "10^8", "10^9"]);
    assert_eq!(labels(&x.make(true, 90.0, 3300.0)), ["100", "200", "500", "1000", "2000"]);
    assert_eq!(labels(&y.make(false, 0.0, 1.0)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    assert_eq!(labels(&y.make(false, -0.1, 0.1)), ["−0.10", "−0.05", "0.00", "0.05", "0.10"]);
    let terminal = kind(true, Notation::Terminal);
    assert_eq!(labels(&terminal.make(true, 8e7, 2e10)), ["100M", "300M", "1B", "3B", "10B"]);
}

#[test]
fn an_empty_range_is_widened() {
    for log in [true, false] {
        let axis = kind(false, Notation::Picture).make(log, 2.0, 2.0);
        assert!(axis.major.len() >= 3, "{:?}", labels(&axis));
    }
}

#[test]
fn values_that_cannot_be_drawn() {
    assert_eq!(coordinate(true, 0.0), None);
    assert_eq!(coordinate(true, -1.0), None);
    assert_eq!(coordinate(false, f64::INFINITY), None);
    assert_eq!(coordinate(true, f64::NAN), None);
}
