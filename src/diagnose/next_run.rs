//! The one run that would tell most.

use super::explanation::{Explanation, Law};
use super::location::Location;
use super::outliers::OutlyingRow;
use super::verdict::{FEWEST_SIZES, Verdict};
use crate::data::Dataset;
use crate::fit::Fit;
use serde::Serialize;

/// Sizes tried between the smallest and ten times the largest.
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
    /// The line holds, and is tested where it will be used: beyond the largest size.
    Extend {
        /// The bend that explains the data best, apart from those at one end.
        rival: &'static str,
        /// Its difference there, in standard deviations of one run.
        separation: f64,
    },
    /// Two laws explain the data; they differ most here.
    Separate {
        /// The better of the two.
        law: &'static str,
        /// The other.
        rival: &'static str,
        /// Their difference in standard deviations of one run around the better one.
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
/// In this order: with fewer than five sizes a size ten times the largest; the farthest of `apart`, rows that by themselves
/// make the line fail; the end that SHAPE hangs on; where the line holds, ten times the largest size; else the size from the
/// smallest to ten times the largest at which the two best laws differ most, in units of the better one's s
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
    apart: &[OutlyingRow],
) -> Option<NextRun> {
    let x = &data.x().values;
    let (first, last) = (*x.first()?, *x.last()?);
    let beyond = (BEYOND * last).min(f64::MAX);
    if data.distinct() < FEWEST_SIZES {
        return Some(NextRun { at: beyond, purpose: Purpose::MoreSizes });
    }
    if let Some(o) = apart.first() {
        return Some(NextRun { at: x[o.row], purpose: Purpose::RepeatOutlier { line: data.lines[o.row] } });
    }
    if let Some(end) = location.and_then(|l| l.hangs_on) {
        return Some(NextRun { at: end, purpose: Purpose::RepeatEnd });
    }
    let u = |ln_x: f64| ln_x - fit.design.frame.x_centre[0];
    if verdict.shape.holds != Some(false) {
        let line = line_law(fit)?;
        let whole = ["flattening", "slow log factor", "curvature"];
        let rival = explanations.iter().find(|e| whole.contains(&e.name))?;
        let ends = u(beyond.ln());
        let separation = (line.at(ends) - rival.law.at(ends)).abs() / fit.variance().sqrt();
        return separation
            .is_finite()
            .then_some(NextRun { at: beyond, purpose: Purpose::Extend { rival: rival.name, separation } });
    }
    let (law, rival) = (explanations.first()?, explanations.get(1)?);
    let scatter = law.scatter(data.nobs());
    let (low, high) = (first.ln(), beyond.ln());
    let best = (0..GRID)
        .map(|i| low + (high - low) * i as f64 / (GRID - 1) as f64)
        .filter_map(|ln_x| {
            let separation = (law.law.at(u(ln_x)) - rival.law.at(u(ln_x))).abs() / scatter;
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
    let at = |u: f64| {
        let mut eta = [0.0];
        fit.form.eval(&fit.solution.theta, &[&[u]], &mut eta, &mut []);
        eta[0]
    };
    let (a, b) = (at(0.0), at(1.0));
    (a.is_finite() && b.is_finite()).then_some(Law::Quadratic([a, b - a, 0.0]))
}
