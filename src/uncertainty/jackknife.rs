//! Leave-one-out refits: for the acceleration of BCa and for out-of-sample errors.

use crate::fit::Fit;
use crate::math::{MAX_PARAMS, Theta};
use crate::objective::SATURATED;
use crate::solve::refit;
use rayon::prelude::*;

/// Rows above which one Gauss-Newton step replaces the refit of a curve.
const EXACT_UP_TO: usize = 2_000;

/// The coordinates fitted without each row in turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Jackknife {
    /// Coordinates without row i; `None` where the other rows determine no fit.
    pub thetas: Vec<Option<Theta>>,
    /// Whether every entry is a full refit (or an exact formula), not a one-step approximation.
    pub exact: bool,
}

impl Jackknife {
    /// Leave out every row in turn.
    ///
    /// # Formula
    /// A line: theta - (J'J)^-1 J_i r_i/(1 - h_i), exact. A curve: refitted, up to 2,000 rows; the same formula beyond.
    #[must_use]
    pub fn run(fit: &Fit, groups: &[usize]) -> Jackknife {
        let linear = fit.is_linear();
        let p = fit.dim();
        let sizes = groups.last().map_or(0, |g| g + 1);
        let mut members = vec![0usize; sizes];
        groups.iter().for_each(|g| members[*g] += 1);
        let determined = |i: usize| fit.nobs() > p && sizes - usize::from(members[groups[i]] == 1) >= p;
        if linear || fit.nobs() > EXACT_UP_TO {
            let thetas =
                (0..fit.nobs()).map(|i| if determined(i) { one_step(fit, i) } else { None }).collect();
            return Jackknife { thetas, exact: linear };
        }
        let thetas = (0..fit.nobs())
            .into_par_iter()
            .map_init(
                || fit.objective(),
                |objective, i| {
                    if !determined(i) {
                        return None;
                    }
                    objective.weights.fill(1.0);
                    objective.weights[i] = 0.0;
                    let end = refit(objective, &fit.solution.theta);
                    end.converged().then_some(end.theta)
                },
            )
            .collect();
        Jackknife { thetas, exact: true }
    }
}

fn one_step(fit: &Fit, i: usize) -> Option<Theta> {
    let regression = fit.regression.as_ref()?;
    let rest = 1.0 - fit.leverage[i];
    if rest <= SATURATED {
        return None;
    }
    let shift = &regression.r_inverse * regression.q.row(i).transpose() * (fit.residuals[i] / rest);
    let mut theta: Theta = [0.0; MAX_PARAMS];
    for j in 0..fit.dim() {
        let p = &fit.form.params()[j];
        theta[j] = (fit.solution.theta[j] - shift[j]).clamp(p.lower, p.upper);
    }
    Some(theta)
}
