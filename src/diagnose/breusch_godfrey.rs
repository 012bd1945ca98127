//! Residuals that the one before predicts.

use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::chi2_upper;
use crate::math::sum::dot;

/// The Lagrange multiplier test of Breusch and Godfrey, of order one.
///
/// # Formula
/// LM = n R^2 of e on (J, z), z_1 = 0 and z_i = e_(i-1): n (z'e)^2/(z'Mz e'e), M the residual maker of the Jacobian J;
/// chi-squared with 1 degree of freedom
/// # Assumptions
/// e are the residuals in order of size, replicates averaged and weighted by the root of their number. p is for many sizes.
/// # Reference
/// Breusch (1978), Aust. Econ. Pap. 17:334; Godfrey (1978), Econometrica 46:1293; as lmtest's bgtest, which fills with 0.
#[derive(Debug, Clone, Copy)]
pub struct BreuschGodfrey;

impl Diagnostic for BreuschGodfrey {
    fn id(&self) -> &'static str {
        "breusch-godfrey"
    }
    fn meaning(&self) -> &'static str {
        "does the residual of one size predict that of the next?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        tangent.at_least(tangent.dim() + 2)?;
        let lm = self.statistic(&tangent, &tangent.e).ok_or(NotApplicable::Collinear)?;
        Ok(Outcome {
            id: self.id(),
            statistic: lm,
            signed_root: None,
            dof: vec![1.0],
            p_value: chi2_upper(lm, 1.0),
            exact: false,
            row: None,
            alternative: "neighbouring residuals are correlated (asymptotic p)",
            reference: "Godfrey (1978)",
        })
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        let before: Vec<f64> = std::iter::once(0.0).chain(e.iter().copied()).take(e.len()).collect();
        let rest = tangent.residuals_of(&before);
        let length = dot(&rest, &rest);
        if !(length > 1e-20 * dot(&before, &before)) {
            return None;
        }
        let along = dot(&rest, e);
        let r2 = (along / length) * (along / dot(e, e));
        r2.is_finite().then(|| e.len() as f64 * r2.min(1.0))
    }
}
