//! How often the verdict is right: rates of rejection on simulated laws, and the coverage of the interval of a break.

pub use super::errors::Errors;
use crate::data::{Dataset, Input, Response};
use crate::diagnose::break_point::break_point;
use crate::diagnose::verdict::{FALSE_ALARM, judge};
use crate::fit::FitSpec;
use crate::form::{Floor, Form, Power};
use crate::math::random::stream;
use rayon::prelude::*;
use serde::Serialize;

/// Level of the interval of a break.
const LEVEL: f64 = 0.95;

/// The law that the data come from: 406.4 N^-0.34 with what is added to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// The plain power law.
    Line,
    /// A floor E under it.
    Floor(f64),
    /// An exponent smaller by this much beyond the middle of the sizes.
    Kink(f64),
    /// A factor (ln N)^gamma.
    SlowLog(f64),
}

/// One row of the study.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cell {
    /// What is measured: `size`, `power`, `curve` or `break`.
    pub group: &'static str,
    /// The law.
    pub truth: Truth,
    /// The errors, in units of 1%.
    pub errors: Errors,
    /// Sizes, evenly spaced in ln N.
    pub n: usize,
}

/// What a cell gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// The cell.
    #[serde(flatten)]
    pub cell: Cell,
    /// Data sets.
    pub sets: usize,
    /// Share of them in which SHAPE rejects at 5%.
    pub shape: f64,
    /// Share in which NOISE rejects at 5%.
    pub noise: f64,
    /// Share in which the interval of the break holds the true one; only in the group `break`.
    pub coverage: Option<f64>,
    /// Share in which that interval is open on some side.
    pub open: Option<f64>,
    /// Median width of the closed ones, in decades.
    pub width: Option<f64>,
}

impl Score {
    /// Return the Monte-Carlo standard error of a rate of this cell.
    #[must_use]
    pub fn standard_error(&self, rate: f64) -> f64 {
        (rate * (1.0 - rate) / self.sets as f64).sqrt()
    }
}

/// Every cell of the study.
#[must_use]
pub fn cells() -> Vec<Cell> {
    let mut out = Vec::new();
    for errors in [Errors::Normal, Errors::T3] {
        for n in [5, 6, 8, 10, 20, 50] {
            out.push(Cell { group: "size", truth: Truth::Line, errors, n });
        }
    }
    for (truth, errors) in [
        (Truth::Floor(0.02), Errors::Normal),
        (Truth::Kink(0.03), Errors::Normal),
        (Truth::SlowLog(1.0), Errors::Normal),
        (Truth::Line, Errors::Falling(8.0)),
        (Truth::Line, Errors::Outlier(6.0)),
        (Truth::Line, Errors::Step(5.0)),
    ] {
        for n in [6, 10, 20] {
            out.push(Cell { group: "power", truth, errors, n });
        }
    }
    for n in [8, 12, 20] {
        out.push(Cell { group: "curve", truth: Truth::Floor(1.69), errors: Errors::Normal, n });
    }
    for change in [0.02, 0.05, 0.1, 0.2] {
        for n in [12, 20] {
            out.push(Cell { group: "break", truth: Truth::Kink(change), errors: Errors::Normal, n });
        }
    }
    out
}

/// Smallest and largest size.
const RANGE: (f64, f64) = (1e7, 1e10);
/// Standard deviation of the errors.
const SIGMA: f64 = 0.01;
const AMPLITUDE: f64 = 406.4;
const ALPHA: f64 = 0.34;

impl Cell {
    /// Return the form that is judged.
    #[must_use]
    pub fn form(&self) -> &'static dyn Form {
        if self.group == "curve" { &Floor } else { &Power }
    }

    fn sizes(&self) -> Vec<f64> {
        let (low, high) = (RANGE.0.ln(), RANGE.1.ln());
        (0..self.n).map(|i| low + (high - low) * i as f64 / (self.n - 1) as f64).collect()
    }

    /// Draw data set `set` of the cell.
    ///
    /// # Formula
    /// ln y = ln m(N) + sigma_i z_i, m = 406.4 N^-0.34 and what the truth adds, 10^7 <= N <= 10^10
    /// # Errors
    /// [`crate::data::DataError`] if a response is not finite.
    pub fn draw(&self, seed: u64, set: u64) -> Result<Dataset, crate::data::DataError> {
        let x = self.sizes();
        let middle = 0.5 * (x[0] + x[self.n - 1]);
        let errors = self.errors.draw(&x, &mut stream(seed, set));
        let y: Vec<f64> = x
            .iter()
            .zip(&errors)
            .map(|(x, error)| {
                let line = AMPLITUDE.ln() - ALPHA * x;
                let law = match self.truth {
                    Truth::Line => line,
                    Truth::Floor(e) => (e + line.exp()).ln(),
                    Truth::Kink(change) => line + change * (x - middle).max(0.0),
                    Truth::SlowLog(gamma) => line + gamma * x.ln(),
                };
                (law + SIGMA * error).exp()
            })
            .collect();
        Dataset::new(
            "simulated",
            vec![Input { name: "N".into(), unit: None, values: x.iter().map(|x| x.exp()).collect() }],
            Response { name: "loss".into(), values: y },
            (0..self.n).collect(),
        )
    }

    /// Run the cell on `sets` data sets; `tick` is called after each, from any thread.
    ///
    /// Data set i depends on (seed, i) alone, so a study can be repeated, or extended.
    #[must_use]
    pub fn run(&self, sets: usize, seed: u64, tick: &(dyn Fn() + Sync)) -> Score {
        struct One {
            shape: bool,
            noise: bool,
            covered: bool,
            width: Option<f64>,
        }
        let middle = (0.5 * (RANGE.0.ln() + RANGE.1.ln())).exp();
        let ones: Vec<One> = (0..sets as u64)
            .into_par_iter()
            .filter_map(|set| {
                let data = self.draw(seed, set).ok()?;
                let fit = FitSpec::new(self.form()).fit(&data).ok()?;
                let verdict = judge(&fit, &data, seed.wrapping_add(set)).ok()?;
                let rejects = |p: Option<f64>| p.is_some_and(|p| p <= FALSE_ALARM);
                let found = (self.group == "break")
                    .then(|| break_point(&fit, &data, LEVEL, seed.wrapping_add(set)).ok())
                    .flatten();
                tick();
                Some(One {
                    shape: rejects(verdict.shape.p_value),
                    noise: rejects(verdict.noise.p_value),
                    covered: found.as_ref().is_some_and(|b| {
                        b.low.is_none_or(|l| l <= middle) && b.high.is_none_or(|h| middle <= h)
                    }),
                    width: found.and_then(|b| Some((b.high? / b.low?).log10())),
                })
            })
            .collect();
        let share = |pick: &dyn Fn(&One) -> bool| {
            ones.iter().filter(|o| pick(o)).count() as f64 / ones.len().max(1) as f64
        };
        let mut widths: Vec<f64> = ones.iter().filter_map(|o| o.width).collect();
        widths.sort_by(f64::total_cmp);
        let broken = self.group == "break";
        Score {
            cell: *self,
            sets: ones.len(),
            shape: share(&|o| o.shape),
            noise: share(&|o| o.noise),
            coverage: broken.then(|| share(&|o| o.covered)),
            open: broken.then(|| share(&|o| o.width.is_none())),
            width: widths.get(widths.len() / 2).copied(),
        }
    }
}
