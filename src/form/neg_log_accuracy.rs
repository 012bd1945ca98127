//! An accuracy whose negative logarithm is a power law.

use super::line::{Intercept, Line, Straight};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// An accuracy that rises to 1: its negative logarithm is a power law, so it can never exceed 1.
///
/// # Formula
/// m(N) = exp(-A*N^-alpha), so ln(-ln m) = ln A - alpha ln N
/// # Symbols
/// N size (count > 0); m accuracy, a fraction; A = -ln m at N = 1; alpha exponent;
/// coordinates \[a = ln(-ln m) at the centre of ln N, alpha\].
/// # Reference
/// Krajewski et al. (2025), arXiv:2512.08894.
#[derive(Debug, Clone, Copy)]
pub struct NegLogAccuracy;

impl Straight for NegLogAccuracy {
    const LINE: &'static Line = &Line {
        about: About {
            id: "neg-log-accuracy",
            formula: "exp(-A*N^-alpha)",
            predictors: &["N"],
            meaning: "the negative log accuracy is a power law",
            weakness: "nothing: a line in its own coordinates",
            reference: Reference { authors: "Krajewski et al. (2025)", place: "arXiv:2512.08894" },
            params: &[
                Param::free("A", "negative log accuracy at N = 1 (in the unit of N)"),
                Param::free("alpha", "exponent of the negative log accuracy"),
            ],
            exponent: 1,
            amplitude: 0,
            trend: Trend::Rises,
            bounded: true,
            positive: true,
            native: Scale::LogNegLog,
            scales: &[Scale::LogNegLog, Scale::Raw],
        },
        mirrored: false,
        intercept: Intercept::Amplitude,
    };
}
