//! Student's t with the sandwich standard error of an M-estimate.

use super::wald::around;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable};
use crate::form::Functional;
use crate::loss::Inference;

/// The sandwich-t interval, for losses other than least squares.
///
/// # Formula
/// v +- t(n-p, level) * sqrt(c' V c), V the covariance of [`crate::fit::Fit::vcov_sandwich`]
/// # Reference
/// Huber (1967), Proc. Fifth Berkeley Symp. 1:221.
#[derive(Debug, Clone, Copy)]
pub struct Sandwich;

impl IntervalMethod for Sandwich {
    fn id(&self) -> &'static str {
        "sandwich"
    }
    fn meaning(&self) -> &'static str {
        "Student t with the sandwich standard error of a robust loss"
    }
    fn suits(&self, inference: Inference) -> bool {
        matches!(inference, Inference::Sandwich | Inference::Density)
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let vcov = gathered.fit.vcov_sandwich().ok_or(Unavailable::Flat)?;
        Ok(around(target, gathered, level, &vcov, gathered.fit.dof_residual() as f64))
    }
}
