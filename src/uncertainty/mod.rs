//! Uncertainty: intervals for every parameter, exact where they exist, with proven coverage where they do not.
//!
//! Three steps, three kinds of file. [`resample`] says who is redrawn; [`draws`] refits, in parallel, and keeps the
//! results with their failures; the interval methods ([`CATALOGUE`]) turn a fit, its draws or its jackknife into limits.
//! Some methods need no draws: Student's t (exact for a line), the profile of the sum of squares (for curves), and Student's t
//! with standard errors that allow unequal variances or clusters of rows.
//!
//! Every method works on the linear combination behind a parameter ([`crate::form::Functional`]) and transforms its
//! limits, so an interval for A is the exponential of an interval for ln A and never dips below zero.
//!
//! Which interval leads a report is decided in [`auto`], by a table that the coverage study justifies.

pub mod auto;
mod basic;
mod bca;
mod bootstrap_t;
mod bound;
mod cluster_algebra;
mod cr2;
pub mod derived;
pub mod draws;
pub mod exact_set;
mod hc2;
mod hc3;
pub mod jackknife;
mod jackknife_t;
mod percentile;
pub mod profile;
pub mod profile_bootstrap;
pub mod resample;
mod sandwich;
mod score;
pub mod spread_t;
mod subsampling;
mod unavailable;
mod wald;
mod wild_cluster_t;

pub use auto::{default_resampler, leading_method, second_opinion};
pub use basic::Basic;
pub use bca::{Bca, acceleration};
pub use bootstrap_t::BootstrapT;
pub use cr2::{Cr2, cr2};
pub use draws::{Bootstrap, Draws};
pub use exact_set::ExactSet;
pub use hc2::Hc2;
pub use hc3::Hc3;
pub use jackknife::Jackknife;
pub use jackknife_t::{JackknifeT, jackknife_se};
pub use percentile::Percentile;
pub use profile::ProfileT;
pub use profile_bootstrap::ProfileBootstrap;
pub use resample::Resampler;
pub use sandwich::Sandwich;
pub use score::Score;
pub use spread_t::SpreadT;
pub use subsampling::Subsampling;
pub use unavailable::Unavailable;
pub use wald::WaldT;
pub use wild_cluster_t::WildClusterT;

use crate::fit::Fit;
use crate::form::Functional;
use crate::loss::Inference;
use nalgebra::DMatrix;
use thiserror::Error;

/// Every interval method, sorted by id.
pub static CATALOGUE: &[&dyn IntervalMethod] = &[
    &Basic,
    &Bca,
    &BootstrapT,
    &Cr2,
    &ExactSet,
    &Hc2,
    &Hc3,
    &JackknifeT,
    &Percentile,
    &ProfileBootstrap,
    &ProfileT,
    &Sandwich,
    &Score,
    &SpreadT,
    &Subsampling,
    &WaldT,
    &WildClusterT,
];

/// A confidence level strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level(f64);

/// What can be wrong with a request for intervals.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum UncertaintyError {
    /// The level is no probability.
    #[error("confidence level: found {found}, expected a fraction between 0 and 1")]
    Level {
        /// The level asked for.
        found: f64,
    },
    /// Too few replicates for a quantile at the level.
    #[error("replicates: found {found}, expected at least {needed} for level {level}")]
    Replicates {
        /// Replicates asked for.
        found: usize,
        /// The least that gives a quantile inside the draws.
        needed: usize,
        /// The level.
        level: f64,
    },
    /// No resampler or method of that name.
    #[error("unknown {what} `{found}`, expected one of {allowed}")]
    Unknown {
        /// What was asked for.
        what: &'static str,
        /// Its name.
        found: String,
        /// The names there are.
        allowed: String,
    },
}

impl Default for Level {
    /// 95%.
    fn default() -> Self {
        Level(0.95)
    }
}

impl Level {
    /// Check a level.
    ///
    /// # Errors
    /// [`UncertaintyError::Level`] unless 0 < level < 1.
    pub fn new(level: f64) -> Result<Level, UncertaintyError> {
        if level > 0.0 && level < 1.0 {
            Ok(Level(level))
        } else {
            Err(UncertaintyError::Level { found: level })
        }
    }

    /// Return the level as a fraction.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// Return the probability below the lower limit, (1 - level)/2.
    #[must_use]
    pub fn tail(self) -> f64 {
        0.5 * (1.0 - self.0)
    }
}

/// Limits of one parameter by one method; infinite where the data bound it on no side.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// The method's id, with the resampler in front for a bootstrap: `wild-percentile`.
    pub method: String,
    /// Confidence level.
    pub level: f64,
    /// Lower limit, possibly minus infinity.
    pub low: f64,
    /// Upper limit, possibly infinity.
    pub high: f64,
    /// Whether this is the interval to report.
    pub lead: bool,
    /// Draws that the interval rests on, for a bootstrap.
    pub draws: Option<usize>,
    /// Draws that failed, for a bootstrap.
    pub failed: Option<usize>,
    /// Whether fewer than 95% of the refits behind the draws succeeded; never without a bootstrap.
    pub few_refits: bool,
}

impl Interval {
    /// Return high - low, infinite when open.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// What interval methods may draw on.
#[derive(Debug, Clone, Copy)]
pub struct Gathered<'a> {
    /// The fit.
    pub fit: &'a Fit,
    /// Bootstrap refits.
    pub draws: Option<&'a Draws>,
    /// Leave-one-out refits: of rows, or of clusters where the data have them.
    pub jackknife: Option<&'a Jackknife>,
}

impl<'a> Gathered<'a> {
    fn draws(&self) -> Result<&'a Draws, Unavailable> {
        self.draws.ok_or(Unavailable::NoDraws)
    }
}

/// Lower and upper limit of a linear combination, or why there are none.
pub type Limits = Result<(f64, f64), Unavailable>;

/// A way to turn a fit, its draws or its jackknife into limits.
pub trait IntervalMethod: Sync + std::fmt::Debug {
    /// Name on the command line and in JSON.
    fn id(&self) -> &'static str;

    /// One sentence: what it does.
    fn meaning(&self) -> &'static str;

    /// Whether it rests on bootstrap draws.
    fn needs_draws(&self) -> bool {
        false
    }

    /// Whether it is too dear to be computed unless a user asks for it.
    fn on_request(&self) -> bool {
        false
    }

    /// Whether a report of this fit computes it without being asked.
    fn is_reported(&self, fit: &Fit) -> bool {
        let _ = fit;
        !self.on_request()
    }

    /// The one resampler whose draws it reads; `None` for every one but those that another method scales back.
    fn reads_only(&self) -> Option<Resampler> {
        None
    }

    /// Whether it means nothing without clusters of rows.
    fn needs_clusters(&self) -> bool {
        false
    }

    /// Whether it rests on leave-one-out refits.
    fn needs_jackknife(&self) -> bool {
        false
    }

    /// Whether it can serve a loss that allows this inference; least squares only, where nothing else is said.
    fn suits(&self, inference: Inference) -> bool {
        inference == Inference::LeastSquares
    }

    /// Compute limits of a linear combination c'theta + offset, before its transform.
    ///
    /// # Errors
    /// [`Unavailable`] says why the method gives none here.
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits;
}

/// Width of a bootstrap interval, in standard errors, up to which it is rounding.
const NO_WIDTH: f64 = 1e-9;

/// Compute the interval of natural parameter `k` by one method.
///
/// Limits are transformed to the natural parameter and cut at the edge of its domain (E never below 0).
///
/// # Errors
/// [`Unavailable`] says why the method gives none here.
pub fn interval(
    method: &dyn IntervalMethod,
    k: usize,
    gathered: &Gathered<'_>,
    level: Level,
) -> Result<Interval, Unavailable> {
    if gathered.fit.is_exact() {
        return Err(Unavailable::Exact);
    }
    let fit = gathered.fit;
    if !method.suits(fit.loss.family().inference()) {
        return Err(Unavailable::OtherLoss { loss: fit.loss });
    }
    let target = fit.form.natural(k, &fit.design.frame);
    if let Some(Draws { resampler, .. }) = gathered.draws.filter(|_| method.needs_draws()) {
        // Fits to fewer rows vary more than the estimate: their quantiles are no limits before they are scaled back.
        let reads = method.reads_only().map_or(*resampler != Resampler::Subsample, |own| own == *resampler);
        if !reads {
            return Err(Unavailable::OtherDraws { resampler: *resampler });
        }
    }
    let (low, high) = method.limits(&target, gathered, level)?;
    if low.is_nan() || high.is_nan() {
        return Err(Unavailable::NotANumber);
    }
    // An estimate on a limit of the search is bounded by nothing on that side.
    let (low, high) = match on_search_limit(fit, &target, &fit.solution.theta) {
        Some(end) if end > 0.0 => (low, f64::INFINITY),
        Some(_) => (f64::NEG_INFINITY, high),
        None => (low, high),
    };
    let (bottom, top) = domain(fit, &target);
    let (low, high) = (low.clamp(bottom, top), high.clamp(bottom, top));
    // Draws that do not vary, or all beyond the edge, are no certainty.
    let least = NO_WIDTH * fit.vcov().map_or(0.0, |v| std_error(&target, &v));
    if method.needs_draws() && high - low <= least {
        return Err(Unavailable::NoWidth);
    }
    let used = method.needs_draws().then_some(gathered.draws).flatten();
    let name = match used {
        // A method that reads one resampler only says so by its own name.
        Some(d) if method.reads_only().is_none() => format!("{}-{}", d.resampler.id(), method.id()),
        _ => method.id().to_owned(),
    };
    Ok(Interval {
        method: name,
        level: level.get(),
        low: target.transform.apply(low),
        high: target.transform.apply(high),
        lead: false,
        draws: used.map(Draws::succeeded),
        failed: used.map(|d| d.failed),
        few_refits: used.is_some_and(Draws::few_refits),
    })
}

/// Domain of a linear combination: the bounds of its coordinate when it has only one, otherwise everything.
///
/// A bound that only limits the search is no edge of the domain.
#[must_use]
pub fn domain(fit: &Fit, target: &Functional) -> (f64, f64) {
    let Some(j) = target.only_coordinate() else {
        return (f64::NEG_INFINITY, f64::INFINITY);
    };
    let (param, c) = (&fit.form.params()[j], target.coefficients[j]);
    let (lower, upper) = param.domain();
    let ends = [lower * c + target.offset, upper * c + target.offset];
    if c > 0.0 { (ends[0], ends[1]) } else { (ends[1], ends[0]) }
}

/// The infinite value that a linear combination stands for when a coordinate that it rests on has run into a limit of the
/// search; `None` when none has.
#[must_use]
pub fn on_search_limit(fit: &Fit, target: &Functional, theta: &[f64]) -> Option<f64> {
    fit.form
        .params()
        .iter()
        .zip(theta)
        .zip(target.coefficients)
        .filter(|(_, c)| *c != 0.0)
        .find_map(|((p, t), c)| p.search_limit_reached(*t).map(|side| side * c.signum() * f64::INFINITY))
}

/// Standard error of a linear combination under a covariance of the coordinates.
#[must_use]
pub fn std_error(target: &Functional, vcov: &DMatrix<f64>) -> f64 {
    let p = vcov.nrows();
    let c = &target.coefficients[..p];
    // A coefficient may hold the unit of the response, whose square need not be a number.
    let unit = c.iter().fold(0.0f64, |m, c| m.max(c.abs()));
    if unit == 0.0 {
        return 0.0;
    }
    let mut variance = 0.0;
    for i in 0..p {
        for j in 0..p {
            variance += (c[i] / unit) * vcov[(i, j)] * (c[j] / unit);
        }
    }
    unit * variance.max(0.0).sqrt()
}
