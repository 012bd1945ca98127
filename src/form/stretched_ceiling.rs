//! A stretched exponential below a ceiling.

use super::family::{Base, Curve, Kind, Starts, member, stretched, stretched_grid};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A rise to a ceiling C, its distance a stretched exponential: `wbl4` of LCDB (a = N0^-b), and its `exp4` with another name for A.
///
/// # Formula
/// m(N) = C - A*exp(-(N/N0)^b)
///
/// With e = (N/N0)^b, g = A*exp(-e): dm/da = g, dm/dlnN0 = g*b*e, dm/db = -g*e*ln(N/N0), times -1.
/// # Symbols
/// N size (count > 0); m, C, A in the unit of the response; N0 a size; b no unit; coordinates \[C, ln A, ln N0 centred, b\].
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curves `wbl4` and `exp4`.
#[derive(Debug, Clone, Copy)]
pub struct StretchedCeiling;

static ABOUT: About = About {
    id: "stretched-ceiling",
    formula: "C - A*exp(-(N/N0)^b)",
    predictors: &["N"],
    meaning: "a stretched exponential rise to a ceiling C (LCDB wbl4, exp4)",
    weakness: "C, N0 and b with one another; as b falls to 0, A grows without end and the curve becomes a \
        power law",
    reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve wbl4" },
    params: &[
        Param::free("C", "ceiling: the response at infinite size"),
        Param::free("A", "distance to the ceiling at size 0"),
        Param {
            name: "N0",
            meaning: "size at which that part has fallen by a factor e",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "b",
            meaning: "power of N inside the exponential",
            lower: 0.02,
            upper: 10.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
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
    StretchedCeiling,
    Curve {
        about: &ABOUT,
        base: Base::Ceiling,
        kinds: &[Kind::LogSize, Kind::Plain],
        shape: stretched,
        starts: Starts::Grid(stretched_grid),
        columns: None,
    }
);
