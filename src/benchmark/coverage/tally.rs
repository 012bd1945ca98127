//! Outcomes of many data sets, counted.

use super::measure::{Outcome, Stands};
use serde::Serialize;

/// What a method gave on many data sets.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Tally {
    /// Data sets.
    pub sets: usize,
    /// Data sets that could not be fitted.
    pub failed_fits: usize,
    /// Fits for which the method gave no interval.
    pub unavailable: usize,
    /// Sides without a limit, over all intervals.
    pub open_sides: usize,
    /// Intervals that hold the true value.
    pub covered: usize,
    /// Intervals above the true value.
    pub missed_below: usize,
    /// Intervals below the true value.
    pub missed_above: usize,
    /// Median width of the intervals, six significant digits; `None` where half of them are open, or there are none.
    pub median_width: Option<f64>,
    /// Refits behind the intervals.
    pub refits: usize,
    /// Refits of these that failed.
    pub failed_refits: usize,
}

impl Tally {
    /// Count outcomes.
    #[must_use]
    pub fn of(outcomes: impl Iterator<Item = Outcome>) -> Tally {
        let mut out = Tally::default();
        let mut widths = Vec::new();
        for o in outcomes {
            out.sets += 1;
            out.refits += o.refits;
            out.failed_refits += o.failed;
            out.open_sides += o.open;
            match o.stands {
                Stands::NoFit => out.failed_fits += 1,
                Stands::Unavailable => out.unavailable += 1,
                Stands::Covers => out.covered += 1,
                Stands::Below => out.missed_below += 1,
                Stands::Above => out.missed_above += 1,
            }
            if !matches!(o.stands, Stands::NoFit | Stands::Unavailable) {
                widths.push(o.width);
            }
        }
        widths.sort_by(f64::total_cmp);
        let median = widths.get(widths.len() / 2).filter(|w| w.is_finite());
        // What is written and read again must be the same number.
        out.median_width = median.and_then(|w| format!("{w:.5e}").parse().ok());
        out
    }

    /// Return the number of intervals that were given.
    #[must_use]
    pub fn given(&self) -> usize {
        self.covered + self.missed_below + self.missed_above
    }

    /// Return the share of the intervals given that hold the true value; `None` where none was given.
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        (self.given() > 0).then(|| self.covered as f64 / self.given() as f64)
    }

    /// Return the Monte-Carlo standard error of a coverage `rate` over the intervals given.
    #[must_use]
    pub fn standard_error(&self, rate: f64) -> f64 {
        (rate * (1.0 - rate) / self.given().max(1) as f64).sqrt()
    }

    /// Return the Monte-Carlo error of the coverage found, which is not 0 where all intervals hold the true value, or none does;
    /// `None` where none was given.
    ///
    /// # Formula
    /// sqrt(c(1-c)/n + 1/(4n^2)) / (1 + 1/n): half the width of Wilson's interval of one standard error
    /// # Reference
    /// Wilson (1927), J. Am. Stat. Assoc. 22:209.
    #[must_use]
    pub fn monte_carlo_error(&self) -> Option<f64> {
        let n = self.given() as f64;
        self.coverage().map(|c| (c * (1.0 - c) / n + 0.25 / (n * n)).sqrt() / (1.0 + 1.0 / n))
    }

    /// Return the share of the fits for which the method gave no interval.
    #[must_use]
    pub fn missing(&self) -> f64 {
        self.unavailable as f64 / (self.sets - self.failed_fits).max(1) as f64
    }
}
