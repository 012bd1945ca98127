//! Student's t around the estimate: exact for a line with normal errors of equal variance.

use super::{Gathered, IntervalMethod, Level, Unavailable, std_error};
use crate::form::Functional;
use crate::math::distribution::t_critical;

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

impl IntervalMethod for WaldT {
    fn id(&self) -> &'static str {
        "t"
    }
    fn meaning(&self) -> &'static str {
        "Student t: exact for a line, linearised for a curve"
    }
    fn limits(
        &self,
        target: &Functional,
        gathered: &Gathered<'_>,
        level: Level,
    ) -> Result<(f64, f64), Unavailable> {
        let fit = gathered.fit;
        let vcov = fit.vcov().ok_or(Unavailable::RankDeficient)?;
        let half = t_critical(level.get(), fit.dof_residual() as f64) * std_error(target, &vcov);
        let v = target.combination(&fit.solution.theta);
        Ok((v - half, v + half))
    }
}
