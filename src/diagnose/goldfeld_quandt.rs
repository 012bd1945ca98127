//! The spread of the smaller half against that of the larger.

use super::recursive::Rows;
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::f_upper;
use crate::math::sum::dot;
use std::ops::Range;

/// The Goldfeld-Quandt test of equal spread in both halves of the rows, two-sided.
///
/// # Formula
/// F = (SSE2/(n2 - p2))/(SSE1/(n1 - p1)), each half with a law of its own, n1 = floor(n/2) rows of the smaller sizes, n2 the
/// rest and p1, p2 the parameters that a half can tell; p = 2 min(P(F' <= F), P(F' >= F)), at most 1
/// # Assumptions
/// No row is left out of the middle. Runs of one size stay together, or the half would depend on their order: the rows
/// are divided between the two sizes nearest to the middle, the lower place where two are equally near, that leave both
/// halves a degree of freedom. Without replicates this is the division of lmtest's gqtest, with the odd row in the upper half.
/// # Reference
/// Goldfeld and Quandt (1965), J. Am. Stat. Assoc. 60:539.
#[derive(Debug, Clone, Copy)]
pub struct GoldfeldQuandt;

/// Return how many rows belong to the smaller half.
fn division(sizes: &[Range<usize>], n: usize, p: usize) -> Option<usize> {
    let k = sizes.len();
    (1..k)
        .filter(|&below| {
            let rows = sizes[below].start;
            rows > p.min(below) && n - rows > p.min(k - below)
        })
        .map(|below| sizes[below].start)
        .min_by_key(|rows| (2 * rows).abs_diff(n))
}

/// Sum of squares and degrees of freedom of some rows about a law of their own.
fn own_law(rows: &Rows, e: &[f64], range: Range<usize>) -> (f64, f64) {
    let mut triangle = rows.triangle();
    let w: Vec<f64> = range.filter_map(|i| triangle.push(rows.row(i), e[i])).collect();
    (dot(&w, &w), w.len() as f64)
}

impl Diagnostic for GoldfeldQuandt {
    fn id(&self) -> &'static str {
        "goldfeld-quandt"
    }
    fn meaning(&self) -> &'static str {
        "is the spread of the larger half another than that of the smaller?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_rows(fit)?;
        let sizes: Vec<Range<usize>> = data.rows_by_size().collect();
        let (n, p) = (tangent.len(), tangent.dim());
        let first = division(&sizes, n, p).ok_or(if n < 2 * (p + 1) {
            NotApplicable::TooFewRows { needed: 2 * (p + 1), rows: n }
        } else {
            NotApplicable::NoHalves
        })?;
        let rows = Rows::of(&tangent);
        let (lower, d2) = own_law(&rows, &tangent.e, 0..first);
        let (upper, d1) = own_law(&rows, &tangent.e, first..n);
        let f = (upper / d1) / (lower / d2);
        if !(f > 0.0 && f.is_finite()) {
            return Err(NotApplicable::Exact);
        }
        Ok(Outcome {
            id: self.id(),
            statistic: f,
            signed_root: None,
            dof: vec![d1, d2],
            p_value: (2.0 * f_upper(f, d1, d2).min(f_upper(1.0 / f, d2, d1))).min(1.0),
            exact: true,
            row: None,
            alternative: "the variance of the larger half is larger (above 1) or smaller (below 1)",
            reference: "Goldfeld and Quandt (1965)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand; one row a size as gqtest: floor(n/2) rows below.
    #[test]
    fn the_division_lies_between_sizes() {
        let sizes = |counts: &[usize]| -> Vec<Range<usize>> {
            let mut end = 0;
            counts
                .iter()
                .map(|c| {
                    end += c;
                    end - c..end
                })
                .collect()
        };
        let at = |counts: &[usize], p: usize| division(&sizes(counts), counts.iter().sum(), p);
        assert_eq!(at(&[1; 12], 2), Some(6));
        assert_eq!(at(&[1; 13], 2), Some(6));
        assert_eq!(at(&[1; 7], 2), Some(3));
        assert_eq!(at(&[1; 6], 2), Some(3));
        assert_eq!(at(&[1; 5], 2), None);
        // Threes: 6 and 9 are equally near to 7.5.
        assert_eq!(at(&[3; 5], 2), Some(6));
        assert_eq!(at(&[2, 5, 1, 2], 2), Some(7));
        // A half of one size has its mean alone.
        assert_eq!(at(&[5, 5], 2), Some(5));
        // Single runs beside many of one size: the nearest place would leave the upper half nothing.
        assert_eq!(at(&[10, 1, 1], 2), None);
        assert_eq!(at(&[10, 1, 1, 1], 2), Some(10));
        assert_eq!(at(&[10], 2), None);
    }
}
