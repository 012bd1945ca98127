//! A power law with a correction in 1/N.

use super::family::{Base, Curve, Kind, Starts, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// Evaluate L = b*e^-u - alpha*u, phi = \[b, alpha\].
fn inverse_size(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    let n = out.len();
    for (i, u) in x[0].iter().enumerate() {
        let inverse = (-u).exp();
        out[i] = p[0] * inverse - p[1] * u;
        if !jac.is_empty() {
            jac[i] = inverse;
            jac[n + i] = -u;
        }
    }
}

/// A power law times an exponential of 1/N, linear on logs: `vap3` of LCDB, exp(a + b/N + c ln N), with f = e^a, alpha = -c.
///
/// # Formula
/// m(N) = f*exp(b/N)*N^-alpha, so ln m = ln f + b/N - alpha ln N
/// # Symbols
/// N size (count > 0); m, f in the unit of the response (f also carries N^alpha); b a size of either sign; alpha exponent;
/// coordinates \[a, b over the geometric mean size, alpha\].
/// # Reference
/// Mohr et al. (2022), LCDB, ECML PKDD, curve `vap3`.
#[derive(Debug, Clone, Copy)]
pub struct VaporPressure;

static ABOUT: About = About {
    id: "vapor-pressure",
    formula: "f*exp(b/N)*N^-alpha",
    predictors: &["N"],
    meaning: "a power law times an exponential of 1/N (LCDB vap3)",
    weakness: "b with alpha where the smallest sizes do not bend: 1/N vanishes at large N",
    reference: Reference { authors: "Mohr et al. (2022)", place: "LCDB, ECML PKDD, curve vap3" },
    params: &[
        Param::free("f", "response at N = 1 (in the unit of N) without the exponential"),
        Param::free("b", "size below which the exponential matters"),
        Param::free("alpha", "exponent of the power law"),
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
    VaporPressure,
    Curve {
        about: &ABOUT,
        base: Base::Alone,
        kinds: &[Kind::Size, Kind::Exponent],
        shape: inverse_size,
        starts: Starts::Linear,
        columns: None,
    }
);
