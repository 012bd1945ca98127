//! The table of a study: written, read back, and merged, byte for byte.

use super::cells::cells;
use super::run::Settings;
use super::tally::Tally;
use serde::Serialize;
use std::fmt::Write as _;
use thiserror::Error;

/// Version of the cells and of the table: a file of another version cannot be resumed.
const VERSION: u32 = 1;
/// The columns.
const COLUMNS: [&str; 16] = [
    "cell",
    "group",
    "form",
    "n",
    "target",
    "method",
    "sets",
    "failed_fits",
    "unavailable",
    "open_sides",
    "covered",
    "missed_below",
    "missed_above",
    "median_width",
    "refits",
    "failed_refits",
];

/// What one method gave for one parameter in one cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Name of the cell.
    pub cell: String,
    /// Its group.
    pub group: String,
    /// The law.
    pub form: String,
    /// Rows of a data set.
    pub n: usize,
    /// Natural parameter.
    pub target: String,
    /// Interval method.
    pub method: String,
    /// The counts.
    #[serde(flatten)]
    pub tally: Tally,
}

/// What all rows of a study have in common: cells run with other settings do not belong to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Header {
    /// Seed.
    pub seed: u64,
    /// Data sets a cell.
    pub sets: usize,
    /// Bootstrap replicates.
    pub replicates: usize,
    /// Confidence level.
    pub level: f64,
    /// The methods: `all`, or names with `+` between them.
    pub methods: String,
}

/// The cells of a study that are done, in the order of the study.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Study {
    /// What was run.
    #[serde(flatten)]
    pub header: Header,
    /// The rows of every cell that is done.
    pub rows: Vec<Row>,
}

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

impl Header {
    /// The header of a study with these settings.
    #[must_use]
    pub fn of(settings: &Settings) -> Header {
        Header {
            seed: settings.seed,
            sets: settings.sets,
            replicates: settings.measure.replicates,
            level: settings.measure.level.get(),
            methods: settings.measure.panel.describe(),
        }
    }

    /// Say what was run, in one line.
    #[must_use]
    pub fn describe(&self) -> String {
        format!(
            "seed {}, sets {}, replicates {}, level {}, methods {}",
            self.seed, self.sets, self.replicates, self.level, self.methods
        )
    }

    fn first_line(&self) -> String {
        format!("# study of coverage {VERSION}: {}", self.describe())
    }

    fn parse(line: &str) -> Option<Header> {
        let rest = line.strip_prefix(&format!("# study of coverage {VERSION}: "))?;
        let mut words = rest.split(", ").map(|w| w.split_once(' '));
        let mut next = |name: &str| words.next().flatten().filter(|w| w.0 == name).map(|w| w.1);
        let header = Header {
            seed: next("seed")?.parse().ok()?,
            sets: next("sets")?.parse().ok()?,
            replicates: next("replicates")?.parse().ok()?,
            level: next("level")?.parse().ok()?,
            methods: next("methods")?.to_owned(),
        };
        Some(header)
    }
}

impl Row {
    fn csv(&self) -> String {
        let t = &self.tally;
        format!(
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
            self.cell,
            self.group,
            self.form,
            self.n,
            self.target,
            self.method,
            t.sets,
            t.failed_fits,
            t.unavailable,
            t.open_sides,
            t.covered,
            t.missed_below,
            t.missed_above,
            t.median_width.map_or_else(String::new, |w| format!("{w:.5e}")),
            t.refits,
            t.failed_refits
        )
    }

    fn parse(line: &str) -> Option<Row> {
        let parts: Vec<&str> = line.split(',').collect();
        if parts.len() != COLUMNS.len() {
            return None;
        }
        let count = |k: usize| parts[k].parse::<usize>().ok();
        Some(Row {
            cell: parts[0].to_owned(),
            group: parts[1].to_owned(),
            form: parts[2].to_owned(),
            n: count(3)?,
            target: parts[4].to_owned(),
            method: parts[5].to_owned(),
            tally: Tally {
                sets: count(6)?,
                failed_fits: count(7)?,
                unavailable: count(8)?,
                open_sides: count(9)?,
                covered: count(10)?,
                missed_below: count(11)?,
                missed_above: count(12)?,
                median_width: match parts[13] {
                    "" => None,
                    text => Some(text.parse().ok()?),
                },
                refits: count(14)?,
                failed_refits: count(15)?,
            },
        })
    }
}

impl Study {
    /// A study of which nothing is done.
    #[must_use]
    pub fn new(header: Header) -> Study {
        Study { header, rows: Vec::new() }
    }

    /// Whether a cell is done.
    #[must_use]
    pub fn has(&self, cell: &str) -> bool {
        self.rows.iter().any(|r| r.cell == cell)
    }

    /// Add the rows of a cell, at its place in the order of the study.
    pub fn add(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows);
        let order: Vec<String> = cells().into_iter().map(|c| c.id).collect();
        // Stable: the rows of a cell keep their order.
        self.rows.sort_by_key(|r| order.iter().position(|id| *id == r.cell).unwrap_or(order.len()));
    }

    /// Write the table; equal studies give equal bytes, however they were run.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut out = format!("{}\n{}\n", self.header.first_line(), COLUMNS.join(","));
        for row in &self.rows {
            let _ = writeln!(out, "{}", row.csv());
        }
        out
    }

    /// Read a table back.
    ///
    /// # Errors
    /// [`StudyError`] names the first line that does not belong to a study.
    pub fn parse(path: &str, text: &str) -> Result<Study, StudyError> {
        let mut lines = text.lines();
        let header = lines.next().and_then(Header::parse);
        let columns = lines.next() == Some(COLUMNS.join(",").as_str());
        let (Some(header), true) = (header, columns) else {
            return Err(StudyError::NoStudy { path: path.to_owned() });
        };
        let mut study = Study::new(header);
        let mut rows = Vec::new();
        for (i, line) in lines.enumerate() {
            rows.push(Row::parse(line).ok_or_else(|| StudyError::BadRow {
                path: path.to_owned(),
                line: i + 3,
                found: line.to_owned(),
            })?);
        }
        study.add(rows);
        Ok(study)
    }

    /// Check that the file `path` belongs to the study that `expected` describes.
    ///
    /// # Errors
    /// [`StudyError::Other`] when it was run otherwise.
    pub fn belongs(&self, path: &str, expected: &Header) -> Result<(), StudyError> {
        if self.header == *expected {
            return Ok(());
        }
        Err(StudyError::Other {
            path: path.to_owned(),
            found: self.header.describe(),
            expected: expected.describe(),
        })
    }

    /// Take over the cells of another part of the same study.
    ///
    /// # Errors
    /// [`StudyError`] when it was run otherwise, or has other results for a cell.
    pub fn merge(&mut self, path: &str, other: Study) -> Result<(), StudyError> {
        other.belongs(path, &self.header)?;
        let mut new = Vec::new();
        for rows in other.rows.chunk_by(|a, b| a.cell == b.cell) {
            let cell = &rows[0].cell;
            if !self.has(cell) {
                new.extend_from_slice(rows);
            } else if !self.rows.iter().filter(|r| r.cell == *cell).eq(rows) {
                return Err(StudyError::Differs { path: path.to_owned(), cell: cell.clone() });
            }
        }
        self.add(new);
        Ok(())
    }
}
