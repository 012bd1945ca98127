//! A response that moves by a constant amount a decade.

use super::line::{Intercept, Line, Straight};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A straight line in ln N: the limit of E + A*N^-alpha as alpha goes to 0.
///
/// # Formula
/// m(N) = a + b*ln(N)
/// # Symbols
/// N size (count > 0); m, a, b in the unit of the response; coordinates \[m at the centre of ln N, -b\], both divided
/// by the frame's scale.
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curve `log2`.
#[derive(Debug, Clone, Copy)]
pub struct LogLinear;

impl Straight for LogLinear {
    const LINE: &'static Line = &Line {
        about: About {
            id: "log-linear",
            formula: "a + b*ln(N)",
            predictors: &["N"],
            meaning: "a straight line against ln N",
            weakness: "nothing",
            reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve log2" },
            params: &[
                Param::free("a", "response at N = 1 (in the unit of N)"),
                Param::free("b", "change of the response for each factor e of N"),
            ],
            exponent: 1,
            amplitude: 0,
            trend: Trend::Either,
            bounded: false,
            positive: false,
            native: Scale::Raw,
            scales: &[Scale::Raw],
        },
        mirrored: false,
        intercept: Intercept::Value,
    };
}
