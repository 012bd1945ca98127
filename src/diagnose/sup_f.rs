//! Two separate laws, split at an unknown size.

use super::recursive::Rows;
use super::simulated::{DRAWS, simulated_p};
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::{chi2_upper, f_upper};
use crate::math::sum::dot;

/// Seed of the simulated p value, for laws that the table does not cover.
const SEED: u64 = 0x7375_7066;

/// The sup F test of a break in all parameters.
///
/// # Formula
/// max over splits after k sizes, from floor(n/4) (at least p + 1) to as many before the end, of
/// (n - 2p) (SSE - SSE1 - SSE2)/(SSE1 + SSE2), each side with a law of its own that need not meet the other
/// # Assumptions
/// With two parameters p is Hansen's approximation for many sizes, and with one possible split that of F, exactly. For
/// other numbers of parameters p is simulated: no table is carried for them. The mean of F over the splits is not
/// offered: its table ends below what a clear break gives, and reports p = 1 there.
/// # Reference
/// Andrews (1993), Econometrica 61:821; Hansen (1997), J. Bus. Econ. Stat. 15:60.
#[derive(Debug, Clone, Copy)]
pub struct SupF;

/// (b0, b1, v) of P(sup F > x) = P(chi-squared(v) > b0 + b1 x), for trimming 0.49, 0.47, ... 0.19.
///
/// # Reference
/// Hansen (1997), J. Bus. Econ. Stat. 15:60, coefficients of sup F for two parameters.
const HANSEN: [(f64, f64, f64); 16] = [
    (-0.03933112, 0.99525784, 2.44239332),
    (-0.14650989, 0.9938654, 2.78837829),
    (-0.28765583, 0.98139359, 2.93724618),
    (-0.35528752, 0.9942739, 3.18187129),
    (-0.49538961, 0.96923268, 3.19484388),
    (-0.58780544, 0.97339124, 3.32763253),
    (-0.66900489, 0.97444133, 3.44170617),
    (-0.77825803, 0.96678414, 3.48652761),
    (-0.87260977, 0.97626434, 3.61709836),
    (-0.96782445, 0.97636983, 3.6779502),
    (-1.07358977, 0.97407744, 3.71945379),
    (-1.12531079, 0.99897105, 3.95114475),
    (-1.16041007, 1.01629918, 4.14932643),
    (-1.2975797, 1.015268, 4.17103882),
    (-1.36743697, 1.03004743, 4.3223804),
    (-1.43012785, 1.05139461, 4.53836755),
];

/// Return Hansen's p for two parameters and a trimming of 0.19 to 0.5.
fn hansen(x: f64, trimming: f64) -> f64 {
    let row = |i: usize| {
        let (b0, b1, v) = HANSEN[i.min(HANSEN.len() - 1)];
        chi2_upper((b0 + b1 * x).max(0.0), v)
    };
    let position = (0.49 - trimming) * 50.0;
    let p = if position < 0.0 {
        // Towards one split, where F itself is chi-squared.
        let part = 100.0 * (0.5 - trimming);
        part * row(0) + (1.0 - part) * chi2_upper(x, 2.0)
    } else {
        let below = position.floor();
        let part = position - below;
        (1.0 - part) * row(below as usize) + part * row(below as usize + 1)
    };
    p.clamp(0.0, 1.0)
}

/// First and last number of sizes before the split.
fn splits(n: usize, p: usize) -> Result<(usize, usize), NotApplicable> {
    let first = (n / 4).max(p + 1);
    if 2 * first > n {
        return Err(NotApplicable::TooFewSizes { needed: 2 * (p + 1), sizes: n });
    }
    Ok((first, n - first))
}

impl Diagnostic for SupF {
    fn id(&self) -> &'static str {
        "sup-f"
    }
    fn meaning(&self) -> &'static str {
        "do two separate laws, below and above some size, fit better?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        let (n, p) = (tangent.len(), tangent.dim());
        let (first, last) = splits(n, p)?;
        let statistic = self.statistic(&tangent, &tangent.e).ok_or(NotApplicable::Exact)?;
        let dof = (n - 2 * p) as f64;
        let (p_value, exact) = if first == last {
            (f_upper(statistic / p as f64, p as f64, dof), true)
        } else if p == 2 {
            let odds = (last * (n - first)) as f64 / (first * (n - last)) as f64;
            (hansen(statistic, 1.0 / (1.0 + odds.sqrt())), false)
        } else {
            let draw = |t: &Tangent, e: &[f64]| self.statistic(t, e);
            (simulated_p(&tangent, SEED, DRAWS, draw, statistic).ok_or(NotApplicable::Exact)?, true)
        };
        Ok(Outcome {
            id: self.id(),
            statistic,
            signed_root: None,
            dof: vec![p as f64, dof],
            p_value,
            exact,
            row: None,
            alternative: "the law breaks at some size",
            reference: "Hansen (1997)",
        })
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        let (n, p) = (tangent.len(), tangent.dim());
        let (first, last) = splits(n, p).ok()?;
        let rows = Rows::of(tangent);
        let mut upper = vec![0.0; n + 1];
        let (mut triangle, mut sum) = (rows.triangle(), 0.0);
        for i in (first..n).rev() {
            sum += triangle.push(rows.row(i), e[i]).map_or(0.0, |w| w * w);
            upper[i] = sum;
        }
        let (mut triangle, mut lower, mut least) = (rows.triangle(), 0.0, f64::INFINITY);
        for i in 0..last {
            lower += triangle.push(rows.row(i), e[i]).map_or(0.0, |w| w * w);
            if i + 1 >= first {
                least = least.min(lower + upper[i + 1]);
            }
        }
        let sse = dot(e, e);
        // Two laws may fit exactly: the statistic stays finite.
        let left = least.max(1e-30 * sse);
        let f = (sse - left).max(0.0) / left * (n - 2 * p) as f64;
        f.is_finite().then_some(f)
    }
}
