//! A formula as a form: one among the others for fits, intervals and predictions.

use super::compiled::Compiled;
use super::exchange::{Exchange, arranged};
use super::spec::ParamSpec;
use super::starts::{Ranges, starts};
use crate::form::{About, Form, Frame, Functional};
use crate::math::{Theta, root, theta_from};

/// Steps of the search for a bracket of a parameter's value, each twice as long as the last.
const DOUBLINGS: usize = 60;

/// A formula with known columns.
///
/// # Formula
/// The user's. Coordinates are its own parameters, on the response as it is.
#[derive(Debug)]
pub(super) struct Law {
    pub(super) about: &'static About,
    pub(super) compiled: Compiled,
    pub(super) specs: Vec<ParamSpec>,
    pub(super) ranges: Ranges,
    /// Parameters that the formula is jointly linear in.
    pub(super) linear: &'static [usize],
    pub(super) pivots: &'static [usize],
    pub(super) exchanges: Vec<Exchange>,
}

impl Form for Law {
    fn about(&self) -> &'static About {
        self.about
    }

    fn divides_response(&self) -> bool {
        false
    }

    fn columns(&self, x: &[&[f64]], _: &[f64]) -> Vec<Vec<f64>> {
        self.compiled.columns(x)
    }

    fn projected(&self) -> &'static [usize] {
        self.linear
    }

    fn linear_in(&self) -> &'static [usize] {
        self.linear
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        self.compiled.eval(theta, x, out, jac);
    }

    fn pivots(&self) -> &'static [usize] {
        self.pivots
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let param = &self.params()[pivot];
        let inside = |v: f64| v.is_finite() && v >= param.lower && v <= param.upper;
        let columns: Vec<&[f64]> = x0.iter().map(std::slice::from_ref).collect();
        let mut at = theta_from(theta);
        let mut excess = |v: f64| {
            at[pivot] = v;
            let mut eta = [0.0];
            self.eval(&at, &columns, &mut eta, &mut []);
            eta[0] - eta0
        };
        if self.linear.contains(&pivot) {
            // A line in the pivot: through two points that are far enough apart, and once more against rounding.
            let here = theta[pivot];
            let far = here + here.abs().max(1.0);
            let slope = (excess(far) - excess(here)) / (far - here);
            let once = here - excess(here) / slope;
            let twice = once - excess(once) / slope;
            return inside(twice).then_some(twice);
        }
        let here = theta[pivot].clamp(param.lower, param.upper);
        let centre = excess(here);
        if centre == 0.0 {
            return Some(here);
        }
        let mut step = (0.01 * here.abs()).max(1e-6);
        let (mut low, mut high) = (here, here);
        for _ in 0..DOUBLINGS {
            for side in [-1.0, 1.0] {
                let last = if side < 0.0 { low } else { high };
                let next = (here + side * step).clamp(param.lower, param.upper);
                if next == last {
                    continue;
                }
                let value = excess(next);
                if value.is_finite() && value * centre <= 0.0 {
                    let cell = std::cell::RefCell::new(&mut excess);
                    let f = |v: f64| (cell.borrow_mut())(v);
                    return root::brent(f, last, next, 0.0).filter(|v| inside(*v));
                }
                if value.is_finite() {
                    if side < 0.0 {
                        low = next;
                    } else {
                        high = next;
                    }
                }
            }
            step *= 2.0;
        }
        None
    }

    fn natural(&self, k: usize, _: &Frame) -> Functional {
        Functional::coordinate(k, 1.0)
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        starts(&self.compiled, &self.specs, &self.ranges, x, eta)
    }

    fn said(&self) -> Option<Vec<String>> {
        Some(self.specs.iter().map(ParamSpec::to_string).collect())
    }

    fn more_starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let open: Vec<ParamSpec> =
            self.specs.iter().map(|s| ParamSpec { start: None, ..s.clone() }).collect();
        starts(&self.compiled, &open, &self.ranges, x, eta)
    }

    fn arranged(&self, theta: &Theta) -> Theta {
        let model: Vec<Option<f64>> = self.specs.iter().map(|s| s.start).collect();
        arranged(&self.exchanges, theta, &model)
    }

    fn coordinates(&self, natural: &[f64], _: &Frame) -> Option<Theta> {
        let inside = |(p, v): (&crate::form::Param, &f64)| v.is_finite() && *v >= p.lower && *v <= p.upper;
        self.params().iter().zip(natural).all(inside).then(|| theta_from(natural))
    }
}
