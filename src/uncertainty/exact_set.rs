//! The exact confidence set of the one nonlinear parameter of a law.

use super::{Gathered, IntervalMethod, Level, Limits, Unavailable, std_error};
use crate::fit::Fit;
use crate::form::Functional;
use crate::math::distribution::t_critical;
use crate::math::linalg::Regression;
use crate::math::{Theta, root, sum};
use crate::objective::Objective;
use nalgebra::{DMatrix, DVector};
use std::cell::RefCell;

/// Values tried over the whole range of the parameter.
const COARSE: usize = 400;
/// Values tried around the estimate.
const FINE: usize = 400;
/// Standard errors around the estimate that they cover.
const AROUND: f64 = 10.0;
/// How far a parameter without bounds is looked for on either side, in standard errors.
const REACH: f64 = 100.0;
/// Share of the range beside a bound that is left out: there columns may coincide, up to rounding.
const MARGIN: f64 = 1e-4;
/// How far linear coordinates are moved to see whether the law is linear in them.
const MOVED: f64 = 0.37;
/// What counts as no difference in that.
const SAME: f64 = 1e-9;
/// Accuracy of a limit.
const TOLERANCE: f64 = 1e-14;

/// The exact set of the one parameter that enters a law nonlinearly.
///
/// # Formula
/// {v : |t(v)| <= t(n-p, level)}: at v the law is a linear regression on columns Z; t(v) is the t statistic of the column
/// dm/dv added to it. For E + A*N^-alpha: of N^-alpha ln N beside 1 and N^-alpha.
///
/// The set may have gaps, or reach the end of the range: the interval is its hull, [`pieces`] tells them apart. The bounds of
/// the other parameters are not imposed.
/// # Assumptions
/// Normal errors of equal variance on the law's own scale (additive for E + A*N^-alpha); the level is then exact, however few
/// the rows and however strong the curvature.
/// # Reference
/// Williams (1962), J. R. Stat. Soc. B 24:125; Halperin (1963), J. R. Stat. Soc. B 25:330.
#[derive(Debug, Clone, Copy)]
pub struct ExactSet;

impl IntervalMethod for ExactSet {
    fn id(&self) -> &'static str {
        "exact-set"
    }
    fn meaning(&self) -> &'static str {
        "values of the only nonlinear parameter that an exact t test does not reject"
    }
    fn limits(&self, target: &Functional, gathered: &Gathered<'_>, level: Level) -> Limits {
        let pieces = pieces(gathered.fit, target, level)?;
        match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => Ok((first.0, last.1)),
            _ => Err(Unavailable::EmptySet),
        }
    }
}

/// Return the pieces of the exact set, ascending and apart: more than one where it has gaps, none where every value is rejected.
///
/// An end is infinite where the parameter goes on beyond a limit of the search or the range that was looked at.
///
/// # Errors
/// [`Unavailable`] unless `target` is the one nonlinear coordinate of a law that is fitted by least squares on its own scale.
pub fn pieces(fit: &Fit, target: &Functional, level: Level) -> Result<Vec<(f64, f64)>, Unavailable> {
    let test = Test::new(fit, target).ok_or(Unavailable::NotAlone)?;
    let critical = t_critical(level.get(), fit.dof_variance());
    let excess = |v: f64| test.statistic(v).abs().min(1e6 * critical) - critical;
    let param = &fit.form.params()[test.own];
    let centre = fit.solution.theta[test.own];
    let mut unit = Functional::coordinate(test.own, 1.0);
    unit.offset = 0.0;
    let se = fit.vcov().map(|v| std_error(&unit, &v)).filter(|s| s.is_finite() && *s > 0.0).unwrap_or(0.1);
    let end = |bound: f64, side: f64| if bound.is_finite() { bound } else { centre + side * REACH * se };
    let (low, high) = (end(param.lower, -1.0), end(param.upper, 1.0));
    let margin = MARGIN * (high - low);
    let (first, last) = (low + margin, high - margin);
    let coarse = (0..=COARSE).map(|i| first + (last - first) * i as f64 / COARSE as f64);
    let fine = (0..=FINE).map(|i| centre + AROUND * se * (2.0 * i as f64 / FINE as f64 - 1.0));
    let mut grid: Vec<f64> = coarse.chain(fine).filter(|v| (first..=last).contains(v)).collect();
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    // Where columns coincide nothing can be tested: nothing is rejected either.
    let values: Vec<f64> =
        grid.iter().map(|v| Some(excess(*v)).filter(|e| !e.is_nan()).unwrap_or(-critical)).collect();
    let (bottom, top) = param.domain();
    let mut pieces = Vec::new();
    let mut from = (values.first().is_some_and(|e| *e <= 0.0)).then_some(bottom);
    for (v, e) in grid.windows(2).zip(values.windows(2)) {
        if (e[0] <= 0.0) == (e[1] <= 0.0) {
            continue;
        }
        let crossing = root::brent(excess, v[0], v[1], TOLERANCE).unwrap_or(v[1]);
        match from.take() {
            Some(start) => pieces.push((start, crossing)),
            None => from = Some(crossing),
        }
    }
    if let Some(start) = from {
        pieces.push((start, top));
    }
    let c = target.coefficients[test.own];
    let lead = |v: f64| c * v + target.offset;
    let mut out: Vec<(f64, f64)> =
        pieces.into_iter().map(|(a, b)| (lead(a).min(lead(b)), lead(a).max(lead(b)))).collect();
    if c < 0.0 {
        out.reverse();
    }
    Ok(out)
}

/// The t test of one coordinate in a law that is linear in all others.
struct Test<'f> {
    fit: &'f Fit,
    objective: RefCell<Objective<'f>>,
    own: usize,
    linear: Vec<usize>,
}

impl<'f> Test<'f> {
    /// Prepare the test; `None` where the law is not linear in all other coordinates.
    fn new(fit: &'f Fit, target: &Functional) -> Option<Test<'f>> {
        let own = target.only_coordinate()?;
        let form = fit.form;
        let mut linear = [form.linear_in(), form.projected()].concat();
        linear.sort_unstable();
        linear.dedup();
        let alone = linear.len() + 1 == fit.dim() && !linear.contains(&own);
        if !(alone && fit.design.scale == form.native() && fit.loss.is_gaussian()) {
            return None;
        }
        let test = Test { fit, objective: RefCell::new(fit.objective()), own, linear };
        test.is_linear().then_some(test)
    }

    /// The columns of the linear coordinates, and that of the coordinate itself.
    fn columns(&self, theta: &Theta) -> Option<(Regression, DVector<f64>)> {
        let n = self.fit.nobs();
        let jacobian = self.objective.borrow_mut().jacobian(theta);
        let z = DMatrix::from_fn(n, self.linear.len(), |i, k| jacobian[self.linear[k] * n + i]);
        if z.iter().any(|v| !v.is_finite()) {
            return None;
        }
        let own = DVector::from_column_slice(&jacobian[self.own * n..(self.own + 1) * n]);
        Some((Regression::new(z)?, own)).filter(|(_, own)| own.iter().all(|v| v.is_finite()))
    }

    /// Whether the law lies in the span of its linear columns, and neither they nor the direction tested depend on where the
    /// linear coordinates are, up to scale.
    fn is_linear(&self) -> bool {
        let here = self.fit.solution.theta;
        let mut there = here;
        for (k, &j) in self.linear.iter().enumerate() {
            let up = here[j] + MOVED * (1.0 + k as f64);
            let param = &self.fit.form.params()[j];
            there[j] = if up <= param.upper { up } else { here[j] - MOVED };
        }
        let (Some((z, own)), Some((other, moved))) = (self.columns(&here), self.columns(&there)) else {
            return false;
        };
        let inside = |v: &DVector<f64>| z.residuals(v).norm() <= SAME * v.norm();
        let fitted = DVector::from_vec(self.objective.borrow_mut().fitted(&here));
        let same_span = (0..other.q.ncols()).all(|k| inside(&other.q.column(k).into_owned()));
        let (a, b) = (z.residuals(&own), z.residuals(&moved));
        let parallel = (a.dot(&b).abs() - a.norm() * b.norm()).abs() <= SAME * a.norm() * b.norm();
        inside(&fitted) && same_span && parallel
    }

    /// The t statistic at a value of the coordinate; NaN where there is none.
    fn statistic(&self, v: f64) -> f64 {
        let mut theta = self.fit.solution.theta;
        theta[self.own] = v;
        let Some((z, own)) = self.columns(&theta) else { return f64::NAN };
        let y = DVector::from_column_slice(&self.fit.design.target);
        let (x, e) = (z.residuals(&own), z.residuals(&y));
        let length = x.norm();
        if !(length > SAME * own.norm()) {
            return f64::NAN;
        }
        let slope = sum::dot(x.as_slice(), e.as_slice()) / length;
        let rest = e.norm_squared() - slope * slope;
        let variance = match self.fit.design.known_sd {
            Some(sd) => sd * sd,
            None => rest.max(0.0) / self.fit.dof_residual() as f64,
        };
        slope / variance.sqrt()
    }
}
