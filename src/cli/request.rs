//! The arguments of an analysis, and the request that they make.

use super::args::{DataArgs, targets};
use super::failure::Failure;
use crate::data::{Scale, parse_number};
use crate::fit::Spread;
use crate::form::formula::{Formula, ParamSpec};
use crate::form::{self, Form, Restriction};
use crate::loss::Loss;
use crate::report::{BootstrapRequest, Detail, Request};
use crate::solve::{Method, StartGrid};
use crate::uncertainty::{self, Level, Resampler};
use clap::{Args, ValueEnum};

/// Arguments of `fit`, `diagnose`, `predict` and `compare`.
#[derive(Debug, Args)]
pub(super) struct FitArgs {
    #[command(flatten)]
    pub(super) data: DataArgs,
    /// Forms to fit, separated by commas [default: chosen by the response; see `lawfit forms`]
    #[arg(long, value_name = "FORM", value_delimiter = ',', help_heading = "Fit")]
    pub(super) form: Vec<String>,
    /// A law of your own, for instance 'E + A*N^-alpha': names of columns are data, all others parameters; may be repeated
    #[arg(long, value_name = "FORMULA", help_heading = "Fit", allow_hyphen_values = true)]
    pub(super) formula: Vec<String>,
    /// Start and bounds of a parameter of --formula, for instance 'alpha=0.3 in 0..2', 'alpha=0.3' or 'alpha in 0..'
    #[arg(long, value_name = "PARAM", help_heading = "Fit")]
    pub(super) param: Vec<String>,
    /// Scale of the errors, for forms that have a choice
    #[arg(long, value_name = "SCALE", help_heading = "Fit")]
    pub(super) scale: Option<String>,
    /// How the spread of the errors changes with size: constant, or as an estimated power of it [default: constant]
    #[arg(long, value_name = "SPREAD", value_enum, help_heading = "Fit")]
    pub(super) spread: Option<SpreadChoice>,
    /// Hold a parameter fixed, NAME=VALUE; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_delimiter = ',', help_heading = "Fit")]
    pub(super) fix: Vec<String>,
    /// Parameters that the sets of rows of --by share, separated by commas [default: none; each set has its own]
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Fit")]
    pub(super) share: Vec<String>,
    /// What a residual costs: squared, huber:DELTA, huber:auto, lad, student:NU, envelope:TAU [default: squared]
    #[arg(long, value_name = "LOSS", help_heading = "Fit")]
    pub(super) loss: Option<String>,
    /// Where the search starts: form, hoffmann-4500, olmo, porian, sobol:N
    #[arg(long, default_value = "form", value_name = "GRID", help_heading = "Fit")]
    pub(super) starts: String,
    /// Solver: auto, lm, varpro, lbfgs, nelder-mead
    #[arg(long, default_value = "auto", value_name = "SOLVER", help_heading = "Fit")]
    pub(super) solver: String,
    /// Interval to report first: auto, t, spread-t, hc2, hc3, cr2, profile-t, profile-bootstrap, exact-set, score, sandwich,
    /// jackknife, percentile, basic, bca, bootstrap-t, subsampling, wild-cluster-t
    #[arg(long, default_value = "auto", value_name = "METHOD", help_heading = "Uncertainty")]
    pub(super) interval: String,
    /// Confidence level, a fraction
    #[arg(long, value_name = "LEVEL", help_heading = "Uncertainty", allow_negative_numbers = true)]
    pub(super) level: Option<f64>,
    /// Who is redrawn: block, cluster, pairs, parametric, residual, subsample, wild, wild-cluster, wild-mammen, wild-rademacher
    /// [default: residual for a line, wild for a curve, pairs for other losses; wild-cluster and cluster with --cluster]
    #[arg(long, value_name = "RESAMPLER", help_heading = "Uncertainty")]
    pub(super) bootstrap: Option<String>,
    /// Bootstrap replicates [default: 1999, fewer for very many rows]
    #[arg(long, value_name = "B", help_heading = "Uncertainty", allow_negative_numbers = true)]
    pub(super) replicates: Option<usize>,
    /// Seed of every random number
    #[arg(long, value_name = "SEED", help_heading = "Uncertainty", allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
    /// Sizes to predict at, for instance 70B,1e12, or N=70B,D=1.4T [default: ten times the largest run]
    #[arg(
        long,
        value_name = "SIZE",
        value_delimiter = ',',
        help_heading = "Prediction",
        allow_negative_numbers = true
    )]
    pub(super) at: Vec<String>,
    /// Responses whose size is wanted, for instance 1.8
    #[arg(
        long,
        value_name = "RESPONSE",
        value_delimiter = ',',
        help_heading = "Prediction",
        allow_negative_numbers = true
    )]
    pub(super) target: Vec<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub(super) format: Format,
    /// Write the result to a file instead of standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<String>,
    /// Draw a picture to a file that ends in .svg or .png: data, fits and residuals (`diagnose`: four panels of residuals)
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) plot: Option<String>,
    /// Leave out the small plot in the terminal
    #[arg(long, help_heading = "Output")]
    pub(super) no_chart: bool,
    /// Exit with code 1 when a finding says that the result is not to be trusted
    #[arg(long, help_heading = "Output")]
    pub(super) strict: bool,
    /// Threads for the bootstrap (results do not depend on it) [default: all cores]
    #[arg(long, value_name = "T", help_heading = "Output", allow_negative_numbers = true)]
    pub(super) threads: Option<usize>,
}

/// How the spread of the errors changes with size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SpreadChoice {
    Constant,
    Power,
}

/// How to print a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Csv,
    Md,
    Latex,
}

/// Most replicates that may be asked for: what they hold must fit into memory.
const MOST_REPLICATES: usize = 1_000_000;

/// Turn the arguments into a request; what a saved result brings is added by [`read`], and so are the points of `--at`,
/// which are named after its predictors.
pub(super) fn request(args: &FitArgs) -> Result<Request, Failure> {
    let forms =
        args.form.iter().map(|id| form::by_id(id.trim())).collect::<Result<Vec<&'static dyn Form>, _>>()?;
    if let Some(twice) = (1..forms.len()).find(|&k| forms[..k].iter().any(|f| f.id() == forms[k].id())) {
        return Err(Failure::usage(
            format!("--form: `{}` is given twice", forms[twice].id()),
            "name each form once",
        ));
    }
    let scale = args
        .scale
        .as_deref()
        .map(|id| {
            Scale::ALL.into_iter().find(|s| s.id() == id).ok_or_else(|| {
                Failure::usage(
                    format!(
                        "--scale: found `{id}`, expected one of {}",
                        Scale::ALL.map(Scale::id).join(", ")
                    ),
                    "leave it out to have errors in proportion to the response",
                )
            })
        })
        .transpose()?;
    if let Some(scale) = scale {
        // A scale that no form asked for can have would otherwise be ignored in silence.
        let candidates: Vec<&dyn Form> = if forms.is_empty() {
            form::CATALOGUE.to_vec()
        } else {
            forms.iter().map(|f| *f as &dyn Form).collect()
        };
        if args.formula.is_empty() && !candidates.iter().any(|f| f.about().scales.contains(&scale)) {
            let ids: Vec<&str> = candidates.iter().map(|f| f.id()).collect();
            return Err(Failure::usage(
                format!(
                    "--scale {} contradicts --form {}: the form has no such scale",
                    scale.id(),
                    ids.join(",")
                ),
                "`lawfit forms` lists every form with its scales",
            ));
        }
    }
    let lead = match args.interval.as_str() {
        "auto" => None,
        id => Some(uncertainty::CATALOGUE.iter().map(|m| m.id()).find(|m| *m == id).ok_or_else(|| {
            let known: Vec<&str> = uncertainty::CATALOGUE.iter().map(|m| m.id()).collect();
            Failure::usage(
                format!("--interval: found `{id}`, expected auto or one of {}", known.join(", ")),
                "`auto` follows the table of docs/AUTO.md",
            )
        })?),
    };
    if args.replicates.is_some_and(|b| b > MOST_REPLICATES) {
        return Err(Failure::usage(
            format!(
                "--replicates: found {}, expected at most {MOST_REPLICATES}",
                args.replicates.unwrap_or(0)
            ),
            "1999 is the default; 19999 gives limits that change in the third digit only",
        ));
    }
    if args.replicates == Some(0) {
        return Err(Failure::usage(
            "--replicates: found 0, expected at least 39 for a 95% interval",
            "1999 is the default; the leading interval needs no bootstrap",
        ));
    }
    let resampler = args.bootstrap.as_deref().map(Resampler::by_id).transpose()?;
    Ok(Request {
        forms,
        scale,
        spread: match args.spread {
            Some(SpreadChoice::Power) => Spread::Power,
            Some(SpreadChoice::Constant) | None => Spread::Constant,
        },
        loss: args.loss.as_deref().map_or(Ok(Loss::SQUARED), Loss::parse)?,
        method: Method::by_id(&args.solver)?,
        restriction: restriction(args)?,
        starts: StartGrid::parse(&args.starts)?,
        lead,
        level: Level::new(args.level.unwrap_or(0.95))?,
        bootstrap: BootstrapRequest { resampler, replicates: args.replicates },
        seed: args.seed.unwrap_or(1),
        at: Vec::new(),
        targets: targets(&args.target)?,
        detail: Detail::default(),
        command: command_line(),
    })
}

/// What is asked of the parameters.
fn restriction(args: &FitArgs) -> Result<Restriction, Failure> {
    let fixed = args
        .fix
        .iter()
        .map(|text| {
            let pair = text
                .split_once('=')
                .and_then(|(name, value)| Some((name.trim().to_owned(), parse_number(value.trim()).ok()?)));
            pair.ok_or_else(|| {
                Failure::usage(
                    format!("--fix: found `{text}`, expected NAME=VALUE"),
                    "for instance --fix alpha=0.34; `lawfit forms` lists the parameters",
                )
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Restriction { fixed, shared: args.share.iter().map(|s| s.trim().to_owned()).collect() })
}

/// Read the formulas, each with the parameters that it has.
pub(super) fn formulas(args: &FitArgs) -> Result<Vec<Formula>, Failure> {
    let specs = args.param.iter().map(|text| text.parse()).collect::<Result<Vec<ParamSpec>, _>>()?;
    let read = args.formula.iter().map(|text| Formula::parse(text)).collect::<Result<Vec<_>, _>>()?;
    if let (Some(spec), true) = (specs.first(), read.is_empty()) {
        return Err(Failure::usage(
            format!("--param `{}`: found no --formula that it belongs to", spec.name),
            "write the law with --formula 'E + A*N^-alpha'",
        ));
    }
    let several = read.len() > 1;
    let stray = specs.iter().position(|s| !read.iter().any(|f| f.names().contains(&s.name)));
    let mut out = Vec::new();
    for (k, formula) in read.into_iter().enumerate() {
        // What belongs to no formula is said of the first.
        let own = specs
            .iter()
            .enumerate()
            .filter(|(i, s)| formula.names().contains(&s.name) || (k == 0 && stray == Some(*i)));
        let own = own.map(|(_, s)| s.clone()).collect();
        let formula = formula.with_params(own)?;
        out.push(if several { formula.named(&format!("formula-{}", k + 1)) } else { formula });
    }
    Ok(out)
}

/// The command line for the record, without what has no influence on the result.
fn command_line() -> Vec<String> {
    const SILENT: [&str; 3] = ["--threads", "--output", "--plot"];
    let mut words = vec!["lawfit".to_owned()];
    let mut skip = false;
    for word in std::env::args().skip(1) {
        if std::mem::take(&mut skip) {
            continue;
        }
        if SILENT.contains(&word.as_str()) {
            skip = true;
        } else if !SILENT.iter().any(|s| word.starts_with(&format!("{s}="))) {
            words.push(word);
        }
    }
    words
}
