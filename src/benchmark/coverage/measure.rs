//! One data set judged: does the interval of every method hold the true values?

use super::panel::{Panel, Way};
use crate::data::Dataset;
use crate::diagnose::uneven_alone;
use crate::fit::{Fit, FitSpec};
use crate::form::Transform;
use crate::uncertainty::{
    Bootstrap, CATALOGUE, Draws, Gathered, Interval, IntervalMethod, Jackknife, Level, Resampler,
    Unavailable, default_resampler, interval, leading_method,
};
use std::fmt;
use std::str::FromStr;

/// How an interval stands to the true value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// The data set could not be fitted.
    NoFit,
    /// The method gave no interval.
    Unavailable,
    /// The interval holds the true value.
    Covers,
    /// The true value lies below the interval.
    Below,
    /// The true value lies above the interval.
    Above,
}

/// What one method gave for one true value on one data set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// How the interval stands to the truth.
    pub stands: Stands,
    /// Sides without a limit, 0 to 2.
    pub open: usize,
    /// Upper minus lower limit, infinite where a side is open.
    pub width: f64,
    /// Refits behind it.
    pub refits: usize,
    /// Refits of these that failed.
    pub failed: usize,
}

impl Outcome {
    /// A data set that could not be drawn or fitted.
    pub const NO_FIT: Outcome =
        Outcome { stands: Stands::NoFit, open: 0, width: f64::INFINITY, refits: 0, failed: 0 };

    /// No interval.
    const UNAVAILABLE: Outcome = Outcome { stands: Stands::Unavailable, ..Outcome::NO_FIT };
}

/// The order of the letters of [`Stands`] in a record.
const LETTERS: [(char, Stands); 5] = [
    ('x', Stands::NoFit),
    ('n', Stands::Unavailable),
    ('c', Stands::Covers),
    ('b', Stands::Below),
    ('a', Stands::Above),
];

impl fmt::Display for Outcome {
    /// Write a record without loss: letter, open sides, width, refits, failed refits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = LETTERS.iter().find(|l| l.1 == self.stands).map_or('x', |l| l.0);
        write!(f, "{letter}:{}:{:e}:{}:{}", self.open, self.width, self.refits, self.failed)
    }
}

/// A record that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRecord;

impl FromStr for Outcome {
    type Err = NoRecord;

    fn from_str(text: &str) -> Result<Outcome, NoRecord> {
        let parts: Vec<&str> = text.split(':').collect();
        let [letter, open, width, refits, failed] = parts[..] else { return Err(NoRecord) };
        let stands = LETTERS.iter().find(|l| letter == l.0.to_string()).ok_or(NoRecord)?.1;
        Ok(Outcome {
            stands,
            open: open.parse().map_err(|_| NoRecord)?,
            width: width.parse().map_err(|_| NoRecord)?,
            refits: refits.parse().map_err(|_| NoRecord)?,
            failed: failed.parse().map_err(|_| NoRecord)?,
        })
    }
}

/// How intervals are computed.
#[derive(Debug, Clone)]
pub struct Measure {
    /// The methods.
    pub panel: Panel,
    /// Confidence level.
    pub level: Level,
    /// Bootstrap replicates.
    pub replicates: usize,
}

/// What the intervals of one fit rest on, computed when it is first asked for.
struct Evidence<'a> {
    fit: &'a Fit,
    data: &'a Dataset,
    replicates: usize,
    seed: u64,
    draws: Vec<(Resampler, Draws)>,
    jackknife: Option<Jackknife>,
}

impl<'a> Evidence<'a> {
    fn new(fit: &'a Fit, data: &'a Dataset, replicates: usize, seed: u64) -> Evidence<'a> {
        Evidence { fit, data, replicates, seed, draws: Vec::new(), jackknife: None }
    }

    fn prepare(&mut self, resampler: Option<Resampler>, jackknife: bool) {
        if let Some(resampler) = resampler
            && !self.fit.is_exact()
            && self.draws.iter().all(|d| d.0 != resampler)
        {
            let bootstrap = Bootstrap { resampler, replicates: self.replicates, seed: self.seed };
            self.draws.push((resampler, bootstrap.run(self.fit, &self.data.groups, &|| ())));
        }
        if jackknife && self.jackknife.is_none() {
            let groups = &self.data.groups;
            let whole = Jackknife::by_cluster(self.fit, groups);
            self.jackknife = Some(whole.unwrap_or_else(|| Jackknife::run(self.fit, groups)));
        }
    }

    fn draws(&self, resampler: Option<Resampler>) -> Option<&Draws> {
        self.draws.iter().find(|d| Some(d.0) == resampler).map(|d| &d.1)
    }

    fn interval(
        &mut self,
        method: &'static dyn IntervalMethod,
        resampler: Option<Resampler>,
        k: usize,
        level: Level,
    ) -> Result<Interval, Unavailable> {
        let resampler = resampler.filter(|_| method.needs_draws());
        self.prepare(resampler, method.needs_jackknife());
        let gathered =
            Gathered { fit: self.fit, draws: self.draws(resampler), jackknife: self.jackknife.as_ref() };
        interval(method, k, &gathered, level)
    }

    /// The methods that a report would lead with, the first that gives an interval; with the resampler of their draws.
    fn leading(&self) -> (Vec<&'static dyn IntervalMethod>, Resampler) {
        let even = leading_method(self.fit, false);
        // The verdict is asked only where it decides.
        let decides = leading_method(self.fit, true) != even;
        let uneven = decides && uneven_alone(self.fit, self.data, self.seed);
        let wanted = [leading_method(self.fit, uneven), "t", "sandwich"];
        let known = |id: &&str| CATALOGUE.iter().find(|m| m.id() == *id).copied();
        (wanted.iter().filter_map(known).collect(), default_resampler(self.fit))
    }
}

/// Return the interval of natural parameter `k` that a report of this fit alone would lead with.
#[must_use]
pub fn leading_interval(
    fit: &Fit,
    data: &Dataset,
    k: usize,
    level: Level,
    replicates: usize,
    seed: u64,
) -> Option<Interval> {
    let mut evidence = Evidence::new(fit, data, replicates, seed);
    let (methods, resampler) = evidence.leading();
    methods.into_iter().find_map(|m| {
        evidence.interval(m, Some(resampler), k, level).ok().filter(|i| !(i.low.is_nan() || i.high.is_nan()))
    })
}

impl Measure {
    /// Fit a data set and judge every method on every target: (index of the natural parameter, true value).
    ///
    /// Outcomes come target after target, within one in the order of the panel.
    #[must_use]
    pub fn judge(&self, spec: &FitSpec, data: &Dataset, targets: &[(usize, f64)], seed: u64) -> Vec<Outcome> {
        let Ok(fit) = spec.fit(data) else {
            return vec![Outcome::NO_FIT; targets.len() * self.panel.methods.len()];
        };
        let mut evidence = Evidence::new(&fit, data, self.replicates, seed);
        let asks_auto = self.panel.methods.iter().any(|m| matches!(m.way, Way::Auto));
        let leading = asks_auto.then(|| evidence.leading());
        let mut out = Vec::with_capacity(targets.len() * self.panel.methods.len());
        for (k, truth) in targets {
            // A profile that leads is not searched twice.
            let mut known: Vec<(&str, Option<Resampler>, Outcome)> = Vec::new();
            for judged in &self.panel.methods {
                let mut measured = |method: &'static dyn IntervalMethod, resampler: Option<Resampler>| {
                    let resampler = resampler.filter(|_| method.needs_draws());
                    if let Some(done) = known.iter().find(|d| d.0 == method.id() && d.1 == resampler) {
                        return done.2;
                    }
                    let given = evidence.interval(method, resampler, *k, self.level);
                    let outcome = Outcome {
                        refits: evidence.draws(resampler).map_or(0, |d| d.replicates),
                        failed: evidence.draws(resampler).map_or(0, |d| d.failed),
                        ..stand(&fit, *k, *truth, given.ok())
                    };
                    known.push((method.id(), resampler, outcome));
                    outcome
                };
                out.push(match judged.way {
                    Way::Plain(method) => measured(method, None),
                    Way::Drawn(resampler, method) => measured(method, Some(resampler)),
                    Way::Auto => leading
                        .iter()
                        .flat_map(|(methods, resampler)| methods.iter().map(move |m| (*m, *resampler)))
                        .map(|(m, resampler)| measured(m, Some(resampler)))
                        .find(|o| o.stands != Stands::Unavailable)
                        .unwrap_or(Outcome::UNAVAILABLE),
                });
            }
        }
        out
    }
}

/// Compare an interval with the truth.
fn stand(fit: &Fit, k: usize, truth: f64, given: Option<Interval>) -> Outcome {
    let Some(i) = given.filter(|i| !(i.low.is_nan() || i.high.is_nan())) else {
        return Outcome::UNAVAILABLE;
    };
    // The logarithm of a positive parameter without a lower limit has the limit 0, as a negative one's upper.
    let transform = fit.form.natural(k, &fit.design.frame).transform;
    let open_below = i.low == f64::NEG_INFINITY || (transform == Transform::Exp && i.low == 0.0);
    let open_above = i.high == f64::INFINITY || (transform == Transform::NegExp && i.high == 0.0);
    let open = usize::from(open_below) + usize::from(open_above);
    let stands = if truth < i.low {
        Stands::Below
    } else if truth > i.high {
        Stands::Above
    } else {
        Stands::Covers
    };
    Outcome { stands, open, width: if open > 0 { f64::INFINITY } else { i.width() }, refits: 0, failed: 0 }
}
