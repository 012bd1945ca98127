//! A change of slope at an unknown size.

use super::simulated::{DRAWS, simulated_p};
use super::{Diagnostic, NotApplicable, Outcome, Tangent};
use crate::data::Dataset;
use crate::fit::Fit;
use crate::math::sum::dot;
use nalgebra::DVector;

/// Seed of the simulated p value: one data set always gets one answer.
const SEED: u64 = 0x68_696e_6765;
/// Most sizes that p is simulated for.
const MOST: usize = 200_000;
/// Part of a hinge outside the law, relative to the hinge, below which its knot is skipped.
const DEPENDENT: f64 = 1e-10;

/// Hinges (u - psi)+ added to a law, at given knots, prepared for many vectors of residuals.
///
/// Left of the middle the mirrored hinge (psi - u)+ is summed instead: the two differ by u - psi, of which a line keeps
/// nothing, and sums over the shorter side do not cancel.
#[derive(Debug, Clone)]
pub struct Hinges<'a> {
    tangent: &'a Tangent,
    knots: Vec<f64>,
    /// Knots from this one on are summed over the larger sizes.
    split: usize,
    /// The parts of u and of 1 outside the law, where it has any: not for a line.
    outside: Option<(Vec<f64>, Vec<f64>)>,
    /// Squared length of every hinge outside the law; 0 where it is determined by the law.
    zz: Vec<f64>,
}

/// The best knot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knot {
    /// Where, in centred ln N.
    pub psi: f64,
    /// F with 1 and n - p - 1 degrees of freedom.
    pub f: f64,
    /// Signed root of F: positive when the slope rises there.
    pub t: f64,
}

impl<'a> Hinges<'a> {
    /// Prepare the knots halfway between neighbouring sizes that leave two sizes on either side.
    #[must_use]
    pub fn at_midpoints(tangent: &'a Tangent) -> Hinges<'a> {
        let u = &tangent.u;
        let inner = if u.len() < 4 { &[][..] } else { &u[1..u.len() - 1] };
        Hinges::new(tangent, inner.windows(2).map(|w| 0.5 * (w[0] + w[1])).collect())
    }

    /// Prepare rising `knots`.
    #[must_use]
    pub fn new(tangent: &'a Tangent, knots: Vec<f64>) -> Hinges<'a> {
        let (n, r) = (tangent.len(), &tangent.roots);
        let split = knots.partition_point(|k| 2 * tangent.u.partition_point(|u| u <= k) < n);
        let outside = {
            let weighted: Vec<f64> = tangent.u.iter().zip(r).map(|(u, r)| u * r).collect();
            let (u, one) = (tangent.residuals_of(&weighted), tangent.residuals_of(r));
            let small = |rest: &[f64], whole: &[f64]| dot(rest, rest) <= 1e-20 * dot(whole, whole);
            (!(small(&u, &weighted) && small(&one, r))).then_some((u, one))
        };
        let mut hinges = Hinges { tangent, knots, split, outside, zz: Vec::new() };
        hinges.zz = hinges.lengths();
        hinges
    }

    /// Visit the knots from both ends inwards: `moved` by how much and over which entries the sums grow.
    fn sweep(&self, mut moved: impl FnMut(usize, f64, &mut dyn Iterator<Item = (usize, f64)>)) {
        let u = &self.tangent.u;
        let mut end = u.len();
        let mut from = self.knots.last().copied().unwrap_or(0.0);
        for k in (self.split..self.knots.len()).rev() {
            let psi = self.knots[k];
            let start = u[..end].partition_point(|u| *u <= psi);
            moved(k, from - psi, &mut (start..end).map(|i| (i, u[i] - psi)));
            (end, from) = (start, psi);
        }
        let mut start = 0;
        let mut from = self.knots.first().copied().unwrap_or(0.0);
        for k in 0..self.split {
            let psi = self.knots[k];
            let end = start + u[start..].partition_point(|u| *u <= psi);
            moved(k, psi - from, &mut (start..end).map(|i| (i, psi - u[i])));
            (start, from) = (end, psi);
        }
    }

    /// Return sum_i root_i v_i |u_i - psi| over the summed side of every knot.
    fn first_moments(&self, v: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.knots.len()];
        let (mut zeroth, mut first, mut right) = (0.0, 0.0, true);
        self.sweep(|k, by, entries| {
            if right && k < self.split {
                (zeroth, first, right) = (0.0, 0.0, false);
            }
            first += by * zeroth;
            for (i, distance) in entries {
                let term = self.tangent.roots[i] * v[i];
                zeroth += term;
                first += term * distance;
            }
            out[k] = first;
        });
        out
    }

    /// Return sum_i root_i^2 (u_i - psi)^2 over the summed side of every knot: sums of positive terms, nothing cancels.
    fn second_moments(&self) -> Vec<f64> {
        let mut out = vec![0.0; self.knots.len()];
        let (mut s0, mut s1, mut s2, mut right) = (0.0, 0.0, 0.0, true);
        self.sweep(|k, by, entries| {
            if right && k < self.split {
                (s0, s1, s2, right) = (0.0, 0.0, 0.0, false);
            }
            s2 += by * (2.0 * s1 + by * s0);
            s1 += by * s0;
            for (i, distance) in entries {
                let weight = self.tangent.roots[i] * self.tangent.roots[i];
                s0 += weight;
                s1 += weight * distance;
                s2 += weight * distance * distance;
            }
            out[k] = s2;
        });
        out
    }

    /// Return |Mz|^2 = z'z - |Q'z|^2 for every knot.
    fn lengths(&self) -> Vec<f64> {
        let whole = self.second_moments();
        let mut rest = whole.clone();
        for column in self.tangent.regression.q.column_iter() {
            let explained = self.first_moments(column.as_slice());
            for (rest, explained) in rest.iter_mut().zip(explained) {
                *rest -= explained * explained;
            }
        }
        let mut scale = whole;
        if let Some((u, one)) = &self.outside {
            let (uu, u1, one1) = (dot(u, u), dot(u, one), dot(one, one));
            let (with_u, with_one) = (self.first_moments(u), self.first_moments(one));
            for k in 0..self.split {
                let psi = self.knots[k];
                let own = uu - 2.0 * psi * u1 + psi * psi * one1;
                rest[k] += own + 2.0 * (with_u[k] - psi * with_one[k]);
                scale[k] += own;
            }
        }
        rest.iter().zip(&scale).map(|(z, s)| if *z > DEPENDENT * s { *z } else { 0.0 }).collect()
    }

    /// Return z'e of every knot, and |Mz|^2, 0 for a knot that is to be skipped.
    pub(super) fn products(&self, e: &[f64]) -> impl Iterator<Item = (f64, f64)> + use<'_> {
        let mut ze = self.first_moments(e);
        if let Some((u, one)) = &self.outside {
            let (with_u, with_one) = (dot(u, e), dot(one, e));
            for (ze, psi) in ze.iter_mut().zip(&self.knots).take(self.split) {
                *ze += with_u - psi * with_one;
            }
        }
        ze.into_iter().zip(self.zz.iter().copied())
    }

    /// Return the knot with the largest F; `None` without residuals, knots or degrees of freedom.
    ///
    /// O(n): one sum from either end.
    #[must_use]
    pub fn best(&self, e: &[f64]) -> Option<Knot> {
        let dof = self.tangent.dof().checked_sub(1).filter(|d| *d > 0)? as f64;
        let sse = dot(e, e);
        let (k, explained, ze) = self
            .products(e)
            .enumerate()
            .filter(|(_, (_, zz))| *zz > 0.0)
            .map(|(k, (ze, zz))| (k, ze * ze / zz, ze))
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        // A hinge may explain everything: F stays finite.
        let left = (sse - explained).max(1e-30 * sse);
        let f = explained / (left / dof);
        f.is_finite().then(|| Knot { psi: self.knots[k], f, t: f.sqrt().copysign(ze) })
    }

    /// Recompute F at a knot from the residuals that the hinge leaves: no cancellation when it explains nearly all.
    fn polished(&self, knot: Knot, e: &[f64]) -> Knot {
        let t = self.tangent;
        let left_side = self.knots.iter().position(|k| *k == knot.psi).is_some_and(|k| k < self.split);
        let side = if left_side { -1.0 } else { 1.0 };
        let hinge: Vec<f64> =
            t.u.iter().zip(&t.roots).map(|(u, r)| r * (side * (u - knot.psi)).max(0.0)).collect();
        let mut z = DVector::from_vec(t.residuals_of(&hinge));
        if let (true, Some((u, one))) = (left_side, &self.outside) {
            for (i, z) in z.iter_mut().enumerate() {
                *z += u[i] - knot.psi * one[i];
            }
        }
        let zz = z.norm_squared();
        let b = dot(z.as_slice(), e) / zz;
        let left: f64 = e.iter().zip(z.iter()).map(|(e, z)| (e - b * z) * (e - b * z)).sum();
        let dof = (t.dof() - 1) as f64;
        let f = b * b * zz / (left.max(1e-30 * dot(e, e)) / dof);
        Knot { f, t: f.sqrt().copysign(knot.t), ..knot }
    }
}

/// The best knot of a tangent, halfway between two sizes.
///
/// # Errors
/// [`NotApplicable`] below four sizes, without a degree of freedom, or where no hinge differs from the law.
pub fn best_knot(tangent: &Tangent) -> Result<Knot, NotApplicable> {
    tangent.at_least((tangent.dim() + 2).max(4))?;
    let hinges = Hinges::at_midpoints(tangent);
    let knot = hinges.best(&tangent.e).ok_or(NotApplicable::Collinear)?;
    Ok(hinges.polished(knot, &tangent.e))
}

/// The largest F of one change of slope.
///
/// # Formula
/// max over knots psi halfway between neighbouring sizes, two sizes on either side at least, of F(1, n-p-1) of the
/// regressor (u - psi)+; p by [`simulated_p`] with 1,999 draws (fewer above 10,000 sizes)
/// # Assumptions
/// No table of F or chi-squared is valid, as the knot is chosen by the data. Up to 200,000 sizes; beyond, SHAPE has its hinge.
/// # Reference
/// Quandt (1958), J. Am. Stat. Assoc. 53:873; Dufour (2006), J. Econometrics 133:443.
#[derive(Debug, Clone, Copy)]
pub struct Hinge;

impl Diagnostic for Hinge {
    fn id(&self) -> &'static str {
        "hinge"
    }
    fn meaning(&self) -> &'static str {
        "does the slope change at some size?"
    }
    fn check(&self, fit: &Fit, data: &Dataset) -> Result<Outcome, NotApplicable> {
        let tangent = Tangent::of_sizes(fit, data)?;
        if tangent.len() > MOST {
            return Err(NotApplicable::TooManySizes { most: MOST, sizes: tangent.len() });
        }
        let knot = best_knot(&tangent)?;
        let hinges = Hinges::at_midpoints(&tangent);
        let f = |e: &[f64]| hinges.best(e).map(|k| k.f);
        let observed = f(&tangent.e).ok_or(NotApplicable::Exact)?;
        let p_value =
            simulated_p(&tangent, SEED, DRAWS, |_, e| f(e), observed).ok_or(NotApplicable::Exact)?;
        Ok(Outcome {
            id: self.id(),
            statistic: knot.f,
            signed_root: Some(knot.t),
            dof: vec![1.0, (tangent.dof() - 1) as f64],
            p_value,
            exact: true,
            row: None,
            alternative: "the slope changes once: up (positive root) or down (negative root)",
            reference: "Quandt (1958)",
        })
    }
    fn statistic(&self, tangent: &Tangent, e: &[f64]) -> Option<f64> {
        Hinges::at_midpoints(tangent).best(e).map(|k| k.f)
    }
}
