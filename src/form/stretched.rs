//! A stretched exponential above a floor.

use super::family::{Base, Curve, Kind, Starts, member, stretched, stretched_grid};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A stretched exponential above a floor E.
///
/// # Formula
/// m(N) = E + A*exp(-(N/N0)^b), E >= 0
///
/// With e = (N/N0)^b, g = A*exp(-e): dm/da = g, dm/dlnN0 = g*b*e, dm/db = -g*e*ln(N/N0).
/// # Symbols
/// N size (count > 0); m, E, A in the unit of the response; N0 a size; b no unit; coordinates \[E, ln A, ln N0 centred, b\].
/// # Reference
/// Kohlrausch (1854), Ann. Phys. Chem. 91:179.
#[derive(Debug, Clone, Copy)]
pub struct Stretched;

static ABOUT: About = About {
    id: "stretched",
    formula: "E + A*exp(-(N/N0)^b)",
    predictors: &["N"],
    meaning: "a stretched exponential above a floor E",
    weakness: "E, N0 and b with one another; as b falls to 0, A grows without end and the curve becomes a \
        power law",
    reference: Reference { authors: "Kohlrausch (1854)", place: "Ann. Phys. Chem. 91:179" },
    params: &[
        Param {
            name: "E",
            meaning: "floor: the response at infinite size",
            lower: 0.0,
            upper: f64::INFINITY,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        },
        Param::free("A", "reducible part at size 0"),
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
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

member!(
    Stretched,
    Curve {
        about: &ABOUT,
        base: Base::Floor,
        kinds: &[Kind::LogSize, Kind::Plain],
        shape: stretched,
        starts: Starts::Grid(stretched_grid),
        columns: None,
    }
);
