//! Findings that make up the verdict: whether, how and where the simple power law breaks down, and what to do next.

use super::noise::{noise, outliers, stands_without_outliers};
use crate::data::Scale;
use crate::diagnose::location::Location;
use crate::diagnose::next_run::Purpose;
use crate::diagnose::verdict::{FALSE_ALARM, FEWEST_SIZES};
use crate::diagnose::{Finding, Severity};
use crate::report::context::Context;
use crate::report::judgement::end_of;
use crate::report::narrative::with_size;
use crate::report::number::{level, not_above, p_value, percent, scatter, significant, size, with_unit};

/// Collect the findings of the verdict, in the order in which they are told.
pub(super) fn all(c: &Context<'_>, out: &mut Vec<Finding>) {
    if c.judgement.line.is_none_or(|k| c.judged[k].is_exact()) {
        return;
    }
    let told =
        [shape(c), place(c), clean(c), outliers(c), hangs(c), matters(c), instead(c), noise(c), next(c)];
    out.extend(told.into_iter().flatten().map(Finding::told));
}

pub(super) fn broken(c: &Context<'_>) -> bool {
    c.judgement.verdict.shape.holds == Some(false)
}

/// What a name means, as the end of "the simple power law does not hold: ".
fn in_words(name: &str, falls: bool) -> String {
    match (name, falls) {
        ("flattening", true) => "flattening, the curve levels off towards a floor".into(),
        ("flattening", false) => "flattening, the curve levels off towards a ceiling".into(),
        ("early bend", _) => "early bend, the smallest sizes bend away from the line of the others".into(),
        ("slow log factor", _) => {
            "slow log factor, the exponent drifts as it does under a power of ln N".into()
        }
        ("kink", _) => "kink, the slope changes at one size".into(),
        (other, _) => format!("{other}, a smooth bend that no named law follows better"),
    }
}

fn shape(c: &Context<'_>) -> Option<Finding> {
    let shape = &c.judgement.verdict.shape;
    let (n, sizes) = (c.data.nobs(), c.data.distinct());
    let Some(p) = shape.p_value else {
        return Some(Finding::new(
            "shape-unknown",
            Severity::Note,
            format!(
                "With {n} rows at {sizes} sizes there is no test of a bend: the straight line is an assumption here, not a \
                 result."
            ),
            "",
        ));
    };
    if shape.holds.is_none() {
        let dof = n.saturating_sub(3);
        let points = if sizes == n { format!("{n} points") } else { format!("{sizes} sizes") };
        return Some(Finding::new(
            "shape-unknown",
            Severity::Note,
            format!(
                "{points} can show no break: a test of a bend has {dof} degree{} of freedom ({}), so the straight line is an \
                 assumption here, not a result.",
                if dof == 1 { "" } else { "s" },
                p_value(p)
            ),
            "",
        ));
    }
    let few = sizes < FEWEST_SIZES;
    let how = if few {
        "the quadratic alone, for want of sizes"
    } else {
        "five kinds of bend tested at once, for independent runs, at a false-alarm rate of 5%"
    };
    if broken(c) {
        let name = shape.name.unwrap_or("curvature");
        let rivals = match shape.rivals.as_slice() {
            [] => String::new(),
            some => format!(" These data cannot tell it from {}.", some.join(" or ")),
        };
        let thirds = match (name, c.ends) {
            ("kink", _) | (_, None) => String::new(),
            (_, Some((low, high))) => format!(
                " The {} of the smaller third of the sizes is {}, that of the larger third {}.",
                steepness(c),
                steep(c, low, 2),
                steep(c, high, 2)
            ),
        };
        return Some(
            Finding::new(
                "shape-rejected",
                Severity::Warning,
                format!(
                    "The simple power law does NOT hold on this range ({}; {how}): {}.{rivals}{thirds}",
                    p_value(p),
                    in_words(name, c.judged[c.judgement.line?].falls())
                ),
                "",
            )
            .citing("Dufour et al. (1998); Westfall and Young (1993)"),
        );
    }
    let misfit = c.outcomes.iter().find(|o| o.id == "lack-of-fit").filter(|o| o.p_value < FALSE_ALARM);
    let sigma = c.sections.iter().find(|s| s.form == "power")?.sigma;
    Some(match misfit {
        Some(o) => Finding::new(
            "shape-misfit",
            Severity::Warning,
            format!(
                "No kind of bend is found ({}), but sizes deviate from the line by more than repeated runs do from each other \
                 (lack of fit, {}): the simple power law does not describe these means.",
                p_value(p),
                p_value(o.p_value)
            ),
            "",
        ),
        None => Finding::new(
            "shape-holds",
            Severity::Note,
            format!(
                "Within a scatter of {} the straight line holds on this range ({}; {how}); that says nothing about sizes beyond \
                 it.",
                scatter(sigma),
                p_value(p)
            ),
            "",
        )
        .citing("Dufour et al. (1998); Westfall and Young (1993)"),
    })
}

fn location<'a>(c: &'a Context<'_>) -> Option<&'a Location> {
    c.judgement.location.as_ref().filter(|_| broken(c))
}

/// What the steepness of a line is called: an exponent falls, a slope rises.
fn steepness(c: &Context<'_>) -> &'static str {
    if c.judgement.line.is_none_or(|k| c.judged[k].falls()) { "exponent" } else { "slope" }
}

/// An exponent as its reader wants it: for a rising response the log-log slope.
fn steep(c: &Context<'_>, alpha: f64, digits: i32) -> String {
    significant(if steepness(c) == "slope" { -alpha } else { alpha }, digits)
}

fn place(c: &Context<'_>) -> Option<Finding> {
    let l = location(c)?;
    let x = &c.data.x();
    let mut text = Vec::new();
    if let Some(b) = &l.break_point {
        let limits = match (b.low, b.high) {
            (Some(low), Some(high)) => {
                format!("{} interval {} to {}", level(b.level), with_size(c, low), with_size(c, high))
            }
            (Some(low), None) => format!("{} interval {} or more", level(b.level), with_size(c, low)),
            (None, Some(high)) => format!("{} interval {} or less", level(b.level), with_size(c, high)),
            (None, None) => "the data do not bound the place".into(),
        };
        let digits = |other: f64, v: f64| steep(c, v, if (other - v).abs() < 0.1 * v.abs() { 3 } else { 2 });
        let slopes = format!(
            "{} {} below, {} above",
            steepness(c),
            digits(b.alpha_after, b.alpha_before),
            digits(b.alpha_before, b.alpha_after)
        );
        text.push(match c.judgement.verdict.shape.name {
            Some("kink") => {
                format!("Two lines meet at {} = {} ({limits}): {slopes}.", x.name, with_size(c, b.at))
            }
            _ => format!(
                "If the bend had one place, it would be {} = {} ({limits}; {slopes}), but a smooth bend has none.",
                x.name,
                with_size(c, b.at)
            ),
        });
    }
    if let Some(s) = &l.first_crossing {
        text.push(format!(
            "From {} = {} on, the smaller sizes no longer predict the next ({}).",
            x.name,
            with_size(c, s.at),
            p_value(s.p_value)
        ));
    }
    (!text.is_empty()).then(|| {
        Finding::new("break-place", Severity::Note, text.join(" "), "")
            .citing("Knowles, Siegmund and Zhang (1991); Brown, Durbin and Evans (1975)")
    })
}

/// The ranges on which a line stands.
fn clean(c: &Context<'_>) -> Option<Finding> {
    let l = location(c)?;
    if c.judged[c.judgement.line?].design.scale != Scale::Log {
        // Windows are sought in log-log axes.
        return None;
    }
    let x = c.data.x();
    let one = |w: &crate::diagnose::windows::Window| {
        format!(
            "{} to {} ({} sizes, {} {})",
            size(w.from, x.unit.as_deref()),
            with_unit(w.to, x.unit.as_deref()),
            w.sizes,
            steepness(c),
            steep(c, w.alpha, 2)
        )
    };
    let text = match (&l.clean_tail, &l.clean_head) {
        (Some(t), Some(h)) => {
            format!("A straight line stands on the largest sizes {}, and on the smallest {}", one(t), one(h))
        }
        (Some(t), None) => {
            format!(
                "A straight line stands on the largest sizes {}, on no range of five or more of the smallest",
                one(t)
            )
        }
        (None, Some(h)) => {
            format!(
                "A straight line stands on the smallest sizes {}, on no range of five or more of the largest",
                one(h)
            )
        }
        (None, None) => "A straight line stands on no range of five or more sizes at either end".into(),
    };
    let chosen = if l.clean_tail.is_some() || l.clean_head.is_some() {
        "; the data chose these ranges, so their lines look better than they are."
    } else {
        "."
    };
    Some(
        Finding::new("clean-range", Severity::Note, text + chosen, "")
            .citing("Leeb and Poetscher (2005), on what follows a choice by the data"),
    )
}

fn matters(c: &Context<'_>) -> Option<Finding> {
    let m = c.judgement.matters.as_ref()?;
    let x = c.data.x();
    Some(Finding::new(
        "break-matters",
        if m.percent.abs() >= 1.0 { Severity::Warning } else { Severity::Note },
        format!(
            "How much it matters: at {} = {} the straight line says {}, the law with {} {}; the line is {}.",
            x.name,
            with_size(c, m.at),
            significant(m.line, 3),
            match m.law {
                "flattening" if c.judged.first().is_some_and(crate::fit::Fit::falls) => "a floor",
                "flattening" => "a ceiling",
                "kink" => "the kink",
                "early bend" => "an early bend",
                "slow log factor" => "a slow log factor",
                _ => "curvature",
            },
            significant(m.prediction, 3),
            if m.percent > 200.0 {
                format!("{} times as high", significant(m.line / m.prediction, 2))
            } else {
                let side = if m.percent < 0.0 { "low" } else { "high" };
                format!("{} too {side}", percent((m.percent / 100.0).abs()))
            }
        ),
        "",
    ))
}

fn instead(c: &Context<'_>) -> Option<Finding> {
    if !broken(c) {
        return None;
    }
    let name = c.judgement.verdict.shape.name?;
    let fitted = |form: &str| c.sections.iter().any(|s| s.form == form && s.converged);
    let x = &c.data.x().name;
    let tail = location(c)?.clean_tail.as_ref();
    let plain = x.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let largest = |w: &crate::diagnose::windows::Window| {
        let from = not_above(w.from);
        if plain {
            format!("the larger sizes alone (`--where '{x} >= {from}'`)")
        } else {
            format!("the larger sizes alone ({x} of {from} and more)")
        }
    };
    let best = c.comparison.best.filter(|b| *b != "power");
    let apart = &c.judgement.outliers.1;
    let follows = |k: usize| {
        c.judgement.own[k].as_ref().is_some_and(|v| v.shape.holds == Some(true)) && c.sections[k].converged
    };
    let other = c.judged.iter().position(|f| Some(f.form.id()) == best).filter(|k| follows(*k));
    let levels = |id: &str| c.judged.iter().any(|f| f.form.id() == id && f.form.about().bounded);
    let advice = match (name, tail) {
        _ if stands_without_outliers(c) => match end_of(c.data, apart) {
            Some(end) => format!(
                "Decide first whether the runs at the {end} sizes belong to the law: the straight line holds for the \
                 others, and for nothing beyond them."
            ),
            None => "Decide first whether those runs are right: nothing else speaks against the straight line."
                .to_owned(),
        },
        ("flattening", _) if fitted("floor") => {
            "Use the form `floor` instead of the line; do not extrapolate the straight line.".to_owned()
        }
        ("flattening", _) if best.is_some_and(levels) => format!(
            "Use a form that levels off, here `{}`; do not extrapolate the straight line.",
            best.unwrap_or_default()
        ),
        _ if other.is_some() => format!(
            "Use the form `{}`, whose own residuals show no further bend; do not extrapolate the straight line.",
            best.unwrap_or_default()
        ),
        (_, Some(w)) => {
            format!("Do not extrapolate the straight line; fit {} for what lies beyond.", largest(w))
        }
        _ => "Do not extrapolate the straight line: no form fitted here, and no line, follows these data up to the largest size."
            .to_owned(),
    };
    Some(
        Finding::new("use-instead", Severity::Note, advice, "")
            .citing("Alabdulmohsin, Neyshabur and Zhai (2022): choose by what lies beyond the fitted sizes"),
    )
}

fn hangs(c: &Context<'_>) -> Option<Finding> {
    let at = location(c)?.hangs_on?;
    // The rows at that end have been named, with the same warning.
    if end_of(c.data, &c.judgement.outliers.1).is_some() {
        return None;
    }
    let largest = c.data.x().values.last() == Some(&at);
    Some(Finding::new(
        "hangs-on-end",
        Severity::Warning,
        format!(
            "All this hangs on the {} size ({} = {}): without it the line stands. An outlier there cannot be told from a break.",
            if largest { "largest" } else { "smallest" },
            c.data.x().name,
            with_size(c, at)
        ),
        "Repeat that run before you believe either.",
    ).citing("Belsley, Kuh and Welsch (1980)"))
}

fn next(c: &Context<'_>) -> Option<Finding> {
    let n = c.judgement.next.as_ref()?;
    let x = c.data.x();
    let at = format!("{} = {}", x.name, with_size(c, n.at));
    let text = match &n.purpose {
        Purpose::MoreSizes => {
            let missing = FEWEST_SIZES.saturating_sub(c.data.distinct());
            format!(
                "The next run that would tell most: another size, as far away as you can afford (say {at}); {missing} more \
                 size{} needed before any break can show.",
                if missing == 1 { " is" } else { "s are" }
            )
        }
        Purpose::RepeatOutlier { line } => {
            format!(
                "The next run that would tell most: line {line} again ({at}), to see whether it was a mistake."
            )
        }
        Purpose::RepeatEnd => format!("The next run that would tell most: {at} again."),
        Purpose::Extend { rival, separation } => format!(
            "The next run that would tell most: {at}, ten times the largest, where the line will be used; {rival}, the bend \
             that fits these data best, would differ from it there by {} standard deviations of one run.",
            significant(*separation, 2)
        ),
        Purpose::Separate { law, rival, separation } => format!(
            "The next run that would tell most: {at}, where {law} and {rival} differ by {} standard deviations of one run.",
            significant(*separation, 2)
        ),
    };
    Some(Finding::new("next-run", Severity::Note, text, "").citing("Atkinson and Fedorov (1975)"))
}
