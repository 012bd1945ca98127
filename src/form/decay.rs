//! An exponential decay to zero.

use super::family::{Base, Curve, Kind, Starts, exponential, exponential_grid, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A response that falls by a constant factor for each N0 of size: `exp2` of LCDB.
///
/// # Formula
/// m(N) = A*exp(-N/N0), so ln m = ln A - N/N0
/// # Symbols
/// N size (count > 0); m, A in the unit of the response; N0 a size; coordinates \[ln A, ln N0 centred\].
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curve `exp2`.
#[derive(Debug, Clone, Copy)]
pub struct Decay;

static ABOUT: About = About {
    id: "decay",
    formula: "A*exp(-N/N0)",
    predictors: &["N"],
    meaning: "an exponential decay to zero (LCDB exp2)",
    weakness: "N0 where the rows span much less than N0: the curve is then a line against N",
    reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve exp2" },
    params: &[
        Param::free("A", "response at size 0"),
        Param {
            name: "N0",
            meaning: "size over which the response falls by a factor e",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
    ],
    exponent: 1,
    amplitude: 0,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Log,
    scales: &[Scale::Log, Scale::Raw],
};

member!(
    Decay,
    Curve {
        about: &ABOUT,
        base: Base::Alone,
        kinds: &[Kind::LogSize],
        shape: exponential,
        starts: Starts::Grid(exponential_grid),
        columns: None,
    }
);
