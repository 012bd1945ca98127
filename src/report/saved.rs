//! A saved result as input: its rows and its choices, so that `predict` and the others start where `fit` ended.

use super::{ReportError, SCHEMA_VERSION};
use crate::data::{Dataset, Input, Labels, Precision, Response, Scale};
use crate::fit::{FitError, Spread};
use crate::form::formula::{Formula, ParamSpec};
use crate::form::{Form, Restriction};
use crate::loss::Loss;
use serde_json::Value;

/// A form of a saved result.
#[derive(Debug, Clone, PartialEq)]
pub enum SavedForm {
    /// A form of the catalogue, by its id.
    Known(String),
    /// A formula of the user's.
    Written(Formula),
}

impl SavedForm {
    /// Return the form for the rows of the saved result.
    ///
    /// # Errors
    /// [`ReportError::Formula`] or [`ReportError::Fit`] when this version has no such form.
    pub fn form(&self, data: &Dataset) -> Result<&'static dyn Form, ReportError> {
        match self {
            SavedForm::Known(id) => Ok(crate::form::by_id(id).map_err(FitError::from)?),
            SavedForm::Written(formula) => Ok(formula.bind(data)?),
        }
    }
}

/// What a saved result holds for another run.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The rows.
    pub data: Dataset,
    /// The forms that were fitted, formulas of the user's included.
    pub forms: Vec<SavedForm>,
    /// Confidence level.
    pub level: f64,
    /// Seed.
    pub seed: u64,
    /// What a residual cost.
    pub loss: Loss,
    /// How the spread of the errors changes with size.
    pub spread: Spread,
    /// What was asked of the parameters.
    pub restriction: Restriction,
    /// Scale of the errors, where a fit was not on its form's default.
    pub scale: Option<Scale>,
}

/// Read a saved result.
///
/// # Errors
/// [`ReportError::Saved`] when it is of another version, incomplete, or when its rows do not have its fingerprint.
pub fn read_saved(source: &str, value: &Value) -> Result<Saved, ReportError> {
    let fail =
        |problem: &str| ReportError::Saved { source_name: source.to_owned(), problem: problem.to_owned() };
    let version = value.get("schema_version").and_then(Value::as_u64);
    if version != Some(u64::from(SCHEMA_VERSION)) {
        return Err(fail(&format!(
            "found schema_version {}, expected {SCHEMA_VERSION}",
            version.map_or("none".into(), |v| v.to_string())
        )));
    }
    let section = value.get("data").ok_or_else(|| fail("no `data`"))?;
    let columns = section.get("columns").ok_or_else(|| fail("no `data.columns`"))?;
    let numbers = |name: &str| -> Result<Vec<f64>, ReportError> {
        columns
            .get(name)
            .and_then(Value::as_array)
            .and_then(|a| a.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>())
            .ok_or_else(|| fail(&format!("no numbers in `data.columns.{name}`")))
    };
    let strings = |key: &str| -> Vec<Option<String>> {
        section
            .get(key)
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |a| a.iter().map(|v| v.as_str().map(str::to_owned)).collect())
    };
    let units = strings("x_units");
    let mut inputs = Vec::new();
    for (k, name) in strings("x").into_iter().flatten().enumerate() {
        inputs.push(Input { values: numbers(&name)?, unit: units.get(k).cloned().flatten(), name });
    }
    let y = section.get("y").and_then(Value::as_str).ok_or_else(|| fail("no `data.y`"))?;
    let response = Response { name: y.to_owned(), values: numbers(y)? };
    let lines: Option<Vec<usize>> = section
        .get("lines")
        .and_then(Value::as_array)
        .and_then(|a| a.iter().map(|v| v.as_u64().and_then(|v| usize::try_from(v).ok())).collect());
    let lines = lines.unwrap_or_else(|| (1..=response.values.len()).collect());
    let origin = section.get("source").and_then(Value::as_str).unwrap_or(source);
    let precision = match section.get("precision") {
        None => None,
        Some(p) => {
            let column = p.get("column").and_then(Value::as_str);
            let kind = p.get("kind").and_then(|k| serde_json::from_value(k.clone()).ok());
            let (Some(column), Some(kind)) = (column, kind) else {
                return Err(fail("no column and kind in `data.precision`"));
            };
            Some(Precision { column: column.to_owned(), kind, values: numbers(column)? })
        }
    };
    let labels = match section.get("by").and_then(Value::as_str) {
        None => None,
        Some(name) => {
            let words = columns.get(name).and_then(Value::as_array);
            let words = words.and_then(|a| a.iter().map(|v| v.as_str().map(str::to_owned)).collect());
            let words: Vec<String> =
                words.ok_or_else(|| fail(&format!("no words in `data.columns.{name}`")))?;
            Some(Labels::new(name, &words))
        }
    };
    let cluster = match section.get("cluster") {
        None => None,
        Some(c) => {
            let words: Option<Vec<String>> = c
                .get("labels")
                .and_then(Value::as_array)
                .and_then(|a| a.iter().map(|v| v.as_str().map(str::to_owned)).collect());
            let (Some(column), Some(words)) = (c.get("column").and_then(Value::as_str), words) else {
                return Err(fail("no column and labels in `data.cluster`"));
            };
            Some(Labels::new(column, &words))
        }
    };
    let rows = response.values.len();
    if precision.as_ref().is_some_and(|p| p.values.len() != rows)
        || [&labels, &cluster].iter().any(|l| l.as_ref().is_some_and(|l| l.index.len() != rows))
    {
        return Err(fail("columns of different lengths in `data.columns`"));
    }
    let mut data = Dataset::new(origin, inputs, response, lines)?.with_columns(precision, labels);
    if let Some(cluster) = cluster {
        data = data.with_cluster(cluster);
    }
    if section.get("fingerprint").and_then(Value::as_str) != Some(&data.fingerprint()) {
        return Err(fail("its rows do not have its fingerprint: it was changed after it was written"));
    }
    data.notes.push(format!("rows and choices are those of the saved result `{source}`"));
    let fits = value.get("fits").and_then(Value::as_array).ok_or_else(|| fail("no `fits`"))?;
    let word = |fit: &Value, key: &str| fit.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut forms = Vec::new();
    for fit in fits {
        let Some(id) = word(fit, "form") else { continue };
        let Some(said) = fit.get("said").and_then(Value::as_array) else {
            forms.push(SavedForm::Known(id));
            continue;
        };
        let specs = said.iter().filter_map(Value::as_str).map(str::parse::<ParamSpec>);
        let text = word(fit, "formula").ok_or_else(|| fail("a fit without its `formula`"))?;
        let formula = Formula::parse(&text)?.with_params(specs.collect::<Result<_, _>>()?)?.named(&id);
        forms.push(SavedForm::Written(formula));
    }
    // A scale that is not its form's default was chosen by the user.
    let scale = fits.iter().zip(&forms).find_map(|(f, form)| {
        let form = form.form(&data).ok()?;
        let id = word(f, "scale")?;
        form.about().scales.iter().skip(1).find(|s| s.id() == id).copied()
    });
    // Results of before there was a choice do not say what a residual cost.
    let loss = fits.iter().find_map(|f| word(f, "loss")).unwrap_or_else(|| "squared".to_owned());
    let loss = Loss::parse(&loss).map_err(|e| fail(&e.to_string()))?;
    Ok(Saved {
        data,
        forms,
        level: value.get("level").and_then(Value::as_f64).unwrap_or(0.95),
        seed: value.get("seed").and_then(Value::as_u64).unwrap_or(1),
        loss,
        restriction: value
            .get("restriction")
            .map_or(Ok(Restriction::default()), |r| serde_json::from_value(r.clone()))
            .map_err(|e| fail(&format!("`restriction`: {e}")))?,
        spread: if fits.iter().any(|f| f.get("spread").is_some()) { Spread::Power } else { Spread::Constant },
        scale,
    })
}
