//! Findings about clusters of rows.

use crate::diagnose::{Finding, Severity};
use crate::report::context::Context;

/// Clusters below which an interval hardly says anything.
const FEW: usize = 3;

pub(super) fn all(c: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(labels) = &c.data.cluster else { return };
    let count = labels.members().len();
    if count < FEW {
        out.push(
            Finding::new(
                "few-clusters",
                Severity::Warning,
                format!(
                    "Column `{}` parts the rows into {count} clusters: how clusters differ is estimated from {count} numbers, so the \
                     CR2 interval is very wide at best, and draws of clusters are too few to say anything.",
                    labels.column
                ),
                "Add runs of further clusters, or name a finer column if rows within it are independent.",
            )
            .citing("Cameron, Gelbach and Miller (2008), Rev. Econ. Stat. 90:414"),
        );
    }
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
