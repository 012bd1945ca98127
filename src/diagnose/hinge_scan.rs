//! The best two-slope line over all places of its break, in one pass over the rows.

use nalgebra::DMatrix;
use std::ops::Range;

/// A stretch between two neighbouring sizes in which the slope may change.
#[derive(Debug, Clone, Copy)]
struct Segment {
    /// First row on the far side of the break.
    first: usize,
    /// Smallest and largest break, on the axis of u.
    low: f64,
    high: f64,
    /// |M z|^2 = c0 - 2 c1 psi + c2 psi^2 for z = (u - psi) on the far side.
    c0: f64,
    c1: f64,
    c2: f64,
    /// Below this |M z|^2 is rounding error.
    least: f64,
}

impl Segment {
    /// Return what a break at `psi` explains, from a = sum of u e and b = sum of e over the far side.
    fn hinge(&self, psi: f64, a: f64, b: f64) -> Hinge {
        let norm = self.c0 - 2.0 * self.c1 * psi + self.c2 * psi * psi;
        let product = a - psi * b;
        if norm > self.least {
            Hinge { psi, explained: product * product / norm, change: product / norm }
        } else {
            Hinge { psi, explained: 0.0, change: 0.0 }
        }
    }
}

/// What a break explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hinge {
    /// Where the slope changes, on the axis of u.
    pub psi: f64,
    /// Sum of squares that the change of slope explains.
    pub explained: f64,
    /// The change of slope.
    pub change: f64,
}

/// Everything about a design that does not depend on the residuals.
///
/// # Formula
/// explained(psi) = (z'e)^2/|Mz|^2 with z = max(u - psi, 0); z'e and |Mz|^2 are polynomials in psi between two sizes, so that
/// the best psi there has a closed form
/// # Assumptions
/// Rows in order of u; e orthogonal to the columns that M projects out.
#[derive(Debug, Clone)]
pub struct HingeScan {
    u: Vec<f64>,
    segments: Vec<Segment>,
}

impl HingeScan {
    /// Prepare all breaks that leave at least `side` sizes on each side, a size at the break counting for both.
    ///
    /// `sizes` are the ranges of rows of equal u, `q` an orthonormal basis of the columns projected out.
    #[must_use]
    pub fn new(u: &[f64], sizes: &[Range<usize>], q: &DMatrix<f64>, side: usize) -> HingeScan {
        let (k, p) = (sizes.len(), q.ncols());
        let mut segments = Vec::new();
        let mut far = [0.0; 3];
        let (mut qu, mut q1) = (vec![0.0; p], vec![0.0; p]);
        for g in (1..k).rev() {
            for i in sizes[g].clone() {
                far[0] += 1.0;
                far[1] += u[i];
                far[2] += u[i] * u[i];
                for j in 0..p {
                    qu[j] += q[(i, j)] * u[i];
                    q1[j] += q[(i, j)];
                }
            }
            if g < side || k - g < side {
                continue;
            }
            let (low, high) = (u[sizes[g - 1].start], u[sizes[g].start]);
            let square = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
            segments.push(Segment {
                first: sizes[g].start,
                low,
                high,
                c0: far[2] - square(&qu, &qu),
                c1: far[1] - square(&qu, &q1),
                c2: far[0] - square(&q1, &q1),
                least: 1e-10 * far[2],
            });
        }
        HingeScan { u: u.to_vec(), segments }
    }

    /// Keep only breaks in the middle between two sizes.
    #[must_use]
    pub fn at_midpoints(mut self) -> HingeScan {
        self.segments.retain(|s| s.low < s.high);
        for s in &mut self.segments {
            let middle = 0.5 * (s.low + s.high);
            (s.low, s.high) = (middle, middle);
        }
        self
    }

    /// Return the smallest and the largest break looked at.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        Some((self.segments.last()?.low, self.segments.first()?.high))
    }

    /// Return sums of u e and of e over the far side of every stretch between two sizes.
    #[must_use]
    pub fn moments(&self, e: &[f64]) -> Vec<[f64; 2]> {
        let (mut a, mut b) = (0.0, 0.0);
        let mut row = self.u.len();
        let far = |s: &Segment| {
            while row > s.first {
                row -= 1;
                a += self.u[row] * e[row];
                b += e[row];
            }
            [a, b]
        };
        self.segments.iter().map(far).collect()
    }

    /// Return the break that explains most of residuals with these [`HingeScan::moments`], which are linear in them.
    #[must_use]
    pub fn best_of(&self, moments: impl Iterator<Item = [f64; 2]>) -> Option<Hinge> {
        let mut best: Option<Hinge> = None;
        for (s, [a, b]) in self.segments.iter().zip(moments) {
            let mut consider = |psi: f64| {
                let h = s.hinge(psi, a, b);
                if best.is_none_or(|b| h.explained > b.explained) {
                    best = Some(h);
                }
            };
            consider(s.low);
            if s.high > s.low {
                consider(s.high);
                let inner = (b * s.c0 - a * s.c1) / (b * s.c1 - a * s.c2);
                if inner > s.low && inner < s.high {
                    consider(inner);
                }
            }
        }
        best
    }

    /// Return the break that explains most of the residuals `e`.
    #[must_use]
    pub fn best(&self, e: &[f64]) -> Option<Hinge> {
        self.best_of(self.moments(e).into_iter())
    }
}
