//! Why a calibration cannot be had.

use crate::fit::FitError;
use thiserror::Error;

/// Why there is nothing to simulate or to judge.
#[derive(Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum CalibrationError {
    /// The form cannot be fitted.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The residuals are nothing but rounding error.
    #[error("`{source_name}`: form `{form}` fits every row exactly, which leaves no errors to simulate")]
    Exact {
        /// Where the rows came from.
        source_name: String,
        /// Form id.
        form: &'static str,
    },
    /// No method is left to judge.
    #[error("none of the methods {methods} suits {what}")]
    NoMethod {
        /// The methods asked for.
        methods: String,
        /// Form, loss, and whether there are clusters, in words.
        what: String,
    },
}
