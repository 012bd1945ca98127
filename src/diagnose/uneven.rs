//! Whether the scatter of a fit changes with size, as the choice of its leading interval sees it.

use super::verdict::{FALSE_ALARM, Verdict, judge};
use super::{BreuschPagan, Diagnostic as _, noise_model};
use crate::data::Dataset;
use crate::fit::Fit;

/// What the names of a changing spread end in.
const OF_THE_SPREAD: &str = "of the spread";

/// Whether the scatter of a fit changes with size: by the noise verdict for the line, by its own residuals for a curve.
#[must_use]
pub fn uneven(fit: &Fit, data: &Dataset, verdict: &Verdict) -> bool {
    if fit.is_line() {
        return verdict.noise.name.is_some_and(|n| n.ends_with(OF_THE_SPREAD));
    }
    BreuschPagan.check(fit, data).is_ok_and(|o| o.p_value < FALSE_ALARM)
}

/// The same of a fit by itself, without the rest of a report.
///
/// The verdict is simulated only where its name would be that of a changing spread: a study asks this of thousands of fits.
/// A report also looks at the line without a few outliers, and names them where they explain everything; this does not.
#[must_use]
pub fn uneven_alone(fit: &Fit, data: &Dataset, seed: u64) -> bool {
    if !fit.is_line() {
        return uneven(fit, data, &Verdict::unknown());
    }
    let names_spread =
        noise_model::explanations(fit, data).first().is_some_and(|e| e.name.ends_with(OF_THE_SPREAD));
    names_spread && judge(fit, data, seed).is_ok_and(|v| v.noise.holds == Some(false))
}
