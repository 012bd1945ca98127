//! The interval methods that are judged.

use crate::data::Scale;
use crate::form::Form;
use crate::loss::{Inference, Loss};
use crate::uncertainty::{CATALOGUE, IntervalMethod, Resampler, UncertaintyError};

/// Name of the method that a report leads with.
pub const AUTO: &str = "auto";

/// Resamplers whose draws are judged.
const RESAMPLERS: [Resampler; 3] = [Resampler::Pairs, Resampler::Residual, Resampler::Wild];

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

/// The methods that are judged together, `auto` first, then those that need no draws, then the bootstraps.
#[derive(Debug, Clone)]
pub struct Panel {
    /// The methods.
    pub methods: Vec<Judged>,
    /// Whether every method there is belongs to it.
    complete: bool,
}

impl Panel {
    /// Every method.
    #[must_use]
    pub fn all() -> Panel {
        let plain = CATALOGUE
            .iter()
            .filter(|m| !m.needs_draws())
            .map(|m| Judged { id: m.id().to_owned(), way: Way::Plain(*m) });
        let drawn = RESAMPLERS.iter().flat_map(|r| {
            CATALOGUE
                .iter()
                .filter(|m| m.needs_draws())
                .map(move |m| Judged { id: format!("{}-{}", r.id(), m.id()), way: Way::Drawn(*r, *m) })
        });
        let auto = Judged { id: AUTO.to_owned(), way: Way::Auto };
        Panel { methods: std::iter::once(auto).chain(plain).chain(drawn).collect(), complete: true }
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
        if let Some(stranger) = ids.iter().find(|id| panel.methods.iter().all(|m| m.id != **id)) {
            let known: Vec<&str> = panel.methods.iter().map(|m| m.id.as_str()).collect();
            return Err(UncertaintyError::Unknown {
                what: "method",
                found: stranger.clone(),
                allowed: known.join(", "),
            });
        }
        panel.methods.retain(|m| ids.contains(&m.id));
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

    /// Keep the methods that a report of this form and loss would show; for a line the profile is the t interval.
    #[must_use]
    pub fn suited(&self, form: &dyn Form, scale: Scale, loss: Loss) -> Panel {
        let inference = loss.family().inference();
        let line = inference == Inference::LeastSquares && form.linear_on() == Some(scale);
        let suits = |m: &dyn IntervalMethod| m.suits(inference) && !(line && m.id() == "profile-t");
        let keep = |m: &&Judged| match m.way {
            Way::Auto => true,
            Way::Plain(method) | Way::Drawn(_, method) => suits(method),
        };
        Panel { methods: self.methods.iter().filter(keep).cloned().collect(), complete: self.complete }
    }
}
