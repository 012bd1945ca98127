//! Two answers from the checks: does the shape hold, and is the noise as assumed?

use super::Outcome;
use serde::Serialize;

/// False-alarm rate of each answer when the law holds with independent normal errors of equal variance.
pub const FALSE_ALARM: f64 = 0.05;
/// Rows below which no break can be told from noise.
pub const FEWEST_ROWS: usize = 5;

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Combined p value; `None` where no check applies.
    pub p_value: Option<f64>,
    /// Whether the hypothesis stands; `None` where the data cannot tell.
    pub holds: Option<bool>,
    /// What was found: `flattening`, `steepening`, `outlier`, `heteroscedasticity`, `dependence`, `cannot tell`.
    pub name: Option<&'static str>,
}

/// Both answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Is it a straight line?
    pub shape: Answer,
    /// Are the errors independent, of one size and normal?
    pub noise: Answer,
}

/// Combine the outcomes of the checks of a line with `nobs` rows.
///
/// # Formula
/// SHAPE: the quadratic test, exact. NOISE: runs, Durbin-Watson, Breusch-Pagan and the largest studentised residual,
/// combined by Bonferroni: p = min(1, m min p). Each rejects below 0.05; below five rows the answer is "cannot tell".
/// # Assumptions
/// Where SHAPE rejects, NOISE sees the bend as dependence: read it only after the shape is right.
#[must_use]
pub fn verdict(outcomes: &[Outcome], nobs: usize, falls: bool) -> Verdict {
    let find = |id: &str| outcomes.iter().find(|o| o.id == id);
    let unknown = Answer { p_value: None, holds: None, name: Some("cannot tell") };
    let shape = match find("quadratic") {
        None => unknown.clone(),
        Some(o) if nobs < FEWEST_ROWS => Answer { p_value: Some(o.p_value), ..unknown.clone() },
        Some(o) if o.p_value < FALSE_ALARM => Answer {
            p_value: Some(o.p_value),
            holds: Some(false),
            // A falling curve that bends up, or a rising one that bends down, gains less from each further decade.
            name: Some(if o.signed_root.is_some_and(|t| t > 0.0) == falls {
                "flattening"
            } else {
                "steepening"
            }),
        },
        Some(o) => Answer { p_value: Some(o.p_value), holds: Some(true), name: None },
    };
    let members: Vec<(&Outcome, &'static str)> = [
        ("runs", "dependence"),
        ("durbin-watson", "dependence"),
        ("breusch-pagan", "heteroscedasticity"),
        ("outlier", "outlier"),
    ]
    .iter()
    .filter_map(|(id, name)| find(id).map(|o| (o, *name)))
    .collect();
    let least = members.iter().min_by(|a, b| a.0.p_value.total_cmp(&b.0.p_value));
    let noise = match least {
        None => unknown,
        Some((o, name)) => {
            let p = (o.p_value * members.len() as f64).min(1.0);
            if nobs < FEWEST_ROWS {
                Answer { p_value: Some(p), ..unknown }
            } else if p < FALSE_ALARM {
                Answer { p_value: Some(p), holds: Some(false), name: Some(name) }
            } else {
                Answer { p_value: Some(p), holds: Some(true), name: None }
            }
        }
    };
    Verdict { shape, noise }
}
