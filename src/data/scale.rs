//! The scale on which a response is compared with a law: g(y), its inverse and its derivative.

use serde::{Deserialize, Serialize};

/// A monotone transformation g of the response; residuals are g(predicted) - g(observed), up to sign.
///
/// # Formula
/// | scale | g(y) | domain of y | dg/dy |
/// |---|---|---|---|
/// | `Raw` | y | all | 1 |
/// | `Log` | ln y | y > 0 | 1/y |
/// | `Logit` | ln(y/(1-y)) | 0 < y < 1 | 1/(y(1-y)) |
/// | `LogComplement` | ln(1-y) | y < 1 | -1/(1-y) |
/// | `LogNegLog` | ln(-ln y) | 0 < y < 1 | 1/(y ln y) |
///
/// # Reference
/// Xiao, White, Hooten and Durham (2011), Ecology 92:1887, for the choice between `Raw` and `Log`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// The response itself: errors are additive.
    Raw,
    /// The natural logarithm: errors are multiplicative.
    Log,
    /// The log odds of a response between 0 and 1.
    Logit,
    /// The logarithm of the distance to 1: an accuracy seen as an error rate.
    LogComplement,
    /// The logarithm of the negative logarithm: an accuracy seen as a log loss.
    LogNegLog,
}

impl Scale {
    /// Every scale, in the order of the documentation table.
    pub const ALL: [Scale; 5] =
        [Scale::Raw, Scale::Log, Scale::Logit, Scale::LogComplement, Scale::LogNegLog];

    /// Return the name used on the command line and in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Scale::Raw => "raw",
            Scale::Log => "log",
            Scale::Logit => "logit",
            Scale::LogComplement => "log-complement",
            Scale::LogNegLog => "log-neg-log",
        }
    }

    /// Return the open interval of responses that the scale is defined on.
    #[must_use]
    pub fn domain(self) -> (f64, f64) {
        match self {
            Scale::Raw => (f64::NEG_INFINITY, f64::INFINITY),
            Scale::Log => (0.0, f64::INFINITY),
            Scale::Logit | Scale::LogNegLog => (0.0, 1.0),
            Scale::LogComplement => (f64::NEG_INFINITY, 1.0),
        }
    }

    /// Say whether g(y) is finite.
    #[must_use]
    pub fn contains(self, y: f64) -> bool {
        let (low, high) = self.domain();
        y.is_finite() && y > low && y < high
    }

    /// Evaluate g(y); NaN or infinite outside the domain.
    #[must_use]
    pub fn apply(self, y: f64) -> f64 {
        match self {
            Scale::Raw => y,
            Scale::Log => y.ln(),
            Scale::Logit => y.ln() - (-y).ln_1p(),
            Scale::LogComplement => (-y).ln_1p(),
            Scale::LogNegLog => (-y.ln()).ln(),
        }
    }

    /// Evaluate the inverse: the response y with g(y) = `eta`.
    #[must_use]
    pub fn invert(self, eta: f64) -> f64 {
        match self {
            Scale::Raw => eta,
            Scale::Log => eta.exp(),
            Scale::Logit => 1.0 / (1.0 + (-eta).exp()),
            Scale::LogComplement => -eta.exp_m1(),
            Scale::LogNegLog => (-eta.exp()).exp(),
        }
    }

    /// Evaluate dg/dy.
    #[must_use]
    pub fn derivative(self, y: f64) -> f64 {
        match self {
            Scale::Raw => 1.0,
            Scale::Log => 1.0 / y,
            Scale::Logit => 1.0 / (y * (1.0 - y)),
            Scale::LogComplement => -1.0 / (1.0 - y),
            Scale::LogNegLog => 1.0 / (y * y.ln()),
        }
    }

    /// Evaluate d2g/dy2.
    #[must_use]
    pub fn second_derivative(self, y: f64) -> f64 {
        match self {
            Scale::Raw => 0.0,
            Scale::Log => -1.0 / (y * y),
            Scale::Logit => (2.0 * y - 1.0) / (y * (1.0 - y)).powi(2),
            Scale::LogComplement => -1.0 / (1.0 - y).powi(2),
            Scale::LogNegLog => -(y.ln() + 1.0) / (y * y.ln()).powi(2),
        }
    }

    /// Say whether g rises with y (false: it falls).
    #[must_use]
    pub fn rises(self) -> bool {
        !matches!(self, Scale::LogComplement | Scale::LogNegLog)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_and_derivative_agree_with_g() {
        for scale in Scale::ALL {
            for y in [0.03, 0.2, 0.5, 0.84, 0.97] {
                let back = scale.invert(scale.apply(y));
                assert!((back - y).abs() <= 1e-14 * y + 1e-15, "{scale:?} {y} {back}");
                let h = 1e-6;
                let slope = (scale.apply(y + h) - scale.apply(y - h)) / (2.0 * h);
                let exact = scale.derivative(y);
                assert!((slope - exact).abs() <= 1e-7 * exact.abs() + 1e-9, "{scale:?} {y}");
                assert_eq!(scale.rises(), exact > 0.0);
                let bend = (scale.derivative(y + h) - scale.derivative(y - h)) / (2.0 * h);
                let exact = scale.second_derivative(y);
                assert!((bend - exact).abs() <= 1e-6 * exact.abs() + 1e-6, "{scale:?} {y}");
            }
        }
    }
}
