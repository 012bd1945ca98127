//! The linear regression that touches a fit at its optimum: what every check of residuals reads.

use super::NotApplicable;
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::linalg::Regression;
use crate::math::sum;
use crate::objective::Objective;
use crate::solve::Solution;
use nalgebra::{DMatrix, DVector};

/// Residuals e = Mz and the Jacobian J behind M = I - J(J'J)^-1 J', one entry a run or one a size, in order of size.
///
/// For a line this is the regression itself, and the law of e/|e| is known exactly for normal errors. For a curve it is
/// the linear model of the curve at its optimum; a parameter that lies on its bound is not free and has no column.
#[derive(Debug, Clone)]
pub struct Tangent {
    /// Centred logarithms of the sizes, rising.
    pub u: Vec<f64>,
    /// Residuals, of equal variance under the hypothesis.
    pub e: Vec<f64>,
    /// Jacobian J of the free parameters, as many rows as `e`.
    pub jacobian: DMatrix<f64>,
    /// Factors of J.
    pub regression: Regression,
    /// Number of runs behind every entry, as a root: entries are means times this.
    pub roots: Vec<f64>,
}

impl Tangent {
    /// One entry a run.
    ///
    /// # Errors
    /// [`NotApplicable`] for an exact fit, a rank-deficient Jacobian, or when no degree of freedom is left.
    pub fn of_rows(fit: &Fit) -> Result<Tangent, NotApplicable> {
        super::ready(fit, fit.dim() + 1)?;
        let jacobian = free_jacobian(&mut fit.objective(), &fit.solution);
        let regression = Regression::new(jacobian.clone()).ok_or(NotApplicable::Collinear)?;
        Ok(Tangent {
            u: fit.design.axis.clone(),
            e: fit.residuals.clone(),
            jacobian,
            regression,
            roots: vec![1.0; fit.nobs()],
        })
    }

    /// One entry a size: runs of one size are averaged, and weighted by the root of their number.
    ///
    /// Such entries have equal variances under the hypothesis, and do not depend on the order of the runs of a size, which
    /// would be arbitrary: every check that reads neighbours needs them.
    ///
    /// # Errors
    /// As [`Tangent::of_rows`]; also when there are no more sizes than parameters.
    pub fn of_sizes(fit: &Fit, data: &Dataset) -> Result<Tangent, NotApplicable> {
        super::ready(fit, fit.dim() + 1)?;
        let rows = free_jacobian(&mut fit.objective(), &fit.solution);
        let sizes: Vec<_> = data.rows_by_size().collect();
        let (k, p) = (sizes.len(), rows.ncols());
        if k < p + 1 {
            return Err(NotApplicable::TooFewSizes { needed: p + 1, sizes: k });
        }
        let roots: Vec<f64> = sizes.iter().map(|r| (r.len() as f64).sqrt()).collect();
        let e = sizes.iter().zip(&roots).map(|(r, w)| sum::mean(&fit.residuals[r.clone()]) * w).collect();
        let u = sizes.iter().map(|r| fit.design.axis[r.start]).collect();
        let jacobian = DMatrix::from_fn(k, p, |i, j| rows[(sizes[i].start, j)] * roots[i]);
        let regression = Regression::new(jacobian.clone()).ok_or(NotApplicable::Collinear)?;
        Ok(Tangent { u, e, jacobian, regression, roots })
    }

    /// Return the tangent of weighted least squares, every entry over its standard deviation; `None` where a column vanishes.
    #[must_use]
    pub fn over(&self, sigma: &[f64]) -> Option<Tangent> {
        let jacobian = DMatrix::from_fn(self.len(), self.dim(), |i, j| self.jacobian[(i, j)] / sigma[i]);
        let regression = Regression::new(jacobian.clone())?;
        let scaled = DVector::from_iterator(self.len(), self.e.iter().zip(sigma).map(|(e, s)| e / s));
        let e = regression.residuals(&scaled).as_slice().to_vec();
        Some(Tangent { u: self.u.clone(), e, jacobian, regression, roots: self.roots.clone() })
    }

    /// Return the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.e.len()
    }

    /// Whether there is no entry; a tangent that could be built has some.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.e.is_empty()
    }

    /// Return the number of free parameters.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.jacobian.ncols()
    }

    /// Return the degrees of freedom that are left.
    #[must_use]
    pub fn dof(&self) -> usize {
        self.len() - self.dim()
    }

    /// Return the sum of squared residuals.
    #[must_use]
    pub fn sse(&self) -> f64 {
        sum::dot(&self.e, &self.e)
    }

    /// Return `z` minus its projection on the Jacobian.
    #[must_use]
    pub fn residuals_of(&self, z: &[f64]) -> Vec<f64> {
        self.regression.residuals(&DVector::from_column_slice(z)).as_slice().to_vec()
    }

    /// Refuse fewer than `needed` entries.
    ///
    /// # Errors
    /// [`NotApplicable::TooFewSizes`].
    pub fn at_least(&self, needed: usize) -> Result<(), NotApplicable> {
        if self.len() < needed {
            return Err(NotApplicable::TooFewSizes { needed, sizes: self.len() });
        }
        Ok(())
    }
}

/// The Jacobian at a solution, without the columns of parameters that lie on a bound.
pub(super) fn free_jacobian(objective: &mut Objective, solution: &Solution) -> DMatrix<f64> {
    let (n, p) = (objective.target.len(), objective.dim());
    let all = DMatrix::from_vec(n, p, objective.jacobian(&solution.theta));
    let free: Vec<usize> = (0..p).filter(|&j| !solution.at_bound[j]).collect();
    if free.len() == p { all } else { all.select_columns(&free) }
}
