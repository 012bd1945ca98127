//! Parquet files, read row by row.

use std::fs::File;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use super::DataError;
use super::table::Table;

/// Read all rows; line numbers are the numbers of the records, from 1.
pub(super) fn read(source: &str, file: File) -> Result<Table, DataError> {
    let problem = |error: parquet::errors::ParquetError| DataError::Parquet {
        source_name: source.to_owned(),
        problem: error.to_string(),
    };
    let reader = SerializedFileReader::new(file).map_err(problem)?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let names: Vec<String> =
        schema.root_schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
    if names.is_empty() {
        return Err(DataError::Empty { source_name: source.to_owned() });
    }
    let mut table = Table::new(source, &names, 1)?;
    table.notes.push("lines are numbers of Parquet records".to_owned());
    for (index, row) in reader.get_row_iter(None).map_err(problem)?.enumerate() {
        let row = row.map_err(problem)?;
        let cells: Vec<String> = row.get_column_iter().map(|(_, field)| cell(field)).collect();
        let (found, expected) = (cells.len(), names.len());
        if found != expected {
            let source_name = source.to_owned();
            return Err(DataError::WrongCellCount { source_name, line: index + 1, found, expected });
        }
        table.push_row(index + 1, cells.iter().map(String::as_str));
    }
    if table.rows() == 0 {
        return Err(DataError::HeaderOnly { source_name: source.to_owned(), line: 1 });
    }
    Ok(table)
}

/// Write a field as the text of a cell; floats in the shortest form that reads back, without a loss.
fn cell(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.trim().to_owned(),
        Field::Float(value) => value.to_string(),
        Field::Double(value) => value.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::data_type::{ByteArrayType, DoubleType, Int64Type};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use crate::data::{Selection, read_text};

    /// Write three runs, one of which has no loss.
    fn written() -> Vec<u8> {
        let schema = "message runs { required int64 N; optional double loss; required binary name (UTF8); }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<Int64Type>()
            .write_batch(&[1_000_000, 2_000_000, 4_000_000, 8_000_000], None, None)
            .unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&[3.5, 3.25, 0.1], Some(&[1, 0, 1, 1]), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<ByteArrayType>()
            .write_batch(&["a".into(), "b".into(), "c".into(), "d".into()], None, None)
            .unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        bytes
    }

    #[test]
    fn a_written_file_is_read() {
        let table = read_text("runs.parquet", written().as_slice()).unwrap();
        assert_eq!(table.names(), ["N", "loss", "name"]);
        assert_eq!(table.rows(), 4);
        assert_eq!([table.cell(3, 0), table.cell(3, 1), table.cell(3, 2)], ["8000000", "0.1", "d"]);
        assert_eq!((table.cell(1, 1), table.line(1)), ("", 2));
        let data = Selection { skip_bad_rows: true, ..Selection::default() }.apply(&table).unwrap();
        assert_eq!((data.nobs(), data.dropped.len()), (3, 1));
    }

    #[test]
    fn a_file_cut_short_is_an_error() {
        let bytes = written();
        for length in [8, bytes.len() / 2, bytes.len() - 1] {
            assert!(read_text("runs.parquet", &bytes[..length]).is_err());
        }
    }
}
