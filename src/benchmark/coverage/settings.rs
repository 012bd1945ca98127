//! How the cells of a study are run.

use super::measure::Measure;

/// How a cell is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Seed of the study.
    pub seed: u64,
    /// Data sets a cell.
    pub sets: usize,
    /// How intervals are computed.
    pub measure: Measure,
}
