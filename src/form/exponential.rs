//! An exponential decay to a floor.

use super::family::{Base, Curve, Kind, Starts, exponential, exponential_grid, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// An exponential decay to a floor E: `exp3` of LCDB.
///
/// # Formula
/// m(N) = E + A*exp(-N/N0), E >= 0
///
/// With e = N/N0, g = A*exp(-e): dm/dE = 1, dm/da = g, dm/dlnN0 = g*e.
/// # Symbols
/// N size (count > 0); m, E, A in the unit of the response; N0 a size; coordinates \[E, ln A, ln N0 centred\].
/// # Reference
/// Kolachina et al. (2012), ACL, curve Exp3; Mohr et al. (2022), LCDB, ECML PKDD, curve `exp3`.
#[derive(Debug, Clone, Copy)]
pub struct Exponential;

static ABOUT: About = About {
    id: "exponential",
    formula: "E + A*exp(-N/N0)",
    predictors: &["N"],
    meaning: "an exponential decay to a floor E (LCDB exp3)",
    weakness: "E with N0 where the rows end before the decay does",
    reference: Reference { authors: "Kolachina et al. (2012)", place: "ACL, curve Exp3" },
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
            meaning: "size over which the reducible part falls by a factor e",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

member!(
    Exponential,
    Curve {
        about: &ABOUT,
        base: Base::Floor,
        kinds: &[Kind::LogSize],
        shape: exponential,
        starts: Starts::Grid(exponential_grid),
        columns: None,
    }
);
