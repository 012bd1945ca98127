//! Likelihood and information criteria of the response itself, so that fits on different scales compare.

use super::Fit;
use serde::Serialize;

/// Log-likelihood and the criteria built on it; `None` where undefined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Information {
    /// Maximised log-likelihood of the response, the Jacobian of the scale included.
    pub loglikelihood: Option<f64>,
    /// Akaike's criterion.
    pub aic: Option<f64>,
    /// Its small-sample correction; undefined when n - k - 1 <= 0.
    pub aicc: Option<f64>,
    /// Schwarz's criterion.
    pub bic: Option<f64>,
}

impl Fit {
    /// Return likelihood and criteria on the scale of the response.
    ///
    /// # Formula
    /// ll = -n/2 (ln(2 pi SSE/n) + 1) + sum ln|g'(y)|; AIC = 2k - 2 ll; AICc = AIC + 2k(k+1)/(n-k-1);
    /// BIC = k ln n - 2 ll, with k = p + 1 (the variance counts). Weighted rows add the logarithms of their root weights; with known
    /// standard deviations ll = -Q/2 - sum ln(sigma_i sqrt(2 pi)) + sum ln|g'(y)| and k = p. For another loss that is minus a log density ln f (Student's
    /// t, Laplace's for absolute deviations): ll = sum ln f(r/s) - n ln s + sum ln|g'(y)|, s its maximum-likelihood scale.
    /// # Assumptions
    /// Errors of that law on the scale of the fit; a loss without a density, or an exact fit, has none.
    /// # Reference
    /// Burnham and Anderson (2002), chapter 2; Jacobian: Xiao et al. (2011), Ecology 92:1887.
    #[must_use]
    pub fn information(&self) -> Information {
        let none = Information { loglikelihood: None, aic: None, aicc: None, bic: None };
        if self.is_exact() {
            return none;
        }
        let n = self.nobs() as f64;
        let jacobian: f64 = self.response.iter().map(|y| self.design.scale.derivative(*y).abs().ln()).sum();
        // Residuals are multiples by the root weights.
        let roots: f64 = self.design.root.iter().map(|r| r.ln()).sum();
        let density = if let (true, Some(q)) = (self.loss.is_gaussian(), self.goodness_of_fit()) {
            let sd = self.design.known_sd.unwrap_or(1.0) * self.design.residual_unit();
            Some(-0.5 * (q + n * (2.0 * std::f64::consts::PI).ln()) - n * sd.ln())
        } else if self.loss.is_gaussian() {
            Some(-0.5 * n * ((2.0 * std::f64::consts::PI * self.sse() / n).ln() + 1.0))
        } else {
            let unit = self.design.residual_unit();
            self.loss.loglikelihood(&self.residuals.iter().map(|r| r * unit).collect::<Vec<f64>>())
        };
        let Some(density) = density else { return none };
        let ll = density + roots + jacobian;
        // The variance counts, and so does the exponent of the spread, unless the variance is known.
        let spread = f64::from(u8::from(self.spread.is_some()));
        // Only the normal law holds the known scale; others estimate theirs.
        let known = self.design.known_sd.is_some() && self.loss.is_gaussian();
        let k = self.dim() as f64 + if known { 0.0 } else { 1.0 + spread };
        let aic = 2.0 * k - 2.0 * ll;
        if !ll.is_finite() {
            return none;
        }
        Information {
            loglikelihood: Some(ll),
            aic: Some(aic),
            aicc: (n - k - 1.0 > 0.0).then(|| aic + 2.0 * k * (k + 1.0) / (n - k - 1.0)),
            bic: Some(k * n.ln() - 2.0 * ll),
        }
    }
}
