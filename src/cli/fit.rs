//! `lawfit fit`, `predict`, `compare` and `diagnose`: one pipeline, four views of its report.

use super::args::points;
use super::failure::Failure;
use super::machine::{Bar, with_threads};
use super::output;
use super::request::{FitArgs, Format, formulas, request};
use crate::data::{Content, Dataset, FlopRule, Predictor, Quantity, Scale, Selection, load};
use crate::diagnose::Severity;
use crate::fit::default_forms;
use crate::form::formula::Formula;
use crate::report::figure::Figure;
use crate::report::panels::Panels;
use crate::report::plot::{self, DEFAULT_HEIGHT, DEFAULT_WIDTH, PlotError};
use crate::report::table::{Style, Subject};
use crate::report::text::{Layout, render};
use crate::report::{Analysis, Detail, Request, analyse, chart, diagnostic_figure, read_saved, table};
use crate::uncertainty::Level;

/// Which parts of the report are wanted as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Fit,
    Predict,
    Compare,
    Diagnose,
}

impl View {
    /// The table of this view in the formats that hold one table.
    fn subject(self) -> Subject {
        match self {
            View::Fit => Subject::Parameters,
            View::Predict => Subject::Predictions,
            View::Compare => Subject::Comparison,
            View::Diagnose => Subject::Checks,
        }
    }
}

pub(super) fn run(args: &FitArgs, view: View) -> Result<(), Failure> {
    let picture = args.plot.as_deref().map(Picture::from_path).transpose()?;
    if args.output.is_some() && args.output == args.plot {
        return Err(Failure::usage(
            "--output and --plot name the same file",
            "give the picture a name of its own, ending in .svg or .png",
        ));
    }
    for (flag, path) in [("--output", &args.output), ("--plot", &args.plot)] {
        if path.as_deref().is_some_and(|p| output::same_file(p, &args.data.data)) {
            return Err(Failure::usage(
                format!("{flag} would replace the data `{}`", args.data.data),
                "give the result a name of its own",
            ));
        }
    }
    let mut request = request(args)?;
    if view == View::Diagnose {
        request.detail = Detail::Full;
    }
    let data = read(args, &mut request)?;
    if let (Some(unit), Some(at)) = (&data.x().unit, args.at.iter().find(|a| has_suffix(a))) {
        return Err(Failure::usage(
            format!("--at: found `{at}`, but `{}` is in {unit}", data.x().name),
            "write the size in that unit, as a plain number",
        ));
    }
    if let Some(r) =
        request.bootstrap.resampler.filter(|r| r.scheme().needs_clusters() && data.cluster.is_none())
    {
        return Err(Failure::usage(
            format!("--bootstrap {}: found no clusters to draw", r.id()),
            "name their column with --cluster, for instance the run or the model family",
        ));
    }
    request.at = points(&args.at, &data)?;
    if view == View::Predict && request.at.is_empty() && request.targets.is_empty() {
        return Err(Failure::usage(
            "predict: found neither --at nor --target",
            "say where: --at 70B,400B for responses, --target 1.8 for sizes",
        ));
    }
    let analysis = with_threads(args.threads, || analyse(&data, &request, &Bar::new("bootstrap")))??;
    let needs_chart =
        view != View::Diagnose && (picture.is_some() || (args.format == Format::Text && !args.no_chart));
    let figure = needs_chart.then(|| chart(&data, &analysis, request.level, picture.is_some()));
    let text = match args.format {
        Format::Json => json(&analysis),
        Format::Csv => table::render(&analysis.report, view.subject(), Style::Csv),
        Format::Md => table::render(&analysis.report, view.subject(), Style::Markdown),
        Format::Latex => table::render(&analysis.report, view.subject(), Style::Latex),
        Format::Text => {
            let small = match &figure {
                Some(f) if view == View::Fit && !args.no_chart => {
                    plot::terminal(f, DEFAULT_WIDTH, DEFAULT_HEIGHT, !utf8())
                }
                _ => String::new(),
            };
            render(&analysis.report, &small, layout(view))
        }
    };
    if let (Some(picture), Some(path)) = (picture, &args.plot) {
        let bytes = match (view, &figure) {
            (View::Diagnose, _) => diagnostic_figure(&data, &analysis, None).map(|p| picture.of_panels(&p)),
            (_, figure) => figure.as_ref().map(|f| picture.of_figure(f)),
        };
        if let Some(bytes) = bytes {
            output::save(path, &bytes?)?;
        }
    }
    match &args.output {
        Some(path) => output::save(path, text.as_bytes())?,
        None => output::print(&text)?,
    }
    strict(args, &analysis)
}

/// Fail under `--strict` when a finding is severe.
fn strict(args: &FitArgs, analysis: &Analysis) -> Result<(), Failure> {
    let severe: Vec<&str> =
        analysis.report.findings.iter().filter(|f| f.severity >= Severity::Warning).map(|f| f.id).collect();
    if args.strict && !severe.is_empty() {
        return Err(Failure::untrusted(&severe.join(", ")));
    }
    Ok(())
}

fn layout(view: View) -> Layout {
    Layout {
        width: 96,
        fits: view == View::Fit,
        verdict: matches!(view, View::Fit | View::Diagnose),
        diagnosis: view == View::Diagnose,
        comparison: matches!(view, View::Fit | View::Compare),
        predictions: matches!(view, View::Fit | View::Predict),
    }
}

fn json(analysis: &Analysis) -> String {
    // A report holds no map with keys that are not strings, the one thing that serialisation can refuse.
    serde_json::to_string_pretty(&analysis.report)
        .map_or_else(|e| format!("{{\"error\": \"{e}\"}}\n"), |s| s + "\n")
}

/// Whether a size is written with a suffix (`7B`), which means a plain count.
fn has_suffix(size: &str) -> bool {
    size.trim_end().ends_with(|c: char| c.is_ascii_alphabetic())
}

/// Pixels of a PNG per unit of the drawing.
const PIXELS: f32 = 2.0;

#[derive(Debug, Clone, Copy)]
enum Picture {
    Svg,
    Png,
}

impl Picture {
    fn of_figure(self, figure: &Figure) -> Result<Vec<u8>, PlotError> {
        match self {
            Picture::Svg => Ok(plot::svg(figure).into_bytes()),
            Picture::Png => plot::png(figure, PIXELS),
        }
    }

    fn of_panels(self, panels: &Panels) -> Result<Vec<u8>, PlotError> {
        match self {
            Picture::Svg => Ok(plot::panels_svg(panels).into_bytes()),
            Picture::Png => plot::panels_png(panels, PIXELS),
        }
    }

    fn from_path(path: &str) -> Result<Picture, Failure> {
        let lower = path.to_ascii_lowercase();
        if lower.ends_with(".svg") {
            Ok(Picture::Svg)
        } else if lower.ends_with(".png") {
            Ok(Picture::Png)
        } else {
            Err(Failure::usage(
                format!("--plot: found `{path}`, expected a name that ends in .svg or .png"),
                "SVG is for papers, PNG for slides and messages",
            ))
        }
    }
}

/// Whether the terminal can show braille: the usual variables name UTF-8.
fn utf8() -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|v| std::env::var(v).ok().filter(|s| !s.is_empty()))
        .is_none_or(|s| s.to_ascii_lowercase().replace('-', "").contains("utf8"))
}

/// Read the data; a saved result also brings the forms, level and seed that were not chosen anew.
pub(super) fn read(args: &FitArgs, request: &mut Request) -> Result<Dataset, Failure> {
    let formulas = formulas(args)?;
    match load(&args.data.data)? {
        Content::Table(table) => {
            let (precision, frequency) = args.data.precision()?;
            let mut x = args.data.x.clone();
            if x.is_empty() {
                x = columns_of(&formulas, &table.names(), args.data.y.as_deref())?;
            }
            // Chosen by a formula alone, columns may hold any number, and so may the response on its own scale.
            let only_formulas = !formulas.is_empty() && request.forms.is_empty();
            if x.is_empty() {
                x = named_as_the_form_does(request, &table.names());
            }
            let selection = Selection {
                x,
                y: args.data.y.clone(),
                filters: args.data.filters()?,
                drop_largest: args.data.drop_largest,
                skip_bad_rows: args.data.skip_bad_rows,
                positive_response: if only_formulas {
                    request.scale == Some(Scale::Log)
                } else {
                    needs_positive(request)
                },
                any_predictor: only_formulas,
                precision,
                frequency,
                labels: args.data.by.clone(),
                cluster: args.data.cluster.clone(),
                quantities: quantities(request),
                flops: FlopRule::parse(&args.data.flops)?,
            };
            let data = selection.apply(&table)?;
            add(&formulas, request, &data)?;
            Ok(data)
        }
        Content::Saved(value) => {
            if args.data.selects() {
                return Err(Failure::usage(
                    format!("`{}` is a saved result: its rows and columns are chosen", args.data.data),
                    "leave out --x, --y, --where and the other choices of rows and columns, or go back to the table",
                ));
            }
            let saved = read_saved(&args.data.data, &value)?;
            if request.forms.is_empty() && formulas.is_empty() {
                request.forms =
                    saved.forms.iter().map(|form| form.form(&saved.data)).collect::<Result<_, _>>()?;
            }
            add(&formulas, request, &saved.data)?;
            if args.level.is_none() {
                request.level = Level::new(saved.level)?;
            }
            request.seed = args.seed.unwrap_or(saved.seed);
            request.scale = request.scale.or(saved.scale);
            if args.fix.is_empty() && args.share.is_empty() {
                request.restriction = saved.restriction;
            }
            if args.spread.is_none() {
                request.spread = saved.spread;
            }
            if args.loss.is_none() {
                request.loss = saved.loss;
            }
            Ok(saved.data)
        }
    }
}

/// Return the columns of a table that formulas name, without the response; none where there is no formula.
fn columns_of(formulas: &[Formula], names: &[String], y: Option<&str>) -> Result<Vec<String>, Failure> {
    let names: Vec<String> = names.iter().filter(|n| Some(n.as_str()) != y).cloned().collect();
    let mut columns: Vec<String> = Vec::new();
    for formula in formulas {
        for name in formula.columns_among(&names)? {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
    }
    Ok(columns)
}

/// Add formulas to the forms that were asked for; where none was, to the usual forms that these data allow.
fn add(formulas: &[Formula], request: &mut Request, data: &Dataset) -> Result<(), Failure> {
    if formulas.is_empty() {
        return Ok(());
    }
    if request.forms.is_empty()
        && data.predictors.iter().all(Predictor::is_positive)
        && data.response.values.iter().all(|y| *y > 0.0)
    {
        request.forms = default_forms(data);
        request.forms.retain(|f| f.inputs() == data.predictors.len());
    }
    for formula in formulas {
        request.forms.push(formula.bind(data)?);
    }
    Ok(())
}

/// The predictors of the form that reads most, where it reads several and the table has columns of just those names.
fn named_as_the_form_does(request: &Request, names: &[String]) -> Vec<String> {
    let widest = request.forms.iter().max_by_key(|f| f.inputs());
    let letters = widest.map_or(&[][..], |f| f.about().predictors);
    let there = letters.len() > 1 && letters.iter().all(|letter| names.iter().any(|name| name == letter));
    if there { letters.iter().map(|letter| (*letter).to_owned()).collect() } else { Vec::new() }
}

/// What the forms that were asked for read, by the one that reads most.
fn quantities(request: &Request) -> Vec<Quantity> {
    let widest = request.forms.iter().max_by_key(|f| f.inputs());
    widest.map_or_else(Vec::new, |f| f.quantities())
}

/// Whether the scale of the errors needs positive responses: logarithms, which are the default.
fn needs_positive(request: &Request) -> bool {
    let raw = request.scale == Some(Scale::Raw);
    let only_raw =
        !request.forms.is_empty() && request.forms.iter().all(|f| f.about().scales[0] == Scale::Raw);
    !(raw || only_raw)
}
