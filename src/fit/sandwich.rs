//! Covariances of estimates by losses other than least squares.

use super::Fit;
use crate::loss::Inference;
use crate::math::distribution::normal_quantile;
use crate::math::sum;
use nalgebra::DMatrix;

impl Fit {
    /// Return the covariance of the coordinates of an M-estimate; `None` where the Hessian at the optimum is not positive
    /// definite, and for a loss that estimates no centre.
    ///
    /// # Formula
    /// n/(n - p) H^-1 (sum psi_i^2 J_i J_i') H^-1. For a smooth loss H is the exact Hessian of the cost, that of the law's
    /// curvature included, at the best scale where the loss has one. For absolute deviations psi_i^2 = 1 and
    /// H = 2 sum f_i J_i J_i', f_i = phi(r_i/h)/h the kernel estimate of the density of the errors at 0, with the bandwidth
    /// h = (z(1/2 + b) - z(1/2 - b)) min(sd(r), IQR(r)/1.34), b = n^(-1/3) z(0.975)^(2/3) (1.5 phi(0)^2)^(1/3), z the normal
    /// quantile.
    /// # Assumptions
    /// Independent errors, not necessarily of equal variance; symmetric ones where the scale is estimated.
    /// # Reference
    /// Huber (1967), Proc. Fifth Berkeley Symp. 1:221; density: Powell (1991), in Nonparametric and Semiparametric Methods;
    /// bandwidth: Hall and Sheather (1988), J. R. Stat. Soc. B 50:381.
    #[must_use]
    pub fn vcov_sandwich(&self) -> Option<DMatrix<f64>> {
        match self.loss.family().inference() {
            Inference::LeastSquares | Inference::Resampling => None,
            Inference::Sandwich => {
                let mut objective = self.objective();
                objective.evaluate(&self.solution.theta);
                let p = self.dim();
                let hessian = DMatrix::from_fn(p, p, |i, j| objective.hessian[i][j]);
                // psi of the cost as the solver sees it: at its scale, in the unit that the Hessian has.
                let psi = objective.influences(&self.residuals, self.solution.cost);
                self.bread_and_meat(hessian, &psi)
            }
            Inference::Density => {
                let f = self.density_at_zero()?;
                let jacobian = self.objective().jacobian(&self.solution.theta);
                let j = DMatrix::from_vec(self.nobs(), self.dim(), jacobian);
                let mut weighted = j.clone();
                for (mut row, f) in weighted.row_iter_mut().zip(&f) {
                    row *= 2.0 * f;
                }
                self.bread_and_meat(j.tr_mul(&weighted), &vec![1.0; self.nobs()])
            }
        }
    }

    /// n/(n - p) H^-1 (sum psi^2 J J') H^-1, coordinates scaled first so that the diagonal of H is 1.
    fn bread_and_meat(&self, hessian: DMatrix<f64>, psi: &[f64]) -> Option<DMatrix<f64>> {
        let (n, p) = (self.nobs(), self.dim());
        if (0..p).any(|j| !(hessian[(j, j)] > 0.0)) {
            return None;
        }
        let unit: Vec<f64> = (0..p).map(|j| 1.0 / hessian[(j, j)].sqrt()).collect();
        let scaled = DMatrix::from_fn(p, p, |i, j| hessian[(i, j)] * unit[i] * unit[j]);
        let inverse = scaled.cholesky()?.inverse();
        let jacobian = self.objective().jacobian(&self.solution.theta);
        let scores = DMatrix::from_fn(n, p, |i, j| psi[i] * jacobian[j * n + i] * unit[j]);
        let factor = n as f64 / self.dof_residual() as f64;
        let covariance = &inverse * scores.tr_mul(&scores) * &inverse * factor;
        let covariance = DMatrix::from_fn(p, p, |i, j| covariance[(i, j)] * unit[i] * unit[j]);
        covariance.iter().all(|v| v.is_finite()).then_some(covariance)
    }

    /// The kernel weights phi(r_i/h)/h of every row.
    fn density_at_zero(&self) -> Option<Vec<f64>> {
        let n = self.nobs() as f64;
        let phi0 = (2.0 * std::f64::consts::PI).sqrt().recip();
        let b =
            n.powf(-1.0 / 3.0) * normal_quantile(0.975).powf(2.0 / 3.0) * (1.5 * phi0 * phi0).powf(1.0 / 3.0);
        // In small samples the bandwidth reaches past all probabilities.
        let b = b.min(0.475);
        let mut sorted = self.residuals.clone();
        sorted.sort_by(f64::total_cmp);
        // Hyndman and Fan's type 7, the default of most programs.
        let quantile = |q: f64| {
            let at = q * (n - 1.0);
            let k = at.floor() as usize;
            let next = sorted.get(k + 1).copied().unwrap_or(sorted[k]);
            sorted[k] + (at - at.floor()) * (next - sorted[k])
        };
        let sd = (sum::centred_squares(&self.residuals) / (n - 1.0)).sqrt();
        let size = sd.min((quantile(0.75) - quantile(0.25)) / 1.34);
        let h = (normal_quantile(0.5 + b) - normal_quantile(0.5 - b)) * size;
        (h > 0.0).then(|| self.residuals.iter().map(|r| phi0 * (-0.5 * (r / h).powi(2)).exp() / h).collect())
    }
}
