//! Curvature: a quadratic term in ln N.

use super::added_variable::added_variable;
use super::{Diagnostic, NotApplicable, Outcome};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::distribution::t_two_sided;

/// The quadratic (RESET) test of curvature.
///
/// # Formula
/// t of u^2 added to the line; its square is the F(1, n-3) of RESET with the squared fitted values
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
        let squares: Vec<f64> = fit.design.x[0].iter().map(|u| u * u).collect();
        let test = added_variable(fit, &squares)?;
        Ok(Outcome {
            id: self.id(),
            statistic: test.t,
            dof: vec![test.dof],
            p_value: t_two_sided(test.t, test.dof),
            row: None,
            alternative: "two-sided: bends up (t > 0) or down (t < 0); t^2 is RESET's F",
            reference: "Ramsey (1969)",
        })
    }
}
