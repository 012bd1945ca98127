//! Leave-one-out refits: for the acceleration of BCa, for out-of-sample errors, and for influence.

use super::cluster_algebra::ClusterAlgebra;
use super::resample::distinct;
use crate::fit::Fit;
use crate::math::{MAX_PARAMS, Theta};
use crate::objective::{Objective, SATURATED};
use crate::solve::refit;
use rayon::prelude::*;
use std::ops::Range;

/// Rows above which one Gauss-Newton step replaces the refit of a curve.
const EXACT_UP_TO: usize = 2_000;

/// What is left out in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// One row.
    Row,
    /// All rows of one size.
    Size,
    /// All rows of one cluster.
    Cluster,
}

/// The coordinates fitted without each row, each size, or each cluster in turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Jackknife {
    /// What is left out.
    pub left_out: LeftOut,
    /// Coordinates without row, size or cluster i; `None` where the other rows determine no fit.
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
        leave_out(fit, groups, (0..fit.nobs()).map(|i| i..i + 1).collect(), LeftOut::Row)
    }

    /// Leave out every size in turn, with all its rows.
    ///
    /// # Formula
    /// A line: theta - (J'J)^-1 J_i sum r/(1 - m h_i) over the m rows of the size, exact. A curve: as [`Jackknife::run`].
    #[must_use]
    pub fn by_size(fit: &Fit, sizes: Vec<Range<usize>>) -> Jackknife {
        let groups: Vec<usize> =
            sizes.iter().enumerate().flat_map(|(g, r)| r.clone().map(move |_| g)).collect();
        leave_out(fit, &groups, sizes, LeftOut::Size)
    }

    /// Leave out every cluster in turn, in the order of their names; `None` where the data have no clusters.
    ///
    /// # Formula
    /// A line: theta - R^-1 (I - Q_g'Q_g)^-1 Q_g'r_g, exact. A curve: as [`Jackknife::run`].
    #[must_use]
    pub fn by_cluster(fit: &Fit, groups: &[usize]) -> Option<Jackknife> {
        let clusters = fit.design.clusters.as_ref()?.members();
        let left_out = LeftOut::Cluster;
        let linear = fit.is_linear() && fit.loss.is_gaussian();
        if !linear && fit.nobs() <= EXACT_UP_TO {
            let refit_without = |objective: &mut Objective<'_>, rows: &Vec<usize>| {
                objective.weights.fill(1.0);
                rows.iter().for_each(|&i| objective.weights[i] = 0.0);
                if distinct(groups, &objective.weights) < fit.dim() {
                    return None;
                }
                let end = refit(objective, &fit.solution.theta);
                end.converged().then_some(end.theta)
            };
            let thetas = clusters.par_iter().map_init(|| fit.objective(), refit_without).collect();
            return Some(Jackknife { left_out, thetas, exact: true });
        }
        let nothing = vec![None; clusters.len()];
        let thetas = match &fit.regression {
            Some(regression) if fit.loss.is_gaussian() => {
                let shifts = ClusterAlgebra::new(regression, &clusters).shifts(regression, &fit.residuals);
                shifts.into_iter().map(|shift| Some(moved(fit, shift?.as_slice()))).collect()
            }
            // The one-step formula is that of least squares.
            _ => nothing,
        };
        Some(Jackknife { left_out, thetas, exact: linear })
    }
}

/// Leave out sets of rows of one size in turn; `groups` has the index of the size of every row.
fn leave_out(fit: &Fit, groups: &[usize], sets: Vec<Range<usize>>, left_out: LeftOut) -> Jackknife {
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
        return Jackknife { left_out, thetas: vec![None; sets.len()], exact: false };
    }
    if linear || fit.nobs() > EXACT_UP_TO {
        let thetas = sets.iter().map(|set| if determined(set) { one_step(fit, set) } else { None }).collect();
        return Jackknife { left_out, thetas, exact: linear };
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
    Jackknife { left_out, thetas, exact: true }
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
    Some(moved(fit, shift.as_slice()))
}

/// The coordinates of the fit less a shift, inside their bounds.
fn moved(fit: &Fit, shift: &[f64]) -> Theta {
    let mut theta: Theta = [0.0; MAX_PARAMS];
    for j in 0..fit.dim() {
        let p = &fit.form.params()[j];
        theta[j] = (fit.solution.theta[j] - shift[j]).clamp(p.lower, p.upper);
    }
    theta
}
