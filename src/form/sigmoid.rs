//! A score that steps from one level to another.

use super::family::{Levels, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A score between 0 and 1 that leads from level y0 to level y1 by a logistic step in ln N.
///
/// # Formula
/// m(N) = y0 + (y1 - y0)/(1 + (N/N0)^-k), 0 <= y0, y1 <= 1, k > 0
/// # Symbols
/// N size (count > 0); m, y0, y1 fractions; N0 the size at the middle of the step; k its steepness in ln N;
/// coordinates \[y0, y1, ln N0 centred, k\].
/// # Reference
/// Ruan, Maddison and Hashimoto (2024), arXiv:2405.10938, for scores against the logarithm of compute.
#[derive(Debug, Clone, Copy)]
pub struct Sigmoid;

static ABOUT: About = About {
    id: "sigmoid",
    formula: "y0 + (y1-y0)/(1 + (N/N0)^-k)",
    predictors: &["N"],
    meaning: "a score that steps from level y0 to y1 around N0",
    weakness: "y0 and y1 without rows on both levels; N0 and k with the level that is missing",
    reference: Reference { authors: "Ruan, Maddison and Hashimoto (2024)", place: "arXiv:2405.10938" },
    params: &[
        Param {
            name: "y0",
            meaning: "level at small sizes, for instance that of chance",
            lower: 0.0,
            upper: 1.0,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        },
        Param {
            name: "y1",
            meaning: "level at large sizes",
            lower: 0.0,
            upper: 1.0,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        },
        Param {
            name: "N0",
            meaning: "size at the middle of the step",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "k",
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
    bounded: true,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw, Scale::Logit],
};

member!(Sigmoid, Levels { about: &ABOUT });
