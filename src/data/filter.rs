//! Row filters as people type them: `C < 1e21 and family == 'pythia'`.

use super::size::{NumberError, parse_size};
use super::table::Table;
use super::{DataError, clip, nearest};

mod error;

pub use error::FilterError;

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// Operators as written, longer ones before their beginnings.
const OPERATORS: [(&str, Operator); 7] = [
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("=", Operator::Equal),
];

/// What a cell is compared with.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Number(f64),
    Text(String),
}

/// One comparison of a column with a value.
#[derive(Debug, Clone, PartialEq)]
struct Condition {
    column: String,
    operator: Operator,
    value: Value,
}

/// A filter of rows: conditions that must all hold.
///
/// A number is compared with the number in a cell, sizes as people write them on both sides; a quoted word,
/// or one that is no number, with the text of a cell. A cell without a number (missing, NaN) is equal to no
/// number, neither smaller nor greater; a word in such a cell is an error for < and >, and differs from every
/// number for == and !=.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    text: String,
    conditions: Vec<Condition>,
}

impl Filter {
    /// Parse conditions joined by `and` or `&&`.
    ///
    /// # Errors
    /// [`FilterError`] names the piece and its position.
    ///
    /// # Example
    /// ```
    /// use lawfit::data::Filter;
    /// assert!(Filter::parse("C < 1e21 and family == 'pythia'").is_ok());
    /// assert!(Filter::parse("C < large").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Filter, FilterError> {
        if text.trim().is_empty() {
            return Err(FilterError::Empty);
        }
        let mut parser = Parser { text, at: 0 };
        let mut conditions = Vec::new();
        loop {
            conditions.push(parser.condition()?);
            parser.skip_blanks();
            if parser.rest().is_empty() {
                break;
            }
            let Some(length) = and_length(parser.rest()) else {
                let (filter, position, found) = parser.here();
                return Err(FilterError::NoAnd { filter, position, found });
            };
            parser.at += length;
        }
        Ok(Filter { text: text.trim().to_owned(), conditions })
    }

    /// Return the filter as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Find the columns of the conditions in a table.
    pub(super) fn bind<'a>(&'a self, table: &'a Table) -> Result<Bound<'a>, DataError> {
        let columns = self
            .conditions
            .iter()
            .map(|condition| find_column(table, &condition.column))
            .collect::<Result<_, _>>()?;
        Ok(Bound { filter: self, table, columns })
    }
}

/// Find a column that the user named.
pub(super) fn find_column(table: &Table, name: &str) -> Result<usize, DataError> {
    table.column(name).ok_or_else(|| DataError::UnknownColumn {
        source_name: table.source.clone(),
        column: name.to_owned(),
        nearest: nearest(name, table.columns.iter().map(|c| c.name.as_str())).map(str::to_owned),
        columns: table.names(),
    })
}

/// A filter whose columns are found.
pub(super) struct Bound<'a> {
    filter: &'a Filter,
    table: &'a Table,
    columns: Vec<usize>,
}

impl Bound<'_> {
    /// Say whether a row passes.
    pub(super) fn passes(&self, row: usize) -> Result<bool, DataError> {
        for (condition, &column) in self.filter.conditions.iter().zip(&self.columns) {
            let cell = self.table.cell(row, column);
            let passes = match &condition.value {
                Value::Text(text) => (cell.trim() == text) == (condition.operator == Operator::Equal),
                Value::Number(number) => {
                    condition.compare(cell, *number).ok_or_else(|| DataError::FilterOnText {
                        source_name: self.table.source.clone(),
                        line: self.table.line(row),
                        column: self.table.columns[column].name.clone(),
                        found: clip(cell),
                        filter: self.filter.text.clone(),
                    })?
                }
            };
            if !passes {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Condition {
    /// Compare a cell with a number; none when the cell holds a word and the comparison is one of size.
    fn compare(&self, cell: &str, number: f64) -> Option<bool> {
        let value = match parse_size(cell) {
            Ok(value) => value,
            Err(NumberError::Empty | NumberError::Missing | NumberError::NotFinite) => {
                return Some(self.operator == Operator::NotEqual);
            }
            Err(_) => {
                return match self.operator {
                    Operator::Equal => Some(false),
                    Operator::NotEqual => Some(true),
                    _ => None,
                };
            }
        };
        Some(match self.operator {
            Operator::Less => value < number,
            Operator::LessOrEqual => value <= number,
            Operator::Greater => value > number,
            Operator::GreaterOrEqual => value >= number,
            Operator::Equal => value == number,
            Operator::NotEqual => value != number,
        })
    }
}

/// Return the length of the `and` or `&&` that a text starts with.
fn and_length(text: &str) -> Option<usize> {
    if text.starts_with("&&") {
        return Some(2);
    }
    let word = text.get(..3).filter(|word| word.eq_ignore_ascii_case("and"))?;
    let whole = text[3..].chars().next().is_none_or(|c| c.is_whitespace() || c == '`');
    whole.then_some(word.len())
}

/// A place in the text of a filter.
struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Return the filter, the position in characters from 1, and the word found there.
    fn here(&self) -> (String, usize, String) {
        let word = self.rest().split_whitespace().next().unwrap_or_default();
        (self.text.to_owned(), self.position(self.at), clip(word))
    }

    fn position(&self, at: usize) -> usize {
        self.text[..at].chars().count() + 1
    }

    fn condition(&mut self) -> Result<Condition, FilterError> {
        let column = self.column()?;
        self.skip_blanks();
        let Some(&(sign, operator)) = OPERATORS.iter().find(|(sign, _)| self.rest().starts_with(sign)) else {
            let (filter, position, found) = self.here();
            return Err(FilterError::NoOperator { filter, position, found });
        };
        self.at += sign.len();
        let value = self.value(operator)?;
        Ok(Condition { column, operator, value })
    }

    fn column(&mut self) -> Result<String, FilterError> {
        self.skip_blanks();
        if self.rest().starts_with('`') {
            return self.quoted('`');
        }
        let ends = |c: char| c.is_whitespace() || "<>=!&|'\"`".contains(c);
        let length = self.rest().find(ends).unwrap_or(self.rest().len());
        if length == 0 {
            let (filter, position, found) = self.here();
            return Err(FilterError::NoColumn { filter, position, found });
        }
        let name = self.rest()[..length].to_owned();
        self.at += length;
        Ok(name)
    }

    /// Read what stands between two quotes.
    fn quoted(&mut self, quote: char) -> Result<String, FilterError> {
        let inside = &self.rest()[1..];
        let Some(length) = inside.find(quote) else {
            let (filter, position) = (self.text.to_owned(), self.position(self.at));
            return Err(FilterError::OpenQuote { filter, position, quote });
        };
        self.at += length + 2;
        Ok(inside[..length].to_owned())
    }

    fn value(&mut self, operator: Operator) -> Result<Value, FilterError> {
        self.skip_blanks();
        let start = self.at;
        let quote = self.rest().chars().next().filter(|c| ['\'', '"'].contains(c));
        let (text, quoted) = match quote {
            Some(quote) => (self.quoted(quote)?, true),
            None => (self.bare_value()?, false),
        };
        let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        if quoted && equality {
            return Ok(Value::Text(text));
        }
        match parse_size(&text) {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) if equality => Ok(Value::Text(text)),
            Err(fault) => Err(FilterError::NoNumber {
                filter: self.text.to_owned(),
                position: self.position(start),
                found: clip(&text),
                fault,
            }),
        }
    }

    /// Read a value without quotes: one word, and a second one if both make a size (`1.3 B`).
    fn bare_value(&mut self) -> Result<String, FilterError> {
        let length = |text: &str| {
            text.find(|c: char| c.is_whitespace() || "<>=!`'\"".contains(c))
                .unwrap_or(text.len())
                .min(text.find("&&").unwrap_or(text.len()))
        };
        let rest = self.rest();
        let first = length(rest);
        if first == 0 || and_length(rest).is_some() {
            let (filter, position, found) = self.here();
            return Err(FilterError::NoValue { filter, position, found });
        }
        let second = rest[first..].trim_start();
        let both = rest.len() - second.len() + length(second);
        let end = if parse_size(&rest[..first]).is_ok() && parse_size(&rest[..both]).is_ok() {
            both
        } else {
            first
        };
        self.at += end;
        Ok(rest[..end].trim_end().to_owned())
    }
}

#[cfg(test)]
mod tests;
