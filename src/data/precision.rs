//! How precise every row is: standard deviations, weights, or the number of evaluation items.

use thiserror::Error;

/// What the numbers of a precision column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrecisionKind {
    /// Standard deviations of the response, known: their size is not estimated.
    Known,
    /// Standard deviations of the response up to a common factor, which is estimated.
    Relative,
    /// Precision weights: the variance on the scale of the fit is s^2/w, with s estimated.
    Weight,
    /// Evaluation items behind every accuracy: its variance is m(1 - m)/items.
    Items,
}

impl PrecisionKind {
    /// Every kind.
    pub const ALL: [PrecisionKind; 4] =
        [PrecisionKind::Known, PrecisionKind::Relative, PrecisionKind::Weight, PrecisionKind::Items];

    /// Return the name in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            PrecisionKind::Known => "known",
            PrecisionKind::Relative => "relative",
            PrecisionKind::Weight => "weight",
            PrecisionKind::Items => "items",
        }
    }

    /// Whether the size of the errors is known rather than estimated.
    #[must_use]
    pub fn is_absolute(self) -> bool {
        matches!(self, PrecisionKind::Known | PrecisionKind::Items)
    }
}

/// A column that says how precise every row is, in the order of the data set that holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// Column name.
    pub column: String,
    /// What its numbers are.
    pub kind: PrecisionKind,
    /// Positive values, one a row.
    pub values: Vec<f64>,
}

/// A frequency that is none.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("found {found}, expected a whole number of rows from 1 to {most}")]
pub struct FrequencyError {
    /// The frequency.
    pub found: f64,
    /// The most rows that one row may stand for.
    pub most: usize,
}

/// Most rows that one row may stand for.
const MOST: usize = 100_000;

/// Read a frequency weight: how many equal rows a row stands for.
///
/// # Errors
/// [`FrequencyError`] for anything but a whole number from 1 to 100,000.
pub fn frequency(value: f64) -> Result<usize, FrequencyError> {
    if value >= 1.0 && value <= MOST as f64 && value.fract() == 0.0 {
        Ok(value as usize)
    } else {
        Err(FrequencyError { found: value, most: MOST })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frequency_is_a_whole_number() {
        assert_eq!(frequency(3.0), Ok(3));
        for bad in [0.0, -1.0, 1.5, f64::NAN, 1e9] {
            assert!(frequency(bad).is_err(), "{bad}");
        }
    }
}
