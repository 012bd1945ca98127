//! What a picture shows, computed before anything is drawn: points, fitted curves with bands, residuals.

/// One fitted law, ready to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Legend text, for instance `E + A*N^-alpha`.
    pub label: String,
    /// Abscissae in the unit of the data, rising; they may go beyond the data.
    pub x: Vec<f64>,
    /// Fitted values; a value that may not be printed (an accuracy above 1) is NaN and is not drawn.
    pub estimate: Vec<f64>,
    /// Lower limits of the mean curve, empty when there is no band; NaN where unbounded.
    pub low: Vec<f64>,
    /// Upper limits of the mean curve, empty when there is no band; NaN where unbounded.
    pub high: Vec<f64>,
    /// Residuals of the data points on the scale of the fit: (x, residual).
    pub residuals: Vec<(f64, f64)>,
    /// Whether this is the form that the comparison prefers.
    pub best: bool,
}

/// A picture of one analysis: a main panel (x logarithmic) and a residual panel below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Title; empty for none (a paper has a caption).
    pub title: String,
    /// Label of the x axis, with its unit.
    pub x_label: String,
    /// Label of the y axis.
    pub y_label: String,
    /// Label of the residual axis.
    pub residual_label: String,
    /// Whether the y axis of the main panel is logarithmic.
    pub y_log: bool,
    /// Observed points (x, y).
    pub points: Vec<(f64, f64)>,
    /// Fitted laws, at most a handful.
    pub curves: Vec<Curve>,
    /// Confidence level of the bands, for the legend: 0.95.
    pub level: f64,
}
