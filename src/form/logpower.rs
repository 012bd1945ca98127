//! A power law that levels off at small sizes.

use super::family::{Base, Curve, Kind, Starts, logistic, logistic_grid, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A power law that starts from a level A: it falls to 0 (c > 0) or rises from 0 to A (c < 0) around N0; `logpower3` of LCDB.
///
/// # Formula
/// m(N) = A/(1 + (N/N0)^c)
///
/// With t = c ln(N/N0), s = 1/(1 + e^-t): dln m/dlnN0 = c*s, dln m/dc = -s*ln(N/N0).
/// # Symbols
/// N size (count > 0); m, A in the unit of the response; N0 a size (e^b of LCDB); c exponent; coordinates \[ln A, ln N0 centred, c\].
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curve `logpower3`.
#[derive(Debug, Clone, Copy)]
pub struct LogPower;

static ABOUT: About = About {
    id: "logpower",
    formula: "A/(1 + (N/N0)^c)",
    predictors: &["N"],
    meaning: "a level A that turns into a power law at N0 (LCDB logpower3)",
    weakness: "A without rows below N0, c without rows above it",
    reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve logpower3" },
    params: &[
        Param::free("A", "level of the flat part"),
        Param {
            name: "N0",
            meaning: "size at which half the level is reached",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "c",
            meaning: "exponent beyond N0: positive falls, negative rises",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
    ],
    exponent: 2,
    amplitude: 0,
    trend: Trend::Either,
    bounded: false,
    positive: true,
    native: Scale::Log,
    scales: &[Scale::Log, Scale::Raw],
};

member!(
    LogPower,
    Curve {
        about: &ABOUT,
        base: Base::Alone,
        kinds: &[Kind::LogSize, Kind::Plain],
        shape: logistic,
        starts: Starts::Grid(logistic_grid),
        columns: None,
    }
);
