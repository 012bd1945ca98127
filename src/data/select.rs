//! From a table to a data set: columns, filters, checked cells, the largest rows left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::cell::{CellFault, Role, read_cell};
use super::columns::{Choice, choose, is_predictor_name};
use super::compute::FlopRule;
use super::dataset::{Dataset, DroppedRow, Input, Labels, Response};
use super::filter::{Filter, find_column};
use super::precision::{Precision, PrecisionKind, frequency};
use super::quantity::Quantity;
use super::size::{format_size, parse_size};
use super::table::Table;
use super::{DataError, EMPTY_CELL, clip, list, shown};

/// Fewest rows that a law can be judged by.
const FEWEST_ROWS: usize = 3;

/// Which columns and rows of a table are analysed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// Names of the predictors; guessed when there is none.
    pub x: Vec<String>,
    /// Name of the response; guessed when there is none.
    pub y: Option<String>,
    /// Filters that a row must all pass.
    pub filters: Vec<Filter>,
    /// How many rows with the largest first predictor to leave out; of equal ones the later line goes first.
    pub drop_largest: usize,
    /// Whether a row with a bad cell is left out rather than an error.
    pub skip_bad_rows: bool,
    /// Whether the response must be positive, as a log scale asks.
    pub positive_response: bool,
    /// The column that says how precise every row is, and what its numbers are.
    pub precision: Option<(String, PrecisionKind)>,
    /// The column of whole numbers that says how many equal rows a row stands for.
    pub frequency: Option<String>,
    /// The column of words that parts the rows into sets.
    pub labels: Option<String>,
    /// The column of words that says which rows have errors that may depend on each other.
    pub cluster: Option<String>,
    /// Whether predictors may be zero or negative: only for laws that take no logarithm of them.
    pub any_predictor: bool,
    /// The quantities that the forms read, in their order, where they read several: guessed when `x` is empty.
    pub quantities: Vec<Quantity>,
    /// How compute follows from size and data, for a column that the table lacks.
    pub flops: FlopRule,
}

/// A cell that cannot be used.
struct BadCell {
    row: usize,
    column: usize,
    fault: CellFault,
    role: Role,
}

/// The numbers of the rows that can be used, in the order of the source.
struct Rows {
    /// One vector a predictor.
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    /// What further columns say, one vector a column of [`Further`].
    further: Vec<Vec<f64>>,
    lines: Vec<usize>,
    rows: Vec<usize>,
}

/// Positions of the columns beside predictors and response.
struct Further {
    precision: Option<usize>,
    frequency: Option<usize>,
    labels: Option<usize>,
    cluster: Option<usize>,
}

impl Further {
    /// The columns that hold numbers, in order.
    fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        self.precision.iter().chain(&self.frequency).copied()
    }

    /// The columns that hold words, with what they are for.
    fn words(&self) -> impl Iterator<Item = (usize, Role)> + '_ {
        let labels = self.labels.iter().map(|&column| (column, Role::Label));
        labels.chain(self.cluster.iter().map(|&column| (column, Role::Cluster)))
    }
}

impl Selection {
    /// Choose columns and rows, check every cell that is used, and build the data set.
    ///
    /// Filters go first, then bad cells, then the largest rows. Rows left out as bad or largest are listed in
    /// [`Dataset::dropped`], rows that a filter held back are counted in [`Dataset::notes`].
    ///
    /// # Errors
    /// [`DataError`] for the first bad cell in the order of the source (unless such rows are skipped), for
    /// columns that do not exist or cannot be guessed, and when what is left is too little: fewer than 3
    /// rows, or all of one size.
    pub fn apply(&self, table: &Table) -> Result<Dataset, DataError> {
        let completed = self.flops.complete(table, &self.x, &self.quantities);
        let table = completed.as_ref();
        let choice = choose(table, &self.x, self.y.as_deref(), &self.quantities)?;
        let mut notes = table.notes.clone();
        notes.extend(choice.notes.iter().cloned());
        let find = |name: &String| find_column(table, name);
        let further = Further {
            precision: self.precision.as_ref().map(|p| find(&p.0)).transpose()?,
            frequency: self.frequency.as_ref().map(find).transpose()?,
            labels: self.labels.as_ref().map(find).transpose()?,
            cluster: self.cluster.as_ref().map(find).transpose()?,
        };
        let kept = self.filter(table, &mut notes)?;
        let (mut rows, bad) = self.read(table, &choice, &further, &kept);
        if let Some(first) = bad.first() {
            refuse_text_columns(table, &kept, first, &bad)?;
            if !self.skip_bad_rows {
                return Err(bad_cell(table, first));
            }
        }
        let mut dropped: Vec<DroppedRow> = bad.iter().map(|cell| dropped_row(table, cell)).collect();
        if rows.lines.is_empty() {
            return Err(DataError::NothingLeft {
                source_name: table.source.clone(),
                dropped: bad.len(),
                reasons: reasons(table, &bad),
            });
        }
        self.drop_largest(table, &choice, &mut rows, &mut dropped)?;
        refuse_too_little(table, &choice, &rows)?;
        let differing = differing_column(table, &choice, &kept, &rows);
        if let Some(column) = further.frequency {
            let name = &table.columns[column].name;
            notes.push(format!(
                "each row stands for as many as column `{name}` says ({} in all)",
                rows.repeat(table, column)?
            ));
        }
        let precision = self.precision.as_ref().zip(further.precision).map(|((_, kind), column)| Precision {
            column: table.columns[column].name.clone(),
            kind: *kind,
            values: rows.further[0].clone(),
        });
        let words = |column: usize| {
            let words: Vec<String> =
                rows.rows.iter().map(|&row| table.cell(row, column).trim().to_owned()).collect();
            Labels::new(&table.columns[column].name, &words)
        };
        let labels = further.labels.map(words);
        let cluster = further.cluster.map(words);
        if let Some(Labels { column, names, .. }) = &cluster
            && let [cluster] = names.as_slice()
        {
            let (source_name, column) = (table.source.clone(), column.clone());
            return Err(DataError::OneCluster { source_name, column, cluster: clip(cluster) });
        }
        let inputs = choice.x.iter().zip(rows.x).map(|(&column, values)| Input {
            name: table.columns[column].name.clone(),
            unit: table.columns[column].unit.clone(),
            values,
        });
        let response = Response { name: table.columns[choice.y].name.clone(), values: rows.y };
        let mut dataset = Dataset::new(&table.source, inputs.collect(), response, rows.lines)?
            .with_columns(precision, labels);
        if let Some(cluster) = cluster {
            dataset = dataset.with_cluster(cluster);
        }
        dropped.sort_by_key(|row| row.line);
        dataset.dropped = dropped;
        dataset.notes = notes;
        dataset.differing = differing;
        Ok(dataset)
    }

    /// Return the rows that pass every filter, and note how many did.
    fn filter(&self, table: &Table, notes: &mut Vec<String>) -> Result<Vec<usize>, DataError> {
        if self.filters.is_empty() {
            return Ok((0..table.rows()).collect());
        }
        let bound = self.filters.iter().map(|filter| filter.bind(table)).collect::<Result<Vec<_>, _>>()?;
        let mut kept = Vec::new();
        'rows: for row in 0..table.rows() {
            for filter in &bound {
                if !filter.passes(row)? {
                    continue 'rows;
                }
            }
            kept.push(row);
        }
        let filters: Vec<String> = self.filters.iter().map(|filter| filter.text().to_owned()).collect();
        if kept.is_empty() {
            return Err(DataError::FilterKeepsNothing {
                source_name: table.source.clone(),
                filters,
                rows: table.rows(),
            });
        }
        let written: Vec<String> = filters.iter().map(|filter| format!("--where `{filter}`")).collect();
        notes.push(format!("{} of {} rows kept by {}", kept.len(), table.rows(), written.join(" and ")));
        Ok(kept)
    }

    /// Read the chosen cells of the kept rows: the usable rows, and the first bad cell of every other one.
    fn read(
        &self,
        table: &Table,
        choice: &Choice,
        further: &Further,
        kept: &[usize],
    ) -> (Rows, Vec<BadCell>) {
        let response = if self.positive_response { Role::PositiveResponse } else { Role::Response };
        let predictor = if self.any_predictor { Role::AnyPredictor } else { Role::Predictor };
        let mut rows = Rows {
            x: vec![Vec::with_capacity(kept.len()); choice.x.len()],
            y: Vec::with_capacity(kept.len()),
            further: vec![Vec::with_capacity(kept.len()); further.numbers().count()],
            lines: Vec::with_capacity(kept.len()),
            rows: Vec::with_capacity(kept.len()),
        };
        let mut bad = Vec::new();
        'rows: for &row in kept {
            let columns = choice.x.iter().map(|&column| (column, predictor));
            let numbers = further.numbers().map(|column| (column, Role::Precision));
            for (i, (column, role)) in columns.chain([(choice.y, response)]).chain(numbers).enumerate() {
                let k = choice.x.len();
                match read_cell(table.cell(row, column), role) {
                    Ok(value) if i < k => rows.x[i].push(value),
                    Ok(value) if i == k => rows.y.push(value),
                    Ok(value) => rows.further[i - k - 1].push(value),
                    Err(fault) => {
                        // The cells of this row that came before the bad one go again.
                        rows.take_back();
                        bad.push(BadCell { row, column, fault, role });
                        continue 'rows;
                    }
                }
            }
            let missing = further.words().find(|(column, _)| table.cell(row, *column).trim().is_empty());
            if let Some((column, role)) = missing {
                rows.take_back();
                bad.push(BadCell { row, column, fault: CellFault::Missing, role });
                continue 'rows;
            }
            rows.lines.push(table.line(row));
            rows.rows.push(row);
        }
        (rows, bad)
    }

    /// Leave out the rows with the largest first predictor.
    fn drop_largest(
        &self,
        table: &Table,
        choice: &Choice,
        rows: &mut Rows,
        dropped: &mut Vec<DroppedRow>,
    ) -> Result<(), DataError> {
        let (asked, n) = (self.drop_largest, rows.lines.len());
        if asked == 0 {
            return Ok(());
        }
        if asked >= n {
            return Err(DataError::DropTooMany { source_name: table.source.clone(), asked, rows: n });
        }
        let sizes = &rows.x[0];
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| sizes[b].total_cmp(&sizes[a]).then(b.cmp(&a)));
        let out: BTreeSet<usize> = order[..asked].iter().copied().collect();
        dropped.extend(out.iter().map(|&i| DroppedRow {
            line: rows.lines[i],
            column: Some(table.columns[choice.x[0]].name.clone()),
            found: Some(format_size(sizes[i])),
            reason: format!("left out by --drop-largest {asked}"),
        }));
        for values in rows.x.iter_mut().chain([&mut rows.y]).chain(&mut rows.further) {
            *values = without(values, &out);
        }
        rows.lines = without(&rows.lines, &out);
        rows.rows = without(&rows.rows, &out);
        Ok(())
    }
}

impl Rows {
    /// Take back the cells of a row that is not complete.
    fn take_back(&mut self) {
        let n = self.lines.len();
        for values in self.x.iter_mut().chain([&mut self.y]).chain(&mut self.further) {
            values.truncate(n);
        }
    }

    /// Repeat every row as often as the last of the further columns says; return how many rows there are then.
    fn repeat(&mut self, table: &Table, column: usize) -> Result<usize, DataError> {
        let mut picks = Vec::new();
        for (i, value) in self.further.pop().unwrap_or_default().into_iter().enumerate() {
            let times = frequency(value).map_err(|problem| DataError::Frequency {
                source_name: table.source.clone(),
                line: self.lines[i],
                column: table.columns[column].name.clone(),
                problem,
            })?;
            picks.extend(std::iter::repeat_n(i, times));
        }
        for values in self.x.iter_mut().chain([&mut self.y]).chain(&mut self.further) {
            *values = picks.iter().map(|&i| values[i]).collect();
        }
        self.lines = picks.iter().map(|&i| self.lines[i]).collect();
        self.rows = picks.iter().map(|&i| self.rows[i]).collect();
        Ok(picks.len())
    }
}

/// Return the first column with a size's name, not chosen, whose values differ between rows of equal predictors.
fn differing_column(table: &Table, choice: &Choice, kept: &[usize], rows: &Rows) -> Option<String> {
    let row_of: HashMap<usize, usize> = kept.iter().map(|&row| (table.line(row), row)).collect();
    let candidates = (0..table.columns.len())
        .filter(|c| *c != choice.y && !choice.x.contains(c) && is_predictor_name(&table.columns[*c].name));
    for column in candidates {
        let mut seen: HashMap<Vec<u64>, f64> = HashMap::new();
        for (i, line) in rows.lines.iter().enumerate() {
            let key = rows.x.iter().map(|values| values[i].to_bits()).collect();
            let Some(value) = row_of.get(line).and_then(|&row| parse_size(table.cell(row, column)).ok())
            else {
                continue;
            };
            if *seen.entry(key).or_insert(value) != value {
                return Some(table.columns[column].name.clone());
            }
        }
    }
    None
}

/// Return the items whose index is not in `out`.
fn without<T: Copy>(items: &[T], out: &BTreeSet<usize>) -> Vec<T> {
    items.iter().enumerate().filter(|(i, _)| !out.contains(i)).map(|(_, item)| *item).collect()
}

/// Refuse a chosen column that holds a word in every kept row: the wrong column was chosen.
fn refuse_text_columns(
    table: &Table,
    kept: &[usize],
    first: &BadCell,
    bad: &[BadCell],
) -> Result<(), DataError> {
    let whole = kept.len() > 1
        && bad.len() == kept.len()
        && bad.iter().all(|cell| cell.column == first.column && cell.fault == CellFault::Text);
    if !whole {
        return Ok(());
    }
    Err(DataError::TextColumn {
        source_name: table.source.clone(),
        column: table.columns[first.column].name.clone(),
        line: table.line(first.row),
        found: clip(table.cell(first.row, first.column)),
    })
}

/// Refuse what no law can be fitted to: too few rows, or rows of one size.
fn refuse_too_little(table: &Table, choice: &Choice, rows: &Rows) -> Result<(), DataError> {
    let source_name = table.source.clone();
    let n = rows.lines.len();
    if n < FEWEST_ROWS {
        return Err(DataError::TooFewRows { source_name, rows: n, needed: FEWEST_ROWS });
    }
    for (&column, values) in choice.x.iter().zip(&rows.x) {
        if values.iter().all(|&value| value == values[0]) {
            return Err(DataError::ConstantPredictor {
                source_name,
                column: table.columns[column].name.clone(),
                value: format_size(values[0]),
            });
        }
    }
    Ok(())
}

fn bad_cell(table: &Table, cell: &BadCell) -> DataError {
    DataError::BadCell {
        source_name: table.source.clone(),
        line: table.line(cell.row),
        column: table.columns[cell.column].name.clone(),
        found: clip(table.cell(cell.row, cell.column)),
        fault: cell.fault,
        role: cell.role,
    }
}

fn dropped_row(table: &Table, cell: &BadCell) -> DroppedRow {
    let name = &table.columns[cell.column].name;
    let found = clip(table.cell(cell.row, cell.column));
    DroppedRow {
        line: table.line(cell.row),
        reason: format!(
            "column {} has {}, expected {}",
            list(std::slice::from_ref(name)),
            shown(&found, EMPTY_CELL),
            cell.fault.expected(cell.role)
        ),
        column: Some(name.clone()),
        found: Some(found),
    }
}

/// Count the faults by column, the most frequent first.
fn reasons(table: &Table, bad: &[BadCell]) -> String {
    let mut counts: BTreeMap<(usize, CellFault), usize> = BTreeMap::new();
    for cell in bad {
        *counts.entry((cell.column, cell.fault)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let written: Vec<String> = counts
        .iter()
        .map(|((column, fault), count)| {
            format!("{} {} in {count}", list(&[table.columns[*column].name.clone()]), fault.label())
        })
        .collect();
    written.join(", ")
}

#[cfg(test)]
mod tests;
