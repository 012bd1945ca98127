//! Objectives: a form, a data set, a loss and a scale make one function to minimise.
//!
//! [`Design`] is what stays fixed: centred logarithms, the response on the scale of the fit, and the frame that leads
//! back. [`Objective`] is the fused evaluation: one pass over the rows gives the cost, its gradient and the normal
//! equations, in buffers of fixed size that it owns, so that a refit allocates nothing. Bootstrap replicates only change
//! its `target` (new responses) or its `weights` (how often a row was drawn). [`Constraint`] holds one combination of
//! parameters, or one point of the curve, fixed: that is how profiles are computed.

mod constraint;
mod design;

pub use constraint::Constraint;
pub use design::{Design, ObjectiveError};

use crate::form::{Form, MAX_COLUMNS};
use crate::loss::Loss;
use crate::math::linalg::solve_spd;
use crate::math::{MAX_PARAMS, Theta, sum, with_dimension};
use nalgebra::{SMatrix, SVector};

/// Distance of a leverage from 1 below which a row determines a parameter by itself: its residual says nothing.
pub const SATURATED: f64 = 1e-6;

/// Rows evaluated together: small enough that every buffer stays in the first-level cache.
const BLOCK: usize = 256;

/// The sum over rows of w*rho(target - g(m(theta))), with gradient and normal equations from one pass.
///
/// # Formula
/// cost = sum w rho(r); gradient_j = -sum w psi(r) J_j; normal_jk = sum w (psi(r)/r) J_j J_k, with r = target - eta,
/// J = d eta/d theta on the scale of the fit.
#[derive(Debug, Clone)]
pub struct Objective<'a> {
    /// The law.
    pub form: &'a dyn Form,
    /// The loss.
    pub loss: &'a dyn Loss,
    /// What stays fixed.
    pub design: &'a Design,
    /// Responses to fit, n values; replicates overwrite it.
    pub target: Vec<f64>,
    /// Row weights (how often each row counts), n values; replicates overwrite it.
    pub weights: Vec<f64>,
    /// Gradient of the cost at the last evaluation.
    pub gradient: Theta,
    /// Normal matrix at the last evaluation.
    pub normal: [Theta; MAX_PARAMS],
    /// Number of evaluations so far.
    pub evaluations: usize,
    eta: Vec<f64>,
    jacobian: Vec<f64>,
    residual: Vec<f64>,
    psi: Vec<f64>,
    curvature: Vec<f64>,
}

impl<'a> Objective<'a> {
    /// Build the objective of the data themselves: unit weights, observed responses.
    #[must_use]
    pub fn new(form: &'a dyn Form, loss: &'a dyn Loss, design: &'a Design) -> Objective<'a> {
        let block = BLOCK.min(design.nobs());
        Objective {
            form,
            loss,
            design,
            target: design.target.clone(),
            weights: vec![1.0; design.nobs()],
            gradient: [0.0; MAX_PARAMS],
            normal: [[0.0; MAX_PARAMS]; MAX_PARAMS],
            evaluations: 0,
            eta: vec![0.0; block],
            jacobian: vec![0.0; block * form.params().len()],
            residual: vec![0.0; block],
            psi: vec![0.0; block],
            curvature: vec![0.0; block],
        }
    }

    /// Return the number of coordinates.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.form.params().len()
    }

    /// Evaluate cost, gradient and normal equations; infinite where the law is undefined.
    pub fn evaluate(&mut self, theta: &Theta) -> f64 {
        self.evaluations += 1;
        let (n, p) = (self.target.len(), self.dim());
        self.gradient = [0.0; MAX_PARAMS];
        self.normal = [[0.0; MAX_PARAMS]; MAX_PARAMS];
        let mut cost = 0.0;
        let mut first = 0;
        while first < n {
            let rows = BLOCK.min(n - first);
            self.block(theta, first, rows, true);
            for k in 0..rows {
                self.residual[k] = self.target[first + k] - self.eta[k];
            }
            let w = &self.weights[first..first + rows];
            let (psi, curvature) = (&mut self.psi[..rows], &mut self.curvature[..rows]);
            cost += self.loss.batch(w, &self.residual[..rows], psi, curvature);
            for ((psi, c), w) in psi.iter_mut().zip(curvature.iter_mut()).zip(w) {
                *psi *= w;
                *c *= w;
            }
            for j in 0..p {
                let column = &self.jacobian[j * rows..(j + 1) * rows];
                self.gradient[j] -= sum::dot(&self.psi[..rows], column);
                for k in 0..=j {
                    let other = &self.jacobian[k * rows..(k + 1) * rows];
                    self.normal[j][k] += sum::dot3(&self.curvature[..rows], column, other);
                }
            }
            first += rows;
        }
        for j in 0..p {
            for k in 0..j {
                self.normal[k][j] = self.normal[j][k];
            }
        }
        let finite = cost.is_finite() && self.gradient.iter().all(|g| g.is_finite());
        if finite { cost } else { f64::INFINITY }
    }

    /// Fill `eta` and the Jacobian on the scale of the fit for `rows` rows from `first` on.
    fn block(&mut self, theta: &Theta, first: usize, rows: usize, derivatives: bool) {
        let p = self.dim();
        let eta = &mut self.eta[..rows];
        let jac = if derivatives { &mut self.jacobian[..p * rows] } else { &mut [][..] };
        let columns: [&[f64]; MAX_COLUMNS] =
            std::array::from_fn(|k| self.design.x.get(k).map_or(&[][..], |c| &c[first..first + rows]));
        self.form.eval(theta, &columns, eta, jac);
        let (native, scale) = (self.form.native(), self.design.scale);
        if native != scale {
            for (k, eta) in eta.iter_mut().enumerate() {
                let m = native.invert(*eta);
                if derivatives {
                    let chain = scale.derivative(m) / native.derivative(m);
                    for j in 0..p {
                        jac[j * rows + k] *= chain;
                    }
                }
                *eta = scale.apply(m);
            }
        }
    }

    /// Return the fitted values on the scale of the fit, n values.
    #[must_use]
    pub fn fitted(&mut self, theta: &Theta) -> Vec<f64> {
        let n = self.target.len();
        let mut out = Vec::with_capacity(n);
        let mut first = 0;
        while first < n {
            let rows = BLOCK.min(n - first);
            self.block(theta, first, rows, false);
            out.extend_from_slice(&self.eta[..rows]);
            first += rows;
        }
        out
    }

    /// Return the Jacobian on the scale of the fit, n x p, column after column.
    #[must_use]
    pub fn jacobian(&mut self, theta: &Theta) -> Vec<f64> {
        let (n, p) = (self.target.len(), self.dim());
        let mut out = vec![0.0; n * p];
        let mut first = 0;
        while first < n {
            let rows = BLOCK.min(n - first);
            self.block(theta, first, rows, true);
            for j in 0..p {
                out[j * n + first..j * n + first + rows]
                    .copy_from_slice(&self.jacobian[j * rows..(j + 1) * rows]);
            }
            first += rows;
        }
        out
    }

    /// Return the covariance of the coordinates at `theta`, where the objective was evaluated last.
    ///
    /// `count` is the number of rows with their weights. Classical: 2 cost/(count - p) H^-1. Robust: the HC3 sandwich, a
    /// row of weight w counting as w rows. `None` when H is singular or a leverage is 1. Allocates nothing.
    pub fn covariance(
        &mut self,
        theta: &Theta,
        cost: f64,
        count: f64,
        robust: bool,
    ) -> Option<[Theta; MAX_PARAMS]> {
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
        let multiply = |x: &[Theta; MAX_PARAMS], y: &[Theta; MAX_PARAMS]| {
            let mut z = [[0.0; MAX_PARAMS]; MAX_PARAMS];
            for a in 0..p {
                for b in 0..p {
                    z[a][b] = (0..p).map(|c| x[a][c] * y[c][b]).sum();
                }
            }
            z
        };
        Some(multiply(&multiply(&inverse, &meat), &inverse))
    }
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
