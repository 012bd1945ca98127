//! Leave-one-out refits: for the acceleration of BCa, for out-of-sample errors, and for influence.

use crate::fit::Fit;
use crate::math::{MAX_PARAMS, Theta};
use crate::objective::SATURATED;
use crate::solve::refit;
use rayon::prelude::*;
use std::ops::Range;

/// Rows above which one Gauss-Newton step replaces the refit of a curve.
const EXACT_UP_TO: usize = 2_000;

/// The coordinates fitted without each row, or each size, in turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Jackknife {
    /// Coordinates without row, or size, i; `None` where the other rows determine no fit.
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
        leave_out(fit, groups, (0..fit.nobs()).map(|i| i..i + 1).collect())
    }

    /// Leave out every size in turn, with all its rows.
    ///
    /// # Formula
    /// A line: theta - (J'J)^-1 J_i sum r/(1 - m h_i) over the m rows of the size, exact. A curve: as [`Jackknife::run`].
    #[must_use]
    pub fn by_size(fit: &Fit, sizes: Vec<Range<usize>>) -> Jackknife {
        let groups: Vec<usize> =
            sizes.iter().enumerate().flat_map(|(g, r)| r.clone().map(move |_| g)).collect();
        leave_out(fit, &groups, sizes)
    }
}

/// Leave out sets of rows of one size in turn; `groups` has the index of the size of every row.
fn leave_out(fit: &Fit, groups: &[usize], sets: Vec<Range<usize>>) -> Jackknife {
    let linear = fit.is_linear() && fit.loss.is_gaussian();
    let p = fit.dim();
    let sizes = groups.last().map_or(0, |g| g + 1);
    let mut members = vec![0usize; sizes];
    groups.iter().for_each(|g| members[*g] += 1);
    let determined = |set: &Range<usize>| {
        fit.nobs() >= p + set.len() && sizes - usize::from(members[groups[set.start]] == set.len()) >= p
    };
    if !linear && !fit.loss.is_gaussian() && fit.nobs() > EXACT_UP_TO {
        // The one-step formula is that of least squares.
        return Jackknife { thetas: vec![None; sets.len()], exact: false };
    }
    if linear || fit.nobs() > EXACT_UP_TO {
        let thetas = sets.iter().map(|set| if determined(set) { one_step(fit, set) } else { None }).collect();
        return Jackknife { thetas, exact: linear };
    }
    let thetas = sets
        .into_par_iter()
        .map_init(
            || fit.objective(),
            |objective, set| {
                if !determined(&set) {
                    return None;
                }
                objective.weights.fill(1.0);
                objective.weights[set].fill(0.0);
                let end = refit(objective, &fit.solution.theta);
                end.converged().then_some(end.theta)
            },
        )
        .collect();
    Jackknife { thetas, exact: true }
}

/// The coordinates without some rows of one size, in one Gauss-Newton step.
fn one_step(fit: &Fit, set: &Range<usize>) -> Option<Theta> {
    let regression = fit.regression.as_ref()?;
    let rest = 1.0 - set.len() as f64 * fit.leverage[set.start];
    if rest <= SATURATED {
        return None;
    }
    let error = fit.residuals[set.clone()].iter().sum::<f64>() / rest;
    let shift = &regression.r_inverse * regression.q.row(set.start).transpose() * error;
    let mut theta: Theta = [0.0; MAX_PARAMS];
    for j in 0..fit.dim() {
        let p = &fit.form.params()[j];
        theta[j] = (fit.solution.theta[j] - shift[j]).clamp(p.lower, p.upper);
    }
    Some(theta)
}
