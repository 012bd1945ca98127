//! An asymmetric cost: predictions above the observation are charged more, so the curve sinks to the lower envelope.

use super::error::{number_after, only, positive};
use super::{Inference, LossError, Rho, Rows, Tuning};

/// The envelope loss: least squares, or Huber's loss, times tau where the prediction exceeds the observation.
///
/// # Formula
/// rho(r) = k(r) h(r), k = tau for r < 0 and 1 otherwise, r = observed - predicted, h = r^2/2 or Huber's with delta
///
/// The curve is that of an expectile of the errors, the 1/(1 + tau) one for squares, not of their centre: an exponent is
/// that of the frontier of the best runs.
/// # Symbols
/// tau > 0, the penalty of an overestimate, without unit; delta in the unit of the residuals.
/// # Reference
/// Newey and Powell (1987), Econometrica 55:819; `overestimate_penalty` of OLMo-core, with 10 recommended.
#[derive(Debug, Clone, Copy)]
pub struct Envelope;

impl Rho for Envelope {
    fn id(&self) -> &'static str {
        "envelope"
    }

    fn meaning(&self) -> &'static str {
        "predictions above the observation cost TAU times as much: the frontier of the best runs"
    }

    fn syntax(&self) -> &'static str {
        "envelope:TAU, envelope:TAU:DELTA"
    }

    fn examples(&self) -> &'static [&'static str] {
        &["envelope:10", "envelope:10:1e-3", "envelope:0.3"]
    }

    fn parse(&self, constants: &[&str]) -> Result<Tuning, LossError> {
        let tau = positive(self, constants, "tau", "a factor > 0")?;
        match constants {
            [_] => Ok([tau, f64::INFINITY]),
            [_, delta] => Ok([tau, number_after(self, delta, "delta", "a number > 0")?]),
            _ => Err(only(self, constants)),
        }
    }

    fn print(&self, tuning: Tuning) -> String {
        if tuning[1].is_finite() {
            format!(":{}:{}", tuning[0], tuning[1])
        } else {
            format!(":{}", tuning[0])
        }
    }

    fn batch(&self, tuning: Tuning, _: f64, w: &[f64], r: &[f64], out: Rows<'_>) -> f64 {
        let [tau, delta] = tuning;
        let mut cost = 0.0;
        for (k, (w, r)) in w.iter().zip(r).enumerate() {
            let size = r.abs();
            let factor = if *r < 0.0 { tau } else { 1.0 };
            let far = size > delta;
            out.psi[k] = factor * if far { delta.copysign(*r) } else { *r };
            out.curvature[k] = factor * if far { delta / size } else { 1.0 };
            out.second[k] = if far { 0.0 } else { factor };
            cost += w * factor * if far { delta * (size - 0.5 * delta) } else { 0.5 * r * r };
        }
        cost
    }

    fn in_unit(&self, tuning: Tuning, unit: f64) -> Tuning {
        [tuning[0], tuning[1] / unit]
    }

    fn is_even(&self) -> bool {
        false
    }

    fn inference(&self) -> Inference {
        Inference::Resampling
    }
}
