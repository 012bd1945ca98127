//! Why a table is no study, or no part of one.

use super::table::VERSION;
use thiserror::Error;

/// Why a file is no part of a study.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The first line is not that of a study.
    #[error("`{path}`: found no study of coverage of version {VERSION}")]
    NoStudy {
        /// The file.
        path: String,
    },
    /// A line cannot be read.
    #[error("`{path}` line {line}: found `{found}`, expected a row of a study of coverage")]
    BadRow {
        /// The file.
        path: String,
        /// Line.
        line: usize,
        /// What it holds.
        found: String,
    },
    /// A row contradicts itself, the study, or a row before it.
    #[error("`{path}` line {line}: {problem}")]
    Inconsistent {
        /// The file.
        path: String,
        /// Line.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// Rows of a cell are missing.
    #[error(
        "`{path}`: cell `{cell}` is not complete: found {found} rows, expected {expected}, one a parameter and method in the order \
         of the study; with its rows deleted, `lawfit bench coverage --output {path}` runs it again"
    )]
    Incomplete {
        /// The file.
        path: String,
        /// The cell.
        cell: String,
        /// Rows there are.
        found: usize,
        /// Rows that it should have.
        expected: usize,
    },
    /// The study was run otherwise.
    #[error("`{path}` is of another study: found {found}, expected {expected}")]
    Other {
        /// The file.
        path: String,
        /// Its settings.
        found: String,
        /// Those that were asked for.
        expected: String,
    },
    /// Two files hold different results for one cell.
    #[error("`{path}`: cell `{cell}` has other results than in the files before")]
    Differs {
        /// The file.
        path: String,
        /// The cell.
        cell: String,
    },
}
