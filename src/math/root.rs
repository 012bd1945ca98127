//! Roots of functions of one variable, by argmin's Brent solver.

use argmin::core::{ArgminError, CostFunction, Error, Executor, IterState, State};
use argmin::solver::brent::BrentRoot;

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
}
