//! Laws that are a constant and a multiple of one function of the size.

use super::grid;
use crate::data::Scale;
use crate::form::{About, Form, Frame, Functional};
use crate::math::{MAX_PARAMS, Theta};

/// A law with two linear parameters that is no straight line in ln N.
///
/// # Formula
/// m = a + b*g(N); coordinates \[a, b*unit\], both divided by the frame's scale
#[derive(Debug, Clone, Copy)]
pub struct Affine {
    /// What the law is called and what it can do.
    pub about: &'static About,
    /// g of a size, over its unit: `(size, centre of ln N)`; not finite where the law is not defined.
    pub basis: fn(f64, f64) -> f64,
    /// Logarithm of that unit, for a centre of ln N.
    pub ln_unit: fn(f64) -> f64,
}

impl Form for Affine {
    fn about(&self) -> &'static About {
        self.about
    }

    fn columns(&self, x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
        x.iter().zip(centre).map(|(x, c)| x.iter().map(|v| (self.basis)(*v, *c)).collect()).collect()
    }

    fn linear_on(&self) -> Option<Scale> {
        Some(Scale::Raw)
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        for (o, g) in out.iter_mut().zip(x[0]) {
            *o = theta[0] + theta[1] * g;
        }
        if let Some((ones, by_b)) = jac.split_at_mut_checked(out.len()) {
            ones.fill(1.0);
            by_b.copy_from_slice(x[0]);
        }
    }

    fn pass_through(&self, _: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let a = eta0 - theta[1] * x0[0];
        a.is_finite().then_some(a)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        let unit = if k == 0 { 1.0 } else { (-(self.ln_unit)(frame.x_centre[0])).exp() };
        Functional::coordinate(k, frame.y_scale * unit)
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let ones = vec![1.0; eta.len()];
        let found = grid::least_squares(&[&ones, x[0]], eta, &ones);
        let mean = eta.iter().sum::<f64>() / eta.len() as f64;
        let ([a, b], _) = found.unwrap_or(([mean, 0.0], 0.0));
        vec![grid::phi(&[a, b])]
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = natural[0] / frame.y_scale;
        theta[1] = natural[1] / frame.y_scale * (self.ln_unit)(frame.x_centre[0]).exp();
        theta.iter().all(|v| v.is_finite()).then_some(theta)
    }
}
