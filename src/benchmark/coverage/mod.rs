//! How often intervals hold the truth: every interval method on laws, designs and errors with known parameters.
//!
//! A [`Scenario`] is one cell: a law, a design, the errors and what is fitted. [`cells`] lists those of the study;
//! [`run()`] fits every data set of a cell, computes the interval of every method of a [`Panel`], `auto` (what a report
//! would lead with) first, and counts ([`Tally`]). A [`Study`] is the table of the cells that are done: it can be stopped, resumed,
//! cut into shards and merged, with the bytes of one uninterrupted run, because every cell depends on the seed and its own
//! name alone.

mod cells;
mod error;
mod measure;
mod panel;
mod row;
mod run;
mod scenario;
mod settings;
mod table;
mod tally;

pub use cells::{GROUPS, cells, isoflop};
pub use error::StudyError;
pub use measure::{Measure, NoRecord, Outcome, Stands, leading_interval};
pub use panel::{AUTO, Judged, Panel, Way};
pub use row::Row;
pub use run::run;
pub use scenario::{Clusters, Sampler, Scenario, key};
pub use settings::Settings;
pub use table::{Header, Study};
pub use tally::Tally;
