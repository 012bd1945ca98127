//! Findings about losses other than least squares: what they leave unavailable, and what leads instead.

use crate::diagnose::{Finding, Severity};
use crate::loss::Inference;
use crate::report::context::Context;
use crate::report::findings::fits::SMALL_SAMPLE;

pub(super) fn all(c: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(fit) = c.fits.iter().find(|f| !f.loss.is_gaussian() && !f.is_exact()) else { return };
    let (loss, inference) = (fit.loss, fit.loss.family().inference());
    out.push(Finding::new(
        "other-loss",
        Severity::Note,
        format!(
            "The loss is {loss}: t, HC3 and profile intervals assume least squares and are not given. What is said of the \
             shape and the noise reads the residuals of the same forms by least squares, which its p values are exact for."
        ),
        "",
    ));
    if fit.information().aic.is_none() {
        out.push(Finding::new(
            "no-likelihood",
            Severity::Note,
            format!("The loss {loss} is no log density of the errors: AIC and the weights of the forms are undefined."),
            "Compare forms by their left-out errors, or fit with a likelihood: `--loss student:4`, `--loss lad`.",
        ));
    }
    if inference == Inference::Resampling {
        out.push(Finding::new(
            "frontier",
            Severity::Warning,
            format!(
                "The loss {loss} describes the lower envelope of the runs, not their mean: its exponents are those of the \
                 frontier, it has no standard errors, and its predictions no bands."
            ),
            "Quote the bootstrap intervals, and say that the exponent is that of the frontier.",
        ));
    }
    let leads =
        c.sections.iter().any(|s| s.exponent().and_then(|p| p.lead()).is_some_and(|i| i.draws.is_some()));
    if leads && c.data.nobs() < SMALL_SAMPLE {
        out.push(
            Finding::new(
                "bootstrap-leads",
                Severity::Warning,
                format!(
                    "With {} rows the percentile interval that leads is too narrow: in simulations of least squares nominal 95% \
                     limits of resampled rows covered 65% of the time at n = 4, 80 to 97% at n = 6 to 10.",
                    c.data.nobs()
                ),
                "Give the least-squares interval beside it (`--loss squared`).",
            )
            .citing("Davison and Hinkley (1997), section 6.2"),
        );
    }
}
