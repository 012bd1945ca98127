//! A response that steps from one level to another.

use super::family::{Levels, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A response of any range that leads from level a to level c by a logistic step in ln N: `mmf4` of LCDB, whose b is N0^d.
///
/// # Formula
/// m(N) = a + (c - a)/(1 + (N/N0)^-d), d > 0
/// # Symbols
/// N size (count > 0); m, a, c in the unit of the response; N0 the size at the middle of the step; d its steepness in ln N;
/// coordinates \[a, c, ln N0 centred, d\], the levels divided by the frame's scale.
/// # Reference
/// Morgan, Mercer and Flodin (1975), PNAS 72:4327; Mohr et al. (2022), LCDB, ECML PKDD, curve `mmf4`.
#[derive(Debug, Clone, Copy)]
pub struct Mmf;

static ABOUT: About = About {
    id: "mmf",
    formula: "a + (c-a)/(1 + (N/N0)^-d)",
    predictors: &["N"],
    meaning: "a response that steps from level a to c around N0 (LCDB mmf4)",
    weakness: "a and c without rows on both levels; N0 and d with the level that is missing",
    reference: Reference { authors: "Morgan, Mercer and Flodin (1975)", place: "PNAS 72:4327" },
    params: &[
        Param::free("a", "level at small sizes"),
        Param::free("c", "level at large sizes"),
        Param {
            name: "N0",
            meaning: "size at the middle of the step",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "d",
            meaning: "steepness of the step in ln N",
            lower: 0.02,
            upper: 50.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
    ],
    exponent: 3,
    amplitude: 1,
    trend: Trend::Either,
    bounded: false,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw, Scale::Log],
};

member!(Mmf, Levels { about: &ABOUT });
