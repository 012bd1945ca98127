//! One equality that a constrained fit keeps: a combination of coordinates, a point of the curve, or a derived quantity.

use crate::form::{Derived, Form, MAX_COLUMNS};
use crate::math::{MAX_PARAMS, Theta};

/// An equality that determines one coordinate, the pivot, from the others.
#[derive(Debug, Clone, PartialEq)]
pub enum Constraint {
    /// c'theta = `value`.
    Linear {
        /// Coefficients c.
        coefficients: Theta,
        /// The value held.
        value: f64,
        /// The coordinate that is solved for.
        pivot: usize,
    },
    /// The curve passes through (x0, eta0): columns of [`Form::columns`] and the response on the form's native scale.
    Through {
        /// The point as the form sees it.
        x0: Vec<f64>,
        /// Response of the point on the native scale.
        eta0: f64,
        /// The coordinate that is solved for, one of the form's pivots.
        pivot: usize,
    },
    /// A quantity that follows from the coordinates, but from no linear combination of them, has a value.
    Derived {
        /// The quantity.
        quantity: Derived,
        /// The value held.
        value: f64,
        /// The coordinate that is solved for, one of the quantity's pivots.
        pivot: usize,
    },
}

impl Constraint {
    /// Hold c'theta at `value`; the pivot is a coordinate without bounds where there is one.
    #[must_use]
    pub fn linear(form: &dyn Form, coefficients: &Theta, value: f64) -> Constraint {
        let bounded = |j: usize| {
            let p = &form.params()[j];
            p.lower.is_finite() || p.upper.is_finite()
        };
        let pivot = (0..form.params().len())
            .filter(|&j| coefficients[j] != 0.0)
            .min_by_key(|&j| (bounded(j), j))
            .unwrap_or(0);
        Constraint::Linear { coefficients: *coefficients, value, pivot }
    }

    /// Let the curve pass through (x0, eta0) by its first pivot.
    #[must_use]
    pub fn through(form: &dyn Form, x0: Vec<f64>, eta0: f64) -> Constraint {
        let pivot = form.pivots_at(&x0).first().copied().unwrap_or(form.about().amplitude);
        Constraint::Through { x0, eta0, pivot }
    }

    /// Hold a derived quantity at `value`: a linear equality where it amounts to one.
    #[must_use]
    pub fn derived(quantity: Derived, value: f64) -> Constraint {
        let pivots = quantity.pivots();
        match quantity.linear(value) {
            Some(coefficients) => {
                // Solved for the coordinate that moves least with the others.
                let [first, second] = pivots;
                let larger = coefficients[first].abs() >= coefficients[second].abs();
                Constraint::Linear { coefficients, value: 0.0, pivot: if larger { first } else { second } }
            }
            None => Constraint::Derived { quantity, value, pivot: pivots[0] },
        }
    }

    /// Return the same equality, solved for each coordinate that it can be solved for.
    #[must_use]
    pub fn versions(&self, form: &dyn Form) -> Vec<Constraint> {
        match self {
            Constraint::Linear { .. } => vec![self.clone()],
            Constraint::Derived { quantity, value, .. } => quantity
                .pivots()
                .into_iter()
                .map(|pivot| Constraint::Derived { quantity: *quantity, value: *value, pivot })
                .collect(),
            Constraint::Through { x0, eta0, .. } => form
                .pivots_at(x0)
                .into_iter()
                .map(|pivot| Constraint::Through { x0: x0.clone(), eta0: *eta0, pivot })
                .collect(),
        }
    }

    /// Return the coordinate that the constraint determines.
    #[must_use]
    pub fn pivot(&self) -> usize {
        match self {
            Constraint::Linear { pivot, .. }
            | Constraint::Through { pivot, .. }
            | Constraint::Derived { pivot, .. } => *pivot,
        }
    }

    /// Set the pivot so that the equality holds; `false` where no value of it does.
    pub fn impose(&self, form: &dyn Form, theta: &mut Theta) -> bool {
        match self {
            Constraint::Linear { coefficients, value, pivot } => {
                let rest: f64 =
                    (0..MAX_PARAMS).filter(|j| j != pivot).map(|j| coefficients[j] * theta[j]).sum();
                theta[*pivot] = (value - rest) / coefficients[*pivot];
                theta[*pivot].is_finite()
            }
            Constraint::Through { x0, eta0, pivot } => match form.pass_through(*pivot, theta, x0, *eta0) {
                Some(value) => {
                    theta[*pivot] = value;
                    true
                }
                None => false,
            },
            Constraint::Derived { quantity, value, pivot } => match quantity.solve(*pivot, theta, *value) {
                Some(solved) => {
                    theta[*pivot] = solved;
                    true
                }
                None => false,
            },
        }
    }

    /// Return d pivot/d theta_j along the constraint (0 for the pivot itself).
    #[must_use]
    pub fn slopes(&self, form: &dyn Form, theta: &Theta) -> Theta {
        let mut slopes = [0.0; MAX_PARAMS];
        match self {
            Constraint::Linear { coefficients, pivot, .. } => {
                for j in (0..MAX_PARAMS).filter(|j| j != pivot) {
                    slopes[j] = -coefficients[j] / coefficients[*pivot];
                }
            }
            Constraint::Through { x0, pivot, .. } => {
                let p = form.params().len();
                let columns: [&[f64]; MAX_COLUMNS] = std::array::from_fn(|k| x0.get(k..=k).unwrap_or(&[]));
                let (mut eta, mut jac) = ([0.0], [0.0; MAX_PARAMS]);
                form.eval(theta, &columns, &mut eta, &mut jac[..p]);
                for j in (0..p).filter(|j| j != pivot) {
                    slopes[j] = -jac[j] / jac[*pivot];
                }
            }
            Constraint::Derived { quantity, pivot, .. } => {
                let gradient = quantity.gradient(theta);
                for j in (0..MAX_PARAMS).filter(|j| j != pivot) {
                    slopes[j] = -gradient[j] / gradient[*pivot];
                }
            }
        }
        slopes
    }
}
