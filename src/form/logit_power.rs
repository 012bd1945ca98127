//! An accuracy whose odds of an error are a power law.

use super::line::{Intercept, Line, Straight};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// An accuracy between 0 and 1: its log odds are a straight line in ln N.
///
/// # Formula
/// m(N) = 1/(1 + A*N^-alpha), so ln(m/(1 - m)) = -ln A + alpha ln N
/// # Symbols
/// N size (count > 0); m accuracy, a fraction; A odds of an error at N = 1; alpha exponent;
/// coordinates \[a = ln((1 - m)/m) at the centre of ln N, alpha\].
/// # Reference
/// Cox (1958), J. R. Stat. Soc. B 20:215, with ln N as the predictor.
#[derive(Debug, Clone, Copy)]
pub struct LogitPower;

impl Straight for LogitPower {
    const LINE: &'static Line = &Line {
        about: About {
            id: "logit-power",
            formula: "1/(1 + A*N^-alpha)",
            predictors: &["N"],
            meaning: "the odds of an error are a power law",
            weakness: "nothing: a line in its own coordinates",
            reference: Reference {
                authors: "Cox (1958)",
                place: "J. R. Stat. Soc. B 20:215 (the logistic curve, in ln N)",
            },
            params: &[
                Param::free("A", "odds of an error at N = 1 (in the unit of N)"),
                Param::free("alpha", "exponent of the odds"),
            ],
            exponent: 1,
            amplitude: 0,
            trend: Trend::Rises,
            bounded: true,
            positive: true,
            native: Scale::Logit,
            scales: &[Scale::Logit, Scale::Raw],
        },
        mirrored: true,
        intercept: Intercept::Amplitude,
    };
}
