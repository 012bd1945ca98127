//! The one run that would tell most.

use super::explanation::{Explanation, Law};
use super::location::Location;
use super::outliers::OutlyingRow;
use super::verdict::{FEWEST_ROWS, Verdict};
use crate::data::Dataset;
use crate::fit::Fit;
use serde::Serialize;

/// Sizes tried between a tenth of the smallest and ten times the largest.
const GRID: usize = 121;
/// How far beyond the data a run may be, as a factor.
const BEYOND: f64 = 10.0;

/// Why a run would tell much.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "purpose", rename_all = "kebab-case")]
pub enum Purpose {
    /// Too few sizes for any answer.
    MoreSizes,
    /// One run stands apart: only a repetition says whether it is a mistake.
    RepeatOutlier {
        /// Line of the source.
        line: usize,
    },
    /// The answer hangs on one end of the data: only a repetition tells a break there from an outlier.
    RepeatEnd,
    /// Two laws explain the data; they differ most here.
    Separate {
        /// The better of the two.
        law: &'static str,
        /// The other.
        rival: &'static str,
        /// Their difference in standard deviations of one new run.
        separation: f64,
    },
}

/// A run to make.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NextRun {
    /// Its size.
    pub at: f64,
    /// What for.
    #[serde(flatten)]
    pub purpose: Purpose,
}

/// Choose the run that would change the answer most.
///
/// # Formula
/// In this order: with fewer than five sizes a size ten times the largest; the outlier that NOISE found; the end that SHAPE
/// hangs on; else the size at which the two best laws differ most in units of s sqrt(1 + h), between a tenth of the smallest
/// and ten times the largest size, h the leverage of the line there
/// # Assumptions
/// Each law at its estimate; what a run costs is not weighed.
/// # Reference
/// Atkinson and Fedorov (1975), Biometrika 62:57, T-optimality.
#[must_use]
pub fn next_run(
    fit: &Fit,
    data: &Dataset,
    verdict: &Verdict,
    explanations: &[Explanation],
    location: Option<&Location>,
    outliers: &[OutlyingRow],
) -> Option<NextRun> {
    let x = &data.x().values;
    let (first, last) = (*x.first()?, *x.last()?);
    if data.distinct() < FEWEST_ROWS {
        return Some(NextRun { at: (BEYOND * last).min(f64::MAX), purpose: Purpose::MoreSizes });
    }
    if let (Some("outlier"), Some(o)) = (verdict.noise.name, outliers.first())
        && verdict.shape.holds != Some(false)
    {
        return Some(NextRun { at: x[o.row], purpose: Purpose::RepeatOutlier { line: data.lines[o.row] } });
    }
    if let Some(end) = location.and_then(|l| l.hangs_on) {
        return Some(NextRun { at: end, purpose: Purpose::RepeatEnd });
    }
    let line = Explanation {
        name: "straight line",
        sse: fit.sse(),
        criterion: f64::INFINITY,
        delta: f64::INFINITY,
        law: line_law(fit)?,
    };
    let (law, rival) = if verdict.shape.holds == Some(false) {
        (explanations.first()?, explanations.get(1).unwrap_or(&line))
    } else {
        (&line, explanations.first()?)
    };
    let (low, high) = ((first / BEYOND).ln(), (last * BEYOND).ln());
    let scatter = fit.variance().sqrt();
    let regression = fit.regression.as_ref()?;
    let best = (0..GRID)
        .map(|i| low + (high - low) * i as f64 / (GRID - 1) as f64)
        .filter_map(|ln_x| {
            let u = ln_x - fit.design.frame.x_centre[0];
            let row = nalgebra::RowDVector::from_vec(value_and_row(fit, u).1);
            let spread = scatter * (1.0 + (row * &regression.r_inverse).norm_squared()).sqrt();
            let separation = (law.law.at(u) - rival.law.at(u)).abs() / spread;
            separation.is_finite().then_some((ln_x.exp(), separation))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(NextRun {
        at: best.0,
        purpose: Purpose::Separate { law: law.name, rival: rival.name, separation: best.1 },
    })
}

/// The fitted line as a law in u.
fn line_law(fit: &Fit) -> Option<Law> {
    let (a, b) = (value_and_row(fit, 0.0).0, value_and_row(fit, 1.0).0);
    (a.is_finite() && b.is_finite()).then_some(Law::Quadratic([a, b - a, 0.0]))
}

/// The line and the row of its Jacobian at `u`.
fn value_and_row(fit: &Fit, u: f64) -> (f64, Vec<f64>) {
    let (mut eta, mut row) = ([0.0], vec![0.0; fit.dim()]);
    fit.form.eval(&fit.solution.theta, &[&[u]], &mut eta, &mut row);
    (eta[0], row)
}
