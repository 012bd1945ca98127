//! Which interval leads: `--interval auto`.
//!
#![doc = include_str!("../../docs/AUTO.md")]

use super::Resampler;
use crate::fit::Fit;
use crate::loss::Inference;

/// Fewest residual degrees of freedom for which it is worth asking the residuals how they spread.
const FEWEST: usize = 3;

/// Most parameters of a curve whose interval is a profile.
pub(super) const MOST_PROFILED: usize = 5;

/// Return the id of the method whose interval leads, by the table of this module; `heteroscedastic` says whether the residuals
/// show unequal variances.
#[must_use]
pub fn leading_method(fit: &Fit, heteroscedastic: bool) -> &'static str {
    match fit.loss.family().inference() {
        Inference::LeastSquares => {}
        // The sandwich takes rows for independent.
        Inference::Sandwich if fit.loss.has_joint_scale() && fit.design.clusters.is_none() => {
            return "sandwich";
        }
        Inference::Sandwich | Inference::Density if fit.design.clusters.is_none() => return "score",
        _ => return "percentile",
    }
    if fit.design.clusters.is_some() {
        return "cr2";
    }
    if !fit.is_linear() && fit.dim() > MOST_PROFILED * fit.sets() {
        return if heteroscedastic { "hc3" } else { "t" };
    }
    let equally_precise = !fit.is_weighted() && fit.design.known_sd.is_none();
    if equally_precise && fit.predictors() == 1 {
        if fit.dof_residual() >= FEWEST {
            return "spread-t";
        }
    } else if heteroscedastic {
        return "hc3";
    }
    if fit.is_linear() { "t" } else { "profile-t" }
}

/// Return the bootstrap interval to print beside the leading one, by the name that it has in a report.
///
/// Least squares: studentised for resampled residuals of a line and for draws of clusters (closest to nominal coverage),
/// scaled back for subsamples, percentile otherwise. For a
/// loss whose leading interval is a bootstrap itself there is none.
#[must_use]
pub fn second_opinion(fit: &Fit, resampler: Resampler) -> Option<String> {
    let method = match (fit.loss.is_gaussian(), resampler) {
        (_, Resampler::Subsample) => return Some("subsampling".to_owned()),
        (true, Resampler::Residual) if fit.is_linear() => "bootstrap-t",
        (true, Resampler::WildCluster) if fit.is_linear() && fit.design.clusters.is_some() => "bootstrap-t",
        _ => "percentile",
    };
    (leading_method(fit, false) != method).then(|| format!("{}-{method}", resampler.id()))
}

/// Return the resampler of a bootstrap that the user did not choose one for.
///
/// Least squares: residuals for a line, wild weights for a curve; wild weights of clusters where the data have them. Other
/// losses: pairs (whole clusters), because resampled residuals put errors
/// of one size where the loss was chosen for errors of several, and wild weights do not keep the medians at zero that
/// absolute deviations rest on.
#[must_use]
pub fn default_resampler(fit: &Fit) -> Resampler {
    match (fit.loss.is_gaussian(), fit.is_linear(), fit.design.clusters.is_some()) {
        (true, _, true) => Resampler::WildCluster,
        (false, _, true) => Resampler::Cluster,
        (false, _, false) => Resampler::Pairs,
        (true, true, false) => Resampler::Residual,
        (true, false, false) => Resampler::Wild,
    }
}
