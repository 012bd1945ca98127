//! Runs drawn from a law with known parameters.

use crate::data::Scale;
use crate::form::{Form, Frame, mean_at, point};
use crate::math::random::{Stream, stream};
use rand_distr::{Distribution, StandardNormal, StudentT};
use thiserror::Error;

/// Most rows that are drawn.
const MOST_ROWS: usize = 10_000_000;

/// The distribution of the errors, scaled to a standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// Normal.
    Normal,
    /// Student's t with 3 degrees of freedom, divided by the root of 3: heavy tails, the same variance.
    StudentT3,
}

impl Noise {
    /// Draw one error of unit variance.
    #[must_use]
    pub fn draw(self, rng: &mut Stream) -> f64 {
        match self {
            Noise::Normal => StandardNormal.sample(rng),
            // Three is a number of degrees of freedom.
            Noise::StudentT3 => StudentT::new(3.0).map_or(f64::NAN, |t3| t3.sample(rng)) / 3f64.sqrt(),
        }
    }
}

/// Why a simulation is impossible.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum SimulateError {
    /// A parameter is missing or unknown.
    #[error("form `{form}`: parameter `{name}` {problem}, expected {expected}")]
    Parameter {
        /// Form id.
        form: &'static str,
        /// Parameter name.
        name: String,
        /// What is wrong.
        problem: &'static str,
        /// The form's parameters.
        expected: String,
    },
    /// The law reads more than one size.
    #[error("form `{form}` reads {found} predictors, expected a law of one")]
    Inputs {
        /// Form id.
        form: &'static str,
        /// Predictors that it reads.
        found: usize,
    },
    /// The sizes make no range.
    #[error("sizes: found {low} to {high}, expected 0 < low < high, both finite")]
    Range {
        /// Smallest size.
        low: f64,
        /// Largest size.
        high: f64,
    },
    /// A count or a spread is out of range.
    #[error("{what}: found {found}, expected {expected}")]
    Number {
        /// What it is.
        what: &'static str,
        /// What was found.
        found: f64,
        /// What was expected.
        expected: &'static str,
    },
    /// The form is not fitted so.
    #[error(transparent)]
    Fit(#[from] crate::fit::FitError),
    /// The law leaves the domain of its scale.
    #[error("form `{form}` gives {value} at {x}, outside the range of its response")]
    OutOfRange {
        /// Form id.
        form: &'static str,
        /// Size.
        x: f64,
        /// Mean response there.
        value: f64,
    },
}

/// A law, a design and a noise to draw from.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The law.
    pub form: &'static dyn Form,
    /// Its natural parameters, in the formula's order.
    pub params: Vec<f64>,
    /// Scale on which the errors are added.
    pub scale: Scale,
    /// Smallest and largest size.
    pub range: (f64, f64),
    /// Sizes, spaced evenly in logarithms.
    pub sizes: usize,
    /// Runs at each size.
    pub replicates: usize,
    /// Standard deviation of the errors on `scale`.
    pub sigma: f64,
    /// Their distribution.
    pub noise: Noise,
    /// Seed; row i draws from stream (seed, i).
    pub seed: u64,
}

impl Simulation {
    /// Draw the rows: pairs of size and response.
    ///
    /// # Formula
    /// y = g^-1(g(m(N)) + sigma z), z standard normal, or t with 3 degrees of freedom over sqrt(3)
    /// # Errors
    /// [`SimulateError`] names the part of the design that makes no sense.
    pub fn draw(&self) -> Result<Vec<(f64, f64)>, SimulateError> {
        if self.form.inputs() != 1 {
            return Err(SimulateError::Inputs { form: self.form.id(), found: self.form.inputs() });
        }
        let (low, high) = self.range;
        if !(low > 0.0 && low < high && high.is_finite()) {
            return Err(SimulateError::Range { low, high });
        }
        let number = |what, found, expected| Err(SimulateError::Number { what, found, expected });
        if self.sizes < 2 {
            return number("sizes", self.sizes as f64, "at least 2");
        }
        if self.replicates < 1 {
            return number("replicates", self.replicates as f64, "at least 1");
        }
        if self.sizes.saturating_mul(self.replicates) > MOST_ROWS {
            return number("rows", self.sizes as f64 * self.replicates as f64, "at most 10 million");
        }
        if !(self.sigma >= 0.0 && self.sigma.is_finite()) {
            return number("noise", self.sigma, "a finite number >= 0");
        }
        let frame = Frame { x_centre: vec![0.5 * (low.ln() + high.ln())], y_scale: 1.0 };
        let names: Vec<&str> = self.form.params().iter().map(|p| p.name).collect();
        let theta = self.form.coordinates(&self.params, &frame).ok_or_else(|| SimulateError::Parameter {
            form: self.form.id(),
            name: names.join(", "),
            problem: "lies outside its domain",
            expected: "positive amplitudes and E >= 0".into(),
        })?;
        let mut rows = Vec::with_capacity(self.sizes * self.replicates);
        for k in 0..self.sizes {
            let share = k as f64 / (self.sizes - 1) as f64;
            let x = match share {
                0.0 => low,
                1.0 => high,
                s => (low.ln() + s * (high / low).ln()).exp(),
            };
            let mean = mean_at(self.form, &theta, &point(self.form, x, &frame), &frame);
            if !self.scale.contains(mean) {
                return Err(SimulateError::OutOfRange { form: self.form.id(), x, value: mean });
            }
            for r in 0..self.replicates {
                let mut rng = stream(self.seed, (k * self.replicates + r) as u64);
                let z = self.noise.draw(&mut rng);
                rows.push((x, self.scale.invert(self.scale.apply(mean) + self.sigma * z)));
            }
        }
        Ok(rows)
    }

    /// Order named parameter values as the form has them.
    ///
    /// # Errors
    /// [`SimulateError::Parameter`] names the first that is missing, unknown or given twice.
    pub fn order(form: &dyn Form, named: &[(String, f64)]) -> Result<Vec<f64>, SimulateError> {
        let names: Vec<&str> = form.params().iter().map(|p| p.name).collect();
        let fail = |name: &str, problem| SimulateError::Parameter {
            form: form.id(),
            name: name.to_owned(),
            problem,
            expected: names.join(", "),
        };
        for (k, (name, _)) in named.iter().enumerate() {
            if !names.contains(&name.as_str()) {
                return Err(fail(name, "is unknown"));
            }
            if named[..k].iter().any(|(n, _)| n == name) {
                return Err(fail(name, "is given twice"));
            }
        }
        names
            .iter()
            .map(|want| {
                named.iter().find(|(n, _)| n == want).map(|(_, v)| *v).ok_or_else(|| fail(want, "is missing"))
            })
            .collect()
    }
}
