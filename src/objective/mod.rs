//! Objectives: a form, a data set, a loss and a scale make one function to minimise.
//!
//! [`Design`] is what stays fixed: centred logarithms, the response on the scale of the fit, and the frame that leads
//! back. [`Objective`] is the fused evaluation: one pass over the rows gives the cost, its gradient and the normal
//! equations, in buffers of fixed size that it owns, so that a refit allocates nothing. Bootstrap replicates only change
//! its `target` (new responses) or its `weights` (how often a row was drawn). [`Constraint`] holds one combination of
//! parameters, or one point of the curve, fixed: that is how profiles are computed.

mod constraint;
mod covariance;
mod design;

pub use constraint::Constraint;
pub use design::{Design, ObjectiveError};

use crate::form::{Form, MAX_COLUMNS};
use crate::loss::{Loss, Rows};
use crate::math::{MAX_PARAMS, Theta, sum};

/// Distance of a leverage from 1 below which a row determines a parameter by itself: its residual says nothing.
pub const SATURATED: f64 = 1e-6;

/// Rows evaluated together: small enough that every buffer stays in the first-level cache.
const BLOCK: usize = 256;

/// The sum over rows of w*rho(target - g(m(theta))), with gradient and normal equations from one pass.
///
/// # Formula
/// cost = sum w rho(r); gradient_j = -sum w psi(r) J_j; normal_jk = sum w (psi(r)/r) J_j J_k, with r = target - eta,
/// J = d eta/d theta on the scale of the fit. Unless the loss is quadratic also the exact Hessian,
/// hessian_jk = sum w rho''(r) J_j J_k - sum w psi(r) d2 eta/d theta_j d theta_k. A loss with a scale of its own is evaluated
/// at its best scale: all three are those of the profile cost (see [`crate::loss::JointScale`]).
#[derive(Debug, Clone)]
pub struct Objective<'a> {
    /// The law.
    pub form: &'a dyn Form,
    /// The loss, for residuals in the solver's unit.
    pub loss: Loss,
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
    /// Exact Hessian at the last evaluation; for a quadratic loss filled where `second_order` is set only.
    pub hessian: [Theta; MAX_PARAMS],
    /// Whether the exact Hessian is wanted of a quadratic loss too.
    pub second_order: bool,
    /// Scale of the residuals at the last evaluation, for a loss that has one of its own; 1 otherwise.
    pub scale: f64,
    /// Number of evaluations so far.
    pub evaluations: usize,
    eta: Vec<f64>,
    jacobian: Vec<f64>,
    residual: Vec<f64>,
    psi: Vec<f64>,
    curvature: Vec<f64>,
    second: Vec<f64>,
    /// d(scale of the fit)/d(native scale) of every row, and its change; not filled where both are one.
    chain: Vec<f64>,
    bend: Vec<f64>,
    /// All residuals, for a loss that must see them together; empty for others.
    all: Vec<f64>,
    /// Sum of residual times derivatives, and the weight, of every cluster; empty where the data have none.
    by_cluster: Vec<f64>,
}

impl<'a> Objective<'a> {
    /// Build the objective of the data themselves: unit weights, observed responses.
    #[must_use]
    pub fn new(form: &'a dyn Form, loss: Loss, design: &'a Design) -> Objective<'a> {
        Objective::in_solver_unit(form, loss.in_unit(design.residual_unit()), design)
    }

    /// Build the objective of the data themselves for a loss whose constants are in the solver's unit already.
    #[must_use]
    pub fn in_solver_unit(form: &'a dyn Form, loss: Loss, design: &'a Design) -> Objective<'a> {
        let block = BLOCK.min(design.nobs());
        let room = |wanted: bool| vec![0.0; if wanted { block } else { 0 }];
        let rescaled = form.native() != design.scale || !design.root.is_empty();
        Objective {
            form,
            loss,
            design,
            target: design.target.clone(),
            weights: vec![1.0; design.nobs()],
            gradient: [0.0; MAX_PARAMS],
            normal: [[0.0; MAX_PARAMS]; MAX_PARAMS],
            hessian: [[0.0; MAX_PARAMS]; MAX_PARAMS],
            second_order: false,
            scale: 1.0,
            evaluations: 0,
            eta: room(true),
            jacobian: vec![0.0; block * form.params().len()],
            residual: room(true),
            psi: room(true),
            curvature: room(true),
            second: room(true),
            chain: room(rescaled),
            bend: room(rescaled),
            all: vec![0.0; if loss.has_joint_scale() { design.nobs() } else { 0 }],
            by_cluster: vec![
                0.0;
                design.clusters.as_ref().map_or(0, |l| l.names.len() * (form.params().len() + 1))
            ],
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
        let exact = self.second_order || !self.loss.is_gaussian();
        let joint = self.loss.has_joint_scale();
        if exact {
            self.hessian = [[0.0; MAX_PARAMS]; MAX_PARAMS];
        }
        self.scale = if joint { self.own_scale(theta) } else { 1.0 };
        let (mut by_scale, mut scale_curvature) = ([0.0; MAX_PARAMS], 0.0);
        let mut cost = 0.0;
        let mut first = 0;
        while first < n {
            let rows = BLOCK.min(n - first);
            self.native(theta, first, rows, true);
            self.rescale(first, rows, true, exact);
            for k in 0..rows {
                self.residual[k] = self.target[first + k] - self.eta[k];
            }
            let w = &self.weights[first..first + rows];
            let r = &self.residual[..rows];
            let (psi, curvature) = (&mut self.psi[..rows], &mut self.curvature[..rows]);
            let second = &mut self.second[..rows];
            cost += self.loss.batch(self.scale, w, r, Rows { psi, curvature, second });
            for ((psi, c), w) in self.psi.iter_mut().zip(&mut self.curvature).zip(w) {
                *psi *= w;
                *c *= w;
            }
            if exact {
                self.bending(theta, first, rows);
            }
            self.chain_jacobian(rows);
            for j in 0..p {
                let column = &self.jacobian[j * rows..(j + 1) * rows];
                self.gradient[j] -= sum::dot(&self.psi[..rows], column);
                for k in 0..=j {
                    let other = &self.jacobian[k * rows..(k + 1) * rows];
                    self.normal[j][k] += sum::dot3(&self.curvature[..rows], column, other);
                    if exact {
                        self.hessian[j][k] += sum::dot3(&self.second[..rows], column, other);
                    }
                }
            }
            if joint {
                let w = &self.weights[first..first + rows];
                let cross = &mut self.psi[..rows];
                scale_curvature +=
                    self.loss.cross(self.scale, w, &self.residual[..rows], cross).unwrap_or(0.0);
                self.psi.iter_mut().zip(w).for_each(|(psi, w)| *psi *= w);
                for (by_scale, column) in by_scale.iter_mut().zip(self.jacobian.chunks_exact(rows)).take(p) {
                    *by_scale -= sum::dot(&self.psi[..rows], column);
                }
            }
            first += rows;
        }
        for j in 0..p {
            for k in 0..j {
                self.normal[k][j] = self.normal[j][k];
                self.hessian[k][j] = self.hessian[j][k];
            }
        }
        if joint {
            cost = self.profile_cost(cost, &by_scale, scale_curvature);
        }
        let finite = cost.is_finite() && self.gradient.iter().all(|g| g.is_finite());
        if finite { cost } else { f64::INFINITY }
    }

    /// Evaluate the cost alone; infinite where the law is undefined. Derivatives stay those of the last evaluation.
    ///
    /// A loss with a scale of its own is evaluated in full.
    pub fn cost(&mut self, theta: &Theta) -> f64 {
        if self.loss.has_joint_scale() {
            return self.evaluate(theta);
        }
        self.evaluations += 1;
        let n = self.target.len();
        let mut cost = 0.0;
        let mut first = 0;
        while first < n {
            let rows = BLOCK.min(n - first);
            self.native(theta, first, rows, false);
            self.rescale(first, rows, false, false);
            for k in 0..rows {
                self.residual[k] = self.target[first + k] - self.eta[k];
            }
            let (psi, curvature) = (&mut self.psi[..rows], &mut self.curvature[..rows]);
            let out = Rows { psi, curvature, second: &mut self.second[..rows] };
            let w = &self.weights[first..first + rows];
            cost += self.loss.batch(self.scale, w, &self.residual[..rows], out);
            first += rows;
        }
        if cost.is_finite() { cost } else { f64::INFINITY }
    }

    /// The scale that minimises the cost at `theta`.
    fn own_scale(&mut self, theta: &Theta) -> f64 {
        let n = self.target.len();
        let mut first = 0;
        while first < n {
            let rows = BLOCK.min(n - first);
            self.native(theta, first, rows, false);
            self.rescale(first, rows, false, false);
            for k in 0..rows {
                self.all[first + k] = self.target[first + k] - self.eta[k];
            }
            first += rows;
        }
        // Not below what can still be squared: a law that meets every row has no scale.
        self.loss.scale(&self.weights, &self.all).unwrap_or(1.0).max(1e-150)
    }

    /// Turn sum w rho(r/s), with the derivatives of L, into the profile cost c = W/2 exp(2 L/W - 1) and its derivatives.
    fn profile_cost(&mut self, sum: f64, by_scale: &Theta, scale_curvature: f64) -> f64 {
        let p = self.dim();
        let total: f64 = self.weights.iter().sum();
        let likelihood = sum + total * self.scale.ln();
        let cost = 0.5 * total * (2.0 * likelihood / total - 1.0).exp();
        let factor = 2.0 * cost / total;
        let g = self.gradient;
        for j in 0..p {
            self.gradient[j] *= factor;
            for k in 0..p {
                self.normal[j][k] *= factor;
                let profile = self.hessian[j][k] - by_scale[j] * by_scale[k] / scale_curvature;
                self.hessian[j][k] = factor * (profile + 2.0 / total * g[j] * g[k]);
            }
        }
        cost
    }

    /// Start the Hessian of a block with the curvature of the law itself, and leave in `second` the weights of J J'.
    ///
    /// With eta = s(g^-1(xi)), xi the native value: d2 eta = chain d2 xi + bend J J', J on the scale of the fit.
    fn bending(&mut self, theta: &Theta, first: usize, rows: usize) {
        let p = self.dim();
        let rescaled = !self.chain.is_empty();
        for k in 0..rows {
            self.second[k] *= self.weights[first + k];
            if rescaled {
                self.second[k] -= self.psi[k] * self.bend[k];
            }
            // The residual is no longer needed in this pass but for a scale of its own: negated psi takes a buffer.
            self.eta[k] = -self.psi[k] * if rescaled { self.chain[k] } else { 1.0 };
        }
        let columns = self.columns(first, rows);
        self.form.curvature(
            theta,
            &columns,
            &self.jacobian[..p * rows],
            &self.eta[..rows],
            &mut self.hessian,
        );
    }

    /// Return the sum over rows of v_i d2 eta_i/d theta d theta', on the scale of the fit.
    #[must_use]
    pub fn second_derivatives(&mut self, theta: &Theta, v: &[f64]) -> [Theta; MAX_PARAMS] {
        let (n, p) = (self.target.len(), self.dim());
        let rescaled = !self.chain.is_empty();
        let mut h = [[0.0; MAX_PARAMS]; MAX_PARAMS];
        let mut first = 0;
        while first < n {
            let rows = BLOCK.min(n - first);
            self.native(theta, first, rows, true);
            self.rescale(first, rows, true, true);
            for k in 0..rows {
                self.psi[k] = v[first + k];
                self.eta[k] = self.psi[k] * if rescaled { self.chain[k] } else { 1.0 };
            }
            let columns = self.columns(first, rows);
            self.form.curvature(theta, &columns, &self.jacobian[..p * rows], &self.eta[..rows], &mut h);
            if rescaled {
                self.chain_jacobian(rows);
                for k in 0..rows {
                    self.psi[k] *= self.bend[k];
                }
                let columns = || self.jacobian.chunks_exact(rows).take(p);
                for (h, a) in h.iter_mut().zip(columns()) {
                    for (h, b) in h.iter_mut().zip(columns()) {
                        *h += sum::dot3(&self.psi[..rows], a, b);
                    }
                }
            }
            first += rows;
        }
        h
    }

    /// The predictors of a block.
    fn columns(&self, first: usize, rows: usize) -> [&'a [f64]; MAX_COLUMNS] {
        let design = self.design;
        std::array::from_fn(|k| design.x.get(k).map_or(&[][..], |c| &c[first..first + rows]))
    }

    /// Fill `eta` and the Jacobian on the form's native scale for `rows` rows from `first` on.
    fn native(&mut self, theta: &Theta, first: usize, rows: usize, derivatives: bool) {
        let p = self.dim();
        let columns = self.columns(first, rows);
        let jac = if derivatives { &mut self.jacobian[..p * rows] } else { &mut [][..] };
        self.form.eval(theta, &columns, &mut self.eta[..rows], jac);
    }

    /// Lead `eta` to the scale of the fit and weigh it, and note how it changes with the native value.
    fn rescale(&mut self, first: usize, rows: usize, derivatives: bool, second: bool) {
        let (native, scale) = (self.form.native(), self.design.scale);
        if native != scale {
            for (k, eta) in self.eta[..rows].iter_mut().enumerate() {
                let m = native.invert(*eta);
                if derivatives {
                    let (by_scale, by_native) = (scale.derivative(m), native.derivative(m));
                    self.chain[k] = by_scale / by_native;
                    if second {
                        self.bend[k] = scale.second_derivative(m) / (by_scale * by_scale)
                            - native.second_derivative(m) / (by_native * by_scale);
                    }
                }
                *eta = scale.apply(m);
            }
        } else if !self.chain.is_empty() {
            self.chain[..rows].fill(1.0);
            self.bend[..rows].fill(0.0);
        }
        let design = self.design;
        if let Some(root) = design.root.get(first..first + rows) {
            for (k, root) in root.iter().enumerate() {
                self.eta[k] *= root;
                if derivatives {
                    self.chain[k] *= root;
                    // bend multiplies J J', which has the root twice.
                    self.bend[k] /= root;
                }
            }
        }
    }

    /// Lead the Jacobian of a block to the scale of the fit.
    fn chain_jacobian(&mut self, rows: usize) {
        if self.chain.is_empty() {
            return;
        }
        for column in self.jacobian[..rows * self.form.params().len()].chunks_exact_mut(rows) {
            for (j, chain) in column.iter_mut().zip(&self.chain) {
                *j *= chain;
            }
        }
    }

    /// Fill `eta` and the Jacobian on the scale of the fit for `rows` rows from `first` on.
    fn block(&mut self, theta: &Theta, first: usize, rows: usize, derivatives: bool) {
        self.native(theta, first, rows, derivatives);
        self.rescale(first, rows, derivatives, false);
        if derivatives {
            self.chain_jacobian(rows);
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

    /// Return psi of every residual, in the unit of the gradient, at the scale of the last evaluation; `cost` is its cost.
    #[must_use]
    pub fn influences(&self, residuals: &[f64], cost: f64) -> Vec<f64> {
        let n = residuals.len();
        let ones = vec![1.0; n];
        let (mut psi, mut curvature, mut second) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        let out = Rows { psi: &mut psi, curvature: &mut curvature, second: &mut second };
        let _ = self.loss.batch(self.scale, &ones, residuals, out);
        if self.loss.has_joint_scale() {
            let factor = 2.0 * cost / self.weights.iter().sum::<f64>();
            psi.iter_mut().for_each(|v| *v *= factor);
        }
        psi
    }
}
