//! Comma-, tab-, semicolon- and pipe-separated text with a header line.

use std::io::Read;

use super::DataError;
use super::lines::{LONGEST_LINE, Lines, is_content};
use super::record::Record;
use super::size::parse_size;
use super::table::Table;

/// Delimiters in order of preference, with their names.
const DELIMITERS: [(char, &str); 4] = [(',', "commas"), ('\t', "tabs"), (';', "semicolons"), ('|', "pipes")];

/// Lines looked at to find the delimiter.
const SAMPLE: usize = 20;

/// Read a table from lines of which the next is the header.
pub(super) fn read<R: Read>(lines: &mut Lines<R>) -> Result<Table, DataError> {
    let sample: Vec<&str> = lines.look_ahead(SAMPLE)?.filter(|line| is_content(line)).collect();
    let found = find_delimiter(&sample);
    let (delimiter, name) = found.unwrap_or(DELIMITERS[0]);
    let mut record = Record::new(delimiter);
    let source = lines.source().to_owned();
    if !lines.advance_to_content()? {
        return Err(DataError::Empty { source_name: source });
    }
    let header_line = lines.number();
    read_record(lines, &mut record)?;
    let headings: Vec<String> = record.cells().map(str::to_owned).collect();
    if looks_like_data(&headings) {
        return Err(DataError::HeaderIsNumbers {
            source_name: source,
            line: header_line,
            found: headings.iter().map(|h| super::clip(h)).collect(),
        });
    }
    let mut table = Table::new(&source, &headings, header_line)?;
    if found.is_some() && delimiter != ',' {
        table.notes.push(format!("columns are separated by {name} (found out from the first lines)"));
    }
    while lines.advance_to_content()? {
        let line = lines.number();
        read_record(lines, &mut record)?;
        let (found, expected) = (record.len(), headings.len());
        if found != expected {
            return Err(DataError::WrongCellCount { source_name: source, line, found, expected });
        }
        table.push_row(line, record.cells());
    }
    if table.rows() == 0 {
        return Err(DataError::HeaderOnly { source_name: source, line: header_line });
    }
    Ok(table)
}

/// Read the record that starts on the current line, going on while a quote is open.
fn read_record<R: Read>(lines: &mut Lines<R>, record: &mut Record) -> Result<(), DataError> {
    let line = lines.number();
    record.clear();
    while !record.add_line(lines.text()) {
        if record.size() > LONGEST_LINE || !lines.advance()? {
            let source_name = lines.source().to_owned();
            return Err(DataError::UnterminatedQuote { source_name, line });
        }
    }
    Ok(())
}

/// Find the delimiter that parts the header into the same number of cells as most rows; none for a single
/// column.
fn find_delimiter(sample: &[&str]) -> Option<(char, &'static str)> {
    let score = |&(delimiter, name): &(char, &'static str)| {
        let mut record = Record::new(delimiter);
        let mut counts = Vec::with_capacity(sample.len());
        for line in sample {
            if record.add_line(line) {
                counts.push(record.len());
                record.clear();
            }
        }
        let width = counts.first().copied().filter(|&width| width > 1)?;
        let agreeing = counts.iter().filter(|&&count| count == width).count();
        Some((agreeing as f64 / counts.len() as f64, width, (delimiter, name)))
    };
    DELIMITERS
        .iter()
        .filter_map(score)
        // The first of equals wins, whereas `max_by` would return the last.
        .rev()
        .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, _, delimiter)| delimiter)
}

/// Say whether most headings are numbers, so that the header line is probably missing.
fn looks_like_data(headings: &[String]) -> bool {
    let numbers = headings.iter().filter(|h| parse_size(h).is_ok()).count();
    2 * numbers > headings.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::read_text;
    use proptest::prelude::*;

    fn table(text: &str) -> Table {
        read_text("t.csv", text.as_bytes()).unwrap()
    }

    fn error(text: &str) -> DataError {
        read_text("t.csv", text.as_bytes()).unwrap_err()
    }

    #[test]
    fn the_delimiter_is_found_out_and_noted() {
        for (delimiter, word) in [(",", ""), ("\t", "tabs"), (";", "semicolons"), ("|", "pipes")] {
            let text = "N,loss\n1e6,3.5\n1e7,3.1\n".replace(',', delimiter);
            let table = table(&text);
            assert_eq!(table.names(), ["N", "loss"]);
            assert_eq!(table.cell(1, 1), "3.1");
            assert_eq!(table.notes.len(), usize::from(delimiter != ","));
            assert!(table.notes.iter().all(|note| note.contains(word)));
        }
    }

    #[test]
    fn a_delimiter_within_quotes_or_cells_does_not_mislead() {
        let semicolons = table("N;loss\n1e6;3,5\n1e7;3,1\n");
        assert_eq!([semicolons.cell(0, 0), semicolons.cell(0, 1)], ["1e6", "3,5"]);
        let quoted = table("name,N\n\"a;b;c\",1\n\"d;e;f\",2\n");
        assert_eq!(quoted.cell(0, 0), "a;b;c");
    }

    #[test]
    fn lines_are_counted_through_comments_blanks_and_quoted_line_ends() {
        let table = table("# runs\n\nN,note,loss\r\n1e6,\"two\r\nlines\",3.5\n# more\n\n1e7,x,3.1");
        assert_eq!((table.rows(), table.line(0), table.line(1)), (2, 4, 8));
        assert_eq!(table.cell(0, 1), "two\nlines");
    }

    #[test]
    fn a_comment_within_quotes_is_text() {
        assert_eq!(table("a,b\n\"x\n# y\",1\n").cell(0, 0), "x\n# y");
    }

    #[test]
    fn bad_tables_say_where() {
        let source_name = || "t.csv".to_owned();
        for (text, expected) in [
            ("", DataError::Empty { source_name: source_name() }),
            ("\n# nothing\n\n", DataError::Empty { source_name: source_name() }),
            ("# x\nN,loss\n\n", DataError::HeaderOnly { source_name: source_name(), line: 2 }),
            (
                "N,loss,N\n1,2,3\n",
                DataError::DuplicateColumn { source_name: source_name(), line: 1, column: "N".into() },
            ),
            (
                ",N,loss\n0,1,2\n",
                DataError::UnnamedColumn { source_name: source_name(), line: 1, position: 1 },
            ),
            (
                "N,loss\n1,2\n3,4,5\n",
                DataError::WrongCellCount { source_name: source_name(), line: 3, found: 3, expected: 2 },
            ),
            (
                "N,loss\n1,2\n\n3\n",
                DataError::WrongCellCount { source_name: source_name(), line: 4, found: 1, expected: 2 },
            ),
            (
                "N,loss\n1,2\n\"3,4\n5,6\n",
                DataError::UnterminatedQuote { source_name: source_name(), line: 3 },
            ),
            (
                "100M,3.5\n1.3B,3.1\n",
                DataError::HeaderIsNumbers {
                    source_name: source_name(),
                    line: 1,
                    found: vec!["100M".into(), "3.5".into()],
                },
            ),
        ] {
            let found = error(text);
            assert_eq!(found, expected, "{text:?}");
            assert!(found.hint().is_some() && !found.is_io(), "{found}");
            assert!(found.to_string().starts_with("`t.csv`"), "{found}");
        }
    }

    #[test]
    fn an_open_quote_in_an_endless_source_fails_within_the_limit() {
        struct Endless;
        impl Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                buffer.fill(b'a');
                buffer.iter_mut().step_by(1000).for_each(|b| *b = b'\n');
                Ok(buffer.len())
            }
        }
        let error = read_text("t.csv", b"N,loss\n\"".chain(Endless)).unwrap_err();
        assert_eq!(error, DataError::UnterminatedQuote { source_name: "t.csv".into(), line: 2 });
    }

    #[test]
    fn a_hundred_thousand_rows_are_read_quickly() {
        let mut text = String::from("N,loss,name\n");
        for i in 1..=100_000 {
            text.push_str(&format!("{i}e6,{}.5,\"run {i}\"\n", i % 7));
        }
        let start = std::time::Instant::now();
        let table = table(&text);
        assert_eq!((table.rows(), table.cell(99_999, 0)), (100_000, "100000e6"));
        // About 20 ms when optimised; the limit only catches work that grows faster than the table.
        assert!(start.elapsed().as_secs() < 5);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_text("t", bytes.as_slice());
        }

        #[test]
        fn no_table_like_text_panics(text in "[Nloss,;|\t\"# 0-9.\r\n\\[{}:\u{feff}-]{0,80}") {
            if let Ok(table) = read_text("t", text.as_bytes()) {
                for row in 0..table.rows() {
                    for column in 0..table.columns.len() {
                        let _ = table.cell(row, column);
                    }
                }
            }
        }
    }
}
