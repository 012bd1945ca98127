//! A law with some parameters held fixed, or fitted to sets of rows that share some of them.

mod equations;
mod error;

pub use error::RestrictionError;

use super::{About, Form, Frame, Functional, Param, Transform};
use crate::math::{MAX_PARAMS, Theta};
use equations::{Affine, Equations};

/// What is asked of the parameters of a law, by their names.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Restriction {
    /// Parameters with the value that they are held at.
    pub fixed: Vec<(String, f64)>,
    /// Parameters that all sets of rows share; the others are each set's own.
    pub shared: Vec<String>,
}

impl Restriction {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fixed.is_empty() && self.shared.is_empty()
    }
}

/// A law whose coordinates obey linear equations: a fixed parameter is one, a parameter that sets share another.
///
/// # Formula
/// m(N; theta_g), theta_g = b_g + M_g phi for the rows of set g. Every natural parameter is a monotone function of ONE linear
/// combination c'theta (see [`Functional`]), so holding it at a value, or equal between sets, is a linear equation; one
/// coordinate of each equation is eliminated.
/// # Symbols
/// theta_g the law's own coordinates in set g, phi those that stay free (at most 16). With several sets the index of the
/// set is read as a further predictor, the last.
/// # Assumptions
/// Built for one frame: it is of no use with another.
#[derive(Debug)]
pub struct Restricted {
    inner: &'static dyn Form,
    about: &'static About,
    maps: Vec<Affine>,
    /// Set and index in the law of every parameter that is left.
    left: Vec<(usize, usize)>,
}

/// Rows evaluated together.
const BLOCK: usize = 256;

impl Restricted {
    /// Restrict `inner` for data in `frame`; `sets` holds the names of the sets of rows, none or one for rows that are not parted.
    ///
    /// The law lives as long as the program: fits hold laws by static references.
    ///
    /// # Errors
    /// [`RestrictionError`] for unknown names, values outside a domain, and too many or no parameters.
    pub fn build(
        inner: &'static dyn Form,
        frame: &Frame,
        restriction: &Restriction,
        sets: &[String],
    ) -> Result<&'static Restricted, RestrictionError> {
        let form = inner.id();
        let p = inner.params().len();
        let count = sets.len().max(1);
        let find = |name: &str| {
            inner.params().iter().position(|q| q.name == name).ok_or_else(|| RestrictionError::Unknown {
                form,
                found: name.to_owned(),
                known: inner.params().iter().map(|q| q.name).collect::<Vec<_>>().join(", "),
            })
        };
        let mut fixed: Vec<Option<f64>> = vec![None; p];
        let mut shared = vec![false; p];
        for (name, value) in &restriction.fixed {
            let k = find(name)?;
            if fixed[k].replace(*value).is_some() {
                return Err(RestrictionError::Twice { found: name.clone() });
            }
        }
        for name in &restriction.shared {
            let k = find(name)?;
            if fixed[k].is_some() || std::mem::replace(&mut shared[k], true) {
                return Err(RestrictionError::Twice { found: name.clone() });
            }
            if count < 2 {
                return Err(RestrictionError::NoSets { name: name.clone() });
            }
        }
        let mut equations = Equations::new(inner, count);
        for k in 0..p {
            let target = inner.natural(k, frame);
            if let Some(value) = fixed[k] {
                let combination = inside(inner, k, &target, value)?;
                for set in 0..count {
                    equations.hold(set, &target, combination);
                }
            } else if shared[k] {
                for set in 1..count {
                    equations.equal(set, &target);
                }
            }
        }
        let free = equations.free();
        if free.is_empty() {
            return Err(RestrictionError::NothingLeft { form });
        }
        if free.len() > MAX_PARAMS {
            return Err(RestrictionError::TooMany { form, sets: count, found: free.len() });
        }
        let left: Vec<(usize, usize)> = (0..p)
            .filter(|k| fixed[*k].is_none())
            .flat_map(|k| (0..if shared[k] { 1 } else { count }).map(move |set| (set, k)))
            .collect();
        let maps = (0..count).map(|set| equations.map(set, &free)).collect();
        let name = |&(set, k): &(usize, usize)| match inner.params()[k].name {
            own if count > 1 && !shared[k] => leak(&format!("{own}[{}]", sets[set])),
            own => own,
        };
        let params: Vec<Param> = left
            .iter()
            .zip(&free)
            .map(|(left, &(_, j))| {
                let bounds = inner.params()[j];
                Param { name: name(left), meaning: inner.params()[left.1].meaning, ..bounds }
            })
            .collect();
        let position = |k: usize| left.iter().position(|l| l.1 == k).unwrap_or(0);
        let amplitude = free.iter().position(|f| f.1 == inner.about().amplitude).unwrap_or(0);
        let about = About {
            params: Box::leak(params.into_boxed_slice()),
            predictors: if count > 1 {
                let own = inner.about().predictors.iter().copied().chain(["set"]);
                Box::leak(own.collect::<Vec<_>>().into_boxed_slice())
            } else {
                inner.about().predictors
            },
            exponent: position(inner.about().exponent),
            amplitude,
            ..*inner.about()
        };
        Ok(Box::leak(Box::new(Restricted { inner, about: Box::leak(Box::new(about)), maps, left })))
    }

    /// Whether rows are parted into sets.
    fn has_sets(&self) -> bool {
        self.maps.len() > 1
    }

    /// The columns of the law itself, without that of the set.
    fn own<'c, 'x>(&self, x: &'c [&'x [f64]]) -> (&'c [&'x [f64]], Option<&'x [f64]>) {
        match x.iter().rposition(|c| !c.is_empty()) {
            Some(last) if self.has_sets() => (&x[..last], Some(x[last])),
            _ => (x, None),
        }
    }

    /// The law's coordinates in one set.
    fn expand(&self, set: usize, phi: &[f64]) -> Theta {
        let map = &self.maps[set];
        let mut theta = map.base;
        for (j, theta) in theta.iter_mut().enumerate().take(self.inner.params().len()) {
            *theta += map.by[j].iter().zip(phi).map(|(m, v)| m * v).sum::<f64>();
        }
        theta
    }

    /// Evaluate rows of one set, at most [`BLOCK`] of them.
    fn rows(&self, set: usize, phi: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let (n, p, q) = (out.len(), self.inner.params().len(), self.about.params.len());
        let theta = self.expand(set, phi);
        if jac.is_empty() {
            self.inner.eval(&theta, x, out, &mut []);
            return;
        }
        let mut own = [0.0; BLOCK * MAX_PARAMS];
        self.inner.eval(&theta, x, out, &mut own[..p * n]);
        let by = &self.maps[set].by;
        for k in 0..q {
            let column = &mut jac[k * n..(k + 1) * n];
            column.fill(0.0);
            for j in (0..p).filter(|&j| by[j][k] != 0.0) {
                for (c, d) in column.iter_mut().zip(&own[j * n..(j + 1) * n]) {
                    *c += by[j][k] * d;
                }
            }
        }
    }
}

/// The combination that a value of a parameter stands for, inside the bounds of its own coordinate.
fn inside(inner: &dyn Form, k: usize, target: &Functional, value: f64) -> Result<f64, RestrictionError> {
    let combination = target.transform.invert(value);
    let own = target.only_coordinate().map(|j| (inner.params()[j], target.coefficients[j]));
    let allowed = combination.is_some_and(|v| {
        own.is_none_or(|(q, c)| {
            let at = (v - target.offset) / c;
            let limit = if q.upper_is_search_limit { f64::INFINITY } else { q.upper };
            at.is_finite() && at >= q.lower && at <= limit
        })
    });
    match combination {
        Some(v) if allowed => Ok(v),
        _ => {
            let domain = match (target.transform, own) {
                (Transform::Exp, _) => "above 0".to_owned(),
                (Transform::NegExp, _) => "below 0".to_owned(),
                (_, Some((q, c))) => {
                    let (a, b) = (q.lower * c + target.offset, q.upper * c + target.offset);
                    format!("{} to {}", a.min(b), a.max(b))
                }
                _ => "a finite number".to_owned(),
            };
            let name = inner.params()[k].name.to_owned();
            Err(RestrictionError::Domain { form: inner.id(), name, value, domain })
        }
    }
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

impl Form for Restricted {
    fn about(&self) -> &'static About {
        self.about
    }

    fn reads_sets(&self) -> bool {
        self.has_sets()
    }

    fn fewest_rows(&self) -> usize {
        (self.inner.fewest_rows() + self.about.params.len()).saturating_sub(self.inner.params().len())
    }

    fn divides_response(&self) -> bool {
        self.inner.divides_response()
    }

    fn columns(&self, x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
        let own = self.inner.inputs();
        let mut columns = self.inner.columns(&x[..own], &centre[..own]);
        if self.has_sets() {
            columns.push(x[own].to_vec());
        }
        columns
    }

    fn linear_on(&self) -> Option<crate::data::Scale> {
        self.inner.linear_on()
    }

    fn eval(&self, phi: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let (n, q) = (out.len(), self.about.params.len());
        let (own, set) = self.own(x);
        if n <= BLOCK && set.is_none_or(|s| s.iter().all(|v| *v == s[0])) {
            self.rows(set.map_or(0, |s| s[0] as usize), phi, own, out, jac);
            return;
        }
        // Rows of one set are gathered, evaluated together, and put back.
        let mut buffers = [[0.0; BLOCK]; super::MAX_COLUMNS];
        let mut value = [0.0; BLOCK];
        let mut derivatives = [0.0; BLOCK * MAX_PARAMS];
        let mut rows = [0usize; BLOCK];
        for g in 0..self.maps.len() {
            let mut next = 0;
            while next < n {
                let mut count = 0;
                while next < n && count < BLOCK {
                    if set.is_none_or(|s| s[next] as usize == g) {
                        rows[count] = next;
                        count += 1;
                    }
                    next += 1;
                }
                if count == 0 {
                    break;
                }
                for (buffer, column) in buffers.iter_mut().zip(own) {
                    for (b, &i) in buffer.iter_mut().zip(&rows[..count]) {
                        *b = column.get(i).copied().unwrap_or(0.0);
                    }
                }
                let columns: [&[f64]; super::MAX_COLUMNS] = std::array::from_fn(|c| &buffers[c][..count]);
                let wanted = if jac.is_empty() { 0 } else { q * count };
                self.rows(g, phi, &columns[..own.len()], &mut value[..count], &mut derivatives[..wanted]);
                for (c, &i) in rows[..count].iter().enumerate() {
                    out[i] = value[c];
                    for k in 0..if jac.is_empty() { 0 } else { q } {
                        jac[k * n + i] = derivatives[k * count + c];
                    }
                }
            }
        }
    }

    fn pivots_at(&self, x0: &[f64]) -> Vec<usize> {
        let set = if self.has_sets() { x0.last().map_or(0, |s| *s as usize) } else { 0 };
        let by = &self.maps[set].by;
        let moved = |k: usize| (0..self.inner.params().len()).filter(|&j| by[j][k] != 0.0).count();
        let q = self.about.params.len();
        let own = self.inner.pivots_at(x0);
        // Those that are a pivot of the law alone, then whatever else moves the curve.
        let alone = own.iter().flat_map(|&j| (0..q).filter(move |&k| by[j][k] != 0.0 && moved(k) == 1));
        let mut pivots: Vec<usize> = alone.collect();
        if pivots.is_empty() {
            pivots.extend((0..q).filter(|&k| moved(k) > 0).take(1));
        }
        pivots
    }

    fn pass_through(&self, pivot: usize, phi: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let set = if self.has_sets() { *x0.last()? as usize } else { 0 };
        let own = if self.has_sets() { &x0[..x0.len() - 1] } else { x0 };
        let by = &self.maps[set].by;
        let moved: Vec<usize> = (0..self.inner.params().len()).filter(|&j| by[j][pivot] != 0.0).collect();
        let theta = self.expand(set, phi);
        if let [j] = moved.as_slice()
            && self.inner.pivots().contains(j)
        {
            let wanted = self.inner.pass_through(*j, &theta, own, eta0)?;
            return Some(phi[pivot] + (wanted - theta[*j]) / by[*j][pivot]);
        }
        // The coordinate moves the law in another way: found where the value crosses, from here outwards.
        let columns: Vec<&[f64]> = own.iter().map(std::slice::from_ref).collect();
        let excess = |v: f64| {
            let mut moved = [0.0; MAX_PARAMS];
            moved[..phi.len()].copy_from_slice(phi);
            moved[pivot] = v;
            let mut eta = [0.0];
            self.inner.eval(&self.expand(set, &moved), &columns, &mut eta, &mut []);
            eta[0] - eta0
        };
        let (lower, upper) = (self.about.params[pivot].lower, self.about.params[pivot].upper);
        let here = phi[pivot];
        let mut step = 0.01 * (1.0 + here.abs());
        for _ in 0..60 {
            let (low, high) = ((here - step).max(lower), (here + step).min(upper));
            if excess(low).signum() != excess(high).signum() {
                return crate::math::root::brent(excess, low, high, 1e-14);
            }
            step *= 1.6;
        }
        None
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        let (set, own) = self.left[k];
        let target = self.inner.natural(own, frame);
        let map = &self.maps[set];
        let mut coefficients = [0.0; MAX_PARAMS];
        for (k, c) in coefficients.iter_mut().enumerate() {
            *c = (0..MAX_PARAMS).map(|j| target.coefficients[j] * map.by[j][k]).sum();
        }
        let constant: f64 = target.coefficients.iter().zip(&map.base).map(|(c, b)| c * b).sum();
        Functional { coefficients, offset: target.offset + constant, transform: target.transform }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        let (own, set) = self.own(x);
        let of_set = |g: usize| -> Vec<Theta> {
            let keep: Vec<usize> =
                (0..eta.len()).filter(|&i| set.is_none_or(|s| s[i] as usize == g)).collect();
            let pick = |v: &[f64]| -> Vec<f64> { keep.iter().filter_map(|&i| v.get(i).copied()).collect() };
            let columns: Vec<Vec<f64>> = own.iter().map(|c| pick(c)).collect();
            let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            self.inner.starts(&columns, &pick(eta))
        };
        let starts: Vec<Vec<Theta>> = (0..self.maps.len()).map(of_set).collect();
        let count = starts.iter().map(Vec::len).min().unwrap_or(0);
        (0..count).map(|s| self.nearest(&starts.iter().map(|of| of[s]).collect::<Vec<_>>())).collect()
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        // Every combination that is left is one equation for phi: as many as coordinates.
        let q = self.left.len();
        let targets: Vec<Functional> = (0..q).map(|k| self.natural(k, frame)).collect();
        let matrix = nalgebra::DMatrix::from_fn(q, q, |k, j| targets[k].coefficients[j]);
        let right: Option<Vec<f64>> =
            targets.iter().zip(natural).map(|(t, v)| t.transform.invert(*v).map(|c| c - t.offset)).collect();
        let phi = matrix.lu().solve(&nalgebra::DVector::from_vec(right?))?;
        let theta = crate::math::theta_from(phi.as_slice());
        let inside = |(v, q): (&f64, &Param)| v.is_finite() && *v >= q.lower && *v <= q.upper;
        theta.iter().zip(self.about.params).all(inside).then_some(theta)
    }

    fn asymptote(&self) -> Option<usize> {
        let own = self.inner.asymptote().filter(|_| !self.has_sets())?;
        self.left.iter().position(|l| l.1 == own)
    }
}

impl Restricted {
    /// The free coordinates whose law is nearest to given coordinates of every set: the mean of what each set says.
    fn nearest(&self, of_sets: &[Theta]) -> Theta {
        let mut phi = [0.0; MAX_PARAMS];
        for (k, value) in phi.iter_mut().enumerate().take(self.about.params.len()) {
            let mut said = Vec::new();
            for (map, theta) in self.maps.iter().zip(of_sets) {
                // Coordinates that are this one alone, in this set.
                let alone = |j: &usize| (0..MAX_PARAMS).all(|i| (map.by[*j][i] != 0.0) == (i == k));
                let own = (0..self.inner.params().len()).filter(alone);
                said.extend(own.map(|j| (theta[j] - map.base[j]) / map.by[j][k]));
            }
            let param = &self.about.params[k];
            *value = crate::math::sum::mean(&said).clamp(param.lower, param.upper);
        }
        phi
    }
}
