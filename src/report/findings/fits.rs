//! Findings about each fit: convergence, identification, and intervals that disagree.

use crate::diagnose::{Finding, Severity};
use crate::math::distribution::t_critical;
use crate::report::context::Context;
use crate::report::narrative::half_width;
use crate::report::number::{percent, rounded, significant, thousands};
use crate::report::request::REPLICATES;
use crate::report::sections::{IntervalSection, ParamSection};
use crate::solve::Method;

/// Rows below which percentile and BCa limits are known to be too narrow.
pub(super) const SMALL_SAMPLE: usize = 28;
/// Ratio of widths beyond which two intervals disagree.
const DISAGREE: f64 = 1.5;

pub(super) fn exact(c: &Context<'_>, out: &mut Vec<Finding>) {
    let forms: Vec<String> =
        c.fits.iter().filter(|f| f.is_exact()).map(|f| format!("`{}`", f.form.id())).collect();
    if !forms.is_empty() {
        out.push(Finding::new(
            "exact-law",
            Severity::Error,
            format!(
                "The residuals of {} are rounding error: intervals mean nothing there, and none is given.",
                forms.join(", ")
            ),
            "Check that the response was measured and not computed from a formula.",
        ));
    }
}

pub(super) fn convergence(c: &Context<'_>, k: usize, out: &mut Vec<Finding>) {
    let (fit, s) = (&c.fits[k], &c.sections[k]);
    if fit.is_exact() {
        return;
    }
    if !s.converged {
        out.push(
            Finding::new(
                "not-converged",
                Severity::Error,
                format!(
                    "`{}`: the solver stopped at a point that is not stationary (relative offset {}; {}).",
                    s.form,
                    significant(s.stationarity, 2),
                    s.termination
                ),
                if c.request.method == Method::Auto {
                    "Do not use this fit; fewer parameters (`--form power`) may be all that the data determine."
                } else {
                    "Do not use this fit; `--solver auto` is the most reliable."
                },
            )
            .citing("Bates and Watts (1981)"),
        );
    }
    if s.starts.worst_excess > 1e-6 && 2 * s.starts.reached_best < s.starts.tried {
        out.push(Finding::new(
            "several-optima",
            Severity::Note,
            format!(
                "`{}`: {} of {} starting points reached the best optimum; others ended up to {} above it.",
                s.form,
                s.starts.reached_best,
                s.starts.tried,
                percent(s.starts.worst_excess)
            ),
            "",
        ));
    }
    if s.dof == 1 {
        out.push(Finding::new(
            "one-degree-of-freedom",
            Severity::Warning,
            format!("`{}`: one degree of freedom is left for the errors: t = {} at this level, so intervals are very wide.", s.form, significant(t_critical(c.request.level.get(), 1.0), 3)),
            "Add runs before you use this form.",
        ));
    }
}

pub(super) fn identification(c: &Context<'_>, k: usize, out: &mut Vec<Finding>) {
    let s = &c.sections[k];
    if c.fits[k].is_exact() {
        return;
    }
    for (at, p) in s.params.iter().enumerate() {
        let Some(i) = p.lead() else {
            out.push(Finding::new(
                "no-interval",
                Severity::Warning,
                format!("`{}`: no interval can be given for {}.", s.form, p.name),
                "Use a form with fewer parameters, or add sizes.",
            ));
            continue;
        };
        if i.low.is_none() || i.high.is_none() {
            let side = match (i.low, i.high) {
                (None, None) => "on both sides",
                (None, _) => "below",
                _ => "above",
            };
            out.push(
                Finding::new(
                    "not-identified",
                    Severity::Warning,
                    format!("`{}`: the data do not bound {} {side}: it is not identified.", s.form, p.name),
                    "Report the bounded side only; a wider range of sizes is what would help.",
                )
                .citing("Bates and Watts (1988), chapter 6"),
            );
        }
        let parameter = &c.fits[k].form.params()[at];
        let reached = parameter.search_limit_reached(c.fits[k].solution.theta[at]);
        if c.fits[k].form.said().is_some() && p.at_bound && reached.is_none() {
            out.push(Finding::new(
                "at-your-bound",
                Severity::Warning,
                format!(
                    "`{}`: {} lies on the bound {} that you gave it: the data would take it further, and its other numbers depend on \
                     that bound.",
                    s.form,
                    p.name,
                    rounded(p.estimate, None)
                ),
                "Widen the bound, or say why it holds.",
            ));
        }
        if let Some(side) = reached.filter(|_| p.at_bound) {
            // A limit in another unit than the coordinate's is no round number.
            let bound = if side > 0.0 { parameter.upper } else { parameter.lower };
            let limit = if p.estimate == bound { bound.to_string() } else { rounded(p.estimate, None) };
            let end = if side > 0.0 { "largest" } else { "smallest" };
            let shape = if parameter.is_exponent() && side > 0.0 {
                "the curve drops at the smallest sizes and is flat beyond"
            } else {
                "the data would take it further"
            };
            out.push(
                Finding::new(
                    "search-limit",
                    Severity::Error,
                    format!(
                        "`{}`: {} has run into {}, the {end} value that is tried: {shape}, and its other numbers depend on \
                         that limit.",
                        s.form,
                        p.name,
                        limit
                    ),
                    "Do not use this form here; add small sizes, or leave out those that belong to another regime.",
                )
                .citing("Bates and Watts (1988), chapter 6"),
            );
        }
        if p.at_bound && p.name == "E" {
            let high = i.high.map_or("no floor, however high,".into(), |h| {
                format!("no floor up to {}", rounded(h, half_width(p)))
            });
            let (profile, advice) = if c.fits[k].loss.is_gaussian() {
                (
                    "; limits from the profile are not affected",
                    "Quote the interval of E (spread-t or profile-t) beside the exponent.",
                )
            } else {
                ("", "Quote the profile interval of least squares (`--loss squared`) beside it.")
            };
            out.push(
                Finding::new(
                    "floor-at-zero",
                    Severity::Note,
                    format!(
                        "`{}`: the best floor lies on its bound, E = 0, where the form is the plain power law. That is no evidence \
                         against a floor: {high} is excluded. The standard errors of this form are those of a fit \
                         with all its parameters, and a bootstrap is inconsistent at a bound{profile}.",
                        s.form
                    ),
                    advice,
                )
                .citing("Andrews (2000), Econometrica 68:399"),
            );
        }
    }
}

pub(super) fn bootstrap(c: &Context<'_>, k: usize, out: &mut Vec<Finding>) {
    let (fit, s) = (&c.fits[k], &c.sections[k]);
    let Some(draws) = &c.evidence[k].draws else { return };
    if c.request.bootstrap.replicates.is_none() && draws.replicates < REPLICATES {
        out.push(Finding::new(
            "bootstrap-reduced",
            Severity::Note,
            format!(
                "`{}`: {} bootstrap replicates instead of 1,999, because of {} rows.",
                s.form,
                draws.replicates,
                thousands(c.data.nobs())
            ),
            "Ask for more with `--replicates`.",
        ));
    }
    if draws.succeeded() == 0 {
        out.push(Finding::new(
            "failed-refits",
            Severity::Warning,
            format!(
                "`{}`: none of {} bootstrap refits (`{}`) could be made, so there is no bootstrap interval.",
                s.form,
                thousands(draws.replicates),
                draws.resampler.id()
            ),
            "With so few rows draw errors instead: `--bootstrap residual`, or `wild-cluster` with clusters.",
        ));
        return;
    }
    if draws.few_refits() {
        out.push(Finding::new(
            "failed-refits",
            Severity::Warning,
            format!(
                "`{}`: {} of {} bootstrap refits (`{}`) failed, more than 5%. The intervals rest on those that succeeded, which are \
                 not a random part of all: they are likely too narrow, and carry `few_refits` in the JSON.",
                s.form,
                thousands(draws.failed),
                thousands(draws.replicates),
                draws.resampler.id()
            ),
            if draws.resampler.scheme().reweighs() {
                "Do not use the bootstrap intervals of this form; draw errors instead (`--bootstrap wild`, `wild-cluster` for clusters)."
            } else {
                "Do not use the bootstrap intervals of this form; fewer parameters may be all that the data determine."
            },
        ));
    }
    if draws.degenerate > 0 {
        out.push(Finding::new(
            "degenerate-resamples",
            if draws.degenerate * 20 > draws.replicates { Severity::Warning } else { Severity::Note },
            format!(
                "`{}`: {} of {} resamples had at most {} distinct sizes, as many as the law has parameters: their fit is exact, or not determined.",
                s.form,
                thousands(draws.degenerate),
                thousands(draws.replicates),
                fit.dim()
            ),
            "Draw residuals or wild weights instead: `--bootstrap residual` or `--bootstrap wild`.",
        ));
    }
}

/// Forms without a bootstrap, because of the number of rows.
pub(super) fn without_bootstrap(c: &Context<'_>, out: &mut Vec<Finding>) {
    if c.fits.iter().zip(c.evidence).any(|(f, e)| e.draws.is_none() && !f.is_exact()) {
        out.push(Finding::new(
            "bootstrap-skipped",
            Severity::Note,
            format!(
                "No bootstrap was run: with {} rows it is slow, and agrees with the interval that is given.",
                thousands(c.data.nobs())
            ),
            "Ask for it with `--replicates 199`.",
        ));
    }
}

pub(super) fn undercoverage(c: &Context<'_>, out: &mut Vec<Finding>) {
    let n = c.data.nobs();
    let percentile =
        |k: &usize| c.sections[*k].second_opinion().is_some_and(|(_, i)| i.method.ends_with("percentile"));
    let fits = 0..c.fits.len();
    let affected: Vec<usize> = if n < 6 {
        fits.filter(|k| c.sections[*k].second_opinion().is_some()).collect()
    } else if n < SMALL_SAMPLE {
        fits.filter(percentile).collect()
    } else {
        Vec::new()
    };
    if affected.is_empty() {
        return;
    }
    let forms: Vec<String> = affected.iter().map(|k| format!("`{}`", c.sections[*k].form)).collect();
    out.push(
        Finding::new(
            "bootstrap-undercovers",
            Severity::Note,
            format!(
                "With {n} rows the bootstrap is a second opinion only ({}). In simulations of laws like these, nominal 95% \
                 percentile intervals covered the truth 65 to 97% of the time at n = 4 to 10, and least with a floor near 0.",
                forms.join(", ")
            ),
            "",
        )
        .citing("Davison and Hinkley (1997), section 6.2; Andrews (2000)"),
    );
}

/// Intervals of one exponent whose widths differ by more than half: what they assume matters.
pub(super) fn disagreements(c: &Context<'_>, out: &mut Vec<Finding>) {
    let mut against = |id, whose: &str, other: &dyn Fn(usize) -> Option<f64>| {
        let mut cases = Vec::new();
        for k in 0..c.fits.len() {
            let Some(p) = c.sections[k].exponent() else { continue };
            let Some(lead) = p.lead().and_then(IntervalSection::width) else { continue };
            let Some(other) = other(k) else { continue };
            let ratio = (lead / other).max(other / lead);
            if lead > 0.0 && other > 0.0 && ratio > DISAGREE {
                let word = if lead > other { "wider" } else { "narrower" };
                let form = c.sections[k].form;
                cases.push(format!(
                    "for {} of `{form}` it is {} times {word}",
                    p.name,
                    significant(ratio, 2)
                ));
            }
        }
        if !cases.is_empty() {
            out.push(Finding::new(
                id,
                Severity::Note,
                format!("The leading interval and {whose} differ: {}.", cases.join(", ")),
                "They assume different errors, and at small n the second one is itself uncertain: report both.",
            ));
        }
    };
    against("bootstrap-disagrees", "that of the bootstrap", &|k| {
        c.sections[k].second_opinion().and_then(|(_, i)| i.width())
    });
    against("hc3-disagrees", "the one that allows the scatter to change with size (HC3-t)", &|k| {
        let p = c.sections[k].exponent()?;
        // On a bound the linearised interval means little.
        p.lead().filter(|i| i.method != "hc3" && !c.fits[k].any_at_bound())?;
        p.by_method("hc3").and_then(IntervalSection::width)
    });
}

/// Leading intervals that do not hold the estimate which they stand beside.
pub(super) fn beside(c: &Context<'_>, out: &mut Vec<Finding>) {
    let outside = |p: &&ParamSection| {
        p.lead().is_some_and(|i| {
            i.method == "spread-t"
                && (i.low.is_some_and(|l| p.estimate < l) || i.high.is_some_and(|h| p.estimate > h))
        })
    };
    let cases: Vec<String> = c
        .sections
        .iter()
        .flat_map(|s| s.params.iter().filter(outside).map(move |p| format!("{} of `{}`", p.name, s.form)))
        .collect();
    if !cases.is_empty() {
        out.push(Finding::new(
            "estimate-outside",
            Severity::Warning,
            format!(
                "The leading interval does not hold the estimate beside it: {}. Where the scatter changes much with size the interval \
                 counts the rows of small scatter for more, and the estimate, which takes all rows for equal, is the worse of the two.",
                cases.join(", ")
            ),
            "Fit with `--spread power`, which weighs the rows by their estimated scatter, and quote that estimate.",
        ));
    }
}

/// Forms for which the method that the user asked for gives no interval of the exponent.
pub(super) fn unavailable(c: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(asked) = c.request.lead else { return };
    let mut cases = Vec::new();
    for k in 0..c.fits.len() {
        let Some(p) = c.sections[k].exponent() else { continue };
        let Some(lead) = p.lead() else { continue };
        if lead.method != asked && !(lead.draws.is_some() && lead.method.ends_with(&format!("-{asked}"))) {
            let why = p.unavailable.iter().find(|u| u.method == asked).map(|u| u.reason.clone());
            let why = why.unwrap_or_else(|| match asked {
                "profile-t" => "for a line it equals the exact t interval".to_owned(),
                _ => format!("it is not for the loss {}", c.fits[k].loss),
            });
            cases.push(format!("`{}` ({why}; {} leads)", c.sections[k].form, lead.method));
        }
    }
    if !cases.is_empty() {
        out.push(Finding::new(
            "interval-replaced",
            Severity::Note,
            format!("The {asked} interval is not given for {}.", cases.join(", ")),
            "",
        ));
    }
}
