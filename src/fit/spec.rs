//! What to fit, checked against the data before any work is done.

use super::{Fit, Spread, precision, spread};
use crate::data::{Dataset, Precision, PrecisionKind, Scale};
use crate::form::{self, Form, FormError, Restricted, Restriction, RestrictionError, Trend};
use crate::loss::{EFFICIENT, Loss, NORMAL_MAD, median_absolute};
use crate::objective::{Design, Objective, ObjectiveError};
use crate::solve::{Method, Solution, SolveError, StartGrid, Starts, multistart, refit};
use thiserror::Error;

/// Why a form is not fitted to a data set.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum FitError {
    /// No degree of freedom is left for the errors.
    #[error("form `{form}` has {params} parameters: found {rows} rows, expected at least {needed}")]
    TooFewRows {
        /// Form id.
        form: &'static str,
        /// Its parameters.
        params: usize,
        /// Rows that it needs.
        needed: usize,
        /// Rows there are.
        rows: usize,
    },
    /// The predictor takes too few values to determine the parameters.
    #[error(
        "form `{form}` has {params} parameters: found {distinct} distinct sizes, expected at least {params}"
    )]
    TooFewSizes {
        /// Form id.
        form: &'static str,
        /// Its parameters.
        params: usize,
        /// Distinct predictor values there are.
        distinct: usize,
    },
    /// The response moves the other way than the form can.
    #[error("form `{form}` only {can}, the response {does} with the size")]
    WrongDirection {
        /// Form id.
        form: &'static str,
        /// What the form does.
        can: &'static str,
        /// What the data do.
        does: &'static str,
    },
    /// The response lies outside what the form or scale is defined for.
    #[error(transparent)]
    Objective(#[from] ObjectiveError),
    /// The form has no such scale.
    #[error(transparent)]
    Form(#[from] FormError),
    /// Rows that have a precision of their own are to have a spread that is estimated.
    #[error(
        "column `{column}` says how precise the rows are: their spread cannot be estimated as a power of the size too"
    )]
    TwoSpreads {
        /// The precision column.
        column: String,
    },
    /// A number of evaluation items is none.
    #[error(
        "`{source_name}` line {line}, column `{column}`: found {found} items, expected a whole number from 1"
    )]
    Items {
        /// Where the rows came from.
        source_name: String,
        /// Line of the row.
        line: usize,
        /// Column of the numbers of items.
        column: String,
        /// What it holds.
        found: f64,
    },
    /// A response is no accuracy.
    #[error(
        "`{source_name}` line {line}, column `{column}`: found {found}, expected an accuracy from 0 to 1, as the number of items says"
    )]
    NotAFraction {
        /// Where the rows came from.
        source_name: String,
        /// Line of the row.
        line: usize,
        /// Response column.
        column: String,
        /// The response.
        found: f64,
    },
    /// The form cannot be restricted so.
    #[error(transparent)]
    Restriction(#[from] RestrictionError),
    /// The starting points are none for the form.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

/// What to fit.
#[derive(Debug, Clone)]
pub struct FitSpec {
    /// The law.
    pub form: &'static dyn Form,
    /// The scale of the errors.
    pub scale: Scale,
    /// The loss.
    pub loss: Loss,
    /// The solver.
    pub method: Method,
    /// What is asked of the parameters.
    pub restriction: Restriction,
    /// Where the search starts.
    pub starts: StartGrid,
    /// How the spread of the errors changes with size.
    pub spread: Spread,
}

/// Relative change of a threshold below which it counts as found.
const FOUND: f64 = 1e-12;
/// Refits allowed until it is.
const SEARCH: usize = 200;
/// Distance from 0 and 1 that fitted accuracies keep where their variances are taken.
const NEVER: f64 = 1e-9;
/// Searches over all starting points allowed.
const SEARCHES: usize = 5;

impl FitSpec {
    /// Fit `form` by least squares on its default scale.
    #[must_use]
    pub fn new(form: &'static dyn Form) -> FitSpec {
        FitSpec {
            form,
            scale: form.about().scales[0],
            loss: Loss::SQUARED,
            method: Method::Auto,
            restriction: Restriction::default(),
            starts: StartGrid::Form,
            spread: Spread::Constant,
        }
    }

    /// Choose the scale of the errors.
    ///
    /// # Errors
    /// [`FormError::Scale`] when the form is not defined on it.
    pub fn scale(mut self, scale: Scale) -> Result<FitSpec, FormError> {
        if !self.form.about().scales.contains(&scale) {
            let allowed: Vec<&str> = self.form.about().scales.iter().map(|s| s.id()).collect();
            return Err(FormError::Scale {
                form: self.form.id(),
                scale: scale.id(),
                allowed: allowed.join(", "),
            });
        }
        self.scale = scale;
        Ok(self)
    }

    /// Choose the loss.
    #[must_use]
    pub fn loss(mut self, loss: Loss) -> FitSpec {
        self.loss = loss;
        self
    }

    /// Choose where the search starts.
    #[must_use]
    pub fn starts(mut self, starts: StartGrid) -> FitSpec {
        self.starts = starts;
        self
    }

    /// Choose the solver.
    #[must_use]
    pub fn method(mut self, method: Method) -> FitSpec {
        self.method = method;
        self
    }

    /// Let the spread of the errors follow a power of the size.
    #[must_use]
    pub fn spread(mut self, spread: Spread) -> FitSpec {
        self.spread = spread;
        self
    }

    /// Hold parameters fixed, or let the sets of rows share them.
    #[must_use]
    pub fn restrict(mut self, restriction: Restriction) -> FitSpec {
        self.restriction = restriction;
        self
    }

    /// Return the form with what is asked of its parameters, in the frame of a data set.
    fn restricted(&self, data: &Dataset) -> Result<&'static dyn Form, FitError> {
        let sets: &[String] = data.labels.as_ref().map_or(&[], |l| l.names.as_slice());
        if self.restriction.is_empty() && sets.len() < 2 {
            return Ok(self.form);
        }
        let frame = Design::new(self.form, self.scale, data)?.frame;
        Ok(Restricted::build(self.form, &frame, &self.restriction, sets)?)
    }

    /// Fit the form to a data set, each set of its rows with parameters of its own unless they are shared.
    ///
    /// # Errors
    /// [`FitError`] when the data cannot determine the parameters, move the wrong way, or lie outside the domain.
    pub fn fit(&self, data: &Dataset) -> Result<Fit, FitError> {
        let form = self.restricted(data)?;
        let params = form.params().len();
        let needed = form.fewest_rows();
        if data.nobs() < needed {
            return Err(FitError::TooFewRows { form: form.id(), params, needed, rows: data.nobs() });
        }
        if data.distinct_in_sets() < params {
            return Err(FitError::TooFewSizes { form: form.id(), params, distinct: data.distinct_in_sets() });
        }
        // With several predictors the response may rise along the first one while the law falls along each.
        let falls = form.inputs() > 1 || falls(data);
        if form.about().trend == Trend::Falls && !falls {
            return Err(FitError::WrongDirection { form: form.id(), can: "falls", does: "rises" });
        }
        // The slope of a line may have either sign; the shape of a curve may not.
        if form.about().trend == Trend::Rises && falls && form.linear_on().is_none() {
            return Err(FitError::WrongDirection { form: form.id(), can: "rises", does: "falls" });
        }
        let base = Design::new(form, self.scale, data)?;
        let fit = |design: Design| {
            let (loss, solution, starts) = self.minimise(form, &design)?;
            let spec = FitSpec { form, loss, ..self.clone() };
            Ok(Fit::new(&spec, design, data.response.values.clone(), solution, starts))
        };
        match (&data.precision, self.spread) {
            (Some(p), Spread::Power) => Err(FitError::TwoSpreads { column: p.column.clone() }),
            (Some(p), Spread::Constant) if p.kind == PrecisionKind::Items => binomial(p, data, &base, &fit),
            (Some(p), Spread::Constant) => {
                fit(base.weighed(&precision::deviations(p, data, &base, &[]), p.kind.is_absolute()))
            }
            (None, Spread::Constant) => fit(base),
            (None, Spread::Power) => {
                let (mut fit, exponent) = spread::by_reml(&base, &fit)?;
                fit.spread = Some(exponent);
                Ok(fit)
            }
        }
    }

    /// Search for the optimum, with the threshold of the loss where it is to be found.
    fn minimise(
        &self,
        form: &'static dyn Form,
        design: &Design,
    ) -> Result<(Loss, Solution, Starts), FitError> {
        if !self.loss.is_auto() {
            let mut objective = Objective::new(form, self.loss, design);
            let (solution, starts) = multistart(&mut objective, self.method, self.starts)?;
            return Ok((self.loss, solution, starts));
        }
        let with = |delta: f64| self.loss.with_found_threshold(delta);
        let least = 1e-13 * design.spread.max(f64::MIN_POSITIVE);
        let threshold = |objective: &mut Objective<'_>, end: &Solution| {
            let fitted = objective.fitted(&end.theta);
            let r: Vec<f64> = fitted.iter().zip(&objective.target).map(|(eta, y)| y - eta).collect();
            (EFFICIENT / NORMAL_MAD * median_absolute(&objective.weights, &r)).max(least)
        };
        let mut objective = Objective::in_solver_unit(form, Loss::SQUARED, design);
        let (mut end, mut starts) = multistart(&mut objective, self.method, self.starts)?;
        let mut delta = threshold(&mut objective, &end);
        let mut objective = Objective::in_solver_unit(form, with(delta), design);
        for _ in 0..SEARCHES {
            for _ in 0..SEARCH {
                end = refit(&mut objective, &end.theta);
                let next = threshold(&mut objective, &end);
                let moved = (next - delta).abs();
                delta = next;
                objective.loss = with(delta);
                if moved <= FOUND * delta {
                    break;
                }
            }
            // At the threshold found, a better optimum may lie elsewhere; then the search goes on from there.
            (end, starts) = multistart(&mut objective, self.method, self.starts)?;
            if (threshold(&mut objective, &end) - delta).abs() <= 1e3 * FOUND * delta {
                break;
            }
        }
        Ok((with(delta * design.residual_unit()), end, starts))
    }
}

/// Fit accuracies by reweighting: their variances are those of the fitted accuracies, until these no longer move.
///
/// On the raw scale this is the maximum-likelihood fit of a binomial response.
///
/// # Reference
/// Wedderburn (1974), Biometrika 61:439.
fn binomial(
    precision: &Precision,
    data: &Dataset,
    base: &Design,
    fit: &dyn Fn(Design) -> Result<Fit, FitError>,
) -> Result<Fit, FitError> {
    let mut mean = precision::smoothed(precision, data)?;
    for _ in 0..SEARCH {
        let done = fit(base.weighed(&precision::deviations(precision, data, base, &mean), true))?;
        let next: Vec<f64> = done.predictions().iter().map(|m| m.clamp(NEVER, 1.0 - NEVER)).collect();
        let moved = next.iter().zip(&mean).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        mean = next;
        if moved <= FOUND {
            return Ok(done);
        }
    }
    fit(base.weighed(&precision::deviations(precision, data, base, &mean), true))
}

/// Whether the response falls with the first predictor: the sign of its least-squares slope
/// along [`Predictor::axis`](crate::data::Predictor::axis).
#[must_use]
pub fn falls(data: &Dataset) -> bool {
    let (x, y) = (data.x().axis(), &data.response.values);
    let my = crate::math::sum::mean(y);
    x.iter().zip(y).map(|(x, y)| x * (y - my)).sum::<f64>() <= 0.0
}

/// Return the forms that a data set calls for when the user names none.
///
/// A response that falls: `power` and `floor`. One that rises and stays strictly between 0 and 1 (an accuracy): `power`
/// and the forms that are bounded by 1, with `log-linear`. Any other that rises: `power` and `log-linear`. Two predictors:
/// `multiplicative`, the plain law, and `chinchilla`. More: none.
#[must_use]
pub fn default_forms(data: &Dataset) -> Vec<&'static dyn Form> {
    match data.predictors.len() {
        1 => {}
        2 => return vec![&form::Multiplicative, &form::Chinchilla],
        _ => return Vec::new(),
    }
    if falls(data) {
        return vec![&form::Power, &form::Floor];
    }
    // With an accuracy of exactly 1 the bounded forms are tried too, so that the report says why they cannot be fitted.
    let fraction = data.response.values.iter().all(|y| *y > 0.0 && *y <= 1.0);
    if fraction {
        vec![&form::Power, &form::LogLinear, &form::ErrorPower, &form::LogitPower, &form::NegLogAccuracy]
    } else {
        vec![&form::Power, &form::LogLinear]
    }
}
