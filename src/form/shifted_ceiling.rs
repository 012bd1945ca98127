//! A power law of a shifted size below a ceiling.

use super::family::{Base, Curve, Kind, Starts, member, shifted, shifted_grid};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A response that rises to a ceiling C, its distance a power law of N + N0: `pow4` of LCDB.
///
/// # Formula
/// m(N) = C - A*(N + N0)^-alpha, N0 >= 0
/// # Symbols
/// N size (count > 0); m, C in the unit of the response; A that unit times N^alpha; N0 a size; alpha exponent;
/// coordinates \[C, a, r = N0 over the geometric mean size, alpha\].
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curve `pow4`.
#[derive(Debug, Clone, Copy)]
pub struct ShiftedCeiling;

static ABOUT: About = About {
    id: "shifted-ceiling",
    formula: "C - A*(N + N0)^-alpha",
    predictors: &["N"],
    meaning: "a power law of N + N0 that rises to a ceiling C (LCDB pow4)",
    weakness: "N0 and C with alpha, unless the rows bend at both ends",
    reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve pow4" },
    params: &[
        Param::free("C", "ceiling: the response at infinite size"),
        Param::free("A", "distance to the ceiling at N + N0 = 1 (in the unit of N)"),
        Param {
            name: "N0",
            meaning: "shift of the size, in its unit",
            lower: 0.0,
            upper: 1e4,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
        },
        Param {
            name: "alpha",
            meaning: "exponent of the distance to the ceiling",
            lower: 0.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
        },
    ],
    exponent: 3,
    amplitude: 1,
    trend: Trend::Rises,
    bounded: false,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw, Scale::Log],
};

member!(
    ShiftedCeiling,
    Curve {
        about: &ABOUT,
        base: Base::Ceiling,
        kinds: &[Kind::Size, Kind::Exponent],
        shape: shifted,
        starts: Starts::Grid(shifted_grid),
        columns: None,
    }
);
