//! **lawfit** fits scaling laws with error bars that can be trusted.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable)]
#![warn(clippy::print_stdout, clippy::print_stderr)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod benchmark;
pub mod compare;
pub mod data;
pub mod diagnose;
pub mod error;
pub mod fit;
pub mod form;
pub mod loss;
pub mod math;
pub mod objective;
pub mod predict;
pub mod report;
pub mod solve;
pub mod uncertainty;
