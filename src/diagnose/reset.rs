//! Powers of the fitted values: whatever smooth shape the line misses.

use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::sum::{dot, mean};

/// A regressor whose part outside of the law, or a range of fitted values, is below this share adds nothing.
const DEPENDENT: f64 = 1e-10;

/// Ramsey's test with squares and cubes of the fitted values.
///
/// # Formula
/// F(2, n-p-2) of v^2 and v^3 added to the law, v the fitted values on the scale of the fit less their mean
/// # Assumptions
/// For a line the mean changes nothing, and p is exact: v is independent of the residuals. For a curve the law is its
/// tangent, and without the mean F would depend on the unit of the response.
/// # Reference
/// Ramsey (1969), J. R. Stat. Soc. B 31:350; Milliken and Graybill (1970), J. Am. Stat. Assoc. 65:797.
#[derive(Debug, Clone, Copy)]
pub struct Reset;

/// Fitted values less their mean, the largest of length one; `None` where the law is flat.
fn fitted(fit: &Fit) -> Option<Vec<f64>> {
    let mut v: Vec<f64> = fit.design.target.iter().zip(&fit.residuals).map(|(t, e)| t - e).collect();
    let centre = mean(&v);
    let mut largest = 0.0f64;
    for v in &mut v {
        *v -= centre;
        largest = largest.max(v.abs());
    }
    if !(largest > DEPENDENT * fit.design.spread) {
        return None;
    }
    for v in &mut v {
        *v /= largest;
    }
    Some(v)
}

/// The parts of the squares and cubes outside of the law and of each other.
fn directions(tangent: &Tangent, v: &[f64]) -> Option<[Vec<f64>; 2]> {
    let outside = |power: i32| {
        let z: Vec<f64> = v.iter().map(|v| v.powi(power)).collect();
        let rest = tangent.residuals_of(&z);
        (rest, DEPENDENT * dot(&z, &z).sqrt())
    };
    let (squares, least) = outside(2);
    let length = dot(&squares, &squares);
    if !(length.sqrt() > least) {
        return None;
    }
    let (mut cubes, least) = outside(3);
    for _ in 0..2 {
        let b = dot(&squares, &cubes) / length;
        for (c, s) in cubes.iter_mut().zip(&squares) {
            *c -= b * s;
        }
    }
    (dot(&cubes, &cubes).sqrt() > least).then_some([squares, cubes])
}

impl Diagnostic for Reset {
    fn id(&self) -> &'static str {
        "reset"
    }
    fn meaning(&self) -> &'static str {
        "is the law bent, or bent twice, along its own fitted values?"
    }
    fn check(&self, fit: &Fit, _: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_rows(fit)?;
        super::ready(fit, tangent.dim() + 3)?;
        let v = fitted(fit).ok_or(NotApplicable::Collinear)?;
        let z = directions(&tangent, &v).ok_or(NotApplicable::Collinear)?;
        let mut left = tangent.e.clone();
        let mut explained = 0.0;
        for z in &z {
            let length = dot(z, z);
            let b = dot(z, &tangent.e) / length;
            explained += b * b * length;
            // The residuals after z themselves: no cancellation when z explains nearly all.
            for (e, z) in left.iter_mut().zip(z) {
                *e -= b * z;
            }
        }
        let dof = [2.0, (tangent.dof() - 2) as f64];
        let f = (explained / dof[0]) / (dot(&left, &left) / dof[1]);
        Outcome::of_f(self.id(), f, dof, "the law has another shape", "Ramsey (1969)")
    }
}
