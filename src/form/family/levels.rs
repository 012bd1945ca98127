//! Laws that lead from one level to another by a logistic step in ln N.

use super::grid::{self, Candidate};
use super::shapes::sigmoid;
use crate::form::{About, Form, Frame, Functional, Transform};
use crate::math::{MAX_PARAMS, Theta};

/// A step between two levels.
///
/// # Formula
/// m = y0 + (y1 - y0)*s, s = 1/(1 + exp(-k(u - v))); coordinates \[y0, y1, v, k\], v = ln N0 centred, levels divided by the
/// frame's scale. dm/dy0 = 1 - s, dm/dy1 = s, dm/dv = -(y1 - y0) s(1 - s) k, dm/dk = (y1 - y0) s(1 - s)(u - v).
#[derive(Debug, Clone, Copy)]
pub struct Levels {
    /// What the law is called and what it can do.
    pub about: &'static About,
}

/// Most starting points that a fit is given.
const STARTS: usize = 8;

impl Form for Levels {
    fn about(&self) -> &'static About {
        self.about
    }

    fn projected(&self) -> &'static [usize] {
        &[0, 1]
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let n = out.len();
        let (low, high, v, k) = (theta[0], theta[1], theta[2], theta[3]);
        for (i, (o, u)) in out.iter_mut().zip(x[0]).enumerate() {
            let (s, rest) = (sigmoid(k * (u - v)), sigmoid(-k * (u - v)));
            *o = low * rest + high * s;
            if !jac.is_empty() {
                let slope = (high - low) * s * rest;
                jac[i] = rest;
                jac[n + i] = s;
                jac[2 * n + i] = -slope * k;
                jac[3 * n + i] = slope * (u - v);
            }
        }
    }

    // The upper level where the step is over, the lower one where it has not begun, its place between.
    fn pivots(&self) -> &'static [usize] {
        &[1, 0, 2]
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let (low, high, v, k) = (theta[0], theta[1], theta[2], theta[3]);
        let (s, rest) = (sigmoid(k * (x0[0] - v)), sigmoid(-k * (x0[0] - v)));
        let value = match pivot {
            0 => (eta0 - high * s) / rest,
            1 => (eta0 - low * rest) / s,
            _ => x0[0] - ((eta0 - low) / (high - eta0)).ln() / k,
        };
        let p = &self.about.params[pivot];
        (value.is_finite() && value >= p.lower && value <= p.upper).then_some(value)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        match k {
            0 | 1 => Functional::coordinate(k, frame.y_scale),
            2 => Functional {
                offset: frame.x_centre[0],
                transform: Transform::Exp,
                ..Functional::coordinate(2, 1.0)
            },
            _ => Functional::coordinate(3, 1.0),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let (from, to) = grid::ends(x[0]);
        let (bottom, top) = grid::ends(eta);
        let ones = vec![1.0; eta.len()];
        let mut candidates = Vec::new();
        for v in grid::spaced(from - 2.0, to + 2.0, 24) {
            for k in [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4] {
                let s: Vec<f64> = x[0].iter().map(|u| sigmoid(k * (u - v))).collect();
                let rest: Vec<f64> = s.iter().map(|s| 1.0 - s).collect();
                let found = grid::least_squares(&[&rest, &s], eta, &ones);
                let (levels, _) = found.unwrap_or(([bottom, top], 0.0));
                let inside =
                    |j: usize| levels[j].clamp(self.about.params[j].lower, self.about.params[j].upper);
                let (low, high) = (inside(0), inside(1));
                let misfit = eta.iter().zip(&s).map(|(y, s)| (y - low - (high - low) * s).powi(2)).sum();
                candidates.extend(Candidate::new(grid::phi(&[low, high, v, k]), misfit, self.about.params));
            }
        }
        grid::best(candidates, STARTS)
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = natural[0] / frame.y_scale;
        theta[1] = natural[1] / frame.y_scale;
        theta[2] = natural[2].ln() - frame.x_centre[0];
        theta[3] = natural[3];
        let levels = self.about.params[..2].iter().zip(&theta);
        let inside = levels.clone().all(|(p, t)| *t >= p.lower && *t <= p.upper) && theta[3] > 0.0;
        (inside && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }

    fn asymptote(&self) -> Option<usize> {
        Some(1)
    }
}
