//! What can be wrong with a request for a loss.

use super::{CATALOGUE, Rho, Tuning};
use crate::data::nearest;
use thiserror::Error;

/// What can be wrong with a request for a loss.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LossError {
    /// No loss of that name.
    #[error("unknown loss `{found}`, expected one of {}{}", syntaxes(), nearest.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// The name asked for.
        found: String,
        /// The name closest to it, if one is close.
        nearest: Option<&'static str>,
    },
    /// A constant is missing.
    #[error("loss `{loss}` needs {name}, {expected}: write {syntax}")]
    Missing {
        /// The loss.
        loss: &'static str,
        /// The constant.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
        /// How the loss is written.
        syntax: &'static str,
    },
    /// A constant is none that the loss can have.
    #[error("loss `{loss}`, {name}: found `{found}`, expected {expected}")]
    Constant {
        /// The loss.
        loss: &'static str,
        /// The constant.
        name: &'static str,
        /// What was given.
        found: String,
        /// What it must be.
        expected: &'static str,
    },
    /// More constants than the loss has.
    #[error("loss `{loss}`: found {found} constants, expected {syntax}")]
    TooMany {
        /// The loss.
        loss: &'static str,
        /// How many were given.
        found: usize,
        /// How the loss is written.
        syntax: &'static str,
    },
}

impl LossError {
    /// The error for an unknown name, with the nearest that there is.
    pub(super) fn unknown(found: &str) -> LossError {
        LossError::Unknown {
            found: found.to_owned(),
            nearest: nearest(found, CATALOGUE.iter().map(|f| f.id())),
        }
    }
}

/// How every loss is written.
fn syntaxes() -> String {
    CATALOGUE.iter().map(|f| f.syntax()).collect::<Vec<_>>().join(", ")
}

/// Refuse any constant.
pub(super) fn none(rho: &dyn Rho, constants: &[&str]) -> Result<Tuning, LossError> {
    if constants.is_empty() { Ok([0.0; 2]) } else { Err(only(rho, constants)) }
}

/// The error for too many constants.
pub(super) fn only(rho: &dyn Rho, constants: &[&str]) -> LossError {
    LossError::TooMany { loss: rho.id(), found: constants.len(), syntax: rho.syntax() }
}

/// Read the first constant, a positive number.
pub(super) fn positive(
    rho: &dyn Rho,
    constants: &[&str],
    name: &'static str,
    expected: &'static str,
) -> Result<f64, LossError> {
    match constants.first() {
        Some(text) => number_after(rho, text, name, expected),
        None => Err(LossError::Missing { loss: rho.id(), name, expected, syntax: rho.syntax() }),
    }
}

/// Read one constant, a positive number.
pub(super) fn number_after(
    rho: &dyn Rho,
    text: &str,
    name: &'static str,
    expected: &'static str,
) -> Result<f64, LossError> {
    text.parse::<f64>().ok().filter(|v| *v > 0.0 && v.is_finite()).ok_or_else(|| LossError::Constant {
        loss: rho.id(),
        name,
        found: text.to_owned(),
        expected,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Loss;

    fn message(text: &str) -> String {
        Loss::parse(text).expect_err("refused").to_string()
    }

    #[test]
    fn messages_say_what_was_found_and_what_was_expected() {
        assert!(message("hubert:1e-3").contains("did you mean `huber`?"), "{}", message("hubert:1e-3"));
        assert!(!message("cauchy").contains("did you mean"), "{}", message("cauchy"));
        assert!(message("cauchy").contains("huber:DELTA, huber:auto"));
        assert_eq!(message("huber:-1"), "loss `huber`, delta: found `-1`, expected a number > 0 or `auto`");
        assert_eq!(message("huber:0"), "loss `huber`, delta: found `0`, expected a number > 0 or `auto`");
        assert!(message("huber").contains("needs delta"));
        assert!(message("huber:1:2").contains("found 2 constants"));
        assert!(message("student:0").contains("nu"));
        assert!(message("student:nan").contains("`nan`"));
        assert!(message("lad:1").contains("expected lad"));
        assert!(message("envelope:10:0").contains("delta"));
        assert!(message("envelope:inf").contains("tau"));
    }

    #[test]
    fn what_is_printed_is_what_is_read() {
        for text in
            ["squared", "huber:0.001", "huber:auto", "lad", "student:4", "envelope:10", "envelope:10:0.001"]
        {
            assert_eq!(Loss::parse(text).expect("a loss").to_string(), text);
        }
        assert_eq!(Loss::parse("huber:1e-3").expect("a loss").to_string(), "huber:0.001");
    }
}
