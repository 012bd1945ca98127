//! Standard deviations of rows on the scale of the fit, from what a column says of them.

use super::FitError;
use crate::data::{Dataset, Precision, PrecisionKind};
use crate::objective::Design;

/// Return the standard deviation of every row on the scale of the fit, in the solver's unit; `mean` holds the expected
/// responses, which binomial variances follow.
///
/// # Formula
/// Known and relative standard deviations sigma of the response: sigma |g'(y)|, g the scale of the fit (on logs sigma/y). Weights w:
/// w^(-1/2). Items k: (m(1 - m)/k)^(1/2) |g'(m)|, m the expected accuracy.
pub(super) fn deviations(precision: &Precision, data: &Dataset, design: &Design, mean: &[f64]) -> Vec<f64> {
    let unit = design.frame.y_scale;
    let slope = |y: f64| design.scale.derivative(y / unit).abs() / unit;
    let y = &data.response.values;
    let values = precision.values.iter();
    match precision.kind {
        PrecisionKind::Known | PrecisionKind::Relative => {
            values.zip(y).map(|(sigma, y)| sigma * slope(*y)).collect()
        }
        PrecisionKind::Weight => values.map(|w| 1.0 / w.sqrt()).collect(),
        PrecisionKind::Items => {
            values.zip(mean).map(|(k, m)| (m * (1.0 - m) / k).sqrt() * slope(*m)).collect()
        }
    }
}

/// Return the accuracies that binomial variances start from: (y k + 1/2)/(k + 1), which is never 0 or 1.
///
/// # Errors
/// [`FitError::NotAFraction`] names the first response outside \[0, 1\], [`FitError::Items`] the first number of items that is no
/// whole number.
pub(super) fn smoothed(precision: &Precision, data: &Dataset) -> Result<Vec<f64>, FitError> {
    let y = &data.response.values;
    if let Some(i) = y.iter().position(|y| !(0.0..=1.0).contains(y)) {
        return Err(FitError::NotAFraction {
            source_name: data.source.clone(),
            line: data.lines[i],
            column: data.response.name.clone(),
            found: y[i],
        });
    }
    if let Some(i) = precision.values.iter().position(|k| *k < 1.0 || k.fract() != 0.0) {
        return Err(FitError::Items {
            source_name: data.source.clone(),
            line: data.lines[i],
            column: precision.column.clone(),
            found: precision.values[i],
        });
    }
    Ok(y.iter().zip(&precision.values).map(|(y, k)| (y * k + 0.5) / (k + 1.0)).collect())
}
