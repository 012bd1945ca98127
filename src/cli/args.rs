//! Arguments that several subcommands share.

use super::failure::Failure;
use crate::data::{Dataset, Filter, PrecisionKind, parse_number, parse_size};
use clap::{Args, ValueEnum};

/// Which rows and columns to read.
#[derive(Debug, Args)]
pub(super) struct DataArgs {
    /// Table of runs: CSV, TSV, JSON or JSON Lines; `-` for standard input, `@name` for built-in data, or a saved result
    pub(super) data: String,
    /// Predictor column(s), for instance N or N,D [default: guessed from usual names]
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', help_heading = "Data")]
    pub(super) x: Vec<String>,
    /// Response column, for instance loss [default: guessed from usual names]
    #[arg(long, value_name = "COLUMN", help_heading = "Data")]
    pub(super) y: Option<String>,
    /// Keep only rows that satisfy a condition, for instance 'C < 1e21'; may be repeated
    #[arg(long = "where", value_name = "CONDITION", help_heading = "Data")]
    pub(super) conditions: Vec<String>,
    /// Column of standard deviations of the response, one a row
    #[arg(long, value_name = "COLUMN", help_heading = "Precision of the rows")]
    pub(super) sigma: Option<String>,
    /// Whether those standard deviations are known, or only their ratios [default: known]
    #[arg(long, value_name = "KIND", value_enum, help_heading = "Precision of the rows")]
    pub(super) sigma_kind: Option<SigmaKind>,
    /// Column of weights, one a row
    #[arg(long, value_name = "COLUMN", help_heading = "Precision of the rows")]
    pub(super) weights: Option<String>,
    /// Whether a weight is the precision of a row, or how many equal rows it stands for [default: precision]
    #[arg(long, value_name = "KIND", value_enum, help_heading = "Precision of the rows")]
    pub(super) weight_kind: Option<WeightKind>,
    /// Column of the number of evaluation items behind every accuracy: errors are then binomial
    #[arg(long, value_name = "COLUMN", help_heading = "Precision of the rows")]
    pub(super) items: Option<String>,
    /// Column of words that parts the rows into sets (see --share)
    #[arg(long, value_name = "COLUMN", help_heading = "Data")]
    pub(super) by: Option<String>,
    /// Column of words that says which rows may have errors in common: checkpoints of one run, models of one family
    #[arg(long, value_name = "COLUMN", help_heading = "Data")]
    pub(super) cluster: Option<String>,
    /// How compute follows from N and D, for a column that the table lacks
    #[arg(long, value_name = "RULE", default_value = "6ND", help_heading = "Data")]
    pub(super) flops: String,
    /// Leave out the K rows with the largest predictor
    #[arg(long, value_name = "K", default_value_t = 0, help_heading = "Data", allow_negative_numbers = true)]
    pub(super) drop_largest: usize,
    /// Leave out rows that cannot be used, and list them, instead of stopping at the first
    #[arg(long, help_heading = "Data")]
    pub(super) skip_bad_rows: bool,
}

/// What the standard deviations of `--sigma` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SigmaKind {
    /// The standard deviations themselves: s is not estimated, intervals use z and chi-squared.
    Known,
    /// Known up to a common factor, which is estimated.
    Relative,
}

/// The column that says how precise every row is, with what its numbers are; and the column that says how often it counts.
pub(super) type Chosen = (Option<(String, PrecisionKind)>, Option<String>);

/// What the numbers of `--weights` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum WeightKind {
    /// The variance of a row is s^2/weight.
    Precision,
    /// A row stands for so many equal rows.
    Frequency,
}

impl DataArgs {
    /// What column says how precise every row is, if any, and what column how often it counts.
    pub(super) fn precision(&self) -> Result<Chosen, Failure> {
        let given: Vec<&str> =
            [("--sigma", &self.sigma), ("--weights", &self.weights), ("--items", &self.items)]
                .iter()
                .filter(|f| f.1.is_some())
                .map(|f| f.0)
                .collect();
        if let [first, second, ..] = given.as_slice() {
            return Err(Failure::usage(
                format!("{first} contradicts {second}: each says how precise the rows are"),
                "keep the one that comes from the measurement",
            ));
        }
        if let (None, Some(kind)) = (&self.sigma, self.sigma_kind) {
            let word = if kind == SigmaKind::Known { "known" } else { "relative" };
            return Err(Failure::usage(
                format!("--sigma-kind {word}: found no standard deviations that could be {word}"),
                "name their column with --sigma; without it, s is estimated from the residuals",
            ));
        }
        if self.weights.is_none() && self.weight_kind.is_some() {
            return Err(Failure::usage(
                "--weight-kind: found no weights",
                "name their column with --weights",
            ));
        }
        let sigma = match self.sigma_kind {
            Some(SigmaKind::Relative) => PrecisionKind::Relative,
            _ => PrecisionKind::Known,
        };
        let frequency = self.weight_kind == Some(WeightKind::Frequency);
        let weights = self.weights.as_ref().filter(|_| !frequency);
        let precision = (self.sigma.as_ref().map(|c| (c, sigma)))
            .or(weights.map(|c| (c, PrecisionKind::Weight)))
            .or(self.items.as_ref().map(|c| (c, PrecisionKind::Items)));
        Ok((precision.map(|(c, k)| (c.clone(), k)), self.weights.clone().filter(|_| frequency)))
    }

    /// Whether any choice of rows or columns was made.
    pub(super) fn selects(&self) -> bool {
        !self.x.is_empty()
            || self.y.is_some()
            || !self.conditions.is_empty()
            || self.drop_largest > 0
            || self.skip_bad_rows
            || [&self.sigma, &self.weights, &self.items, &self.by, &self.cluster].iter().any(|c| c.is_some())
    }

    /// Parse the conditions.
    pub(super) fn filters(&self) -> Result<Vec<Filter>, Failure> {
        self.conditions.iter().map(|c| Filter::parse(c).map_err(Failure::from)).collect()
    }
}

/// How the scores of a study are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum StudyFormat {
    Text,
    Csv,
    Md,
    Json,
}

/// Parse points as people write them, separated by commas: `70B,1e12` for one predictor, `N=70B,D=1.4T` for several, a new
/// point starting where a name comes again.
pub(super) fn points(list: &[String], data: &Dataset) -> Result<Vec<Vec<f64>>, Failure> {
    let hint = "sizes are counts: 125M, 70B, 1e12; several are separated by commas";
    let names: Vec<&str> = data.predictors.iter().map(|p| p.name.as_str()).collect();
    let size = |text: &str, whole: &str, k: usize| match parse_size(text) {
        Ok(v) if v.is_finite() && (v > 0.0 || !data.predictors[k].is_positive()) => Ok(v),
        _ => Err(Failure::usage(format!("--at: found `{whole}`, expected a finite size > 0"), hint)),
    };
    let mut points: Vec<Vec<Option<f64>>> = Vec::new();
    for text in list {
        let (k, value) = match text.split_once('=') {
            None if names.len() == 1 => (0, text.as_str()),
            None => {
                let example: Vec<String> = names.iter().map(|n| format!("{n}=1e9")).collect();
                return Err(Failure::usage(
                    format!("--at: found `{text}`, expected NAME=SIZE for each of {}", names.join(", ")),
                    &format!("for instance --at {}", example.join(",")),
                ));
            }
            Some((name, value)) => match names.iter().position(|n| *n == name.trim()) {
                Some(k) => (k, value),
                None => {
                    return Err(Failure::usage(
                        format!("--at: found `{text}`, expected one of {} before `=`", names.join(", ")),
                        "the names are those of the predictor columns",
                    ));
                }
            },
        };
        let value = size(value.trim(), text, k)?;
        match points.last_mut() {
            Some(point) if point[k].is_none() => point[k] = Some(value),
            _ => {
                let mut point = vec![None; names.len()];
                point[k] = Some(value);
                points.push(point);
            }
        }
    }
    points
        .into_iter()
        .map(|point| match point.iter().position(Option::is_none) {
            Some(k) => Err(Failure::usage(
                format!("--at: a point has no `{}`", names[k]),
                &format!("give every point a value for each of {}", names.join(", ")),
            )),
            None => Ok(point.into_iter().flatten().collect()),
        })
        .collect()
}

/// Parse responses, separated by commas.
pub(super) fn targets(list: &[String]) -> Result<Vec<f64>, Failure> {
    let hint = "write plain numbers, 1.8 or 0.8 for 80%; several are separated by commas";
    numbers(list, "--target", "a finite number", hint, parse_number, |_| true)
}

fn numbers<E: std::fmt::Display>(
    list: &[String],
    flag: &str,
    expected: &str,
    hint: &str,
    parse: impl Fn(&str) -> Result<f64, E>,
    allowed: impl Fn(f64) -> bool,
) -> Result<Vec<f64>, Failure> {
    list.iter()
        .map(|text| match parse(text) {
            Ok(v) if allowed(v) && v.is_finite() => Ok(v),
            _ => Err(Failure::usage(format!("{flag}: found `{text}`, expected {expected}"), hint)),
        })
        .collect()
}
