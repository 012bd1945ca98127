//! Every row that stands apart, also when several hide one another.

use super::{NotApplicable, Tangent};
use crate::math::distribution::t_quantile;
use crate::math::linalg::Regression;
use crate::math::random::stream;
use nalgebra::{DMatrix, DVector};
use rand::RngExt as _;
use rayon::prelude::*;
use serde::Serialize;

/// Level of the search.
const LEVEL: f64 = 0.05;
/// Random subsets that the search starts from.
const STARTS: usize = 500;
/// Concentration steps for each of them.
const STEPS: usize = 3;
/// Most rows: the search refits for every row.
const MOST: usize = 2_000;
/// Seed of the subsets: one data set always gets one answer.
const SEED: u64 = 0x4f55_544c;

/// A row that stands apart from the rest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OutlyingRow {
    /// Row, in canonical order.
    pub row: usize,
    /// Prediction error from the rows that are not outliers, over its standard error.
    pub t: f64,
}

/// Find the rows that stand apart, the farthest first; empty when there are none.
///
/// # Formula
/// From the half of the rows with the smallest trimmed sum of squares (random subsets and concentration steps), rows are
/// taken in by the size of d_i = |r_i|/(s sqrt(1 -+ h_i)) (minus inside, plus outside); the search ends when the next one has
/// d >= t(0.05/(2(m+1)), m-p) with m rows inside: all rows outside are outliers
/// # Assumptions
/// More than half of the rows follow the law. False alarms: about 5% of samples with none, as simulated in the tests.
/// # Errors
/// [`NotApplicable`] below p + 4 rows, and above 2,000.
/// # Reference
/// Hadi and Simonoff (1993), J. Am. Stat. Assoc. 88:1264; Rousseeuw and Van Driessen (2006), Data Min. Knowl. Discov. 12:29.
pub fn outlying_rows(tangent: &Tangent) -> Result<Vec<OutlyingRow>, NotApplicable> {
    let (n, p) = (tangent.len(), tangent.dim());
    if n < p + 4 {
        return Err(NotApplicable::TooFewRows { needed: p + 4, rows: n });
    }
    if n > MOST {
        return Err(NotApplicable::TooManyRows { most: MOST, rows: n });
    }
    let search = Search { x: &tangent.jacobian, y: DVector::from_column_slice(&tangent.e) };
    let half = (n + p).div_ceil(2);
    let Some(mut inside) = search.clean_half(half) else { return Err(NotApplicable::Collinear) };
    while inside.len() < n {
        let m = inside.len();
        let Some(d) = search.distances(&inside) else { return Err(NotApplicable::Collinear) };
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| d[*a].abs().total_cmp(&d[*b].abs()));
        let critical = t_quantile(1.0 - LEVEL / (2.0 * (m as f64 + 1.0)), (m - p) as f64);
        if d[order[m]].abs() >= critical {
            let mut out: Vec<OutlyingRow> =
                order[m..].iter().map(|&row| OutlyingRow { row, t: d[row].clamp(-1e12, 1e12) }).collect();
            out.reverse();
            return Ok(out);
        }
        inside = order[..=m].to_vec();
    }
    Ok(Vec::new())
}

struct Search<'a> {
    x: &'a DMatrix<f64>,
    y: DVector<f64>,
}

impl Search<'_> {
    /// Coefficients from some rows, and the factors of their design.
    fn fit(&self, rows: &[usize]) -> Option<(DVector<f64>, Regression)> {
        let regression = Regression::new(self.x.select_rows(rows))?;
        let y = DVector::from_iterator(rows.len(), rows.iter().map(|&i| self.y[i]));
        Some((regression.coefficients(&y), regression))
    }

    /// Signed distances of all rows from the fit of some.
    fn distances(&self, inside: &[usize]) -> Option<Vec<f64>> {
        let (b, regression) = self.fit(inside)?;
        let r = &self.y - self.x * b;
        let dof = inside.len() as f64 - self.x.ncols() as f64;
        let s = (inside.iter().map(|&i| r[i] * r[i]).sum::<f64>() / dof).sqrt();
        let mut member = vec![false; r.len()];
        inside.iter().for_each(|&i| member[i] = true);
        let leverage = |i: usize| (self.x.row(i) * &regression.r_inverse).norm_squared();
        let distance = |i: usize| {
            let room = if member[i] { (1.0 - leverage(i)).max(1e-12) } else { 1.0 + leverage(i) };
            let d = r[i] / (s * room.sqrt());
            if d.is_nan() { 0.0 } else { d }
        };
        Some((0..r.len()).map(distance).collect())
    }

    /// The half of the rows with the smallest sum of squared residuals of its own fit, as far as the starts find it.
    fn clean_half(&self, half: usize) -> Option<Vec<usize>> {
        let (n, p) = self.x.shape();
        (0..STARTS)
            .into_par_iter()
            .filter_map(|start| {
                let mut rng = stream(SEED, start as u64);
                let mut rows: Vec<usize> = Vec::with_capacity(p);
                while rows.len() < p {
                    let i = rng.random_range(0..n as u64) as usize;
                    if !rows.contains(&i) {
                        rows.push(i);
                    }
                }
                let mut cost = f64::INFINITY;
                for _ in 0..=STEPS {
                    let (b, _) = self.fit(&rows)?;
                    let r = &self.y - self.x * b;
                    let mut order: Vec<usize> = (0..n).collect();
                    order.sort_by(|a, b| r[*a].abs().total_cmp(&r[*b].abs()).then(a.cmp(b)));
                    order.truncate(half);
                    cost = order.iter().map(|&i| r[i] * r[i]).sum();
                    rows = order;
                }
                Some((cost, start, rows))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|best| best.2)
    }
}
