//! Student's t with the unbiased robust standard error and degrees of freedom of its own.

use super::cluster_algebra::{in_q, satterthwaite};
use super::wald::limits_of;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable};
use crate::form::Functional;
use crate::objective::SATURATED;

/// The HC2-t interval with the degrees of freedom of Bell and McCaffrey.
///
/// # Formula
/// v +- t(nu, level) * se, se^2 = sum z_i^2 r_i^2/(1 - h_i), z = Q R^-T c; nu is Satterthwaite's of se^2 under equal
/// variances: fewer than n - p where few rows carry the combination
/// # Assumptions
/// Independent errors, each with a variance of its own; for a curve the law is linearised at the optimum.
/// # Reference
/// Bell and McCaffrey (2002), Survey Methodology 28:169; Imbens and Kolesár (2016), Rev. Econ. Stat. 98:701.
#[derive(Debug, Clone, Copy)]
pub struct Hc2;

impl IntervalMethod for Hc2 {
    fn id(&self) -> &'static str {
        "hc2"
    }
    fn meaning(&self) -> &'static str {
        "Student t with a standard error robust to unequal variances, and degrees of freedom of its own"
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let (se, dof) = hc2(target, gathered)?;
        Ok(limits_of(target, gathered, level, se, dof))
    }
}

/// Return the HC2 standard error of a linear combination, before its transform, with its degrees of freedom.
///
/// # Errors
/// [`Unavailable`] without a regression, and where a row has leverage 1.
pub fn hc2(target: &Functional, gathered: &Gathered<'_>) -> Result<(f64, f64), Unavailable> {
    let fit = gathered.fit;
    let regression = fit.regression.as_ref().ok_or(Unavailable::RankDeficient)?;
    if fit.leverage.iter().any(|h| 1.0 - *h < SATURATED) {
        return Err(Unavailable::LeverageOne);
    }
    let v = in_q(regression, target);
    let z = &regression.q * &v;
    let rows = || z.iter().zip(&fit.leverage).map(|(z, h)| z / (1.0 - h).sqrt());
    let se = rows().zip(&fit.residuals).map(|(a, r)| (a * r).powi(2)).sum::<f64>().sqrt();
    let terms = rows().enumerate().map(|(i, a)| (a * a, regression.q.row(i).transpose() * a));
    let dof = satterthwaite(terms, v.len(), v.norm_squared()).ok_or(Unavailable::LeverageOne)?;
    Ok((se, dof))
}
