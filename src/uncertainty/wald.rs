//! Student's t around the estimate: exact for a line with normal errors of equal variance.

use super::{Gathered, IntervalMethod, Level, Limits, Unavailable, std_error};
use crate::form::Functional;
use crate::math::distribution::t_critical;
use nalgebra::DMatrix;

/// The t interval.
///
/// # Formula
/// v +- t(n-p, level) * s * sqrt(c'(J'J)^-1 c)
/// # Assumptions
/// Normal errors of equal variance on the scale of the fit; exact for a line, linearised (Wald) for a curve.
/// # Reference
/// Student (1908), Biometrika 6:1; Bates and Watts (1988), section 2.3.
#[derive(Debug, Clone, Copy)]
pub struct WaldT;

/// Limits v +- t(dof, level)*se of a combination, with its standard error from a covariance of the coordinates.
pub(super) fn around(
    target: &Functional,
    gathered: &Gathered<'_>,
    level: Level,
    vcov: &DMatrix<f64>,
    dof: f64,
) -> (f64, f64) {
    limits_of(target, gathered, level, std_error(target, vcov), dof)
}

/// Limits v +- t(dof, level)*se of a combination.
pub(super) fn limits_of(
    target: &Functional,
    gathered: &Gathered<'_>,
    level: Level,
    se: f64,
    dof: f64,
) -> (f64, f64) {
    let half = t_critical(level.get(), dof) * se;
    let v = target.combination(&gathered.fit.solution.theta);
    (v - half, v + half)
}

impl IntervalMethod for WaldT {
    fn id(&self) -> &'static str {
        "t"
    }
    fn meaning(&self) -> &'static str {
        "Student t: exact for a line, linearised for a curve"
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let vcov = gathered.fit.vcov().ok_or(Unavailable::RankDeficient)?;
        Ok(around(target, gathered, level, &vcov, gathered.fit.dof_variance()))
    }
}
