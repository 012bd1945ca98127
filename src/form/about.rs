//! What a law is called, its parameters, and what it can do, apart from its mathematics.

use crate::data::Scale;
use serde::Serialize;

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
    /// The scale on which [`Form::eval`](super::Form::eval) returns its values.
    pub native: Scale,
    /// The scales on which the law may be fitted; the first is the default.
    pub scales: &'static [Scale],
}
