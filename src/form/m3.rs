//! A power law that bends to a floor at a size.

use super::family::{Base, Curve, Kind, Starts, bent, bent_grid, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A power law that bends to the floor beta*gamma^c near N = 1/gamma: M3 of the scaling-law estimators.
///
/// # Formula
/// m(N) = beta*(1/N + gamma)^c, c >= 0, gamma >= 0
///
/// On logs, with r = gamma times the geometric mean size: dln m/dr = c/(e^-u + r), dln m/dc = ln(e^-u + r).
/// # Symbols
/// N size (count > 0); m in the unit of the response; beta that unit times N^c; gamma one over a size, 0 for the pure power law;
/// c exponent; coordinates \[a, r, c\].
/// # Reference
/// Alabdulmohsin, Neyshabur and Zhai (2022), NeurIPS, arXiv:2209.06640, form M3.
#[derive(Debug, Clone, Copy)]
pub struct M3;

static ABOUT: About = About {
    id: "m3",
    formula: "beta*(1/N + gamma)^c",
    predictors: &["N"],
    meaning: "a power law that bends to a floor at N = 1/gamma",
    weakness: "gamma, unless the rows bend towards the floor beta*gamma^c",
    reference: Reference {
        authors: "Alabdulmohsin, Neyshabur and Zhai (2022)",
        place: "NeurIPS, arXiv:2209.06640, form M3",
    },
    params: &[
        Param::free("beta", "response where 1/N + gamma = 1 (in the unit of N)"),
        Param {
            name: "gamma",
            meaning: "inverse of the size at which the law bends",
            lower: 0.0,
            upper: 1e4,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
        },
        Param {
            name: "c",
            meaning: "exponent",
            lower: 0.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
        },
    ],
    exponent: 2,
    amplitude: 0,
    trend: Trend::Falls,
    bounded: false,
    positive: true,
    native: Scale::Log,
    scales: &[Scale::Log, Scale::Raw],
};

member!(
    M3,
    Curve {
        about: &ABOUT,
        base: Base::Alone,
        kinds: &[Kind::PerSize, Kind::Exponent],
        shape: bent,
        starts: Starts::Grid(bent_grid),
        columns: None,
    }
);
