//! Calibration: simulation of simulation with a known truth, and results that do not depend on how the work was cut.

mod common;

use assert_cmd::Command;
use common::dataset;
use lawfit::benchmark::calibrate::{
    Calibration, CalibrationError, CalibrationErrors, CalibrationRequest, CheckpointError, Done, FEWEST_SETS,
    Summary,
};
use lawfit::benchmark::coverage::{Measure, Panel};
use lawfit::benchmark::{Noise, Simulation};
use lawfit::data::Dataset;
use lawfit::fit::FitSpec;
use lawfit::form::{Floor, Form, Power};
use lawfit::loss::Loss;
use lawfit::report::calibration::render;
use lawfit::report::study::Style;
use lawfit::solve::{Method, StartGrid};
use lawfit::uncertainty::Level;
use std::sync::atomic::{AtomicUsize, Ordering};

fn sample(form: &'static dyn Form, params: &[f64], sizes: usize) -> Dataset {
    let simulation = Simulation {
        form,
        params: params.to_vec(),
        scale: form.about().scales[0],
        range: (1e7, 1e10),
        sizes,
        replicates: 1,
        sigma: 0.01,
        noise: Noise::Normal,
        seed: 5,
    };
    let (x, y): (Vec<f64>, Vec<f64>) = simulation.draw().expect("a valid design").into_iter().unzip();
    dataset(&x, &y)
}

fn request(sets: usize, replicates: usize, methods: &[&str]) -> CalibrationRequest {
    let ids: Vec<String> = methods.iter().map(|m| (*m).to_owned()).collect();
    let panel = Panel::named(&ids).expect("methods of the catalogue");
    CalibrationRequest {
        sets,
        measure: Measure { panel, level: Level::default(), replicates },
        errors: CalibrationErrors::Normal,
        seed: 11,
    }
}

fn calibration<'a>(
    form: &'static dyn Form,
    data: &'a Dataset,
    request: CalibrationRequest,
) -> Calibration<'a> {
    Calibration::new(FitSpec::new(form), data, request).expect("a fit")
}

/// Run until so many data sets are done.
fn until(calibration: &Calibration<'_>, start: Done, sets: usize) -> Done {
    let count = AtomicUsize::new(start.sets() * calibration.laws.laws.len());
    let tick = || {
        count.fetch_add(1, Ordering::SeqCst);
    };
    let stop = || count.load(Ordering::SeqCst) >= sets * calibration.laws.laws.len();
    calibration.run(start, &tick, &stop, &mut |_| Ok::<(), ()>(())).expect("nothing to save")
}

fn all(calibration: &Calibration<'_>) -> Done {
    let none = calibration.nothing_done();
    calibration.run(none, &|| (), &|| false, &mut |_| Ok::<(), ()>(())).expect("nothing to save")
}

fn coverage(summary: &Summary, parameter: &str, method: &str) -> (f64, f64) {
    let p = summary.params.iter().find(|p| p.name == parameter).expect("a parameter");
    let m = p.methods.iter().find(|m| m.method == method).expect("judged");
    (m.coverage.expect("given"), m.worst_coverage.expect("given"))
}

/// The t interval of a line is exact; the leverage-corrected percentile covers about 88% at n = 6 (METHODS, section 3).
#[test]
fn known_coverages_of_a_line_are_found() {
    let data = sample(&Power, &[8.5, 0.07], 6);
    let sets = 1_000;
    let calibration =
        calibration(&Power, &data, request(sets, 199, &["auto", "spread-t", "t", "residual-percentile"]));
    assert!(calibration.laws.laws.len() >= 5, "{:?}", calibration.laws.notes);
    let summary = calibration.summary(&all(&calibration));
    let error = 3.3 * (0.95f64 * 0.05 / sets as f64).sqrt();
    let (here, _) = coverage(&summary, "alpha", "t");
    assert!((here - 0.95).abs() <= error, "t: {here}");
    let (here, worst) = coverage(&summary, "alpha", "residual-percentile");
    assert!((0.85..=0.91).contains(&here) && worst <= here, "residual-percentile: {here}, {worst}");
    // Six residuals do not exclude a spread that changes many-fold: there t fails, and the average over spreads holds.
    let (_, worst) = coverage(&summary, "alpha", "t");
    let (here, least) = coverage(&summary, "alpha", "spread-t");
    assert!(
        worst < 0.95 - error && least > worst && (here - 0.95).abs() <= 1.5 * error,
        "{worst} {least} {here}"
    );
    let alpha = summary.params.iter().find(|p| p.name == "alpha").expect("alpha");
    assert_eq!(alpha.prefer.as_deref(), Some("spread-t"));
    assert_eq!((summary.failed_fits, summary.sets_done), (0, sets));
}

/// Six families whose levels differ by more than their runs do: t takes 30 rows for independent and fails, CR2-t holds.
#[test]
fn clusters_are_simulated_as_clusters() {
    let cell =
        lawfit::benchmark::coverage::cells().into_iter().find(|c| c.id == "clusters-g6").expect("a cell");
    let data = cell.sampler().expect("a law").draw(3, 1).expect("finite");
    let sets = 600;
    let calibration = calibration(&Power, &data, request(sets, 39, &["auto", "cr2", "t"]));
    let summary = calibration.summary(&all(&calibration));
    assert!(summary.shared > 0.5 * summary.sigma, "{} of {}", summary.shared, summary.sigma);
    let (t, _) = coverage(&summary, "alpha", "t");
    let (cr2, _) = coverage(&summary, "alpha", "cr2");
    assert_eq!(coverage(&summary, "alpha", "auto").0, cr2);
    let error = 3.3 * (0.95f64 * 0.05 / sets as f64).sqrt();
    assert!(t < 0.8 && (cr2 - 0.95).abs() <= 1.3 * error, "t {t}, cr2 {cr2}");
}

#[test]
fn stopped_and_resumed_is_uninterrupted_byte_for_byte() {
    let data = sample(&Floor, &[1.69, 406.4, 0.34], 6);
    let calibration = calibration(&Floor, &data, request(80, 39, &["auto", "hc3", "wild-percentile"]));
    let whole = all(&calibration);
    let part = until(&calibration, calibration.nothing_done(), 20);
    assert!((1..80).contains(&part.sets()), "{}", part.sets());
    let read = Done::parse("c", &part.to_text(&calibration), &calibration).expect("its own bytes");
    let resumed = until(&calibration, read, usize::MAX / 100);
    assert_eq!(resumed.to_text(&calibration), whole.to_text(&calibration));
    assert_eq!(calibration.summary(&resumed), calibration.summary(&whole));

    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let alone = pool.install(|| all(&calibration));
    assert_eq!(alone.to_text(&calibration), whole.to_text(&calibration));
}

#[test]
fn checkpoints_of_other_data_or_choices_are_refused() {
    let data = sample(&Power, &[8.5, 0.07], 6);
    let first = calibration(&Power, &data, request(20, 39, &["t"]));
    let text = all(&first).to_text(&first);
    let refused = |other: &Calibration<'_>| {
        matches!(Done::parse("c", &text, other), Err(CheckpointError::Other { .. }))
    };
    let mut seed = request(20, 39, &["t"]);
    seed.seed = 12;
    assert!(refused(&calibration(&Power, &data, seed)));
    assert!(refused(&calibration(&Power, &data, request(20, 39, &["t", "hc3"]))));
    assert!(refused(&calibration(&Power, &sample(&Power, &[8.5, 0.08], 6), request(20, 39, &["t"]))));
    // More data sets go on from fewer.
    let more = calibration(&Power, &data, request(40, 39, &["t"]));
    assert_eq!(Done::parse("c", &text, &more).expect("the same").sets(), 20);
    assert!(matches!(Done::parse("c", "N,loss\n", &more), Err(CheckpointError::NoCheckpoint { .. })));
    let cut = text.lines().take(2).collect::<Vec<_>>().join("\n") + " c:0";
    assert!(matches!(Done::parse("c", &cut, &more), Err(CheckpointError::BadLine { line: 2, .. })));
}

#[test]
fn other_errors_and_losses_are_simulated_too() {
    let data = sample(&Floor, &[1.69, 406.4, 0.34], 12);
    for errors in [CalibrationErrors::T3, CalibrationErrors::Residual] {
        let request = CalibrationRequest { errors, ..request(20, 39, &["auto", "pairs-percentile"]) };
        let spec = FitSpec::new(&Floor).loss(Loss::HUBER_AUTO);
        let calibration = Calibration::new(spec, &data, request).expect("a fit");
        let summary = calibration.summary(&all(&calibration));
        assert_eq!(summary.sets_done, 20);
        // The score interval leads and draws nothing; the bootstrap beside it does.
        let [auto, drawn] = [0, 1].map(|m| &summary.params[2].methods[m]);
        assert_eq!((auto.refits, drawn.refits), (0, 20 * 39 * summary.laws.len()));
    }
}

/// What one method is made to give on every data set: misses in a hundred, and the record of an interval that covers.
type Given = (usize, &'static str);

/// A checkpoint written by hand: the same outcomes for every law and parameter, a method after another.
fn crafted(calibration: &Calibration<'_>, sets: usize, given: &[Given]) -> Summary {
    let mut text = calibration.nothing_done().to_text(calibration);
    for set in 0..sets {
        let outcome = |g: &Given| if set % 100 < g.0 { g.1.replace("c:", "b:") } else { g.1.to_owned() };
        let own: Vec<String> = given.iter().map(outcome).collect();
        let line = vec![own.join(" "); calibration.fit.dim()].join(" ") + "\n";
        text += &line.repeat(calibration.laws.laws.len());
    }
    calibration.summary(&Done::parse("c", &text, calibration).expect("a checkpoint"))
}

/// The report of a calibration, without its line ends.
fn shown(summary: &Summary) -> String {
    render(summary, Style::Text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_method_to_prefer_covers_and_is_narrow() {
    let data = sample(&Power, &[8.5, 0.07], 6);
    // In the order of the panel: hc2, hc3, t.
    let calibration = calibration(&Power, &data, request(400, 39, &["hc2", "hc3", "t"]));
    let preferred = |sets: usize, given: &[Given]| {
        let summary = crafted(&calibration, sets, given);
        (summary.params[1].prefer.clone(), summary.params[1].covers, shown(&summary))
    };
    // 93% is 1.8 standard errors short; of two that are about as narrow the one that covers better.
    let (prefer, covers, text) = preferred(400, &[(7, "c:0:1:0:0"), (6, "c:0:1.1:0:0"), (4, "c:0:1.12:0:0")]);
    assert_eq!((prefer.as_deref(), covers), (Some("t"), true));
    assert!(!text.contains("within Monte-Carlo"), "{text}");
    let (prefer, covers, text) = preferred(400, &[(7, "c:0:1:0:0"), (6, "c:0:1.1:0:0"), (4, "c:0:1.2:0:0")]);
    assert_eq!((prefer.as_deref(), covers), (Some("hc3"), true));
    assert!(text.contains("within Monte-Carlo error (+-1.2%) of 95%"), "{text}");
    assert!(text.contains("independent normal errors of one size"), "{text}");
    let (prefer, covers, _) = preferred(400, &[(9, "c:0:1:0:0"), (8, "c:0:1.1:0:0"), (7, "c:0:1.2:0:0")]);
    assert_eq!((prefer.as_deref(), covers), (Some("t"), false));
    let (prefer, _, text) = preferred(FEWEST_SETS - 1, &[(5, "c:0:1:0:0"); 3]);
    assert_eq!(prefer, None);
    assert!(text.contains("Too few data sets"), "{text}");
    let (_, _, text) = preferred(0, &[(5, "c:0:1:0:0"); 3]);
    assert!(text.contains("nothing is known") && !text.contains("hc3"), "{text}");
}

#[test]
fn edges_are_shown_for_what_they_are() {
    let data = sample(&Power, &[8.5, 0.07], 6);
    let calibration = calibration(&Power, &data, request(400, 39, &["hc3", "t"]));
    // Both sides open on every data set: a share of one, and a Monte-Carlo error that is not 0.
    let summary = crafted(&calibration, 200, &[(0, "c:2:inf:0:0"), (0, "c:0:1:0:0")]);
    let [open, t] = [0, 1].map(|m| &summary.params[0].methods[m]);
    assert_eq!((open.open, open.median_width, t.open), (1.0, None, 0.0));
    let error = t.standard_error.expect("given");
    assert!((error - 0.5 / 201.0).abs() < 1e-12, "{error}");
    let failed = crafted(&calibration, 200, &[(0, "x:0:inf:0:0"), (0, "x:0:inf:0:0")]);
    assert!(shown(&failed).contains("could not be fitted: coverage is that"), "{failed:?}");
    assert_eq!(failed.params[0].prefer, None);
}

#[test]
fn with_clusters_no_method_is_preferred_that_takes_rows_for_independent() {
    let cell =
        lawfit::benchmark::coverage::cells().into_iter().find(|c| c.id == "clusters-g6").expect("a cell");
    let data = cell.sampler().expect("a law").draw(3, 1).expect("finite");
    let calibration = calibration(&Power, &data, request(400, 39, &["cr2", "t"]));
    let summary = crafted(&calibration, 400, &[(8, "c:0:2:0:0"), (5, "c:0:1:0:0")]);
    assert_eq!(summary.params[1].prefer.as_deref(), Some("cr2"));
    assert!(shown(&summary).contains("common to the rows of a cluster"));
}

#[test]
fn what_cannot_be_judged_or_simulated_is_said_before_any_work() {
    let data = sample(&Power, &[8.5, 0.07], 6);
    let with = |loss: Loss, methods: &[&str]| {
        Calibration::new(FitSpec::new(&Power).loss(loss), &data, request(20, 39, methods))
    };
    let envelope = Loss::parse("envelope:10").expect("a loss");
    for (loss, method) in [(Loss::SQUARED, "wild-cluster-t"), (Loss::SQUARED, "profile-t"), (envelope, "t")] {
        let refused = with(loss, &[method]).expect_err("no method is left");
        assert!(matches!(refused, CalibrationError::NoMethod { .. }), "{refused}");
        assert!(refused.to_string().contains(method), "{refused}");
    }
    let some = with(Loss::SQUARED, &["t", "profile-t"]).expect("t is left");
    let notes = some.summary(&some.nothing_done()).notes;
    assert!(notes[0].contains("profile-t"), "{notes:?}");

    let x: Vec<f64> = (0..6).map(|k| 1e7 * 3f64.powi(k)).collect();
    let y: Vec<f64> = x.iter().map(|x| 8.5 * x.powf(-0.07)).collect();
    let exact = dataset(&x, &y);
    let refused = Calibration::new(FitSpec::new(&Power), &exact, request(20, 39, &["t"]));
    assert!(matches!(refused, Err(CalibrationError::Exact { .. })), "{refused:?}");
}

#[test]
fn a_checkpoint_knows_how_the_optimum_was_sought() {
    let data = sample(&Floor, &[1.69, 406.4, 0.34], 6);
    let of =
        |spec: FitSpec| Calibration::new(spec, &data, request(20, 39, &["t"])).expect("a fit").identity();
    let plain = of(FitSpec::new(&Floor));
    assert_ne!(plain, of(FitSpec::new(&Floor).starts(StartGrid::parse("sobol:8").expect("a grid"))));
    assert_ne!(plain, of(FitSpec { method: Method::Lm, ..FitSpec::new(&Floor) }));
}

fn lawfit(args: &[&str]) -> (String, String, i32) {
    let out = Command::cargo_bin("lawfit").expect("built").args(args).output().expect("ran");
    let text = |b: Vec<u8>| String::from_utf8(b).expect("UTF-8");
    (text(out.stdout), text(out.stderr), out.status.code().unwrap_or(-1))
}

#[test]
fn the_program_reports_keeps_and_refuses() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kept").to_str().expect("UTF-8").to_owned();
    let base = ["calibrate", "@cerebras-gpt", "--methods", "auto,t,hc3,profile-t", "--checkpoint", &file];
    let with = |more: &[&str]| lawfit(&[&base[..], more].concat());
    assert_eq!(with(&["--sets", "20"]).2, 0);
    let (resumed, err, code) = with(&["--sets", "40"]);
    assert_eq!(code, 0, "{err}");
    let (whole, _, _) =
        lawfit(&["calibrate", "@cerebras-gpt", "--methods", "auto,t,hc3,profile-t", "--sets", "40"]);
    assert_eq!(resumed, whole);
    assert!(whole.contains("prefer") || whole.contains("No method covers"), "{whole}");
    let (_, err, code) = with(&["--sets", "40", "--seed", "2"]);
    assert_eq!(code, 2);
    assert!(err.contains("another calibration"), "{err}");
    let (out, _, code) = lawfit(&[
        "calibrate",
        "@cerebras-gpt",
        "--form",
        "power",
        "--sets",
        "10",
        "--methods",
        "t",
        "--format",
        "json",
    ]);
    assert_eq!(code, 0);
    let value: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(value["schema_version"], 1);
    assert_eq!(value["calibration"]["sets_done"], 10);
    assert_eq!(lawfit(&["calibrate", "@cerebras-gpt", "--plot", "x.svg"]).2, 2);
    assert_eq!(lawfit(&["calibrate", "@cerebras-gpt", "--sets", "0"]).2, 2);
    let refused = |more: &[&str]| {
        let (_, err, code) = lawfit(&[&["calibrate", "@cerebras-gpt", "--sets", "20"], more].concat());
        (err, code)
    };
    let (err, code) = refused(&["--methods", "wild-cluster-t"]);
    assert!(code == 2 && err.contains("none of the methods wild-cluster-t"), "{err}");
    assert_eq!(refused(&["--form", "power,floor"]).1, 2);
    let new = folder.path().join("new").to_str().expect("UTF-8").to_owned();
    assert_eq!(refused(&["--checkpoint", &new, "--output", &new]).1, 2);
    let nowhere = folder.path().join("nodir/x").to_str().expect("UTF-8").to_owned();
    assert_eq!(refused(&["--output", &nowhere]).1, 4);
}
