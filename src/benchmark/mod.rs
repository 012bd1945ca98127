//! Judging the methods: data simulated from known laws, and how often an answer drawn from them is right.

mod simulate;
pub mod verdict_study;

pub use simulate::{Noise, SimulateError, Simulation};
