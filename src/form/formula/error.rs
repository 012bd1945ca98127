//! What can be wrong with a formula, each message with the place it speaks of.

use crate::data::nearest;
use std::fmt;
use thiserror::Error;

/// A range of characters of a formula.
///
/// Shown, it is the formula with a line of carets under the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The formula.
    pub formula: String,
    /// First character, from 0.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

impl Place {
    /// Return the characters of the range.
    #[must_use]
    pub fn text(&self) -> String {
        self.formula.chars().skip(self.start).take(self.end - self.start).collect()
    }

    /// Name the range: `character 5`, or `characters 5 to 9`.
    #[must_use]
    pub fn range(&self) -> String {
        match (self.start + 1, self.end) {
            (first, last) if last > first => format!("characters {first} to {last}"),
            (first, _) => format!("character {first}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blank = " ".repeat(self.start);
        let carets = "^".repeat(self.end.saturating_sub(self.start).max(1));
        write!(f, "  {}\n  {blank}{carets}", self.formula)
    }
}

/// How parameters enter a formula so that the data cannot tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tie {
    /// Only their product matters.
    Product,
    /// Only their quotient matters.
    Quotient,
    /// Only their sum matters.
    Sum,
    /// Only their difference matters.
    Difference,
    /// Some other combination of them can change without changing the formula.
    General,
}

/// What can be wrong with a formula.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum FormulaError {
    /// The text is no formula.
    #[error("formula, {}: found {found}, expected {expected}\n{at}", at.range())]
    Syntax {
        /// Where.
        at: Place,
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// A parenthesis without its partner.
    #[error("formula, {}: found `{}` without its partner, expected {expected}\n{at}", at.range(), at.text())]
    Unbalanced {
        /// Where the lonely parenthesis stands.
        at: Place,
        /// What is missing.
        expected: &'static str,
    },
    /// A name in front of a parenthesis that is no function.
    #[error("formula, {}: found the unknown function `{}`, expected one of {}\n{at}", at.range(), at.text(), known.join(", "))]
    UnknownFunction {
        /// Where the name stands.
        at: Place,
        /// The functions there are.
        known: Vec<&'static str>,
    },
    /// A function with the wrong number of arguments.
    #[error("formula, {}: `{function}` has {found} argument(s), expected {expected}\n{at}", at.range())]
    Arguments {
        /// Where the call stands.
        at: Place,
        /// The function.
        function: &'static str,
        /// Arguments there are.
        found: usize,
        /// Arguments there should be.
        expected: &'static str,
    },
    /// A formula longer than any law is.
    #[error("formula: found {found} characters, expected at most {most}")]
    TooLong {
        /// Its length.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// More parameters than the solvers hold.
    #[error("formula: found {} parameters ({}), expected at most {most}", names.len(), names.join(", "))]
    TooManyParameters {
        /// The parameters.
        names: Vec<String>,
        /// The limit.
        most: usize,
    },
    /// A description of a parameter that cannot be read.
    #[error("--param `{spec}`: found {found}, expected {expected}")]
    Param {
        /// The text.
        spec: String,
        /// What is wrong in it.
        found: String,
        /// What should be there.
        expected: &'static str,
    },
    /// A description of a parameter that the formula does not have.
    #[error("--param `{name}`: found no such name in the formula `{formula}`, expected one of {}", params.join(", "))]
    UnknownParam {
        /// The name.
        name: String,
        /// The formula.
        formula: String,
        /// The names that may be parameters.
        params: Vec<String>,
    },
    /// A parameter described twice.
    #[error("--param `{name}`: found two descriptions, expected one")]
    ParamTwice {
        /// The parameter.
        name: String,
    },
    /// Nothing to fit.
    #[error("formula `{formula}`: found no parameter, expected at least one name that is no data column ({})", columns.join(", "))]
    NoParameter {
        /// The formula.
        formula: String,
        /// The data columns.
        columns: Vec<String>,
    },
    /// Nothing that changes from row to row.
    #[error("formula `{formula}`: found no data column, expected at least one of {}", columns.join(", "))]
    NoColumn {
        /// The formula.
        formula: String,
        /// Its names.
        names: Vec<String>,
        /// The data columns.
        columns: Vec<String>,
    },
    /// A name that would be a parameter but looks like a column.
    #[error("formula, {}: found `{}`, which is no data column and would be a parameter, expected the column `{column}`?\n{at}", at.range(), at.text())]
    MistypedColumn {
        /// Where the name stands.
        at: Place,
        /// The column that it looks like.
        column: String,
    },
    /// A subexpression without a value on a row of the data.
    #[error("formula, {}: found `{}` = {problem} at line {line} of `{source_name}` ({values}), expected a finite value\n{at}", at.range(), at.text())]
    Domain {
        /// The subexpression.
        at: Place,
        /// What is wrong: `the logarithm of -1`.
        problem: String,
        /// Line of the data.
        line: usize,
        /// Where the rows came from.
        source_name: String,
        /// Values of the columns and parameters there.
        values: String,
    },
    /// A parameter whose derivative is zero everywhere.
    #[error(
        "formula `{formula}`: found that parameter `{name}` has no effect on the value, expected every parameter to change it"
    )]
    NoEffect {
        /// The formula.
        formula: String,
        /// The parameter.
        name: String,
    },
    /// Parameters that no data can tell apart.
    #[error("formula `{formula}`: found that parameters {} {}, expected parameters that data can tell apart", list(names), how(*tie))]
    Tied {
        /// The formula.
        formula: String,
        /// The parameters.
        names: Vec<String>,
        /// How they enter.
        tie: Tie,
    },
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.join(""),
    }
}

fn how(tie: Tie) -> &'static str {
    match tie {
        Tie::Product => "only enter as a product",
        Tie::Quotient => "only enter as a quotient",
        Tie::Sum => "only enter as a sum",
        Tie::Difference => "only enter as a difference",
        Tie::General => "can change together without changing any value",
    }
}

impl FormulaError {
    /// Say what to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            FormulaError::Syntax { hint, .. } => (*hint).to_owned(),
            FormulaError::Unbalanced { .. } => "every `(` needs its `)`".into(),
            FormulaError::UnknownFunction { at, known } => {
                match nearest(&at.text(), known.iter().copied()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("for a product write `{}*(...)`", at.text()),
                }
            }
            FormulaError::Arguments { .. } => "arguments are separated by commas: max(a, b)".into(),
            FormulaError::TooLong { .. } => "simplify the formula".into(),
            FormulaError::TooManyParameters { .. } => {
                "names of data columns are no parameters: were all columns given to `--x`?".into()
            }
            FormulaError::Param { .. } => {
                "write for instance --param 'alpha=0.3 in 0..2', --param 'alpha=0.3' or --param 'alpha in 0..'"
                    .into()
            }
            FormulaError::UnknownParam { name, params, .. } => {
                match nearest(name, params.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "leave it out, or write the name as the formula does".into(),
                }
            }
            FormulaError::ParamTwice { .. } => {
                "write start and bounds together: --param 'alpha=0.3 in 0..2'".into()
            }
            FormulaError::NoParameter { .. } => {
                "write the law with names for what is unknown: E + A*N^-alpha".into()
            }
            FormulaError::NoColumn { names, columns, .. } => {
                let near = names.iter().find_map(|n| {
                    nearest(n, columns.iter().map(String::as_str)).map(|c| format!("`{c}` for `{n}`"))
                });
                match near {
                    Some(near) => format!("did you mean {near}?"),
                    None => "choose the columns with `--x`, and write their names in the formula".into(),
                }
            }
            FormulaError::MistypedColumn { at, column } => format!(
                "write `{column}`, or say that it is a parameter: --param '{}'",
                at.text()
            ),
            FormulaError::Domain { .. } => {
                "choose another start (--param 'NAME=START'), rewrite the formula, or leave the row out with `--where`"
                    .into()
            }
            FormulaError::NoEffect { name, .. } => format!("leave `{name}` out of the formula"),
            FormulaError::Tied { names, tie, .. } => {
                let rest = names.get(1..).unwrap_or_default().join(", ");
                let kept = names.first().map_or("", String::as_str);
                match tie {
                    Tie::Product | Tie::Quotient => {
                        format!("write one parameter for the whole: leave `{rest}` out (set to 1) and keep `{kept}`")
                    }
                    Tie::Sum | Tie::Difference => {
                        format!("write one parameter for the whole: leave `{rest}` out (set to 0) and keep `{kept}`")
                    }
                    Tie::General => format!(
                        "a name that is no column is a parameter: is one of {} a mistyped or a missing column? Else give one of them a \
                         number of its own: a constant for `{kept}`, say",
                        list(names)
                    ),
                }
            }
        })
    }
}
