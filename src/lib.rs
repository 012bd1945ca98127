//! **lawfit** fits scaling laws with error bars that can be trusted.
//!
//! A scaling law says how a loss, an error or an accuracy changes with the size of a model (or its tokens, or its
//! compute). lawfit reads a table of runs, fits the plain power law f*N^-alpha and the forms that compete with it, gives
//! every parameter an interval, compares the forms, reads the residuals, and predicts with uncertainty. The same pipeline
//! is the command-line program `lawfit`.
//!
//! # The house
//!
//! Data flow one way; a module uses only those above it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`math`] | regression algebra, distributions, random streams, roots |
//! | [`data`] | [`data::Dataset`]: validated rows; readers, filters, built-in data |
//! | [`form`] | [`form::Form`]: one law a file, with gradient, starts and reference |
//! | [`loss`] | [`loss::Loss`]: what a residual costs |
//! | [`objective`] | form + data + loss + scale: cost, gradient and normal equations in one pass |
//! | [`solve`] | argmin solvers, multi-start, and a certificate of stationarity in every [`solve::Solution`] |
//! | [`fit`] | [`fit::FitSpec`] to [`fit::Fit`]: estimates, covariance, likelihood |
//! | [`uncertainty`] | intervals of measured coverage: t, profiles, sandwiches, scores, and the bootstrap in parallel |
//! | [`diagnose`] | checks of the residuals, the verdict on shape and noise, and where the law breaks |
//! | [`compare`] | information criteria, out-of-sample errors, the exact test of a floor |
//! | [`predict`] | the response at a size, the size for a response, with intervals |
//! | [`benchmark`] | simulation of data with known truth, the studies of verdict and coverage, calibration on a design |
//! | [`report`] | the whole analysis in one value, and its renderings |
//!
//! # Example
//!
//! ```
//! use lawfit::data::{Selection, read_table};
//! use lawfit::report::{Request, Silent, analyse};
//!
//! let data = Selection { positive_response: true, ..Selection::default() }.apply(&read_table("@bent")?)?;
//! let analysis = analyse(&data, &Request::default(), &Silent)?;
//! let floor = analysis.report.fits.iter().find(|f| f.form == "floor").expect("a loss that falls");
//! let alpha = &floor.params[2];
//! assert!((alpha.estimate - 0.34668).abs() < 1e-5);
//! assert_eq!(alpha.lead().expect("closed").method, "spread-t");
//! # Ok::<(), lawfit::error::Error>(())
//! ```
//!
//! One fit, without the pipeline:
//!
//! ```
//! use lawfit::data::{Dataset, Input, Response};
//! use lawfit::fit::FitSpec;
//! use lawfit::form::Power;
//! use lawfit::uncertainty::{Gathered, Level, WaldT, interval};
//!
//! let data = Dataset::new(
//!     "example",
//!     vec![Input { name: "N".into(), unit: None, values: vec![1e8, 5e8, 1e9, 3e9] }],
//!     Response { name: "loss".into(), values: vec![3.10, 2.71, 2.58, 2.37] },
//!     vec![2, 3, 4, 5],
//! )?;
//! let fit = FitSpec::new(&Power).fit(&data)?;
//! assert!(fit.converged());
//! let gathered = Gathered { fit: &fit, draws: None, jackknife: None };
//! let alpha = interval(&WaldT, 1, &gathered, Level::new(0.95)?).expect("two degrees of freedom");
//! assert!(alpha.low < fit.estimate(1) && fit.estimate(1) < alpha.high);
//! # Ok::<(), lawfit::error::Error>(())
//! ```

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable)]
#![warn(clippy::print_stdout, clippy::print_stderr)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod benchmark;
pub mod cli;
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
