//! Linear equations between coordinates, solved for the coordinates that give way.

use crate::form::{Form, Functional};
use crate::math::{MAX_PARAMS, Theta};

/// theta of one set of rows as an affine function of the free coordinates phi: base + by phi.
#[derive(Debug, Clone)]
pub(super) struct Affine {
    pub(super) base: Theta,
    pub(super) by: [Theta; MAX_PARAMS],
}

/// Linear equations between the coordinates of all sets, each solved for one of them.
pub(super) struct Equations {
    inner: &'static dyn Form,
    sets: usize,
    /// Pivot, coefficients of all coordinates (that of the pivot 1, those of other pivots 0), right-hand side.
    rows: Vec<(usize, Vec<f64>, f64)>,
}

impl Equations {
    pub(super) fn new(inner: &'static dyn Form, sets: usize) -> Equations {
        Equations { inner, sets, rows: Vec::new() }
    }

    fn dim(&self) -> usize {
        self.inner.params().len()
    }

    /// c'theta + offset of one set is `combination`.
    pub(super) fn hold(&mut self, set: usize, target: &Functional, combination: f64) {
        let mut row = vec![0.0; self.sets * self.dim()];
        let first = set * self.dim();
        row[first..first + self.dim()].copy_from_slice(&target.coefficients[..self.dim()]);
        self.add(row, combination - target.offset);
    }

    /// c'theta of one set is that of the first.
    pub(super) fn equal(&mut self, set: usize, target: &Functional) {
        let mut row = vec![0.0; self.sets * self.dim()];
        let first = set * self.dim();
        for j in 0..self.dim() {
            row[j] = -target.coefficients[j];
            row[first + j] = target.coefficients[j];
        }
        self.add(row, 0.0);
    }

    fn add(&mut self, mut row: Vec<f64>, mut value: f64) {
        for (pivot, known, right) in &self.rows {
            let factor = row[*pivot];
            if factor != 0.0 {
                row.iter_mut().zip(known).for_each(|(r, k)| *r -= factor * k);
                row[*pivot] = 0.0;
                value -= factor * right;
            }
        }
        let size = row.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        let bounded = |i: usize| {
            let q = &self.inner.params()[i % self.inner.params().len()];
            q.lower.is_finite() || q.upper.is_finite()
        };
        // The last set gives way, so that what is shared stays with the first; a coordinate without bounds before others.
        let pivot = (0..row.len())
            .filter(|&i| row[i].abs() > 1e-12 * size)
            .min_by_key(|&i| (bounded(i), std::cmp::Reverse(i / self.dim()), i));
        let Some(pivot) = pivot.filter(|_| size > 0.0) else { return };
        let factor = row[pivot];
        row.iter_mut().for_each(|v| *v /= factor);
        value /= factor;
        for (_, known, right) in &mut self.rows {
            let factor = known[pivot];
            if factor != 0.0 {
                known.iter_mut().zip(&row).for_each(|(k, r)| *k -= factor * r);
                known[pivot] = 0.0;
                *right -= factor * value;
            }
        }
        self.rows.push((pivot, row, value));
    }

    /// Set and index of every coordinate that stays free, by index first.
    pub(super) fn free(&self) -> Vec<(usize, usize)> {
        let p = self.dim();
        let mut free: Vec<(usize, usize)> = (0..self.sets * p)
            .filter(|i| self.rows.iter().all(|r| r.0 != *i))
            .map(|i| (i / p, i % p))
            .collect();
        free.sort_by_key(|&(set, j)| (j, set));
        free
    }

    /// The coordinates of one set as a function of the free ones.
    pub(super) fn map(&self, set: usize, free: &[(usize, usize)]) -> Affine {
        let p = self.dim();
        let mut map = Affine { base: [0.0; MAX_PARAMS], by: [[0.0; MAX_PARAMS]; MAX_PARAMS] };
        for j in 0..p {
            match self.rows.iter().find(|r| r.0 == set * p + j) {
                Some((_, row, right)) => {
                    map.base[j] = *right;
                    for (k, &(s, i)) in free.iter().enumerate() {
                        map.by[j][k] = -row[s * p + i];
                    }
                }
                None => {
                    if let Some(k) = free.iter().position(|f| *f == (set, j)) {
                        map.by[j][k] = 1.0;
                    }
                }
            }
        }
        map
    }
}
