//! The spread of repeated runs, size by size.

use super::{Diagnostic, NotApplicable, Outcome, Tangent, ready};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::chi2_upper;
use crate::math::sum::centred_squares;

/// A sum of squares below this share of the squared range of the responses is rounding error.
const ROUNDING: f64 = 1e-26;

/// Bartlett's test of equal variances of repeated runs.
///
/// # Formula
/// K = (d ln v - sum d_i ln v_i)/(1 + (sum 1/d_i - 1/d)/(3(k - 1))), v_i the variance of size i with d_i = n_i - 1 degrees of
/// freedom, d = sum d_i, v = sum d_i v_i/d, over the k sizes with two runs or more; chi-squared with k - 1 degrees of freedom
/// # Assumptions
/// No law is needed; normal errors are: heavy tails look like unequal variances. p is for many runs of every size.
/// # Reference
/// Bartlett (1937), Proc. R. Soc. A 160:268.
#[derive(Debug, Clone, Copy)]
pub struct Bartlett;

/// Return K and k - 1 for the (sum of squares, degrees of freedom) of every size; `None` below two sizes, or for a variance of 0.
fn bartlett(sizes: &[(f64, f64)]) -> Option<(f64, f64)> {
    if sizes.len() < 2 || !sizes.iter().all(|(squares, _)| *squares > 0.0) {
        return None;
    }
    let between = sizes.len() as f64 - 1.0;
    let dof: f64 = sizes.iter().map(|(_, d)| d).sum();
    let pooled = sizes.iter().map(|(s, _)| s).sum::<f64>() / dof;
    // Ratios first: the logarithms of all variances nearly cancel.
    let raw: f64 = sizes.iter().map(|(s, d)| d * (pooled / (s / d)).ln()).sum();
    let inverses: f64 = sizes.iter().map(|(_, d)| d.recip()).sum();
    let k = raw.max(0.0) / (1.0 + (inverses - dof.recip()) / (3.0 * between));
    k.is_finite().then_some((k, between))
}

/// Sums of squares within the sizes of two runs or more.
fn within<'a>(runs: impl Iterator<Item = &'a [f64]>) -> Vec<(f64, f64)> {
    runs.filter(|r| r.len() > 1).map(|r| (centred_squares(r), r.len() as f64 - 1.0)).collect()
}

impl Diagnostic for Bartlett {
    fn id(&self) -> &'static str {
        "bartlett"
    }
    fn meaning(&self) -> &'static str {
        "do repeated runs scatter more at some sizes than at others?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        ready(fit, fit.dim() + 1)?;
        if !data.has_replicates() {
            return Err(NotApplicable::NoReplicates);
        }
        let sizes = within(data.rows_by_size().map(|rows| &fit.design.target[rows]));
        if sizes.len() < 2 {
            return Err(NotApplicable::TooFewReplicated { needed: 2, sizes: sizes.len() });
        }
        let least = ROUNDING * fit.design.spread.powi(2);
        if sizes.iter().any(|(squares, _)| !(*squares > least)) {
            return Err(NotApplicable::EqualRuns);
        }
        let (statistic, dof) = bartlett(&sizes).ok_or(NotApplicable::EqualRuns)?;
        Ok(Outcome {
            id: self.id(),
            statistic,
            signed_root: None,
            dof: vec![dof],
            p_value: chi2_upper(statistic, dof),
            exact: false,
            row: None,
            alternative: "the variance of repeated runs is not the same at every size (asymptotic p)",
            reference: "Bartlett (1937)",
        })
    }
    fn by_row(&self) -> bool {
        true
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        let mut first = 0;
        let sizes = within(tangent.u.chunk_by(|a, b| a == b).map(|rows| {
            first += rows.len();
            &e[first - rows.len()..first]
        }));
        bartlett(&sizes).map(|(k, _)| k)
    }
}
