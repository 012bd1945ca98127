//! The table of a study: written, read back, and merged, byte for byte.

use super::cells::cells;
use super::error::StudyError;
use super::panel::Panel;
use super::row::{COLUMNS, Row};
use super::scenario::Scenario;
use super::settings::Settings;
use serde::Serialize;
use std::fmt::Write as _;

/// Version of the cells and of the table: a file of another version cannot be resumed.
pub(super) const VERSION: u32 = 1;
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

    /// The methods that were judged.
    fn panel(&self) -> Option<Panel> {
        let ids: Vec<String> = match self.methods.as_str() {
            "all" => Vec::new(),
            names => names.split('+').map(str::to_owned).collect(),
        };
        Panel::named(&ids).ok()
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

impl Study {
    /// A study of which nothing is done.
    #[must_use]
    pub fn new(header: Header) -> Study {
        Study { header, rows: Vec::new() }
    }

    /// Whether a cell is done: every method that suits it is there for every parameter.
    ///
    /// So is a cell that none of the methods suits.
    #[must_use]
    pub fn has(&self, cell: &str) -> bool {
        cells().iter().any(|c| c.id == cell) && !self.missing().iter().any(|id| id == cell)
    }

    /// Return the cells of the whole study that are not done, in its order.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let panel = self.header.panel();
        let lacks = |c: &Scenario| panel.as_ref().is_none_or(|p| self.lacks(c, p).is_some());
        cells().into_iter().filter(lacks).map(|c| c.id).collect()
    }

    /// Return the numbers of rows of a cell that are there and that should be, where they differ from what the methods call for.
    fn lacks(&self, cell: &Scenario, panel: &Panel) -> Option<(usize, usize)> {
        let suited = panel.suited_to(cell);
        let expected: Vec<(&str, &str)> = (cell.targets.iter())
            .flat_map(|&k| suited.methods.iter().map(move |m| (cell.form.params()[k].name, m.id.as_str())))
            .collect();
        let own = self.rows.iter().filter(|r| r.cell == cell.id);
        let found: Vec<(&str, &str)> = own.map(|r| (r.target.as_str(), r.method.as_str())).collect();
        (found != expected).then_some((found.len(), expected.len()))
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
    /// [`StudyError`] names the first line that does not belong to a study, or a cell whose rows are not all there.
    pub fn parse(path: &str, text: &str) -> Result<Study, StudyError> {
        let (study, cut) = Study::read(path, text)?;
        match cut {
            None => Ok(study),
            Some(cut) => Err(cut),
        }
    }

    /// Read a table back to go on with it: a last cell whose rows are not all there, because the file was cut short, is left out.
    /// Return the name of that cell too.
    ///
    /// # Errors
    /// [`StudyError`] as [`Study::parse`] for all else.
    pub fn resume(path: &str, text: &str) -> Result<(Study, Option<String>), StudyError> {
        let (mut study, cut) = Study::read(path, text)?;
        match cut {
            None => Ok((study, None)),
            Some(StudyError::Incomplete { cell, .. }) => {
                study.rows.retain(|r| r.cell != cell);
                Ok((study, Some(cell)))
            }
            Some(other) => Err(other),
        }
    }

    /// Read a table, and say of its last cell what is missing.
    fn read(path: &str, text: &str) -> Result<(Study, Option<StudyError>), StudyError> {
        let path = || path.to_owned();
        let mut lines: Vec<&str> = text.lines().collect();
        let header = lines.first().and_then(|l| Header::parse(l));
        let columns = lines.get(1).is_some_and(|l| *l == COLUMNS.join(","));
        let (Some(header), true) = (header, columns) else {
            return Err(StudyError::NoStudy { path: path() });
        };
        let Some(panel) = header.panel() else {
            let problem = format!("found the methods {}, which are not all known", header.methods);
            return Err(StudyError::Inconsistent { path: path(), line: 1, problem });
        };
        // A line without its end may be cut anywhere, in the middle of a number too: it counts for nothing.
        let cut = if lines.len() > 2 && !text.ends_with('\n') { lines.pop() } else { None };
        let known = cells();
        let mut study = Study::new(header);
        let mut last = None;
        for (i, line) in lines.iter().enumerate().skip(2) {
            let bad = |problem: String| StudyError::Inconsistent { path: path(), line: i + 1, problem };
            let row = Row::parse(line).ok_or_else(|| StudyError::BadRow {
                path: path(),
                line: i + 1,
                found: (*line).to_owned(),
            })?;
            let cell = known
                .iter()
                .find(|c| c.id == row.cell)
                .ok_or_else(|| bad(format!("found the cell `{}`, which is none of the study", row.cell)))?;
            if let Some(problem) = row.problem(study.header.sets, cell) {
                return Err(bad(problem));
            }
            let same = |r: &Row| r.cell == row.cell && r.target == row.target && r.method == row.method;
            if study.rows.iter().any(same) {
                return Err(bad(format!(
                    "found `{}` for {} in `{}` twice",
                    row.method, row.target, row.cell
                )));
            }
            last = Some(cell);
            study.rows.push(row);
        }
        let incomplete = |cell: &Scenario, (found, expected): (usize, usize)| StudyError::Incomplete {
            path: path(),
            cell: cell.id.clone(),
            found,
            expected,
        };
        let mut short = None;
        for cell in known.iter().filter(|c| study.rows.iter().any(|r| r.cell == c.id)) {
            let Some(counts) = study.lacks(cell, &panel) else { continue };
            let error = incomplete(cell, counts);
            if last.is_none_or(|l| l.id != cell.id) {
                return Err(error);
            }
            short = Some(error);
        }
        if let (None, Some(line)) = (&short, cut) {
            // All that is left of its cell is the line that is cut.
            short = Some(StudyError::Incomplete {
                path: path(),
                cell: line.split(',').next().unwrap_or(line).to_owned(),
                found: 0,
                expected: 1,
            });
        }
        let rows = std::mem::take(&mut study.rows);
        study.add(rows);
        Ok((study, short))
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
            if self.rows.iter().all(|r| r.cell != *cell) {
                new.extend_from_slice(rows);
            } else if !self.rows.iter().filter(|r| r.cell == *cell).eq(rows) {
                return Err(StudyError::Differs { path: path.to_owned(), cell: cell.clone() });
            }
        }
        self.add(new);
        Ok(())
    }
}
