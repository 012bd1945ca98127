//! Two answers: does the shape hold, and is the noise as assumed? Each at one false-alarm rate, whatever the number of tests.

use super::family::{Layout, Member, NOISE, Prepared, SHAPE};
use super::inverse_fitted::levelling;
use super::noise_model;
use super::pool::{Combined, combine};
use super::simulated::draws_for;
use super::tangent::free_jacobian;
use super::{Diagnostic as _, NotApplicable, Quadratic, Tangent, explanation};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::linalg::Regression;
use crate::math::random::normals;
use crate::solve::refit;
use nalgebra::DVector;
use rayon::prelude::*;
use serde::Serialize;

/// False-alarm rate of each answer when the law holds with independent normal errors of equal variance.
pub const FALSE_ALARM: f64 = 0.05;
/// Sizes below which a line cannot be said to hold: a bend has one direction at most.
pub const FEWEST_SIZES: usize = 5;
/// Draws behind the answers on a line.
const DRAWS: usize = 1_999;
/// Refits behind the answers on a curve.
const REFITS: usize = 499;
/// Rows up to which a curve is refitted to every draw; above, its tangent is as good and the draws are projected on it.
const REFIT_ROWS: usize = 2_000;
/// Keeps the draws of the verdict apart from those of the bootstrap, which have the same seed.
const OWN_STREAM: u64 = 0x5645_5244_4943_5421;

/// The p value of one member of a family.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MemberValue {
    /// Which statistic.
    pub id: &'static str,
    /// What its rejection suggests.
    pub suggests: &'static str,
    /// Weight in the smallest p.
    pub weight: f64,
    /// p value by itself, from the same draws; `None` where the statistic is undefined.
    pub p_value: Option<f64>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// p value of the family; `None` where no statistic applies.
    pub p_value: Option<f64>,
    /// Whether the hypothesis stands; `None` where the data cannot tell.
    pub holds: Option<bool>,
    /// What was found instead, where the hypothesis falls: `flattening`, `early bend`, `slow log factor`, `kink`, `curvature`;
    /// `outlier`, `trend of the spread`, `step of the spread`, `dependence`, `heavy tails`. `cannot tell` with too few rows.
    pub name: Option<&'static str>,
    /// Other names that explain the data nearly as well, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rivals: Vec<&'static str>,
    /// The members of the family.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberValue>,
    /// Simulated data sets behind the p value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draws: Option<usize>,
}

impl Answer {
    /// No answer.
    #[must_use]
    pub fn unknown() -> Answer {
        Answer {
            p_value: None,
            holds: None,
            name: Some("cannot tell"),
            rivals: Vec::new(),
            members: Vec::new(),
            draws: None,
        }
    }

    /// The one direction that fewer than five sizes leave for a bend: a p value, which repeated runs may make small; it never
    /// says that a line holds.
    fn of_few(fit: &Fit, data: &Dataset) -> Answer {
        let p_value = Quadratic.check(fit, data).ok().map(|o| o.p_value);
        if fit.nobs() >= FEWEST_SIZES && p_value.is_some_and(|p| p <= FALSE_ALARM) {
            return Answer { p_value, holds: Some(false), name: Some("curvature"), ..Answer::unknown() };
        }
        Answer { p_value, ..Answer::unknown() }
    }

    fn new(family: &[Member], combined: Option<Combined>, draws: usize) -> Answer {
        let Some(c) = combined else { return Answer::unknown() };
        let members = family
            .iter()
            .zip(&c.members)
            .map(|(m, p)| MemberValue { id: m.id, suggests: m.name, weight: m.weight, p_value: *p })
            .collect();
        Answer {
            p_value: Some(c.p_value),
            holds: Some(c.p_value > FALSE_ALARM),
            name: None,
            rivals: Vec::new(),
            members,
            draws: Some(draws),
        }
    }
}

/// Both answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Is it the fitted law?
    pub shape: Answer,
    /// Are the errors independent, of one size and normal?
    pub noise: Answer,
}

/// A verdict with everything that its names were chosen from.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The answers.
    pub verdict: Verdict,
    /// Shapes fitted as laws of their own, the best first; empty for a curve.
    pub shapes: Vec<explanation::Explanation>,
    /// Models of the noise, the best first.
    pub noises: Vec<noise_model::Explanation>,
}

impl Verdict {
    /// No answers.
    #[must_use]
    pub fn unknown() -> Verdict {
        Verdict { shape: Answer::unknown(), noise: Answer::unknown() }
    }
}

/// Judge a fit, and name what was found.
///
/// # Formula
/// Statistics of SHAPE and of NOISE for the residuals and for K simulated residual vectors, combined by the weighted least p
/// ([`super::pool::combine`]). A line: e = Mz with z standard normal, K = 1,999; every statistic depends on e/|e| alone, and the
/// regressor built from the fitted values is independent of e (Milliken and Graybill 1970), so P(p <= 0.05) = 0.05 at every n. A
/// curve: K = 499 data sets drawn from the fitted law with normal errors and refitted, statistics from the tangent at each
/// optimum; above 2,000 rows e = Mz with the tangent of the fit. Fewer draws for many rows. Below five sizes a bend has one
/// direction at most: its p is that of the quadratic alone, and that a line holds is never said.
/// # Assumptions
/// Where SHAPE rejects, NOISE sees the bend as dependence: read it only after the shape is right.
/// # Reference
/// Dufour, Farhat, Gardiol and Khalaf (1998), Econometrics J. 1:C154; Dufour (2006), J. Econometrics 133:443; Westfall and Young
/// (1993).
#[must_use]
pub fn verdict(fit: &Fit, data: &Dataset, seed: u64) -> Judged {
    let Ok(mut verdict) = judge(fit, data, seed) else {
        return Judged { verdict: Verdict::unknown(), shapes: Vec::new(), noises: Vec::new() };
    };
    let shapes = if fit.is_line() { explanation::explanations(fit, data) } else { Vec::new() };
    let noises = noise_model::explanations(fit, data);
    let shape = &mut verdict.shape;
    if shape.holds == Some(false) && data.distinct() >= FEWEST_SIZES {
        shape.name = shapes.first().map(|e| e.name).or_else(|| strongest(shape));
        shape.rivals = rivals(shapes.iter().map(|e| (e.name, e.delta)));
    }
    let noise = &mut verdict.noise;
    if noise.holds == Some(false) {
        noise.name = noises.first().map(|e| e.name).or_else(|| strongest(noise));
        noise.rivals = rivals(noises.iter().map(|e| (e.name, e.delta)));
    }
    Judged { verdict, shapes, noises }
}

/// The names after the best that explain the data nearly as well.
fn rivals(found: impl Iterator<Item = (&'static str, f64)>) -> Vec<&'static str> {
    found.skip(1).filter(|(_, delta)| *delta < explanation::CLOSE).map(|(name, _)| name).collect()
}

/// What the member with the smallest weighted p suggests.
fn strongest(answer: &Answer) -> Option<&'static str> {
    let value = |m: &MemberValue| m.p_value.map(|p| p / m.weight);
    let least = answer.members.iter().filter(|m| m.p_value.is_some());
    least
        .min_by(|a, b| value(a).unwrap_or(f64::INFINITY).total_cmp(&value(b).unwrap_or(f64::INFINITY)))
        .map(|m| m.suggests)
}

/// The two p values, without names.
///
/// # Errors
/// [`NotApplicable`] where the fit is exact or leaves no degree of freedom.
pub fn judge(fit: &Fit, data: &Dataset, seed: u64) -> Result<Verdict, NotApplicable> {
    super::ready(fit, fit.dim() + 1)?;
    if fit.nobs() < FEWEST_SIZES {
        return Ok(Verdict { shape: Answer::of_few(fit, data), noise: Answer::unknown() });
    }
    super::ready(fit, fit.dim() + 2)?;
    let tangent = Tangent::of_rows(fit)?;
    let sizes: Vec<_> = data.rows_by_size().collect();
    let layout = Layout { u: &fit.design.axis, sizes: &sizes, flattening: levelling(fit) };
    let prepared = Prepared::new(&layout, tangent.regression.q.clone());
    let observed = (prepared.shape(&tangent.e), prepared.noise(&tangent.e));
    let n = fit.nobs();
    let draws = draws_for(n, if fit.is_linear() { DRAWS } else { REFITS });
    let simulated: Vec<(Vec<f64>, Vec<f64>)> = if fit.is_linear() || n > REFIT_ROWS {
        (0..draws)
            .into_par_iter()
            .map(|k| {
                let mut z = DVector::from_vec(normals(seed ^ OWN_STREAM, k as u64, n));
                prepared.project(&mut z);
                (prepared.shape(z.as_slice()), prepared.noise(z.as_slice()))
            })
            .collect()
    } else {
        refits(fit, &layout, draws, seed)
    };
    let (shape, noise): (Vec<_>, Vec<_>) = simulated.into_iter().unzip();
    let weights = |family: &[Member]| family.iter().map(|m| m.weight).collect::<Vec<f64>>();
    // Refits that failed count as reaching what was observed: on the safe side.
    Ok(Verdict {
        shape: if sizes.len() < FEWEST_SIZES {
            Answer::of_few(fit, data)
        } else {
            Answer::new(&SHAPE, combine(&observed.0, &shape, &weights(&SHAPE)), draws)
        },
        noise: Answer::new(&NOISE, combine(&observed.1, &noise, &weights(&NOISE)), draws),
    })
}

/// Statistics of refits to data drawn from the fitted law.
fn refits(fit: &Fit, layout: &Layout<'_>, draws: usize, seed: u64) -> Vec<(Vec<f64>, Vec<f64>)> {
    let fitted: Vec<f64> = fit.design.target.iter().zip(&fit.residuals).map(|(t, r)| t - r).collect();
    let sigma = fit.variance().sqrt();
    let undefined = || (vec![f64::NAN; SHAPE.len()], vec![f64::NAN; NOISE.len()]);
    (0..draws)
        .into_par_iter()
        .map_init(
            || fit.objective(),
            |objective, k| {
                let z = normals(seed ^ OWN_STREAM, k as u64, fitted.len());
                for ((t, f), z) in objective.target.iter_mut().zip(&fitted).zip(z) {
                    *t = f + sigma * z;
                }
                let end = refit(objective, &fit.solution.theta);
                let e: Vec<f64> = objective
                    .fitted(&end.theta)
                    .iter()
                    .zip(&objective.target)
                    .map(|(eta, y)| y - eta)
                    .collect();
                let Some(r) = Regression::new(free_jacobian(objective, &end)) else {
                    return undefined();
                };
                let prepared = Prepared::new(layout, r.q);
                (prepared.shape(&e), prepared.noise(&e))
            },
        )
        .collect()
}
