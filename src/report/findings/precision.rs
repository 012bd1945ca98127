//! Findings about rows that differ in their precision.

use crate::diagnose::{Finding, Severity};
use crate::report::context::Context;
use crate::report::number::{p_value, significant};

/// Share of chi-squared beyond which a goodness of fit is worth a word, on either side.
const TAIL: f64 = 0.025;

pub(super) fn all(c: &Context<'_>, out: &mut Vec<Finding>) {
    for s in c.sections {
        let Some(q) = &s.goodness_of_fit else { continue };
        let ratio = q.statistic / q.dof as f64;
        let factor = significant(ratio.sqrt(), 2);
        let told = format!(
            "`{}`: Q = {} on {} degrees of freedom, {}",
            s.form,
            significant(q.statistic, 3),
            q.dof,
            p_value(q.p_value)
        );
        if q.p_value < TAIL {
            out.push(Finding::new(
                "goodness-of-fit",
                Severity::Warning,
                format!(
                    "{told}: the rows lie {factor} times as far from the law as their standard deviations say. The law is wrong, or \
                     they are too small; its intervals are then too narrow."
                ),
                "Try another form; if runs differ by more than their evaluation does, give ratios only (`--sigma-kind relative`).",
            ));
        } else if q.p_value > 1.0 - TAIL {
            out.push(Finding::new(
                "goodness-of-fit",
                Severity::Warning,
                format!("{told}: the rows lie only {factor} times as far from the law as their standard deviations say."),
                "Check that they are standard deviations of single rows, in the unit of the response.",
            ));
        }
    }
}
