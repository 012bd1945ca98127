//! JSON: an array of objects, or objects one after another (JSON Lines), or one saved result.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::content::Content;
use super::table::Table;
use super::{DataError, clip};

/// Read rows, or a saved result, from text that starts with `{` or `[` on the line `line`.
pub(super) fn read(source: &str, text: &str, line: usize) -> Result<Content, DataError> {
    // A text cut short ends where its last character is, not on an empty line behind it.
    let text = text.trim_end();
    let mut cursor = Cursor { source, text, at: 0, line };
    let mut rows = Rows::default();
    let in_array = cursor.peek() == Some(b'[');
    if in_array {
        cursor.move_to(cursor.at + 1);
    }
    while let Some(next) = cursor.peek() {
        if in_array && next == b']' && rows.lines.is_empty() {
            break;
        }
        let line = cursor.line;
        if next != b'{' {
            let start = cursor.at;
            let _: Value = cursor.value()?;
            let found = clip(&text[start..cursor.at]);
            return Err(DataError::JsonNotObject { source_name: source.to_owned(), line, found });
        }
        let Object(members) = cursor.value()?;
        let next = cursor.peek();
        let alone = !in_array && rows.lines.is_empty() && next.is_none();
        if alone && members.iter().any(|(key, _)| key == "schema_version") {
            return Ok(Content::Saved(Value::Object(members.into_iter().collect())));
        }
        rows.push(source, line, members)?;
        if in_array {
            match next {
                Some(b',') => cursor.move_to(cursor.at + 1),
                Some(b']') => break,
                _ => return Err(cursor.problem("expected `,` or `]` after an object of the array")),
            }
        }
    }
    if in_array {
        if cursor.peek() != Some(b']') {
            return Err(cursor.problem("the array is not closed"));
        }
        cursor.move_to(cursor.at + 1);
        if cursor.peek().is_some() {
            return Err(cursor.problem("expected nothing after the array"));
        }
    }
    rows.into_table(source).map(Content::Table)
}

/// The members of one JSON object in order, so that a repeated key is seen.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::with_capacity(map.size_hint().unwrap_or(8));
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A place in JSON text, with its line.
struct Cursor<'a> {
    source: &'a str,
    text: &'a str,
    at: usize,
    line: usize,
}

impl Cursor<'_> {
    /// Skip blanks and return the next byte, without going past it; none at the end.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        self.move_to(self.at + blanks);
        rest.get(blanks).copied()
    }

    /// Go forward, counting lines.
    fn move_to(&mut self, at: usize) {
        self.line += self.text.as_bytes()[self.at..at].iter().filter(|&&b| b == b'\n').count();
        self.at = at;
    }

    /// Parse the value that starts here and go behind it.
    fn value<T: DeserializeOwned>(&mut self) -> Result<T, DataError> {
        let rest = &self.text[self.at..];
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<T>();
        match stream.next() {
            Some(Ok(value)) => {
                let length = stream.byte_offset();
                self.move_to(self.at + length);
                Ok(value)
            }
            Some(Err(error)) => {
                let line_start: usize =
                    rest.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
                let offset = line_start + error.column().saturating_sub(1);
                self.move_to(self.at + offset.min(rest.len()));
                let text = error.to_string();
                Err(self.problem(text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what)))
            }
            None => Err(self.problem("expected a value")),
        }
    }

    /// Describe a problem at this place.
    fn problem(&self, problem: &str) -> DataError {
        let at = (0..=self.at).rev().find(|&i| self.text.is_char_boundary(i)).unwrap_or(0);
        let line_start = self.text[..at].rfind('\n').map_or(0, |i| i + 1);
        DataError::JsonSyntax {
            source_name: self.source.to_owned(),
            line: self.line,
            position: self.text[line_start..at].chars().count() + 1,
            found: clip(self.text[at..].lines().next().unwrap_or_default()),
            problem: problem.to_owned(),
        }
    }
}

/// Rows whose columns are still being discovered: the cells of all rows in one string, each with its column.
#[derive(Default)]
struct Rows {
    names: Vec<String>,
    columns: HashMap<String, usize>,
    text: String,
    /// Column and end of every cell, row by row.
    cells: Vec<(usize, usize)>,
    /// End of every row in `cells`.
    ends: Vec<usize>,
    lines: Vec<usize>,
}

impl Rows {
    fn push(&mut self, source: &str, line: usize, members: Vec<(String, Value)>) -> Result<(), DataError> {
        let first = self.cells.len();
        for (key, value) in members {
            let column = match self.columns.get(&key) {
                Some(&column) => column,
                None => {
                    self.names.push(key.clone());
                    self.columns.insert(key.clone(), self.names.len() - 1);
                    self.names.len() - 1
                }
            };
            if self.cells[first..].iter().any(|(other, _)| *other == column) {
                return Err(DataError::DuplicateColumn { source_name: source.to_owned(), line, column: key });
            }
            match value {
                Value::String(text) => self.text.push_str(text.trim()),
                Value::Null => {}
                other => self.text.push_str(&other.to_string()),
            }
            self.cells.push((column, self.text.len()));
        }
        self.ends.push(self.cells.len());
        self.lines.push(line);
        Ok(())
    }

    fn into_table(self, source: &str) -> Result<Table, DataError> {
        if self.names.is_empty() {
            return Err(DataError::Empty { source_name: source.to_owned() });
        }
        let mut table = Table::new(source, &self.names, self.lines[0])?;
        let mut row = vec![""; self.names.len()];
        let (mut cell, mut start) = (0, 0);
        for (&end, &line) in self.ends.iter().zip(&self.lines) {
            row.fill("");
            for &(column, text_end) in &self.cells[cell..end] {
                row[column] = &self.text[start..text_end];
                start = text_end;
            }
            cell = end;
            table.push_row(line, row.iter().copied());
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::read_text;

    fn table(text: &str) -> Table {
        read_text("t.json", text.as_bytes()).unwrap()
    }

    fn error(text: &str) -> DataError {
        read_text("t.json", text.as_bytes()).unwrap_err()
    }

    fn cells(table: &Table) -> Vec<Vec<&str>> {
        (0..table.rows())
            .map(|row| (0..table.columns.len()).map(|column| table.cell(row, column)).collect())
            .collect()
    }

    #[test]
    fn an_array_and_lines_give_the_same_table_with_real_lines() {
        let array = table("[\n {\"N\": 1e6, \"loss\": 3.5},\n\n {\"N\": \"10M\",\n \"loss\": 3.1}\n]\n");
        assert_eq!((array.line(0), array.line(1)), (2, 4));
        let lines = table("\n{\"N\": 1e6, \"loss\": 3.5}\n{\"N\": \"10M\", \"loss\": 3.1}\n");
        assert_eq!((lines.line(0), lines.line(1)), (2, 3));
        assert_eq!(cells(&array), cells(&lines));
        assert_eq!(array.names(), ["N", "loss"]);
        assert_eq!(array.cell(1, 0), "10M");
    }

    #[test]
    fn numbers_keep_their_value() {
        for number in ["0.1", "1e21", "199526.23149688789", "12345678901234567890", "-0.02"] {
            let table = table(&format!("[{{\"N\":{number}}}]"));
            assert_eq!(table.cell(0, 0).parse::<f64>(), number.parse::<f64>());
        }
    }

    #[test]
    fn missing_keys_nulls_and_nested_values() {
        let table = table("[{\"N\":1,\"cfg\":{\"lr\":0.1}},{\"loss\":null,\"ok\":true,\"N\":2}]");
        assert_eq!(table.names(), ["N", "cfg", "loss", "ok"]);
        assert_eq!(cells(&table), [["1", "{\"lr\":0.1}", "", ""], ["2", "", "", "true"]]);
    }

    #[test]
    fn a_unit_in_a_key_is_parted_off() {
        let table = table("[{\"N [million]\": 100}]");
        assert_eq!(
            (table.columns[0].name.as_str(), table.columns[0].unit.as_deref()),
            ("N", Some("million"))
        );
    }

    #[test]
    fn a_saved_result_is_told_from_a_table() {
        let saved = "{\"schema_version\": 1, \"fits\": []}";
        assert!(matches!(read("t", saved, 1), Ok(Content::Saved(value)) if value["schema_version"] == 1));
        assert_eq!(error(saved), DataError::SavedResult { source_name: "t.json".into() });
        assert!(matches!(read("t", &format!("{saved}\n{saved}"), 1), Ok(Content::Table(_))));
        assert!(matches!(read("t", "{\"N\": 1}", 1), Ok(Content::Table(_))));
    }

    #[test]
    fn syntax_errors_name_line_and_position() {
        for (text, line, position, found) in [
            ("[{\"N\": 1},\n {\"N\": NaN}]", 2, 8, "NaN}]"),
            ("{\"N\": 1}\n{\"N\" 2}", 2, 6, "2}"),
            ("[{\"N\": 1}", 1, 10, ""),
            ("[{\"N\": 1} {\"N\": 2}]", 1, 11, "{\"N\": 2}]"),
            ("[{\"N\": 1}] x", 1, 12, "x"),
            ("[{\"N\": 1},]", 1, 11, "]"),
            ("[", 1, 2, ""),
        ] {
            match error(text) {
                DataError::JsonSyntax { line: l, position: p, found: f, .. } => {
                    assert_eq!((l, p, f.as_str()), (line, position, found), "{text}");
                }
                other => panic!("{text}: {other}"),
            }
        }
        assert!(error("[{\"N\": NaN}]").hint().is_some_and(|hint| hint.contains("null")));
    }

    #[test]
    fn rows_that_are_no_objects_and_empty_arrays_are_refused() {
        assert_eq!(
            error("[{\"N\": 1},\n [2, 3]]"),
            DataError::JsonNotObject { source_name: "t.json".into(), line: 2, found: "[2, 3]".into() }
        );
        assert_eq!(error("[]"), DataError::Empty { source_name: "t.json".into() });
        assert_eq!(error("[{}]"), DataError::Empty { source_name: "t.json".into() });
        assert_eq!(
            error("[{\"N\": 1, \"N\": 2}]"),
            DataError::DuplicateColumn { source_name: "t.json".into(), line: 1, column: "N".into() }
        );
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        assert!(matches!(error(&"[".repeat(100_000)), DataError::JsonSyntax { .. }));
    }
}
