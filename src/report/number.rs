//! Numbers as a reader wants them: rounded to what their uncertainty supports, sizes with their suffix.

use crate::data::format_size;

/// Round `value` to two significant digits of `uncertainty`; four significant digits when there is none.
#[must_use]
pub fn rounded(value: f64, uncertainty: Option<f64>) -> String {
    end(value, value, uncertainty)
}

/// Round the end of an interval as [`rounded`] does its `estimate`, but to no more significant digits than that has.
///
/// An end far larger than the estimate would otherwise show digits that mean nothing.
#[must_use]
pub fn end(value: f64, estimate: f64, uncertainty: Option<f64>) -> String {
    if !value.is_finite() {
        return unbounded(value);
    }
    if value == 0.0 {
        return "0".into();
    }
    match uncertainty {
        Some(u) if u.is_finite() && u > 0.0 => {
            let magnitude = |v: f64| v.abs().max(f64::MIN_POSITIVE).log10().floor() as i32;
            let decimals = 1 - magnitude(u);
            let digits = (magnitude(estimate).max(magnitude(u)) + decimals + 1).clamp(2, MOST_DIGITS);
            let own = magnitude(value) + decimals + 1;
            // Neither fewer than two digits of the value nor more than the estimate has.
            at_decimals(value, decimals + own.clamp(2, digits) - own)
        }
        _ => significant(value, 4),
    }
}

/// Most significant digits that a report prints.
const MOST_DIGITS: i32 = 9;

/// Print a value with a number of significant digits, without trailing noise.
#[must_use]
pub fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 {
        return "0".into();
    }
    if !value.is_finite() {
        return unbounded(value);
    }
    at_decimals(value, digits - 1 - value.abs().log10().floor() as i32)
}

/// Print a value with a number of decimals; negative ones round to tens and hundreds; extremes in scientific notation.
fn at_decimals(value: f64, decimals: i32) -> String {
    let magnitude = value.abs();
    if magnitude >= 1e7 || (magnitude > 0.0 && magnitude < 1e-4 && decimals > 4) {
        let digits = (magnitude.log10().floor() as i32 + decimals).clamp(1, 15) as usize;
        return format!("{value:.digits$e}");
    }
    if decimals >= 0 {
        return format!("{value:.*}", decimals as usize);
    }
    let unit = 10f64.powi(-decimals);
    format!("{:.0}", (value / unit).round() * unit)
}

/// Print a limit that is missing.
#[must_use]
pub fn unbounded(value: f64) -> String {
    if value < 0.0 { "-inf".into() } else { "inf".into() }
}

/// Print a p value, `p = ` or `p < ` included: two decimals, more where it is small, never `0`.
#[must_use]
pub fn p_value(p: f64) -> String {
    if p < 1e-4 {
        "p < 0.0001".into()
    } else if p < 0.01 {
        format!("p = {p:.4}")
    } else if p < 0.0995 {
        format!("p = {p:.3}")
    } else {
        format!("p = {p:.2}")
    }
}

/// Print a confidence level as a percentage, every digit that it has.
#[must_use]
pub fn level(level: f64) -> String {
    let text = format!("{:.6}", 100.0 * level);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Print a scatter on a logarithmic scale: a percentage when small, a factor when not.
#[must_use]
pub fn scatter(sigma: f64) -> String {
    if sigma < 0.2 { percent(sigma) } else { format!("a factor of {}", significant(sigma.exp(), 2)) }
}

/// Write a formula with the names of the user's predictors in place of its own, which `letters` holds in the same order.
#[must_use]
pub fn formula(formula: &str, letters: &[&str], names: &[&str]) -> String {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let taken =
        |name: &str| !letters.contains(&name) && formula.split(|c| !in_name(c)).any(|own| own == name);
    // A predictor that is called as a parameter is keeps the letter of the law.
    if names.iter().any(|name| name.is_empty() || !name.chars().all(in_name) || taken(name)) {
        return formula.to_owned();
    }
    // Whole names only: N0 and Nc are parameters.
    let mut out = String::new();
    let mut rest = formula;
    while let Some(start) = rest.find(in_name) {
        let length = rest[start..].find(|c| !in_name(c)).unwrap_or(rest.len() - start);
        let own = &rest[start..start + length];
        out.push_str(&rest[..start]);
        let place = letters.iter().position(|letter| *letter == own);
        out.push_str(place.and_then(|k| names.get(k)).unwrap_or(&own));
        rest = &rest[start + length..];
    }
    out + rest
}

/// Print a share as a percentage with two significant digits.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{}%", significant(100.0 * share, 2))
}

/// Print a number of at most six significant digits that is not above `value`, for a filter that must keep it.
#[must_use]
pub fn not_above(value: f64) -> String {
    if !(value > 0.0 && value.is_finite()) {
        return value.to_string();
    }
    // The exact value, where it is short.
    let exact = value.to_string();
    if exact.len() <= 8 {
        return exact;
    }
    let nearest: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    let step = 10f64.powi(value.log10().floor() as i32 - 5);
    format!(
        "{:e}",
        if nearest > value { format!("{:.5e}", nearest - step).parse().unwrap_or(nearest) } else { nearest }
    )
}

/// Print a whole number with thousands separated.
#[must_use]
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Print a size: with a suffix when it is a plain count, as a bare number when it has a unit (see [`with_unit`]).
#[must_use]
pub fn size(value: f64, unit: Option<&str>) -> String {
    if !value.is_finite() {
        return unbounded(value);
    }
    match unit {
        None => format_size(value),
        Some(_) if value.abs() >= 1e9 => format!("{value:.2e}"),
        Some(_) if value.fract() == 0.0 || value.abs() >= 1000.0 => thousands(value.round() as usize),
        Some(_) => significant(value, 4),
    }
}

/// Print a size with its unit, if it has one.
#[must_use]
pub fn with_unit(value: f64, unit: Option<&str>) -> String {
    match unit {
        Some(u) => format!("{} {u}", size(value, unit)),
        None => size(value, unit),
    }
}

/// Print a size to three significant digits, with its unit, if it has one.
#[must_use]
pub fn rounded_size(value: f64, unit: Option<&str>) -> String {
    with_unit(significant(value, 3).parse().unwrap_or(value), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_keeps_the_size_that_it_names() {
        assert_eq!(not_above(544.0), "544");
        assert_eq!(not_above(0.05), "0.05");
        for v in [50118723.36272725, 50118779.9, 1.2345678901e-7, 9.999999999e20, 123456789.0, 7.0 / 3.0] {
            let shown: f64 = not_above(v).parse().expect("a number");
            assert!(shown <= v && shown >= v * (1.0 - 2e-5), "{v} as {shown}");
        }
    }

    #[test]
    fn rounding_follows_the_uncertainty() {
        assert_eq!(rounded(0.346_676_5, Some(0.005_963)), "0.3467");
        assert_eq!(rounded(444.014_6, Some(84.0)), "444");
        assert_eq!(rounded(12_345.0, Some(2_000.0)), "12300");
        assert_eq!(rounded(1.0, None), "1.000");
        assert_eq!(rounded(f64::INFINITY, Some(1.0)), "inf");
        assert_eq!(rounded(0.0, Some(0.02)), "0");
        assert_eq!(rounded(0.5, Some(20.0)), "0.50");
        assert_eq!(end(1.191_306_9e10, 16.0, Some(8.5)), "1.19e10");
        assert_eq!(end(112.3, 16.3, Some(1.0)), "112");
        assert_eq!(level(0.999), "99.9%");
        assert_eq!(level(0.95), "95%");
        assert_eq!(level(0.9999), "99.99%");
        assert_eq!(scatter(0.012), "1.2%");
        assert_eq!(scatter(0.693), "a factor of 2.0");
        assert_eq!(significant(123_456_789.0, 3), "1.23e8");
        assert_eq!(significant(0.000_012_34, 2), "1.2e-5");
    }

    #[test]
    fn probabilities_are_never_zero() {
        assert_eq!(p_value(0.0), "p < 0.0001");
        assert_eq!(p_value(0.312), "p = 0.31");
        assert_eq!(p_value(0.0312), "p = 0.031");
        assert_eq!(p_value(0.00312), "p = 0.0031");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(12), "12");
    }
}
