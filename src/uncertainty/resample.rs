//! Resamplers: who is redrawn in a bootstrap replicate.

use super::UncertaintyError;
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::objective::{Objective, SATURATED};
use rand::RngExt as _;
use serde::Serialize;

/// How a replicate is made from the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resampler {
    /// Rows are drawn with replacement.
    ///
    /// Needs no model of the errors; at small n many replicates rest on too few sizes.
    Pairs,
    /// Residuals r/sqrt(1-h), recentred, are drawn with replacement and added to the fitted values.
    ///
    /// Davison and Hinkley (1997), Bootstrap Methods and their Application, section 6.2.
    Residual,
    /// Every row keeps its own residual r/(1-h), times a random six-point weight of mean 0 and variance 1.
    ///
    /// Webb (2023), Can. J. Econ. 56:839: weights -sqrt(3/2), -1, -sqrt(1/2), sqrt(1/2), 1, sqrt(3/2).
    Wild,
}

impl Resampler {
    /// Every resampler, sorted by id.
    pub const ALL: [Resampler; 3] = [Resampler::Pairs, Resampler::Residual, Resampler::Wild];

    /// Return the name on the command line and in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Resampler::Pairs => "pairs",
            Resampler::Residual => "residual",
            Resampler::Wild => "wild",
        }
    }

    /// Find a resampler by name.
    ///
    /// # Errors
    /// [`UncertaintyError::Unknown`] lists the names.
    pub fn by_id(id: &str) -> Result<Resampler, UncertaintyError> {
        Resampler::ALL.into_iter().find(|r| r.id() == id).ok_or_else(|| UncertaintyError::Unknown {
            what: "bootstrap",
            found: id.to_owned(),
            allowed: Resampler::ALL.map(Resampler::id).join(", "),
        })
    }
}

/// The six weights of Webb, as draws 0 to 5.
const WEBB: [f64; 6] = [
    -1.224_744_871_391_589,
    -1.0,
    -std::f64::consts::FRAC_1_SQRT_2,
    std::f64::consts::FRAC_1_SQRT_2,
    1.0,
    1.224_744_871_391_589,
];

/// A resampler prepared for one fit: what is drawn from, computed once.
#[derive(Debug, Clone)]
pub struct Prepared {
    resampler: Resampler,
    fitted: Vec<f64>,
    errors: Vec<f64>,
    groups: Vec<usize>,
}

impl Prepared {
    /// Prepare `resampler` for a fit; `groups` holds the index of the size of every row.
    #[must_use]
    pub fn new(resampler: Resampler, fit: &Fit, groups: &[usize]) -> Prepared {
        let fitted: Vec<f64> = fit.design.target.iter().zip(&fit.residuals).map(|(t, r)| t - r).collect();
        let leverage = |i: usize| fit.leverage.get(i).copied().unwrap_or(0.0);
        // A row that determines a parameter by itself has residual 0 by construction: it contributes no error.
        let inflate = |i: usize, power: f64| {
            let rest = 1.0 - leverage(i);
            if rest > SATURATED { fit.residuals[i] / rest.powf(power) } else { 0.0 }
        };
        let mut errors: Vec<f64> = match resampler {
            Resampler::Pairs => Vec::new(),
            Resampler::Residual => (0..fit.nobs()).map(|i| inflate(i, 0.5)).collect(),
            Resampler::Wild => (0..fit.nobs()).map(|i| inflate(i, 1.0)).collect(),
        };
        if resampler == Resampler::Residual {
            let centre = crate::math::sum::mean(&errors);
            errors.iter_mut().for_each(|e| *e -= centre);
        }
        Prepared { resampler, fitted, errors, groups: groups.to_vec() }
    }

    /// Turn `objective` into one replicate; return the number of distinct sizes that it has.
    pub fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        let n = self.fitted.len();
        let bound = n as u32;
        match self.resampler {
            Resampler::Pairs => {
                objective.weights.fill(0.0);
                for _ in 0..n {
                    objective.weights[rng.random_range(0..bound) as usize] += 1.0;
                }
                let mut distinct = 0;
                let mut last = usize::MAX;
                for (g, w) in self.groups.iter().zip(&objective.weights) {
                    if *w > 0.0 && *g != last {
                        distinct += 1;
                        last = *g;
                    }
                }
                distinct
            }
            Resampler::Residual => {
                for (t, f) in objective.target.iter_mut().zip(&self.fitted) {
                    *t = f + self.errors[rng.random_range(0..bound) as usize];
                }
                self.groups.last().map_or(0, |g| g + 1)
            }
            Resampler::Wild => {
                for ((t, f), e) in objective.target.iter_mut().zip(&self.fitted).zip(&self.errors) {
                    *t = f + e * WEBB[rng.random_range(0..6u32) as usize];
                }
                self.groups.last().map_or(0, |g| g + 1)
            }
        }
    }
}
