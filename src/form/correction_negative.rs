//! A power law with a correction to scaling that flattens its small sizes.

use super::family::{Base, Curve, Kind, Starts, member, reduced, reduced_grid};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A power law with a correction to scaling, taken away: flatter at small sizes.
///
/// # Formula
/// m(N) = A*N^-alpha*(1 - B*N^-w), B > 0, w > 0
///
/// With t = ln(B*N^-w), s = -e^t/(1 - e^t): dln m/dalpha = -u, dln m/dlnB = s, dln m/dw = -u*s.
/// # Symbols
/// N size (count > 0); m, A in the unit of the response (A also carries N^alpha); B in the unit of N^w; alpha, w exponents;
/// coordinates \[a, alpha, b = ln(B*N^-w) at the centre of ln N, w\].
/// # Reference
/// Wegner (1972), Phys. Rev. B 5:4529.
#[derive(Debug, Clone, Copy)]
pub struct CorrectionNegative;

static ABOUT: About = About {
    id: "correction-negative",
    formula: "A*N^-alpha*(1 - B*N^-w)",
    predictors: &["N"],
    meaning: "a power law with a correction to scaling, taken away",
    weakness: "B, w and alpha with one another on fewer than three decades of N; w where B is near 0",
    reference: Reference { authors: "Wegner (1972)", place: "Phys. Rev. B 5:4529" },
    params: &[
        Param::free("A", "leading term at N = 1 (in the unit of N)"),
        Param {
            name: "alpha",
            meaning: "exponent of the leading term",
            lower: -5.0,
            upper: 5.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "B",
            meaning: "size of the correction at N = 1",
            lower: -25.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "w",
            meaning: "exponent of the correction",
            lower: 0.02,
            upper: 10.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
    ],
    exponent: 1,
    amplitude: 0,
    trend: Trend::Either,
    bounded: false,
    positive: true,
    native: Scale::Log,
    scales: &[Scale::Log, Scale::Raw],
};

member!(
    CorrectionNegative,
    Curve {
        about: &ABOUT,
        base: Base::Alone,
        kinds: &[Kind::Exponent, Kind::Coefficient(2), Kind::Plain],
        shape: reduced,
        starts: Starts::Grid(reduced_grid),
        columns: None,
    }
);
