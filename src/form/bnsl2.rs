//! A power law with two breaks, above a limit.

use super::family::{Base, Curve, Kind, NARROW, Starts, WIDE, broken, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// A smoothly broken power law with two breaks: from exponent c0 to c0 + c1 + ... around the sizes d.
///
/// # Formula
/// m(N) = a + b*N^-c0*prod_i (1 + (N/d_i)^(1/f_i))^(-c_i*f_i), a >= 0
///
/// With t = (ln N - ln d)/f, s = 1/(1 + e^-t), each factor has the logarithm -c*f*softplus(t), with derivatives
/// -f*softplus(t) by c, c*s by ln d, -c*f*(softplus(t) - t*s) by ln f.
/// # Symbols
/// N size (count > 0); m, a in the unit of the response; b that unit times N^c0; d sizes; c, f no unit, f in \[0.02, 5\];
/// coordinates \[a, ln b at the centre of ln N, c0, c1, ln d1 centred, ln f1, c2, ...\].
/// # Reference
/// Caballero, Gupta, Rish and Krueger (2023), ICLR, arXiv:2210.14891, equation 1.
#[derive(Debug, Clone, Copy)]
pub struct Bnsl2;

static ABOUT: About = About {
    id: "bnsl2",
    formula: "a + b*N^-c0*(1+(N/d1)^(1/f1))^(-c1*f1)*(1+(N/d2)^(1/f2))^(-c2*f2)",
    predictors: &["N"],
    meaning: "a power law with two breaks (broken neural scaling law)",
    weakness: "each break as in `bnsl1`; two breaks that lie near each other act as one",
    reference: Reference { authors: "Caballero et al. (2023)", place: "ICLR, arXiv:2210.14891, eq. 1" },
    params: &[
        Param {
            name: "a",
            meaning: "limit of the response",
            lower: 0.0,
            upper: f64::INFINITY,
            upper_is_search_limit: false,
            lower_is_search_limit: false,
        },
        Param::free("b", "amplitude at N = 1 (in the unit of N), before the first break"),
        Param {
            name: "c0",
            meaning: "exponent before the first break",
            lower: -5.0,
            upper: 5.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "c1",
            meaning: "change of the exponent at break 1",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "d1",
            meaning: "size at break 1",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "f1",
            meaning: "width of break 1 in ln N",
            lower: NARROW,
            upper: WIDE,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "c2",
            meaning: "change of the exponent at break 2",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "d2",
            meaning: "size at break 2",
            lower: -20.0,
            upper: 20.0,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
        Param {
            name: "f2",
            meaning: "width of break 2 in ln N",
            lower: NARROW,
            upper: WIDE,
            upper_is_search_limit: true,
            lower_is_search_limit: true,
        },
    ],
    exponent: 2,
    amplitude: 1,
    trend: Trend::Either,
    bounded: false,
    positive: true,
    native: Scale::Raw,
    scales: &[Scale::Log, Scale::Raw],
};

member!(
    Bnsl2,
    Curve {
        about: &ABOUT,
        base: Base::Floor,
        kinds: &[
            Kind::Exponent,
            Kind::Plain,
            Kind::LogSize,
            Kind::Log,
            Kind::Plain,
            Kind::LogSize,
            Kind::Log
        ],
        shape: broken,
        starts: Starts::Breaks,
        columns: None,
    }
);
