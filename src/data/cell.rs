//! One cell of a chosen column: the number it holds, or what is wrong with it.

use super::size::{NumberError, parse_number, parse_size};

/// What a chosen column is used for, which decides how its cells are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A predictor: a size as people write it, positive.
    Predictor,
    /// A predictor of a law that takes any number: 0 and negative ones too.
    AnyPredictor,
    /// A response on a scale that is defined for every number.
    Response,
    /// A response on a scale that needs positive numbers.
    PositiveResponse,
    /// A standard deviation, a weight or a number of items, positive.
    Precision,
    /// A word that names a set of rows.
    Label,
    /// A word that names a cluster of rows.
    Cluster,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CellFault {
    /// Empty, or a word such as `NA`.
    Missing,
    /// `NaN` or an infinity.
    NotFinite,
    /// Zero or negative where a positive number is needed.
    NotPositive,
    /// A word.
    Text,
    /// A percentage such as `65%`.
    Percent,
    /// A decimal comma such as `2,56`.
    DecimalComma,
    /// Beyond the range of 64-bit floating point.
    Overflow,
    /// A nested JSON object or array.
    Nested,
}

impl CellFault {
    /// Return what a cell of this role should have held.
    #[must_use]
    pub fn expected(self, role: Role) -> &'static str {
        let positive = matches!(role, Role::Predictor | Role::PositiveResponse | Role::Precision);
        match self {
            CellFault::Missing if role == Role::Label => "a word that names a set of rows",
            CellFault::Missing if role == Role::Cluster => "a word that names a cluster of rows",
            CellFault::NotFinite if positive => "a finite number > 0",
            CellFault::NotFinite => "a finite number",
            CellFault::Percent => "a fraction without a percent sign",
            CellFault::DecimalComma => "a number with a decimal point",
            CellFault::Overflow => "a number below 1.8e308",
            CellFault::Nested => "a number instead of nested JSON",
            _ if positive => "a number > 0",
            _ => "a number",
        }
    }

    /// Return a word or two for counts of faults.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            CellFault::Missing => "missing",
            CellFault::NotFinite => "not finite",
            CellFault::NotPositive => "zero or negative",
            CellFault::Text => "text",
            CellFault::Percent => "a percentage",
            CellFault::DecimalComma => "a decimal comma",
            CellFault::Overflow => "too large",
            CellFault::Nested => "nested JSON",
        }
    }

    /// Return what to do about a cell that holds `found`.
    #[must_use]
    pub fn hint(self, found: &str, role: Role) -> String {
        const LEAVE_OUT: &str = "`--skip-bad-rows` leaves such rows out";
        match (self, role) {
            (CellFault::Missing, _) => format!("fill the cell in; {LEAVE_OUT}"),
            (CellFault::NotFinite, _) => {
                format!("a run that diverged is not part of the law; {LEAVE_OUT}")
            }
            (CellFault::NotPositive, Role::Predictor) => {
                format!("a size is counted from 1 up, and its logarithm is taken; {LEAVE_OUT}")
            }
            (CellFault::NotPositive, Role::Precision) => {
                format!("a standard deviation, weight or number of items is positive; {LEAVE_OUT}")
            }
            (CellFault::NotPositive, _) => "a log scale needs positive responses; use `--scale raw`, or \
                                            `--skip-bad-rows` to leave such rows out"
                .to_owned(),
            (CellFault::Text, Role::Predictor) => {
                format!("sizes are written 512, 1_000, 2.2e9, 125M or 1.3B; {LEAVE_OUT}")
            }
            (CellFault::Text, Role::Precision) => {
                format!("standard deviations, weights and counts are plain numbers; {LEAVE_OUT}")
            }
            (CellFault::Text, _) => {
                format!("responses are plain numbers such as 2.56, without a suffix; {LEAVE_OUT}")
            }
            (CellFault::Percent, _) => match percent_as_fraction(found) {
                Some(fraction) => format!("write {fraction}"),
                None => "write a fraction: 0.65 for 65%".to_owned(),
            },
            (CellFault::DecimalComma, _) => match found.matches(',').count() {
                1 if !found.contains('.') => format!("write {}", found.replace(',', ".")),
                _ => "write a decimal point: 2.56 for 2,56".to_owned(),
            },
            (CellFault::Overflow, _) => format!("check the exponent; {LEAVE_OUT}"),
            (CellFault::Nested, _) => "write one object a row with a plain number under each key; pandas: \
                                       `to_json(orient=\"records\", lines=True)`"
                .to_owned(),
        }
    }
}

/// Turn `65%` into 0.65 without the error of a division by 100.
fn percent_as_fraction(found: &str) -> Option<f64> {
    let number = found.trim_end_matches(['%', ' ']).replace(',', ".");
    format!("{number}e-2").parse().ok()
}

/// Read a cell for its role.
pub(super) fn read_cell(text: &str, role: Role) -> Result<f64, CellFault> {
    let parsed = match role {
        Role::Predictor | Role::AnyPredictor | Role::Precision => parse_size(text),
        Role::Response | Role::PositiveResponse | Role::Label | Role::Cluster => parse_number(text),
    };
    match parsed {
        Ok(value) if value > 0.0 || matches!(role, Role::Response | Role::AnyPredictor) => Ok(value),
        Ok(_) => Err(CellFault::NotPositive),
        Err(NumberError::Empty | NumberError::Missing) => Err(CellFault::Missing),
        Err(NumberError::NotFinite) => Err(CellFault::NotFinite),
        Err(NumberError::Overflow) => Err(CellFault::Overflow),
        Err(NumberError::Percent) => Err(CellFault::Percent),
        Err(NumberError::DecimalComma) => Err(CellFault::DecimalComma),
        Err(NumberError::NotANumber) if text.starts_with(['{', '[']) => Err(CellFault::Nested),
        Err(NumberError::NotANumber) => Err(CellFault::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_apart() {
        use CellFault::*;
        for (text, fault) in [
            ("", Missing),
            ("NA", Missing),
            ("nan", NotFinite),
            ("0", NotPositive),
            ("-0.02", NotPositive),
            ("1e-400", NotPositive),
            ("high", Text),
            ("65%", Percent),
            ("2,56", DecimalComma),
            ("1e400", Overflow),
            ("{\"a\":1}", Nested),
        ] {
            for role in [Role::Predictor, Role::PositiveResponse] {
                assert_eq!(read_cell(text, role), Err(fault), "{text}");
                assert!(!fault.expected(role).is_empty());
                assert!(!fault.hint(text, role).is_empty());
            }
        }
        assert_eq!(read_cell("-0.02", Role::Response), Ok(-0.02));
        assert_eq!(read_cell("1.3B", Role::Predictor), Ok(1.3e9));
        assert_eq!(read_cell("1.3B", Role::Response), Err(Text));
    }

    #[test]
    fn hints_say_what_to_write() {
        assert_eq!(CellFault::Percent.hint("65%", Role::Response), "write 0.65");
        assert_eq!(CellFault::Percent.hint("56.6 %", Role::Response), "write 0.566");
        assert_eq!(CellFault::DecimalComma.hint("2,56", Role::Response), "write 2.56");
    }
}
