//! A response that changes with the inverse of ln N.

use super::family::{Affine, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A response that tends to its limit as slowly as 1/ln N: `ilog2` of LCDB, whose a is -b. ln N depends on the unit of N.
///
/// # Formula
/// m(N) = a + b/ln(N), N > 1
/// # Symbols
/// N size (count > 1, in a unit that makes it so); m, a, b in the unit of the response; coordinates \[a, b\], divided by the
/// frame's scale.
/// # Reference
/// Kolachina et al. (2012), ACL, curve ILog2; Mohr et al. (2022), LCDB, ECML PKDD, curve `ilog2`.
#[derive(Debug, Clone, Copy)]
pub struct InverseLog;

static ABOUT: About = About {
    id: "inverse-log",
    formula: "a + b/ln(N)",
    predictors: &["N"],
    meaning: "a straight line against 1/ln N (LCDB ilog2; needs N > 1)",
    weakness: "nothing; a is the response at infinite N, far from any row",
    reference: Reference { authors: "Kolachina et al. (2012)", place: "ACL, curve ILog2" },
    params: &[
        Param::free("a", "response at infinite size"),
        Param::free("b", "change of the response with 1/ln N"),
    ],
    exponent: 1,
    amplitude: 0,
    trend: Trend::Either,
    bounded: false,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw],
};

member!(
    InverseLog,
    Affine {
        about: &ABOUT,
        basis: |size, _| if size > 1.0 { size.ln().recip() } else { f64::NAN },
        ln_unit: |_| 0.0,
    }
);
