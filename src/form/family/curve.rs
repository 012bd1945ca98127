//! Laws that are an amplitude times a shape: alone, above a floor, or below a ceiling.

use super::breaks::{ascending, broken_curvature, broken_starts};
use super::grid::{self, Candidate};
use crate::data::Scale;
use crate::form::{About, Form, Frame, Functional, Transform, difference};
use crate::math::{MAX_PARAMS, Theta};

/// A law that is an amplitude times a shape.
///
/// # Formula
/// m = g (alone), E + g (floor) or C - g (ceiling), with g = exp(a + L(phi; N)); alone on the log scale, else on the raw
/// one. Coordinates: \[E or C where there is one, a, phi...\].
#[derive(Debug, Clone, Copy)]
pub struct Curve {
    /// What the law is called and what it can do.
    pub about: &'static About,
    /// What the amplitude is added to.
    pub base: Base,
    /// How the natural parameters of the shape follow from its coordinates, one each.
    pub kinds: &'static [Kind],
    /// Evaluate L and its derivatives by phi for all rows: `(phi, x, out, jac)`, as [`Form::eval`].
    pub shape: Shape,
    /// Where fits start.
    pub starts: Starts,
    /// What the shape reads of the sizes, where that is not the centred logarithm.
    pub columns: Option<Columns>,
}

/// The logarithm of a shape and its derivatives.
type Shape = fn(&[f64], &[&[f64]], &mut [f64], &mut [f64]);

/// Columns that a shape reads, from predictor values and the centres of their logarithms: as [`Form::columns`].
type Columns = fn(&[&[f64]], &[f64]) -> Vec<Vec<f64>>;

/// Where fits of a curve start.
#[derive(Debug, Clone, Copy)]
pub enum Starts {
    /// From the best of these shapes (phi only), amplitude and base by least squares.
    Grid(fn(&[&[f64]]) -> Vec<Theta>),
    /// From the optimum on the native scale: two coordinates in which L is linear, and no base.
    Linear,
    /// From the best places for the breaks of a broken power law.
    Breaks,
}

/// What the amplitude is added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Nothing.
    Alone,
    /// A floor below it.
    Floor,
    /// A ceiling that it is taken from.
    Ceiling,
}

/// How a natural parameter of a shape follows from its coordinate phi; c is the centre of ln N.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// phi itself, an exponent of N: the amplitude at N = 1 is exp(a + phi*c).
    Exponent,
    /// phi itself, an exponent of ln N over its centre: the amplitude is divided by c^phi.
    LogExponent,
    /// phi itself.
    Plain,
    /// exp(phi).
    Log,
    /// exp(phi + c): a size, by its logarithm.
    LogSize,
    /// phi*exp(c): a size that may be zero.
    Size,
    /// phi*exp(-c): the inverse of a size, that may be zero.
    PerSize,
    /// exp(phi + w*c), the coefficient of N^-w, with w the coordinate of that index in phi.
    Coefficient(usize),
}

/// Most starting points that a fit is given.
const STARTS: usize = 8;

impl Curve {
    /// Coordinates before those of the shape.
    fn leading(&self) -> usize {
        if self.base == Base::Alone { 1 } else { 2 }
    }

    fn sign(&self) -> f64 {
        if self.base == Base::Ceiling { -1.0 } else { 1.0 }
    }

    /// L at one point.
    fn shape_at(&self, phi: &[f64], x0: &[f64]) -> f64 {
        let columns: Vec<&[f64]> = x0.iter().map(std::slice::from_ref).collect();
        let mut out = [0.0];
        (self.shape)(phi, &columns, &mut out, &mut []);
        out[0]
    }

    /// What ln A at N = 1 has of coordinate `k` of the shape.
    fn weight(&self, k: usize, centre: f64) -> f64 {
        match self.kinds[k] {
            Kind::Exponent => centre,
            Kind::LogExponent => -centre.ln(),
            _ => 0.0,
        }
    }

    /// The amplitude (and base) that suit a shape best by least squares, and how well.
    fn candidate(&self, phi: &Theta, x: &[&[f64]], eta: &[f64]) -> Option<Candidate> {
        let n = eta.len();
        let lead = self.leading();
        let mut shape = vec![0.0; n];
        (self.shape)(&phi[..self.kinds.len()], x, &mut shape, &mut []);
        let mut theta = [0.0; MAX_PARAMS];
        theta[lead..lead + self.kinds.len()].copy_from_slice(&phi[..self.kinds.len()]);
        let score = match self.base {
            Base::Alone => {
                let a = eta.iter().zip(&shape).map(|(e, l)| e - l).sum::<f64>() / n as f64;
                theta[0] = a;
                eta.iter().zip(&shape).map(|(e, l)| (e - l - a).powi(2)).sum()
            }
            Base::Floor | Base::Ceiling => {
                // Relative to the largest value, so that no amplitude overflows.
                let top = shape.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let g: Vec<f64> = shape.iter().map(|l| self.sign() * (l - top).exp()).collect();
                let lower = self.about.params[0].lower;
                let (base, amplitude, score) =
                    grid::offset_and_slope(&g, eta, self.base == Base::Floor, lower)?;
                theta[0] = base;
                theta[1] = amplitude.ln() - top;
                score
            }
        };
        Candidate::new(theta, score, self.about.params)
    }
}

impl Form for Curve {
    fn about(&self) -> &'static About {
        self.about
    }

    fn columns(&self, x: &[&[f64]], centre: &[f64]) -> Vec<Vec<f64>> {
        match self.columns {
            Some(columns) => columns(x, centre),
            None => x.iter().zip(centre).map(|(x, c)| x.iter().map(|v| v.ln() - c).collect()).collect(),
        }
    }

    fn linear_on(&self) -> Option<Scale> {
        matches!(self.starts, Starts::Linear).then_some(self.about.native)
    }

    fn projected(&self) -> &'static [usize] {
        match (self.base, self.kinds.len()) {
            (Base::Alone, _) => &[0],
            (_, 1..=4) => &[0, 1],
            _ => &[],
        }
    }

    fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
        let n = out.len();
        let lead = self.leading();
        let (a, phi) = (theta[lead - 1], &theta[lead..lead + self.kinds.len()]);
        let (front, rest) = if jac.is_empty() { (jac, &mut [][..]) } else { jac.split_at_mut(lead * n) };
        (self.shape)(phi, x, out, rest);
        if self.base == Base::Alone {
            out.iter_mut().for_each(|o| *o += a);
            front.fill(1.0);
            return;
        }
        let sign = self.sign();
        out.iter_mut().for_each(|o| *o = sign * (a + *o).exp());
        if !front.is_empty() {
            let (ones, by_a) = front.split_at_mut(n);
            ones.fill(1.0);
            by_a.copy_from_slice(out);
            for column in rest.chunks_exact_mut(n) {
                column.iter_mut().zip(&*out).for_each(|(d, g)| *d *= g);
            }
        }
        out.iter_mut().for_each(|o| *o += theta[0]);
    }

    fn curvature(&self, theta: &[f64], x: &[&[f64]], jac: &[f64], v: &[f64], h: &mut [Theta; MAX_PARAMS]) {
        if !matches!((self.starts, self.base), (Starts::Breaks, Base::Floor)) {
            return difference::curvature(self, theta, x, v, h);
        }
        // With g = exp(a + L), L_a = 1: d2 g = g (L_j L_k + L_jk), and g L_j is what the derivatives hold.
        let n = v.len();
        let lead = self.leading();
        let p = lead + self.kinds.len();
        let column = |j: usize| &jac[j * n..(j + 1) * n];
        let g = column(1);
        for (j, row) in h.iter_mut().enumerate().take(p).skip(1) {
            for (k, entry) in row.iter_mut().enumerate().take(p).skip(1) {
                let term =
                    |i: usize| if g[i] == 0.0 { 0.0 } else { v[i] * column(j)[i] * column(k)[i] / g[i] };
                *entry += (0..n).map(term).sum::<f64>();
            }
        }
        broken_curvature(
            &theta[lead..p],
            x[0],
            |i| v[i] * g[i],
            |j, k, value| {
                h[lead + j][lead + k] += value;
                if j != k {
                    h[lead + k][lead + j] += value;
                }
            },
        );
    }

    fn arranged(&self, theta: &Theta) -> Theta {
        let mut arranged = *theta;
        if matches!(self.starts, Starts::Breaks) {
            let first = self.leading() + 1;
            ascending(&mut arranged[first..self.leading() + self.kinds.len()]);
        }
        arranged
    }

    // Where the point lies on the flat part, the base describes it and the amplitude hardly at all.
    fn pivots(&self) -> &'static [usize] {
        if self.base == Base::Alone { &[0] } else { &[1, 0] }
    }

    fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
        let lead = self.leading();
        let shape = self.shape_at(&theta[lead..lead + self.kinds.len()], x0);
        let value = match (self.base, pivot) {
            (Base::Alone, _) => eta0 - shape,
            (_, 0) => eta0 - self.sign() * (theta[1] + shape).exp(),
            _ => (self.sign() * (eta0 - theta[0])).ln() - shape,
        };
        let p = &self.about.params[pivot];
        (value.is_finite() && value >= p.lower && value <= p.upper).then_some(value)
    }

    fn natural(&self, k: usize, frame: &Frame) -> Functional {
        let (lead, c) = (self.leading(), frame.x_centre[0]);
        let log = |offset: f64| {
            let mut f = Functional::coordinate(k, 1.0);
            f.offset = offset;
            f.transform = Transform::Exp;
            f
        };
        if k + 1 < lead {
            return Functional::coordinate(0, frame.y_scale);
        }
        if k + 1 == lead {
            let mut f = log(frame.y_scale.ln());
            for j in 0..self.kinds.len() {
                f.coefficients[lead + j] = self.weight(j, c);
            }
            return f;
        }
        match self.kinds[k - lead] {
            Kind::Exponent | Kind::LogExponent | Kind::Plain => Functional::coordinate(k, 1.0),
            Kind::Log => log(0.0),
            Kind::LogSize => log(c),
            Kind::Size => Functional::coordinate(k, c.exp()),
            Kind::PerSize => Functional::coordinate(k, (-c).exp()),
            Kind::Coefficient(w) => {
                let mut f = log(0.0);
                f.coefficients[lead + w] = c;
                f
            }
        }
    }

    fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
        match (self.starts, self.kinds.len()) {
            (Starts::Grid(shapes), _) => {
                let all = shapes(x).iter().filter_map(|phi| self.candidate(phi, x, eta)).collect();
                grid::best(all, STARTS)
            }
            (Starts::Linear, _) => {
                let n = eta.len();
                let (mut shape, mut jac, ones) = (vec![0.0; n], vec![0.0; 2 * n], vec![1.0; n]);
                (self.shape)(&[0.0; 2], x, &mut shape, &mut jac);
                let found = grid::least_squares(&[&ones, &jac[..n], &jac[n..]], eta, &ones);
                let mean = eta.iter().sum::<f64>() / n as f64;
                vec![grid::phi(&found.map_or([mean, 0.0, 0.0], |(b, _)| b))]
            }
            (Starts::Breaks, 4) => broken_starts::<3>(self.about, x[0], eta),
            (Starts::Breaks, 7) => broken_starts::<4>(self.about, x[0], eta),
            (Starts::Breaks, _) => broken_starts::<5>(self.about, x[0], eta),
        }
    }

    fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
        let (lead, c) = (self.leading(), frame.x_centre[0]);
        let mut theta = [0.0; MAX_PARAMS];
        if lead == 2 {
            theta[0] = natural[0] / frame.y_scale;
        }
        let mut a = (natural[lead - 1] / frame.y_scale).ln();
        for (j, kind) in self.kinds.iter().enumerate() {
            let v = natural[lead + j];
            theta[lead + j] = match kind {
                Kind::Exponent | Kind::LogExponent | Kind::Plain => v,
                Kind::Log => v.ln(),
                Kind::LogSize => v.ln() - c,
                Kind::Size => v * (-c).exp(),
                Kind::PerSize => v * c.exp(),
                Kind::Coefficient(w) => v.ln() - natural[lead + w] * c,
            };
            // A law whose amplitude does not depend on the centre is defined for any.
            let weight = self.weight(j, c);
            if weight != 0.0 {
                a -= weight * v;
            }
        }
        theta[lead - 1] = a;
        let below = |(t, p): (&f64, &crate::form::Param)| p.lower == 0.0 && *t < 0.0;
        let outside = theta.iter().zip(self.about.params).any(below);
        (!outside && theta.iter().all(|v| v.is_finite())).then_some(theta)
    }

    fn asymptote(&self) -> Option<usize> {
        (self.base != Base::Alone).then_some(0)
    }
}
