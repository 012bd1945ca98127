//! Judging the methods: data simulated from known laws, and how often an answer drawn from them is right.

pub mod calibrate;
pub mod coverage;
mod errors;
mod simulate;
pub mod verdict_study;

pub use errors::Errors;
pub use simulate::{Noise, SimulateError, Simulation};
