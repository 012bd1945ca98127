//! The critical value of a profile near the edge of a parameter's domain.
//!
//! Where E cannot go below 0, the sum of squares of the free fit cannot fall as far as a free E would let it: the ratio of
//! the constrained to the free fit is no longer that of Student's t. Its law near one edge depends on two numbers only: how far away
//! the edge is, and how much the quantity of interest moves along with the parameter that meets it.

use crate::fit::Fit;
use crate::form::Functional;
use crate::math::Theta;
use crate::math::distribution::{chi2_quantile, normal_quantile};
use crate::math::linalg::Regression;
use crate::solve::Solution;
use nalgebra::DMatrix;
use std::sync::OnceLock;

/// Points of the integral over errors and variance.
const POINTS: usize = 4_096;
/// Quantiles that stand for the law of the variance.
const VARIANCES: usize = 128;
/// Distance of an edge, in critical values, from which on it has no influence.
const FAR: f64 = 8.0;

/// The factor of a profile's critical value at a constrained solution.
///
/// # Formula
/// c/t with c the value that sqrt(Q) exceeds with probability 1 - level, Q = (z1^2 + min(0, z2 + d w/r)^2 -
/// min(0, rho z1 + r z2 + d w)^2)/w^2; z1, z2 standard normal, w^2 = chi2(n-p)/(n-p), r = sqrt(1 - rho^2). d is the distance of the
/// nearest edge from the constrained fit in standard errors of the parameter that meets it, rho its correlation with the quantity, both at
/// the constrained fit with its own variance S(v)/(n - p + 1).
/// # Assumptions
/// Normal errors; near the constrained fit the law is close to linear in its coordinates; one edge at a time.
/// # Reference
/// Chernoff (1954), Ann. Math. Stat. 25:573; Self and Liang (1987), J. Am. Stat. Assoc. 82:605, for a known variance; what is not
/// known of it is averaged over as Student's t does.
pub(super) struct NearBound<'f> {
    fit: &'f Fit,
    target: Functional,
    level: f64,
    /// Roots of chi2(n-p)/(n-p) at evenly spread probabilities.
    scales: Vec<f64>,
    /// The critical value without an edge, by the same integral.
    plain: f64,
}

/// Pairs of standard normal numbers and a place among the scales, evenly spread over the cube (Kronecker sequence).
fn points() -> &'static [(f64, f64, usize)] {
    static CACHE: OnceLock<Vec<(f64, f64, usize)>> = OnceLock::new();
    CACHE.get_or_init(|| {
        // Powers of the inverse of the real root of x^4 = x + 1 leave the smallest gaps in three dimensions.
        const G: f64 = 1.220_744_084_605_759_5;
        let share = |k: usize, power: i32| (0.5 + (k + 1) as f64 * G.powi(-power)).fract();
        (0..POINTS)
            .map(|k| {
                let place = (share(k, 3) * VARIANCES as f64) as usize;
                (normal_quantile(share(k, 1)), normal_quantile(share(k, 2)), place.min(VARIANCES - 1))
            })
            .collect()
    })
}

impl<'f> NearBound<'f> {
    /// Prepare for a fit; `None` where the domain of no parameter has an edge.
    pub(super) fn new(fit: &'f Fit, target: &Functional, level: f64) -> Option<NearBound<'f>> {
        let has_edge = fit.form.params().iter().any(|p| {
            let (bottom, top) = p.domain();
            bottom.is_finite() || top.is_finite()
        });
        let dof = fit.dof_variance();
        if !has_edge || !dof.is_finite() {
            return None;
        }
        let scales = (0..VARIANCES)
            .map(|k| (chi2_quantile((k as f64 + 0.5) / VARIANCES as f64, dof) / dof).sqrt())
            .collect();
        let mut near = NearBound { fit, target: *target, level, scales, plain: 1.0 };
        near.plain = near.critical(f64::INFINITY, 0.0);
        Some(near)
    }

    /// Return the factor at a constrained solution; 1 far from every edge.
    pub(super) fn factor(&self, solution: &Solution) -> f64 {
        let Some((distance, correlation)) = self.geometry(solution) else { return 1.0 };
        if distance > FAR * self.plain {
            return 1.0;
        }
        self.critical(distance, correlation) / self.plain
    }

    /// Distance of the nearest edge in standard errors, and the correlation of its parameter with the quantity.
    fn geometry(&self, solution: &Solution) -> Option<(f64, f64)> {
        let (n, p) = (self.fit.nobs(), self.fit.dim());
        let gaps: Vec<(usize, f64)> = self
            .fit
            .form
            .params()
            .iter()
            .enumerate()
            .map(|(j, param)| {
                let (bottom, top) = param.domain();
                let theta = solution.theta[j];
                (j, (theta - bottom).min(top - theta))
            })
            .filter(|(_, gap)| gap.is_finite())
            .collect();
        let jacobian = self.fit.objective().jacobian(&solution.theta);
        let v = Regression::new(DMatrix::from_vec(n, p, jacobian))?.gram_inverse();
        let variance = 2.0 * solution.cost / (self.fit.dof_residual() + 1) as f64;
        let c: &Theta = &self.target.coefficients;
        let covariance = |j: usize| (0..p).map(|k| v[(j, k)] * c[k]).sum::<f64>();
        let own: f64 = (0..p).map(|j| c[j] * covariance(j)).sum();
        gaps.into_iter()
            .map(|(j, gap)| {
                let distance = gap.max(0.0) / (v[(j, j)] * variance).sqrt();
                (distance, covariance(j) / (v[(j, j)] * own).sqrt())
            })
            .filter(|(d, rho)| d.is_finite() && rho.is_finite())
            .min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// The value that sqrt(Q) exceeds with probability 1 - level.
    fn critical(&self, distance: f64, correlation: f64) -> f64 {
        let r = (1.0 - correlation * correlation).max(1e-12).sqrt();
        let mut values: Vec<f64> = points()
            .iter()
            .map(|&(z1, z2, place)| {
                let w = self.scales[place];
                let d = distance * w;
                let held = (z2 + d / r).min(0.0);
                let free = (correlation * z1 + r * z2 + d).min(0.0);
                (z1 * z1 + held * held - free * free) / (w * w)
            })
            .collect();
        let k = ((POINTS as f64 * self.level) as usize).min(POINTS - 1);
        let (_, value, _) = values.select_nth_unstable_by(k, f64::total_cmp);
        value.max(0.0).sqrt()
    }
}
