//! Each row predicted from all the others.

use crate::fit::Fit;
use crate::form::mean_at;
use crate::uncertainty::Jackknife;

/// Return the root mean square of ln(predicted/observed) over rows, each predicted without itself.
///
/// `None` where a row's prediction or response is not positive, or where the other rows determine no fit.
///
/// # Reference
/// Stone (1974), J. R. Stat. Soc. B 36:111.
#[must_use]
pub fn leave_one_out(fit: &Fit, jackknife: &Jackknife) -> Option<f64> {
    let mut squares = 0.0;
    for (i, theta) in jackknife.thetas.iter().enumerate() {
        let theta = theta.as_ref()?;
        let x0: Vec<f64> = fit.design.x.iter().map(|c| c[i]).collect();
        let predicted = mean_at(fit.form, theta, &x0, &fit.design.frame);
        let ratio = predicted / fit.response[i];
        if !(ratio > 0.0 && fit.response[i] > 0.0) {
            return None;
        }
        squares += ratio.ln().powi(2);
    }
    Some((squares / fit.nobs() as f64).sqrt())
}
