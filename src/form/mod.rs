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
mod difference;
mod error_power;
mod exp_power;
mod exponential;
mod exponential_ceiling;
mod family;
mod farseer;
mod floor;
pub mod formula;
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
pub use error_power::ErrorPower;
pub use exp_power::ExpPower;
pub use exponential::Exponential;
pub use exponential_ceiling::ExponentialCeiling;
pub use farseer::Farseer;
pub use floor::Floor;
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
use serde::Serialize;
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

/// One parameter as its formula writes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Param {
    /// Name in the formula, ASCII: `E`, `A`, `alpha`.
    pub name: &'static str,
    /// What it is, in words.
    pub meaning: &'static str,
    /// Lower bound of the solver's own coordinate.
    pub lower: f64,
    /// Upper bound of the solver's own coordinate.
    pub upper: f64,
    /// Whether `upper` is a limit of the search rather than of the parameter: an interval that reaches it is open.
    pub upper_is_search_limit: bool,
    /// Whether `lower` is a limit of the search rather than of the parameter.
    pub lower_is_search_limit: bool,
}

impl Param {
    /// Whether this is an exponent as [`Param::exponent`] makes one.
    #[must_use]
    pub fn is_exponent(&self) -> bool {
        let Param { name, meaning, .. } = *self;
        *self == Param::exponent(name, meaning)
    }

    /// Which limit of the search a value of the coordinate has reached: 1 for the upper one, -1 for the lower one.
    #[must_use]
    pub fn search_limit_reached(&self, value: f64) -> Option<f64> {
        if self.upper_is_search_limit && value >= self.upper {
            Some(1.0)
        } else if self.lower_is_search_limit && value <= self.lower {
            Some(-1.0)
        } else {
            None
        }
    }

    /// Return the bounds of the coordinate that belong to the parameter itself: infinite where one only limits the search.
    #[must_use]
    pub fn domain(&self) -> (f64, f64) {
        let lower = if self.lower_is_search_limit { f64::NEG_INFINITY } else { self.lower };
        let upper = if self.upper_is_search_limit { f64::INFINITY } else { self.upper };
        (lower, upper)
    }

    /// A parameter without bounds.
    #[must_use]
    pub const fn free(name: &'static str, meaning: &'static str) -> Param {
        Param {
            name,
            meaning,
            lower: f64::NEG_INFINITY,
            upper: f64::INFINITY,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        }
    }

    /// A floor: not negative.
    #[must_use]
    pub const fn floor(name: &'static str, meaning: &'static str) -> Param {
        Param {
            name,
            meaning,
            lower: 0.0,
            upper: f64::INFINITY,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        }
    }

    /// An exponent that is not negative, searched for up to 5.
    #[must_use]
    pub const fn exponent(name: &'static str, meaning: &'static str) -> Param {
        Param {
            name,
            meaning,
            lower: 0.0,
            upper: 5.0,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
        }
    }
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

/// How a natural parameter follows from its linear combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    /// The combination itself.
    Identity,
    /// Its exponential: the parameter is positive.
    Exp,
    /// Minus the exponential of its negative, which rises with it: the parameter is negative.
    NegExp,
}

impl Transform {
    /// Map the combination to the natural parameter.
    #[must_use]
    pub fn apply(self, v: f64) -> f64 {
        match self {
            Transform::Identity => v,
            Transform::Exp => v.exp(),
            Transform::NegExp => -(-v).exp(),
        }
    }

    /// Return the combination that a natural parameter stands for; `None` outside the parameter's domain.
    #[must_use]
    pub fn invert(self, value: f64) -> Option<f64> {
        match self {
            Transform::Identity => Some(value),
            Transform::Exp => (value > 0.0).then(|| value.ln()),
            Transform::NegExp => (value < 0.0).then(|| -(-value).ln()),
        }
        .filter(|v| v.is_finite())
    }

    /// Derivative of the natural parameter with respect to the combination.
    #[must_use]
    pub fn derivative(self, v: f64) -> f64 {
        match self {
            Transform::Identity => 1.0,
            Transform::Exp => v.exp(),
            Transform::NegExp => (-v).exp(),
        }
    }
}

/// A natural parameter as a monotone function of a linear combination: transform(c'theta + offset).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Functional {
    /// Coefficients c, one a solver coordinate.
    pub coefficients: Theta,
    /// Constant added to c'theta.
    pub offset: f64,
    /// What is applied to the sum.
    pub transform: Transform,
}

impl Functional {
    /// Coordinate `k` itself, times `factor`.
    #[must_use]
    pub fn coordinate(k: usize, factor: f64) -> Functional {
        let mut coefficients = [0.0; MAX_PARAMS];
        coefficients[k] = factor;
        Functional { coefficients, offset: 0.0, transform: Transform::Identity }
    }

    /// Return the coordinate that the combination consists of, when it is only one.
    #[must_use]
    pub fn only_coordinate(&self) -> Option<usize> {
        let mut own = (0..MAX_PARAMS).filter(|&j| self.coefficients[j] != 0.0);
        own.next().filter(|_| own.next().is_none())
    }

    /// Evaluate c'theta + offset.
    #[must_use]
    pub fn combination(&self, theta: &[f64]) -> f64 {
        self.coefficients.iter().zip(theta).map(|(c, t)| c * t).sum::<f64>() + self.offset
    }

    /// Evaluate the natural parameter.
    #[must_use]
    pub fn value(&self, theta: &[f64]) -> f64 {
        self.transform.apply(self.combination(theta))
    }
}

/// Which way a law can go as its predictor grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trend {
    /// Down only.
    Falls,
    /// Up only.
    Rises,
    /// Either way.
    Either,
}

/// Where a form was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Authors and year.
    pub authors: &'static str,
    /// Where: journal, DOI or arXiv number, with the equation if there is one.
    pub place: &'static str,
}

/// What a law is called and what it can do, apart from its mathematics.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Name on the command line and in JSON.
    pub id: &'static str,
    /// The law in ASCII, as a user would type it.
    pub formula: &'static str,
    /// The predictors as the formula names them, in the order in which the data set has to hold them.
    pub predictors: &'static [&'static str],
    /// One sentence: what the law says.
    pub meaning: &'static str,
    /// Which parameters rows often leave undetermined, or confuse with one another, and when.
    pub weakness: &'static str,
    /// Where the law comes from.
    pub reference: Reference,
    /// The parameters, in the order of the coordinates.
    pub params: &'static [Param],
    /// Index of the exponent that a user asks for first.
    pub exponent: usize,
    /// Index of the coordinate that moves the whole curve up and down.
    pub amplitude: usize,
    /// Which way the law can go.
    pub trend: Trend,
    /// Whether the response must lie strictly between 0 and 1.
    pub bounded: bool,
    /// Whether the law only gives positive responses.
    pub positive: bool,
    /// The scale on which [`Form::eval`] returns its values.
    pub native: Scale,
    /// The scales on which the law may be fitted; the first is the default.
    pub scales: &'static [Scale],
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
