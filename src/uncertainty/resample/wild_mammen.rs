//! Every row's own residual, times one of Mammen's two weights.

use super::wild::Weighted;
use super::{Draw, Scheme, Studentised};
use crate::fit::Fit;
use rand::RngExt as _;

/// Every row keeps its own residual r/(1-h), times a two-point weight of mean 0, variance 1 and third moment 1.
///
/// # Formula
/// -(sqrt 5 - 1)/2 with probability (sqrt 5 + 1)/(2 sqrt 5), otherwise (sqrt 5 + 1)/2
/// # Assumptions
/// As [`super::Wild`]; the third moment keeps the skewness of the errors.
/// # Reference
/// Mammen (1993), Ann. Stat. 21:255.
#[derive(Debug, Clone, Copy)]
pub struct WildMammen;

/// The golden ratio, (sqrt 5 + 1)/2.
const GOLDEN: f64 = 1.618_033_988_749_895;
/// Probability of the negative weight, (sqrt 5 + 1)/(2 sqrt 5).
const NEGATIVE: f64 = 0.723_606_797_749_979;

impl Scheme for WildMammen {
    fn id(&self) -> &'static str {
        "wild-mammen"
    }
    fn meaning(&self) -> &'static str {
        "every row's own residual, times one of Mammen's two weights"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Rows
    }
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        Box::new(Weighted::new(fit, groups, |rng| {
            if rng.random::<f64>() < NEGATIVE { 1.0 - GOLDEN } else { GOLDEN }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_zero_one_one() {
        let moment = |k| NEGATIVE * (1.0 - GOLDEN).powi(k) + (1.0 - NEGATIVE) * GOLDEN.powi(k);
        for (k, want) in [(1, 0.0), (2, 1.0), (3, 1.0)] {
            assert!((moment(k) - want).abs() < 1e-15, "moment {k} is {}", moment(k));
        }
    }
}
