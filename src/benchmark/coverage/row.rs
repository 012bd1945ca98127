//! One row of a study: a method, a parameter and a cell.

use super::scenario::Scenario;
use super::tally::Tally;
use serde::Serialize;

/// The columns.
pub(super) const COLUMNS: [&str; 16] = [
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

impl Row {
    /// Write the row.
    pub(super) fn csv(&self) -> String {
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

    /// Read a row back; `None` where a cell is missing or no number.
    pub(super) fn parse(line: &str) -> Option<Row> {
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

    /// Say what is wrong with a row of this cell in a study of so many data sets.
    pub(super) fn problem(&self, sets: usize, cell: &Scenario) -> Option<String> {
        let t = &self.tally;
        if (self.group.as_str(), self.form.as_str(), self.n) != (cell.group, cell.form.id(), cell.rows()) {
            return Some(format!(
                "found {}, {} with {} rows, expected {}, {} with {}",
                self.group,
                self.form,
                self.n,
                cell.group,
                cell.form.id(),
                cell.rows()
            ));
        }
        if t.sets != sets {
            return Some(format!("found {} data sets, expected {} as the first line says", t.sets, sets));
        }
        let parts = [t.failed_fits, t.unavailable, t.covered, t.missed_below, t.missed_above];
        if parts.iter().try_fold(0usize, |sum, n| sum.checked_add(*n)) != Some(t.sets) {
            return Some(format!(
                "found failed_fits, unavailable, covered, missed_below and missed_above that do not add up to {} data sets",
                t.sets
            ));
        }
        if t.open_sides > 2 * t.given() {
            return Some(format!("found {} open sides of {} intervals", t.open_sides, t.given()));
        }
        if t.failed_refits > t.refits {
            return Some(format!("found {} failed refits of {}", t.failed_refits, t.refits));
        }
        let width = t.median_width.filter(|w| !(w.is_finite() && *w >= 0.0));
        width.map(|w| format!("found the median width {w}, expected a finite number from 0"))
    }
}
