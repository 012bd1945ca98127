//! A formula meets its data: names become columns and parameters, and what cannot be fitted is refused.

use super::Formula;
use super::build::Meaning;
use super::compiled::{Compiled, Role};
use super::error::{FormulaError, Place, Tie};
use super::exchange::{Exchange, exchanges};
use super::identify::{self, Finding};
use super::interpret::{self, short};
use super::law::Law;
use super::spec::ParamSpec;
use super::starts::{Ranges, quasi_random, scan, starts};
use crate::data::{Dataset, Scale, nearest};
use crate::form::{About, Form, Param, Reference, Trend};
use crate::math::{MAX_PARAMS, Theta};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Points of the scan that are tried for a first value on every row.
const TRIED: usize = 64;
/// Rows on which derivatives are compared.
const COMPARED: usize = 200;

/// What makes one interned form differ from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    id: String,
    text: String,
    specs: String,
    columns: Vec<(String, bool)>,
    ranges: Ranges,
    logs: bool,
}

/// Forms live as long as the program: a formula costs its few kilobytes once, however often it is bound.
static INTERNED: LazyLock<Mutex<HashMap<Key, &'static Law>>> = LazyLock::new(Mutex::default);

impl Formula {
    /// Bind the names to the columns of a data set, and check that the formula can be fitted to it.
    ///
    /// The form is interned: it is never freed, but made only once for a text, its parameters and its columns.
    /// Its default scale is the log scale where every response, and the formula at the start, is positive on every row.
    ///
    /// # Errors
    /// [`FormulaError`] for a formula without parameters or columns, a name that looks like a mistyped column, a value
    /// that is not finite at the start, and parameters that no data can tell apart.
    pub fn bind(&self, data: &Dataset) -> Result<&'static dyn Form, FormulaError> {
        let columns: Vec<String> = data.predictors.iter().map(|p| p.name.clone()).collect();
        let specs = self.parameters(&columns)?;
        let positive: Vec<bool> = data.predictors.iter().map(|p| p.is_positive()).collect();
        let values: Vec<&[f64]> = data.predictors.iter().map(|p| p.values.as_slice()).collect();
        let ranges = Ranges::of(&values);
        let meaning = |name: &str| match columns.iter().position(|c| c == name) {
            Some(k) => Meaning::Column(k, positive[k]),
            None => {
                let j = specs.iter().position(|s| s.name == name).unwrap_or(0);
                Meaning::Param(j, specs[j].lower > 0.0)
            }
        };
        let compiled = Compiled::new(&self.tree, specs.len(), &meaning);
        let start = self.first_value(&compiled, &specs, &ranges, data)?;
        self.identified(&compiled, &specs, &ranges, &start, data)?;
        let x = compiled.columns(&values);
        let rows: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
        let mut out = vec![0.0; data.nobs()];
        let best = starts(&compiled, &specs, &ranges, &rows, &data.response.values);
        compiled.eval(best.first().unwrap_or(&start), &rows, &mut out, &mut []);
        let above = |v: &f64| *v > 0.0;
        let logs = data.response.values.iter().all(above) && out.iter().all(above);
        let key = Key {
            id: self.id.clone(),
            text: self.text.clone(),
            specs: format!("{specs:?}"),
            columns: columns.iter().cloned().zip(positive.iter().copied()).collect(),
            ranges: ranges.clone(),
            logs,
        };
        let inputs = interpret::names(&self.tree)
            .iter()
            .filter_map(|(name, _, _)| columns.iter().position(|c| c == name))
            .max()
            .map_or(1, |k| k + 1);
        // Bounds that differ tell terms apart by themselves.
        let bounds = |j: usize| (specs[j].lower, specs[j].upper);
        let mut like = exchanges(&compiled, specs.len(), &rows, &start);
        like.retain(|pairs| pairs.iter().all(|&(a, b)| bounds(a) == bounds(b)));
        let mut interned = INTERNED.lock().unwrap_or_else(PoisonError::into_inner);
        let law: &'static Law = interned
            .entry(key)
            .or_insert_with(|| self.intern(compiled, specs, ranges, &columns[..inputs], logs, like));
        Ok(law)
    }

    /// Find the parameters: the names that are no columns, with what was said of them.
    pub(super) fn parameters(&self, columns: &[String]) -> Result<Vec<ParamSpec>, FormulaError> {
        let names = interpret::names(&self.tree);
        let used = |c: &String| names.iter().any(|(n, _, _)| n == c);
        let mut specs = Vec::new();
        for (name, start, end) in &names {
            if columns.contains(name) {
                continue;
            }
            let said = self.specs.iter().find(|s| s.name == *name);
            let unused = columns.iter().filter(|c| !used(c)).map(String::as_str);
            if said.is_none()
                && let Some(column) = nearest(name, unused)
            {
                return Err(FormulaError::MistypedColumn {
                    at: Place { formula: self.text.clone(), start: *start, end: *end },
                    column: column.to_owned(),
                });
            }
            specs.push(said.cloned().unwrap_or_else(|| ParamSpec::free(name)));
        }
        if let Some(spec) = self.specs.iter().find(|s| columns.contains(&s.name)) {
            return Err(FormulaError::UnknownParam {
                name: spec.name.clone(),
                formula: self.text.clone(),
                params: specs.iter().map(|s| s.name.clone()).collect(),
            });
        }
        let (formula, columns) = (self.text.clone(), columns.to_vec());
        if !columns.iter().any(used) {
            let names = names.into_iter().map(|(n, _, _)| n).collect();
            return Err(FormulaError::NoColumn { formula, names, columns });
        }
        if specs.is_empty() {
            return Err(FormulaError::NoParameter { formula, columns });
        }
        if specs.len() > MAX_PARAMS {
            let names = specs.into_iter().map(|s| s.name).collect();
            return Err(FormulaError::TooManyParameters { names, most: MAX_PARAMS });
        }
        Ok(specs)
    }

    /// Return the first point with a finite value on every row; the error speaks of the first point tried.
    fn first_value(
        &self,
        compiled: &Compiled,
        specs: &[ParamSpec],
        ranges: &Ranges,
        data: &Dataset,
    ) -> Result<Theta, FormulaError> {
        let mut first = None;
        for theta in scan(compiled, specs, ranges, TRIED) {
            match self.undefined(specs, &theta, data) {
                None => return Ok(theta),
                Some(error) => first = first.or(Some(error)),
            }
        }
        match first {
            Some(error) => Err(error),
            None => Ok([0.0; MAX_PARAMS]),
        }
    }

    /// The first row on which the formula has no finite value at `theta`.
    fn undefined(&self, specs: &[ParamSpec], theta: &Theta, data: &Dataset) -> Option<FormulaError> {
        for row in 0..data.nobs() {
            let of = |name: &str| match data.predictors.iter().find(|p| p.name == name) {
                Some(p) => p.values[row],
                None => specs.iter().position(|s| s.name == name).map_or(f64::NAN, |j| theta[j]),
            };
            let Err(failing) = interpret::value(&self.tree, &of) else { continue };
            let inside = interpret::names(failing.expr);
            let values: Vec<String> =
                inside.iter().map(|(name, _, _)| format!("{name} = {}", short(of(name)))).collect();
            return Some(FormulaError::Domain {
                at: Place { formula: self.text.clone(), start: failing.expr.start, end: failing.expr.end },
                problem: failing.problem,
                line: data.lines[row],
                source_name: data.source.clone(),
                values: values.join(", "),
            });
        }
        None
    }

    /// Refuse parameters without effect, and parameters that only enter together.
    fn identified(
        &self,
        compiled: &Compiled,
        specs: &[ParamSpec],
        ranges: &Ranges,
        start: &Theta,
        data: &Dataset,
    ) -> Result<(), FormulaError> {
        let p = specs.len();
        let every = data.nobs().div_ceil(COMPARED).max(1);
        let rows: Vec<Vec<f64>> =
            data.predictors.iter().map(|c| c.values.iter().copied().step_by(every).collect()).collect();
        let x: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let columns = compiled.columns(&x);
        let x: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        // Points around the start, then points of the scan as if nothing had been said of the start.
        let around = (0..24).map(|i| {
            let mut theta = *start;
            for (j, u) in quasi_random(i, p).into_iter().enumerate() {
                let moved = theta[j] * (0.8 + 0.4 * u) + if theta[j] == 0.0 { u } else { 0.0 };
                theta[j] = moved.clamp(specs[j].lower, specs[j].upper);
            }
            theta
        });
        let free: Vec<ParamSpec> = specs.iter().map(|s| ParamSpec { start: None, ..s.clone() }).collect();
        let elsewhere: Vec<Theta> = scan(compiled, &free, ranges, TRIED).collect();
        let names = |found: Vec<usize>| found.into_iter().map(|j| specs[j].name.clone()).collect();
        let formula = self.text.clone();
        // With fewer sizes than parameters the data are at fault, not the formula.
        let enough = data.distinct() >= p;
        match identify::check(compiled, p, &x, around.chain(elsewhere)) {
            Some(Finding::NoEffect(j)) => {
                Err(FormulaError::NoEffect { formula, name: specs[j].name.clone() })
            }
            Some(Finding::Tied(found, tie)) if enough || tie != Tie::General => {
                Err(FormulaError::Tied { formula, names: names(found), tie })
            }
            _ => Ok(()),
        }
    }

    /// Make the form that lives for ever.
    fn intern(
        &self,
        compiled: Compiled,
        specs: Vec<ParamSpec>,
        ranges: Ranges,
        columns: &[String],
        logs: bool,
        exchanges: Vec<Exchange>,
    ) -> &'static Law {
        let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        let params: Vec<Param> = specs
            .iter()
            .map(|s| Param {
                lower: s.lower,
                upper: s.upper,
                ..Param::free(leak(&s.name), "parameter of the user's formula")
            })
            .collect();
        let named = specs.iter().position(|s| s.name == "alpha");
        let exponent = compiled.roles.iter().rposition(|r| *r == Role::Exponent);
        let linear = compiled.linear.clone();
        // What moves the curve through a point: exactly where it enters linearly, by a root elsewhere.
        let pivots: Vec<usize> = if linear.is_empty() {
            (0..specs.len().min(2)).collect()
        } else {
            linear.iter().copied().take(3).collect()
        };
        let scales: &'static [Scale] = if logs {
            &[Scale::Log, Scale::Raw, Scale::Logit]
        } else {
            &[Scale::Raw, Scale::Log, Scale::Logit]
        };
        let about: &'static About = Box::leak(Box::new(About {
            id: leak(&self.id),
            formula: leak(&self.text),
            meaning: "a formula of the user's",
            weakness: "not known beforehand: see the report",
            reference: Reference { authors: "the user", place: "--formula" },
            predictors: Vec::leak(columns.iter().map(|c| leak(c)).collect()),
            params: Vec::leak(params),
            exponent: named.or(exponent).unwrap_or(0),
            amplitude: pivots.first().copied().unwrap_or(0),
            trend: Trend::Either,
            bounded: false,
            positive: false,
            native: Scale::Raw,
            scales,
        }));
        Box::leak(Box::new(Law {
            about,
            compiled,
            specs,
            ranges,
            linear: Vec::leak(linear),
            pivots: Vec::leak(pivots),
            exchanges,
        }))
    }
}
