//! Huber's loss approached from a wide threshold: far from the optimum it is almost least squares, which has no kinks.

use super::{Held, lm};
use crate::loss::median_absolute;
use crate::math::Theta;
use crate::objective::Objective;

/// Factor by which the threshold shrinks at least, from one stage to the next.
const SHRINK: f64 = 0.1;
/// Multiple of the threshold wanted at which the last stage takes over.
const NEAR: f64 = 3.0;
/// Relative offset at which a stage ends: the next one moves the optimum by more.
const ROUGH: f64 = 1e-2;

/// Return a point from which Huber's loss is minimised in few steps; `start` itself for other losses.
///
/// A small threshold makes steps of Newton's method short: each is valid only until rows cross it. Thresholds that follow the
/// median residual down take most rows across at once.
#[must_use]
pub(super) fn approach(objective: &mut Objective<'_>, start: &Theta) -> Theta {
    let wanted = objective.loss;
    let Some(delta) = wanted.threshold() else { return *start };
    let mut theta = *start;
    let mut wide = f64::INFINITY;
    loop {
        let fitted = objective.fitted(&theta);
        let r: Vec<f64> = fitted.iter().zip(&objective.target).map(|(eta, y)| y - eta).collect();
        wide = (SHRINK * wide).min(median_absolute(&objective.weights, &r));
        if !(wide > NEAR * delta && wide.is_finite()) {
            return theta;
        }
        objective.loss = wanted.with_found_threshold(wide);
        let end = lm::minimise_to(objective, &theta, &Held::none(), ROUGH);
        objective.loss = wanted;
        if !end.cost.is_finite() {
            return theta;
        }
        theta = end.theta;
    }
}
