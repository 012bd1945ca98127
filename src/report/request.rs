//! What to analyse, and who is told how far it is.

use crate::data::Scale;
use crate::fit::Spread;
use crate::form::{Form, Restriction};
use crate::loss::Loss;
use crate::solve::{Method, StartGrid};
use crate::uncertainty::{Level, Resampler};

/// Replicates when the user names no number: 0.025(B + 1) is an integer.
pub const REPLICATES: usize = 1_999;
/// Which bootstrap to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BootstrapRequest {
    /// Who is redrawn; by default residuals for a line and wild weights for a curve, rows for other losses than least squares.
    pub resampler: Option<Resampler>,
    /// Number of replicates; by default 1,999, fewer for very many rows.
    pub replicates: Option<usize>,
}

/// How much is computed about residuals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// The verdict, and where the law breaks if it does.
    #[default]
    Summary,
    /// Every check of every form, with simulated p values, and the place whatever the verdict.
    Full,
}

/// What to analyse, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// Forms to fit; empty: those that the data call for.
    pub forms: Vec<&'static dyn Form>,
    /// Scale of the errors, for forms that have a choice.
    pub scale: Option<Scale>,
    /// What a residual costs.
    pub loss: Loss,
    /// How the spread of the errors changes with size.
    pub spread: Spread,
    /// Solver.
    pub method: Method,
    /// What is asked of the parameters.
    pub restriction: Restriction,
    /// Where the search for the optimum starts.
    pub starts: StartGrid,
    /// Method whose interval leads; `None`: by the default table.
    pub lead: Option<&'static str>,
    /// Confidence level.
    pub level: Level,
    /// The bootstrap.
    pub bootstrap: BootstrapRequest,
    /// Seed of every random number.
    pub seed: u64,
    /// Points to predict at, a value a predictor each; empty: ten times the largest size.
    pub at: Vec<Vec<f64>>,
    /// Responses to invert.
    pub targets: Vec<f64>,
    /// How much is computed about residuals.
    pub detail: Detail,
    /// The command line, for the record.
    pub command: Vec<String>,
}

impl Default for Request {
    fn default() -> Self {
        Request {
            forms: Vec::new(),
            scale: None,
            loss: Loss::SQUARED,
            spread: Spread::Constant,
            method: Method::Auto,
            restriction: Restriction::default(),
            starts: StartGrid::Form,
            lead: None,
            level: Level::default(),
            bootstrap: BootstrapRequest::default(),
            seed: 1,
            at: Vec::new(),
            targets: Vec::new(),
            detail: Detail::default(),
            command: Vec::new(),
        }
    }
}

/// Who is told how far the refits are.
pub trait Progress: Sync {
    /// Called once with the number of refits to come.
    fn begin(&self, total: usize);
    /// Called after each refit, from any thread.
    fn advance(&self);
}

/// Nobody is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: usize) {}
    fn advance(&self) {}
}
