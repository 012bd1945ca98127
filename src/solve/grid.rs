//! Starting points: those of the form itself, published grids by name, and quasi-random points.

use super::SolveError;
use crate::data::nearest;
use crate::form::Form;
use crate::math::{MAX_PARAMS, Theta};
use crate::objective::Design;
use std::fmt;

/// Where a search starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StartGrid {
    /// The form's own starting points: few, from the data.
    #[default]
    Form,
    /// 4,500 points: alpha, beta in {0, 0.5, 1, 1.5, 2}, ln E in {-1, -0.5, 0, 0.5, 1}, ln A, ln B in {0, 5, ..., 25}.
    ///
    /// Hoffmann et al. (2022), arXiv:2203.15556, appendix D.3.
    Hoffmann,
    /// 1,024 points: E from 0 to the least response, A, B from 1 to 20, alpha, beta from 0.2 to 0.8, four values each.
    ///
    /// The scaling-law code of OLMo-core; A and B are those at N = D = 1, in whatever unit N and D have.
    Olmo,
    /// 120 points: alpha in {0, 0.1, 0.2, 0.3}, ln E in {-1, -0.5, 0, 0.5, 1}, ln A in {0, 5, ..., 25}.
    ///
    /// Porian et al. (2024), arXiv:2406.19146.
    Porian,
    /// Points of Sobol's sequence, scrambled, in a box around the form's own starting points.
    ///
    /// Sobol (1967), USSR Comput. Math. Math. Phys. 7:86; Burley (2020), J. Comput. Graph. Tech. 9(4).
    Sobol(u32),
}

/// Names of the grids, as they are written.
pub const NAMES: [&str; 5] = ["form", "hoffmann-4500", "olmo", "porian", "sobol:N"];
/// Most quasi-random points.
const MOST: u32 = 1 << 16;
/// Margin of the box of quasi-random points on each side, as a share of its width.
const MARGIN: f64 = 0.25;
/// Least width of the box in a coordinate; coordinates are near 1.
const LEAST_WIDTH: f64 = 1.0;

impl StartGrid {
    /// Find a grid by name.
    ///
    /// # Errors
    /// [`SolveError`] lists the names, or says what a number of points must be.
    pub fn parse(text: &str) -> Result<StartGrid, SolveError> {
        match text.trim() {
            "form" => Ok(StartGrid::Form),
            "hoffmann-4500" => Ok(StartGrid::Hoffmann),
            "olmo" => Ok(StartGrid::Olmo),
            "porian" => Ok(StartGrid::Porian),
            other => match other.strip_prefix("sobol:") {
                Some(count) => count
                    .parse()
                    .ok()
                    .filter(|n| (1..=MOST).contains(n))
                    .map(StartGrid::Sobol)
                    .ok_or_else(|| SolveError::Points { found: count.to_owned(), most: MOST }),
                None => Err(SolveError::UnknownGrid {
                    found: other.to_owned(),
                    nearest: nearest(other, NAMES).map(str::to_owned),
                }),
            },
        }
    }

    /// Return the starting points for a form and its data, in the solver's coordinates.
    ///
    /// A published grid serves every form whose parameters it names; points outside the form's bounds are moved onto them.
    ///
    /// # Errors
    /// [`SolveError::Grid`] when the form has a parameter that the grid does not name.
    pub fn points(self, form: &dyn Form, design: &Design) -> Result<Vec<Theta>, SolveError> {
        match self {
            StartGrid::Form => Ok(design.starts(form, &design.target)),
            StartGrid::Sobol(count) => Ok(quasi_random(form, design, count)),
            _ => self.product(form, design),
        }
    }

    /// The values that a published grid has for a parameter.
    fn values(self, name: &str, least: f64) -> Option<Vec<f64>> {
        let logs = |from: f64, step: f64, count: u32| -> Vec<f64> {
            (0..count).map(|k| (from + step * f64::from(k)).exp()).collect()
        };
        let spaced = |from: f64, to: f64| -> Vec<f64> {
            (0..4).map(|k| from + (to - from) * f64::from(k) / 3.0).collect()
        };
        match (self, name) {
            (StartGrid::Hoffmann | StartGrid::Porian, "E") => Some(logs(-1.0, 0.5, 5)),
            (StartGrid::Hoffmann, "A" | "B") | (StartGrid::Porian, "A") => Some(logs(0.0, 5.0, 6)),
            (StartGrid::Hoffmann, "alpha" | "beta") => Some(vec![0.0, 0.5, 1.0, 1.5, 2.0]),
            (StartGrid::Porian, "alpha") => Some(vec![0.0, 0.1, 0.2, 0.3]),
            (StartGrid::Olmo, "E") => Some(spaced(0.0, least)),
            (StartGrid::Olmo, "A" | "B") => Some(spaced(1.0, 20.0)),
            (StartGrid::Olmo, "alpha" | "beta") => Some(spaced(0.2, 0.8)),
            _ => None,
        }
    }

    fn product(self, form: &dyn Form, design: &Design) -> Result<Vec<Theta>, SolveError> {
        let least = design
            .target
            .iter()
            .map(|t| design.scale.invert(*t) * design.frame.y_scale)
            .fold(f64::INFINITY, f64::min);
        let p = form.params().len();
        let mut points = vec![Vec::new()];
        for param in form.params() {
            let values = self.values(param.name, least).ok_or_else(|| SolveError::Grid {
                grid: self.to_string(),
                form: form.id().to_string(),
                param: param.name.to_string(),
            })?;
            points = points
                .into_iter()
                .flat_map(|head: Vec<f64>| {
                    values.iter().map(move |v| {
                        let mut point = head.clone();
                        point.push(*v);
                        point
                    })
                })
                .collect();
        }
        Ok(points
            .into_iter()
            .filter_map(|natural| form.coordinates(&natural, &design.frame))
            .map(|theta| inside(form, theta, p))
            .collect())
    }
}

/// A point moved onto the bounds that it lies beyond.
fn inside(form: &dyn Form, mut theta: Theta, p: usize) -> Theta {
    for (t, param) in theta.iter_mut().zip(form.params()).take(p) {
        *t = t.clamp(param.lower, param.upper);
    }
    theta
}

fn quasi_random(form: &dyn Form, design: &Design, count: u32) -> Vec<Theta> {
    let own = design.starts(form, &design.target);
    let p = form.params().len();
    let range: Vec<(f64, f64)> = (0..p)
        .map(|j| {
            let (low, high) =
                own.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), t| (a.min(t[j]), b.max(t[j])));
            let margin = (MARGIN * (high - low)).max(0.5 * (LEAST_WIDTH - (high - low)));
            let param = &form.params()[j];
            ((low - margin).max(param.lower), (high + margin).min(param.upper))
        })
        .collect();
    (0..count)
        .map(|i| {
            let mut theta = [0.0; MAX_PARAMS];
            for (j, (low, high)) in range.iter().enumerate() {
                theta[j] = low + (high - low) * f64::from(sobol_burley::sample(i, j as u32, 0));
            }
            theta
        })
        .collect()
}

impl fmt::Display for StartGrid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartGrid::Form => f.write_str("form"),
            StartGrid::Hoffmann => f.write_str("hoffmann-4500"),
            StartGrid::Olmo => f.write_str("olmo"),
            StartGrid::Porian => f.write_str("porian"),
            StartGrid::Sobol(n) => write!(f, "sobol:{n}"),
        }
    }
}
