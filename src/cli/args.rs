//! Arguments that several subcommands share.

use super::failure::Failure;
use crate::data::{Filter, parse_number, parse_size};
use clap::Args;

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
    /// Leave out the K rows with the largest predictor
    #[arg(long, value_name = "K", default_value_t = 0, help_heading = "Data", allow_negative_numbers = true)]
    pub(super) drop_largest: usize,
    /// Leave out rows that cannot be used, and list them, instead of stopping at the first
    #[arg(long, help_heading = "Data")]
    pub(super) skip_bad_rows: bool,
}

impl DataArgs {
    /// Whether any choice of rows or columns was made.
    pub(super) fn selects(&self) -> bool {
        !self.x.is_empty()
            || self.y.is_some()
            || !self.conditions.is_empty()
            || self.drop_largest > 0
            || self.skip_bad_rows
    }

    /// Parse the conditions.
    pub(super) fn filters(&self) -> Result<Vec<Filter>, Failure> {
        self.conditions.iter().map(|c| Filter::parse(c).map_err(Failure::from)).collect()
    }
}

/// Parse sizes as people write them, separated by commas: `70B,1e12`.
pub(super) fn sizes(list: &[String]) -> Result<Vec<f64>, Failure> {
    let hint = "sizes are counts: 125M, 70B, 1e12; several are separated by commas";
    numbers(list, "--at", "a finite size > 0", hint, parse_size, |v| v > 0.0)
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
