//! A power law of a shifted size above a floor.

use super::family::{Base, Curve, Kind, Starts, member, shifted, shifted_grid};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A power law of N + N0 above a floor E: flat at both ends.
///
/// # Formula
/// m(N) = E + A*(N + N0)^-alpha, E >= 0, N0 >= 0
/// # Symbols
/// N size (count > 0); m, E in the unit of the response; A that unit times N^alpha; N0 a size; alpha exponent;
/// coordinates \[E, a, r = N0 over the geometric mean size, alpha\].
/// # Reference
/// Kolachina et al. (2012), ACL, curve Pow4; `pow4` of LCDB with the sign turned round.
#[derive(Debug, Clone, Copy)]
pub struct ShiftedFloor;

static ABOUT: About = About {
    id: "shifted-floor",
    formula: "E + A*(N + N0)^-alpha",
    predictors: &["N"],
    meaning: "a power law of N + N0 above a floor E (pow4)",
    weakness: "N0 and E with alpha, unless the rows bend at both ends",
    reference: Reference { authors: "Kolachina et al. (2012)", place: "ACL, curve Pow4" },
    params: &[
        Param {
            name: "E",
            meaning: "floor: the response at infinite size",
            lower: 0.0,
            upper: f64::INFINITY,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        },
        Param::free("A", "reducible part at N + N0 = 1 (in the unit of N)"),
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
            meaning: "exponent of the reducible part",
            lower: 0.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
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
    ShiftedFloor,
    Curve {
        about: &ABOUT,
        base: Base::Floor,
        kinds: &[Kind::Size, Kind::Exponent],
        shape: shifted,
        starts: Starts::Grid(shifted_grid),
        columns: None,
    }
);
