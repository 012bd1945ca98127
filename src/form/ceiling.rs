//! A power law that flattens to a ceiling C from below.

use super::family::{Base, Curve, Kind, Starts, member, power, power_grid};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A response that rises to a ceiling C, its distance a power law: `floor` with the sign turned round, `pow3` of LCDB.
///
/// # Formula
/// m(N) = C - A*N^-alpha
///
/// With q = exp(a - alpha*u): dm/dC = 1, dm/da = -q, dm/dalpha = u*q.
/// # Symbols
/// N size (count > 0); m, C in the unit of the response; A that unit times N^alpha; alpha in (0, 5\];
/// coordinates \[C, a = ln(A*N^-alpha) at the centre of ln N, alpha\], the response divided by the frame's scale.
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curve `pow3`; Kolachina et al. (2012), ACL.
#[derive(Debug, Clone, Copy)]
pub struct Ceiling;

static ABOUT: About = About {
    id: "ceiling",
    formula: "C - A*N^-alpha",
    predictors: &["N"],
    meaning: "a power law that rises to a ceiling C (LCDB pow3)",
    weakness: "C with A and alpha, unless the rows come near the ceiling",
    reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve pow3" },
    params: &[
        Param::free("C", "ceiling: the response at infinite size"),
        Param::free("A", "distance to the ceiling at N = 1 (in the unit of N)"),
        Param {
            name: "alpha",
            meaning: "exponent of the distance to the ceiling",
            lower: 0.0,
            upper: 5.0,
            upper_is_search_limit: true,
            lower_is_search_limit: false,
        },
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Rises,
    bounded: false,
    positive: false,
    native: Scale::Raw,
    scales: &[Scale::Raw, Scale::Log],
};

member!(
    Ceiling,
    Curve {
        about: &ABOUT,
        base: Base::Ceiling,
        kinds: &[Kind::Exponent],
        shape: power,
        starts: Starts::Grid(power_grid),
        columns: None,
    }
);
