//! `lawfit bench coverage`: how often every interval holds the truth, in cells that can be run apart.

use super::args::StudyFormat;
use super::calibrate::check_folder;
use super::failure::Failure;
use super::interrupt;
use super::machine::{Bar, with_threads};
use super::output;
use crate::benchmark::coverage::{
    GROUPS, Header, Measure, Panel, Scenario, Settings, Study, cells, run as run_cell,
};
use crate::report::Progress as _;
use crate::report::coverage::render;
use crate::report::study::Style;
use crate::uncertainty::{Bootstrap, Level, Resampler};
use clap::Args;
use std::fmt::Write as _;
use std::io::Write as _;

/// Arguments of `bench coverage`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CoverageArgs {
    /// Simulated data sets a cell
    #[arg(long, default_value_t = 2000, value_name = "SETS")]
    sets: usize,
    /// Bootstrap replicates a data set
    #[arg(long, default_value_t = 199, value_name = "B")]
    replicates: usize,
    /// Run only the cells of these groups [default: all]
    #[arg(long, value_delimiter = ',', value_name = "GROUP", value_parser = GROUPS)]
    group: Vec<String>,
    /// Run only these cells (see --list)
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    cell: Vec<String>,
    /// Judge only these methods, for instance auto,t,hc3,wild-percentile [default: all]
    #[arg(long, value_delimiter = ',', value_name = "METHOD")]
    methods: Vec<String>,
    /// Run only every K-th of these cells, from the I-th on
    #[arg(long, value_name = "I/K")]
    shard: Option<String>,
    /// Seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep the table in a file, written after every cell; cells that it holds already are not run again
    #[arg(long, value_name = "FILE")]
    output: Option<String>,
    /// Join tables of shards, or only print one, instead of running cells
    #[arg(long, visible_alias = "from", value_name = "FILE", num_args = 1..,
        conflicts_with_all = ["shard", "list", "sets", "replicates", "group", "cell", "methods", "seed"])]
    merge: Vec<String>,
    /// How to print the table [default: text; csv with --merge; nothing with --output]
    #[arg(long, value_enum)]
    format: Option<StudyFormat>,
    /// List the cells, one a line
    #[arg(long)]
    list: bool,
    /// Threads (results do not depend on it) [default: all cores]
    #[arg(long, value_name = "T")]
    threads: Option<usize>,
}

const EXAMPLES: &str = "Examples:
  lawfit bench coverage --output study.csv                  run, or go on with, the whole study
  lawfit bench coverage --shard 3/16 --output part-3.csv    one part of sixteen, for a job array
  lawfit bench coverage --merge part-*.csv --output study.csv
  lawfit bench coverage --from study.csv --format md";

/// Names of missing cells that are told.
const NAMED: usize = 5;

pub(super) fn run(args: &CoverageArgs) -> Result<(), Failure> {
    if let Some(path) = &args.output {
        check_folder(path)?;
    }
    if let [first, others @ ..] = args.merge.as_slice() {
        let mut study = read(first)?;
        for path in others {
            study.merge(path, read(path)?)?;
        }
        tell_missing(&study);
        return finish(args, &study, StudyFormat::Csv);
    }
    let chosen = part(args, selection(args)?)?;
    if args.list {
        return list(&chosen);
    }
    let settings = settings(args)?;
    let chosen = judged(args, &settings, chosen)?;
    let header = Header::of(&settings);
    let mut study = Study::new(header.clone());
    if let Some(path) = args.output.as_deref().filter(|p| std::path::Path::new(p).is_file()) {
        let text = std::fs::read_to_string(path).map_err(|e| Failure::read(path, &e))?;
        let (kept, cut) = Study::resume(path, &text)?;
        kept.belongs(path, &header)?;
        if let Some(cell) = cut {
            note(&format!(
                "`{path}` was cut short: cell `{cell}` is not complete, its rows are left out until it is run again"
            ));
        }
        study = kept;
    }
    let missing = study.missing();
    let open: Vec<&Scenario> = chosen.iter().filter(|c| missing.contains(&c.id)).collect();
    interrupt::listen();
    let bar = Bar::new("data sets");
    bar.begin(open.len() * args.sets);
    let left = with_threads(args.threads, || -> Result<usize, Failure> {
        for (done, cell) in open.iter().enumerate() {
            let Some(rows) = run_cell(cell, &settings, &|| bar.advance(), &interrupt::asked)? else {
                return Ok(open.len() - done);
            };
            study.add(rows);
            if let Some(path) = &args.output {
                output::save(path, study.to_csv().as_bytes())?;
            }
        }
        Ok(0)
    })??;
    drop(bar);
    finish(args, &study, StudyFormat::Text)?;
    if left == 0 {
        return Ok(());
    }
    let hint = match &args.output {
        Some(path) => format!("the cells that are done are in `{path}`: the same command runs the others"),
        None => "with --output FILE the same command can be stopped and goes on later".to_owned(),
    };
    Err(Failure::stopped(format!("stopped with {left} of {} cells to go", chosen.len()), &hint))
}

/// The settings that the arguments ask for.
fn settings(args: &CoverageArgs) -> Result<Settings, Failure> {
    if args.sets == 0 {
        return Err(Failure::usage(
            "--sets: found 0, expected at least 1",
            "2000 gives coverages to about half a point",
        ));
    }
    let level = Level::default();
    Bootstrap { resampler: Resampler::Pairs, replicates: args.replicates, seed: args.seed }.check(level)?;
    let panel = Panel::named(&args.methods)?;
    let measure = Measure { panel, level, replicates: args.replicates };
    Ok(Settings { seed: args.seed, sets: args.sets, measure })
}

/// Tell on standard error what a reader of the results should know.
fn note(text: &str) {
    // Nothing is left to tell when standard error is closed.
    let _ = writeln!(std::io::stderr().lock(), "note: {text}");
}

/// Tell how many cells a study lacks, and the first of their names.
fn tell_missing(study: &Study) {
    let missing = study.missing();
    if missing.is_empty() {
        return;
    }
    let first: Vec<&str> = missing.iter().take(NAMED).map(String::as_str).collect();
    let more = if missing.len() > NAMED { ", ..." } else { "" };
    note(&format!(
        "{} of {} cells of the study are missing: {}{more}",
        missing.len(),
        cells().len(),
        first.join(", ")
    ));
}

/// Of the chosen cells those that a method is left for.
fn judged(args: &CoverageArgs, settings: &Settings, chosen: Vec<Scenario>) -> Result<Vec<Scenario>, Failure> {
    let suited = |c: &Scenario| !settings.measure.panel.suited_to(c).methods.is_empty();
    // A shard may happen to have none of the cells: that is no mistake.
    if !selection(args)?.iter().any(suited) {
        return Err(Failure::usage(
            format!("--methods {}: none of them suits any of the chosen cells", args.methods.join(",")),
            "leave out --methods, or choose other cells: cluster intervals need families of rows, the profile a curve",
        ));
    }
    let before = chosen.len();
    let kept: Vec<Scenario> = chosen.into_iter().filter(suited).collect();
    if kept.len() < before {
        note(&format!(
            "{} of {before} cells are left out: none of the methods suits them",
            before - kept.len()
        ));
    }
    Ok(kept)
}

/// The cells that the arguments choose, in the order of the study, whatever the shard.
fn selection(args: &CoverageArgs) -> Result<Vec<Scenario>, Failure> {
    let all = cells();
    if let Some(stranger) = args.cell.iter().find(|id| all.iter().all(|c| c.id != **id)) {
        return Err(Failure::usage(
            format!("--cell: found `{stranger}`, which is no cell of the study"),
            "`lawfit bench coverage --list` lists them",
        ));
    }
    let wanted = |c: &Scenario| {
        (args.group.is_empty() || args.group.iter().any(|g| g == c.group))
            && (args.cell.is_empty() || args.cell.contains(&c.id))
    };
    let chosen: Vec<Scenario> = all.into_iter().filter(wanted).collect();
    if chosen.is_empty() {
        return Err(Failure::usage(
            "no cell chosen: none of those of --cell is in the groups of --group",
            "`lawfit bench coverage --list --group GROUP` lists the cells of a group",
        ));
    }
    Ok(chosen)
}

/// The part of the chosen cells that --shard asks for.
fn part(args: &CoverageArgs, chosen: Vec<Scenario>) -> Result<Vec<Scenario>, Failure> {
    let Some(text) = &args.shard else { return Ok(chosen) };
    let (part, parts) = shard(text)?;
    let all = chosen.len();
    let own: Vec<Scenario> =
        chosen.into_iter().enumerate().filter(|(i, _)| i % parts == part - 1).map(|c| c.1).collect();
    if own.is_empty() {
        note(&format!("--shard {text} has no cell: {all} are chosen in all"));
    }
    Ok(own)
}

/// Parse `I/K`.
fn shard(text: &str) -> Result<(usize, usize), Failure> {
    let parsed = text.split_once('/').and_then(|(i, k)| Some((i.parse().ok()?, k.parse().ok()?)));
    parsed.filter(|(i, k): &(usize, usize)| (1..=*k).contains(i)).ok_or_else(|| {
        Failure::usage(
            format!("--shard: found `{text}`, expected I/K with I from 1 to K"),
            "for instance --shard 3/16, the third of sixteen parts",
        )
    })
}

fn list(cells: &[Scenario]) -> Result<(), Failure> {
    let mut text = String::new();
    for c in cells {
        let _ = writeln!(text, "{}", c.id);
    }
    output::print(&text)
}

fn read(path: &str) -> Result<Study, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| Failure::read(path, &e))?;
    Ok(Study::parse(path, &text)?)
}

/// Print the table, or write it where it is to be kept.
fn finish(args: &CoverageArgs, study: &Study, default: StudyFormat) -> Result<(), Failure> {
    if let Some(path) = &args.output {
        output::save(path, study.to_csv().as_bytes())?;
        if args.format.is_none() {
            return Ok(());
        }
    }
    output::print(&match args.format.unwrap_or(default) {
        StudyFormat::Text => render(study, Style::Text),
        StudyFormat::Csv => render(study, Style::Csv),
        StudyFormat::Md => render(study, Style::Markdown),
        StudyFormat::Json => serde_json::to_string_pretty(study)
            .map_or_else(|e| format!("{{\"error\": \"{e}\"}}\n"), |s| s + "\n"),
    })
}
