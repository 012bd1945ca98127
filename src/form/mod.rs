//! Scaling laws: one law a file, each with its formula, gradient, parameters, starting points and reference.
//!
//! A [`Form`] predicts a response from the logarithms of its predictors. Inside, everything is kept near 1:
//! logarithms are centred at their mean (the [`Frame`] remembers it), amplitudes are logarithms. Outside, a user
//! sees the formula's own parameters; [`Form::natural`] leads from one to the other. Every natural parameter is a
//! strictly monotone function of ONE linear combination of the solver's coordinates ([`Functional`]), which is what
//! lets intervals be computed on the combination and transformed exactly.
//!
//! A law that is not here is written as a [`formula`]: bound to a data set, it is a form like the others.
//!
//! To add a law: write one file with a unit struct that implements [`Form`], then add its `mod` line and its line in
//! [`CATALOGUE`]. Help texts, documentation tables and the conformance suite find it there.

mod about;
mod bnsl1;
mod bnsl2;
mod bnsl3;
mod bounded_rational;
mod ceiling;
mod chinchilla;
mod constant;
mod correction;
mod correction_negative;
mod data_constrained;
mod decay;
mod derived;
mod difference;
mod error_power;
mod exp_power;
mod exponential;
mod exponential_ceiling;
mod family;
mod farseer;
mod floor;
pub mod formula;
mod functional;
mod gemstones;
mod inverse_log;
mod joint;
mod kaplan;
mod line;
mod linear;
mod log_corrected;
mod log_linear;
mod logit_power;
mod logpower;
mod loss_sigmoid;
mod m3;
mod m4;
mod mmf;
mod multiplicative;
mod multiplicative_floor;
mod neg_log_accuracy;
mod over_training;
mod power;
mod restricted;
mod shifted;
mod shifted_ceiling;
mod shifted_floor;
mod sigmoid;
mod skaling;
mod stretched;
mod stretched_ceiling;
mod task_error;
mod vapor_pressure;

pub use about::{About, Param, Reference, Trend};
pub use bnsl1::Bnsl1;
pub use bnsl2::Bnsl2;
pub use bnsl3::Bnsl3;
pub use bounded_rational::BoundedRational;
pub use ceiling::Ceiling;
pub use chinchilla::Chinchilla;
pub use constant::Constant;
pub use correction::Correction;
pub use correction_negative::CorrectionNegative;
pub use data_constrained::DataConstrained;
pub use decay::Decay;
pub use derived::{Derived, Of, Split};
pub use error_power::ErrorPower;
pub use exp_power::ExpPower;
pub use exponential::Exponential;
pub use exponential_ceiling::ExponentialCeiling;
pub use farseer::Farseer;
pub use floor::Floor;
pub use functional::{Functional, Transform};
pub use gemstones::Gemstones;
pub use inverse_log::InverseLog;
pub use kaplan::Kaplan;
pub use linear::Linear;
pub use log_corrected::LogCorrected;
pub use log_linear::LogLinear;
pub use logit_power::LogitPower;
pub use logpower::LogPower;
pub use loss_sigmoid::LossSigmoid;
pub use m3::M3;
pub use m4::M4;
pub use mmf::Mmf;
pub use multiplicative::Multiplicative;
pub use multiplicative_floor::MultiplicativeFloor;
pub use neg_log_accuracy::NegLogAccuracy;
pub use over_training::OverTraining;
pub use power::Power;
pub use restricted::{Restricted, Restriction, RestrictionError};
pub use shifted::Shifted;
pub use shifted_ceiling::ShiftedCeiling;
pub use shifted_floor::ShiftedFloor;
pub use sigmoid::Sigmoid;
pub use skaling::Skaling;
pub use stretched::Stretched;
pub use stretched_ceiling::StretchedCeiling;
pub use task_error::TaskError;
pub use vapor_pressure::VaporPressure;

use crate::data::{Quantity, Scale};
use crate::math::{MAX_PARAMS, Theta};
use thiserror::Error;

/// Every law, sorted by id.
pub static CATALOGUE: &[&dyn Form] = &[
    &Bnsl1,
    &Bnsl2,
    &Bnsl3,
    &BoundedRational,
    &Ceiling,
    &Chinchilla,
    &Constant,
    &Correction,
    &CorrectionNegative,
    &DataConstrained,
    &Decay,
    &ErrorPower,
    &ExpPower,
    &Exponential,
    &ExponentialCeiling,
    &Farseer,
    &Floor,
    &Gemstones,
    &InverseLog,
    &Kaplan,
    &Linear,
    &LogCorrected,
    &LogLinear,
    &LogitPower,
    &LogPower,
    &LossSigmoid,
    &M3,
    &M4,
    &Mmf,
    &Multiplicative,
    &MultiplicativeFloor,
    &NegLogAccuracy,
    &OverTraining,
    &Power,
    &Shifted,
    &ShiftedCeiling,
    &ShiftedFloor,
    &Sigmoid,
    &Skaling,
    &Stretched,
    &StretchedCeiling,
    &TaskError,
    &VaporPressure,
];

/// What can be wrong with a request for a form.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormError {
    /// No law of that id.
    #[error("unknown form `{found}`, expected one of {}", ids().join(", "))]
    Unknown {
        /// The id asked for.
        found: String,
    },
    /// The law is not defined on the scale asked for.
    #[error("form `{form}` has no `{scale}` scale, expected one of {allowed}")]
    Scale {
        /// The form's id.
        form: &'static str,
        /// The scale asked for.
        scale: &'static str,
        /// The scales that the form has.
        allowed: String,
    },
}

/// Return the ids of all laws, sorted.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    CATALOGUE.iter().map(|f| f.id()).collect()
}

/// Find a law by its id.
///
/// # Errors
/// [`FormError::Unknown`] names the laws there are.
pub fn by_id(id: &str) -> Result<&'static dyn Form, FormError> {
    CATALOGUE
        .iter()
        .find(|f| f.id() == id)
        .copied()
        .ok_or_else(|| FormError::Unknown { found: id.to_owned() })
}

/// The coordinates that the solver works in.
///
/// # Symbols
/// `x_centre`: mean of ln N over the rows (so u = ln N - `x_centre`); `y_scale`: what the response is divided by
/// (its geometric mean), 1 for a bounded response.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Mean logarithm of every predictor.
    pub x_centre: Vec<f64>,
    /// Divisor of the response.
    pub y_scale: f64,
}

/// Most columns that a law may read of a data set.
pub const MAX_COLUMNS: usize = 32;

/// A scaling law: the mean response as a function of predictors and parameters.
///
/// Coordinates theta have [`Form::params`]'s order; x holds the columns that [`Form::columns`] makes of the predictors.
pub trait Form: Sync + std::fmt::Debug {
    /// What the law is called and what it can do.
    fn about(&self) -> &'static About;

    /// Name on the command line and in JSON.
    fn id(&self) -> &'static str {
        self.about().id
    }

    /// The parameters, in the order of the coordinates.
    fn params(&self) -> &'static [Param] {
        self.about().params
    }

    /// The scale on which [`Form::eval`] returns its values.
    fn native(&self) -> Scale {
        self.about().native
    }

    /// Number of predictors that the law reads.
    fn inputs(&self) -> usize {
        self.about().predictors.len()
    }

    /// Whether the law has parameters for sets of rows, and reads the index of the set as its last predictor.
    fn reads_sets(&self) -> bool {
        false
    }

    /// Fewest rows that the law is fitted to: one degree of freedom for the errors, or more where a law that bends
    /// everywhere would follow them.
    fn fewest_rows(&self) -> usize {
        self.params().len() + 1
    }

    /// Whether the response is divided by the frame's scale before the fit: not where it must lie between 0 and 1, nor where
    /// the law in another unit has parameters that no linear combination of coordinates leads to.
    fn divides_response(&self) -> bool {
        !self.about().bounded
    }

    /// Return the quantities that the law reads, where all its predictors are quantities; none otherwise.
    fn quantities(&self) -> Vec<Quantity> {
        let letters = self.about().predictors.iter().map(|p| Quantity::by_letter(p));
        letters.collect::<Option<_>>().unwrap_or_default()
    }

    /// Return what [`Form::eval`] reads of predictor values: by default, for every predictor, a column of centred
    /// logarithms.
    ///
    /// `x` holds a column a predictor, `centre` the mean logarithm of each. At most [`MAX_COLUMNS`] columns, each as long
    /// as the predictors'. A value that the law is not defined for gives a column value that is not finite.
    fn columns(&self, x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
        x.iter().zip(centre).map(|(x, c)| x.iter().map(|v| v.ln() - c).collect()).collect()
    }

    /// The scale on which the law is linear in all its coordinates, if there is one.
    fn linear_on(&self) -> Option<Scale> {
        None
    }

    /// Coordinates that are eliminated by variable projection on their way to the optimum.
    fn projected(&self) -> &'static [usize] {
        &[]
    }

    /// Coordinates in which the law is jointly linear on its native scale: least squares finds them by QR at once.
    fn linear_in(&self) -> &'static [usize] {
        &[]
    }

    /// Evaluate the law and its derivatives for all rows.
    ///
    /// `out` receives g(m) on the native scale, n values; `jac` its derivatives, coordinate after coordinate
    /// (p*n values, the derivatives by coordinate j in `jac[j*n..(j+1)*n]`), or is empty when not wanted.
    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]);

    /// Add the second derivatives of the law, weighted and summed over rows, to a matrix: sum v_i d2 g(m_i)/d theta d theta'.
    ///
    /// `jac` holds the derivatives as [`Form::eval`] left them. The default differentiates them by central differences,
    /// accurate to about nine digits; it needs as many evaluations as there are coordinates, twice.
    fn curvature(&self, theta: &[f64], x: &[&[f64]], jac: &[f64], v: &[f64], h: &mut [Theta; MAX_PARAMS]) {
        let _ = jac;
        difference::curvature(self, theta, x, v, h);
    }

    /// Coordinates that can be chosen so that the curve passes through a given point, the amplitude first.
    ///
    /// More than one is worth having where a curve can reach a point in ways that one of them describes badly.
    fn pivots(&self) -> &'static [usize] {
        std::slice::from_ref(&self.about().amplitude)
    }

    /// The pivots that move the curve at a point, the best first.
    fn pivots_at(&self, x0: &[f64]) -> Vec<usize> {
        let _ = x0;
        self.pivots().to_vec()
    }

    /// The value of coordinate `pivot` for which the curve passes through (x0, eta0), all else as in `theta`; `None`
    /// when no value inside its bounds does. `x0` holds centred logarithms, `eta0` is on the native scale.
    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64>;

    /// Return natural parameter `k` as a function of the coordinates.
    fn natural(&self, k: usize, frame: &Frame) -> Functional;

    /// Starting points: deterministic, finite, inside the bounds, best guess first.
    ///
    /// `eta` holds the observed response on the native scale, divided by the frame's scale first.
    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta>;

    /// Further starting points, for when none of [`Form::starts`] leads to an optimum that determines every parameter.
    fn more_starts(&self, _x: &[&[f64]], _eta: &[f64]) -> Vec<Theta> {
        Vec::new()
    }

    /// Return the one of several equivalent points that stands for all: like terms of a sum in a fixed order.
    fn arranged(&self, theta: &Theta) -> Theta {
        *theta
    }

    /// Solver coordinates of natural parameters; `None` where a parameter lies outside its domain.
    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta>;

    /// What a user said of the parameters (`--param`), where the law is a formula of the user's; `None` for a law of the
    /// catalogue.
    fn said(&self) -> Option<Vec<String>> {
        None
    }

    /// The limit of the response as the predictor grows without bound, where the law has one above its domain's edge:
    /// natural parameter index (for instance E).
    fn asymptote(&self) -> Option<usize> {
        None
    }

    /// How a law of size and data splits a budget between them, where it does so in closed form.
    fn split(&self, frame: &Frame) -> Option<Split> {
        let _ = frame;
        None
    }

    /// Quantities that follow from the parameters and that a report gives beside them.
    fn derived(&self, frame: &Frame) -> Vec<Derived> {
        self.split(frame).map_or_else(Vec::new, |s| vec![s.size_exponent(), s.data_exponent()])
    }
}

/// Return what a law of one predictor reads of its value `x`.
#[must_use]
pub fn point(form: &dyn Form, x: f64, frame: &Frame) -> Vec<f64> {
    form.columns(&[&[x]], &frame.x_centre).into_iter().flatten().collect()
}

/// Evaluate the mean response of a law at one point, given as the law's own columns.
#[must_use]
pub fn mean_at(form: &dyn Form, theta: &[f64], x0: &[f64], frame: &Frame) -> f64 {
    let mut eta = [0.0];
    let columns: Vec<&[f64]> = x0.iter().map(std::slice::from_ref).collect();
    form.eval(theta, &columns, &mut eta, &mut []);
    form.native().invert(eta[0]) * frame.y_scale
}
