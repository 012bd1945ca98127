//! Roots and minima of functions of one variable, by argmin's Brent solvers.

use argmin::core::{ArgminError, CostFunction, Error, Executor, IterState, State};
use argmin::solver::brent::{BrentOpt, BrentRoot};

struct Scalar<F>(F);

impl<F: Fn(f64) -> f64> CostFunction for Scalar<F> {
    type Param = f64;
    type Output = f64;

    fn cost(&self, x: &f64) -> Result<f64, Error> {
        let value = (self.0)(*x);
        // argmin's check for a sign change lets NaN pass.
        if value.is_nan() {
            return Err(ArgminError::InvalidParameter { text: "not a number".into() }.into());
        }
        Ok(value)
    }
}

/// Find a root of `f` between `a` and `b`, to about `tolerance` absolute (never better than 4 ulp).
///
/// Returns `None` when f(a) and f(b) have the same sign or are not numbers.
///
/// # Reference
/// Brent (1973), Algorithms for Minimization without Derivatives, chapter 4.
#[must_use]
pub fn brent(f: impl Fn(f64) -> f64, a: f64, b: f64, tolerance: f64) -> Option<f64> {
    let result = Executor::new(Scalar(f), BrentRoot::new(a, b, tolerance))
        .configure(|state: IterState<f64, (), (), (), (), f64>| state.max_iters(200))
        .run()
        .ok()?;
    let root = *result.state().get_param()?;
    root.is_finite().then_some(root)
}

/// Return a local minimum of `f` between `a` and `b`, to about 1e-8 of its size; the better end where the search fails.
///
/// # Reference
/// Brent (1973), chapter 5.
#[must_use]
pub fn minimise(f: impl Fn(f64) -> f64, a: f64, b: f64) -> f64 {
    let end = if f(a) <= f(b) { a } else { b };
    let found = Executor::new(Scalar(&f), BrentOpt::new(a, b))
        .configure(|state: IterState<f64, (), (), (), (), f64>| state.max_iters(200))
        .run()
        .ok()
        .and_then(|r| r.state().get_best_param().copied());
    found.filter(|x| x.is_finite() && f(*x) <= f(end)).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_roots_to_full_precision() {
        let root = brent(|x| x * x - 2.0, 0.0, 2.0, 1e-15).expect("bracketed");
        assert!((root - 2f64.sqrt()).abs() <= 4e-16);
        assert!(brent(|x| x * x + 1.0, -1.0, 1.0, 1e-12).is_none());
        assert!(brent(|_| f64::NAN, -1.0, 1.0, 1e-12).is_none());
    }

    #[test]
    fn finds_minima_inside_and_at_the_ends() {
        assert!((minimise(|x| (x - 0.3).powi(2), -1.0, 2.0) - 0.3).abs() < 1e-7);
        assert!((minimise(|x| x, -1.0, 2.0) + 1.0).abs() < 1e-7);
    }
}
