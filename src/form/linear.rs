//! A straight line against the size itself.

use super::family::{Affine, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A straight line in N, not in ln N: `lin2` of LCDB.
///
/// # Formula
/// m(N) = a + b*N
/// # Symbols
/// N size (count > 0); m, a in the unit of the response; b that unit per size; coordinates \[a, b times the geometric mean size\], divided by the
/// frame's scale.
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curve `lin2`.
#[derive(Debug, Clone, Copy)]
pub struct Linear;

static ABOUT: About = About {
    id: "linear",
    formula: "a + b*N",
    predictors: &["N"],
    meaning: "a straight line against N (LCDB lin2)",
    weakness: "nothing",
    reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve lin2" },
    params: &[
        Param::free("a", "response at size 0"),
        Param::free("b", "change of the response for each unit of N"),
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
    Linear,
    Affine { about: &ABOUT, basis: |size, centre| size * (-centre).exp(), ln_unit: |centre| centre }
);
