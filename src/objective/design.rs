//! What stays fixed of a data set when a form is fitted to it.

use crate::data::{Dataset, Labels, Predictor, Scale};
use crate::form::{Form, Frame};
use crate::math::{Theta, sum};
use thiserror::Error;

/// Why a form cannot be compared with a data set on a scale.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ObjectiveError {
    /// A response lies outside the domain of the scale.
    #[error(
        "`{source_name}` line {line}, column `{column}`: found {found}, expected a value between {low} and {high} \
         (form `{form}` works on the {scale} scale)"
    )]
    Domain {
        /// Where the rows came from.
        source_name: String,
        /// Line of the row.
        line: usize,
        /// Response column.
        column: String,
        /// The response.
        found: f64,
        /// Lower end of the domain.
        low: f64,
        /// Upper end of the domain.
        high: f64,
        /// Form id.
        form: &'static str,
        /// Scale id.
        scale: &'static str,
    },
    /// The form is not defined for a row's predictors.
    #[error("`{source_name}` line {line}: found {found}, where form `{form}` is not defined")]
    Predictor {
        /// Where the rows came from.
        source_name: String,
        /// Line of the row.
        line: usize,
        /// Names and values of the predictors.
        found: String,
        /// Form id.
        form: &'static str,
    },
    /// The form reads more predictors than the data set has.
    #[error("form `{form}` needs {needed} predictors, the data have {found}")]
    Inputs {
        /// Form id.
        form: &'static str,
        /// Predictors needed.
        needed: usize,
        /// Predictors there are.
        found: usize,
    },
}

/// A data set as one form and scale see it.
#[derive(Debug, Clone)]
pub struct Design {
    /// The coordinates' origin.
    pub frame: Frame,
    /// The columns that the form reads, n values each: centred logarithms u, one column a predictor, for most.
    pub x: Vec<Vec<f64>>,
    /// Where every row lies along the first predictor, n values, ascending: its centred logarithm, or, where it is not
    /// positive, its distance from the mean in standard deviations. Residuals are read along it.
    pub axis: Vec<f64>,
    /// Observed response on the scale of the fit, g(y/y_scale), n values.
    pub target: Vec<f64>,
    /// The scale of the fit.
    pub scale: Scale,
    /// Root of the centred sum of squares of `target`: what a residual is small against.
    pub spread: f64,
    /// Root weight of every row, n values of mean square 1, or none where all rows are equally precise. `target` holds its
    /// multiples, and so do fitted values, residuals and derivatives: all rows then have one variance.
    pub root: Vec<f64>,
    /// Standard deviation of a row of root weight 1 in the solver's unit, where it is known rather than estimated.
    pub known_sd: Option<f64>,
    /// Which cluster every row belongs to, where the data say so.
    pub clusters: Option<Labels>,
    /// Residual norm below which rounding of the responses themselves shows: what a certificate cannot resolve.
    pub resolution: f64,
    /// Whether responses are numbers near 1, so that their rounding errors do not shrink with them.
    near_one: bool,
}

/// Residual of a row, relative to the size of the response, that a certificate of 1e-8 can still resolve in doubles.
const RESOLVED: f64 = 1e-7;

/// Root of the centred sum of squares of a response, and the residual norm below which its rounding shows.
///
/// Responses that were divided by their size, and logarithms, are rounded as numbers near 1 are; others as they are.
fn spread_and_resolution(target: &[f64], near_one: bool) -> (f64, f64) {
    let spread = sum::centred_squares(target).sqrt();
    let size = target.iter().fold(f64::from(u8::from(near_one)), |m, t| m.max(t.abs()));
    (spread, (RESOLVED * size * (target.len() as f64).sqrt()).max(1e-6 * spread))
}

impl Design {
    /// Centre and transform a data set for `form` on `scale`.
    ///
    /// # Errors
    /// [`ObjectiveError::Domain`] names the first response that the scale or the form is not defined for.
    pub fn new(form: &dyn Form, scale: Scale, data: &Dataset) -> Result<Design, ObjectiveError> {
        // A law that is fitted to sets of rows reads the index of the set last.
        let sets: Option<Vec<f64>> = data
            .labels
            .as_ref()
            .filter(|_| form.reads_sets())
            .map(|l| l.index.iter().map(|i| *i as f64).collect());
        let own = form.inputs() - usize::from(sets.is_some());
        if data.predictors.len() < own {
            return Err(ObjectiveError::Inputs {
                form: form.id(),
                needed: own,
                found: data.predictors.len(),
            });
        }
        let y = &data.response.values;
        let native = form.native();
        let positive = form.about().positive;
        // A score of exactly 0 or 1 is one that a law of fractions may be fitted to, on a scale that has them.
        let no_fraction = |y: f64| form.about().bounded && !(0.0..=1.0).contains(&y);
        let outside =
            |y: f64| !scale.contains(y) || !native.contains(y) || (positive && y <= 0.0) || no_fraction(y);
        if let Some(i) = (0..y.len()).find(|&i| outside(y[i])) {
            let narrower = if scale.contains(y[i]) { native } else { scale };
            let (low, high) = narrower.domain();
            let low = if positive { low.max(0.0) } else { low };
            let (low, high) = if no_fraction(y[i]) { (0.0, 1.0) } else { (low, high) };
            return Err(ObjectiveError::Domain {
                source_name: data.source.clone(),
                line: data.lines[i],
                column: data.response.name.clone(),
                found: y[i],
                low,
                high,
                form: form.id(),
                scale: narrower.id(),
            });
        }
        let y_scale = match (form.divides_response(), y.iter().all(|v| *v > 0.0)) {
            (false, _) => 1.0,
            (true, true) => sum::mean(&y.iter().map(|v| v.ln()).collect::<Vec<f64>>()).exp(),
            (true, false) => match y.iter().fold(0.0f64, |m, v| m.max(v.abs())) {
                0.0 => 1.0,
                largest => largest,
            },
        };
        let inputs = &data.predictors[..own];
        let x_centre: Vec<f64> =
            inputs.iter().map(Predictor::centre).chain(sets.iter().map(|_| 0.0)).collect();
        let values: Vec<&[f64]> = inputs.iter().map(|p| p.values.as_slice()).chain(sets.as_deref()).collect();
        let x = form.columns(&values, &x_centre);
        if let Some(i) = (0..y.len()).find(|&i| x.iter().any(|c| !c[i].is_finite())) {
            return Err(ObjectiveError::Predictor {
                source_name: data.source.clone(),
                line: data.lines[i],
                found: inputs
                    .iter()
                    .map(|p| format!("{} = {}", p.name, p.values[i]))
                    .collect::<Vec<_>>()
                    .join(", "),
                form: form.id(),
            });
        }
        let target: Vec<f64> = y.iter().map(|v| scale.apply(v / y_scale)).collect();
        let near_one = form.divides_response() || form.about().bounded || scale != Scale::Raw;
        let (spread, resolution) = spread_and_resolution(&target, near_one);
        let axis = data.x().axis();
        Ok(Design {
            frame: Frame { x_centre, y_scale },
            x,
            axis,
            target,
            scale,
            spread,
            root: Vec::new(),
            known_sd: None,
            clusters: data.cluster.clone(),
            resolution,
            near_one,
        })
    }

    /// Keep every k-th row, and the last.
    #[must_use]
    pub fn thinned(&self, k: usize) -> Design {
        let last = self.nobs() - 1;
        let pick = |v: &[f64]| -> Vec<f64> {
            v.iter().enumerate().filter(|(i, _)| i % k == 0 || *i == last).map(|(_, v)| *v).collect()
        };
        let (target, root) = (pick(&self.target), pick(&self.root));
        let clusters = self.clusters.as_ref().map(|l| {
            let kept = l.index.iter().enumerate().filter(|(i, _)| i % k == 0 || *i == last);
            Labels { index: kept.map(|(_, c)| *c).collect(), ..l.clone() }
        });
        let (spread, resolution) = spread_and_resolution(&target, self.near_one);
        Design {
            frame: self.frame.clone(),
            x: self.x.iter().map(|c| pick(c)).collect(),
            axis: pick(&self.axis),
            target,
            scale: self.scale,
            spread,
            root,
            known_sd: self.known_sd,
            clusters,
            resolution,
            near_one: self.near_one,
        }
    }

    /// Weigh the rows by their standard deviations on the scale of the fit, in the solver's unit; `known` says whether their
    /// size is known or estimated.
    ///
    /// # Formula
    /// root_i = s0/sd_i with s0 = (mean of 1/sd_i^2)^-1/2, so that the mean of root_i^2 is 1: s0 is the standard deviation of
    /// a row of average precision.
    #[must_use]
    pub fn weighed(&self, sd: &[f64], known: bool) -> Design {
        let unweighted = |i: usize| self.root.get(i).map_or(self.target[i], |r| self.target[i] / r);
        let mean = sd.iter().map(|s| 1.0 / (s * s)).sum::<f64>() / sd.len() as f64;
        let s0 = 1.0 / mean.sqrt();
        let root: Vec<f64> = sd.iter().map(|s| s0 / s).collect();
        let plain: Vec<f64> = (0..self.nobs()).map(unweighted).collect();
        let target: Vec<f64> = plain.iter().zip(&root).map(|(t, r)| t * r).collect();
        let squares = sum::dot(&root, &root);
        let centre = sum::dot(&root, &target) / squares;
        let spread = plain.iter().zip(&root).map(|(t, r)| (r * (t - centre)).powi(2)).sum::<f64>().sqrt();
        let (_, resolution) = spread_and_resolution(&target, self.near_one);
        Design { target, root, known_sd: known.then_some(s0), spread, resolution, ..self.clone() }
    }

    /// Return a value on the scale of the fit as it stands in `target`, without its row's weight.
    #[must_use]
    pub fn unweighted(&self, row: usize, value: f64) -> f64 {
        self.root.get(row).map_or(value, |root| value / root)
    }

    /// Return the form's starting points for responses `target` on the scale of this design.
    #[must_use]
    pub fn starts(&self, form: &dyn Form, target: &[f64]) -> Vec<Theta> {
        let columns: Vec<&[f64]> = self.x.iter().map(Vec::as_slice).collect();
        form.starts(&columns, &self.native(form, target))
    }

    /// Return further starting points of the form for responses `target` on the scale of this design.
    #[must_use]
    pub fn more_starts(&self, form: &dyn Form, target: &[f64]) -> Vec<Theta> {
        let columns: Vec<&[f64]> = self.x.iter().map(Vec::as_slice).collect();
        form.more_starts(&columns, &self.native(form, target))
    }

    /// Responses on the form's own scale, without the weights of their rows.
    fn native(&self, form: &dyn Form, target: &[f64]) -> Vec<f64> {
        let native = form.native();
        let plain = target.iter().enumerate().map(|(i, t)| self.unweighted(i, *t));
        if self.scale == native {
            plain.collect()
        } else {
            plain.map(|t| native.apply(self.scale.invert(t))).collect()
        }
    }

    /// Return the number of rows.
    #[must_use]
    pub fn nobs(&self) -> usize {
        self.target.len()
    }

    /// Return the divisor that leads from residuals of the fit to residuals on the user's scale.
    #[must_use]
    pub fn residual_unit(&self) -> f64 {
        if self.scale == Scale::Raw { self.frame.y_scale } else { 1.0 }
    }
}
