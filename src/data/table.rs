//! A table as it was read: named columns of raw cells, and the line that every row came from.

use super::DataError;

/// A column heading, parted into name and unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name without the unit, for instance `N`.
    pub name: String,
    /// Unit, from a heading such as `N [million]` or `N (million)`.
    pub unit: Option<String>,
}

/// A table of raw cells, row by row.
///
/// Cells stay text until columns are chosen, so that a word in a column nobody asked for is no error. All of
/// them lie in one string: a million rows cost a few allocations, and eight bytes a cell beside the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Where the table came from: a path, `-` or `@name`.
    pub source: String,
    /// Columns in the order of the source, with distinct names.
    pub columns: Vec<Column>,
    /// What the reader decided by itself, in sentences.
    pub notes: Vec<String>,
    cells: String,
    ends: Vec<usize>,
    lines: Vec<usize>,
}

impl Table {
    /// Start a table without rows from its headings.
    pub(super) fn new(source: &str, headings: &[String], line: usize) -> Result<Table, DataError> {
        for (i, heading) in headings.iter().enumerate() {
            if heading.trim().is_empty() {
                return Err(DataError::UnnamedColumn {
                    source_name: source.to_owned(),
                    line,
                    position: i + 1,
                });
            }
        }
        let parted: Vec<Column> = headings.iter().map(|h| part_heading(h)).collect();
        let columns: Vec<Column> = headings
            .iter()
            .zip(&parted)
            .map(|(heading, column)| {
                // `loss (train)` and `loss (val)` are told apart by what looks like a unit: keep it in the
                // name.
                let alone = parted.iter().filter(|other| other.name == column.name).count() == 1;
                if alone { column.clone() } else { Column { name: heading.trim().to_owned(), unit: None } }
            })
            .collect();
        let mut names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(DataError::DuplicateColumn {
                source_name: source.to_owned(),
                line,
                column: pair[0].to_owned(),
            });
        }
        Ok(Table {
            source: source.to_owned(),
            columns,
            notes: Vec::new(),
            cells: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
        })
    }

    /// Append a row: one cell a column, which the caller has made sure of.
    pub(super) fn push_row<'a>(&mut self, line: usize, cells: impl IntoIterator<Item = &'a str>) {
        for cell in cells {
            self.cells.push_str(cell);
            self.ends.push(self.cells.len());
        }
        self.lines.push(line);
        debug_assert_eq!(self.ends.len(), self.lines.len() * self.columns.len());
    }

    /// Return the table with one more column, a cell a row.
    pub(super) fn with_column(&self, name: &str, cells: &[String]) -> Table {
        let mut wider = Table {
            source: self.source.clone(),
            columns: self.columns.clone(),
            notes: self.notes.clone(),
            cells: String::with_capacity(self.cells.len() + 20 * cells.len()),
            ends: Vec::with_capacity(self.ends.len() + cells.len()),
            lines: Vec::with_capacity(self.lines.len()),
        };
        wider.columns.push(Column { name: name.to_owned(), unit: None });
        for (row, extra) in cells.iter().enumerate() {
            let own = (0..self.columns.len()).map(|column| self.cell(row, column));
            wider.push_row(self.lines[row], own.chain([extra.as_str()]));
        }
        wider
    }

    /// Return the number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// Return the line of the source that a row starts on; for Parquet, the number of the record.
    ///
    /// # Panics
    /// When there is no such row.
    #[must_use]
    pub fn line(&self, row: usize) -> usize {
        self.lines[row]
    }

    /// Return the text of a cell, blanks around it removed; empty when it is missing.
    ///
    /// # Panics
    /// When there is no such row or column.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &str {
        assert!(column < self.columns.len(), "column {column} of {}", self.columns.len());
        let index = row * self.columns.len() + column;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.cells[start..self.ends[index]]
    }

    /// Return the position of the column with this name; its heading with the unit is understood too.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        let position = |name: &str| self.columns.iter().position(|c| c.name == name);
        position(name).or_else(|| {
            let parted = part_heading(name);
            position(&parted.name).filter(|&i| self.columns[i].unit == parted.unit)
        })
    }

    /// Return the column names in the order of the source.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|c| c.name.clone()).collect()
    }
}

/// Part `N [million]` or `N (million)` into a name and a unit.
fn part_heading(heading: &str) -> Column {
    let heading = heading.trim();
    for (open, close) in [('[', ']'), ('(', ')')] {
        let Some((name, unit)) = heading.strip_suffix(close).and_then(|h| h.rsplit_once(open)) else {
            continue;
        };
        let (name, unit) = (name.trim(), unit.trim());
        if !name.is_empty() && !unit.is_empty() {
            return Column { name: name.to_owned(), unit: Some(unit.to_owned()) };
        }
    }
    Column { name: heading.to_owned(), unit: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(texts: &[&str]) -> Result<Table, DataError> {
        Table::new("t", &texts.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>(), 1)
    }

    #[test]
    fn a_unit_at_the_end_of_a_heading_is_parted_from_the_name() {
        for (heading, name, unit) in [
            ("N [million]", "N", Some("million")),
            (" N(million) ", "N", Some("million")),
            ("loss (nats) at end", "loss (nats) at end", None),
            ("[million]", "[million]", None),
            ("N []", "N []", None),
            ("N", "N", None),
        ] {
            let column = part_heading(heading);
            assert_eq!((column.name.as_str(), column.unit.as_deref()), (name, unit));
        }
    }

    #[test]
    fn headings_that_differ_by_the_parenthesis_stay_apart() {
        let table = headings(&["N", "loss (train)", "loss (val)"]).unwrap();
        assert_eq!(table.names(), ["N", "loss (train)", "loss (val)"]);
        assert_eq!(table.column("loss (val)"), Some(2));
    }

    #[test]
    fn a_column_is_found_by_its_name_or_its_whole_heading() {
        let table = headings(&["N [million]", "loss"]).unwrap();
        assert_eq!(table.column("N"), Some(0));
        assert_eq!(table.column("N [million]"), Some(0));
        assert_eq!(table.column("N [billion]"), None);
        assert_eq!(table.column("n"), None);
    }

    #[test]
    fn unnamed_and_duplicate_columns_are_refused() {
        assert_eq!(
            headings(&["N", " "]),
            Err(DataError::UnnamedColumn { source_name: "t".into(), line: 1, position: 2 })
        );
        assert_eq!(
            headings(&["N", "loss", "N"]),
            Err(DataError::DuplicateColumn { source_name: "t".into(), line: 1, column: "N".into() })
        );
    }

    #[test]
    fn cells_come_back_as_they_went_in() {
        let mut table = headings(&["a", "b"]).unwrap();
        table.push_row(2, ["1", ""]);
        table.push_row(4, ["", "x y"]);
        assert_eq!(table.rows(), 2);
        assert_eq!([table.cell(0, 0), table.cell(0, 1)], ["1", ""]);
        assert_eq!([table.cell(1, 0), table.cell(1, 1)], ["", "x y"]);
        assert_eq!(table.line(1), 4);
    }
}
