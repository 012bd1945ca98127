//! Where a parameter starts and between which bounds it stays, as a user says it.

use super::error::FormulaError;
use std::fmt;
use std::str::FromStr;

/// Start and bounds of one parameter: `alpha=0.3 in 0..2`, each part of it optional.
#[derive(Debug, Clone, PartialEq)]
pub struct ParamSpec {
    /// The parameter.
    pub name: String,
    /// Starting value; `None` to have one found.
    pub start: Option<f64>,
    /// Lower bound, minus infinity when there is none.
    pub lower: f64,
    /// Upper bound, infinity when there is none.
    pub upper: f64,
}

impl ParamSpec {
    /// A parameter without start or bounds.
    #[must_use]
    pub fn free(name: &str) -> ParamSpec {
        ParamSpec { name: name.to_owned(), start: None, lower: f64::NEG_INFINITY, upper: f64::INFINITY }
    }
}

impl fmt::Display for ParamSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(start) = self.start {
            write!(f, "={start}")?;
        }
        let end = |v: f64| if v.is_finite() { v.to_string() } else { String::new() };
        if self.lower.is_finite() || self.upper.is_finite() {
            write!(f, " in {}..{}", end(self.lower), end(self.upper))?;
        }
        Ok(())
    }
}

impl FromStr for ParamSpec {
    type Err = FormulaError;

    /// Read `NAME`, `NAME=START`, `NAME in LOW..HIGH`, or both parts; either end of the range may be left out.
    fn from_str(text: &str) -> Result<ParamSpec, FormulaError> {
        let fail = |found: String, expected| FormulaError::Param { spec: text.to_owned(), found, expected };
        let number = |word: &str| match word.trim().parse::<f64>() {
            Ok(v) if v.is_finite() => Ok(v),
            _ => Err(fail(format!("`{}`", word.trim()), "a finite number")),
        };
        let (head, range) = match text.split_once(" in ") {
            Some((head, range)) => (head, Some(range)),
            None => (text, None),
        };
        let (name, start) = match head.split_once('=') {
            Some((name, start)) => (name.trim(), Some(number(start)?)),
            None => (head.trim(), None),
        };
        let mut characters = name.chars();
        let leads = characters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
        if !leads || !characters.all(|c| c.is_alphanumeric() || c == '_') {
            return Err(fail(format!("the name `{name}`"), "NAME=START in LOW..HIGH"));
        }
        let mut spec = ParamSpec { start, ..ParamSpec::free(name) };
        if let Some(range) = range {
            let Some((low, high)) = range.split_once("..") else {
                return Err(fail(format!("`{}`", range.trim()), "a range LOW..HIGH"));
            };
            if !low.trim().is_empty() {
                spec.lower = number(low)?;
            }
            if !high.trim().is_empty() {
                spec.upper = number(high)?;
            }
        }
        if !(spec.lower < spec.upper) {
            return Err(fail(
                format!("the range {}..{}", spec.lower, spec.upper),
                "a lower bound below the upper one",
            ));
        }
        if let Some(start) = spec.start.filter(|s| !(spec.lower..=spec.upper).contains(s)) {
            return Err(fail(format!("the start {start} outside its range"), "a start inside it"));
        }
        Ok(spec)
    }
}
