//! Tests of numbers as people write them.

use super::*;
use proptest::prelude::*;

#[test]
fn sizes_as_people_write_them() {
    for (text, value) in [
        ("100M", 1e8),
        ("1.3B", 1.3e9),
        ("1.3 B", 1.3e9),
        ("2.22b", 2.22e9),
        ("7g", 7e9),
        ("2.2e9", 2.2e9),
        ("1_000", 1000.0),
        ("1,000", 1000.0),
        ("1,000,000.5", 1_000_000.5),
        ("12,345K", 12_345_000.0),
        ("+5k", 5000.0),
        ("-5M", -5e6),
        ("1.5T", 1.5e12),
        ("2P", 2e15),
        ("70 million", 7e7),
        ("1.1 Billion", 1.1e9),
        ("3 thousand", 3000.0),
        ("0.5 trillion", 5e11),
        ("1e3M", 1e9),
        (" 512 ", 512.0),
        (".5K", 500.0),
        ("1e-99999999999K", 0.0),
    ] {
        assert_eq!(parse_size(text), Ok(value), "{text}");
    }
}

#[test]
fn suffixes_round_once() {
    for i in 1..2000 {
        let text = format!("{}.{:02}", i / 100, i % 100);
        let exact: f64 = format!("{text}e9").parse().unwrap();
        assert_eq!(parse_size(&format!("{text}B")), Ok(exact));
    }
}

#[test]
fn texts_that_are_no_size_say_what_they_are() {
    use NumberError::*;
    for (text, fault) in [
        ("", Empty),
        ("  ", Empty),
        ("NA", Missing),
        ("n/a", Missing),
        ("None", Missing),
        ("-", Missing),
        ("?", Missing),
        ("NaN", NotFinite),
        ("-inf", NotFinite),
        ("Infinity", NotFinite),
        ("1e400", Overflow),
        ("1e308K", Overflow),
        ("65%", Percent),
        ("65,5 %", Percent),
        ("0,566", DecimalComma),
        ("2,56", DecimalComma),
        ("1,0000", DecimalComma),
        ("1000,000", DecimalComma),
        ("1.000,5", DecimalComma),
        ("1,5M", DecimalComma),
        ("large", NotANumber),
        ("%", NotANumber),
        ("M", NotANumber),
        ("1.3X", NotANumber),
        ("1 2", NotANumber),
        ("_1", NotANumber),
        ("1__0", NotANumber),
        ("1_", NotANumber),
        ("1e", NotANumber),
        ("1.2.3", NotANumber),
        ("a,b", NotANumber),
        ("0x10", NotANumber),
        ("١", NotANumber),
    ] {
        assert_eq!(parse_size(text), Err(fault), "{text}");
    }
}

#[test]
fn responses_take_no_suffix_and_no_comma() {
    use NumberError::*;
    assert_eq!(parse_number("2.566"), Ok(2.566));
    assert_eq!(parse_number("-1_000.5"), Ok(-1000.5));
    for (text, fault) in [
        ("1.3B", NotANumber),
        ("1,000", DecimalComma),
        ("2,56", DecimalComma),
        ("65%", Percent),
        ("nan", NotFinite),
        ("1e999", Overflow),
        ("high, low", NotANumber),
    ] {
        assert_eq!(parse_number(text), Err(fault), "{text}");
    }
}

#[test]
fn sizes_print_as_people_write_them() {
    for (value, text) in [
        (111e6, "111M"),
        (1.3e9, "1.3B"),
        (2.22e9, "2.22B"),
        (6.7e9, "6.7B"),
        (512.0, "512"),
        (1.0, "1"),
        (100.0, "100"),
        (1500.0, "1.5K"),
        (999_999.0, "1M"),
        (1_597_923_487.4, "1.6B"),
        (5e12, "5T"),
        (999.9e12, "1e15"),
        (1e21, "1e21"),
        (1.234e21, "1.23e21"),
        (0.0015, "1.5e-3"),
        (0.9999, "1"),
        (0.0, "0"),
        (-1.3e9, "-1.3B"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "inf"),
    ] {
        assert_eq!(format_size(value), text);
    }
}

proptest! {
    #[test]
    fn printed_sizes_read_back(mantissa in 1.0..10.0f64, exponent in -30i32..40) {
        let value = mantissa * 10f64.powi(exponent);
        let back = parse_size(&format_size(value)).unwrap();
        prop_assert!((back - value).abs() <= 0.005_000_001 * value, "{value} {back}");
    }

    #[test]
    fn three_digits_read_back_exactly(digits in 100u32..1000, exponent in 0i32..13) {
        let value: f64 = format!("{digits}e{exponent}").parse().unwrap();
        prop_assert_eq!(parse_size(&format_size(value)), Ok(value));
    }

    #[test]
    fn no_text_panics(text in ".{0,24}") {
        let _ = (parse_size(&text), parse_number(&text));
    }

    #[test]
    fn numeric_text_never_panics(text in "[-+0-9.,_eEkKMB% ]{0,12}") {
        let _ = (parse_size(&text), parse_number(&text));
    }
}
