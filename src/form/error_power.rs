//! An accuracy whose distance to 1 is a power law.

use super::line::{Intercept, Line, Straight};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// An accuracy that rises to 1: its error rate is a power law.
///
/// # Formula
/// m(N) = 1 - A*N^-alpha, so ln(1 - m) = ln A - alpha ln N
/// # Symbols
/// N size (count > 0); m accuracy, a fraction below 1; A error rate at N = 1; alpha exponent;
/// coordinates \[a = ln(1 - m) at the centre of ln N, alpha\].
/// # Reference
/// Hestness et al. (2017), arXiv:1712.00409, section 3.
#[derive(Debug, Clone, Copy)]
pub struct ErrorPower;

impl Straight for ErrorPower {
    const LINE: &'static Line = &Line {
        about: About {
            id: "error-power",
            formula: "1 - A*N^-alpha",
            predictors: &["N"],
            meaning: "the error rate 1 - accuracy is a power law",
            weakness: "nothing: a line in its own coordinates",
            reference: Reference { authors: "Hestness et al. (2017)", place: "arXiv:1712.00409, section 3" },
            params: &[
                Param::free("A", "error rate at N = 1 (in the unit of N)"),
                Param::free("alpha", "exponent of the error rate"),
            ],
            exponent: 1,
            amplitude: 0,
            trend: Trend::Rises,
            bounded: true,
            positive: false,
            native: Scale::LogComplement,
            scales: &[Scale::LogComplement, Scale::Raw],
        },
        mirrored: false,
        intercept: Intercept::Amplitude,
    };
}
