//! Tests of the selection: what is left out, what is refused, and in which words.

use super::*;
use crate::data::read_text;

fn table(text: &str) -> Table {
    read_text("runs.csv", text.as_bytes()).unwrap()
}

fn apply(text: &str) -> Result<Dataset, DataError> {
    Selection::default().apply(&table(text))
}

/// A table of five good rows with one line put in as line 4.
fn with_line(line: &str) -> String {
    format!("N,loss\n1M,3.5\n2M,3.3\n{line}\n4M,3.1\n8M,3.0\n16M,2.9\n")
}

#[test]
fn a_plain_table_becomes_a_data_set() {
    let data = apply("N [million],loss\n100,3.5\n1,4.1\n10,3.9\n").unwrap();
    assert_eq!((data.x().name.as_str(), data.x().unit.as_deref()), ("N", Some("million")));
    assert_eq!(data.x().values, [1.0, 10.0, 100.0]);
    assert_eq!(data.lines, [3, 4, 2]);
    assert_eq!(data.order, [1, 2, 0]);
    assert!(data.dropped.is_empty());
    assert_eq!(data.notes.len(), 2);
}

#[test]
fn several_predictors_are_taken_in_the_order_named() {
    let selection = Selection { x: vec!["D".into(), "N".into()], ..Selection::default() };
    let data = selection.apply(&table("N,D,loss\n1,20,3\n2,40,2\n4,10,1\n")).unwrap();
    let names: Vec<&str> = data.predictors.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["D", "N"]);
    assert_eq!(data.x().values, [10.0, 20.0, 40.0]);
}

#[test]
fn each_kind_of_bad_cell_has_its_message_and_hint() {
    for (line, message, hint) in [
        ("3M,", "column `loss`: found an empty cell, expected a number > 0", "fill the cell in"),
        ("NA,3.2", "column `N`: found `NA`, expected a number > 0", "fill the cell in"),
        ("3M,NaN", "column `loss`: found `NaN`, expected a finite number > 0", "diverged"),
        ("inf,3", "column `N`: found `inf`, expected a finite number > 0", "diverged"),
        ("0,3.2", "column `N`: found `0`, expected a number > 0", "counted from 1"),
        ("3M,-0.02", "column `loss`: found `-0.02`, expected a number > 0", "use `--scale raw`"),
        ("3M,high", "column `loss`: found `high`, expected a number > 0", "plain numbers"),
        ("large,3", "column `N`: found `large`, expected a number > 0", "1.3B"),
        ("3M,65%", "column `loss`: found `65%`, expected a fraction without a percent sign", "write 0.65"),
        ("3M,\"2,56\"", "column `loss`: found `2,56`, expected a number with a decimal point", "write 2.56"),
        ("\"0,566\",3", "column `N`: found `0,566`, expected a number with a decimal point", "write 0.566"),
        ("3M,1e400", "column `loss`: found `1e400`, expected a number below 1.8e308", "exponent"),
    ] {
        let table = table(&with_line(line));
        let strict = Selection { positive_response: true, ..Selection::default() };
        let error = strict.apply(&table).unwrap_err();
        assert_eq!(error.to_string(), format!("`runs.csv` line 4, {message}"));
        assert!(error.hint().is_some_and(|h| h.contains(hint)), "{:?}", error.hint());
        let data = Selection { skip_bad_rows: true, ..strict }.apply(&table).unwrap();
        assert_eq!(data.nobs(), 5);
        assert_eq!(data.dropped.len(), 1);
        assert_eq!(data.dropped[0].line, 4);
        assert!(data.dropped[0].reason.contains("expected"), "{:?}", data.dropped);
    }
}

#[test]
fn a_raw_scale_takes_responses_of_any_sign() {
    let data = apply(&with_line("3M,-0.02")).unwrap();
    assert!(data.response.values.contains(&-0.02));
}

#[test]
fn the_first_bad_row_of_the_source_is_shown() {
    let error = apply("loss,N\nbad,1\n3,0\n2,2\n1,3\n").unwrap_err();
    assert!(matches!(error, DataError::BadCell { line: 2, ref column, .. } if column == "loss"), "{error}");
}

#[test]
fn nested_json_is_refused_when_selected_and_ignored_otherwise() {
    let text = "[{\"N\":1,\"loss\":3,\"cfg\":{\"a\":1}},{\"N\":2,\"loss\":{\"val\":2}},{\"N\":3,\"loss\":1},{\"N\":4,\"loss\":0.5}]";
    let error = apply(text).unwrap_err();
    assert!(matches!(error, DataError::BadCell { fault: CellFault::Nested, line: 1, .. }), "{error}");
    let data = Selection { skip_bad_rows: true, ..Selection::default() }.apply(&table(text)).unwrap();
    assert_eq!(data.nobs(), 3);
}

#[test]
fn a_column_of_words_is_the_wrong_column() {
    for skip_bad_rows in [false, true] {
        let selection = Selection { skip_bad_rows, ..Selection::default() };
        let error = selection.apply(&table("N,loss\n1,high\n2,low\n3,low\n")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`runs.csv`: column `loss` holds text: line 2 has `high`, expected numbers"
        );
        assert!(error.hint().is_some());
    }
}

#[test]
fn filters_choose_rows_and_are_counted() {
    let filters = vec![Filter::parse("N > 1M").unwrap(), Filter::parse("N < 16M").unwrap()];
    let selection = Selection { filters, ..Selection::default() };
    let data = selection.apply(&table(&with_line("bad,3"))).unwrap_err();
    assert!(matches!(data, DataError::FilterOnText { line: 4, .. }), "{data}");
    let data = selection.apply(&table(&with_line("3M,3.2"))).unwrap();
    assert_eq!(data.lines, [3, 4, 5, 6]);
    let note = "4 of 6 rows kept by --where `N > 1M` and --where `N < 16M`";
    assert!(data.notes.iter().any(|n| n == note), "{:?}", data.notes);
    assert!(data.dropped.is_empty());
}

#[test]
fn a_bad_cell_that_a_filter_holds_back_is_no_error() {
    let filters = vec![Filter::parse("N != 3M").unwrap()];
    let selection = Selection { filters, ..Selection::default() };
    assert_eq!(selection.apply(&table(&with_line("3M,NaN"))).unwrap().nobs(), 5);
}

#[test]
fn a_filter_that_keeps_nothing_is_named() {
    let filters = vec![Filter::parse("N > 1T").unwrap()];
    let error = Selection { filters, ..Selection::default() }.apply(&table(&with_line("3M,3"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`runs.csv`: found no row among 6 that passes `N > 1T`, expected at least 3"
    );
    assert!(error.hint().is_some());
}

#[test]
fn the_largest_rows_are_left_out_later_lines_first() {
    let text = "N,loss\n8,1\n8,2\n1,5\n8,3\n2,4\n4,3\n";
    let selection = Selection { drop_largest: 2, ..Selection::default() };
    let data = selection.apply(&table(text)).unwrap();
    assert_eq!(data.x().values, [1.0, 2.0, 4.0, 8.0]);
    assert_eq!(data.response.values, [5.0, 4.0, 3.0, 1.0]);
    let lines: Vec<usize> = data.dropped.iter().map(|row| row.line).collect();
    assert_eq!(lines, [3, 5]);
    assert_eq!(data.dropped[0].reason, "left out by --drop-largest 2");
}

#[test]
fn dropping_as_many_rows_as_there_are_is_refused() {
    let text = "N,loss\n1,3\n2,2\n3,1\n";
    for (drop_largest, rows) in [(3, 3), (9, 3), (usize::MAX, 3)] {
        let error = Selection { drop_largest, ..Selection::default() }.apply(&table(text)).unwrap_err();
        assert_eq!(
            error,
            DataError::DropTooMany { source_name: "runs.csv".into(), asked: drop_largest, rows }
        );
        assert!(error.hint().is_some());
    }
    let error = Selection { drop_largest: 1, ..Selection::default() }.apply(&table(text)).unwrap_err();
    assert!(matches!(error, DataError::TooFewRows { rows: 2, needed: 3, .. }), "{error}");
}

#[test]
fn nothing_left_says_why() {
    let selection = Selection { skip_bad_rows: true, ..Selection::default() };
    let error = selection.apply(&table("N,loss\n1,NaN\n0,2\n3,nan\n")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`runs.csv`: found no usable row, all 3 were left out (`loss` not finite in 2, `N` zero or negative in 1); \
         expected at least 3"
    );
    assert!(error.hint().is_some());
}

#[test]
fn too_little_for_any_law_is_refused() {
    for (text, rows) in [("N,loss\n1,3\n", 1), ("N,loss\n1,3\n2,2\n", 2)] {
        let error = apply(text).unwrap_err();
        assert!(matches!(error, DataError::TooFewRows { rows: r, needed: 3, .. } if r == rows), "{error}");
        assert!(error.hint().is_some());
    }
    let error = apply("N,loss\n1.3B,3\n1.3e9,2\n1_300_000_000,1\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`runs.csv`: found 1.3B in every row of column `N`, expected at least 2 distinct values"
    );
    assert!(error.hint().is_some());
}

#[test]
fn notes_of_the_table_come_first() {
    let data = apply("N;loss\n1;3\n2;2\n4;1\n").unwrap();
    assert!(data.notes[0].contains("semicolons"), "{:?}", data.notes);
    assert!(data.notes[1].starts_with("x is column `N`"), "{:?}", data.notes);
}
