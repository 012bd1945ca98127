//! Sums of powers of several predictors: one evaluation, one set of starting points for all of them.

use super::search::{relative_weights, search};
use super::{Candidate, entries};
use crate::form::{Frame, Functional, Transform};
use crate::math::{MAX_PARAMS, Theta};

/// A law E + sum of A_k times powers of the predictors, or the same without E.
///
/// # Formula
/// m = E + sum over terms of exp(a_k - sum over its powers of factor*theta_exponent*u); native scale raw. The term's amplitude
/// on the user's scale is A_k = exp(a_k + sum of factor*theta_exponent*(centre + `shift`)) times the frame's scale.
#[derive(Debug, Clone, Copy)]
pub(in crate::form) struct Sum {
    /// The coordinate of E.
    pub floor: usize,
    /// The terms.
    pub terms: &'static [Term],
    /// The coordinates of the exponents.
    pub exponents: &'static [usize],
    /// Values of every exponent from which the search for starting points starts.
    pub grid: &'static [f64],
}

/// An amplitude times powers of predictors.
#[derive(Debug, Clone, Copy)]
pub(in crate::form) struct Term {
    /// Coordinate of the amplitude.
    pub amplitude: usize,
    /// The powers.
    pub powers: &'static [Power],
}

/// A predictor, times a constant, to the power -factor*exponent.
#[derive(Debug, Clone, Copy)]
pub(in crate::form) struct Power {
    /// Column of the predictor.
    pub column: usize,
    /// Coordinate of the exponent.
    pub exponent: usize,
    /// What the exponent is multiplied by.
    pub factor: f64,
    /// Logarithm of the constant that the predictor is multiplied by.
    pub shift: f64,
}

impl Term {
    /// The logarithm of the term without its amplitude, in row `i`.
    fn power(&self, theta: &[f64], x: &[&[f64]], i: usize) -> f64 {
        -self.powers.iter().map(|p| p.factor * theta[p.exponent] * x[p.column][i]).sum::<f64>()
    }

    /// The term in row `i`.
    fn value(&self, theta: &[f64], x: &[&[f64]], i: usize) -> f64 {
        (theta[self.amplitude] + self.power(theta, x, i)).exp()
    }
}

impl Sum {
    /// Evaluate the law and its derivatives, as [`crate::form::Form::eval`] says.
    pub fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let n = out.len();
        out.fill(theta[self.floor]);
        if jac.is_empty() {
            for term in self.terms {
                for (i, o) in out.iter_mut().enumerate() {
                    *o += term.value(theta, x, i);
                }
            }
            return;
        }
        jac.fill(0.0);
        jac[self.floor * n..(self.floor + 1) * n].fill(1.0);
        for term in self.terms {
            for (i, o) in out.iter_mut().enumerate() {
                let q = term.value(theta, x, i);
                *o += q;
                jac[term.amplitude * n + i] = q;
                for p in term.powers {
                    jac[p.exponent * n + i] -= p.factor * x[p.column][i] * q;
                }
            }
        }
    }

    /// Return natural parameter `k`, as [`crate::form::Form::natural`] says.
    pub fn natural(&self, k: usize, frame: &Frame) -> Functional {
        if k == self.floor {
            return Functional::coordinate(k, frame.y_scale);
        }
        let Some(term) = self.terms.iter().find(|t| t.amplitude == k) else {
            return Functional::coordinate(k, 1.0);
        };
        let mut coefficients = entries(&[(k, 1.0)]);
        for p in term.powers {
            coefficients[p.exponent] += p.factor * (frame.x_centre[p.column] + p.shift);
        }
        Functional { coefficients, offset: frame.y_scale.ln(), transform: Transform::Exp }
    }

    /// Return the coordinates of natural parameters, as [`crate::form::Form::coordinates`] says.
    pub fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[..natural.len()].copy_from_slice(natural);
        theta[self.floor] = natural[self.floor] / frame.y_scale;
        for term in self.terms {
            let moved: f64 = term
                .powers
                .iter()
                .map(|p| p.factor * natural[p.exponent] * (frame.x_centre[p.column] + p.shift))
                .sum();
            theta[term.amplitude] = (natural[term.amplitude] / frame.y_scale).ln() - moved;
        }
        (natural[self.floor] >= 0.0 && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }

    /// Return the value of a floor or amplitude that leads the law through a point, as
    /// [`crate::form::Form::pass_through`] says.
    pub fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let x: [&[f64]; crate::form::MAX_COLUMNS] = std::array::from_fn(|k| x0.get(k..=k).unwrap_or(&[]));
        let mut rest = eta0 - if pivot == self.floor { 0.0 } else { theta[self.floor] };
        let mut own = 0.0;
        for term in self.terms {
            if term.amplitude == pivot {
                own = term.power(theta, &x, 0);
            } else {
                rest -= term.value(theta, &x, 0);
            }
        }
        if pivot == self.floor {
            return (rest >= 0.0).then_some(rest);
        }
        (rest > 0.0).then(|| rest.ln() - own).filter(|a| a.is_finite())
    }

    /// Return the points of the grid that fit best, as coordinates.
    pub fn starts(&self, x: &[&[f64]], m: &[f64]) -> Vec<Theta> {
        let place = |c: &Candidate| {
            let mut theta = [0.0; MAX_PARAMS];
            theta[self.floor] = c.amplitudes[0];
            for (term, a) in self.terms.iter().zip(&c.amplitudes[1..]) {
                theta[term.amplitude] = a.ln();
            }
            for (k, exponent) in self.exponents.iter().zip(&c.exponents) {
                theta[*k] = *exponent;
            }
            theta
        };
        let w = relative_weights(m);
        let axes = vec![self.grid; self.exponents.len()];
        let best = search(&axes, 8, |exponents| {
            let mut theta = [0.0; MAX_PARAMS];
            for (k, exponent) in self.exponents.iter().zip(exponents) {
                theta[*k] = *exponent;
            }
            let mut columns = vec![vec![1.0; m.len()]];
            for term in self.terms {
                columns.push((0..m.len()).map(|i| term.power(&theta, x, i).exp()).collect());
            }
            Some((columns, w.clone(), m.to_vec()))
        });
        best.iter().map(place).filter(|t| t.iter().all(|v| v.is_finite())).collect()
    }
}
