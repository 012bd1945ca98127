//! The largest size predicted from all smaller ones: the error that a scaling law is bought for.

use crate::data::Dataset;
use crate::fit::Fit;
use crate::form::mean_at;
use crate::solve::refit;

/// Return ln(predicted/observed) at the largest size, from a fit without it; replicates are averaged in logs.
///
/// With several predictors the largest run is the one with the largest product of them. `None` where the other rows determine no fit, or a prediction or response is not positive.
#[must_use]
pub fn leave_largest_out(fit: &Fit, data: &Dataset) -> Option<f64> {
    let last = *data.groups.get(data.largest_row()?)?;
    let held: Vec<usize> = (0..data.nobs()).filter(|&i| data.groups[i] == last).collect();
    if data.nobs() - held.len() < fit.dim() || data.distinct() <= fit.dim() {
        return None;
    }
    let mut objective = fit.objective();
    held.iter().for_each(|&i| objective.weights[i] = 0.0);
    let end = refit(&mut objective, &fit.solution.theta);
    if !end.converged() {
        return None;
    }
    let x0: Vec<f64> = fit.design.x.iter().map(|c| c[held[0]]).collect();
    let predicted = mean_at(fit.form, &end.theta, &x0, &fit.design.frame);
    let observed: Vec<f64> = held.iter().map(|&i| fit.response[i]).collect();
    if !(predicted > 0.0 && observed.iter().all(|y| *y > 0.0)) {
        return None;
    }
    let logs: f64 = observed.iter().map(|y| y.ln()).sum();
    Some(predicted.ln() - logs / observed.len() as f64)
}
