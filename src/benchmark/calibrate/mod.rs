//! Calibration: the true coverage of every interval method on the user's own design, at the laws that the data allow.
//!
//! [`Calibration::new`] fits the data and finds the laws ([`laws`]); [`Calibration::run`] simulates responses of every law for the
//! same rows, fits them and judges the methods; [`Summary`] says what each method is worth there. Work can be stopped after any
//! block of data sets and go on later from a checkpoint ([`Done`]), with the result of one uninterrupted run.

mod checkpoint;
mod error;
mod law;
mod summary;

pub use checkpoint::{CheckpointError, Done};
pub use error::CalibrationError;
pub use law::{CalibrationErrors, Law, Laws, laws};
pub use summary::{FEWEST_SETS, MethodSummary, ParameterSummary, Summary};

use crate::benchmark::coverage::{Measure, Outcome, key};
use crate::data::Dataset;
use crate::fit::{Fit, FitSpec};
use law::Drawer;
use rayon::prelude::*;

/// Data sets of every law between two looks at the clock and at who wants to stop.
const BLOCK: usize = 20;

/// What is simulated.
#[derive(Debug, Clone)]
pub struct CalibrationRequest {
    /// Data sets a law.
    pub sets: usize,
    /// How intervals are computed; methods that do not suit the form and loss are left out.
    pub measure: Measure,
    /// The errors.
    pub errors: CalibrationErrors,
    /// Seed.
    pub seed: u64,
}

/// A calibration, ready to run.
#[derive(Debug)]
pub struct Calibration<'a> {
    spec: FitSpec,
    data: &'a Dataset,
    request: CalibrationRequest,
    /// The fit that the laws come from.
    pub fit: Fit,
    /// The laws.
    pub laws: Laws,
    /// What is to be said of methods that were asked for and are not judged.
    left_out: Option<String>,
}

impl<'a> Calibration<'a> {
    /// Fit the data, leave out methods that do not suit, and find the laws.
    ///
    /// # Errors
    /// [`CalibrationError`] when the form cannot be fitted, fits exactly, or none of the methods suits it.
    pub fn new(
        spec: FitSpec,
        data: &'a Dataset,
        request: CalibrationRequest,
    ) -> Result<Calibration<'a>, CalibrationError> {
        let fit = spec.fit(data)?;
        if fit.is_exact() {
            return Err(CalibrationError::Exact { source_name: data.source.clone(), form: fit.form.id() });
        }
        let asked = &request.measure.panel;
        let clustered = fit.design.clusters.is_some();
        let panel = asked.suited(fit.form, fit.design.scale, fit.loss, clustered);
        let without = if clustered { "" } else { " without clusters" };
        let what = format!("form `{}` by {} loss{without}", fit.form.id(), spec.loss);
        if panel.methods.is_empty() {
            return Err(CalibrationError::NoMethod { methods: asked.dropped(&panel).join(", "), what });
        }
        let dropped = asked.dropped(&panel);
        let left_out = (!dropped.is_empty())
            .then(|| format!("not judged, not suited to {what}: {}", dropped.join(", ")));
        let laws = laws(
            &fit,
            &spec,
            data,
            request.measure.level,
            request.measure.replicates,
            key(request.seed, "intervals of the data"),
        )?;
        let measure = Measure { panel, ..request.measure };
        let request = CalibrationRequest { measure, ..request };
        Ok(Calibration { spec, data, request, fit, laws, left_out })
    }

    /// Return the data sets of all laws together.
    #[must_use]
    pub fn total(&self) -> usize {
        self.laws.laws.len() * self.request.sets
    }

    /// Say what is simulated, for a checkpoint: with another text its results are those of another calibration.
    ///
    /// The number of data sets does not belong to it: a calibration can go on with more.
    #[must_use]
    pub fn identity(&self) -> String {
        let r = &self.request;
        let fixed: Vec<String> =
            self.spec.restriction.fixed.iter().map(|(n, v)| format!("{n}={v}")).collect();
        format!(
            "data {}, form {} {}, loss {}, scale {}, spread {:?}, held {}, shared {}, starts {}, solver {:?}, errors {}, \
             seed {}, level {}, replicates {}, methods {}, lawfit {}",
            self.data.fingerprint(),
            self.fit.form.id(),
            self.fit.form.about().formula,
            self.spec.loss,
            self.fit.design.scale.id(),
            self.spec.spread,
            fixed.join(" "),
            self.spec.restriction.shared.join(" "),
            self.spec.starts,
            self.spec.method,
            r.errors.id(),
            r.seed,
            r.measure.level.get(),
            r.measure.replicates,
            r.measure.panel.describe(),
            env!("CARGO_PKG_VERSION")
        )
    }

    /// Go on from `done` until all data sets are judged or `stop` asks for an end.
    ///
    /// `tick` is called after each data set, from any thread; `saved` after each block, with all that is done. A block that is
    /// stopped in the middle is dropped. Data set i of a law depends on the seed, the law and i
    /// alone, its errors on the seed and i.
    ///
    /// # Errors
    /// What `saved` returns.
    pub fn run<E: Send>(
        &self,
        mut done: Done,
        tick: &(dyn Fn() + Sync),
        stop: &(dyn Fn() -> bool + Sync),
        saved: &mut (dyn FnMut(&Done) -> Result<(), E> + Send),
    ) -> Result<Done, E> {
        let laws = &self.laws.laws;
        let drawer = Drawer::new(&self.fit, self.data, self.request.errors);
        while done.sets() < self.request.sets && !stop() {
            let first = done.sets();
            let block = BLOCK.min(self.request.sets - first);
            let outcomes: Option<Vec<Vec<Outcome>>> = (0..block * laws.len())
                .into_par_iter()
                .map(|job| {
                    if stop() {
                        return None;
                    }
                    let (set, law) = (first + job / laws.len(), &laws[job % laws.len()]);
                    let outcomes = self.judge(&drawer, law, set as u64);
                    tick();
                    Some(outcomes)
                })
                .collect();
            let Some(outcomes) = outcomes else { break };
            done.extend(outcomes);
            saved(&done)?;
        }
        Ok(done)
    }

    /// Judge one data set of one law.
    fn judge(&self, drawer: &Drawer<'_>, law: &Law, set: u64) -> Vec<Outcome> {
        let targets: Vec<(usize, f64)> = law.truth.iter().copied().enumerate().collect();
        let measure = &self.request.measure;
        match drawer.draw(law, self.request.seed, set) {
            Ok(data) => {
                let seed = key(self.request.seed, "intervals of a calibration").wrapping_add(set);
                measure.judge(&self.spec, &data, &targets, seed)
            }
            Err(_) => vec![Outcome::NO_FIT; targets.len() * measure.panel.methods.len()],
        }
    }

    /// Return an empty record of this calibration.
    #[must_use]
    pub fn nothing_done(&self) -> Done {
        Done::new(self.laws.laws.len(), self.fit.dim() * self.request.measure.panel.methods.len())
    }

    /// Sum up what is done.
    #[must_use]
    pub fn summary(&self, done: &Done) -> Summary {
        Summary::of(self, done)
    }
}
