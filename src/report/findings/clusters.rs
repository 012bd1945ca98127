//! Findings about clusters of rows.

use crate::diagnose::{Finding, Severity};
use crate::report::context::Context;

/// Clusters below which an interval hardly says anything.
const FEW: usize = 3;
/// Clusters from which on nothing is to be said of their number.
const SOME: usize = 6;

pub(super) fn all(c: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(labels) = &c.data.cluster else { return };
    let count = labels.members().len();
    if count < FEW {
        out.push(
            Finding::new(
                "few-clusters",
                Severity::Warning,
                format!(
                    "Column `{}` parts the rows into {count} clusters: how clusters differ is estimated from {count} numbers. No interval \
                     says much here, however narrow it looks, and draws of clusters say nothing.",
                    labels.column
                ),
                "Add runs of further clusters, or name a finer column if rows within it are independent.",
            )
            .citing("Cameron, Gelbach and Miller (2008), Rev. Econ. Stat. 90:414"),
        );
    }
    if (FEW..SOME).contains(&count) {
        out.push(
            Finding::new(
                "few-clusters",
                Severity::Note,
                format!(
                    "Column `{}` parts the rows into {count} clusters: the CR2 interval has few degrees of freedom, which are themselves \
                     an approximation. In simulations of 3 to 8 families it covered 93 to 96%.",
                    labels.column
                ),
                "",
            )
            .citing("Pustejovsky and Tipton (2018), J. Bus. Econ. Stat. 36:672"),
        );
    }
    out.push(Finding::new(
        "clusters-elsewhere",
        Severity::Note,
        format!(
            "Intervals of parameters allow for what the rows of one `{}` have in common; those of predictions and inversions, the comparison \
             and the verdict take rows for independent.",
            labels.column
        ),
        "",
    ));
    if c.request.bootstrap.resampler.is_some_and(|r| !r.scheme().needs_clusters()) {
        out.push(Finding::new(
            "clusters-not-drawn",
            Severity::Note,
            format!(
                "The bootstrap that was asked for takes rows of one `{}` for independent.",
                labels.column
            ),
            "`--bootstrap wild-cluster` (the default with `--cluster`) or `cluster` does not.",
        ));
    }
}
