//! Student's t with a standard error that allows the noise to change with size.

use super::wald::around;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable};
use crate::form::Functional;

/// The HC3-t interval: the sensitivity check on equal variances.
///
/// # Formula
/// v +- t(n-p, level) * sqrt(c' V c), V = (J'J)^-1 J' diag(r^2/(1-h)^2) J (J'J)^-1
/// # Reference
/// MacKinnon and White (1985), J. Econometrics 29:305; Long and Ervin (2000), Am. Stat. 54:217.
#[derive(Debug, Clone, Copy)]
pub struct Hc3;

impl IntervalMethod for Hc3 {
    fn id(&self) -> &'static str {
        "hc3"
    }
    fn meaning(&self) -> &'static str {
        "Student t with a standard error robust to unequal variances"
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let fit = gathered.fit;
        if fit.regression.is_none() {
            return Err(Unavailable::RankDeficient);
        }
        let vcov = fit.vcov_hc3().ok_or(Unavailable::LeverageOne)?;
        Ok(around(target, gathered, level, &vcov, gathered.fit.dof_residual() as f64))
    }
}
