//! Numbers on axes: exact decimals and the ways to write them.

/// How the numbers of an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// For a picture: 2.5 or, in the notation of [`super::rich`], 2*10^8.
    Picture,
    /// For a terminal: 2.5 or 200M.
    Terminal,
}

/// Magnitudes from which on, and below which, a picture writes powers of ten.
pub(super) const PLAIN: (f64, f64) = (1e-3, 1e5);

/// A decimal number, `digits` times ten to the `exp`: a tick lies exactly where its label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) digits: i64,
    pub(super) exp: i32,
}

impl Decimal {
    /// Return the number with no zero at the end of its digits.
    pub(super) fn new(mut digits: i64, mut exp: i32) -> Self {
        if digits == 0 {
            exp = 0;
        }
        while digits != 0 && digits % 10 == 0 {
            digits /= 10;
            exp += 1;
        }
        Self { digits, exp }
    }

    /// Return the nearest floating point number.
    pub(super) fn value(self) -> f64 {
        // Through text, because a power of ten below 1 is not exact and its error would show.
        format!("{}e{}", self.digits, self.exp).parse().unwrap_or(f64::NAN)
    }

    /// Return the decimal logarithm, also of numbers too large for a float.
    pub(super) fn log10(self) -> f64 {
        (self.digits as f64).log10() + f64::from(self.exp)
    }

    /// Write the number by itself, with as many digits as it has.
    pub(super) fn write(self, plain: bool, notation: Notation) -> String {
        match notation {
            Notation::Terminal => terminal(self.value()),
            Notation::Picture if plain || self.digits == 0 => self.fixed((-self.exp).max(0), notation),
            Notation::Picture => {
                let places = self.digits.unsigned_abs().to_string().len() as i32 - 1;
                self.power(self.exp + places, places)
            }
        }
    }

    /// Write the number with a number of decimals.
    pub(super) fn fixed(self, decimals: i32, notation: Notation) -> String {
        let decimals = usize::try_from(decimals).unwrap_or(0);
        let text = format!("{:.decimals$}", self.value());
        match notation {
            Notation::Terminal => text,
            Notation::Picture => text.replace('-', "−"),
        }
    }

    /// Write the number as a multiple of a power of ten, with a number of decimals.
    pub(super) fn power(self, exponent: i32, decimals: i32) -> String {
        if self.digits == 0 {
            return "0".to_owned();
        }
        let mantissa = Self::new(self.digits, self.exp - exponent).fixed(decimals, Notation::Picture);
        let exponent = exponent.to_string();
        match mantissa.as_str() {
            "1" => format!("10^{exponent}"),
            "−1" => format!("−10^{exponent}"),
            _ => format!("{mantissa}*10^{exponent}"),
        }
    }
}

/// Write a number for the terminal: 0.25, 12, 1.5k, 100M, 3B, 2e21.
pub(super) fn terminal(value: f64) -> String {
    let size = value.abs();
    let unit = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")].into_iter().find(|&(unit, _)| size >= unit);
    match unit {
        _ if size >= 1e15 || (size > 0.0 && size < 1e-3) => format!("{value:e}"),
        Some((unit, name)) => format!("{}{name}", trimmed(value / unit)),
        None => trimmed(value),
    }
}

/// Write a number with at most nine decimals and no zeros at the end.
fn trimmed(value: f64) -> String {
    let text = format!("{value:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures() {
        let own = |digits, exp, plain| Decimal::new(digits, exp).write(plain, Notation::Picture);
        assert_eq!(own(1, 7, false), "10^7");
        assert_eq!(own(20, 7, false), "2*10^8");
        assert_eq!(own(25, -4, false), "2.5*10^-3");
        assert_eq!(own(25, -1, true), "2.5");
        assert_eq!(own(-25, 1, true), "−250");
        assert_eq!(own(0, 3, false), "0");
        assert_eq!(Decimal::new(1, 8).power(8, 1), "1.0*10^8");
    }

    #[test]
    fn terminals() {
        for (value, text) in [
            (0.25, "0.25"),
            (12.0, "12"),
            (1500.0, "1.5k"),
            (1e8, "100M"),
            (1e10, "10B"),
            (2e13, "20T"),
            (2e21, "2e21"),
            (1e-5, "1e-5"),
            (0.0, "0"),
            (-0.5, "-0.5"),
        ] {
            assert_eq!(terminal(value), text);
        }
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(Decimal::new(3, -1).value(), 0.3);
        assert_eq!(Decimal::new(1, 24).value(), 1e24);
        assert!((Decimal::new(2, 400).log10() - 400.30103).abs() < 1e-5);
    }
}
