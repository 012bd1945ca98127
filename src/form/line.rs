//! Laws that are straight lines on a scale of their own: one implementation for all of them.

use super::{About, Form, Frame, Functional, Transform};
use crate::data::Scale;
use crate::math::{MAX_PARAMS, Theta, sum};

/// A law that is a straight line in ln N on its native scale.
///
/// # Formula
/// g(m) = sign*(a - alpha*u); coordinates \[a, alpha\]
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// What the law is called and what it can do.
    pub about: About,
    /// Whether g(m) is minus the line: the line is that of the odds of an error, g the log odds of a success.
    pub mirrored: bool,
    /// How the first parameter follows from the intercept at N = 1.
    pub intercept: Intercept,
}

/// How the first parameter follows from the intercept at N = 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intercept {
    /// It is the exponential: an amplitude A, with exponent alpha.
    Amplitude,
    /// It is the intercept itself, with slope b = -alpha.
    Value,
}

/// A law that is one line: all that its file must say.
pub trait Straight: Sync + std::fmt::Debug {
    /// The line.
    const LINE: &'static Line;
}

impl<T: Straight> Form for T {
    fn about(&self) -> &'static About {
        &T::LINE.about
    }

    fn linear_on(&self) -> Option<Scale> {
        Some(T::LINE.about.native)
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let sign = if T::LINE.mirrored { -1.0 } else { 1.0 };
        let (a, alpha) = (sign * theta[0], sign * theta[1]);
        for (o, u) in out.iter_mut().zip(x[0]) {
            *o = a - alpha * u;
        }
        if let Some((by_a, by_alpha)) = jac.split_at_mut_checked(out.len()) {
            by_a.fill(sign);
            for (d, u) in by_alpha.iter_mut().zip(x[0]) {
                *d = -sign * u;
            }
        }
    }

    fn curvature(&self, _: &[f64], _: &[&[f64]], _: &[f64], _: &[f64], _: &mut [Theta; MAX_PARAMS]) {}

    fn pass_through(&self, _: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let sign = if T::LINE.mirrored { -1.0 } else { 1.0 };
        let a = sign * eta0 + theta[1] * x0[0];
        a.is_finite().then_some(a)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        let mut at_one = [0.0; MAX_PARAMS];
        at_one[0] = 1.0;
        at_one[1] = frame.x_centre[0];
        match (T::LINE.intercept, k) {
            (Intercept::Amplitude, 0) => {
                Functional { coefficients: at_one, offset: frame.y_scale.ln(), transform: Transform::Exp }
            }
            (Intercept::Amplitude, _) => Functional::coordinate(1, 1.0),
            (Intercept::Value, 0) => Functional {
                coefficients: at_one.map(|c| c * frame.y_scale),
                offset: 0.0,
                transform: Transform::Identity,
            },
            (Intercept::Value, _) => Functional::coordinate(1, -frame.y_scale),
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let sign = if T::LINE.mirrored { -1.0 } else { 1.0 };
        let (a, slope) = least_squares(x[0], eta);
        let mut theta = [0.0; MAX_PARAMS];
        theta[0] = sign * a;
        theta[1] = -sign * slope;
        vec![theta]
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let mut theta = [0.0; MAX_PARAMS];
        (theta[0], theta[1]) = match T::LINE.intercept {
            Intercept::Amplitude => (natural[0].ln() - frame.y_scale.ln(), natural[1]),
            Intercept::Value => (natural[0] / frame.y_scale, -natural[1] / frame.y_scale),
        };
        theta[0] -= theta[1] * frame.x_centre[0];
        theta.iter().all(|v| v.is_finite()).then_some(theta)
    }
}

/// Intercept and slope of the ordinary least-squares line of `eta` on `u`; slope 0 when u does not vary.
pub(super) fn least_squares(u: &[f64], eta: &[f64]) -> (f64, f64) {
    let (mu, me) = (sum::mean(u), sum::mean(eta));
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for (u, e) in u.iter().zip(eta) {
        sxx += (u - mu) * (u - mu);
        sxy += (u - mu) * (e - me);
    }
    let slope = if sxx > 0.0 { sxy / sxx } else { 0.0 };
    (me - slope * mu, slope)
}
