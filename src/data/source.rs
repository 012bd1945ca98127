//! From a path, standard input or a built-in name to a table: opens, looks at the first bytes, picks the
//! reader.

use std::fs::File;
use std::io::Read;

use super::content::Content;
use super::lines::Lines;
use super::table::Table;
use super::{DataError, builtin, delimited, json};

/// Load a table or a saved result from a path, from standard input (`-`) or from the built-in data (`@name`).
///
/// The format is found out from the content and never from the name.
///
/// # Errors
/// [`DataError`] when the source cannot be read or holds neither.
pub fn load(path: &str) -> Result<Content, DataError> {
    if let Some(name) = path.strip_prefix('@') {
        return read_text(path, builtin(name)?.text.as_bytes()).map(Content::Table);
    }
    if path == "-" {
        return read(path, std::io::stdin().lock());
    }
    let failed = |error: std::io::Error| DataError::read(path, &error);
    if std::fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(DataError::IsDirectory { source_name: path.to_owned() });
    }
    read(path, File::open(path).map_err(failed)?)
}

/// Load a table as [`load`] does; a saved result is an error.
///
/// # Errors
/// [`DataError`] when the source cannot be read or is no table.
pub fn read_table(path: &str) -> Result<Table, DataError> {
    table_of(path, load(path)?)
}

/// Read a table from any reader; `source` names it in messages.
///
/// # Errors
/// [`DataError`] when the text cannot be read or is no table.
///
/// # Example
/// ```
/// let table = lawfit::data::read_text("inline", "N,loss\n1e6,3.5\n".as_bytes())?;
/// assert_eq!(table.cell(0, 1), "3.5");
/// # Ok::<(), lawfit::data::DataError>(())
/// ```
pub fn read_text(source: &str, reader: impl Read) -> Result<Table, DataError> {
    table_of(source, read(source, reader)?)
}

fn table_of(source: &str, content: Content) -> Result<Table, DataError> {
    match content {
        Content::Table(table) => Ok(table),
        Content::Saved(_) => Err(DataError::SavedResult { source_name: source.to_owned() }),
    }
}

/// First bytes of files that are no text, what such a file is, and what to do with it.
const FOREIGN: [(&[u8], &str, &str); 13] = [
    (b"\x1f\x8b", "a gzip archive", "unpack it first: `gunzip -c FILE | lawfit fit -`"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "unpack it first: `zstd -dc FILE | lawfit fit -`"),
    (b"\xfd7zXZ\0", "an xz archive", "unpack it first: `xz -dc FILE | lawfit fit -`"),
    (b"BZh", "a bzip2 archive", "unpack it first: `bzip2 -dc FILE | lawfit fit -`"),
    (
        b"PK\x03\x04",
        "a zip archive or an Excel workbook (.xlsx)",
        "save the sheet as CSV, or unpack the archive",
    ),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "save the sheet as CSV"),
    (b"\xff\xfe", "UTF-16 text", UTF_16),
    (b"\xfe\xff", "UTF-16 text", UTF_16),
    (b"ARROW1", "an Arrow file", "write it as CSV; polars: `df.write_csv(\"runs.csv\")`"),
    (b"\x89HDF", "an HDF5 file", "write the table as CSV; pandas: `df.to_csv(\"runs.csv\", index=False)`"),
    (b"\x93NUMPY", "a NumPy array", "write it as CSV with a header line of column names"),
    (b"SQLite", "an SQLite database", "export the table: `sqlite3 -header -csv FILE 'select ...'`"),
    (b"%PDF", "a PDF document", "copy the table into a CSV file"),
];

/// What to do with UTF-16.
const UTF_16: &str = "save the file as UTF-8; in a spreadsheet choose \"CSV UTF-8\"";

/// How Parquet files begin.
const PARQUET: &[u8] = b"PAR1";

/// Read whatever a reader holds.
fn read(source: &str, mut reader: impl Read) -> Result<Content, DataError> {
    let mut start = Vec::with_capacity(8);
    let failed = |error: std::io::Error| DataError::read(source, &error);
    (&mut reader).take(8).read_to_end(&mut start).map_err(failed)?;
    if let Some((_, format, advice)) = FOREIGN.iter().find(|(magic, ..)| start.starts_with(magic)) {
        return Err(DataError::ForeignFormat { source_name: source.to_owned(), format, advice });
    }
    let reader = start.as_slice().chain(reader);
    if start.starts_with(PARQUET) {
        return read_parquet(source, reader).map(Content::Table);
    }
    let mut lines = Lines::new(source, reader);
    if !lines.skip_to_content()? {
        return Err(DataError::Empty { source_name: source.to_owned() });
    }
    let json = lines.look_ahead(1)?.next().is_some_and(|line| line.trim_start().starts_with(['{', '[']));
    if !json {
        return delimited::read(&mut lines).map(Content::Table);
    }
    let mut text = String::new();
    let mut first = None;
    while lines.advance()? {
        first.get_or_insert(lines.number());
        text.push_str(lines.text());
        text.push('\n');
    }
    json::read(source, &text, first.unwrap_or(1))
}

/// Read Parquet, whose index is at its end, by way of a temporary file: the source may be a pipe.
#[cfg(feature = "parquet")]
fn read_parquet(source: &str, mut reader: impl Read) -> Result<Table, DataError> {
    use std::io::{Seek, SeekFrom};
    let failed = |error: std::io::Error| DataError::read(source, &error);
    let mut file = tempfile::tempfile().map_err(failed)?;
    std::io::copy(&mut reader, &mut file).map_err(failed)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    super::parquet::read(source, file)
}

/// Refuse Parquet: this program was built without it.
#[cfg(not(feature = "parquet"))]
fn read_parquet(source: &str, _: impl Read) -> Result<Table, DataError> {
    Err(DataError::ParquetNotBuilt { source_name: source.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8]) -> DataError {
        read_text("t", bytes).unwrap_err()
    }

    #[test]
    fn built_in_data_files_and_their_names() {
        assert!(matches!(load("@guide"), Ok(Content::Table(table)) if table.source == "@guide"));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("runs.csv");
        std::fs::write(&path, "N,loss\n1e6,3.5\n").unwrap();
        let path = path.to_str().unwrap();
        assert_eq!(read_table(path).unwrap().source, path);
    }

    #[test]
    fn a_missing_file_and_a_directory_are_io_errors() {
        let dir = tempfile::tempdir().unwrap();
        let directory = dir.path().to_str().unwrap();
        let missing = format!("{directory}/runs.csv");
        let error = load(&missing).unwrap_err();
        assert_eq!(error, DataError::NotFound { source_name: missing });
        assert!(error.is_io() && error.hint().is_some());
        let error = load(directory).unwrap_err();
        assert_eq!(error, DataError::IsDirectory { source_name: directory.to_owned() });
        assert!(error.is_io() && error.hint().is_some());
    }

    #[test]
    fn kinds_of_io_errors_are_told_apart() {
        use std::io::{Error, ErrorKind};
        for (kind, expected) in [
            (ErrorKind::PermissionDenied, DataError::PermissionDenied { source_name: "t".into() }),
            (ErrorKind::NotFound, DataError::NotFound { source_name: "t".into() }),
            (ErrorKind::IsADirectory, DataError::IsDirectory { source_name: "t".into() }),
        ] {
            let error = DataError::read("t", &Error::from(kind));
            assert_eq!(error, expected);
            assert!(error.is_io() && error.hint().is_some());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_without_permission_is_an_io_error() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("runs.csv");
        std::fs::write(&path, "N,loss\n1e6,3.5\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
        // The superuser may read anything: then there is nothing to test here.
        if File::open(&path).is_err() {
            let error = load(path.to_str().unwrap()).unwrap_err();
            assert!(matches!(error, DataError::PermissionDenied { .. }), "{error}");
        }
    }

    #[test]
    fn foreign_formats_are_named() {
        for (magic, format, _) in FOREIGN {
            let mut bytes = magic.to_vec();
            bytes.extend_from_slice(&[0; 32]);
            let error = error(&bytes);
            assert!(
                matches!(&error, DataError::ForeignFormat { format: found, .. } if *found == format),
                "{error}"
            );
            assert!(error.hint().is_some() && !error.is_io());
        }
        assert!(error(b"\xff\xfeN\0,\0").hint().is_some_and(|hint| hint.contains("UTF-8")));
    }

    #[cfg(not(feature = "parquet"))]
    #[test]
    fn parquet_asks_for_its_feature() {
        let error = error(b"PAR1\0\0\0\0");
        assert_eq!(error, DataError::ParquetNotBuilt { source_name: "t".into() });
        assert!(error.hint().is_some_and(|hint| hint.contains("--features parquet")));
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn broken_parquet_is_an_error() {
        assert!(matches!(error(b"PAR1\0\0\0\0PAR1"), DataError::Parquet { .. }));
    }

    #[test]
    fn nothing_at_all_is_empty_and_standard_input_is_named() {
        for bytes in [&b""[..], b"\n\n", b"# only a comment", b"\xef\xbb\xbf"] {
            assert_eq!(error(bytes), DataError::Empty { source_name: "t".into() });
        }
        let error = read_text("-", &b""[..]).unwrap_err();
        assert!(error.to_string().starts_with("standard input"), "{error}");
        assert!(error.hint().is_some());
    }

    #[test]
    fn a_byte_order_mark_changes_nothing() {
        let table = read_text("t", "\u{feff}N,loss\n1,2\n".as_bytes()).unwrap();
        assert_eq!(table.names(), ["N", "loss"]);
        assert!(read_text("t", "\u{feff}[{\"N\":1}]".as_bytes()).is_ok());
    }
}
