//! Quadratic near zero, linear beyond a threshold: far residuals pull no harder than near ones.

use super::error::{only, positive};
use super::{Inference, LossError, Rho, Rows, Tuning};

/// Huber's loss.
///
/// # Formula
/// rho(r) = r^2/2 for |r| <= delta, delta(|r| - delta/2) beyond; psi(r) = max(-delta, min(r, delta))
///
/// `huber:auto`: delta = 1.345 median|r|/0.6745 at the residuals of the fit itself, iterated until it no longer moves.
/// Residuals have a median near 0, so the median is that of |r|, as in the M-estimator of most programs. Replicates of a
/// bootstrap keep the delta of the fit: for errors symmetric about the curve, its own error does not reach the parameters
/// to first order.
/// # Symbols
/// delta > 0, in the unit of the residuals: on the log scale a fraction of the response.
/// # Reference
/// Huber (1964), Ann. Math. Stat. 35:73; 1.345: 95% efficiency for normal errors, Holland and Welsch (1977), Commun. Stat.
/// A6:813.
#[derive(Debug, Clone, Copy)]
pub struct Huber;

/// Threshold in standard deviations that keeps 95% efficiency for normal errors.
pub const EFFICIENT: f64 = 1.345;
/// Median of the absolute value of a standard normal variable, to the four digits in general use.
pub const NORMAL_MAD: f64 = 0.6745;

/// A threshold still to be found.
pub(super) const AUTO: Tuning = [f64::NAN, 1.0];

/// The constants for a threshold.
pub(super) fn threshold(delta: f64, text: &str) -> Result<Tuning, LossError> {
    if delta > 0.0 && delta.is_finite() {
        Ok([delta, 0.0])
    } else {
        Err(LossError::Constant {
            loss: "huber",
            name: "delta",
            found: text.to_owned(),
            expected: "a number > 0 or `auto`",
        })
    }
}

impl Rho for Huber {
    fn id(&self) -> &'static str {
        "huber"
    }

    fn meaning(&self) -> &'static str {
        "quadratic up to delta, linear beyond: far rows pull no harder"
    }

    fn syntax(&self) -> &'static str {
        "huber:DELTA, huber:auto"
    }

    fn examples(&self) -> &'static [&'static str] {
        &["huber:1e-3", "huber:0.7", "huber:auto"]
    }

    fn parse(&self, constants: &[&str]) -> Result<Tuning, LossError> {
        match constants {
            ["auto"] => Ok(AUTO),
            [_] | [] => Ok([positive(self, constants, "delta", "a number > 0 or `auto`")?, 0.0]),
            _ => Err(only(self, constants)),
        }
    }

    fn print(&self, tuning: Tuning) -> String {
        if tuning[1] == AUTO[1] { ":auto".to_owned() } else { format!(":{}", tuning[0]) }
    }

    fn batch(&self, tuning: Tuning, _: f64, w: &[f64], r: &[f64], out: Rows<'_>) -> f64 {
        let delta = tuning[0];
        let mut cost = 0.0;
        for (k, (w, r)) in w.iter().zip(r).enumerate() {
            let size = r.abs();
            // Written so that a threshold still to be found, which is no number, leaves least squares.
            let far = size > delta;
            out.psi[k] = if far { delta.copysign(*r) } else { *r };
            out.curvature[k] = if far { delta / size } else { 1.0 };
            out.second[k] = if far { 0.0 } else { 1.0 };
            cost += w * if far { delta * (size - 0.5 * delta) } else { 0.5 * r * r };
        }
        cost
    }

    fn in_unit(&self, tuning: Tuning, unit: f64) -> Tuning {
        [tuning[0] / unit, tuning[1]]
    }

    fn inference(&self) -> Inference {
        Inference::Sandwich
    }
}
