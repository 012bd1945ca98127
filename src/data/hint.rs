//! What to do about an error in the data: the line that follows the message.

use super::{DataError, list};

impl DataError {
    /// Return what to do about it, where there is something to say beyond the message.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            DataError::NotFound { .. } => {
                "check the path; `-` reads standard input, and `lawfit datasets` lists the built-in data"
            }
            DataError::IsDirectory { .. } => "give one file of the directory, or join them into one table",
            DataError::PermissionDenied { .. } => {
                "ask for permission to read the file: `ls -l` shows who has it"
            }
            DataError::Read { .. } => return None,
            DataError::Empty { source_name } if source_name == "-" => {
                "pipe a table in: `cat runs.csv | lawfit fit -`"
            }
            DataError::Empty { .. } | DataError::HeaderOnly { .. } => {
                "the first line names the columns, each further line is one run: `N,loss` then `125M,3.21`"
            }
            DataError::ForeignFormat { advice, .. } => advice,
            DataError::Binary { .. } => "this is no text file; save the table as CSV in UTF-8",
            DataError::NotUtf8 { .. } => {
                "save the file as UTF-8: `iconv -f latin1 -t utf-8`, or \"CSV UTF-8\" in a spreadsheet"
            }
            DataError::LineTooLong { .. } => "write one row a line; for JSON, one object a line (JSON Lines)",
            DataError::LoneCarriageReturn { .. } => {
                "the file has the line ends of old Macs; save it with LF: `tr '\\r' '\\n' < FILE`"
            }
            DataError::HeaderIsNumbers { .. } => {
                "put a header such as `N,loss` above the rows; a header that starts with `#` is taken for a comment"
            }
            DataError::UnnamedColumn { .. } => {
                "name the column; a row index of pandas is left out by `to_csv(\"runs.csv\", index=False)`"
            }
            DataError::DuplicateColumn { .. } => "rename one of them",
            DataError::WrongCellCount { found, expected, .. } if found > expected => {
                "put quotes around a cell that holds the delimiter; write 1_000 for 1,000 and 2.56 for 2,56"
            }
            DataError::Frequency { .. } => {
                "a frequency counts equal rows; weights that are precisions go with `--weight-kind precision`"
            }
            DataError::WrongCellCount { .. } => "leave an unknown cell empty, but keep its delimiter",
            DataError::UnterminatedQuote { .. } => {
                "close the quote, or double it within a quoted cell: `\"\"`"
            }
            DataError::JsonSyntax { found, .. }
                if ["NaN", "Infinity", "-Infinity", "nan", "inf"]
                    .iter()
                    .any(|word| found.starts_with(word)) =>
            {
                "JSON has no NaN and no Infinity: write null"
            }
            DataError::JsonSyntax { .. } => "give an array of objects, or one object a line (JSON Lines)",
            DataError::JsonNotObject { .. } => {
                "write one object a row; pandas: `to_json(orient=\"records\", lines=True)`"
            }
            DataError::SavedResult { .. } => {
                "`lawfit predict` and its like read a saved result; this needs the table that it was made from"
            }
            DataError::ParquetNotBuilt { .. } => {
                "build with `cargo install lawfit --features parquet`, or write the table as CSV"
            }
            DataError::Parquet { .. } => {
                "write the table anew, with Snappy, Zstandard or no compression, or as CSV"
            }
            DataError::UnknownBuiltin { nearest, known, .. } => {
                return Some(did_you_mean(nearest.as_deref(), &format!("there are {}", list(known))));
            }
            DataError::UnknownColumn { nearest, .. } => {
                return Some(did_you_mean(nearest.as_deref(), "names are matched exactly, case included"));
            }
            DataError::NoGuess { option, .. } | DataError::AmbiguousGuess { option, .. } => {
                return Some(format!("choose with `{option} COLUMN`"));
            }
            DataError::OneCluster { .. } => {
                "rows of one cluster say nothing of how clusters differ; leave out `--cluster`, or name another column"
            }
            DataError::OneColumn { .. } => "separate columns by commas, tabs, semicolons or pipes",
            DataError::SameColumn { .. } => "choose different columns with `--x` and `--y`",
            DataError::BadCell { found, fault, role, .. } => return Some(fault.hint(found, *role)),
            DataError::TextColumn { .. } => "choose a column of numbers with `--x` and `--y`",
            DataError::FilterOnText { .. } => {
                "words are compared with == and !=; add a filter that leaves this row out"
            }
            DataError::Filter(error) => return error.hint(),
            DataError::FilterKeepsNothing { .. } => {
                "check the filters; columns are read as they stand, before any unit"
            }
            DataError::NothingLeft { .. } => "without `--skip-bad-rows` the first bad cell is shown",
            DataError::DropTooMany { .. } => "drop fewer rows with `--drop-largest`",
            DataError::TooFewRows { .. } => {
                "two rows fit a power law exactly and leave nothing to judge it by; add runs"
            }
            DataError::ConstantPredictor { .. } => {
                "a law needs runs of different sizes; choose another predictor with `--x`, or add runs"
            }
            DataError::NoPredictor { .. } => "choose a predictor with `--x`",
            DataError::UnequalColumns { .. } => return None,
            DataError::BadValue { .. } => "remove the row before building the data set",
        };
        Some(text.to_owned())
    }
}

/// Put the nearest name before other advice.
fn did_you_mean(nearest: Option<&str>, otherwise: &str) -> String {
    match nearest {
        Some(name) => format!("did you mean `{name}`? {otherwise}"),
        None => otherwise.to_owned(),
    }
}
