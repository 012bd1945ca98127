//! Comparison of forms on one scale: information criteria, out-of-sample errors, and the exact test of a floor.
//!
//! Criteria are those of the response itself ([`crate::fit::Information`]), so that forms fitted on different scales
//! compare. Out-of-sample errors are logarithms of predicted over observed, whatever the scale of the fit. A small
//! difference decides nothing: weights say how little.

mod equality;
mod extrapolation;
mod leave_one_out;
mod zero_floor;

pub use equality::{EqualityTest, equality};
pub use extrapolation::leave_largest_out;
pub use leave_one_out::leave_one_out;
pub use zero_floor::{FloorTest, floor_test};

use crate::fit::Fit;
use serde::Serialize;

/// The criterion that a comparison rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Criterion {
    /// Akaike's, corrected for small samples.
    Aicc,
    /// Akaike's, where the correction is undefined for some form.
    Aic,
}

/// How one form fares.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// Form id.
    pub form: &'static str,
    /// Akaike weight among the forms compared; `None` where the criterion is undefined.
    pub weight: Option<f64>,
    /// Difference of the criterion to the best form.
    pub delta: Option<f64>,
    /// Root mean square of ln(predicted/observed), each row predicted from the others.
    pub loo_rmse: Option<f64>,
    /// ln(predicted/observed) at the largest size, predicted from the others.
    pub leave_largest_out: Option<f64>,
}

/// All forms side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The form with the smallest criterion; `None` where it is undefined.
    pub best: Option<&'static str>,
    /// The criterion used.
    pub criterion: Criterion,
    /// Whether AICc was undefined for some form, so that AIC had to serve.
    pub aicc_undefined: bool,
    /// The forms, in the order of the fits.
    pub forms: Vec<Standing>,
    /// The exact one-sided test of E = 0, where a line was fitted on the log scale.
    pub floor_test: Option<FloorTest>,
    /// Tests of parameters that sets of rows share, a form each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub equality: Vec<EqualityTest>,
}

/// Return Akaike weights of criterion values.
///
/// # Formula
/// w_k = exp(-d_k/2)/sum exp(-d/2), d_k the difference to the smallest value
/// # Reference
/// Burnham and Anderson (2002), section 2.9.
#[must_use]
pub fn akaike_weights(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let best = values.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    let total: f64 = values.iter().flatten().map(|v| (-0.5 * (v - best)).exp()).sum();
    values.iter().map(|v| v.map(|v| (-0.5 * (v - best)).exp() / total)).collect()
}

/// Compare fits of one data set; out-of-sample errors are passed in, one pair a fit, because they need refits.
#[must_use]
pub fn compare(fits: &[Fit], errors: &[(Option<f64>, Option<f64>)]) -> Comparison {
    let information: Vec<_> = fits.iter().map(Fit::information).collect();
    let aicc_undefined = information.iter().any(|i| i.aic.is_some() && i.aicc.is_none());
    let criterion = if aicc_undefined { Criterion::Aic } else { Criterion::Aicc };
    let values: Vec<Option<f64>> =
        information.iter().map(|i| if aicc_undefined { i.aic } else { i.aicc }).collect();
    // A law that fits exactly has no likelihood and needs none: the one with the fewest parameters is best.
    let exact = (0..fits.len()).filter(|&k| fits[k].is_exact()).min_by_key(|&k| fits[k].dim());
    let values = if exact.is_some() { vec![None; fits.len()] } else { values };
    let weights = akaike_weights(&values);
    let best = (0..fits.len()).filter_map(|k| values[k].map(|v| (k, v))).min_by(|a, b| a.1.total_cmp(&b.1));
    let forms = (0..fits.len())
        .map(|k| Standing {
            form: fits[k].form.id(),
            weight: weights[k],
            delta: values[k].zip(best).map(|(v, (_, least))| v - least),
            loo_rmse: errors[k].0,
            leave_largest_out: errors[k].1,
        })
        .collect();
    Comparison {
        best: exact.or(best.map(|(k, _)| k)).map(|k| fits[k].form.id()),
        criterion,
        aicc_undefined,
        forms,
        floor_test: fits.iter().find_map(floor_test),
        equality: Vec::new(),
    }
}
