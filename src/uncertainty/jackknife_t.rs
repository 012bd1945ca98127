//! Student's t with the jackknife's standard error.

use super::jackknife::{Jackknife, LeftOut};
use super::wald::limits_of;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable};
use crate::form::Functional;
use crate::loss::Inference;
use crate::math::sum;

/// The jackknife-t interval.
///
/// # Formula
/// v +- t(nu, level) * se, se^2 = (m-1)/m sum (v_(i) - mean)^2 over m fits without one row, or without one cluster where the
/// data have them; nu = n - p for rows, as for HC3-t, which it is to first order: the residuals behind it have as many degrees
/// of freedom; nu = G - 1 for G clusters, of which only G independent pieces are known
/// # Assumptions
/// Independent rows (clusters), each with a variance of its own, and an estimate that is smooth in the rows: none of least
/// absolute deviations.
/// # Reference
/// Tukey (1958), Ann. Math. Stat. 29:614; MacKinnon, Nielsen and Webb (2023), J. Appl. Econometrics 38:671.
#[derive(Debug, Clone, Copy)]
pub struct JackknifeT;

/// Return the jackknife's standard error of a linear combination, before its transform.
///
/// # Errors
/// [`Unavailable::NoJackknife`] when a refit is missing.
pub fn jackknife_se(jackknife: &Jackknife, target: &Functional) -> Result<f64, Unavailable> {
    let values: Option<Vec<f64>> =
        jackknife.thetas.iter().map(|t| t.as_ref().map(|theta| target.combination(theta))).collect();
    let values = values.filter(|v| v.len() > 1).ok_or(Unavailable::NoJackknife)?;
    let m = values.len() as f64;
    Ok(((m - 1.0) / m * sum::centred_squares(&values)).sqrt())
}

impl IntervalMethod for JackknifeT {
    fn id(&self) -> &'static str {
        "jackknife"
    }
    fn meaning(&self) -> &'static str {
        "Student t with the standard error of leave-one-out fits"
    }
    fn needs_jackknife(&self) -> bool {
        true
    }
    fn suits(&self, inference: Inference) -> bool {
        matches!(inference, Inference::LeastSquares | Inference::Sandwich)
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let fit = gathered.fit;
        let jackknife = gathered.jackknife.ok_or(Unavailable::NoJackknife)?;
        let dof = match (jackknife.left_out, &fit.design.clusters) {
            (LeftOut::Cluster, _) => jackknife.thetas.len() as f64 - 1.0,
            (LeftOut::Row, None) => fit.dof_residual() as f64,
            // Rows of one cluster are no independent pieces, and rows of one size are no unit of their own.
            (LeftOut::Row | LeftOut::Size, _) => return Err(Unavailable::NoJackknife),
        };
        let se = jackknife_se(jackknife, target)?;
        Ok(limits_of(target, gathered, level, se, dof))
    }
}
