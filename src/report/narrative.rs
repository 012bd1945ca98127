//! The verdict in plain words: what holds, how sure that is, and what the data cannot tell.

use super::context::Context;
use super::number::{
    end, formula, level, p_value, percent, rounded, rounded_size, significant, size, thousands, with_unit,
};
use super::sections::{FitSection, ParamSection};
use crate::diagnose::Finding;
use crate::diagnose::verdict::FALSE_ALARM;

/// Write the paragraph, sentence group by sentence group: what the line says, the findings that judge it, and what a floor would change.
pub(super) fn verdict_text(c: &Context<'_>, told: &[Finding]) -> Vec<String> {
    if c.data.predictors.len() > 1 {
        let names: Vec<&str> = c.data.predictors.iter().map(|p| p.name.as_str()).collect();
        return vec![format!(
            "The simple power law is judged along one predictor, and these rows have {}. Fix all but one with `--where` and \
             name it with `--x` to have it judged; the residuals of the forms below are not judged either.",
            names.join(" and ")
        )];
    }
    if c.fits.iter().any(crate::fit::Fit::is_weighted) {
        return vec![
            "The simple power law is judged on rows of equal precision, and these are weighted. Leave the precisions out to have \
             it judged; with known standard deviations the goodness of fit above judges each form."
                .into(),
        ];
    }
    if let Some(labels) = &c.data.labels {
        return vec![format!(
            "The simple power law is judged on one set of rows, and `{}` parts these into {}. Choose one with `--where` to have it \
             judged; the residuals of the forms below are not judged either.",
            labels.column,
            labels.names.len()
        )];
    }
    let line = c.sections.iter().zip(c.fits).find(|(s, f)| s.form == "power" && f.dim() == 2);
    let Some((line, _)) = line else {
        return vec![
            "The plain power law was not fitted with all its parameters free, so nothing is said about it; add `power` to --form."
                .into(),
        ];
    };
    if c.fits.iter().any(|f| f.form.id() == "power" && f.is_exact()) {
        let y = &c.data.response.values;
        if y.iter().all(|v| *v == y[0]) {
            return vec![format!(
                "{} is {} in every row: there is no trend to fit, and no interval means anything here. Check that the \
                 right column was chosen.",
                c.data.response.name, y[0]
            )];
        }
        return vec![
            "The power law passes through every point to rounding error. Measured losses never do: check that the column \
             holds measurements and not values computed from a formula. No interval means anything here."
                .into(),
        ];
    }
    let tell = |f: &&Finding| {
        if f.advice.is_empty() { f.meaning.clone() } else { format!("{} {}", f.meaning, f.advice) }
    };
    let (last, first): (Vec<&Finding>, Vec<&Finding>) = told.iter().partition(|f| f.id == "next-run");
    let mut parts: Vec<String> = opening(c, line).into_iter().collect();
    parts.extend(first.iter().map(tell));
    parts.extend(floor(c));
    parts.extend(cannot_tell(c));
    parts.extend(last.iter().map(tell));
    parts
}

/// The sizes of the data, as a reader writes them.
pub(super) fn range_of_sizes(c: &Context<'_>) -> String {
    let x = c.data.x();
    let unit = x.unit.as_deref();
    let (first, last) = (x.values.first(), x.values.last());
    format!(
        "{} = {} to {}{}",
        x.name,
        first.map_or(String::new(), |v| size(*v, unit)),
        last.map_or(String::new(), |v| size(*v, unit)),
        unit.map_or(String::new(), |u| format!(" {u}"))
    )
}

/// A size rounded as a reader wants it, with its unit.
pub(super) fn with_size(c: &Context<'_>, value: f64) -> String {
    rounded_size(value, c.data.x().unit.as_deref())
}

/// An estimate with its leading interval, in words.
pub(super) fn with_interval(p: &ParamSection, sign: f64) -> String {
    let value = rounded(sign * p.estimate, p.std_error.or(half_width(p)));
    match p.lead() {
        None => value,
        Some(i) => {
            let limit = |v: Option<f64>, open: f64| match v {
                Some(v) => end(sign * v, p.estimate, p.std_error.or(half_width(p))),
                None => super::number::unbounded(open),
            };
            let (low, high) = if sign < 0.0 {
                (limit(i.high, -1.0), limit(i.low, 1.0))
            } else {
                (limit(i.low, -1.0), limit(i.high, 1.0))
            };
            format!("{value} ({} interval {low} to {high})", level(i.level))
        }
    }
}

/// Half the width of the leading interval, for rounding where there is no standard error.
pub(super) fn half_width(p: &ParamSection) -> Option<f64> {
    p.lead().and_then(super::sections::IntervalSection::width).map(|w| 0.5 * w).filter(|w| *w > 0.0)
}

fn exponent(line: &FitSection) -> Option<&ParamSection> {
    line.params.iter().find(|p| p.name == "alpha")
}

fn opening(c: &Context<'_>, line: &FitSection) -> Option<String> {
    let alpha = exponent(line)?;
    let (x, y) = (&c.data.x().name, &c.data.response.name);
    if alpha.estimate == 0.0 {
        return Some(format!("Over {}, {y} does not change with {x}.", range_of_sizes(c)));
    }
    let verb = if alpha.estimate > 0.0 { "falls" } else { "rises" };
    let factor = 2f64.powf(-alpha.estimate) - 1.0;
    let unsure = match alpha.lead() {
        Some(i) if i.low.is_none_or(|l| l < 0.0) && i.high.is_none_or(|h| h > 0.0) => {
            " That interval includes 0: the data do not show a trend."
        }
        _ => "",
    };
    Some(format!(
        "Over {}, {y} {verb} with {x} with a log-log slope of {}{}: each doubling of {x} changes {y} by {}{}.{unsure} (As \
         {}: alpha = {}, f = {} for {x} in its unit.)",
        range_of_sizes(c),
        if alpha.estimate < 0.0 { "+" } else { "" },
        with_interval(alpha, -1.0),
        if factor > 0.0 { "+" } else { "" },
        percent(factor),
        formula(line.formula, line.predictors, &[x]),
        rounded(alpha.estimate, alpha.std_error),
        line.params.first().map_or(String::new(), |f| significant(f.estimate, 3)),
    ))
}

fn floor(c: &Context<'_>) -> Option<String> {
    let k = c.sections.iter().position(|s| s.form == "floor" && s.converged)?;
    let floor = &c.sections[k];
    let e = floor.params.iter().find(|p| p.name == "E")?;
    let i = e.lead()?;
    let test = c.comparison.floor_test;
    let p =
        test.map_or(String::new(), |t| format!(" (exact one-sided test of E = 0: {})", p_value(t.p_value)));
    let last = c.data.response.values[c.data.nobs() - 1];
    match (i.low, i.high) {
        (Some(low), Some(high)) if low > 0.0 => {
            let own = match c.judgement.own[k].as_ref().map(|v| &v.shape) {
                Some(a) if a.holds == Some(false) => format!(
                    " Its own residuals still bend ({}): another form, or a break, is as plausible as a floor.",
                    a.p_value.map_or(String::new(), p_value)
                ),
                Some(a) if a.holds == Some(true) => " Its own residuals show no further bend.".to_owned(),
                _ => String::new(),
            };
            Some(format!(
                "If it is a power law above a floor, the floor is E = {}, between {} and {}{p}, and what is left above it \
                 falls with exponent {}.{own}",
                rounded(e.estimate, e.std_error),
                end(low, e.estimate, e.std_error),
                end(high, e.estimate, e.std_error),
                floor
                    .params
                    .iter()
                    .find(|p| p.name == "alpha")
                    .map_or(String::new(), |a| with_interval(a, 1.0)),
            ))
        }
        // The pure power law is out already: what its floor may be says nothing.
        _ if c.judgement.verdict.shape.holds == Some(false) => None,
        (_, Some(high)) => {
            let share = if high < last {
                format!(" ({} of the last {})", percent(high / last), c.data.response.name)
            } else {
                " (as high as the data themselves)".into()
            };
            let verdict = match test {
                Some(t) if t.p_value < FALSE_ALARM => {
                    "there is evidence of a floor, but its two-sided interval still reaches 0"
                }
                _ => "a pure power law and such a floor cannot be told apart here",
            };
            Some(format!(
                "No floor from 0 to {}{share} is excluded{p}: {verdict}, and the exponent depends on which is true.",
                end(high, high, half_width(e)),
            ))
        }
        _ => Some(format!(
            "The data put no upper limit on a floor{p}: the exponent of the part above it is not identified."
        )),
    }
}

fn cannot_tell(c: &Context<'_>) -> Option<String> {
    let x = c.data.x();
    let last = *x.values.last()?;
    let first = *x.values.first()?;
    let decades = last.log10() - first.log10();
    Some(format!(
        "What these data cannot tell: what happens beyond {} = {} ({} sizes over {} decades say nothing of a break further \
         out){}.",
        x.name,
        with_unit(last, x.unit.as_deref()),
        thousands(c.data.distinct()),
        significant(decades, 2),
        if c.data.has_replicates() {
            ""
        } else {
            "; and how much two runs of one size differ, for no size was run twice"
        }
    ))
}
