//! The command line: one file a subcommand, each parse -> call the library -> render.
//!
//! Standard output is data, standard error is talk. Exit codes: 0 success; 1 finished, but not to be trusted (with
//! `--strict`); 2 usage; 3 bad data; 4 input or output.

mod args;
mod bench;
mod bench_coverage;
mod calibrate;
mod completions;
mod datasets;
mod failure;
mod fit;
mod forms;
mod interrupt;
mod machine;
mod output;
mod request;
mod simulate;

use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// Fit scaling laws with error bars that can be trusted.
#[derive(Debug, Parser)]
#[command(name = "lawfit", version, about, long_about = None, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  lawfit fit runs.csv                          guess the columns, fit, compare, judge
  lawfit fit @cerebras-gpt --plot law.svg      built-in data, and a picture
  lawfit fit runs.csv --x D --y val_loss --where 'C < 1e21'
  lawfit fit runs.csv --formula 'E + A*N^-alpha' --param 'alpha=0.3 in 0..2'
  lawfit diagnose runs.csv --plot residuals.png
  lawfit predict runs.csv --at 70B,400B --target 1.8
  lawfit fit runs.csv --format json --output law.json
  lawfit predict law.json --at 1e12
  lawfit calibrate runs.csv                    which interval to trust on this design";

#[derive(Debug, Subcommand)]
enum Command {
    /// Fit scaling laws to a table of runs, compare them, and say whether the power law holds
    Fit(request::FitArgs),
    /// Predict the response at a size, and the size that reaches a response
    Predict(request::FitArgs),
    /// Say whether, how and where the power law breaks down, with every check behind the answer
    Diagnose(request::FitArgs),
    /// Compare the forms side by side
    Compare(request::FitArgs),
    /// Judge the methods themselves on simulated data
    Bench(bench::BenchArgs),
    /// Simulate your own design, and say how often every interval method holds the truth there
    Calibrate(calibrate::CalibrateArgs),
    /// List the forms that can be fitted
    Forms(forms::FormsArgs),
    /// List the built-in data sets, or print one
    Datasets(datasets::DatasetsArgs),
    /// Draw runs from a law with known parameters, as CSV
    Simulate(simulate::SimulateArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
}

/// Run the program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Fit(args) => fit::run(&args, fit::View::Fit),
        Command::Predict(args) => fit::run(&args, fit::View::Predict),
        Command::Diagnose(args) => fit::run(&args, fit::View::Diagnose),
        Command::Compare(args) => fit::run(&args, fit::View::Compare),
        Command::Bench(args) => bench::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Forms(args) => forms::run(&args),
        Command::Datasets(args) => datasets::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Completions(args) => completions::run(&args, &mut Cli::command()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
