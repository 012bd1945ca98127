//! What a source turned out to hold.

use super::Table;

/// What a source holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// A table of runs.
    Table(Table),
    /// A result that an earlier analysis saved: one JSON object with the key `schema_version`.
    Saved(serde_json::Value),
}
