//! What the diagnostic picture shows, computed before anything is drawn: four panels in a grid.
//!
//! In every panel a value that is not a number is a gap. An infinite limit is an unbounded one: what it belongs to
//! reaches the frame. Sizes are in the unit of the data and positive; a limit of a size may also be zero, which is
//! unbounded on a logarithmic axis.

/// The diagnostic picture of one fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Panels {
    /// Label of the size axes, with its unit, for instance `N (million parameters)`.
    pub x_label: String,
    /// Residuals against size.
    pub residuals: ResidualPanel,
    /// Local exponents against size.
    pub exponents: ExponentPanel,
    /// Influence of single runs against size.
    pub influence: InfluencePanel,
    /// Studentised residuals against quantiles.
    pub quantiles: QuantilePanel,
}

/// A point that is set apart by colour, and by a label if it is one of the first five of its panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Index into the points of the panel.
    pub index: usize,
    /// Label, for instance `line 7`; empty for colour alone.
    pub text: String,
}

/// Where the law may change.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    /// Estimated size.
    pub at: f64,
    /// Lower limit of the size, unbounded when zero or infinite, NaN for no interval.
    pub low: f64,
    /// Upper limit of the size, unbounded when infinite, NaN for no interval.
    pub high: f64,
    /// Remark beside the line, for instance `break at 12.6M`.
    pub label: String,
    /// Legend of the line and its interval, for instance `break, 95% interval`; empty for none.
    pub legend: String,
}

/// Residuals against size.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualPanel {
    /// Label of the y axis, for instance `residual of ln loss`.
    pub y_label: String,
    /// Runs: (size, residual).
    pub points: Vec<(f64, f64)>,
    /// Smooth line through them: (size, value), sizes rising.
    pub smooth: Vec<(f64, f64)>,
    /// Dashed lines, two residual standard deviations below and above zero.
    pub limits: Option<(f64, f64)>,
    /// Break to mark.
    pub break_at: Option<Break>,
    /// Points that are set apart, most important first.
    pub flags: Vec<Flag>,
    /// What is written when there is nothing to draw.
    pub note: Option<String>,
}

/// The exponent of a few neighbouring sizes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Smallest size, unbounded when zero or infinite.
    pub from: f64,
    /// Largest size, unbounded when infinite.
    pub to: f64,
    /// Exponent.
    pub alpha: f64,
    /// Lower limit of the exponent, NaN for none.
    pub low: f64,
    /// Upper limit of the exponent, NaN for none.
    pub high: f64,
}

/// An estimate with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Estimate.
    pub value: f64,
    /// Lower limit, NaN for none.
    pub low: f64,
    /// Upper limit, NaN for none.
    pub high: f64,
}

/// Local exponents against size.
#[derive(Debug, Clone, PartialEq)]
pub struct ExponentPanel {
    /// Label of the y axis, for instance `exponent α`.
    pub y_label: String,
    /// Windows, in order of size.
    pub windows: Vec<Window>,
    /// Exponent of all runs.
    pub global: Option<Estimate>,
    /// Confidence level of every interval here, for the legend: 0.95.
    pub level: f64,
    /// What is written when there is nothing to draw.
    pub note: Option<String>,
}

/// What changes when one run is left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Influence {
    /// Size of the run.
    pub x: f64,
    /// Change of the exponent.
    pub change: f64,
    /// Change of the prediction in per cent, NaN when there is none: it sets the area of the mark.
    pub prediction: f64,
}

/// Influence of single runs against size.
#[derive(Debug, Clone, PartialEq)]
pub struct InfluencePanel {
    /// Label of the y axis, for instance `change of α (standard errors)`.
    pub y_label: String,
    /// Runs; those with most influence are drawn when there are many.
    pub runs: Vec<Influence>,
    /// Size of a change from which on a run deserves a look: dashed lines on both sides of zero.
    pub threshold: Option<f64>,
    /// Legend of the dashed lines, for instance `±2/√n`.
    pub threshold_label: String,
    /// What the areas show the change of, for the legend: `prediction at 70B`; unused without predictions.
    pub prediction_label: String,
    /// Runs that are set apart, most important first.
    pub flags: Vec<Flag>,
    /// What is written when there is nothing to draw.
    pub note: Option<String>,
}

/// One residual beside what it would be in a sample without outliers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    /// Theoretical quantile.
    pub expected: f64,
    /// Studentised residual.
    pub observed: f64,
    /// Lower limit of the residual under the hypothesis, NaN for none.
    pub low: f64,
    /// Upper limit of the residual under the hypothesis, NaN for none.
    pub high: f64,
}

/// Studentised residuals against the quantiles of their law.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantilePanel {
    /// Label of the x axis, for instance `t quantile (9 degrees of freedom)`.
    pub x_label: String,
    /// Label of the y axis, for instance `studentised residual`.
    pub y_label: String,
    /// Residuals, in rising order of what is expected; those of chosen ranks where there are very many.
    pub points: Vec<Quantile>,
    /// Number of residuals that were ranked.
    pub total: usize,
    /// Legend of the band, for instance `95% simultaneous band`.
    pub band_label: String,
    /// Points that are set apart, most important first.
    pub flags: Vec<Flag>,
    /// What is written when there is nothing to draw.
    pub note: Option<String>,
}
