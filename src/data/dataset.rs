//! The validated, immutable rows of one analysis.

use super::DataError;
use super::precision::Precision;
use crate::math::sum;
use std::ops::Range;

/// One predictor column: sizes N, tokens D or compute C.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictor {
    /// Column name, for instance `N`.
    pub name: String,
    /// Unit in words where known, for instance `million parameters`.
    pub unit: Option<String>,
    /// Values, all finite, one a row.
    pub values: Vec<f64>,
    /// Natural logarithms of the values, computed once; not finite where a value is not positive.
    pub ln: Vec<f64>,
}

impl Predictor {
    /// Whether all values are positive, as every law in the logarithm of a size needs.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.values.iter().all(|v| *v > 0.0)
    }

    /// Return the mean logarithm of the values, 0 where some have none.
    #[must_use]
    pub fn centre(&self) -> f64 {
        if self.is_positive() { sum::mean(&self.ln) } else { 0.0 }
    }

    /// Return where every row lies along this predictor: its centred logarithm, or, where some values are not
    /// positive, its distance from the mean in standard deviations.
    #[must_use]
    pub fn axis(&self) -> Vec<f64> {
        if self.is_positive() {
            let centre = self.centre();
            return self.ln.iter().map(|v| v - centre).collect();
        }
        let mean = sum::mean(&self.values);
        let spread = (sum::centred_squares(&self.values) / self.values.len() as f64).sqrt();
        self.values.iter().map(|v| if spread > 0.0 { (v - mean) / spread } else { 0.0 }).collect()
    }
}

/// The response column: a loss, an error or an accuracy.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Column name, for instance `loss`.
    pub name: String,
    /// Values, all finite, one a row.
    pub values: Vec<f64>,
}

/// A column of words that parts the rows: into sets, each fitted with parameters of its own where asked, or into clusters,
/// whose errors may depend on each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// Column name.
    pub column: String,
    /// The distinct words, sorted.
    pub names: Vec<String>,
    /// Index into `names`, one a row.
    pub index: Vec<usize>,
}

impl Labels {
    /// Sort out the distinct words of a column.
    #[must_use]
    pub fn new(column: &str, words: &[String]) -> Labels {
        let mut names = words.to_vec();
        names.sort_unstable();
        names.dedup();
        let index = words.iter().filter_map(|w| names.binary_search(w).ok()).collect();
        Labels { column: column.to_owned(), names, index }
    }

    /// Return the rows of every word that has any, words in order and rows ascending.
    #[must_use]
    pub fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.names.len()];
        for (row, &name) in self.index.iter().enumerate() {
            members[name].push(row);
        }
        members.retain(|rows| !rows.is_empty());
        members
    }

    /// Return the labels of some rows, in the order of `keep`.
    fn pick(&self, keep: &[usize]) -> Labels {
        Labels { index: keep.iter().map(|&i| self.index[i]).collect(), ..self.clone() }
    }
}

/// A row that was left out, and why.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct DroppedRow {
    /// Line in the source (the header is line 1), or record number for JSON.
    pub line: usize,
    /// Column whose cell was at fault, where one was.
    pub column: Option<String>,
    /// What the cell held.
    pub found: Option<String>,
    /// Why the row was left out, as a fragment that follows "line 7: ".
    pub reason: String,
}

/// The rows of one analysis: n rows of predictors and a response, validated, in canonical order.
///
/// Rows are sorted by predictors, then by response, so that no result depends on the order of the file;
/// `lines` leads back to the source. Values never change after construction.
///
/// # Assumptions
/// Predictors and response are finite; a form may ask for more (a law in ln N: sizes above 0).
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Where the rows came from: a path, `-` or `@name`.
    pub source: String,
    /// Predictor columns, at least one, each with n values.
    pub predictors: Vec<Predictor>,
    /// Response column with n values.
    pub response: Response,
    /// Line of the source of every row.
    pub lines: Vec<usize>,
    /// Position of every row in the source's own order (0-based among the rows used).
    pub order: Vec<usize>,
    /// Index of the group of equal predictors of every row: rows with one index are replicates.
    pub groups: Vec<usize>,
    /// A size-like column that is not a predictor but differs between rows of equal predictors: such rows are no
    /// replicates.
    pub differing: Option<String>,
    /// How precise every row is, where a column says so.
    pub precision: Option<Precision>,
    /// Which set every row belongs to, where a column says so.
    pub labels: Option<Labels>,
    /// Which cluster every row belongs to, where a column says so: errors may depend on each other within a cluster and not
    /// between clusters (the checkpoints of one run, the models of one family).
    pub cluster: Option<Labels>,
    /// Rows left out on request, with the reason.
    pub dropped: Vec<DroppedRow>,
    /// What the reader decided by itself (columns guessed, delimiter found), for the report to print.
    pub notes: Vec<String>,
}

/// One predictor column to build a data set from: name, unit and values.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Column name.
    pub name: String,
    /// Unit in words where known.
    pub unit: Option<String>,
    /// Values, one a row.
    pub values: Vec<f64>,
}

impl Dataset {
    /// Build a data set from columns, sorting the rows into canonical order.
    ///
    /// # Errors
    /// [`DataError`] when there is no predictor, when columns differ in length, or when a predictor or a
    /// response is not finite.
    pub fn new(
        source: &str,
        predictors: Vec<Input>,
        response: Response,
        lines: Vec<usize>,
    ) -> Result<Dataset, DataError> {
        let n = response.values.len();
        if predictors.is_empty() {
            return Err(DataError::NoPredictor { source_name: source.to_owned() });
        }
        for (name, length) in
            predictors.iter().map(|p| (&p.name, p.values.len())).chain([(&response.name, n)])
        {
            if length != lines.len() {
                return Err(DataError::UnequalColumns {
                    column: name.clone(),
                    found: length,
                    expected: lines.len(),
                });
            }
        }
        for (row, &line) in lines.iter().enumerate() {
            for p in &predictors {
                if !p.values[row].is_finite() {
                    return Err(DataError::BadValue {
                        source_name: source.to_owned(),
                        line,
                        column: p.name.clone(),
                        found: p.values[row].to_string(),
                        expected: "a finite number",
                    });
                }
            }
            if !response.values[row].is_finite() {
                return Err(DataError::BadValue {
                    source_name: source.to_owned(),
                    line,
                    column: response.name.clone(),
                    found: response.values[row].to_string(),
                    expected: "a finite number",
                });
            }
        }
        let mut order: Vec<usize> = (0..n).collect();
        let columns = || predictors.iter().map(|p| &p.values).chain([&response.values]);
        // Lazily, column by column: a key of all columns would be an allocation for every comparison.
        order.sort_by(|&a, &b| {
            columns()
                .map(|values| values[a].total_cmp(&values[b]))
                .find(|ordering| ordering.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let pick = |values: &[f64]| order.iter().map(|&i| values[i]).collect::<Vec<f64>>();
        let predictors: Vec<Predictor> = predictors
            .into_iter()
            .map(|p| {
                let values = pick(&p.values);
                let ln = values.iter().map(|v| v.ln()).collect();
                Predictor { name: p.name, unit: p.unit, values, ln }
            })
            .collect();
        let mut groups = Vec::with_capacity(n);
        for i in 0..n {
            let group = match groups.last() {
                None => 0,
                Some(&g) if predictors.iter().all(|p| p.values[i] == p.values[i - 1]) => g,
                Some(&g) => g + 1,
            };
            groups.push(group);
        }
        Ok(Dataset {
            source: source.to_owned(),
            response: Response { values: pick(&response.values), name: response.name },
            lines: order.iter().map(|&i| lines[i]).collect(),
            predictors,
            groups,
            order,
            differing: None,
            precision: None,
            labels: None,
            cluster: None,
            dropped: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// Return the number of rows, n.
    #[must_use]
    pub fn nobs(&self) -> usize {
        self.response.values.len()
    }

    /// Return the number of distinct predictor values, at most n.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.groups.last().map_or(0, |g| g + 1)
    }

    /// Return the row with the largest product of predictors, the last of equal ones.
    #[must_use]
    pub fn largest_row(&self) -> Option<usize> {
        let product = |i: usize| self.predictors.iter().map(|p| p.ln[i]).sum::<f64>();
        match self.predictors.as_slice() {
            [_] => self.nobs().checked_sub(1),
            _ => (0..self.nobs()).max_by(|&a, &b| product(a).total_cmp(&product(b))),
        }
    }

    /// Return the number of distinct predictor values, those of different sets of rows counted apart.
    #[must_use]
    pub fn distinct_in_sets(&self) -> usize {
        let Some(labels) = &self.labels else { return self.distinct() };
        let mut pairs: Vec<(usize, usize)> =
            self.groups.iter().copied().zip(labels.index.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs.len()
    }

    /// Return the rows of every size in turn: ranges of rows with equal predictors.
    pub fn rows_by_size(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut first = 0;
        self.groups.chunk_by(|a, b| a == b).map(move |rows| {
            let range = first..first + rows.len();
            first = range.end;
            range
        })
    }

    /// Return whether some rows have equal predictors and differ in nothing else that looks like a size.
    #[must_use]
    pub fn has_replicates(&self) -> bool {
        self.distinct() < self.nobs() && self.differing.is_none()
    }

    /// Return the first predictor, the one that one-predictor forms read.
    #[must_use]
    pub fn x(&self) -> &Predictor {
        &self.predictors[0]
    }

    /// Say how precise every row is, or which set it belongs to; values in the order of the source.
    ///
    /// Rows of equal predictors and response are put in order by them, so that no result depends on the order of the file.
    #[must_use]
    pub fn with_columns(mut self, precision: Option<Precision>, labels: Option<Labels>) -> Dataset {
        self.precision =
            precision.map(|p| Precision { values: self.order.iter().map(|&i| p.values[i]).collect(), ..p });
        self.labels = labels.map(|l| l.pick(&self.order));
        self.ranked()
    }

    /// Say which cluster every row belongs to; words in the order of the source.
    ///
    /// Rows that are equal in all else are put in order by them, so that no result depends on the order of the file.
    #[must_use]
    pub fn with_cluster(mut self, cluster: Labels) -> Dataset {
        self.cluster = Some(cluster.pick(&self.order));
        self.ranked()
    }

    /// Put rows of equal predictors and response in order by the columns beside them.
    fn ranked(mut self) -> Dataset {
        let y = &self.response.values;
        let index = |labels: &Option<Labels>, i: usize| labels.as_ref().map_or(0, |l| l.index[i]);
        let value = |i: usize| self.precision.as_ref().map_or(0.0, |p| p.values[i]);
        let mut rank: Vec<usize> = (0..self.nobs()).collect();
        rank.sort_by(|&a, &b| {
            let rows = self.groups[a].cmp(&self.groups[b]).then(y[a].total_cmp(&y[b]));
            rows.then(value(a).total_cmp(&value(b)))
                .then(index(&self.labels, a).cmp(&index(&self.labels, b)))
                .then(index(&self.cluster, a).cmp(&index(&self.cluster, b)))
        });
        self.lines = rank.iter().map(|&i| self.lines[i]).collect();
        self.order = rank.iter().map(|&i| self.order[i]).collect();
        self.precision =
            self.precision.map(|p| Precision { values: rank.iter().map(|&i| p.values[i]).collect(), ..p });
        self.labels = self.labels.map(|l| l.pick(&rank));
        self.cluster = self.cluster.map(|l| l.pick(&rank));
        self
    }

    /// Return the same rows in the same order with another response.
    ///
    /// # Errors
    /// [`DataError::BadValue`] when `f` gives a number that is not finite.
    pub fn with_response(&self, f: impl Fn(f64) -> f64) -> Result<Dataset, DataError> {
        let mut out = self.clone();
        for (value, &line) in out.response.values.iter_mut().zip(&self.lines) {
            *value = f(*value);
            if !value.is_finite() {
                return Err(DataError::BadValue {
                    source_name: self.source.clone(),
                    line,
                    column: self.response.name.clone(),
                    found: value.to_string(),
                    expected: "a finite number",
                });
            }
        }
        Ok(out)
    }

    /// Return the same rows with other responses, in the order of these rows: a simulated response of the same design.
    ///
    /// # Errors
    /// [`DataError`] when their number is another, or one is not finite.
    pub fn with_responses(&self, values: Vec<f64>) -> Result<Dataset, DataError> {
        if values.len() != self.nobs() {
            return Err(DataError::UnequalColumns {
                column: self.response.name.clone(),
                found: values.len(),
                expected: self.nobs(),
            });
        }
        let name = self.response.name.clone();
        Dataset { response: Response { name, values }, ..self.clone() }.with_response(|v| v)
    }

    /// Return the rows whose index is in `keep`, in canonical order.
    #[must_use]
    pub fn subset(&self, keep: &[usize]) -> Dataset {
        let pick = |v: &[f64]| keep.iter().map(|&i| v[i]).collect::<Vec<f64>>();
        let mut groups = Vec::with_capacity(keep.len());
        for (k, &i) in keep.iter().enumerate() {
            let next = match k {
                0 => 0,
                _ if self.groups[i] == self.groups[keep[k - 1]] => groups[k - 1],
                _ => groups[k - 1] + 1,
            };
            groups.push(next);
        }
        Dataset {
            source: self.source.clone(),
            predictors: self
                .predictors
                .iter()
                .map(|p| Predictor {
                    name: p.name.clone(),
                    unit: p.unit.clone(),
                    values: pick(&p.values),
                    ln: pick(&p.ln),
                })
                .collect(),
            response: Response { name: self.response.name.clone(), values: pick(&self.response.values) },
            lines: keep.iter().map(|&i| self.lines[i]).collect(),
            order: keep.iter().map(|&i| self.order[i]).collect(),
            groups,
            differing: self.differing.clone(),
            precision: self.precision.as_ref().map(|p| Precision {
                values: pick(&p.values),
                column: p.column.clone(),
                kind: p.kind,
            }),
            labels: self.labels.as_ref().map(|l| l.pick(keep)),
            cluster: self.cluster.as_ref().map(|l| l.pick(keep)),
            dropped: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Return a fingerprint of names and values: equal for equal rows in any order, from any file.
    ///
    /// # Formula
    /// FNV-1a, 64 bits, over the names and the bits of every value in canonical order, as 16 hexadecimal
    /// digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut eat = |bytes: &[u8]| {
            for b in bytes {
                hash ^= u64::from(*b);
                hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
            }
        };
        for p in &self.predictors {
            eat(p.name.as_bytes());
            eat(&[0]);
            for v in &p.values {
                eat(&v.to_bits().to_le_bytes());
            }
        }
        eat(self.response.name.as_bytes());
        eat(&[0]);
        for v in &self.response.values {
            eat(&v.to_bits().to_le_bytes());
        }
        if let Some(p) = &self.precision {
            eat(p.column.as_bytes());
            eat(&[0]);
            p.values.iter().for_each(|v| eat(&v.to_bits().to_le_bytes()));
        }
        for l in self.labels.iter().chain(&self.cluster) {
            eat(l.column.as_bytes());
            eat(&[0]);
            for &i in &l.index {
                eat(l.names[i].as_bytes());
                eat(&[0]);
            }
        }
        format!("{hash:016x}")
    }

    /// Put values in canonical order back into the order of the source.
    #[must_use]
    pub fn in_source_order(&self, values: &[f64]) -> Vec<f64> {
        self.rows_in_source_order().map(|i| values[i]).collect()
    }

    /// Return the indices of the rows in the order of the source.
    pub fn rows_in_source_order(&self) -> impl Iterator<Item = usize> {
        let mut rank: Vec<usize> = (0..self.nobs()).collect();
        rank.sort_by_key(|&i| self.order[i]);
        rank.into_iter()
    }
}
