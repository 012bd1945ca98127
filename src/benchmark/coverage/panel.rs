//! The interval methods that are judged.

use super::scenario::Scenario;
use crate::data::Scale;
use crate::form::Form;
use crate::loss::{Inference, Loss};
use crate::uncertainty::{CATALOGUE, IntervalMethod, Resampler, UncertaintyError};

/// Name of the method that a report leads with.
pub const AUTO: &str = "auto";

/// Resamplers whose draws are judged where nothing else is said: those that users know, and those for clusters.
const USUAL: [Resampler; 5] =
    [Resampler::Cluster, Resampler::Pairs, Resampler::Residual, Resampler::Wild, Resampler::WildCluster];

/// Parameters up to which every resampler is worth its time in a panel of every method.
const FEW: usize = 3;

/// Methods that respect clusters of rows without draws.
const FOR_CLUSTERS: [&str; 3] = ["cr2", "jackknife", "wild-cluster-t"];

/// How one method of a panel is computed.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    /// As the report of the data set would choose.
    Auto,
    /// From the fit alone.
    Plain(&'static dyn IntervalMethod),
    /// From bootstrap draws.
    Drawn(Resampler, &'static dyn IntervalMethod),
}

/// One method of a panel.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Name as in a report, the resampler in front for a bootstrap: `wild-percentile`; or `auto`.
    pub id: String,
    /// How it is computed.
    pub way: Way,
}

impl Judged {
    /// Whether it goes by this name: that of a method with one resampler of its own says enough without it.
    fn is_called(&self, name: &str) -> bool {
        let own = |m: &dyn IntervalMethod| m.reads_only().is_some() && m.id() == name;
        self.id == name || matches!(self.way, Way::Drawn(_, m) if own(m))
    }

    /// Whether it allows for errors that rows of a cluster have in common, where there are clusters.
    #[must_use]
    pub fn respects_clusters(&self) -> bool {
        match self.way {
            Way::Auto => true,
            Way::Plain(m) => FOR_CLUSTERS.contains(&m.id()),
            Way::Drawn(r, _) => for_clusters(r),
        }
    }
}

/// Whether draws keep what the rows of a cluster have in common.
fn for_clusters(resampler: Resampler) -> bool {
    resampler.scheme().needs_clusters() || resampler == Resampler::Block
}

/// The methods that are judged together, `auto` first, then those that need no draws, then the bootstraps.
#[derive(Debug, Clone)]
pub struct Panel {
    /// The methods.
    pub methods: Vec<Judged>,
    /// Whether every method there is belongs to it.
    complete: bool,
    /// Whether its methods were named one by one.
    named: bool,
}

impl Panel {
    /// Every method that is not computed on request only, with every resampler.
    #[must_use]
    pub fn all() -> Panel {
        let plain = CATALOGUE
            .iter()
            .filter(|m| !m.needs_draws() && !m.on_request())
            .map(|m| Judged { id: m.id().to_owned(), way: Way::Plain(*m) });
        let drawn = Resampler::ALL.into_iter().flat_map(|r| {
            let reads = move |m: &&&'static dyn IntervalMethod| {
                let own = m.reads_only().map_or(r != Resampler::Subsample, |only| only == r);
                m.needs_draws() && !m.on_request() && own
            };
            CATALOGUE
                .iter()
                .filter(reads)
                .map(move |m| Judged { id: format!("{}-{}", r.id(), m.id()), way: Way::Drawn(r, *m) })
        });
        let auto = Judged { id: AUTO.to_owned(), way: Way::Auto };
        Panel {
            methods: std::iter::once(auto).chain(plain).chain(drawn).collect(),
            complete: true,
            named: false,
        }
    }

    /// Every method, with the usual resamplers: what a user waits for.
    #[must_use]
    pub fn usual() -> Panel {
        let mut panel = Panel::all();
        panel.methods.retain(|m| !matches!(m.way, Way::Drawn(r, _) if !USUAL.contains(&r)));
        Panel { complete: false, ..panel }
    }

    /// The methods of these names; all for an empty list.
    ///
    /// # Errors
    /// [`UncertaintyError::Unknown`] lists the names.
    pub fn named(ids: &[String]) -> Result<Panel, UncertaintyError> {
        let mut panel = Panel::all();
        if ids.is_empty() {
            return Ok(panel);
        }
        if let Some(stranger) = ids.iter().find(|id| !panel.methods.iter().any(|m| m.is_called(id))) {
            let known: Vec<&str> = panel.methods.iter().map(|m| m.id.as_str()).collect();
            return Err(UncertaintyError::Unknown {
                what: "method",
                found: stranger.clone(),
                allowed: known.join(", "),
            });
        }
        panel.methods.retain(|m| ids.iter().any(|id| m.is_called(id)));
        panel.named = true;
        panel.complete = panel.methods.len() == Panel::all().methods.len();
        Ok(panel)
    }

    /// Return the names for the record: `all`, or those chosen with `+` between them.
    #[must_use]
    pub fn describe(&self) -> String {
        if self.complete {
            return "all".to_owned();
        }
        self.methods.iter().map(|m| m.id.as_str()).collect::<Vec<_>>().join("+")
    }

    /// Return the names of the methods that were asked for by name and are not in `kept`.
    #[must_use]
    pub fn dropped(&self, kept: &Panel) -> Vec<&str> {
        let gone = |m: &&Judged| self.named && kept.methods.iter().all(|k| k.id != m.id);
        self.methods.iter().filter(gone).map(|m| m.id.as_str()).collect()
    }

    /// Keep the methods that mean something in a cell of the study.
    #[must_use]
    pub fn suited_to(&self, cell: &Scenario) -> Panel {
        self.suited(cell.form, cell.scale, cell.loss, cell.clusters.is_some())
    }

    /// Keep the methods that mean something for this form and loss, with clusters of rows or without; for a line the profile
    /// is the t interval. Of a panel of every method, laws of many parameters keep the draws of the usual resamplers only.
    #[must_use]
    pub fn suited(&self, form: &dyn Form, scale: Scale, loss: Loss, clusters: bool) -> Panel {
        let many = self.complete && form.params().len() > FEW;
        let drawn = |r: Resampler| (clusters || !for_clusters(r)) && (!many || USUAL.contains(&r));
        let inference = loss.family().inference();
        let line = inference == Inference::LeastSquares && form.linear_on() == Some(scale);
        let suits = |m: &dyn IntervalMethod| {
            m.suits(inference)
                && !(line && m.id() == "profile-t")
                && (clusters || !m.needs_clusters())
                // Errors of the laws' own scale only.
                && (m.id() != "exact-set" || (scale == form.native() && !line))
        };
        let keep = |m: &&Judged| match m.way {
            Way::Auto => true,
            Way::Plain(method) => suits(method),
            Way::Drawn(resampler, method) => drawn(resampler) && suits(method),
        };
        Panel { methods: self.methods.iter().filter(keep).cloned().collect(), ..*self }
    }
}
