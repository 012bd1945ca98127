//! Curvature: a quadratic term in ln N.

use super::added_variable::added_variable;
use super::{Diagnostic, NotApplicable, Outcome};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::t_two_sided;

/// The quadratic (RESET) test of curvature.
///
/// # Formula
/// F(1, n-3) of u^2 added to the line, which is also RESET's with the squared fitted values; its signed root is t
/// # Reference
/// Ramsey (1969), J. R. Stat. Soc. B 31:350.
#[derive(Debug, Clone, Copy)]
pub struct Quadratic;

impl Diagnostic for Quadratic {
    fn id(&self) -> &'static str {
        "quadratic"
    }
    fn meaning(&self) -> &'static str {
        "does the line bend?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        let squares: Vec<f64> = fit.design.axis.iter().map(|u| u * u).collect();
        let test = added_variable(fit, &squares)?;
        Ok(Outcome {
            id: self.id(),
            statistic: test.t * test.t,
            signed_root: Some(test.t),
            dof: vec![1.0, test.dof],
            p_value: t_two_sided(test.t, test.dof),
            exact: true,
            row: None,
            alternative: "the line bends: up (positive root) or down (negative root)",
            reference: "Ramsey (1969)",
        })
    }
}
