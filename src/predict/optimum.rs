//! The size and the data that spend a budget of compute best.

use crate::fit::Fit;
use crate::form::Derived;
use crate::loss::Inference;
use crate::uncertainty::{Level, derived};

use super::Band;

/// A quantity at the optimum with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Optimal {
    /// The estimate.
    pub estimate: f64,
    /// Limits: by the profile for least squares, by the score for a robust loss; open where there are none.
    pub mean: Band,
}

/// How a budget is spent best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Optimum {
    /// The best size, N*.
    pub size: Optimal,
    /// The best amount of data, D*.
    pub data: Optimal,
    /// The response there.
    pub response: f64,
}

/// Find the size and the data that make the response of a law E + A*N^-alpha + B*D^-beta least for a budget.
///
/// `compute` is C, and `flops` what one parameter and one unit of data cost together: C = flops*N*D, 6 by the usual rule. `None` for
/// other laws, for sizes or data that are no positive numbers, and where one of the powers is flat.
///
/// # Formula
/// N* = G (C/flops)^a, D* = (C/flops)^b/G; see [`crate::form::Split`]. Limits are those of ln N* and ln D*, which are two
/// sides of one interval: N* D* = C/flops.
/// # Assumptions
/// The law holds out to N* and D*.
/// # Reference
/// Hoffmann et al. (2022), arXiv:2203.15556, equation 4.
///
/// # Examples
/// ```
/// use lawfit::{fit::FitSpec, form::Chinchilla, predict::optimum, uncertainty::Level};
/// # use lawfit::data::{Dataset, Input, Response};
/// # let grid: Vec<(f64, f64)> = (0..4).flat_map(|i| (0..4).map(move |j| (1e8 * 4f64.powi(i), 1e9 * 4f64.powi(j)))).collect();
/// # let input = |name: &str, values| Input { name: name.into(), unit: None, values };
/// # let data = Dataset::new(
/// #     "grid",
/// #     vec![
/// #         input("N", grid.iter().map(|g| g.0).collect()),
/// #         input("D", grid.iter().map(|g| g.1).collect()),
/// #     ],
/// #     Response {
/// #         name: "loss".into(),
/// #         values: grid.iter().map(|(n, d)| 1.69 + 406.4 * n.powf(-0.34) + 410.7 * d.powf(-0.28)).collect(),
/// #     },
/// #     (2..18).collect(),
/// # )?;
/// let fit = FitSpec::new(&Chinchilla).fit(&data)?;
/// let best = optimum(&fit, 1e24, 6.0, Level::default()).expect("a law of size and data");
/// assert!((best.size.estimate / 41296702419.4 - 1.0).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn optimum(fit: &Fit, compute: f64, flops: f64, level: Level) -> Option<Optimum> {
    let product = compute / flops;
    if !(product > 0.0 && product.is_finite()) {
        return None;
    }
    let split = fit.form.split(&fit.design.frame)?;
    let method = match fit.loss.family().inference() {
        Inference::LeastSquares => "profile-t",
        _ => "score",
    };
    let at = |quantity: Derived| {
        let estimate = quantity.value(&fit.solution.theta).exp();
        let usable = estimate.is_finite() && estimate > 0.0;
        let limits = derived::interval(method, fit, &quantity, None, level);
        let mean = limits.map_or(Band::OPEN, |i| Band::between(i.low.exp(), i.high.exp()));
        // The exponential of minus infinity is no limit.
        let mean = Band { low: mean.low.filter(|v| *v > 0.0), ..mean };
        usable.then_some(Optimal { estimate, mean })
    };
    let (size, data) = (at(split.log_size(product))?, at(split.log_data(product))?);
    Some(Optimum { size, data, response: fit.predict(&[size.estimate, data.estimate]) })
}
