//! A scenario: a law with known parameters, a design, and errors to draw data sets from.

use crate::benchmark::{Errors, SimulateError};
use crate::data::{DataError, Dataset, Input, Labels, Response, Scale};
use crate::fit::{FitError, FitSpec};
use crate::form::{Form, Frame};
use crate::loss::Loss;
use crate::math::random::stream;
use crate::math::sum;
use rand_distr::{Distribution, StandardNormal};

/// Rows that come in families with a level and an exponent of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// Family of every row.
    pub of: Vec<usize>,
    /// Standard deviation of a family's level, on the scale of the errors.
    pub level: f64,
    /// Standard deviation of a family's exponent.
    pub exponent: f64,
}

/// One cell of a study of coverage.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Name; the draws depend on it, so that a cell is the same in every selection of cells.
    pub id: String,
    /// Group that it is tabulated in.
    pub group: &'static str,
    /// The law, simulated and fitted.
    pub form: &'static dyn Form,
    /// Its natural parameters, in the formula's order.
    pub truth: Vec<f64>,
    /// Rows of the design, a value a predictor each, the first predictor rising where the errors depend on it.
    pub design: Vec<Vec<f64>>,
    /// The errors; t with 3 degrees of freedom is divided by its standard deviation here, as in a simulation.
    pub errors: Errors,
    /// Their standard deviation on `scale`.
    pub sigma: f64,
    /// What a residual costs in the fit.
    pub loss: Loss,
    /// Scale of the errors, in simulation and fit.
    pub scale: Scale,
    /// Families of rows, where there are some.
    pub clusters: Option<Clusters>,
    /// Natural parameters whose coverage is measured.
    pub targets: Vec<usize>,
}

/// A scenario with its mean responses, ready to draw from.
#[derive(Debug, Clone)]
pub struct Sampler<'a> {
    scenario: &'a Scenario,
    /// Logarithms of the first predictor.
    ln: Vec<f64>,
    /// Mean responses on the scale of the errors.
    means: Vec<f64>,
}

impl Scenario {
    /// Return the number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.design.len()
    }

    /// Return what is fitted to a data set.
    ///
    /// # Errors
    /// [`FitError`] when the form does not have the scale.
    pub fn spec(&self) -> Result<FitSpec, FitError> {
        Ok(FitSpec::new(self.form).scale(self.scale)?.loss(self.loss))
    }

    /// Compute the mean responses.
    ///
    /// # Errors
    /// [`SimulateError`] when a parameter lies outside its domain, or a mean outside that of the scale.
    pub fn sampler(&self) -> Result<Sampler<'_>, SimulateError> {
        let columns: Vec<Vec<f64>> = (0..self.form.inputs())
            .map(|k| self.design.iter().map(|row| row.get(k).copied().unwrap_or(f64::NAN)).collect())
            .collect();
        let logs = |values: &Vec<f64>| values.iter().map(|v| v.ln()).collect::<Vec<f64>>();
        let frame = Frame { x_centre: columns.iter().map(|c| sum::mean(&logs(c))).collect(), y_scale: 1.0 };
        let names: Vec<&str> = self.form.params().iter().map(|p| p.name).collect();
        let theta = self.form.coordinates(&self.truth, &frame).ok_or_else(|| SimulateError::Parameter {
            form: self.form.id(),
            name: names.join(", "),
            problem: "lies outside its domain",
            expected: "positive amplitudes and E >= 0".into(),
        })?;
        let values: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let read = self.form.columns(&values, &frame.x_centre);
        let read: Vec<&[f64]> = read.iter().map(Vec::as_slice).collect();
        let mut eta = vec![0.0; self.rows()];
        self.form.eval(&theta, &read, &mut eta, &mut []);
        let ln = columns.first().map_or_else(Vec::new, logs);
        let means = eta
            .iter()
            .zip(&ln)
            .map(|(eta, ln)| {
                let mean = self.form.native().invert(*eta);
                if self.scale.contains(mean) {
                    Ok(self.scale.apply(mean))
                } else {
                    Err(SimulateError::OutOfRange { form: self.form.id(), x: ln.exp(), value: mean })
                }
            })
            .collect::<Result<_, _>>()?;
        Ok(Sampler { scenario: self, ln, means })
    }
}

impl Sampler<'_> {
    /// Draw data set `set`, which depends on the seed, the name of the scenario and `set` alone.
    ///
    /// # Formula
    /// g(y) = g(m(x)) + l_c - d_c (ln N - mean ln N) + sigma e, e as [`Errors`] says with unit standard deviation where it is
    /// plain; l_c and d_c, where rows come in families c, normal with the standard deviations of [`Clusters`]: a family's
    /// exponent is alpha + d_c, its level differs in the middle of the design
    /// # Errors
    /// [`DataError`] if a response is not finite.
    pub fn draw(&self, seed: u64, set: u64) -> Result<Dataset, DataError> {
        let s = self.scenario;
        let mut rng = stream(key(seed, &s.id), set);
        let mut eta = self.means.clone();
        if let Some(clusters) = &s.clusters {
            let count = clusters.of.iter().max().map_or(0, |c| c + 1);
            let own: Vec<(f64, f64)> = (0..count)
                .map(|_| {
                    let level: f64 = StandardNormal.sample(&mut rng);
                    let exponent: f64 = StandardNormal.sample(&mut rng);
                    (clusters.level * level, clusters.exponent * exponent)
                })
                .collect();
            let centre = sum::mean(&self.ln);
            for ((eta, ln), c) in eta.iter_mut().zip(&self.ln).zip(&clusters.of) {
                *eta += own[*c].0 - own[*c].1 * (ln - centre);
            }
        }
        let unit = s.sigma / s.errors.deviation();
        for (eta, e) in eta.iter_mut().zip(s.errors.draw(&self.ln, &mut rng)) {
            *eta += unit * e;
        }
        let inputs = s.form.about().predictors.iter().enumerate().map(|(k, name)| Input {
            name: (*name).to_owned(),
            unit: None,
            values: s.design.iter().map(|row| row[k]).collect(),
        });
        let data = Dataset::new(
            &s.id,
            inputs.collect(),
            Response { name: "loss".into(), values: eta.into_iter().map(|v| s.scale.invert(v)).collect() },
            (1..=s.rows()).collect(),
        )?;
        let Some(clusters) = &s.clusters else { return Ok(data) };
        // Names that sort as their numbers do.
        let names: Vec<String> = clusters.of.iter().map(|c| format!("{c:03}")).collect();
        Ok(data.with_cluster(Labels::new("family", &names)))
    }
}

/// Return a seed of its own for a named part of a study: FNV-1a over the name, mixed with the user's seed.
#[must_use]
pub fn key(seed: u64, name: &str) -> u64 {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
    // The finaliser of SplitMix64: neighbouring seeds and names give unrelated keys.
    let mut z = hash ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
