//! Clusters of rows in the factors of a regression: leverage blocks, scores, and degrees of freedom.
//!
//! With X = QR and the rows of a cluster Q_g, everything that a cluster does to a fit is a p x p matrix: the block of the hat
//! matrix is H_gg = Q_g Q_g', and f(I - H_gg) Q_g = Q_g f(I - Q_g'Q_g) for every function f. No n x n matrix is formed.

use crate::form::Functional;
use crate::math::linalg::Regression;
use crate::objective::SATURATED;
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Eigenvalues of I - H_gg below this are 0: the cluster determines that direction alone.
const NULL: f64 = 1e-12;

/// One cluster in the coordinates of Q.
#[derive(Debug)]
struct Part {
    rows: Vec<usize>,
    /// G = Q_g'Q_g.
    gram: DMatrix<f64>,
    /// (I - G)^(+1/2), the root of the generalised inverse.
    half: DMatrix<f64>,
    /// Least eigenvalue of I - G.
    rest: f64,
}

/// The clusters of a fit.
#[derive(Debug)]
pub(super) struct ClusterAlgebra {
    parts: Vec<Part>,
}

/// Return the coefficients of a linear combination of coordinates in the coordinates of Q: R^-T c.
pub(super) fn in_q(regression: &Regression, target: &Functional) -> DVector<f64> {
    let p = regression.r_inverse.nrows();
    regression.r_inverse.tr_mul(&DVector::from_column_slice(&target.coefficients[..p]))
}

/// Return Q_g'r of the rows of a cluster.
pub(super) fn scores(q: &DMatrix<f64>, rows: &[usize], r: &[f64]) -> DVector<f64> {
    let mut out = DVector::zeros(q.ncols());
    for &i in rows {
        for (out, q) in out.iter_mut().zip(q.row(i).iter()) {
            *out += q * r[i];
        }
    }
    out
}

/// Return Satterthwaite's degrees of freedom of the sum over clusters of (a_g'e_g)^2, e = (I - H) times errors of equal variance.
///
/// # Formula
/// (tr W)^2/tr(W W), W = diag(a_g'a_g) - B'B, with b_g = Q_g'a_g the columns of B; `None` when tr W is 0 beside `variance`, what
/// least squares has for it (|R^-T c|^2)
/// # Reference
/// Bell and McCaffrey (2002), Survey Methodology 28:169; Pustejovsky and Tipton (2018), J. Bus. Econ. Stat. 36:672.
pub(super) fn satterthwaite(
    terms: impl Iterator<Item = (f64, DVector<f64>)>,
    p: usize,
    variance: f64,
) -> Option<f64> {
    let mut outer = DMatrix::<f64>::zeros(p, p);
    let (mut trace, mut squares) = (0.0, 0.0);
    for (d, b) in terms {
        let length = b.norm_squared();
        trace += d - length;
        squares += d * d - 2.0 * d * length;
        outer.ger(1.0, &b, &b, 1.0);
    }
    let square = squares + outer.norm_squared();
    (trace > NULL * variance && square > 0.0).then(|| trace * trace / square)
}

impl ClusterAlgebra {
    /// Factor the leverage blocks of clusters.
    pub(super) fn new(regression: &Regression, clusters: &[Vec<usize>]) -> ClusterAlgebra {
        let p = regression.q.ncols();
        let parts = clusters
            .iter()
            .map(|rows| {
                let mut gram = DMatrix::zeros(p, p);
                for &i in rows {
                    let q = regression.q.row(i).transpose();
                    gram.ger(1.0, &q, &q, 1.0);
                }
                let eigen = SymmetricEigen::new(DMatrix::identity(p, p) - &gram);
                let rest = eigen.eigenvalues.min();
                let root = eigen.eigenvalues.map(|v| if v > NULL { 1.0 / v.sqrt() } else { 0.0 });
                let vectors = eigen.eigenvectors;
                let half = &vectors * DMatrix::from_diagonal(&root) * vectors.transpose();
                Part { rows: rows.clone(), gram, half, rest }
            })
            .collect();
        ClusterAlgebra { parts }
    }

    /// Return the CR2 standard error of a linear combination with its degrees of freedom; `None` when it rests on one cluster
    /// alone.
    ///
    /// # Formula
    /// se^2 = sum over g of (v' M_g Q_g'r_g)^2, v = R^-T c, M_g = (I - Q_g'Q_g)^(+1/2)
    pub(super) fn cr2(
        &self,
        regression: &Regression,
        residuals: &[f64],
        target: &Functional,
    ) -> Option<(f64, f64)> {
        let v = in_q(regression, target);
        let mut variance = 0.0;
        for part in &self.parts {
            variance += (&part.half * &v).dot(&scores(&regression.q, &part.rows, residuals)).powi(2);
        }
        let terms = self.parts.iter().map(|part| {
            let a = &part.half * &v;
            let b = &part.gram * &a;
            (a.dot(&b), b)
        });
        let dof = satterthwaite(terms, v.len(), v.norm_squared())?;
        (variance > 0.0).then(|| (variance.sqrt(), dof))
    }

    /// Return the residuals of every cluster under the fit without it: (I - H_gg)^-1 r_g, generalised where it is singular.
    pub(super) fn left_out(&self, regression: &Regression, residuals: &[f64]) -> Vec<f64> {
        let mut out = residuals.to_vec();
        for part in &self.parts {
            let shift = &part.half * (&part.half * scores(&regression.q, &part.rows, residuals));
            for &i in &part.rows {
                out[i] += regression.q.row(i).transpose().dot(&shift);
            }
        }
        out
    }

    /// Return what leaving each cluster out takes from the coordinates, in one Gauss-Newton step; `None` where the other rows
    /// determine no fit.
    ///
    /// # Formula
    /// R^-1 (I - Q_g'Q_g)^-1 Q_g'r_g
    pub(super) fn shifts(&self, regression: &Regression, residuals: &[f64]) -> Vec<Option<DVector<f64>>> {
        let shift = |part: &Part| {
            let s = scores(&regression.q, &part.rows, residuals);
            (part.rest > SATURATED).then(|| &regression.r_inverse * (&part.half * (&part.half * s)))
        };
        self.parts.iter().map(shift).collect()
    }
}
