//! From a file to validated rows: readers, column choice, row filters, built-in data.
//!
//! Data flow one way through four steps:
//!
//! 1. [`load`] opens a path, standard input (`-`) or a built-in data set (`@name`), finds out the format from
//!    the content, and gives a [`Table`]: raw text cells that know their line. Formats are delimited text, JSON,
//!    JSON Lines and, with the feature `parquet`, Parquet. (A saved result of this program is recognised too.)
//! 2. A [`Selection`] says which columns are wanted and which rows. Columns not named are guessed from their
//!    names, and the guess is a note that the report prints.
//! 3. [`Selection::apply`] reads the chosen cells as numbers ([`parse_size`] for predictors, [`parse_number`]
//!    for responses) and stops at the first bad one, or leaves its row out on request.
//! 4. The [`Dataset`] it returns holds finite numbers in canonical order, the rows left out and the notes. All
//!    later stages read this.
//!
//! ```
//! use lawfit::data::{Selection, read_table};
//!
//! let table = read_table("@cerebras-gpt")?;
//! let data = Selection::default().apply(&table)?;
//! assert_eq!(data.nobs(), 7);
//! assert_eq!(data.x().name, "N");
//! assert_eq!(data.x().values[0], 111e6);
//! # Ok::<(), lawfit::data::DataError>(())
//! ```
//!
//! Every failure is a [`DataError`] that says where, what was found and what was expected; what to do about
//! it is its [`hint`](DataError::hint). Bad input never panics.

mod builtin;
mod cell;
mod columns;
mod compute;
mod content;
mod dataset;
mod delimited;
mod filter;
mod hint;
mod json;
mod lines;
mod nearest;
#[cfg(feature = "parquet")]
mod parquet;
mod precision;
mod quantity;
mod record;
mod scale;
mod select;
mod size;
mod source;
mod table;
mod words;

pub use builtin::{BUILTIN, Builtin, builtin};
pub use cell::{CellFault, Role};
pub use columns::{ResponseKind, response_kind};
pub use compute::{FlopRule, FlopRuleError};
pub use content::Content;
pub use dataset::{Dataset, DroppedRow, Input, Labels, Predictor, Response};
pub use filter::{Filter, FilterError};
pub use nearest::nearest;
pub use precision::{FrequencyError, Precision, PrecisionKind, frequency};
pub use quantity::Quantity;
pub use scale::Scale;
pub use select::Selection;
pub use size::{NumberError, format_size, parse_number, parse_size};
pub use source::{load, read_table, read_text};
pub use table::{Column, Table};
use words::{EMPTY_CELL, clip, list, place, shown, wanted};

/// Why a source gave no data set: where, what was found, what was expected.
///
/// `source_name` is the path, `-` for standard input, or `@name`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are named for what they hold and explained by the message")]
pub enum DataError {
    // Opening and reading.
    /// There is no such file.
    #[error("{} does not exist, expected a table of runs", place(.source_name))]
    NotFound { source_name: String },
    /// The path is a directory.
    #[error("{} is a directory, expected a file", place(.source_name))]
    IsDirectory { source_name: String },
    /// The file may not be read.
    #[error("{} may not be read: permission denied", place(.source_name))]
    PermissionDenied { source_name: String },
    /// Reading failed in another way.
    #[error("{} cannot be read: {detail}", place(.source_name))]
    Read { source_name: String, detail: String },

    // Text.
    /// There is no content.
    #[error("{} is empty, expected a table with a header line", place(.source_name))]
    Empty { source_name: String },
    /// The first bytes belong to a format that is not read.
    #[error("{} is {format}, expected CSV, TSV, JSON or JSON Lines", place(.source_name))]
    ForeignFormat { source_name: String, format: &'static str, advice: &'static str },
    /// There are NUL bytes.
    #[error("{} line {line}: found a NUL byte, expected text", place(.source_name))]
    Binary { source_name: String, line: usize },
    /// A line is not UTF-8.
    #[error("{} line {line}, byte {byte}: found a byte that is not UTF-8, expected UTF-8 text", place(.source_name))]
    NotUtf8 { source_name: String, line: usize, byte: usize },
    /// A line is longer than the limit.
    #[error("{} line {line}: found a line longer than 16 MiB, expected one row a line", place(.source_name))]
    LineTooLong { source_name: String, line: usize },
    /// A carriage return without a line feed.
    #[error("{} line {line}: found a carriage return alone, expected LF or CR LF at line ends", place(.source_name))]
    LoneCarriageReturn { source_name: String, line: usize },

    // Delimited text.
    /// There is a header and nothing else.
    #[error("{} line {line}: found a header and no rows, expected at least 3 rows", place(.source_name))]
    HeaderOnly { source_name: String, line: usize },
    /// The first line holds numbers.
    #[error("{} line {line}: found numbers in the first line ({}), expected a header of column names",
        place(.source_name), list(.found))]
    HeaderIsNumbers { source_name: String, line: usize, found: Vec<String> },
    /// A heading is empty.
    #[error("{} line {line}, column {position}: found an empty heading, expected a name", place(.source_name))]
    UnnamedColumn { source_name: String, line: usize, position: usize },
    /// Two columns have one name.
    #[error("{} line {line}: found two columns named `{}`, expected distinct names", place(.source_name), clip(.column))]
    DuplicateColumn { source_name: String, line: usize, column: String },
    /// A row is longer or shorter than the header.
    #[error("{} line {line}: found {found} cells, expected {expected} as in the header", place(.source_name))]
    WrongCellCount { source_name: String, line: usize, found: usize, expected: usize },
    /// A quote is never closed.
    #[error("{} line {line}: found a quote that is never closed, expected a closing `\"`", place(.source_name))]
    UnterminatedQuote { source_name: String, line: usize },

    // JSON and Parquet.
    /// The text is not JSON.
    #[error("{} line {line}, position {position}: found {}, {problem}",
        place(.source_name), shown(.found, "the end of the line"))]
    JsonSyntax { source_name: String, line: usize, position: usize, found: String, problem: String },
    /// A row is no object.
    #[error("{} line {line}: found `{found}`, expected a JSON object such as {{\"N\": 1e6, \"loss\": 3.5}}",
        place(.source_name))]
    JsonNotObject { source_name: String, line: usize, found: String },
    /// The source is a saved result where a table is needed.
    #[error("{} is a saved result, expected a table of runs", place(.source_name))]
    SavedResult { source_name: String },
    /// The source is Parquet, which this build does not read.
    #[error("{} is a Parquet file, expected CSV, TSV, JSON or JSON Lines in this build", place(.source_name))]
    ParquetNotBuilt { source_name: String },
    /// The Parquet reader failed.
    #[error("{} is not readable Parquet: {problem}", place(.source_name))]
    Parquet { source_name: String, problem: String },

    // Choice of columns and rows.
    /// There is no built-in data set of this name.
    #[error("found `@{name}`, expected the name of a built-in data set")]
    UnknownBuiltin { name: String, nearest: Option<String>, known: Vec<String> },
    /// There is no column of this name.
    #[error("{} has no column `{}`, expected one of {}", place(.source_name), clip(.column), list(.columns))]
    UnknownColumn { source_name: String, column: String, nearest: Option<String>, columns: Vec<String> },
    /// No column has a usual name.
    #[error("{}: found no column with a usual name of {}, expected one among {}",
        place(.source_name), wanted(.option), list(.columns))]
    NoGuess { source_name: String, option: &'static str, columns: Vec<String> },
    /// Several columns have the same usual name but for spelling.
    #[error("{}: found {} columns that could be {}, expected one: {}",
        place(.source_name), candidates.len(), wanted(.option), list(.candidates))]
    AmbiguousGuess { source_name: String, option: &'static str, candidates: Vec<String> },
    /// There is one column only.
    #[error("{}: found the single column `{}`, expected a predictor and a response", place(.source_name), clip(.column))]
    OneColumn { source_name: String, column: String },
    /// A column is chosen twice.
    #[error("{}: found column `{}` chosen twice, expected distinct predictors and response",
        place(.source_name), clip(.column))]
    SameColumn { source_name: String, column: String },
    /// A cell of a chosen column cannot be used.
    #[error("{} line {line}, column `{}`: found {}, expected {}",
        place(.source_name), clip(.column), shown(.found, EMPTY_CELL), .fault.expected(*.role))]
    BadCell { source_name: String, line: usize, column: String, found: String, fault: CellFault, role: Role },
    /// A chosen column holds no number at all.
    #[error("{}: column `{}` holds text: line {line} has `{found}`, expected numbers",
        place(.source_name), clip(.column))]
    TextColumn { source_name: String, column: String, line: usize, found: String },
    /// A filter compares the size of a word.
    #[error("{} line {line}, column `{}`: found `{found}`, expected a number to compare in `{filter}`",
        place(.source_name), clip(.column))]
    FilterOnText { source_name: String, line: usize, column: String, found: String, filter: String },
    /// A filter is not understood.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// No row passes the filters.
    #[error("{}: found no row among {rows} that passes {}, expected at least 3", place(.source_name), list(.filters))]
    FilterKeepsNothing { source_name: String, filters: Vec<String>, rows: usize },
    /// Every row is bad.
    #[error("{}: found no usable row, all {dropped} were left out ({reasons}); expected at least 3",
        place(.source_name))]
    NothingLeft { source_name: String, dropped: usize, reasons: String },
    /// `--drop-largest` asks for every row or more.
    #[error("{}: found {rows} rows to drop the largest {asked} from, expected more rows than that", place(.source_name))]
    DropTooMany { source_name: String, asked: usize, rows: usize },
    /// There are too few rows for any law.
    #[error("{}: found {rows} usable row{}, expected at least {needed}",
        place(.source_name), if *.rows == 1 { "" } else { "s" })]
    TooFewRows { source_name: String, rows: usize, needed: usize },
    /// A frequency weight is no whole number.
    #[error("{} line {line}, column `{}`: {problem}", place(.source_name), clip(.column))]
    Frequency { source_name: String, line: usize, column: String, problem: FrequencyError },
    /// All values of a predictor are equal.
    #[error("{}: found {value} in every row of column `{}`, expected at least 2 distinct values",
        place(.source_name), clip(.column))]
    ConstantPredictor { source_name: String, column: String, value: String },

    /// All rows belong to one cluster.
    #[error("{}: found `{cluster}` in every row of column `{}`, expected at least 2 clusters",
        place(.source_name), clip(.column))]
    OneCluster { source_name: String, column: String, cluster: String },

    // Building a data set from columns.
    /// There is no predictor.
    #[error("{}: found no predictor, expected at least one", place(.source_name))]
    NoPredictor { source_name: String },
    /// Columns differ in length.
    #[error("column `{}`: found {found} values, expected {expected} as in the other columns", clip(.column))]
    UnequalColumns { column: String, found: usize, expected: usize },
    /// A value cannot be used.
    #[error("{} line {line}, column `{}`: found `{found}`, expected {expected}", place(.source_name), clip(.column))]
    BadValue { source_name: String, line: usize, column: String, found: String, expected: &'static str },
}

impl DataError {
    /// Say whether the source could not be opened or read, rather than being wrong inside.
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(
            self,
            DataError::NotFound { .. }
                | DataError::IsDirectory { .. }
                | DataError::PermissionDenied { .. }
                | DataError::Read { .. }
        )
    }

    /// Name a failure to open or read a source.
    fn read(source: &str, error: &std::io::Error) -> DataError {
        use std::io::ErrorKind;
        let source_name = source.to_owned();
        match error.kind() {
            ErrorKind::NotFound => DataError::NotFound { source_name },
            ErrorKind::IsADirectory => DataError::IsDirectory { source_name },
            ErrorKind::PermissionDenied => DataError::PermissionDenied { source_name },
            _ => DataError::Read { source_name, detail: error.to_string() },
        }
    }
}
