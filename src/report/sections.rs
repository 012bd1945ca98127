//! The parts of a report, as JSON names them.

use crate::compare::Comparison;
use crate::data::{DroppedRow, PrecisionKind};
use crate::diagnose::explanation::Explanation;
use crate::diagnose::influence::Influence;
use crate::diagnose::local_exponents::LocalExponent;
use crate::diagnose::location::Location;
use crate::diagnose::next_run::NextRun;
use crate::diagnose::verdict::{Answer, Verdict};
use crate::diagnose::{Finding, Outcome, noise_model};
use crate::fit::SpreadExponent;
use crate::form::Restriction;
use crate::predict::Band;
use crate::solve::Starts;
use serde::Serialize;
use serde_json::{Map, Value};

/// Everything that one analysis found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Version of this layout.
    pub schema_version: u32,
    /// Version of the program.
    pub lawfit: &'static str,
    /// The command line, word by word; empty from the library.
    pub command: Vec<String>,
    /// Seed of every random number.
    pub seed: u64,
    /// Confidence level.
    pub level: f64,
    /// The rows.
    pub data: DataSection,
    /// What was asked of the parameters, where anything was.
    #[serde(skip_serializing_if = "Restriction::is_empty")]
    pub restriction: Restriction,
    /// `falls` or `rises`: the response, as the first predictor grows.
    pub direction: &'static str,
    /// The fitted forms.
    pub fits: Vec<FitSection>,
    /// Forms that could not be fitted, with the reason.
    pub skipped: Vec<SkippedForm>,
    /// The forms side by side.
    pub comparison: Comparison,
    /// What the residuals of the plain power law say.
    pub verdict: VerdictSection,
    /// The checks behind the verdict.
    pub diagnostics: Vec<DiagnosticSection>,
    /// Exponents of neighbouring sizes.
    pub local_exponents: Vec<LocalExponent>,
    /// What every run does to each fit, when all details were asked for.
    pub influence: Vec<Influence>,
    /// What a reader should know.
    pub findings: Vec<Finding>,
    /// Responses at sizes asked for.
    pub predictions: Vec<PredictionSection>,
    /// Sizes that reach responses asked for.
    pub inversions: Vec<InversionSection>,
}

/// The sum of squared residuals over known variances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GoodnessOfFit {
    /// Q = sum (r/sigma)^2.
    pub statistic: f64,
    /// Degrees of freedom, n - p.
    pub dof: usize,
    /// P(chi-squared >= Q): small where law or standard deviations are wrong.
    pub p_value: f64,
}

/// Where the precision of the rows comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrecisionSection {
    /// Column name.
    pub column: String,
    /// What its numbers are.
    pub kind: PrecisionKind,
}

/// Which rows may have errors in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClusterSection {
    /// Column name.
    pub column: String,
    /// Number of clusters.
    pub count: usize,
    /// The cluster of every row, in the order of the source.
    pub labels: Vec<String>,
}

/// The rows that were analysed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataSection {
    /// Path, `-` or `@name`.
    pub source: String,
    /// Hash of names and values; equal for equal rows in any order.
    pub fingerprint: String,
    /// Rows used.
    pub rows: usize,
    /// Distinct predictor values.
    pub distinct: usize,
    /// Predictor columns.
    pub x: Vec<String>,
    /// Units of the predictors, where known.
    pub x_units: Vec<Option<String>>,
    /// Response column.
    pub y: String,
    /// Column that says how precise every row is, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionSection>,
    /// Column of words that parts the rows into sets, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Clusters of rows, where a column says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterSection>,
    /// Rows left out, with the reason.
    pub dropped: Vec<DroppedRow>,
    /// What the reader decided by itself.
    pub notes: Vec<String>,
    /// Source lines of the rows used, in the order of the source.
    pub lines: Vec<usize>,
    /// Values by column, in the order of the source.
    pub columns: Map<String, Value>,
}

/// A form that could not be fitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkippedForm {
    /// Form id.
    pub form: &'static str,
    /// Why.
    pub reason: String,
}

/// One fitted form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitSection {
    /// Form id.
    pub form: &'static str,
    /// The law in ASCII.
    pub formula: &'static str,
    /// The predictors as the formula names them, in the order of the data's.
    #[serde(skip)]
    pub predictors: &'static [&'static str],
    /// What the user said of the parameters, for a formula of the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Vec<String>>,
    /// The loss with its constants, as it is written on the command line.
    pub loss: String,
    /// Threshold of Huber's loss, on the scale of the fit.
    pub loss_threshold: Option<f64>,
    /// Scale of the errors.
    pub scale: &'static str,
    /// Solver asked for.
    pub solver: crate::solve::Method,
    /// Sum over rows of rho(r), on the scale of the fit.
    pub objective: f64,
    /// Sum of squared residuals on the scale of the fit.
    pub sse: f64,
    /// Residual standard deviation on the scale of the fit.
    pub sigma: f64,
    /// Residual degrees of freedom.
    pub dof: usize,
    /// How the spread of the errors changes with size, where that was estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<SpreadExponent>,
    /// How well the law fits rows of known standard deviations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goodness_of_fit: Option<GoodnessOfFit>,
    /// Coefficient of determination on the scale of the fit.
    pub r_squared: Option<f64>,
    /// The same, adjusted for the number of parameters.
    pub r_squared_adjusted: Option<f64>,
    /// Whether the certificate says so.
    pub converged: bool,
    /// Relative offset: 0 at a stationary point.
    pub stationarity: f64,
    /// Which test ended the iteration.
    pub termination: &'static str,
    /// Iterations of the run that led here.
    pub iterations: u64,
    /// How the starting points fared.
    pub starts: Starts,
    /// Condition number of the Jacobian with columns scaled to length one.
    pub condition: Option<f64>,
    /// Log-likelihood of the response.
    pub loglikelihood: Option<f64>,
    /// Akaike's criterion.
    pub aic: Option<f64>,
    /// Its small-sample correction.
    pub aicc: Option<f64>,
    /// Schwarz's criterion.
    pub bic: Option<f64>,
    /// Akaike weight among the fitted forms.
    pub weight: Option<f64>,
    /// Name of the exponent that a user asks for first.
    pub exponent: &'static str,
    /// Bootstrap method whose interval stands beside the leading one; `None` where no bootstrap was run.
    pub second_opinion: Option<String>,
    /// The parameters.
    pub params: Vec<ParamSection>,
    /// Quantities that follow from the parameters, where the form has any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<DerivedSection>,
    /// Observed minus fitted on the scale of the fit, in the order of the source.
    pub residuals: Vec<f64>,
    /// Fitted responses, in the order of the source.
    pub predictions: Vec<f64>,
    /// Leverages, in the order of the source; empty when the parameters cannot be told apart.
    pub leverage: Vec<f64>,
    /// The verdict on this form's own residuals; that of the plain power law is the report's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The checks of this form's own residuals, when all details were asked for; those of the power law are the report's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<DiagnosticSection>,
}

impl FitSection {
    /// Return the exponent that a user asks for first.
    #[must_use]
    pub fn exponent(&self) -> Option<&ParamSection> {
        self.params.iter().find(|p| p.name == self.exponent)
    }

    /// Return that exponent with the bootstrap interval that stands beside its leading one.
    #[must_use]
    pub fn second_opinion(&self) -> Option<(&ParamSection, &IntervalSection)> {
        let p = self.exponent()?;
        p.by_method(self.second_opinion.as_deref()?).map(|i| (p, i))
    }
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParamSection {
    /// Name in the formula.
    pub name: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Estimate on the user's scale.
    pub estimate: f64,
    /// Standard error under equal variances (delta method for positive parameters).
    pub std_error: Option<f64>,
    /// HC2 standard error.
    pub std_error_hc2: Option<f64>,
    /// HC3 standard error.
    pub std_error_hc3: Option<f64>,
    /// Logarithm of the estimate, for parameters that are positive by construction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ln_estimate: Option<f64>,
    /// Standard error of that logarithm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ln_std_error: Option<f64>,
    /// Whether the estimate lies on a bound of its domain.
    pub at_bound: bool,
    /// Intervals; the one to report has `lead`.
    pub intervals: Vec<IntervalSection>,
    /// Methods that give no interval here, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unavailable: Vec<UnavailableInterval>,
}

impl ParamSection {
    /// Return the interval to report.
    #[must_use]
    pub fn lead(&self) -> Option<&IntervalSection> {
        self.intervals.iter().find(|i| i.lead)
    }

    /// Return the interval of a method, by the end of its name.
    #[must_use]
    pub fn by_method(&self, method: &str) -> Option<&IntervalSection> {
        self.intervals.iter().find(|i| i.method == method)
    }
}

/// A quantity that follows from the parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DerivedSection {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// The estimate; `None` where the fitted law has none.
    pub estimate: Option<f64>,
    /// Standard error by the delta method.
    pub std_error: Option<f64>,
    /// Intervals; the one to report has `lead`.
    pub intervals: Vec<IntervalSection>,
    /// Methods that give no interval here, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unavailable: Vec<UnavailableInterval>,
}

impl DerivedSection {
    /// Return the interval to report.
    #[must_use]
    pub fn lead(&self) -> Option<&IntervalSection> {
        self.intervals.iter().find(|i| i.lead)
    }
}

/// Limits of one parameter by one method.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntervalSection {
    /// Method id, with the resampler in front for a bootstrap.
    pub method: String,
    /// Confidence level.
    pub level: f64,
    /// Lower limit; `None` where unbounded.
    pub low: Option<f64>,
    /// Upper limit; `None` where unbounded.
    pub high: Option<f64>,
    /// Whether this is the interval to report.
    pub lead: bool,
    /// Bootstrap draws used.
    pub draws: Option<usize>,
    /// Bootstrap draws that failed.
    pub failed: Option<usize>,
    /// Whether fewer than 95% of the refits behind the draws succeeded.
    pub few_refits: bool,
}

impl IntervalSection {
    /// Return the width; `None` when open.
    #[must_use]
    pub fn width(&self) -> Option<f64> {
        Some(self.high? - self.low?)
    }
}

/// A method that gives no interval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnavailableInterval {
    /// Method id.
    pub method: &'static str,
    /// Why.
    pub reason: String,
}

/// What the residuals of the plain power law say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerdictSection {
    /// Is it a straight line?
    pub shape: ShapeSection,
    /// Are the errors as assumed?
    pub noise: NoiseSection,
    /// The form whose residuals were read.
    pub form: Option<&'static str>,
    /// The run that would tell most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_run: Option<NextRun>,
    /// The answer in plain words.
    pub text: String,
    /// The same, thought by thought.
    #[serde(skip)]
    pub parts: Vec<String>,
}

/// The answer on the shape, with the place and the consequence of a break.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShapeSection {
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
    /// Where the line breaks, when it does (or when all details were asked for).
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Shapes fitted as laws of their own, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<Explanation>,
    /// What the break does to a prediction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matters: Option<Matters>,
    /// p value without the rows that stand apart, where the hypothesis falls with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_value_without_outliers: Option<f64>,
}

/// The answer on the noise, with the rows that stand apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoiseSection {
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
    /// Models of the noise, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<noise_model::Explanation>,
    /// Rows that stand apart, by a search that several at once cannot mislead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outliers: Vec<OutlierSection>,
    /// The form from which they stand apart: another than the line where that is bent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outliers_of: Option<&'static str>,
}

/// A row that stands apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutlierSection {
    /// Line of the source.
    pub line: usize,
    /// Size.
    pub x: f64,
    /// Response.
    pub y: f64,
    /// Prediction error from the other rows over its standard error.
    pub t: f64,
}

/// One prediction by the line and by the law that explains why it breaks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matters {
    /// The size.
    pub at: f64,
    /// Response by the plain power law.
    pub line: f64,
    /// Name of the law that explains the break.
    pub law: &'static str,
    /// Response by that law.
    pub prediction: f64,
    /// By how much the line is above it, per cent.
    pub percent: f64,
}

/// One check, or the reason why it says nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DiagnosticSection {
    /// The diagnostic's id.
    pub id: &'static str,
    /// What it looks for.
    pub meaning: &'static str,
    /// Its result.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<OutcomeFields>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
}

/// The result of a check, with the line of the row in question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutcomeFields {
    /// Value of the statistic.
    pub statistic: f64,
    /// Signed root of the statistic, where its side matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_root: Option<f64>,
    /// Degrees of freedom.
    pub dof: Vec<f64>,
    /// p value.
    pub p_value: f64,
    /// Whether that p value is exact under normal errors, for a line.
    pub exact: bool,
    /// p value of the same statistic from simulated normal errors, exact for a line; only for approximate p values, when all
    /// details were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated_p: Option<f64>,
    /// Line of the source, for checks of single rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Alternative that the p value is for.
    pub alternative: &'static str,
    /// Authors and year.
    pub reference: &'static str,
}

impl OutcomeFields {
    /// Take over an outcome, naming the row by its line.
    #[must_use]
    pub fn from_outcome(outcome: &Outcome, simulated: Option<f64>, lines: &[usize]) -> OutcomeFields {
        OutcomeFields {
            statistic: outcome.statistic,
            signed_root: outcome.signed_root,
            dof: outcome.dof.clone(),
            p_value: outcome.p_value,
            exact: outcome.exact,
            simulated_p: simulated,
            line: outcome.row.map(|r| lines[r]),
            alternative: outcome.alternative,
            reference: outcome.reference,
        }
    }
}

/// The response at one size by one form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PredictionSection {
    /// The size, by predictor name.
    pub at: Map<String, Value>,
    /// Form id.
    pub form: &'static str,
    /// Predicted response; `None` when the curve has left the possible range.
    pub estimate: Option<f64>,
    /// Interval of the mean curve.
    pub mean: Band,
    /// Interval of one new run.
    pub new_run: Band,
    /// Confidence level.
    pub level: f64,
    /// Where the curve leaves the possible range, when it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaves_range: Option<LeavesRange>,
}

/// The end of the possible range and the size at which a curve passes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeavesRange {
    /// End of the range: 0 or 1.
    pub end: f64,
    /// Size at which the curve passes it.
    pub at: Option<f64>,
}

/// The size that reaches one response by one form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InversionSection {
    /// The response to reach.
    pub target: f64,
    /// Predictor name.
    pub variable: String,
    /// Form id.
    pub form: &'static str,
    /// The size; `None` when the curve never reaches it.
    pub estimate: Option<f64>,
    /// Sizes at which the mean curve may reach it.
    pub mean: Band,
    /// Sizes at which one new run may reach it.
    pub new_run: Band,
    /// Confidence level.
    pub level: f64,
    /// Why an estimate or a limit is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Whether the target is the end of the possible range, added unasked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub end_of_range: bool,
}
