//! An exponential approach to a ceiling.

use super::family::{Base, Curve, Kind, Starts, exponential, exponential_grid, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A response that rises to a ceiling C exponentially: `expd3` of LCDB, whose a is C - A, and its rising `exp3`.
///
/// # Formula
/// m(N) = C - A*exp(-N/N0)
/// # Symbols
/// N size (count > 0); m, C, A in the unit of the response; N0 a size; coordinates \[C, ln A, ln N0 centred\].
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curve `expd3`.
#[derive(Debug, Clone, Copy)]
pub struct ExponentialCeiling;

static ABOUT: About = About {
    id: "exponential-ceiling",
    formula: "C - A*exp(-N/N0)",
    predictors: &["N"],
    meaning: "an exponential rise to a ceiling C (LCDB expd3)",
    weakness: "C with N0 where the rows end before the rise does",
    reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve expd3" },
    params: &[
        Param::free("C", "ceiling: the response at infinite size"),
        Param::free("A", "distance to the ceiling at size 0"),
        Param {
            name: "N0",
            meaning: "size over which the distance falls by a factor e",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Rises,
    bounded: false,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw, Scale::Log],
};

member!(
    ExponentialCeiling,
    Curve {
        about: &ABOUT,
        base: Base::Ceiling,
        kinds: &[Kind::LogSize],
        shape: exponential,
        starts: Starts::Grid(exponential_grid),
        columns: None,
    }
);
