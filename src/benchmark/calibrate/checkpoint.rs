//! What a calibration has done, as it is kept between runs.

use super::Calibration;
use crate::benchmark::coverage::Outcome;
use std::fmt::Write as _;
use thiserror::Error;

/// First words of a checkpoint.
const MAGIC: &str = "# calibration 1: ";

/// The outcomes of all data sets that are done: the same number for every law.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    laws: usize,
    width: usize,
    /// A record a data set: law after law, then the next set of each.
    records: Vec<Vec<Outcome>>,
}

/// Why a file is no checkpoint of a calibration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// It is something else.
    #[error("`{path}`: found no checkpoint of a calibration")]
    NoCheckpoint {
        /// The file.
        path: String,
    },
    /// It belongs to other data or other settings.
    #[error("`{path}` is the checkpoint of another calibration\nfound:    {found}\nexpected: {expected}")]
    Other {
        /// The file.
        path: String,
        /// What it was of.
        found: String,
        /// What it would have to be of.
        expected: String,
    },
    /// A line cannot be read.
    #[error("`{path}` line {line}: found no results of a data set")]
    BadLine {
        /// The file.
        path: String,
        /// Line.
        line: usize,
    },
}

impl Done {
    /// Nothing done, of so many laws with so many outcomes a data set.
    #[must_use]
    pub fn new(laws: usize, width: usize) -> Done {
        Done { laws, width, records: Vec::new() }
    }

    /// Return the number of data sets of each law.
    #[must_use]
    pub fn sets(&self) -> usize {
        self.records.len() / self.laws.max(1)
    }

    /// Keep only the first data sets of each law.
    #[must_use]
    pub fn first(mut self, sets: usize) -> Done {
        self.records.truncate(sets * self.laws);
        self
    }

    /// Return outcome `place` of every data set of a law.
    pub fn outcomes(&self, law: usize, place: usize) -> impl Iterator<Item = Outcome> + '_ {
        self.records.iter().skip(law).step_by(self.laws.max(1)).map(move |r| r[place])
    }

    pub(super) fn extend(&mut self, records: Vec<Vec<Outcome>>) {
        self.records.extend(records);
    }

    /// Write a checkpoint: a line that says of what, then a line a data set.
    #[must_use]
    pub fn to_text(&self, calibration: &Calibration<'_>) -> String {
        let mut out = format!("{MAGIC}{}\n", calibration.identity());
        for record in &self.records {
            for (k, outcome) in record.iter().enumerate() {
                let _ = write!(out, "{}{outcome}", if k > 0 { " " } else { "" });
            }
            out.push('\n');
        }
        out
    }

    /// Read a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError`] when the file is none, or that of another calibration.
    pub fn parse(path: &str, text: &str, calibration: &Calibration<'_>) -> Result<Done, CheckpointError> {
        let path = || path.to_owned();
        let mut lines = text.lines();
        let Some(found) = lines.next().and_then(|l| l.strip_prefix(MAGIC)) else {
            return Err(CheckpointError::NoCheckpoint { path: path() });
        };
        let expected = calibration.identity();
        if found != expected {
            return Err(CheckpointError::Other { path: path(), found: found.to_owned(), expected });
        }
        let mut done = calibration.nothing_done();
        for (i, line) in lines.enumerate() {
            let record: Result<Vec<Outcome>, _> = line.split(' ').map(str::parse).collect();
            match record {
                Ok(record) if record.len() == done.width => done.records.push(record),
                _ => return Err(CheckpointError::BadLine { path: path(), line: i + 2 }),
            }
        }
        // Only whole rounds of laws count.
        let sets = done.sets();
        Ok(done.first(sets))
    }
}
