//! `lawfit bench`: studies of the methods themselves, reproducible from one seed.

use super::args::StudyFormat;
use super::bench_coverage;
use super::failure::Failure;
use super::machine::{Bar, with_threads};
use super::output;
use crate::benchmark::verdict_study::{Cell, Score, cells};
use crate::report::Progress as _;
use crate::report::study::{self, Style};
use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub(super) struct BenchArgs {
    #[command(subcommand)]
    study: Study,
}

#[derive(Debug, Subcommand)]
enum Study {
    /// How often the interval of every method holds the truth, on simulated laws, designs and errors
    Coverage(bench_coverage::CoverageArgs),
    /// False alarms and power of the verdict, and coverage of the interval of a break, on simulated laws
    Verdict(VerdictArgs),
}

/// Arguments of `bench verdict`.
#[derive(Debug, Args)]
struct VerdictArgs {
    /// Simulated data sets a cell
    #[arg(long, default_value_t = 1000, value_name = "SETS")]
    sets: usize,
    /// Run only the cells of these groups [default: all]
    #[arg(long, value_enum, value_delimiter = ',')]
    group: Vec<Group>,
    /// Seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How to print the scores
    #[arg(long, value_enum, default_value_t = StudyFormat::Text)]
    format: StudyFormat,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<String>,
    /// Threads (results do not depend on it) [default: all cores]
    #[arg(long, value_name = "T")]
    threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    /// False alarms on true lines
    Size,
    /// Rejection of what is not a line with normal noise
    Power,
    /// False alarms on a true law with a floor, judged as such
    Curve,
    /// The interval of a break
    Break,
}

impl Group {
    fn id(self) -> &'static str {
        match self {
            Group::Size => "size",
            Group::Power => "power",
            Group::Curve => "curve",
            Group::Break => "break",
        }
    }
}

pub(super) fn run(args: &BenchArgs) -> Result<(), Failure> {
    match &args.study {
        Study::Coverage(args) => bench_coverage::run(args),
        Study::Verdict(args) => verdict(args),
    }
}

fn verdict(args: &VerdictArgs) -> Result<(), Failure> {
    if args.sets == 0 {
        return Err(Failure::usage(
            "--sets: found 0, expected at least 1",
            "1000 gives rates to about 0.7 points",
        ));
    }
    let wanted = |c: &Cell| args.group.is_empty() || args.group.iter().any(|g| g.id() == c.group);
    let cells: Vec<Cell> = cells().into_iter().filter(wanted).collect();
    let bar = Bar::new("data sets");
    bar.begin(cells.len() * args.sets);
    let scores: Vec<Score> = with_threads(args.threads, || {
        cells.iter().map(|c| c.run(args.sets, args.seed, &|| bar.advance())).collect()
    })?;
    drop(bar);
    let text = match args.format {
        StudyFormat::Text => study::render(&scores, args.seed, Style::Text),
        StudyFormat::Csv => study::render(&scores, args.seed, Style::Csv),
        StudyFormat::Md => study::render(&scores, args.seed, Style::Markdown),
        StudyFormat::Json => serde_json::to_string_pretty(&scores)
            .map_or_else(|e| format!("{{\"error\": \"{e}\"}}\n"), |s| s + "\n"),
    };
    match &args.output {
        Some(path) => output::save(path, text.as_bytes()),
        None => output::print(&text),
    }
}
