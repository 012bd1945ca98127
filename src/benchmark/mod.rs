//! Simulation: data drawn from a law with known truth, to judge methods by and to try them on.

mod simulate;

pub use simulate::{Noise, SimulateError, Simulation};
