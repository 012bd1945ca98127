//! Fits: from a specification and a data set to estimates, residuals, leverages and a covariance.
//!
//! A [`FitSpec`] says what to fit (form, scale, loss, solver); [`FitSpec::fit`] checks it against the data and returns a
//! [`Fit`], which is immutable and answers the usual questions: coefficients, covariance, residuals, leverage,
//! log-likelihood, degrees of freedom. A poor fit is a value, not an error: look at [`Fit::converged`].

mod information;
mod precision;
mod sandwich;
mod spec;
mod spread;

pub use information::Information;
pub use spec::{FitError, FitSpec, default_forms, falls};
pub(crate) use spread::twice_restricted;
pub use spread::{Spread, SpreadExponent};

use crate::form::Form;
use crate::loss::Loss;
use crate::math::linalg::Regression;
use crate::math::sum;
use crate::objective::{Design, Objective, SATURATED};
use crate::solve::{Method, Solution, Starts};
use nalgebra::DMatrix;

/// A fitted law.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The law.
    pub form: &'static dyn Form,
    /// The loss.
    pub loss: Loss,
    /// The solver.
    pub method: Method,
    /// Centred data on the scale of the fit.
    pub design: Design,
    /// Where the solver ended, with its certificate.
    pub solution: Solution,
    /// How the starting points fared.
    pub starts: Starts,
    /// Observed responses, n values in canonical order.
    pub response: Vec<f64>,
    /// Residuals (observed minus fitted) on the scale of the fit in the solver's unit, n values.
    pub residuals: Vec<f64>,
    /// Factors of the Jacobian at the optimum; `None` when its columns are linearly dependent.
    pub regression: Option<Regression>,
    /// Leverages, n values; empty when the Jacobian is rank deficient.
    pub leverage: Vec<f64>,
    /// How the spread of the errors changes with size, where that was estimated.
    pub spread: Option<SpreadExponent>,
    /// Sum of squared residuals in the solver's unit.
    sse: f64,
}

impl Fit {
    fn new(spec: &FitSpec, design: Design, response: Vec<f64>, solution: Solution, starts: Starts) -> Fit {
        let mut objective = Objective::new(spec.form, spec.loss, &design);
        let residuals: Vec<f64> =
            objective.fitted(&solution.theta).iter().zip(&design.target).map(|(eta, y)| y - eta).collect();
        let jacobian = objective.jacobian(&solution.theta);
        let regression = Regression::new(DMatrix::from_vec(design.nobs(), objective.dim(), jacobian));
        let leverage = regression.as_ref().map_or_else(Vec::new, Regression::leverages);
        let sse = sum::dot(&residuals, &residuals);
        Fit {
            form: spec.form,
            loss: spec.loss,
            method: spec.method,
            design,
            solution,
            starts,
            response,
            residuals,
            regression,
            leverage,
            spread: None,
            sse,
        }
    }

    /// Return an objective that starts out as this fit's own: replicates overwrite its target or weights.
    #[must_use]
    pub fn objective(&self) -> Objective<'_> {
        Objective::new(self.form, self.loss, &self.design)
    }

    /// Return the number of rows, n.
    #[must_use]
    pub fn nobs(&self) -> usize {
        self.residuals.len()
    }

    /// Return the number of mean parameters, p.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.form.params().len()
    }

    /// Return the number of predictors, the set of a row not counted.
    #[must_use]
    pub fn predictors(&self) -> usize {
        self.form.inputs() - usize::from(self.form.reads_sets())
    }

    /// Return the number of sets of rows that the law is fitted to.
    #[must_use]
    pub fn sets(&self) -> usize {
        let index = self.design.x.last().filter(|_| self.form.reads_sets());
        index.map_or(1, |i| i.iter().fold(0.0f64, |m, v| m.max(*v)) as usize + 1)
    }

    /// Return the residual degrees of freedom, n - p; a parameter on its bound counts.
    #[must_use]
    pub fn dof_residual(&self) -> usize {
        self.nobs() - self.dim()
    }

    /// Whether the law is linear in its coordinates on the scale of the fit: t intervals are then exact.
    #[must_use]
    pub fn is_linear(&self) -> bool {
        self.form.linear_on() == Some(self.design.scale)
    }

    /// Return natural parameter `k`.
    #[must_use]
    pub fn estimate(&self, k: usize) -> f64 {
        self.form.natural(k, &self.design.frame).value(&self.solution.theta)
    }

    /// Return all natural parameters in the formula's order.
    #[must_use]
    pub fn coef(&self) -> Vec<f64> {
        (0..self.dim()).map(|k| self.estimate(k)).collect()
    }

    /// Whether natural parameter `k` lies on a bound of its domain.
    #[must_use]
    pub fn at_bound(&self, k: usize) -> bool {
        let own = self.form.natural(k, &self.design.frame).only_coordinate();
        own.is_some_and(|j| self.solution.at_bound[j])
    }

    /// Whether any coordinate lies on a bound.
    #[must_use]
    pub fn any_at_bound(&self) -> bool {
        self.solution.at_bound.iter().any(|b| *b)
    }

    /// Return the sum of squared residuals on the scale of the fit, in the user's unit.
    #[must_use]
    pub fn sse(&self) -> f64 {
        self.sse * self.design.residual_unit().powi(2)
    }

    /// Return the value of the objective (the sum of rho over rows), in the user's unit.
    ///
    /// A loss with a scale of its own has the sum of squares that it amounts to: [`crate::loss::JointScale`].
    #[must_use]
    pub fn objective_value(&self) -> f64 {
        self.solution.cost * self.design.residual_unit().powi(self.loss.family().degree())
    }

    /// Return the variance of a row in the solver's unit: s^2 = SSE/(n - p), or what is known of it.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.design.known_sd.map_or(self.sse / self.dof_residual() as f64, |sd| sd * sd)
    }

    /// Return the degrees of freedom of that variance: n - p, infinite where it is known.
    #[must_use]
    pub fn dof_variance(&self) -> f64 {
        if self.design.known_sd.is_some() { f64::INFINITY } else { self.dof_residual() as f64 }
    }

    /// Return Q = sum (r/sigma)^2 over rows of known standard deviation: chi-squared with n - p degrees of freedom when law
    /// and standard deviations are right; `None` where they are not known.
    #[must_use]
    pub fn goodness_of_fit(&self) -> Option<f64> {
        self.design.known_sd.map(|sd| self.sse / (sd * sd))
    }

    /// Whether rows differ in their precision.
    #[must_use]
    pub fn is_weighted(&self) -> bool {
        !self.design.root.is_empty()
    }

    /// Return the residual standard deviation s on the scale of the fit, in the user's unit; with weights that of a row of
    /// average precision.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        (self.sse / self.dof_residual() as f64).sqrt() * self.design.residual_unit()
    }

    /// Whether the residuals are nothing but rounding error, so that no interval means anything.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        let size = self.design.target.iter().fold(1.0f64, |m, t| m.max(t.abs()));
        (self.sse / self.nobs() as f64).sqrt() <= 1e-13 * size.max(self.design.spread)
    }

    /// Whether the certificate says that this is a stationary point.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.solution.converged()
    }

    /// Return the covariance of the coordinates: under equal variances s^2 (J'J)^-1 for least squares, `None` when rank
    /// deficient; for other losses [`Fit::vcov_sandwich`].
    #[must_use]
    pub fn vcov(&self) -> Option<DMatrix<f64>> {
        if !self.loss.is_gaussian() {
            return self.vcov_sandwich();
        }
        self.regression.as_ref().map(|r| r.gram_inverse() * self.variance())
    }

    /// Return the HC2 covariance of the coordinates; `None` when rank deficient or a leverage is 1, and for other losses
    /// than least squares.
    ///
    /// # Formula
    /// (J'J)^-1 J' diag(r_i^2/(1 - h_i)) J (J'J)^-1, unbiased under equal variances
    /// # Reference
    /// MacKinnon and White (1985), J. Econometrics 29:305.
    #[must_use]
    pub fn vcov_hc2(&self) -> Option<DMatrix<f64>> {
        self.sandwich(|r, rest| r * r / rest)
    }

    /// Return the HC3 covariance of the coordinates; `None` when rank deficient or a leverage is 1, and for other losses
    /// than least squares.
    ///
    /// # Formula
    /// (J'J)^-1 J' diag(r_i^2/(1 - h_i)^2) J (J'J)^-1
    /// # Reference
    /// MacKinnon and White (1985), J. Econometrics 29:305; Long and Ervin (2000), Am. Stat. 54:217.
    #[must_use]
    pub fn vcov_hc3(&self) -> Option<DMatrix<f64>> {
        self.sandwich(|r, rest| (r / rest).powi(2))
    }

    /// Return the cluster covariance of the coordinates; `None` when rank deficient, without clusters, and for other losses
    /// than least squares.
    ///
    /// # Formula
    /// (J'J)^-1 (sum over clusters of J_g'r_g r_g'J_g) (J'J)^-1: CR1 without its factor
    /// # Reference
    /// Liang and Zeger (1986), Biometrika 73:13.
    #[must_use]
    pub fn vcov_clusters(&self) -> Option<DMatrix<f64>> {
        let regression = self.regression.as_ref().filter(|_| self.loss.is_gaussian())?;
        let clusters = self.design.clusters.as_ref()?.members();
        let mut meat = DMatrix::zeros(self.dim(), self.dim());
        for rows in clusters {
            let mut score = nalgebra::DVector::zeros(self.dim());
            rows.iter().for_each(|&i| score += regression.q.row(i).transpose() * self.residuals[i]);
            meat.ger(1.0, &score, &score, 1.0);
        }
        Some(&regression.r_inverse * meat * regression.r_inverse.transpose())
    }

    /// The covariance with a variance of its own for every row, from its residual and 1 - h.
    fn sandwich(&self, variance: impl Fn(f64, f64) -> f64) -> Option<DMatrix<f64>> {
        let regression = self.regression.as_ref()?;
        if !self.loss.is_gaussian() || self.leverage.iter().any(|h| 1.0 - *h < SATURATED) {
            return None;
        }
        let d: Vec<f64> =
            self.residuals.iter().zip(&self.leverage).map(|(r, h)| variance(*r, 1.0 - h)).collect();
        Some(regression.sandwich(&d))
    }

    /// Return the coefficient of determination on the scale of the fit; `None` for a response that does not vary.
    #[must_use]
    pub fn r_squared(&self) -> Option<f64> {
        let total = self.design.spread.powi(2);
        (total > 0.0).then(|| 1.0 - self.sse / total)
    }

    /// Return fitted responses, n values in canonical order.
    #[must_use]
    pub fn predictions(&self) -> Vec<f64> {
        self.design
            .target
            .iter()
            .zip(&self.residuals)
            .enumerate()
            .map(|(i, (t, r))| {
                self.design.scale.invert(self.design.unweighted(i, t - r)) * self.design.frame.y_scale
            })
            .collect()
    }

    /// Return the centred logarithm of a predictor value.
    #[must_use]
    pub fn centred(&self, x: f64) -> f64 {
        x.ln() - self.design.frame.x_centre[0]
    }

    /// Return the columns that the form reads of one point; `x` holds a value a predictor, in the order of the data, and
    /// last the index of the set for a law that is fitted to sets of rows.
    #[must_use]
    pub fn point(&self, x: &[f64]) -> Vec<f64> {
        let last = x.last().filter(|_| self.form.reads_sets());
        let own = self.form.inputs() - usize::from(last.is_some());
        let own: Vec<&[f64]> = x[..own].iter().chain(last).map(std::slice::from_ref).collect();
        self.form.columns(&own, &self.design.frame.x_centre).iter().map(|c| c[0]).collect()
    }

    /// Return the fitted response at one point, a value a predictor.
    #[must_use]
    pub fn predict(&self, x: &[f64]) -> f64 {
        crate::form::mean_at(self.form, &self.solution.theta, &self.point(x), &self.design.frame)
    }

    /// Whether this is a straight line in the logarithm of one predictor, on the scale of the fit, through rows of equal
    /// precision.
    #[must_use]
    pub fn is_line(&self) -> bool {
        self.is_linear()
            && !self.is_weighted()
            && self.dim() == 2
            && self.design.x.len() == 1
            && self.design.x[0] == self.design.axis
    }

    /// Whether the fitted response falls from the first row to the last, in the order of the predictors.
    #[must_use]
    pub fn falls(&self) -> bool {
        let at = |i: usize| {
            let point: Vec<f64> = self.design.x.iter().map(|c| c[i]).collect();
            crate::form::mean_at(self.form, &self.solution.theta, &point, &self.design.frame)
        };
        self.nobs() > 0 && at(self.nobs() - 1) < at(0)
    }
}
