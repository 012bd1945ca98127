//! Runs of residuals of one sign, along the size.

use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::ln_choose;

/// The exact runs test against too few runs.
///
/// # Formula
/// P(R <= r) given n+ positive and n- other residuals, by counting arrangements
/// # Reference
/// Wald and Wolfowitz (1940), Ann. Math. Stat. 11:147.
#[derive(Debug, Clone, Copy)]
pub struct Runs;

/// Number of runs of one sign.
fn count(e: &[f64]) -> usize {
    1 + e.windows(2).filter(|w| (w[0] > 0.0) != (w[1] > 0.0)).count()
}

/// Probability of at most `runs` runs among `plus` and `minus` signs in random order.
#[must_use]
pub(super) fn at_most(runs: usize, plus: usize, minus: usize) -> f64 {
    let (a, b) = (plus as i64, minus as i64);
    let all = ln_choose(a + b, a);
    let choose = |k: i64, l: i64| ln_choose(k - 1, l - 1);
    let mut p = 0.0;
    for r in 2..=runs as i64 {
        let k = r / 2;
        p += if r % 2 == 0 {
            2.0 * (choose(a, k) + choose(b, k) - all).exp()
        } else {
            (choose(a, k) + choose(b, k + 1) - all).exp() + (choose(a, k + 1) + choose(b, k) - all).exp()
        };
    }
    p.min(1.0)
}

impl Diagnostic for Runs {
    fn id(&self) -> &'static str {
        "runs"
    }
    fn meaning(&self) -> &'static str {
        "do residuals of one sign come in clusters along the size?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        tangent.at_least(fit.dim() + 2)?;
        let e = &tangent.e;
        let plus = e.iter().filter(|v| **v > 0.0).count();
        let runs = count(e);
        Ok(Outcome {
            id: self.id(),
            statistic: runs as f64,
            signed_root: None,
            dof: vec![plus as f64, (e.len() - plus) as f64],
            p_value: at_most(runs, plus, e.len() - plus),
            exact: false,
            row: None,
            alternative: "fewer runs than random signs give",
            reference: "Wald and Wolfowitz (1940)",
        })
    }
    /// Minus the probability of so few runs given the signs.
    fn statistic(&self, _: &Tangent, e: &[f64]) -> Option<f64> {
        let plus = e.iter().filter(|v| **v > 0.0).count();
        Some(-at_most(count(e), plus, e.len() - plus))
    }
}
