//! A power law of a shifted size.

use super::family::{Base, Curve, Kind, Starts, member, shifted, shifted_grid};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A power law of N + N0: flat below N0, a pure power law above.
///
/// # Formula
/// m(N) = A*(N + N0)^-alpha, N0 >= 0
///
/// On logs, with r = N0 over the geometric mean size and s = ln(e^u + r): dln m/dr = -alpha/(e^u + r), dln m/dalpha = -s.
/// # Symbols
/// N size (count > 0); m in the unit of the response; A that unit times N^alpha; N0 a size, 0 for the pure power law;
/// alpha exponent; coordinates \[a, r, alpha\].
/// # Reference
/// Mandelbrot (1953), in: Communication Theory (Butterworths), the shift in Zipf's law.
#[derive(Debug, Clone, Copy)]
pub struct Shifted;

static ABOUT: About = About {
    id: "shifted",
    formula: "A*(N + N0)^-alpha",
    predictors: &["N"],
    meaning: "a power law of N + N0, flat below N0",
    weakness: "N0 without rows near it or below: it then ends at its bound",
    reference: Reference {
        authors: "Mandelbrot (1953)",
        place: "in: Communication Theory (Butterworths), the shifted law of Zipf",
    },
    params: &[
        Param::free("A", "response at N + N0 = 1 (in the unit of N)"),
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
    Shifted,
    Curve {
        about: &ABOUT,
        base: Base::Alone,
        kinds: &[Kind::Size, Kind::Exponent],
        shape: shifted,
        starts: Starts::Grid(shifted_grid),
        columns: None,
    }
);
