//! The plain power law, the log-log line.

use super::line::{Intercept, Line, Straight};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A power law: the response falls (alpha > 0) or rises (alpha < 0) by a constant factor a decade.
///
/// # Formula
/// m(N) = f*N^-alpha, so ln m = ln f - alpha ln N
/// # Symbols
/// N size (count > 0); m, f in the unit of the response (f also carries N^alpha); alpha exponent, no unit;
/// coordinates \[a = ln m at the centre of ln N, alpha\].
/// # Reference
/// Kaplan et al. (2020), arXiv:2001.08361, equation 1.1.
#[derive(Debug, Clone, Copy)]
pub struct Power;

impl Straight for Power {
    const LINE: &'static Line = &Line {
        about: About {
            id: "power",
            formula: "f*N^-alpha",
            predictors: &["N"],
            meaning: "a straight line in log-log axes",
            weakness: "nothing: a line in its own coordinates",
            reference: Reference { authors: "Kaplan et al. (2020)", place: "arXiv:2001.08361, eq. 1.1" },
            params: &[
                Param::free("f", "response at N = 1 (in the unit of N)"),
                Param::free("alpha", "exponent: minus the log-log slope"),
            ],
            exponent: 1,
            amplitude: 0,
            trend: Trend::Either,
            bounded: false,
            positive: true,
            native: Scale::Log,
            scales: &[Scale::Log, Scale::Raw],
        },
        mirrored: false,
        intercept: Intercept::Amplitude,
    };
}
