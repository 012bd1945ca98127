//! The covariance of the coordinates at the last evaluation, without allocation: one for every refit.

use super::{BLOCK, Objective, SATURATED};
use crate::math::linalg::solve_spd;
use crate::math::{MAX_PARAMS, Theta, with_dimension};
use nalgebra::{SMatrix, SVector};

impl Objective<'_> {
    /// Return the covariance of the coordinates at `theta`, where the objective was evaluated last.
    ///
    /// `count` is the number of rows with their weights. Classical: 2 cost/(count - p) H^-1. Robust: the HC3 sandwich, a
    /// row of weight w counting as w rows. `None` when H is singular or a leverage is 1, and for other losses than least
    /// squares. Allocates nothing.
    pub fn covariance(
        &mut self,
        theta: &Theta,
        cost: f64,
        count: f64,
        robust: bool,
    ) -> Option<[Theta; MAX_PARAMS]> {
        if !self.loss.is_gaussian() {
            return None;
        }
        let p = self.dim();
        let mut inverse = invert_spd(&self.normal, p)?;
        if !robust {
            let variance = 2.0 * cost / (count - p as f64);
            inverse.iter_mut().flatten().for_each(|v| *v *= variance);
            return Some(inverse);
        }
        let mut meat = [[0.0; MAX_PARAMS]; MAX_PARAMS];
        let n = self.target.len();
        let mut first = 0;
        while first < n {
            let rows = BLOCK.min(n - first);
            self.block(theta, first, rows, true);
            for k in 0..rows {
                let w = self.weights[first + k];
                if w == 0.0 {
                    continue;
                }
                let j: Theta = std::array::from_fn(|c| if c < p { self.jacobian[c * rows + k] } else { 0.0 });
                let mut leverage = 0.0;
                for a in 0..p {
                    for b in 0..p {
                        leverage += j[a] * inverse[a][b] * j[b];
                    }
                }
                let rest = 1.0 - leverage;
                if rest < SATURATED {
                    return None;
                }
                let d = w * ((self.target[first + k] - self.eta[k]) / rest).powi(2);
                for a in 0..p {
                    for b in 0..p {
                        meat[a][b] += d * j[a] * j[b];
                    }
                }
            }
            first += rows;
        }
        Some(sandwich(&inverse, &meat, p))
    }

    /// Return the cluster covariance of the coordinates at `theta`, where the objective was evaluated last.
    ///
    /// CR1 without its factor; a cluster whose rows have weight w counts as w clusters. `None` when H is singular, without
    /// clusters, and for other losses than least squares. Allocates nothing.
    pub fn covariance_by_cluster(&mut self, theta: &Theta) -> Option<[Theta; MAX_PARAMS]> {
        let clusters = &self.design.clusters.as_ref()?.index;
        if !self.loss.is_gaussian() {
            return None;
        }
        let p = self.dim();
        let inverse = invert_spd(&self.normal, p)?;
        self.by_cluster.fill(0.0);
        let n = self.target.len();
        let mut first = 0;
        while first < n {
            let rows = BLOCK.min(n - first);
            self.block(theta, first, rows, true);
            for k in 0..rows {
                let own = &mut self.by_cluster[clusters[first + k] * (p + 1)..][..=p];
                let residual = self.target[first + k] - self.eta[k];
                for (j, score) in own[..p].iter_mut().enumerate() {
                    *score += residual * self.jacobian[j * rows + k];
                }
                own[p] = self.weights[first + k];
            }
            first += rows;
        }
        let mut meat = [[0.0; MAX_PARAMS]; MAX_PARAMS];
        for own in self.by_cluster.chunks_exact(p + 1) {
            for a in 0..p {
                for b in 0..p {
                    meat[a][b] += own[p] * own[a] * own[b];
                }
            }
        }
        Some(sandwich(&inverse, &meat, p))
    }
}

/// The product inverse * meat * inverse of leading p x p blocks.
fn sandwich(inverse: &[Theta; MAX_PARAMS], meat: &[Theta; MAX_PARAMS], p: usize) -> [Theta; MAX_PARAMS] {
    let multiply = |x: &[Theta; MAX_PARAMS], y: &[Theta; MAX_PARAMS]| {
        let mut z = [[0.0; MAX_PARAMS]; MAX_PARAMS];
        for a in 0..p {
            for b in 0..p {
                z[a][b] = (0..p).map(|c| x[a][c] * y[c][b]).sum();
            }
        }
        z
    };
    multiply(&multiply(inverse, meat), inverse)
}

/// Invert the leading p x p block of a symmetric positive definite matrix, scaled to a unit diagonal first.
fn invert_spd(h: &[Theta; MAX_PARAMS], p: usize) -> Option<[Theta; MAX_PARAMS]> {
    fn run<const P: usize>(h: &[Theta; MAX_PARAMS]) -> Option<[Theta; MAX_PARAMS]> {
        let mut out = [[0.0; MAX_PARAMS]; MAX_PARAMS];
        let scale = SVector::<f64, P>::from_fn(|j, _| h[j][j].sqrt());
        let scaled = SMatrix::<f64, P, P>::from_fn(|a, b| h[a][b] / (scale[a] * scale[b]));
        for b in 0..P {
            let mut unit = SVector::<f64, P>::zeros();
            unit[b] = 1.0;
            let column = solve_spd(&scaled, &unit)?;
            for a in 0..P {
                out[a][b] = column[a] / (scale[a] * scale[b]);
            }
        }
        Some(out)
    }
    with_dimension!(p, run(h))
}
