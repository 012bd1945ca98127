//! Why a filter is not understood.

use crate::data::shown;
use crate::data::size::NumberError;

/// Why a filter is not understood; positions count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are named for what they hold and explained by the message")]
pub enum FilterError {
    /// There is nothing in it.
    #[error("filter ``: found nothing, expected a condition such as `N > 1e6`")]
    Empty,
    /// A condition does not start with a column.
    #[error("filter `{filter}`, position {position}: found {}, expected a column name", shown(.found, "the end"))]
    NoColumn { filter: String, position: usize, found: String },
    /// No comparison follows the column.
    #[error("filter `{filter}`, position {position}: found {}, expected one of < <= > >= == !=", shown(.found, "the end"))]
    NoOperator { filter: String, position: usize, found: String },
    /// No value follows the comparison.
    #[error("filter `{filter}`, position {position}: found {}, expected a number or a text", shown(.found, "the end"))]
    NoValue { filter: String, position: usize, found: String },
    /// Something else than `and` follows a condition.
    #[error("filter `{filter}`, position {position}: found {}, expected `and` or the end", shown(.found, "the end"))]
    NoAnd { filter: String, position: usize, found: String },
    /// A quote or backquote is never closed.
    #[error(
        "filter `{filter}`, position {position}: found {quote} that is never closed, expected another {quote}"
    )]
    OpenQuote { filter: String, position: usize, quote: char },
    /// A comparison of size has no number on its right.
    #[error("filter `{filter}`, position {position}: found {}, expected a number ({fault})", shown(.found, "the end"))]
    NoNumber { filter: String, position: usize, found: String, fault: NumberError },
}

impl FilterError {
    /// Return what to do about it, where there is something to say beyond the message.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            FilterError::NoAnd { found, .. } if found.starts_with("or") || found.starts_with("||") => {
                "there is no `or`: filter the table before, or use != for each value to leave out"
            }
            FilterError::NoNumber { fault, .. } => {
                fault.hint().unwrap_or("only == and != compare words; < and > need a number")
            }
            FilterError::NoColumn { .. } | FilterError::NoOperator { .. } => {
                "a condition is COLUMN OPERATOR VALUE; put a column name with blanks in backquotes"
            }
            FilterError::NoValue { .. } | FilterError::Empty => {
                "write for instance `C < 1e21`, `N >= 1.3B` or `family == 'pythia'`"
            }
            FilterError::NoAnd { .. } => "join conditions with `and`, and put a text with blanks in quotes",
            FilterError::OpenQuote { .. } => return None,
        };
        Some(text.to_owned())
    }
}
