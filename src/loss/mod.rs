//! Losses: what a residual costs.
//!
//! A [`Rho`] is a family of costs, one a file; a [`Loss`] is a member of it, the family with its constants (`huber:1e-3`).
//! It turns residuals into a cost, the SUM over rows of rho(r), and gives the solver psi = rho', psi/r and rho'' of every
//! row. A loss that is minus a log density, up to constants, says so; the others make likelihoods and information criteria
//! unavailable rather than wrong.
//!
//! To add a loss: write one file with a unit struct that implements [`Rho`], then add its `mod` line and its line in
//! [`CATALOGUE`]. Help texts and the conformance suite find it there.

mod envelope;
mod error;
mod huber;
mod lad;
mod squared;
mod student;

pub use envelope::Envelope;
pub use error::LossError;
pub use huber::{EFFICIENT, Huber, NORMAL_MAD};
pub use lad::Lad;
pub use squared::Squared;
pub use student::Student;

use std::fmt;

/// Every family of losses, sorted by id.
pub static CATALOGUE: &[&dyn Rho] = &[&Envelope, &Huber, &Lad, &Squared, &Student];

/// The constants of a loss, in the family's own order; those that it has not are 0.
pub type Tuning = [f64; 2];

/// What a loss says of every row; all slices have one length.
#[derive(Debug)]
pub struct Rows<'a> {
    /// psi = rho'(r).
    pub psi: &'a mut [f64],
    /// The weight of reweighted least squares, psi(r)/r, never negative.
    pub curvature: &'a mut [f64],
    /// rho''(r), which may be negative; one of its one-sided values at a kink of psi.
    pub second: &'a mut [f64],
}

/// What standard errors of a loss may rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inference {
    /// Normal theory: exact t, F and the profile of the sum of squares.
    LeastSquares,
    /// The sandwich of an M-estimator: psi is smooth enough for its mean slope to be its sensitivity.
    Sandwich,
    /// A sandwich whose sensitivity is the density of the errors at 0: psi jumps there.
    Density,
    /// Resampling only: what is estimated is no centre of the errors.
    Resampling,
}

/// A family of costs: rho(0) = 0, rho'(0) = 0, rho rising in |r|; even, unless it says otherwise.
pub trait Rho: Sync + fmt::Debug {
    /// Name on the command line and in JSON.
    fn id(&self) -> &'static str;

    /// One sentence: what it does.
    fn meaning(&self) -> &'static str;

    /// How it is written, alternatives separated by commas.
    fn syntax(&self) -> &'static str;

    /// Members of the family, written out: examples for the help, and what the conformance suite runs over.
    fn examples(&self) -> &'static [&'static str];

    /// Read the constants: what stands between the colons after the id.
    ///
    /// # Errors
    /// [`LossError`] names the constant, what was found and what was expected.
    fn parse(&self, constants: &[&str]) -> Result<Tuning, LossError>;

    /// Write the constants as [`Rho::parse`] reads them, a colon before each.
    fn print(&self, tuning: Tuning) -> String;

    /// Add up rho over a batch of residuals, weighted: the sum over rows of w*rho(r); say what holds for every row.
    ///
    /// `scale` is what a family with a scale of its own divides residuals by; others ignore it.
    fn batch(&self, tuning: Tuning, scale: f64, w: &[f64], r: &[f64], out: Rows<'_>) -> f64;

    /// Return the constants for residuals in a unit `unit` times as large.
    fn in_unit(&self, tuning: Tuning, unit: f64) -> Tuning {
        let _ = unit;
        tuning
    }

    /// The power of the unit of the residuals that the cost has.
    fn degree(&self) -> i32 {
        2
    }

    /// Whether rho is even.
    fn is_even(&self) -> bool {
        true
    }

    /// Log density of a standardised residual z = r/s, where rho is minus a log density; the scale s is estimated.
    fn log_density(&self, tuning: Tuning, z: f64) -> Option<f64> {
        let _ = (tuning, z);
        None
    }

    /// Maximum-likelihood scale s of the residuals, where there is a density.
    fn scale(&self, tuning: Tuning, w: &[f64], r: &[f64]) -> Option<f64> {
        let _ = (tuning, w, r);
        None
    }

    /// The family's scale as a parameter of its own, where cost and scale are minimised together.
    fn joint(&self) -> Option<&dyn JointScale> {
        None
    }

    /// What standard errors may rest on.
    fn inference(&self) -> Inference;
}

/// A scale that is estimated together with the curve.
///
/// # Formula
/// L(theta, s) = sum w rho(r/s) + W ln s, W = sum w; the cost that is minimised over theta is
/// c = W/2 exp(2 L/W - 1) at the s that minimises L: a monotone function of the profile likelihood with the unit of a sum of
/// squares, and exactly half the sum of squares for normal errors.
pub trait JointScale {
    /// Write d psi/d s of every row; return d2 L/d s2. `psi` is that of L at scale s.
    fn cross(&self, tuning: Tuning, scale: f64, w: &[f64], r: &[f64], out: &mut [f64]) -> f64;
}

/// A cost for residuals: a family with its constants.
#[derive(Clone, Copy)]
pub struct Loss {
    rho: &'static dyn Rho,
    tuning: Tuning,
}

impl Loss {
    /// Least squares.
    pub const SQUARED: Loss = Loss { rho: &Squared, tuning: [0.0; 2] };
    /// Least absolute deviations.
    pub const LAD: Loss = Loss { rho: &Lad, tuning: [0.0; 2] };
    /// Huber's loss, its threshold from the residuals.
    pub const HUBER_AUTO: Loss = Loss { rho: &Huber, tuning: huber::AUTO };

    /// Read a loss: `squared`, `huber:1e-3`, `huber:auto`, `lad`, `student:4`, `envelope:10`.
    ///
    /// # Errors
    /// [`LossError`] names what was found, what was expected, and the nearest name.
    pub fn parse(text: &str) -> Result<Loss, LossError> {
        let mut words = text.trim().split(':').map(str::trim);
        let name = words.next().unwrap_or("");
        let rho =
            CATALOGUE.iter().find(|f| f.id() == name).copied().ok_or_else(|| LossError::unknown(name))?;
        let constants: Vec<&str> = words.collect();
        Ok(Loss { rho, tuning: rho.parse(&constants)? })
    }

    /// Huber's loss with threshold `delta`, in the unit of the residuals.
    ///
    /// # Errors
    /// [`LossError::Constant`] unless `delta` is positive and finite.
    pub fn huber(delta: f64) -> Result<Loss, LossError> {
        huber::threshold(delta, &delta.to_string()).map(|tuning| Loss { rho: &Huber, tuning })
    }

    /// Return the same loss with the threshold that was found for it; it is still written as `auto`.
    #[must_use]
    pub fn with_found_threshold(self, delta: f64) -> Loss {
        Loss { tuning: [delta, self.tuning[1]], ..self }
    }

    /// Return the threshold delta of Huber's loss; `None` for other losses and before it was found.
    #[must_use]
    pub fn threshold(&self) -> Option<f64> {
        (self.rho.id() == Huber.id()).then_some(self.tuning[0]).filter(|d| d.is_finite())
    }

    /// Whether the threshold is to be found from the residuals.
    #[must_use]
    pub fn is_auto(&self) -> bool {
        self.rho.id() == Huber.id() && self.tuning[1] == huber::AUTO[1]
    }

    /// Return the family.
    #[must_use]
    pub fn family(&self) -> &'static dyn Rho {
        self.rho
    }

    /// Return the name of the family.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.rho.id()
    }

    /// Whether rho is minus the log density of normal errors, so that t, F and profiles are exact or standard.
    #[must_use]
    pub fn is_gaussian(&self) -> bool {
        self.rho.inference() == Inference::LeastSquares
    }

    /// Whether rho has a kink at 0, so that an optimum passes through points.
    #[must_use]
    pub fn is_kinked(&self) -> bool {
        self.rho.inference() == Inference::Density
    }

    /// Return the loss for residuals in a unit `unit` times as large.
    #[must_use]
    pub fn in_unit(self, unit: f64) -> Loss {
        Loss { tuning: self.rho.in_unit(self.tuning, unit), ..self }
    }

    /// Add up w*rho(r) over a batch; see [`Rho::batch`].
    #[must_use]
    pub fn batch(&self, scale: f64, w: &[f64], r: &[f64], out: Rows<'_>) -> f64 {
        self.rho.batch(self.tuning, scale, w, r, out)
    }

    /// Return rho(r); half the square where the scale is a parameter, as its cost has that unit.
    #[must_use]
    pub fn cost_of(&self, r: f64) -> f64 {
        let (mut psi, mut curvature, mut second) = ([0.0], [0.0], [0.0]);
        let out = Rows { psi: &mut psi, curvature: &mut curvature, second: &mut second };
        if self.has_joint_scale() { 0.5 * r * r } else { self.batch(1.0, &[1.0], &[r], out) }
    }

    /// Return the maximum-likelihood scale of residuals, where there is a density.
    #[must_use]
    pub fn scale(&self, w: &[f64], r: &[f64]) -> Option<f64> {
        self.rho.scale(self.tuning, w, r)
    }

    /// Return the log-likelihood of residuals at their maximum-likelihood scale; `None` without a density.
    ///
    /// # Formula
    /// sum ln f(r/s) - n ln s
    #[must_use]
    pub fn loglikelihood(&self, r: &[f64]) -> Option<f64> {
        let s = self.scale(&vec![1.0; r.len()], r)?;
        let sum: Option<f64> = r.iter().map(|r| self.rho.log_density(self.tuning, r / s)).sum();
        sum.map(|l| l - r.len() as f64 * s.ln()).filter(|l| l.is_finite())
    }

    /// Write d psi/d s of every row and return d2 L/d s2, where the scale is a parameter; see [`JointScale`].
    pub fn cross(&self, scale: f64, w: &[f64], r: &[f64], out: &mut [f64]) -> Option<f64> {
        self.rho.joint().map(|j| j.cross(self.tuning, scale, w, r, out))
    }

    /// Whether the scale of the residuals is a parameter of its own.
    #[must_use]
    pub fn has_joint_scale(&self) -> bool {
        self.rho.joint().is_some()
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.rho.id(), self.rho.print(self.tuning))
    }
}

impl fmt::Debug for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Loss({self})")
    }
}

impl PartialEq for Loss {
    fn eq(&self, other: &Loss) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Default for Loss {
    /// Least squares.
    fn default() -> Self {
        Loss::SQUARED
    }
}

/// Median of absolute values; rows of weight 0 do not count, others as often as their weight.
#[must_use]
pub fn median_absolute(w: &[f64], r: &[f64]) -> f64 {
    let mut sizes: Vec<(f64, f64)> =
        r.iter().zip(w).filter(|(_, w)| **w > 0.0).map(|(r, w)| (r.abs(), *w)).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * sizes.iter().map(|s| s.1).sum::<f64>();
    let mut below = 0.0;
    for (k, (size, w)) in sizes.iter().enumerate() {
        below += w;
        if below > half {
            return *size;
        }
        if below == half {
            return sizes.get(k + 1).map_or(*size, |next| 0.5 * (size + next.0));
        }
    }
    0.0
}
