//! The profile of the sum of squares with a cut-off of its own: simulated rather than Student's.

use super::draws::quantile;
use super::percentile::enough;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable, profile};
use crate::fit::Fit;
use crate::form::Functional;
use crate::math::random::stream;
use crate::objective::{Constraint, Objective};
use crate::solve::{Held, lm, refit};
use rand::RngExt as _;
use rand_distr::StandardNormal;
use rayon::prelude::*;

/// Replicates: the cut-off at 95% lies among them, and every one costs two refits.
pub(super) const REPLICATES: usize = 499;
/// Replicates handed to a thread at a time.
const BATCH: usize = 16;

/// The profile interval with a bootstrap cut-off.
///
/// # Formula
/// {v : |tau(v)| <= c}, tau as in [`super::ProfileT`]; c the `level` quantile of |tau*| = sqrt((S*(v^) - S*)/s*^2) over responses
/// y* = fitted + s z drawn from the fitted law, z standard normal, refitted freely (S*) and with the quantity held at its
/// estimate (S*(v^)); replicate i draws z from stream (seed, i)
///
/// 499 replicates, with the seed of the bootstrap that was run beside it (fewer where that has fewer). Twice as many refits
/// a parameter: it is computed on request only.
/// # Assumptions
/// Normal errors of equal variance on the scale of the fit, as for the profile itself; what the simulation adds is the effect of
/// curvature and of bounds on the law of tau.
/// # Reference
/// Davison and Hinkley (1997), Bootstrap Methods and their Application, section 5.3; Bates and Watts (1988), chapter 6.
#[derive(Debug, Clone, Copy)]
pub struct ProfileBootstrap;

impl IntervalMethod for ProfileBootstrap {
    fn id(&self) -> &'static str {
        "profile-bootstrap"
    }
    fn meaning(&self) -> &'static str {
        "the profile of the sum of squares with a simulated cut-off"
    }
    fn on_request(&self) -> bool {
        true
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let draws = gathered.draws()?;
        let fit = gathered.fit;
        let estimate = target.combination(&fit.solution.theta) - target.offset;
        let held = Constraint::linear(fit.form, &target.coefficients, estimate);
        let cut = cut_off(fit, &held, level, draws.seed, draws.replicates.min(REPLICATES))?;
        Ok(profile::limits(fit, target, (cut.critical, cut.critical), None))
    }
}

/// A simulated cut-off, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutOff {
    /// The quantile of |tau*|.
    pub critical: f64,
    /// Replicates behind it.
    pub succeeded: usize,
    /// Replicates of which a refit failed.
    pub failed: usize,
}

/// Simulate the cut-off of the profile of a quantity; `held` is the equality that holds it at its estimate.
///
/// # Errors
/// [`Unavailable::TooFewDraws`] where too few replicates were asked for, or succeeded, for the level.
pub fn cut_off(
    fit: &Fit,
    held: &Constraint,
    level: Level,
    seed: u64,
    replicates: usize,
) -> Result<CutOff, Unavailable> {
    let fitted: Vec<f64> = fit.design.target.iter().zip(&fit.residuals).map(|(t, r)| t - r).collect();
    let sd = fit.variance().sqrt();
    let mut sizes: Vec<f64> = (0..replicates)
        .into_par_iter()
        .with_min_len(BATCH)
        .map_init(
            || fit.objective(),
            |objective, i| {
                let mut rng = stream(seed, i as u64);
                for (t, f) in objective.target.iter_mut().zip(&fitted) {
                    *t = f + sd * rng.sample::<f64, _>(StandardNormal);
                }
                tau(fit, objective, held)
            },
        )
        .flatten()
        .collect();
    let succeeded = sizes.len();
    // Both tails of tau lie in one of |tau|; the demand is that of a two-sided limit all the same.
    enough(succeeded, level)?;
    sizes.sort_by(f64::total_cmp);
    Ok(CutOff { critical: quantile(&sizes, level.get()), succeeded, failed: replicates - succeeded })
}

/// |tau| of the true value in one replicate; `None` where a refit failed.
fn tau(fit: &Fit, objective: &mut Objective<'_>, constraint: &Constraint) -> Option<f64> {
    let free = refit(objective, &fit.solution.theta);
    let held = lm::minimise(objective, &fit.solution.theta, &Held::by(constraint));
    if !(free.converged() && held.converged()) {
        return None;
    }
    let variance =
        fit.design.known_sd.map_or(2.0 * free.cost / fit.dof_residual() as f64, |known| known * known);
    Some((2.0 * (held.cost - free.cost).max(0.0) / variance).sqrt()).filter(|t| t.is_finite())
}
