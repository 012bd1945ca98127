//! Recursive residuals: what every size adds to the fit of the smaller ones.

use super::Tangent;
use crate::math::MAX_PARAMS;
use crate::math::distribution::t_two_sided;

/// A row whose part outside the earlier rows is below this adds no direction; columns have a largest entry of 1 to 2.
const DEPENDENT: f64 = 1e-14;
/// Largest |t| that is reported; the earlier sizes may fit exactly.
const LARGEST: f64 = 1e12;
/// False-alarm rate over all steps together.
pub const LEVEL: f64 = 0.05;

/// The Jacobian row by row, every column scaled by a power of two, which rounds nothing.
pub(super) struct Rows {
    p: usize,
    flat: Vec<f64>,
}

impl Rows {
    /// Copy the rows of a tangent.
    pub(super) fn of(tangent: &Tangent) -> Rows {
        let (n, p) = tangent.jacobian.shape();
        let mut flat = vec![0.0; n * p];
        for j in 0..p {
            let column = tangent.jacobian.column(j);
            let scale = (-column.amax().log2().floor()).exp2();
            for i in 0..n {
                flat[i * p + j] = column[i] * scale;
            }
        }
        Rows { p, flat }
    }

    /// Return row `i`.
    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.flat[i * self.p..(i + 1) * self.p]
    }

    /// Start an empty fit.
    pub(super) fn triangle(&self) -> Triangle {
        Triangle {
            p: self.p,
            r: [[0.0; MAX_PARAMS]; MAX_PARAMS],
            d: [0.0; MAX_PARAMS],
            known: [false; MAX_PARAMS],
        }
    }

    /// Return the sum of squared residuals of `e` over the entries of `order`.
    pub(super) fn sse(&self, e: &[f64], order: impl Iterator<Item = usize>) -> f64 {
        let mut triangle = self.triangle();
        order.filter_map(|i| triangle.push(self.row(i), e[i])).map(|w| w * w).sum()
    }
}

/// The triangular factor of the rows so far, which takes one more row by Givens rotations.
///
/// No normal equations are formed, so that the condition is that of the rows, not its square.
#[derive(Clone)]
pub(super) struct Triangle {
    p: usize,
    r: [[f64; MAX_PARAMS]; MAX_PARAMS],
    d: [f64; MAX_PARAMS],
    known: [bool; MAX_PARAMS],
}

impl Triangle {
    /// Add a row; return its standardised prediction error, `None` for a row that fixes one more parameter.
    pub(super) fn push(&mut self, row: &[f64], y: f64) -> Option<f64> {
        let p = self.p;
        let mut x = [0.0; MAX_PARAMS];
        x[..p].copy_from_slice(row);
        let mut y = y;
        for j in 0..p {
            if !self.known[j] {
                if x[j].abs() <= DEPENDENT {
                    continue;
                }
                let sign = x[j].signum();
                for (r, x) in self.r[j][j..p].iter_mut().zip(&x[j..p]) {
                    *r = sign * x;
                }
                self.d[j] = sign * y;
                self.known[j] = true;
                return None;
            }
            // The diagonal stays positive, so that the cosine does and the residual keeps its sign.
            let (a, b) = (self.r[j][j], x[j]);
            let h = (a * a + b * b).sqrt();
            let (c, s) = (a / h, b / h);
            self.r[j][j] = h;
            for (r, x) in self.r[j][j + 1..p].iter_mut().zip(&mut x[j + 1..p]) {
                (*r, *x) = (c * *r + s * *x, c * *x - s * *r);
            }
            let rotated = c * self.d[j] + s * y;
            y = c * y - s * self.d[j];
            self.d[j] = rotated;
        }
        Some(y)
    }
}

/// Return the standardised recursive residuals of `e` with their entries, n - p of them in order of size.
///
/// # Formula
/// w_k = (e_k - x_k'b_(k-1)) / sqrt(1 + x_k'(X_(k-1)'X_(k-1))^-1 x_k), b_(k-1) from the entries before k
/// # Assumptions
/// Under the hypothesis they are independent with equal variance; sum w_k^2 = SSE.
/// # Reference
/// Brown, Durbin and Evans (1975), J. R. Stat. Soc. B 37:149, equation 2; Plackett (1950), Biometrika 37:149.
#[must_use]
pub fn recursive_residuals(tangent: &Tangent, e: &[f64]) -> Option<Vec<(usize, f64)>> {
    let rows = Rows::of(tangent);
    let mut triangle = rows.triangle();
    let w: Vec<(usize, f64)> =
        (0..tangent.len()).filter_map(|i| triangle.push(rows.row(i), e[i]).map(|w| (i, w))).collect();
    (w.len() == tangent.dof() && w.iter().all(|(_, w)| w.is_finite())).then_some(w)
}

/// The values alone.
pub(super) fn values(tangent: &Tangent, e: &[f64]) -> Option<Vec<f64>> {
    recursive_residuals(tangent, e).map(|w| w.into_iter().map(|(_, w)| w).collect())
}

/// The test of one size against all smaller ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneStep {
    /// Entry that was predicted.
    pub index: usize,
    /// Prediction error over its standard error, both from the smaller sizes.
    pub t: f64,
    /// Degrees of freedom.
    pub dof: f64,
    /// Two-sided p value of this step alone.
    pub p_value: f64,
}

/// Predict every size from the smaller ones, from the first prediction that has a degree of freedom.
///
/// # Formula
/// t_k = w_(k+1) / sqrt(sum_(j <= k) w_j^2 / (k - p)) ~ t(k - p), mutually independent
/// # Assumptions
/// Exact under normal errors for a line. For a curve the Jacobian stays that of the whole fit.
/// # Reference
/// Brown, Durbin and Evans (1975), J. R. Stat. Soc. B 37:149; Basu (1955), Sankhya 15:377 (independence).
#[must_use]
pub fn one_step(tangent: &Tangent) -> Vec<OneStep> {
    let w = recursive_residuals(tangent, &tangent.e).unwrap_or_default();
    let mut before = 0.0;
    let mut steps = Vec::with_capacity(w.len());
    for (used, (index, w)) in w.into_iter().enumerate() {
        if used > 0 {
            let dof = used as f64;
            let t = w / (before / dof).sqrt();
            // 0/0: a size that the smaller ones predict exactly, as they fit themselves.
            let t = if t.is_nan() { 0.0 } else { t.clamp(-LARGEST, LARGEST) };
            steps.push(OneStep { index, t, dof, p_value: t_two_sided(t, dof) });
        }
        before += w * w;
    }
    steps
}

/// The first size that the smaller ones do not predict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// The step that crosses.
    pub step: OneStep,
    /// Its p value adjusted for the number of steps.
    pub p_value: f64,
}

/// Return the first step that is significant at [`LEVEL`] among all of them.
///
/// # Formula
/// 1 - (1 - p_k)^m < 0.05 with m steps
/// # Assumptions
/// The steps are independent, so that the adjustment is exact.
/// # Reference
/// Sidak (1967), J. Am. Stat. Assoc. 62:626.
#[must_use]
pub fn first_crossing(steps: &[OneStep]) -> Option<Crossing> {
    let m = steps.len() as f64;
    steps
        .iter()
        .map(|step| Crossing { step: *step, p_value: -(m * (-step.p_value).ln_1p()).exp_m1() })
        .find(|c| c.p_value < LEVEL)
}
