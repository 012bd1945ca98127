//! Physical lines of a text file, read one at a time with a limit, numbered, and checked to be text.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

use super::DataError;

/// Longest line, and longest quoted record, that is read: 16 MiB.
pub(super) const LONGEST_LINE: usize = 16 << 20;

/// A reader of lines that never holds more than one of them, apart from those looked at ahead.
pub(super) struct Lines<R> {
    source: String,
    reader: BufReader<R>,
    ahead: VecDeque<(usize, String)>,
    /// Number of the last line read from the source.
    last: usize,
    text: String,
    number: usize,
}

impl<R: Read> Lines<R> {
    /// Start at the first line of a source.
    pub(super) fn new(source: &str, reader: R) -> Lines<R> {
        Lines {
            source: source.to_owned(),
            reader: BufReader::with_capacity(1 << 16, reader),
            ahead: VecDeque::new(),
            last: 0,
            text: String::new(),
            number: 0,
        }
    }

    /// Return the name of the source, for messages.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Return the current line without its line end.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Return the number of the current line; the first is 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// Go to the next line; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, DataError> {
        if let Some((number, text)) = self.ahead.pop_front() {
            (self.number, self.text) = (number, text);
            return Ok(true);
        }
        let buffer = std::mem::take(&mut self.text);
        let Some(text) = self.fetch(buffer)? else {
            return Ok(false);
        };
        (self.number, self.text) = (self.last, text);
        Ok(true)
    }

    /// Go to the next line that is neither blank nor a comment; false at the end.
    pub(super) fn advance_to_content(&mut self) -> Result<bool, DataError> {
        while self.advance()? {
            if is_content(&self.text) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Skip blank lines and comments, so that the next line to come is content; false at the end.
    pub(super) fn skip_to_content(&mut self) -> Result<bool, DataError> {
        loop {
            let Some(content) = self.look_ahead(1)?.next().map(is_content) else {
                return Ok(false);
            };
            if content {
                return Ok(true);
            }
            self.advance()?;
        }
    }

    /// Look at the next lines without going there: up to `count` of them or about 1 MiB.
    pub(super) fn look_ahead(&mut self, count: usize) -> Result<impl Iterator<Item = &str>, DataError> {
        let mut size: usize = self.ahead.iter().map(|(_, text)| text.len()).sum();
        while self.ahead.len() < count && size < 1 << 20 {
            let Some(text) = self.fetch(String::new())? else {
                break;
            };
            size += text.len();
            self.ahead.push_back((self.last, text));
        }
        Ok(self.ahead.iter().map(|(_, text)| text.as_str()))
    }

    /// Read one line into a buffer that is used again: without its end, without a byte order mark, checked.
    fn fetch(&mut self, buffer: String) -> Result<Option<String>, DataError> {
        let mut bytes = buffer.into_bytes();
        bytes.clear();
        // Two more for CR LF, so that a line of exactly the longest length still passes.
        let limit = (LONGEST_LINE + 2) as u64;
        let read = (&mut self.reader).take(limit).read_until(b'\n', &mut bytes);
        if read.map_err(|e| DataError::read(&self.source, &e))? == 0 {
            return Ok(None);
        }
        self.last += 1;
        let line = self.last;
        let source_name = || self.source.clone();
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
            while bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        }
        if bytes.contains(&0) {
            return Err(DataError::Binary { source_name: source_name(), line });
        }
        if bytes.len() > LONGEST_LINE {
            return Err(DataError::LineTooLong { source_name: source_name(), line });
        }
        if line == 1 && bytes.starts_with("\u{feff}".as_bytes()) {
            bytes.drain(..3);
        }
        if bytes.contains(&b'\r') {
            return Err(DataError::LoneCarriageReturn { source_name: source_name(), line });
        }
        String::from_utf8(bytes).map(Some).map_err(|e| DataError::NotUtf8 {
            source_name: source_name(),
            line,
            byte: e.utf8_error().valid_up_to() + 1,
        })
    }
}

/// Say whether a line is neither blank nor a comment.
pub(super) fn is_content(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Result<Vec<(usize, String)>, DataError> {
        let mut lines = Lines::new("t", bytes);
        let mut found = Vec::new();
        while lines.advance_to_content()? {
            found.push((lines.number(), lines.text().to_owned()));
        }
        Ok(found)
    }

    #[test]
    fn ends_marks_blanks_and_comments_are_removed_and_lines_keep_their_numbers() {
        let found = all("\u{feff}# note\r\nN,loss\r\n\r\n  \n1,2\n # more\n3,4".as_bytes()).unwrap();
        assert_eq!(found, [(2, "N,loss".into()), (5, "1,2".into()), (7, "3,4".into())]);
    }

    #[test]
    fn looking_ahead_changes_nothing() {
        let mut lines = Lines::new("t", "a\nb\nc".as_bytes());
        assert_eq!(lines.look_ahead(2).unwrap().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(lines.look_ahead(9).unwrap().count(), 3);
        for (number, text) in [(1, "a"), (2, "b"), (3, "c")] {
            assert!(lines.advance().unwrap());
            assert_eq!((lines.number(), lines.text()), (number, text));
        }
        assert!(!lines.advance().unwrap());
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_line() {
        assert_eq!(
            all(b"N,loss\n1,\xe9\n"),
            Err(DataError::NotUtf8 { source_name: "t".into(), line: 2, byte: 3 })
        );
        assert_eq!(all(b"N\n\0\n"), Err(DataError::Binary { source_name: "t".into(), line: 2 }));
        assert_eq!(
            all(b"N,loss\r1,2\r"),
            Err(DataError::LoneCarriageReturn { source_name: "t".into(), line: 1 })
        );
    }

    #[test]
    fn an_endless_line_fails_within_the_limit() {
        let endless = b"N,loss\n".chain(std::io::repeat(b'1'));
        let mut lines = Lines::new("t", endless);
        assert!(lines.advance().unwrap());
        assert_eq!(lines.advance(), Err(DataError::LineTooLong { source_name: "t".into(), line: 2 }));
    }

    #[test]
    fn the_longest_line_passes() {
        let mut lines = Lines::new("t", std::io::repeat(b'1').take(LONGEST_LINE as u64));
        assert!(lines.advance().unwrap());
        assert_eq!(lines.text().len(), LONGEST_LINE);
    }

    #[test]
    fn a_failing_reader_is_an_io_error() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("the cable was pulled"))
            }
        }
        let error = Lines::new("-", Broken).advance().unwrap_err();
        assert!(error.is_io() && error.to_string().contains("the cable was pulled"), "{error}");
    }
}
