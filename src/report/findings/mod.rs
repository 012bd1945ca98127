//! Findings: every fact that should change how a reader uses the numbers, with what to do about it.
//!
//! `rows` looks at the data, `clusters` at rows with errors in common, `fits` at each fit and its intervals, `judgement` and `noise` at the residuals, `outlook` at what is said beyond the data, `robust` at losses other than least squares, `precision` at rows
//! that differ in theirs.

mod clusters;
mod fits;
mod judgement;
mod noise;
mod outlook;
mod precision;
mod robust;
mod rows;

use super::context::Context;
use crate::diagnose::Finding;

/// Collect the findings that make up the verdict, in the order of its sentences.
pub(super) fn of_verdict(c: &Context<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    judgement::all(c, &mut out);
    out
}

/// Collect all findings, the most serious first; `told` are those of the verdict.
pub(super) fn all(c: &Context<'_>, told: Vec<Finding>) -> Vec<Finding> {
    let mut out = Vec::new();
    rows::data(c, &mut out);
    fits::exact(c, &mut out);
    for k in 0..c.fits.len() {
        fits::convergence(c, k, &mut out);
        fits::identification(c, k, &mut out);
        fits::bootstrap(c, k, &mut out);
    }
    fits::without_bootstrap(c, &mut out);
    fits::undercoverage(c, &mut out);
    fits::disagreements(c, &mut out);
    fits::beside(c, &mut out);
    fits::unavailable(c, &mut out);
    robust::all(c, &mut out);
    precision::all(c, &mut out);
    clusters::all(c, &mut out);
    rows::provenance(c, &mut out);
    out.extend(told);
    outlook::scatter(c, &mut out);
    outlook::comparison(c, &mut out);
    outlook::equality(c, &mut out);
    outlook::extrapolation(c, &mut out);
    out.sort_by_key(|f| std::cmp::Reverse(f.severity));
    out
}
