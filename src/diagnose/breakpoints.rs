//! Several breaks: the least-squares partition of the sizes, and how many breaks the data pay for.

use super::recursive::Rows;
use super::{NotApplicable, Tangent};
use std::f64::consts::PI;

/// Most sizes: time and memory grow with their square.
const MOST: usize = 2000;
/// Most breaks that are tried.
pub const MOST_BREAKS: usize = 5;

/// The best partition with one number of breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    /// Number of sizes before every break, rising; empty for no break.
    pub breaks: Vec<usize>,
    /// Residual sum of squares, every segment with a law of its own.
    pub rss: f64,
    /// Bayesian information criterion.
    pub bic: f64,
}

/// Return the smallest segment that is used unless asked otherwise: 15 % of the sizes, at least one more than parameters.
#[must_use]
pub fn usual_segment(tangent: &Tangent) -> usize {
    (tangent.len() * 15 / 100).max(tangent.dim() + 1)
}

/// Return the least-squares partitions with 0, 1, ... `most` breaks, as far as segments of `segment` sizes allow.
///
/// # Formula
/// rss_m(j) = min_i rss_(m-1)(i) + rss(i..j) by dynamic programming over the triangular matrix rss(i..j), which recursive
/// residuals fill in O(n^2 p^2); BIC = n (ln(rss/n) + 1 + ln 2 pi) + (p + 1)(m + 1) ln n
/// # Assumptions
/// The residual scale is that of the fit, ln y for a law on the log scale: on log10 axes BIC is lower by 2 n ln ln 10.
/// Differences of BIC do not depend on the scale. A segment has p + 1 sizes at least, whatever is asked.
/// # Errors
/// [`NotApplicable`] above 2,000 sizes, or below one segment.
/// # Reference
/// Bai and Perron (2003), J. Appl. Econometrics 18:1; BIC as strucchange's breakpoints.
pub fn partitions(tangent: &Tangent, segment: usize, most: usize) -> Result<Vec<Partition>, NotApplicable> {
    let (n, p) = (tangent.len(), tangent.dim());
    if n > MOST {
        return Err(NotApplicable::TooManySizes { most: MOST, sizes: n });
    }
    let h = segment.max(p + 1);
    tangent.at_least(h)?;
    let rss = Rss::new(tangent);
    // best[m][j]: the first j sizes with m breaks; from[m][j]: the sizes before the last of them.
    let whole = |j: usize| if j < h { f64::INFINITY } else { rss.of(0, j) };
    let mut best: Vec<Vec<f64>> = vec![(0..=n).map(whole).collect()];
    let mut from = vec![vec![0usize; n + 1]];
    for m in 1..=most.min(n / h - 1) {
        let (mut row, mut origin) = (vec![f64::INFINITY; n + 1], vec![0; n + 1]);
        for j in (m + 1) * h..=n {
            for (i, before) in best[m - 1].iter().enumerate().take(j - h + 1).skip(m * h) {
                let sum = before + rss.of(i, j);
                if sum < row[j] {
                    (row[j], origin[j]) = (sum, i);
                }
            }
        }
        best.push(row);
        from.push(origin);
    }
    // Below this, sums of squares are rounding error: more breaks must not win by it.
    let floor = 1e-28 * best[0][n];
    Ok((0..best.len())
        .map(|m| {
            let mut breaks = vec![0; m];
            let mut end = n;
            for k in (1..=m).rev() {
                end = from[k][end];
                breaks[k - 1] = end;
            }
            let rss = best[m][n].max(floor);
            let size = n as f64;
            let parameters = ((p + 1) * (m + 1)) as f64;
            let bic = size * ((rss / size).ln() + 1.0 + (2.0 * PI).ln()) + parameters * size.ln();
            Partition { breaks, rss, bic }
        })
        .collect())
}

/// Return the partition with the smallest BIC, the one with fewest breaks among equals.
///
/// # Errors
/// As [`partitions`].
pub fn breakpoints(tangent: &Tangent, segment: usize, most: usize) -> Result<Partition, NotApplicable> {
    let all = partitions(tangent, segment, most)?;
    all.into_iter().min_by(|a, b| a.bic.total_cmp(&b.bic)).ok_or(NotApplicable::Collinear)
}

/// Residual sums of squares of every segment.
struct Rss {
    n: usize,
    /// Row i: segments that start at i, by their length minus one.
    rows: Vec<Vec<f64>>,
}

impl Rss {
    fn new(tangent: &Tangent) -> Rss {
        let (n, rows) = (tangent.len(), Rows::of(tangent));
        let from = |i: usize| {
            let (mut triangle, mut sum) = (rows.triangle(), 0.0);
            let grow = |j| {
                sum += triangle.push(rows.row(j), tangent.e[j]).map_or(0.0, |w: f64| w * w);
                sum
            };
            (i..n).map(grow).collect()
        };
        Rss { n, rows: (0..n).map(from).collect() }
    }

    /// Return the sum of squares of entries `i..j`.
    fn of(&self, i: usize, j: usize) -> f64 {
        debug_assert!(i < j && j <= self.n);
        self.rows[i][j - i - 1]
    }
}
