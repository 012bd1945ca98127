//! Student's t with a standard error that allows errors in common within clusters.

use super::cluster_algebra::ClusterAlgebra;
use super::wald::limits_of;
use super::{Gathered, IntervalMethod, Level, Limits, Unavailable};
use crate::form::Functional;

/// The CR2-t interval with Satterthwaite's degrees of freedom.
///
/// # Formula
/// v +- t(nu, level) * se, se^2 = sum over clusters of (c'(J'J)^-1 J_g' A_g r_g)^2, A_g = (I - H_gg)^(+1/2); nu = (tr W)^2/tr(W W)
/// of se^2 under the working model. A cluster of one row has A = 1/sqrt(1-h): clusters of one row each give HC2.
/// # Assumptions
/// Independent clusters, anything within them. Unbiased under the working model, in which errors are independent and of equal
/// variance on the weighed scale of the fit. For a curve the law is linearised at the optimum.
/// # Reference
/// Bell and McCaffrey (2002), Survey Methodology 28:169; Pustejovsky and Tipton (2018), J. Bus. Econ. Stat. 36:672.
#[derive(Debug, Clone, Copy)]
pub struct Cr2;

impl IntervalMethod for Cr2 {
    fn id(&self) -> &'static str {
        "cr2"
    }
    fn meaning(&self) -> &'static str {
        "Student t with a standard error robust to errors in common within clusters"
    }
    fn needs_clusters(&self) -> bool {
        true
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let (se, dof) = cr2(target, gathered)?;
        Ok(limits_of(target, gathered, level, se, dof))
    }
}

/// Return the CR2 standard error of a linear combination, before its transform, with Satterthwaite's degrees of freedom.
///
/// # Errors
/// [`Unavailable`] without clusters, without a regression, and where the combination rests on one cluster alone.
pub fn cr2(target: &Functional, gathered: &Gathered<'_>) -> Result<(f64, f64), Unavailable> {
    let fit = gathered.fit;
    let clusters = fit.design.clusters.as_ref().ok_or(Unavailable::NoClusters)?.members();
    let regression = fit.regression.as_ref().ok_or(Unavailable::RankDeficient)?;
    let algebra = ClusterAlgebra::new(regression, &clusters);
    algebra.cr2(regression, &fit.residuals, target).ok_or(Unavailable::OneCluster)
}
