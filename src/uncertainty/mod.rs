//! Uncertainty: intervals for every parameter, exact where they exist, with proven coverage where they do not.
//!
//! Three steps, three kinds of file. [`resample`] says who is redrawn; [`draws`] refits, in parallel, and keeps the
//! results with their failures; the interval methods ([`CATALOGUE`]) turn a fit, its draws or its jackknife into limits.
//! Two methods need no draws: Student's t (exact for a line) and the profile of the sum of squares (for curves).
//!
//! Every method works on the linear combination behind a parameter ([`crate::form::Functional`]) and transforms its
//! limits, so an interval for A is the exponential of an interval for ln A and never dips below zero.
//!
//! Which interval leads a report is decided by [`leading_method`], the default table of the documentation.

mod basic;
mod bca;
mod bootstrap_t;
pub mod draws;
mod hc3;
pub mod jackknife;
mod percentile;
pub mod profile;
pub mod resample;
mod sandwich;
mod wald;

pub use basic::Basic;
pub use bca::{Bca, acceleration};
pub use bootstrap_t::BootstrapT;
pub use draws::{Bootstrap, Draws};
pub use hc3::Hc3;
pub use jackknife::Jackknife;
pub use percentile::Percentile;
pub use profile::ProfileT;
pub use resample::Resampler;
pub use sandwich::Sandwich;
pub use wald::WaldT;

use crate::fit::Fit;
use crate::form::Functional;
use crate::loss::{Inference, Loss};
use nalgebra::DMatrix;
use thiserror::Error;

/// Every interval method, sorted by id.
pub static CATALOGUE: &[&dyn IntervalMethod] =
    &[&Basic, &Bca, &BootstrapT, &Hc3, &Percentile, &ProfileT, &Sandwich, &WaldT];

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
}

impl Interval {
    /// Return high - low, infinite when open.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// Why a method gives no interval here.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// The law passes through every point.
    #[error("the law fits exactly: residuals are rounding error")]
    Exact,
    /// The Jacobian's columns are linearly dependent.
    #[error("the parameters cannot be told apart at the optimum")]
    RankDeficient,
    /// A row determines a parameter by itself.
    #[error("one row has leverage 1")]
    LeverageOne,
    /// The method needs a bootstrap that was not run.
    #[error("no bootstrap was run")]
    NoDraws,
    /// Too few refits succeeded.
    #[error("only {succeeded} refits succeeded")]
    TooFewDraws {
        /// Successful refits.
        succeeded: usize,
    },
    /// Too few rows lie where psi of the loss has a slope.
    #[error("at the optimum the loss is too flat for a standard error")]
    Flat,
    /// The method rests on another loss.
    #[error("{}", other_loss(loss))]
    OtherLoss {
        /// The loss of the fit.
        loss: Loss,
    },
    /// All draws lie on one side of the estimate, or the jackknife has no spread.
    #[error("the bias correction is not finite")]
    NoBiasCorrection,
}

/// Say why a method does not go with a loss.
fn other_loss(loss: &Loss) -> String {
    match loss.family().inference() {
        Inference::LeastSquares => "for least squares HC3 is the robust interval".to_owned(),
        Inference::Sandwich | Inference::Density => {
            format!("it assumes least squares, and the loss is {loss}")
        }
        Inference::Resampling => {
            format!("the loss {loss} estimates no centre of the errors: only resampling tells how it varies")
        }
    }
}

/// What interval methods may draw on.
#[derive(Debug, Clone, Copy)]
pub struct Gathered<'a> {
    /// The fit.
    pub fit: &'a Fit,
    /// Bootstrap refits.
    pub draws: Option<&'a Draws>,
    /// Leave-one-out refits.
    pub jackknife: Option<&'a Jackknife>,
}

impl<'a> Gathered<'a> {
    fn draws(&self) -> Result<&'a Draws, Unavailable> {
        self.draws.ok_or(Unavailable::NoDraws)
    }
}

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

    /// Whether it rests on leave-one-out refits.
    fn needs_jackknife(&self) -> bool {
        false
    }

    /// Whether it can serve a loss that allows this inference.
    fn suits(&self, inference: Inference) -> bool {
        let _ = inference;
        true
    }

    /// Compute limits of a linear combination c'theta + offset, before its transform.
    ///
    /// # Errors
    /// [`Unavailable`] says why the method gives none here.
    fn limits(
        &self,
        target: &Functional,
        gathered: &Gathered<'_>,
        level: Level,
    ) -> Result<(f64, f64), Unavailable>;
}

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
    let (low, high) = method.limits(&target, gathered, level)?;
    // An estimate on a limit of the search is bounded by nothing on that side.
    let (low, high) = match on_search_limit(fit, &target, &fit.solution.theta) {
        Some(end) if end > 0.0 => (low, f64::INFINITY),
        Some(_) => (f64::NEG_INFINITY, high),
        None => (low, high),
    };
    let (bottom, top) = domain(fit, &target);
    let used = method.needs_draws().then_some(gathered.draws).flatten();
    let name = match used {
        Some(d) => format!("{}-{}", d.resampler.id(), method.id()),
        None => method.id().to_owned(),
    };
    Ok(Interval {
        method: name,
        level: level.get(),
        low: target.transform.apply(low.clamp(bottom, top)),
        high: target.transform.apply(high.clamp(bottom, top)),
        lead: false,
        draws: used.map(Draws::succeeded),
        failed: used.map(|d| d.failed),
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
    let c = &target.coefficients;
    let mut variance = 0.0;
    for i in 0..p {
        for j in 0..p {
            variance += c[i] * vcov[(i, j)] * c[j];
        }
    }
    variance.max(0.0).sqrt()
}

/// Return the id of the method whose interval leads.
///
/// A line on its own scale: exact t. A curve: profile-t. HC3-t takes the lead when the noise verdict names
/// heteroscedasticity, because both assume equal variances. Another loss: the percentile bootstrap, which needs no theory of
/// the errors; for a likelihood (Student) the sandwich.
#[must_use]
pub fn leading_method(fit: &Fit, heteroscedastic: bool) -> &'static str {
    match fit.loss.family().inference() {
        Inference::LeastSquares => {}
        Inference::Sandwich if fit.loss.has_joint_scale() => return "sandwich",
        _ => return "percentile",
    }
    match (heteroscedastic, fit.is_linear()) {
        (true, _) => "hc3",
        (false, true) => "t",
        (false, false) => "profile-t",
    }
}

/// Return the bootstrap interval to print beside the leading one, by the name that it has in a report.
///
/// Least squares: studentised for resampled residuals of a line (closest to nominal coverage), percentile otherwise. For a
/// loss whose leading interval is a bootstrap itself there is none.
#[must_use]
pub fn second_opinion(fit: &Fit, resampler: Resampler) -> Option<String> {
    let method = match fit.loss.is_gaussian() {
        true if fit.is_linear() && resampler == Resampler::Residual => "bootstrap-t",
        _ => "percentile",
    };
    (leading_method(fit, false) != method).then(|| format!("{}-{method}", resampler.id()))
}

/// Return the resampler of a bootstrap that the user did not choose one for.
///
/// Least squares: residuals for a line, wild weights for a curve. Other losses: pairs, because resampled residuals put errors
/// of one size where the loss was chosen for errors of several, and wild weights do not keep the medians at zero that
/// absolute deviations rest on.
#[must_use]
pub fn default_resampler(fit: &Fit) -> Resampler {
    match (fit.loss.is_gaussian(), fit.is_linear()) {
        (false, _) => Resampler::Pairs,
        (true, true) => Resampler::Residual,
        (true, false) => Resampler::Wild,
    }
}
