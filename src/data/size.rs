//! Numbers as people write them: sizes such as `1.3B` or `1,000`, and plain responses.

use std::borrow::Cow;

/// Why a piece of text is not a number, as a fragment that follows "found `...`: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// Nothing but blanks.
    #[error("it is empty")]
    Empty,
    /// A word for a missing value, such as `NA` or `null`.
    #[error("it stands for a missing value")]
    Missing,
    /// `NaN` or an infinity.
    #[error("it is not finite")]
    NotFinite,
    /// A number beyond the range of 64-bit floating point, such as `1e400`.
    #[error("it is beyond the largest number, 1.8e308")]
    Overflow,
    /// A number followed by a percent sign.
    #[error("it is a percentage")]
    Percent,
    /// A comma that does not group thousands: `2,56`.
    #[error("its comma is no thousands separator")]
    DecimalComma,
    /// Anything else.
    #[error("it is not a number")]
    NotANumber,
}

impl NumberError {
    /// Return what to write instead, where that can be said without the text.
    #[must_use]
    pub fn hint(self) -> Option<&'static str> {
        match self {
            NumberError::Percent => Some("write a fraction: 0.65 for 65%"),
            NumberError::DecimalComma => Some("write a decimal point: 2.56 for 2,56"),
            NumberError::NotANumber => Some("numbers are written 512, 1_000, 2.2e9, 125M or 1.3B"),
            _ => None,
        }
    }
}

/// Words that stand for a missing value, in lower case.
const MISSING: [&str; 12] =
    ["#n/a", "-", "--", ".", "?", "<na>", "missing", "n/a", "na", "nil", "none", "null"];

/// Suffixes and words of sizes in lower case, with their power of ten.
const SUFFIXES: [(&str, i32); 11] = [
    ("b", 9),
    ("billion", 9),
    ("g", 9),
    ("k", 3),
    ("m", 6),
    ("million", 6),
    ("p", 15),
    ("t", 12),
    ("thousand", 3),
    ("trillion", 12),
    ("", 0),
];

/// Parse a size as people write it: `512`, `1_000`, `1,000`, `2.2e9`, `125M`, `1.3 B`, `2 trillion`.
///
/// Suffixes are K, M, B or G, T and P in either case, or the words thousand to trillion. Commas group
/// thousands and nothing else. The result is the number nearest to the decimal text: the power of ten is
/// applied before rounding.
///
/// # Errors
/// [`NumberError`] says what the text is instead.
///
/// # Example
/// ```
/// use lawfit::data::parse_size;
/// assert_eq!(parse_size("1.3B"), Ok(1.3e9));
/// assert_eq!(parse_size("1,000"), Ok(1000.0));
/// assert!(parse_size("2,56").is_err());
/// ```
pub fn parse_size(text: &str) -> Result<f64, NumberError> {
    let text = text.trim();
    if let Some(value) = plain(text) {
        return finite(value);
    }
    refuse_non_numbers(text)?;
    let head = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = text[head.len()..].to_ascii_lowercase();
    let power = SUFFIXES
        .iter()
        .find(|(name, _)| *name == suffix)
        .map(|(_, power)| *power)
        .ok_or(NumberError::NotANumber)?;
    decimal(&without_thousands(head.trim_end())?, power)
}

/// Parse a response: a plain decimal number, with underscores between digits allowed.
///
/// A response takes no suffix and no comma, so that `2,56` is never read as 256.
///
/// # Errors
/// [`NumberError`] says what the text is instead.
pub fn parse_number(text: &str) -> Result<f64, NumberError> {
    let text = text.trim();
    if let Some(value) = plain(text) {
        return finite(value);
    }
    refuse_non_numbers(text)?;
    if text.contains(',') {
        return Err(comma_fault(text));
    }
    decimal(text, 0)
}

/// Write a size as people do: `111M`, `1.3B`, `512`, and `1e21` from 10^15 on or below 1.
///
/// Three significant digits are kept and trailing zeros dropped; [`parse_size`] reads the result back.
#[must_use]
pub fn format_size(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rounding happens once, in the decimal conversion: 999,999 must become 1M and not 1000K.
    let scientific = format!("{value:.2e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific; // NaN or an infinity
    };
    let place = exponent.parse::<usize>().ok();
    let suffix = place.and_then(|place| ["", "K", "M", "B", "T"].get(place / 3));
    let (Some(place), Some(suffix)) = (place, suffix) else {
        return format!("{}e{exponent}", short(mantissa));
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits = digits.replace('.', "");
    let (whole, fraction) = digits.split_at(place % 3 + 1);
    format!("{sign}{}{suffix}", short(&format!("{whole}.{fraction}")))
}

/// Drop zeros that end a fraction, and the point when nothing follows it.
fn short(decimal: &str) -> &str {
    decimal.trim_end_matches('0').trim_end_matches('.')
}

/// Parse digits, point, sign and exponent only: the path nearly every cell takes, without allocation.
///
/// The standard parser also reads `inf` and `nan`, hence the check of the characters.
fn plain(text: &str) -> Option<f64> {
    let numeric = |b: u8| matches!(b, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E');
    if text.bytes().all(numeric) { text.parse().ok() } else { None }
}

/// Accept a parsed value unless it overflowed.
fn finite(value: f64) -> Result<f64, NumberError> {
    if value.is_finite() { Ok(value) } else { Err(NumberError::Overflow) }
}

/// Recognise the texts that are no number but mean something: nothing, missing, not finite, a percentage.
fn refuse_non_numbers(text: &str) -> Result<(), NumberError> {
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    if MISSING.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Err(NumberError::Missing);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if ["nan", "inf", "infinity", "∞"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) {
        return Err(NumberError::NotFinite);
    }
    match text.strip_suffix('%') {
        Some(number) if looks_numeric(number.trim_end()) => Err(NumberError::Percent),
        _ => Ok(()),
    }
}

/// Say whether the text is made of the characters of a number, commas included, with a digit among them.
fn looks_numeric(text: &str) -> bool {
    let numeric = |b: u8| matches!(b, b'0'..=b'9' | b'.' | b',' | b'_' | b'+' | b'-' | b'e' | b'E');
    text.bytes().all(numeric) && text.bytes().any(|b| b.is_ascii_digit())
}

/// Say what is wrong with a text that has a comma where none belongs.
fn comma_fault(text: &str) -> NumberError {
    if looks_numeric(text) { NumberError::DecimalComma } else { NumberError::NotANumber }
}

/// Remove commas that group thousands in threes; any other comma is an error.
fn without_thousands(text: &str) -> Result<Cow<'_, str>, NumberError> {
    if !text.contains(',') {
        return Ok(Cow::Borrowed(text));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = unsigned.split(['.', 'e', 'E']).next().unwrap_or_default();
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let grouped = !unsigned[whole.len()..].contains(',')
        && whole.split(',').enumerate().all(|(i, group)| match i {
            0 => (1..=3).contains(&group.len()) && digits(group) && !group.starts_with('0'),
            _ => group.len() == 3 && digits(group),
        });
    if grouped { Ok(Cow::Owned(text.replace(',', ""))) } else { Err(comma_fault(text)) }
}

/// Parse a decimal number that may hold underscores between digits, times ten to a power.
fn decimal(text: &str, power: i32) -> Result<f64, NumberError> {
    let mut cleaned = String::with_capacity(text.len() + 4);
    let bytes = text.as_bytes();
    for (i, c) in text.char_indices() {
        if c == '_' {
            let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
            if i == 0 || !digit(bytes.get(i - 1)) || !digit(bytes.get(i + 1)) {
                return Err(NumberError::NotANumber);
            }
        } else {
            cleaned.push(c);
        }
    }
    let unscaled = finite(plain(&cleaned).ok_or(NumberError::NotANumber)?)?;
    if power == 0 {
        return Ok(unscaled);
    }
    let (mantissa, exponent) = match cleaned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>()),
        None => (cleaned.as_str(), Ok(0)),
    };
    // An exponent that does not fit has underflowed to zero, which no suffix changes.
    let Ok(exponent) = exponent else {
        return Ok(unscaled);
    };
    let scaled = format!("{mantissa}e{}", exponent.saturating_add(power));
    finite(scaled.parse().map_err(|_| NumberError::NotANumber)?)
}

#[cfg(test)]
mod tests;
