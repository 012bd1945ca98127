//! `lawfit calibrate`: the true coverage of every interval method on the user's own design.

use super::failure::Failure;
use super::fit::read;
use super::interrupt;
use super::machine::{Bar, with_threads};
use super::output;
use super::request::{FitArgs, Format, request};
use crate::benchmark::calibrate::{
    Calibration, CalibrationError, CalibrationErrors, CalibrationRequest, Done,
};
use crate::benchmark::coverage::{Measure, Panel};
use crate::report::calibration::{json, render};
use crate::report::study::Style;
use crate::report::{Progress as _, chosen_fit};
use crate::uncertainty::{Bootstrap, Resampler};
use clap::{Args, ValueEnum};
use std::io;
use std::path::{Path, PathBuf};

/// Data sets a law when nothing else is said: coverages to about a point, in seconds on a dozen rows.
const SETS: usize = 400;
/// Bootstrap replicates a data set when nothing else is said.
const REPLICATES: usize = 199;

/// Arguments of `calibrate`.
#[derive(Debug, Args)]
pub(super) struct CalibrateArgs {
    #[command(flatten)]
    pub(super) fit: FitArgs,
    /// Simulated data sets a law [default: 400; 2000 for half a point]
    #[arg(long, value_name = "SETS", help_heading = "Simulation")]
    sets: Option<usize>,
    /// Errors of the simulated rows, with the spread of the fit
    #[arg(long, value_enum, default_value_t = ErrorsChoice::Normal, help_heading = "Simulation")]
    errors: ErrorsChoice,
    /// Judge only these methods, for instance auto,t,hc3,wild-percentile [default: all]
    #[arg(long, value_delimiter = ',', value_name = "METHOD", help_heading = "Simulation")]
    methods: Vec<String>,
    /// Keep what is done in a file, and go on from there when it exists
    #[arg(long, value_name = "FILE", help_heading = "Simulation")]
    checkpoint: Option<String>,
}

/// The errors that are simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ErrorsChoice {
    Normal,
    /// Student's t with 3 degrees of freedom
    T3,
    /// The residuals of the fit, drawn with replacement
    Residual,
}

/// Seconds between two writes of the checkpoint.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

pub(super) fn run(args: &CalibrateArgs) -> Result<(), Failure> {
    let sets = args.sets.unwrap_or(SETS);
    if sets == 0 {
        return Err(Failure::usage("--sets: found 0, expected at least 1", "400 is the default"));
    }
    if args.fit.form.len() + args.fit.formula.len() > 1 {
        return Err(Failure::usage(
            "calibrate: found several forms, expected one",
            "name one with --form or --formula; without them the best of the comparison is calibrated",
        ));
    }
    if let (Some(output), Some(checkpoint)) = (&args.fit.output, &args.checkpoint)
        && (output == checkpoint || place(output).is_some_and(|p| place(checkpoint) == Some(p)))
    {
        return Err(Failure::usage(
            "--output and --checkpoint name the same file",
            "give the checkpoint a name of its own",
        ));
    }
    for (flag, path) in [("--output", &args.fit.output), ("--checkpoint", &args.checkpoint)] {
        if let Some(path) = path {
            check_folder(path)?;
        }
        if path.as_deref().is_some_and(|p| output::same_file(p, &args.fit.data.data)) {
            return Err(Failure::usage(
                format!("{flag} would replace the data `{}`", args.fit.data.data),
                "give the result a name of its own",
            ));
        }
    }
    refuse(&args.fit)?;
    let mut request = request(&args.fit)?;
    let data = read(&args.fit, &mut request)?;
    let replicates = args.fit.replicates.unwrap_or(REPLICATES);
    Bootstrap { resampler: Resampler::Pairs, replicates, seed: request.seed }.check(request.level)?;
    let panel = if args.methods.is_empty() { Panel::usual() } else { Panel::named(&args.methods)? };
    let wanted = CalibrationRequest {
        sets,
        measure: Measure { panel, level: request.level, replicates },
        errors: match args.errors {
            ErrorsChoice::Normal => CalibrationErrors::Normal,
            ErrorsChoice::T3 => CalibrationErrors::T3,
            ErrorsChoice::Residual => CalibrationErrors::Residual,
        },
        seed: request.seed,
    };
    interrupt::listen();
    let (summary, stopped) = with_threads(args.fit.threads, || -> Result<_, Failure> {
        let spec = chosen_fit(&data, &request)?;
        let calibration = Calibration::new(spec, &data, wanted)?;
        let start = resume(args, &calibration)?.first(sets);
        let bar = Bar::new("data sets");
        bar.begin(calibration.total() - start.sets() * calibration.laws.laws.len());
        let mut written = std::time::Instant::now();
        let mut keep = |done: &Done| match &args.checkpoint {
            Some(path) if written.elapsed() >= PATIENCE => {
                written = std::time::Instant::now();
                output::save(path, done.to_text(&calibration).as_bytes())
            }
            _ => Ok(()),
        };
        let before = start.sets();
        let done = calibration.run(start, &|| bar.advance(), &interrupt::asked, &mut keep)?;
        if let Some(path) = args.checkpoint.as_ref().filter(|_| done.sets() > before) {
            output::save(path, done.to_text(&calibration).as_bytes())?;
        }
        Ok((calibration.summary(&done), done.sets() < sets))
    })??;
    let text = match args.fit.format {
        Format::Text => render(&summary, Style::Text),
        Format::Csv => render(&summary, Style::Csv),
        Format::Md => render(&summary, Style::Markdown),
        // Refused before any work; JSON is what is left.
        Format::Json | Format::Latex => {
            json(&summary).unwrap_or_else(|e| format!("{{\"error\": \"{e}\"}}\n"))
        }
    };
    match &args.fit.output {
        Some(path) => output::save(path, text.as_bytes())?,
        None => output::print(&text)?,
    }
    if !stopped {
        return Ok(());
    }
    let hint = match &args.checkpoint {
        Some(path) if summary.sets_done > 0 => {
            format!("what is done is in `{path}`: the same command goes on from there")
        }
        Some(_) => "nothing was done yet: the same command begins anew".to_owned(),
        None => "with --checkpoint FILE the same command can be stopped and goes on later".to_owned(),
    };
    Err(Failure::stopped(format!("stopped after {} of {sets} data sets a law", summary.sets_done), &hint))
}

/// Check that the folder of a result is there, before the work for it is done.
pub(super) fn check_folder(path: &str) -> Result<(), Failure> {
    let folder = Path::new(path).parent().filter(|f| !f.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(Failure::write(path, &io::ErrorKind::NotFound.into())),
        _ => Ok(()),
    }
}

/// Where a path leads, whether or not the file is there yet.
fn place(path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    if let Ok(found) = std::fs::canonicalize(path) {
        return Some(found);
    }
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(std::fs::canonicalize(folder).ok()?.join(path.file_name()?))
}

impl From<CalibrationError> for Failure {
    fn from(e: CalibrationError) -> Failure {
        let hint = match e {
            CalibrationError::Fit(e) => return e.into(),
            CalibrationError::Exact { .. } => {
                "errors are simulated with the spread of the residuals: a calibration needs rows with errors"
            }
            CalibrationError::NoMethod { .. } => "leave out --methods to judge every method that suits",
        };
        Failure::usage(e.to_string(), hint)
    }
}

/// Refuse what says how a fit is shown or its bootstrap run: here it would be ignored in silence.
fn refuse(args: &FitArgs) -> Result<(), Failure> {
    let asked = [
        ("--format latex", args.format == Format::Latex),
        ("--plot", args.plot.is_some()),
        ("--no-chart", args.no_chart),
        ("--strict", args.strict),
        ("--at", !args.at.is_empty()),
        ("--target", !args.target.is_empty()),
        ("--bootstrap", args.bootstrap.is_some()),
        ("--interval", args.interval != "auto"),
    ];
    match asked.iter().find(|a| a.1) {
        None => Ok(()),
        Some((flag, _)) => Err(Failure::usage(
            format!("calibrate: found {flag}, which it has no use for"),
            "--methods says which intervals are judged; `lawfit fit` has the intervals themselves",
        )),
    }
}

/// Read what an earlier run has done.
fn resume(args: &CalibrateArgs, calibration: &Calibration<'_>) -> Result<Done, Failure> {
    let Some(path) = args.checkpoint.as_deref().filter(|p| std::path::Path::new(p).is_file()) else {
        return Ok(calibration.nothing_done());
    };
    let text = std::fs::read_to_string(path).map_err(|e| Failure::read(path, &e))?;
    Ok(Done::parse(path, &text, calibration)?)
}
