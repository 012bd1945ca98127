//! Compute, size and data: any one of them from the other two, under a stated rule.

use super::columns::measuring;
use super::quantity::Quantity;
use super::size::{parse_number, parse_size};
use super::table::Table;
use std::borrow::Cow;
use std::fmt;
use thiserror::Error;

/// The floating-point operations of a training run: C = k*N*D.
///
/// # Formula
/// C = k*N*D; D = C/(k*N); N = C/(k*D)
/// # Symbols
/// N parameters (say which: with or without embeddings), D tokens seen, C operations, k operations a parameter and token
/// # Reference
/// k = 6: Kaplan et al. (2020), arXiv:2001.08361, section 2.1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlopRule {
    factor: f64,
}

impl Default for FlopRule {
    fn default() -> Self {
        FlopRule { factor: 6.0 }
    }
}

impl fmt::Display for FlopRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ND", self.factor)
    }
}

/// A rule for compute that is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("rule for compute: found `{found}`, expected a positive number before ND, for instance 6ND")]
pub struct FlopRuleError {
    /// What was given.
    pub found: String,
}

impl FlopRule {
    /// Parse `6ND`.
    ///
    /// # Errors
    /// [`FlopRuleError`] for anything but a positive number before `ND`.
    pub fn parse(text: &str) -> Result<FlopRule, FlopRuleError> {
        let factor = text.trim().strip_suffix("ND").map(|f| f.trim().trim_end_matches('*'));
        factor
            .and_then(|f| if f.is_empty() { Some(1.0) } else { parse_number(f).ok() })
            .filter(|f| f.is_finite() && *f > 0.0)
            .map(|factor| FlopRule { factor })
            .ok_or_else(|| FlopRuleError { found: text.to_owned() })
    }

    /// Return the factor k.
    #[must_use]
    pub fn factor(self) -> f64 {
        self.factor
    }

    /// Return a quantity from the other two, in the order of [`Quantity::ALL`].
    #[must_use]
    pub fn derive(self, wanted: Quantity, first: f64, second: f64) -> f64 {
        match wanted {
            // From D and C, or from N and C.
            Quantity::Size | Quantity::Data => second / (self.factor * first),
            Quantity::Compute => self.factor * first * second,
        }
    }

    /// Add the columns that are asked for and follow from others: by the user's names, else by the forms' quantities.
    pub(super) fn complete<'t>(
        self,
        table: &'t Table,
        x: &[String],
        quantities: &[Quantity],
    ) -> Cow<'t, Table> {
        let wanted: Vec<(String, Quantity)> = if x.is_empty() {
            quantities
                .iter()
                .filter(|q| quantities.len() > 1 && measuring(table, **q).is_none())
                .map(|q| (q.letter().to_owned(), *q))
                .collect()
        } else {
            x.iter()
                .filter(|name| table.column(name).is_none())
                .filter_map(|name| Some((name.clone(), Quantity::of(name)?)))
                .collect()
        };
        let mut out = Cow::Borrowed(table);
        for (name, quantity) in wanted {
            if let Some(wider) = self.derived(&out, &name, quantity) {
                out = Cow::Owned(wider);
            }
        }
        out
    }

    /// The table with a column for a quantity that follows from two others; `None` where they are not there, or have units.
    fn derived(self, table: &Table, name: &str, quantity: Quantity) -> Option<Table> {
        let sources: Vec<usize> = Quantity::ALL
            .into_iter()
            .filter(|q| *q != quantity)
            .map(|q| measuring(table, q))
            .collect::<Option<_>>()?;
        if sources.iter().any(|&c| table.columns[c].unit.is_some()) {
            return None;
        }
        let cells: Vec<String> = (0..table.rows())
            .map(|row| {
                let text = |k: usize| table.cell(row, sources[k]);
                match (parse_size(text(0)), parse_size(text(1))) {
                    (Ok(a), Ok(b)) => self.derive(quantity, a, b).to_string(),
                    // The cell at fault, so that the message shows it.
                    (Err(_), _) => text(0).to_owned(),
                    (_, Err(_)) => text(1).to_owned(),
                }
            })
            .collect();
        let mut wider = table.with_column(name, &cells);
        let [first, second] = [0, 1].map(|k| table.columns[sources[k]].name.as_str());
        let k = self.factor;
        let rule = match quantity {
            Quantity::Size | Quantity::Data => format!("{second}/({k}*{first})"),
            Quantity::Compute => format!("{k}*{first}*{second}"),
        };
        wider.notes.push(format!("{name} = {rule} (the table has no such column; another rule: --flops)"));
        Some(wider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::read_text;

    fn table(text: &str) -> Table {
        read_text("t.csv", text.as_bytes()).unwrap()
    }

    #[test]
    fn rules_are_read_and_written() {
        for (text, factor) in [("6ND", 6.0), (" 6*ND", 6.0), ("2.5 ND", 2.5), ("ND", 1.0)] {
            assert_eq!(FlopRule::parse(text).unwrap().factor(), factor, "{text}");
        }
        assert_eq!(FlopRule::default().to_string(), "6ND");
        for text in ["6", "6DN", "-6ND", "0ND", "sixND", "infND", ""] {
            let error = FlopRule::parse(text).unwrap_err();
            assert!(error.to_string().contains("for instance 6ND"), "{error}");
        }
    }

    #[test]
    fn each_quantity_follows_from_the_others() {
        let rule = FlopRule::default();
        let c = rule.derive(Quantity::Compute, 2e9, 4e10);
        assert_eq!(c, 4.8e20);
        assert_eq!(rule.derive(Quantity::Data, 2e9, c), 4e10);
        assert_eq!(rule.derive(Quantity::Size, 4e10, c), 2e9);
    }

    #[test]
    fn a_missing_column_is_derived_and_said_aloud() {
        let names = |x: &[&str]| x.iter().map(|s| (*s).to_owned()).collect::<Vec<String>>();
        let rule = FlopRule::default();
        let t = table("params,FLOPs,loss\n1M,6e15,3\n2M,bad,2\n");
        let wide = rule.complete(&t, &names(&["params", "D"]), &[]);
        let d = wide.column("D").unwrap();
        assert_eq!((wide.cell(0, d), wide.cell(1, d)), ("1000000000", "bad"));
        assert_eq!(
            wide.notes.last().unwrap(),
            "D = FLOPs/(6*params) (the table has no such column; another rule: --flops)"
        );
        let by_form = rule.complete(&t, &[], &[Quantity::Size, Quantity::Data]);
        assert_eq!(by_form, wide);
    }

    #[test]
    fn nothing_is_derived_that_need_not_or_cannot_be() {
        let rule = FlopRule::default();
        let both = [Quantity::Size, Quantity::Data];
        for text in ["N,D,loss\n1,2,3\n", "N [million],C,loss\n1,2,3\n", "N,loss\n1,2\n"] {
            assert!(matches!(rule.complete(&table(text), &[], &both), Cow::Borrowed(_)), "{text}");
        }
        let one = [Quantity::Size];
        assert!(matches!(rule.complete(&table("D,C,loss\n1,2,3\n"), &[], &one), Cow::Borrowed(_)));
    }
}
