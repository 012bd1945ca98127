//! Many rows as fewer means, for searches whose cost grows with the rows.

use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::linalg::Regression;
use crate::math::sum::mean;
use nalgebra::{DMatrix, DVector};
use std::ops::Range;

/// Points of a straight line on the scale of a fit: its rows, or means of neighbouring rows.
#[derive(Debug, Clone)]
pub(super) struct Points {
    /// Centred logarithms of the sizes, rising.
    pub(super) u: Vec<f64>,
    /// Response on the scale of the fit.
    pub(super) target: Vec<f64>,
    /// Ranges of points of equal u.
    pub(super) sizes: Vec<Range<usize>>,
}

impl Points {
    /// Take the rows of a fit, in blocks of so many that at most `most` are left.
    ///
    /// # Formula
    /// u and ln y averaged over blocks of m neighbouring rows, m = ceil(n/most); the n mod m largest rows are left out
    /// # Assumptions
    /// The mean of points of a straight line lies on it, and blocks of equal numbers of rows have equal variances: a line
    /// with normal errors stays one.
    pub(super) fn of(fit: &Fit, data: &Dataset, most: usize) -> Points {
        let (u, target) = (&fit.design.axis, &fit.design.target);
        let m = u.len().div_ceil(most);
        if m <= 1 {
            return Points { u: u.clone(), target: target.clone(), sizes: data.rows_by_size().collect() };
        }
        let means = |v: &[f64]| -> Vec<f64> { v.chunks_exact(m).map(mean).collect() };
        let u = means(u);
        let mut sizes: Vec<Range<usize>> = Vec::new();
        for (i, v) in u.iter().enumerate() {
            match sizes.last_mut() {
                Some(last) if u[last.start] == *v => last.end = i + 1,
                _ => sizes.push(i..i + 1),
            }
        }
        Points { u, target: means(target), sizes }
    }

    /// Return the points of some of the sizes.
    pub(super) fn part(&self, sizes: Range<usize>) -> Option<Points> {
        let sizes = &self.sizes[sizes];
        let rows = sizes.first()?.start..sizes.last()?.end;
        Some(Points {
            u: self.u[rows.clone()].to_vec(),
            target: self.target[rows.clone()].to_vec(),
            sizes: sizes.iter().map(|r| r.start - rows.start..r.end - rows.start).collect(),
        })
    }

    /// Return the factors of their line, whose columns are 1 and u from the smallest size on; `None` for a single size.
    pub(super) fn line(&self) -> Option<Regression> {
        let first = *self.u.first()?;
        Regression::new(DMatrix::from_fn(
            self.u.len(),
            2,
            |i, j| if j == 0 { 1.0 } else { self.u[i] - first },
        ))
    }

    /// Return the responses as a vector.
    pub(super) fn response(&self) -> DVector<f64> {
        DVector::from_column_slice(&self.target)
    }
}
