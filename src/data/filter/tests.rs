//! Tests of the row filters.

use super::*;
use crate::data::read_text;
use proptest::prelude::*;

fn table() -> Table {
    let text = "N,C,family,val loss\n\
                70M,1e20,pythia,3.5\n\
                1.3B,5e20,opt,3.1\n\
                2.7B,,pythia,2.9\n\
                6.7B,3e21,,NaN\n";
    read_text("t.csv", text.as_bytes()).unwrap()
}

fn lines(filter: &str) -> Vec<usize> {
    let (table, filter) = (table(), Filter::parse(filter).unwrap());
    let bound = filter.bind(&table).unwrap();
    (0..table.rows()).filter(|&row| bound.passes(row).unwrap()).map(|row| table.line(row)).collect()
}

#[test]
fn rows_pass_or_not() {
    for (filter, expected) in [
        ("C < 1e21", vec![2, 3]),
        ("N >= 1.3 B", vec![3, 4, 5]),
        ("N>=1.3B&&N<6.7B", vec![3, 4]),
        ("N > 1,000,000,000", vec![3, 4, 5]),
        ("N <= 1.3 billion and C > 1e20", vec![3]),
        ("family == 'pythia'", vec![2, 4]),
        ("family = pythia AND N > 100M", vec![4]),
        ("family != \"pythia\"", vec![3, 5]),
        ("`val loss` < 3.2", vec![3, 4]),
        ("N == 70M", vec![2]),
        ("N != 70e6", vec![3, 4, 5]),
        ("C != 1e20", vec![3, 4, 5]),
        ("family == 7", vec![]),
        ("family != 7", vec![2, 3, 4, 5]),
    ] {
        assert_eq!(lines(filter), expected, "{filter}");
    }
}

#[test]
fn mistakes_are_named_with_their_position() {
    let position_of = |filter: &str| {
        let error = Filter::parse(filter).unwrap_err();
        assert!(error.to_string().contains("filter `"), "{error}");
        match error {
            FilterError::Empty => ("empty", 0, String::new()),
            FilterError::NoColumn { position, found, .. } => ("column", position, found),
            FilterError::NoOperator { position, found, .. } => ("operator", position, found),
            FilterError::NoValue { position, found, .. } => ("value", position, found),
            FilterError::NoAnd { position, found, .. } => ("and", position, found),
            FilterError::OpenQuote { position, quote, .. } => ("quote", position, quote.to_string()),
            FilterError::NoNumber { position, found, .. } => ("number", position, found),
        }
    };
    for (filter, kind, position, found) in [
        (" ", "empty", 0, ""),
        ("< 3", "column", 1, "<"),
        ("N < 3 and", "column", 10, ""),
        ("N", "operator", 2, ""),
        ("val loss < 3", "operator", 5, "loss"),
        ("N ~ 3", "operator", 3, "~"),
        ("N <", "value", 4, ""),
        ("N < and C > 3", "value", 5, "and"),
        ("N => 3", "value", 4, ">"),
        ("C < 1e21 D > 3", "and", 10, "D"),
        ("N < 3 or N > 5", "and", 7, "or"),
        ("`val loss < 3", "quote", 1, "`"),
        ("ä == 'x", "quote", 6, "'"),
        ("C < large", "number", 5, "large"),
        ("C < 'a b'", "number", 5, "a b"),
        ("loss < 2,56", "number", 8, "2,56"),
    ] {
        assert_eq!(position_of(filter), (kind, position, found.to_owned()), "{filter}");
    }
    let or = Filter::parse("N < 3 or N > 5").unwrap_err();
    assert!(or.hint().is_some_and(|hint| hint.contains("no `or`")));
}

#[test]
fn comparing_words_by_size_names_the_cell() {
    let table = table();
    let filter = Filter::parse("family < 3").unwrap();
    let error = filter.bind(&table).unwrap().passes(0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`t.csv` line 2, column `family`: found `pythia`, expected a number to compare in `family < 3`"
    );
    assert!(error.hint().is_some());
}

#[test]
fn an_unknown_column_is_refused_with_the_nearest() {
    let filter = Filter::parse("famliy == 'x'").unwrap();
    let table = table();
    let error = filter.bind(&table).err().unwrap();
    assert!(error.hint().is_some_and(|hint| hint.contains("`family`")), "{error}");
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,30}") {
        let _ = Filter::parse(&text);
    }

    #[test]
    fn no_filter_like_text_panics(text in "[NCad<>=!&`'\" 1eB,.é]{0,24}") {
        if let Err(error) = Filter::parse(&text) {
            let _ = (error.to_string(), error.hint());
        }
    }
}
