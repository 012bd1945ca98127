//! A power law with a slow logarithmic factor.

use super::family::{Base, Curve, Kind, Starts, member};
use super::{About, Param, Reference, Trend};
use crate::data::Scale;

/// ln N centred, and the logarithm of ln N over its centre; not a number where N <= 1.
fn columns(x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
    let logs = x[0].iter().map(|v| v.ln());
    vec![logs.clone().map(|l| l - centre[0]).collect(), logs.map(|l| (l / centre[0]).ln()).collect()]
}

/// Evaluate L = -alpha*u + gamma*ln(ln N/centre), phi = \[alpha, gamma\].
fn slow_factor(p: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
    let n = out.len();
    for (i, (u, slow)) in x[0].iter().zip(x[1]).enumerate() {
        out[i] = -p[0] * u + p[1] * slow;
        if !jac.is_empty() {
            jac[i] = -u;
            jac[n + i] = *slow;
        }
    }
}

/// A power law times a power of ln N, linear on logs. ln N depends on the unit of N, and so do all three parameters.
///
/// # Formula
/// m(N) = A*N^-alpha*ln(N)^gamma, N > 1, so ln m = ln A - alpha ln N + gamma ln ln N
/// # Symbols
/// N size (count > 1, in a unit that makes it so); m, A in the unit of the response (A also carries N^alpha); alpha, gamma
/// exponents; coordinates \[a, alpha, gamma\], ln N divided by its mean inside the last factor.
/// # Reference
/// Wegner and Riedel (1973), Phys. Rev. B 7:248.
#[derive(Debug, Clone, Copy)]
pub struct LogCorrected;

static ABOUT: About = About {
    id: "log-corrected",
    formula: "A*N^-alpha*ln(N)^gamma",
    predictors: &["N"],
    meaning: "a power law times a power of ln N (needs N > 1)",
    weakness: "gamma with alpha: over a few decades ln(ln(N)) is nearly a line against ln(N)",
    reference: Reference { authors: "Wegner and Riedel (1973)", place: "Phys. Rev. B 7:248" },
    params: &[
        Param::free("A", "response at N = e without the power law (in the unit of N)"),
        Param::free("alpha", "exponent of the power law"),
        Param::free("gamma", "exponent of ln N"),
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
    LogCorrected,
    Curve {
        about: &ABOUT,
        base: Base::Alone,
        kinds: &[Kind::Exponent, Kind::LogExponent],
        shape: slow_factor,
        starts: Starts::Linear,
        columns: Some(columns),
    }
);
