//! Levenberg-Marquardt with geodesic acceleration, for starting points that ordinary steps lead astray.

use super::{Held, Solution, linear, lm};
use crate::math::{MAX_PARAMS, Theta};
use crate::objective::Objective;
use nalgebra::{DMatrix, DVector};

/// Damping at the start, of columns of length one.
const FIRST_DAMPING: f64 = 0.1;
/// Damping beyond which there is no further step.
const MOST_DAMPING: f64 = 1e12;
/// Steps allowed.
const STEPS: usize = 500;
/// Share of the step at which the second derivative along it is measured.
const PROBE: f64 = 0.1;
/// Longest acceleration, twice its length as a share of the step's: beyond, the step is too long to be trusted.
const BENT: f64 = 0.75;
/// Relative offset at which ordinary steps take over.
const NEAR: f64 = 1e-6;

/// A point, its residuals, and their derivatives by the coordinates that are iterated on.
struct Here {
    theta: Theta,
    cost: f64,
    residual: DVector<f64>,
    jacobian: DMatrix<f64>,
}

/// The point with coordinates `others` as in `theta`, the linear ones solved for where that is a linear problem.
fn look(objective: &mut Objective<'_>, theta: &Theta, others: &[usize]) -> Option<Here> {
    if others.len() < objective.dim() {
        let found = linear::project(objective, theta, others)?;
        return Some(Here {
            theta: found.theta,
            cost: found.cost,
            residual: found.residual,
            jacobian: found.jacobian,
        });
    }
    let n = objective.target.len();
    let fitted = objective.fitted(theta);
    let jacobian = objective.jacobian(theta);
    let root: Vec<f64> = objective.weights.iter().map(|w| w.sqrt()).collect();
    let residual = DVector::from_fn(n, |i, _| (objective.target[i] - fitted[i]) * root[i]);
    let jacobian = DMatrix::from_fn(n, others.len(), |i, k| jacobian[others[k] * n + i] * root[i]);
    let finite = residual.iter().chain(jacobian.iter()).all(|v| v.is_finite());
    finite.then(|| Here { theta: *theta, cost: 0.5 * residual.norm_squared(), residual, jacobian })
}

/// Minimise a sum of squares; a loss that is none goes to ordinary Levenberg-Marquardt.
///
/// # Formula
/// (J'J + lambda D^2) s = J'r and (J'J + lambda D^2) a = J'r_ss, with r_ss the second derivative of r along s by a difference;
/// the step is s + a/2, refused where 2|Da| > 0.75|Ds|
/// # Reference
/// Transtrum and Sethna (2012), arXiv:1201.5885.
pub(super) fn minimise(objective: &mut Objective<'_>, start: &Theta) -> Solution {
    let held = Held::none();
    if !objective.loss.is_gaussian() {
        return lm::minimise(objective, start, &held);
    }
    let linear = if linear::applies(objective) { objective.form.linear_in() } else { &[] };
    let others: Vec<usize> = (0..objective.dim()).filter(|j| !linear.contains(j)).collect();
    let end = if others.is_empty() { None } else { walk(objective, start, &others) };
    lm::minimise(objective, &end.unwrap_or(*start), &held)
}

fn walk(objective: &mut Objective<'_>, start: &Theta, others: &[usize]) -> Option<Theta> {
    let mut here = look(objective, start, others)?;
    let mut damping = FIRST_DAMPING;
    for _ in 0..STEPS {
        let lengths: Vec<f64> =
            here.jacobian.column_iter().map(|c| c.norm().max(f64::MIN_POSITIVE)).collect();
        let mut scaled = here.jacobian.clone();
        for (mut column, length) in scaled.column_iter_mut().zip(&lengths) {
            column /= *length;
        }
        let normal = scaled.tr_mul(&scaled);
        let gradient = scaled.tr_mul(&here.residual);
        let next = loop {
            if damping > MOST_DAMPING {
                return Some(here.theta);
            }
            let damped = &normal + DMatrix::identity(others.len(), others.len()) * damping;
            let tried = damped.cholesky().and_then(|factor| {
                let step = factor.solve(&gradient);
                let probe =
                    look(objective, &moved(objective, &here, others, &step, &lengths, PROBE), others)?;
                let change = (probe.residual - &here.residual) / PROBE + &scaled * &step;
                let bend = factor.solve(&scaled.tr_mul(&(change * (2.0 / PROBE))));
                if !(2.0 * bend.norm() <= BENT * step.norm()) {
                    return None;
                }
                let whole = &step + 0.5 * bend;
                let there = look(objective, &moved(objective, &here, others, &whole, &lengths, 1.0), others)?;
                let expected = gradient.dot(&step) - 0.5 * step.dot(&(&normal * &step));
                let gain = (here.cost - there.cost) / expected;
                (gain > 1e-3).then_some((there, gain))
            });
            match tried {
                Some(found) => break found,
                None => damping *= 4.0,
            }
        };
        let offset = next.0.jacobian.tr_mul(&next.0.residual);
        let size = next.0.residual.norm();
        if next.1 > 0.75 {
            damping *= 0.2;
        } else if next.1 < 0.25 {
            damping *= 2.0;
        }
        here = next.0;
        let cosine = |(k, g): (usize, &f64)| g.abs() / (here.jacobian.column(k).norm() * size);
        if offset.iter().enumerate().map(cosine).fold(0.0, f64::max) < NEAR {
            break;
        }
    }
    Some(here.theta)
}

/// The coordinates after a share of a step in scaled coordinates, inside their bounds.
fn moved(
    objective: &Objective<'_>,
    here: &Here,
    others: &[usize],
    step: &DVector<f64>,
    lengths: &[f64],
    share: f64,
) -> Theta {
    let mut theta: [f64; MAX_PARAMS] = here.theta;
    for (k, &j) in others.iter().enumerate() {
        let param = &objective.form.params()[j];
        theta[j] = (theta[j] + share * step[k] / lengths[k]).clamp(param.lower, param.upper);
    }
    theta
}
