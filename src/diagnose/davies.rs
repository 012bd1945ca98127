//! A change of slope, searched for on a grid.

use super::hinge::Hinges;
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::{ln_gamma, t_upper};
use crate::math::sum::dot;
use std::f64::consts::PI;

/// Knots of the grid.
const KNOTS: usize = 10;

/// Return `count` evenly spaced numbers from `low` to `high`.
pub(super) fn grid(low: f64, high: f64, count: usize) -> Vec<f64> {
    let last = (count - 1) as f64;
    (0..count).map(|i| low + (high - low) * i as f64 / last).collect()
}

/// Davies' test of a change of slope.
///
/// # Formula
/// M = max |t(psi)| of the regressor (u - psi)+ over 10 knots psi, evenly spaced in ln N from the second to the last but
/// one size; p = 2 (P(T > M) + V (1 + M^2/d)^((1-d)/2) G((d + 1)/2)/(2 sqrt(pi) G(d/2))), d = n - p - 1 degrees of
/// freedom, V the total variation of arctan(t/sqrt d) along the knots, G the gamma function
/// # Assumptions
/// p is an upper bound for a fine grid, capped at 1. segmented's davies.test takes V of |t|, which is less where t changes
/// its sign between two knots, and the normal limit above 300 rows; elsewhere the two agree.
/// # Reference
/// Davies (1987), Biometrika 74:33.
#[derive(Debug, Clone, Copy)]
pub struct Davies;

/// The t statistics along the grid.
fn process(tangent: &Tangent, e: &[f64]) -> Option<Vec<f64>> {
    let dof = tangent.dof().checked_sub(1).filter(|d| *d > 0)? as f64;
    let n = tangent.len();
    let hinges = Hinges::new(tangent, grid(tangent.u[1], tangent.u[n - 2], KNOTS));
    let sse = dot(e, e);
    let t: Vec<f64> = hinges
        .products(e)
        .filter(|(_, zz)| *zz > 0.0)
        .map(|(ze, zz)| {
            let explained = ze * ze / zz;
            let left = (sse - explained).max(1e-30 * sse);
            (explained / (left / dof)).sqrt().copysign(ze)
        })
        .collect();
    (!t.is_empty() && t.iter().all(|t| t.is_finite())).then_some(t)
}

fn largest(t: &[f64]) -> f64 {
    t.iter().fold(0.0, |m, t| m.max(t.abs()))
}

impl Diagnostic for Davies {
    fn id(&self) -> &'static str {
        "davies"
    }
    fn meaning(&self) -> &'static str {
        "does the slope change at some size, by Davies' bound?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        tangent.at_least((tangent.dim() + 2).max(4))?;
        let t = process(&tangent, &tangent.e).ok_or(NotApplicable::Collinear)?;
        let (m, dof) = (largest(&t), (tangent.dof() - 1) as f64);
        let angles: Vec<f64> = t.iter().map(|t| (t / dof.sqrt()).atan()).collect();
        let variation: f64 = angles.windows(2).map(|w| (w[1] - w[0]).abs()).sum();
        let ln_gammas = ln_gamma(0.5 * (dof + 1.0)) - ln_gamma(0.5 * dof);
        let decay = (0.5 * (1.0 - dof) * (m * m / dof).ln_1p() + ln_gammas).exp();
        let p_value = 2.0 * (t_upper(m, dof) + variation * decay / (2.0 * PI.sqrt()));
        Ok(Outcome {
            id: self.id(),
            statistic: m,
            signed_root: t.into_iter().find(|t| t.abs() == m),
            dof: vec![dof],
            p_value: p_value.min(1.0),
            exact: false,
            row: None,
            alternative: "the slope changes once: up (positive root) or down (negative root)",
            reference: "Davies (1987)",
        })
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        if tangent.len() < 4 {
            return None;
        }
        process(tangent, e).map(|t| largest(&t))
    }
}
