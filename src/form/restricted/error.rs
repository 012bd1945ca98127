//! What can be wrong with a restriction.

use crate::math::MAX_PARAMS;
use thiserror::Error;

/// Why a law cannot be restricted so.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum RestrictionError {
    /// The law has no such parameter.
    #[error("form `{form}` has no parameter `{found}`, expected one of {known}")]
    Unknown {
        /// Form id.
        form: &'static str,
        /// The name asked for.
        found: String,
        /// Its parameters.
        known: String,
    },
    /// A parameter is named twice.
    #[error("parameter `{found}` is named twice in what is fixed and shared")]
    Twice {
        /// The name.
        found: String,
    },
    /// A value lies outside the parameter's domain.
    #[error(
        "parameter `{name}` of form `{form}`: found {value}, expected a value inside its domain ({domain})"
    )]
    Domain {
        /// Form id.
        form: &'static str,
        /// The parameter.
        name: String,
        /// The value.
        value: f64,
        /// Its domain, in words.
        domain: String,
    },
    /// Every parameter is fixed.
    #[error("form `{form}`: every parameter is fixed, so nothing is left to fit")]
    NothingLeft {
        /// Form id.
        form: &'static str,
    },
    /// The sets have more parameters together than a fit can hold.
    #[error("form `{form}` in {sets} sets has {found} parameters, expected at most {MAX_PARAMS}")]
    TooMany {
        /// Form id.
        form: &'static str,
        /// Number of sets.
        sets: usize,
        /// Parameters.
        found: usize,
    },
    /// Parameters are to be shared, but nothing parts the rows into sets.
    #[error("`{name}` is to be shared, but no column parts the rows into two sets or more")]
    NoSets {
        /// The first parameter.
        name: String,
    },
}
