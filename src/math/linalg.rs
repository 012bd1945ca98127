//! Dense regression algebra over nalgebra: QR for estimates and leverages, SVD for rank and condition.

use nalgebra::{DMatrix, DVector, SMatrix, SVector};

/// The factors of a regression on a tall matrix X (n x p): X = QR, with rank and condition.
#[derive(Debug, Clone)]
pub struct Regression {
    /// Orthonormal columns, n x p.
    pub q: DMatrix<f64>,
    /// Inverse of the triangular factor, p x p.
    pub r_inverse: DMatrix<f64>,
    /// Condition number of X after its columns were scaled to length one.
    pub condition: f64,
}

impl Regression {
    /// Factor X; `None` when its columns are linearly dependent to working precision.
    ///
    /// Columns are scaled to length one first, so that neither rank nor condition depends on units.
    ///
    /// # Reference
    /// Golub and Van Loan (2013), Matrix Computations, sections 5.2 and 5.3.
    #[must_use]
    pub fn new(x: DMatrix<f64>) -> Option<Regression> {
        let (n, p) = x.shape();
        if n < p || p == 0 {
            return None;
        }
        let norms: Vec<f64> = x.column_iter().map(|c| c.norm()).collect();
        if norms.iter().any(|v| !(v.is_finite() && *v > 0.0)) {
            return None;
        }
        let mut scaled = x;
        for (mut column, norm) in scaled.column_iter_mut().zip(&norms) {
            column /= *norm;
        }
        let qr = scaled.qr();
        let r = qr.r();
        let singular = r.clone().singular_values();
        let (largest, smallest) = (singular.max(), singular.min());
        if !(smallest > f64::EPSILON * (n as f64).sqrt() * largest) {
            return None;
        }
        let mut r_inverse = r.solve_upper_triangular(&DMatrix::identity(p, p))?;
        for (mut row, norm) in r_inverse.row_iter_mut().zip(&norms) {
            row /= *norm;
        }
        Some(Regression { q: qr.q(), r_inverse, condition: largest / smallest })
    }

    /// Return the least-squares coefficients of `y` on X.
    #[must_use]
    pub fn coefficients(&self, y: &DVector<f64>) -> DVector<f64> {
        &self.r_inverse * self.q.tr_mul(y)
    }

    /// Return `y` minus its projection on the columns of X, orthogonalised twice.
    #[must_use]
    pub fn residuals(&self, y: &DVector<f64>) -> DVector<f64> {
        let once = y - &self.q * self.q.tr_mul(y);
        &once - &self.q * self.q.tr_mul(&once)
    }

    /// Return (X'X)^-1 = R^-1 R^-T.
    #[must_use]
    pub fn gram_inverse(&self) -> DMatrix<f64> {
        &self.r_inverse * self.r_inverse.transpose()
    }

    /// Return the leverages: squared row norms of Q, each in [0, 1].
    #[must_use]
    pub fn leverages(&self) -> Vec<f64> {
        self.q.row_iter().map(|row| row.norm_squared().min(1.0)).collect()
    }

    /// Return the sandwich (X'X)^-1 X' diag(d) X (X'X)^-1 for non-negative row weights d.
    #[must_use]
    pub fn sandwich(&self, d: &[f64]) -> DMatrix<f64> {
        let mut weighted = self.q.clone();
        for (mut row, w) in weighted.row_iter_mut().zip(d) {
            row *= *w;
        }
        let meat = self.q.tr_mul(&weighted);
        &self.r_inverse * meat * self.r_inverse.transpose()
    }
}

/// Solve the symmetric positive definite system `h` step = `rhs`; `None` when h is not positive definite.
#[must_use]
pub fn solve_spd<const P: usize>(h: &SMatrix<f64, P, P>, rhs: &SVector<f64, P>) -> Option<SVector<f64, P>> {
    let mut l = *h;
    for j in 0..P {
        let mut diagonal = l[(j, j)];
        for k in 0..j {
            diagonal -= l[(j, k)] * l[(j, k)];
        }
        if !(diagonal > 0.0 && diagonal.is_finite()) {
            return None;
        }
        let root = diagonal.sqrt();
        l[(j, j)] = root;
        for i in j + 1..P {
            let mut v = l[(i, j)];
            for k in 0..j {
                v -= l[(i, k)] * l[(j, k)];
            }
            l[(i, j)] = v / root;
        }
    }
    let mut x = *rhs;
    for i in 0..P {
        for k in 0..i {
            x[i] -= l[(i, k)] * x[k];
        }
        x[i] /= l[(i, i)];
    }
    for i in (0..P).rev() {
        for k in i + 1..P {
            x[i] -= l[(k, i)] * x[k];
        }
        x[i] /= l[(i, i)];
    }
    x.iter().all(|v| v.is_finite()).then_some(x)
}

/// Sweeps of Jacobi's rotations: five or six are the rule.
const SWEEPS: usize = 30;

/// Return the eigenvalues of a symmetric matrix and its eigenvectors, one a column, without allocation.
///
/// # Formula
/// Jacobi's rotations, row by row, until what is left beside the diagonal is rounding error
/// # Reference
/// Golub and Van Loan (2013), Matrix Computations, section 8.5.
#[must_use]
pub fn symmetric_eigen<const P: usize>(h: &SMatrix<f64, P, P>) -> (SVector<f64, P>, SMatrix<f64, P, P>) {
    let mut a = *h;
    let mut v = SMatrix::<f64, P, P>::identity();
    for _ in 0..SWEEPS {
        let mut turned = false;
        for p in 0..P {
            for q in p + 1..P {
                let off = a[(p, q)];
                let size = (a[(p, p)] * a[(q, q)]).abs().sqrt();
                if !(off.abs() > f64::EPSILON * size) || off.abs() < f64::MIN_POSITIVE {
                    continue;
                }
                turned = true;
                let theta = (a[(q, q)] - a[(p, p)]) / (2.0 * off);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for k in 0..P {
                    let (x, y) = (a[(k, p)], a[(k, q)]);
                    a[(k, p)] = c * x - s * y;
                    a[(k, q)] = s * x + c * y;
                }
                for k in 0..P {
                    let (x, y) = (a[(p, k)], a[(q, k)]);
                    a[(p, k)] = c * x - s * y;
                    a[(q, k)] = s * x + c * y;
                }
                a[(p, q)] = 0.0;
                a[(q, p)] = 0.0;
                for k in 0..P {
                    let (x, y) = (v[(k, p)], v[(k, q)]);
                    v[(k, p)] = c * x - s * y;
                    v[(k, q)] = s * x + c * y;
                }
            }
        }
        if !turned {
            break;
        }
    }
    (SVector::from_fn(|j, _| a[(j, j)]), v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_reproduce_the_matrix_and_the_normal_equations() {
        let x = DMatrix::from_fn(7, 3, |i, j| ((i * i + 3 * j) as f64 + 1.0).powf(0.3 * j as f64));
        let y = DVector::from_fn(7, |i, _| (i as f64).sin());
        let reg = Regression::new(x.clone()).expect("full rank");
        let b = reg.coefficients(&y);
        let residual = reg.residuals(&y);
        assert!((&y - &x * &b - &residual).norm() < 1e-12);
        assert!(x.tr_mul(&residual).norm() < 1e-12 * x.norm());
        assert!((x.tr_mul(&x) * reg.gram_inverse() - DMatrix::identity(3, 3)).norm() < 1e-9);
        assert!((reg.leverages().iter().sum::<f64>() - 3.0).abs() < 1e-12);
        assert!(reg.condition >= 1.0);
    }

    #[test]
    fn dependent_columns_are_refused() {
        let x = DMatrix::from_fn(5, 2, |i, j| (i as f64 + 1.0) * (j as f64 + 1.0));
        assert!(Regression::new(x).is_none());
        assert!(Regression::new(DMatrix::from_element(1, 2, 1.0)).is_none());
        assert!(Regression::new(DMatrix::from_element(4, 1, f64::NAN)).is_none());
    }

    #[test]
    fn eigenvectors_turn_a_matrix_into_its_eigenvalues() {
        let h = SMatrix::<f64, 4, 4>::from_fn(|i, j| ((i * j) as f64).sin() + ((i + j) as f64).cos());
        let (values, vectors) = symmetric_eigen(&h);
        let unit = SMatrix::<f64, 4, 4>::identity();
        assert!((vectors.tr_mul(&vectors) - unit).norm() < 1e-14);
        let diagonal = SMatrix::<f64, 4, 4>::from_diagonal(&values);
        assert!((vectors * diagonal * vectors.transpose() - h).norm() < 1e-14);
        // A graded matrix keeps the digits of its smallest eigenvalue.
        let graded = SMatrix::<f64, 2, 2>::new(1.0, 1e-9, 1e-9, 1e-17);
        let smallest = symmetric_eigen(&graded).0.min();
        assert!((smallest / 9e-18 - 1.0).abs() < 1e-6, "{smallest:e}");
    }

    #[test]
    fn small_systems_solve_or_say_no() {
        let h = SMatrix::<f64, 2, 2>::new(4.0, 1.0, 1.0, 3.0);
        let x = solve_spd(&h, &SVector::<f64, 2>::new(1.0, 2.0)).expect("positive definite");
        assert!((h * x - SVector::<f64, 2>::new(1.0, 2.0)).norm() < 1e-15);
        assert!(solve_spd(&SMatrix::<f64, 2, 2>::new(1.0, 2.0, 2.0, 1.0), &x).is_none());
    }
}
