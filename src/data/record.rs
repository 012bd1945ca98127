//! One record of delimited text, split into cells; quotes may carry it over several lines.
//!
//! The `csv` crate is not used here for three reasons that matter to people with a broken file: it ends an
//! open quote silently at the end of the file, it puts no limit on a record, and it does not see a quote
//! behind a blank. The tests hold this splitter against it.

/// Where in a cell the splitter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Only blanks so far.
    Start,
    /// In a cell without quotes, or behind a closing quote.
    Bare,
    /// Between quotes.
    Quoted,
}

/// The cells of one record, in buffers that are used again.
#[derive(Debug)]
pub(super) struct Record {
    delimiter: char,
    text: String,
    ends: Vec<usize>,
    state: State,
    /// Length of `text` up to the last closing quote of the cell: blanks before it are part of the cell.
    kept: usize,
}

impl Record {
    /// Start an empty record with this delimiter.
    pub(super) fn new(delimiter: char) -> Record {
        Record { delimiter, text: String::new(), ends: Vec::new(), state: State::Start, kept: 0 }
    }

    /// Forget the cells, keep the buffers.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.state = State::Start;
        self.kept = 0;
    }

    /// Add a line; true when the record ends with it, false when a quote is still open.
    pub(super) fn add_line(&mut self, line: &str) -> bool {
        if self.state == State::Quoted {
            self.text.push('\n');
        } else if !line.contains('"') {
            for cell in line.split(self.delimiter) {
                self.text.push_str(cell.trim());
                self.ends.push(self.text.len());
            }
            return true;
        }
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match self.state {
                State::Quoted if c == '"' => {
                    if chars.next_if_eq(&'"').is_some() {
                        self.text.push('"');
                    } else {
                        self.state = State::Bare;
                        self.kept = self.text.len();
                    }
                }
                State::Quoted => self.text.push(c),
                _ if c == self.delimiter => self.end_cell(),
                State::Start if c == '"' => self.state = State::Quoted,
                State::Start if c.is_whitespace() => {}
                State::Start | State::Bare => {
                    self.state = State::Bare;
                    self.text.push(c);
                }
            }
        }
        if self.state == State::Quoted {
            return false;
        }
        self.end_cell();
        true
    }

    /// Close the current cell, dropping blanks behind it that are not quoted.
    fn end_cell(&mut self) {
        let start = self.ends.last().copied().unwrap_or(0).max(self.kept);
        let kept = self.text[start..].trim_end().len();
        self.text.truncate(start + kept);
        self.ends.push(self.text.len());
        self.state = State::Start;
    }

    /// Return the number of cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Return the number of bytes held so far.
    pub(super) fn size(&self) -> usize {
        self.text.len()
    }

    /// Return the cells in order.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<String> {
        let mut record = Record::new(',');
        for line in text.split('\n') {
            record.add_line(line);
        }
        record.cells().map(str::to_owned).collect()
    }

    #[test]
    fn quotes_and_blanks() {
        for (text, cells) in [
            ("1,2", vec!["1", "2"]),
            (" 1 , 2 ", vec!["1", "2"]),
            (",", vec!["", ""]),
            ("\"a,b\",c", vec!["a,b", "c"]),
            (" \"a,b\" , c ", vec!["a,b", "c"]),
            ("\"say \"\"x\"\"\",1", vec!["say \"x\"", "1"]),
            ("\" kept \",1", vec![" kept ", "1"]),
            ("\"\",1", vec!["", "1"]),
            ("5\" disk,1", vec!["5\" disk", "1"]),
            ("\"two\nlines\",1", vec!["two\nlines", "1"]),
            ("\"a\nb\nc\"", vec!["a\nb\nc"]),
        ] {
            assert_eq!(split(text), cells, "{text:?}");
        }
    }

    #[test]
    fn an_open_quote_asks_for_more() {
        let mut record = Record::new(';');
        assert!(!record.add_line("1;\"open"));
        assert!(record.add_line("closed\";2"));
        assert_eq!(record.cells().collect::<Vec<_>>(), ["1", "open\nclosed", "2"]);
        record.clear();
        assert_eq!(record.len(), 0);
    }

    proptest! {
        /// Whatever the csv crate writes comes back, cell for cell.
        #[test]
        fn what_the_csv_crate_writes_is_read(cells in prop::collection::vec("[a-z0-9 ,;\"\n]{0,8}", 1..6)) {
            let quote = csv::QuoteStyle::Always;
            let mut writer = csv::WriterBuilder::new().quote_style(quote).from_writer(Vec::new());
            writer.write_record(&cells).unwrap();
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(split(text.strip_suffix('\n').unwrap()), cells);
        }
    }
}
