//! Formulas that a user writes: `E + A*N^-alpha + B*D^-beta`.
//!
//! # Language
//! Numbers (`12`, `0.34`, `6e21`), names, `+ - * / ^` (or `**`), parentheses, `pi`, and the functions `exp`, `ln`, `log` (the
//! NATURAL logarithm, like `ln`), `log10`, `log2`, `sqrt`, `abs`, `sin`, `cos`, `tan`, `atan` (or `arctan`), `tanh`, `sigmoid` (or
//! `logistic`), `softplus`, `min`, `max` and `pow`. Powers bind from the right and before a sign: -a^2 is -(a^2), a^b^c is a^(b^c).
//! There is no product without `*`.
//!
//! # Names
//! A name of a predictor column is that column; every other name is a parameter, in the order of appearance. A column whose
//! name is no name of this language stands between backquotes.
//!
//! # From text to form
//! [`Formula::parse`] checks the language, [`Formula::with_params`] adds starting values and bounds ([`ParamSpec`]), and
//! [`Formula::bind`] brings columns in: it finds the parameters, derives exactly, compiles, and refuses what cannot be
//! fitted, each mistake with a message of its own ([`FormulaError`]).
//!
//! Inside, the tree becomes a graph in which equal subexpressions are one node; the derivatives by all parameters are
//! adjoints in the same graph. What only changes with the rows (ln N, N^2) is computed once a data set; what only changes
//! with the parameters, once a call; the rest by instructions on blocks of rows.

mod build;
mod compiled;
mod error;
mod exchange;
mod function;
mod gradient;
mod graph;
mod identify;
mod interpret;
mod law;
mod lexer;
mod operation;
mod parser;
mod spec;
mod starts;
mod tape;

mod bind;

pub use error::{FormulaError, Place, Tie};
pub use spec::ParamSpec;

use parser::Expr;

/// A formula that was read, with what is known of its parameters; its columns are not known yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    id: String,
    text: String,
    tree: Expr,
    specs: Vec<ParamSpec>,
}

impl Formula {
    /// Read a formula.
    ///
    /// # Errors
    /// [`FormulaError`] says at which character, what was found and what was expected.
    ///
    /// # Example
    /// ```
    /// use lawfit::form::formula::Formula;
    /// assert!(Formula::parse("E + A*N^-alpha").is_ok());
    /// let error = Formula::parse("E + A*N^)").unwrap_err();
    /// assert!(error.to_string().starts_with("formula, character 9"));
    /// ```
    pub fn parse(text: &str) -> Result<Formula, FormulaError> {
        let text = text.trim();
        Ok(Formula {
            id: "formula".to_owned(),
            tree: parser::parse(text)?,
            text: text.to_owned(),
            specs: Vec::new(),
        })
    }

    /// Say where parameters start and which bounds they have.
    ///
    /// # Errors
    /// [`FormulaError::ParamTwice`], or [`FormulaError::UnknownParam`] for a name that the formula does not have.
    pub fn with_params(mut self, specs: Vec<ParamSpec>) -> Result<Formula, FormulaError> {
        let names = self.names();
        for (k, spec) in specs.iter().enumerate() {
            if !names.contains(&spec.name) {
                return Err(FormulaError::UnknownParam {
                    name: spec.name.clone(),
                    formula: self.text.clone(),
                    params: names,
                });
            }
            if specs[..k].iter().any(|other| other.name == spec.name) {
                return Err(FormulaError::ParamTwice { name: spec.name.clone() });
            }
        }
        self.specs = specs;
        Ok(self)
    }

    /// Give the form an id other than `formula`, to tell several apart.
    #[must_use]
    pub fn named(mut self, id: &str) -> Formula {
        id.clone_into(&mut self.id);
        self
    }

    /// Return the formula as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Return all names in the order of appearance: columns and parameters.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        interpret::names(&self.tree).into_iter().map(|(name, _, _)| name).collect()
    }

    /// Return those of the `columns` of a table that the formula names, in the order of appearance.
    ///
    /// # Errors
    /// [`FormulaError`] when it names none, when it has no parameter, and for a name that looks like a mistyped column.
    pub fn columns_among(&self, columns: &[String]) -> Result<Vec<String>, FormulaError> {
        self.parameters(columns)?;
        Ok(self.names().into_iter().filter(|n| columns.contains(n)).collect())
    }
}
