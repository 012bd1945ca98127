//! Every row's own residual, with a random sign.

use super::wild::Weighted;
use super::{Draw, Scheme, Studentised};
use crate::fit::Fit;
use rand::RngExt as _;

/// Every row keeps its own residual r/(1-h), with sign + or - equally likely.
///
/// # Assumptions
/// As [`super::Wild`]; symmetric errors. n rows have only 2^n sign vectors: at few rows, Webb's weights are smoother.
/// # Reference
/// Davidson and Flachaire (2008), J. Econometrics 146:162.
#[derive(Debug, Clone, Copy)]
pub struct WildRademacher;

impl Scheme for WildRademacher {
    fn id(&self) -> &'static str {
        "wild-rademacher"
    }
    fn meaning(&self) -> &'static str {
        "every row's own residual, with a random sign"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Rows
    }
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        Box::new(Weighted::new(fit, groups, |rng| if rng.random::<bool>() { 1.0 } else { -1.0 }))
    }
}
