//! `lawfit simulate`: runs drawn from a law with known parameters.

use super::failure::Failure;
use super::output;
use crate::benchmark::{Noise, Simulation};
use crate::data::{format_size, parse_size};
use crate::form::by_id;
use clap::{Args, ValueEnum};
use std::fmt::Write as _;

/// Arguments of `simulate`.
#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// The law (see `lawfit forms`)
    #[arg(long, default_value = "floor")]
    form: String,
    /// A parameter of the law, NAME=VALUE; give each once
    #[arg(long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// Number of sizes, spaced evenly in ln N
    #[arg(long, default_value_t = 12, value_name = "N")]
    sizes: usize,
    /// Smallest and largest size, LOW..HIGH
    #[arg(long, default_value = "10M..10B", value_name = "LOW..HIGH")]
    range: String,
    /// Runs at each size
    #[arg(long, default_value_t = 1, value_name = "K")]
    repeats: usize,
    /// Standard deviation of the errors on the form's own scale (0.01 is 1% for a loss)
    #[arg(long, default_value_t = 0.01, value_name = "SIGMA")]
    noise: f64,
    /// Distribution of the errors
    #[arg(long, value_enum, default_value_t = Errors::Normal)]
    errors: Errors,
    /// Seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Errors {
    Normal,
    T3,
}

pub(super) fn run(args: &SimulateArgs) -> Result<(), Failure> {
    let form = by_id(&args.form)?;
    let mut named = Vec::new();
    for text in &args.params {
        let parsed = text
            .split_once('=')
            .and_then(|(name, value)| Some((name.trim().to_owned(), value.trim().parse::<f64>().ok()?)));
        match parsed {
            Some(pair) => named.push(pair),
            None => {
                return Err(Failure::usage(
                    format!("--param: found `{text}`, expected NAME=VALUE"),
                    "for instance --param alpha=0.34",
                ));
            }
        }
    }
    let range = args
        .range
        .split_once("..")
        .and_then(|(low, high)| Some((parse_size(low.trim()).ok()?, parse_size(high.trim()).ok()?)));
    let Some(range) = range else {
        return Err(Failure::usage(
            format!("--range: found `{}`, expected LOW..HIGH", args.range),
            "for instance --range 10M..10B",
        ));
    };
    let simulation = Simulation {
        form,
        params: Simulation::order(form, &named)?,
        scale: form.about().scales[0],
        range,
        sizes: args.sizes,
        replicates: args.repeats,
        sigma: args.noise,
        noise: match args.errors {
            Errors::Normal => Noise::Normal,
            Errors::T3 => Noise::StudentT3,
        },
        seed: args.seed,
    };
    let rows = simulation.draw()?;
    let truth: Vec<String> =
        form.params().iter().zip(&simulation.params).map(|(p, v)| format!("{} = {v}", p.name)).collect();
    let response = if form.about().bounded { "accuracy" } else { "loss" };
    let mut text = format!(
        "# simulated by lawfit {}: {} with {}\n# errors {}, standard deviation {} on the {} scale; sizes {} to {}; seed {}\nN,{response}\n",
        env!("CARGO_PKG_VERSION"),
        form.about().formula,
        truth.join(", "),
        match args.errors {
            Errors::Normal => "normal",
            Errors::T3 => "t with 3 degrees of freedom",
        },
        args.noise,
        simulation.scale.id(),
        format_size(range.0),
        format_size(range.1),
        args.seed
    );
    for (x, y) in rows {
        let _ = writeln!(text, "{x},{y}");
    }
    match &args.output {
        Some(path) => output::save(path, text.as_bytes()),
        None => output::print(&text),
    }
}
