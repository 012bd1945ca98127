//! Data that do not answer: weakly identified laws, bounds, exact laws, percentages, rows that are no replicates.
//!
//! Each test began as a fault that a review found.

mod common;

use common::{dataset, fit, json, lawfit, limits, number, param};
use lawfit::benchmark::{Noise, Simulation};
use lawfit::compare::{leave_largest_out, leave_one_out};
use lawfit::data::{Dataset, Scale};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{Floor, mean_at};
use lawfit::math::distribution::t_critical;
use lawfit::predict::{Range, invert, predict};
use lawfit::uncertainty::{Gathered, Jackknife, Level, ProfileT, interval};
use rayon::prelude::*;

fn sample(sizes: usize, range: (f64, f64), sigma: f64, seed: u64) -> Dataset {
    let simulation = Simulation {
        form: &Floor,
        params: vec![1.0, 100.0, 0.3],
        scale: Scale::Log,
        range,
        sizes,
        replicates: 1,
        sigma,
        noise: Noise::Normal,
        seed,
    };
    let (x, y): (Vec<f64>, Vec<f64>) = simulation.draw().expect("a valid design").into_iter().unzip();
    dataset(&x, &y)
}

const DESIGNS: [(usize, f64, (f64, f64)); 6] = [
    (6, 0.01, (1e7, 1e10)),
    (6, 0.10, (1e8, 1e9)),
    (10, 0.05, (1e7, 1e10)),
    (10, 0.20, (1e8, 1e9)),
    (20, 0.10, (1e7, 1e10)),
    (50, 0.20, (1e8, 1e9)),
];

/// Every fit of noisy data is certified, and so is every fit that leaves a row out.
#[test]
fn noisy_data_converge() {
    for (sizes, sigma, range) in DESIGNS {
        (0..100u64).into_par_iter().for_each(|seed| {
            let data = sample(sizes, range, sigma, seed);
            for scale in [Scale::Log, Scale::Raw] {
                let Ok(fit) = FitSpec::new(&Floor).scale(scale).expect("scale").fit(&data) else { continue };
                let what = format!("n {sizes}, sigma {sigma}, seed {seed}, {scale:?}: {:?}", fit.solution);
                assert!(fit.converged(), "{what}");
                let jackknife = Jackknife::run(&fit, &data.groups);
                assert!(jackknife.thetas.iter().all(Option::is_some), "{what}");
                assert!(leave_one_out(&fit, &jackknife).is_some(), "{what}");
                assert!(leave_largest_out(&fit, &data).is_some(), "{what}");
            }
        });
    }
}

/// No start of a dense grid over (E, alpha) finds a lower sum of squares.
#[test]
fn the_optimum_is_global() {
    for (sizes, sigma, range) in DESIGNS {
        (0..25u64).into_par_iter().for_each(|seed| {
            let data = sample(sizes, range, sigma, 500 + seed);
            let Ok(fit) = FitSpec::new(&Floor).fit(&data) else { return };
            let lowest = data.response.values.iter().copied().fold(f64::INFINITY, f64::min);
            let mut best = f64::INFINITY;
            for i in 0..60 {
                for j in 0..60 {
                    let (e, alpha) = (lowest * f64::from(i) / 60.0, 0.004 * 1.13f64.powi(j));
                    // Given E and alpha, ln A is not linear: two Newton steps from the relative mean are enough here.
                    best = best.min(grid_sse(&data, e / fit.design.frame.y_scale, alpha.min(5.0), &fit));
                }
            }
            let own = 2.0 * fit.solution.cost;
            assert!(
                own <= best * (1.0 + 1e-9),
                "n {sizes}, sigma {sigma}, seed {seed}: {own} against {best}"
            );
        });
    }
}

/// Sum of squares at (E, alpha) with the amplitude at its best, by golden section in ln A.
fn grid_sse(data: &Dataset, e: f64, alpha: f64, fit: &Fit) -> f64 {
    let mut objective = fit.objective();
    let mut at = |a: f64| {
        let mut theta = [0.0; lawfit::math::MAX_PARAMS];
        (theta[0], theta[1], theta[2]) = (e, a, alpha);
        2.0 * objective.evaluate(&theta)
    };
    let (mut low, mut high) = (-12.0, 8.0);
    let ratio = 0.5 * (5f64.sqrt() - 1.0);
    for _ in 0..40 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if at(a) < at(b) { high = b } else { low = a }
    }
    assert_eq!(data.nobs(), fit.nobs());
    at(0.5 * (low + high))
}

/// The limit of the law as alpha grows without bound: the smallest size by itself, all others at one level.
fn step_tau(data: &Dataset, fit: &Fit) -> f64 {
    let rest: Vec<f64> = fit.design.target[1..].to_vec();
    let mean = rest.iter().sum::<f64>() / rest.len() as f64;
    let sse: f64 = rest.iter().map(|t| (t - mean).powi(2)).sum();
    assert_eq!(data.nobs(), rest.len() + 1);
    ((sse - 2.0 * fit.solution.cost) / fit.variance()).max(0.0).sqrt()
}

/// Where the data do not exclude a step, the upper limit of alpha is infinite; a finite one never lies beyond the search.
#[test]
fn open_sides_are_infinite() {
    let level = Level::new(0.95).expect("level");
    let (mut open, mut closed) = (0, 0);
    for (sizes, sigma, range) in DESIGNS {
        for seed in 0..40 {
            let data = sample(sizes, range, sigma, 900 + seed);
            let Ok(fit) = FitSpec::new(&Floor).fit(&data) else { continue };
            let gathered = Gathered { fit: &fit, draws: None, jackknife: None };
            let alpha = interval(&ProfileT, 2, &gathered, level).expect("available");
            let critical = t_critical(0.95, fit.dof_residual() as f64);
            if step_tau(&data, &fit) < 0.98 * critical {
                assert!(alpha.high.is_infinite(), "n {sizes}, sigma {sigma}, seed {seed}: {}", alpha.high);
                let amplitude = interval(&ProfileT, 1, &gathered, level).expect("available");
                assert!(
                    amplitude.high.is_infinite(),
                    "n {sizes}, sigma {sigma}, seed {seed}: A {}",
                    amplitude.high
                );
                open += 1;
            } else if alpha.high.is_finite() {
                assert!(alpha.high <= 5.0);
                closed += 1;
            }
            assert!(alpha.low >= 0.0);
        }
    }
    assert!(open > 50 && closed > 50, "{open} open, {closed} closed");
}

/// A falling law has falling limits: the profile of the mean curve is monotone in N.
#[test]
fn limits_of_the_mean_curve_are_monotone() {
    let level = Level::new(0.95).expect("level");
    for (sizes, sigma, range) in DESIGNS {
        (0..8u64).into_par_iter().for_each(|seed| {
            let data = sample(sizes, range, sigma, 300 + seed);
            let Ok(fit) = FitSpec::new(&Floor).fit(&data) else { return };
            let band: Vec<_> = (0..12)
                .map(|k| predict(&fit, &[1e7 * 10f64.powf(f64::from(k) * 0.4)], level, Range::of(&data)).mean)
                .collect();
            for w in band.windows(2) {
                let (a, b) = (w[0].low.unwrap_or(0.0), w[1].low.unwrap_or(0.0));
                assert!(b <= a * (1.0 + 1e-4), "n {sizes}, sigma {sigma}, seed {seed}: low {a} then {b}");
                let (a, b) = (w[0].high.unwrap_or(f64::INFINITY), w[1].high.unwrap_or(f64::INFINITY));
                assert!(b <= a * (1.0 + 1e-4), "n {sizes}, sigma {sigma}, seed {seed}: high {a} then {b}");
            }
        });
    }
}

/// A target below the fitted floor that some allowed floor reaches: the lower limit is where the profile says so.
#[test]
fn inversion_below_the_fitted_floor() {
    let level = Level::new(0.95).expect("level");
    let mut checked = 0;
    for seed in 0..60 {
        let data = sample(10, (1e7, 1e10), 0.05, 2_000 + seed);
        let fit = FitSpec::new(&Floor).fit(&data).expect("fit");
        let e =
            interval(&ProfileT, 0, &Gathered { fit: &fit, draws: None, jackknife: None }, level).expect("E");
        let target = 0.5 * (e.low + fit.estimate(0));
        if !(target > e.low && fit.estimate(0) > target) {
            continue;
        }
        let i = invert(&fit, target, level);
        assert!(i.estimate.is_none() && i.mean.high.is_none() && i.reason.is_some());
        let Some(low) = i.mean.low else { continue };
        // Just inside the limit the interval of the mean curve holds the target, just outside it does not.
        let holds = |x: f64| {
            let m = predict(&fit, &[x], level, Range::of(&data)).mean;
            m.low.is_none_or(|l| l <= target) && m.high.is_none_or(|h| target <= h)
        };
        assert!(holds(low * 1.01), "seed {seed}: {low:e}");
        assert!(!holds(low * 0.99), "seed {seed}: {low:e}");
        checked += 1;
    }
    assert!(checked >= 10, "{checked}");
}

/// A target below every floor that the data allow is called excluded, not unreachable by the best curve alone.
#[test]
fn an_excluded_target_is_called_that() {
    let r = json(&["fit", "@bent", "--form", "floor", "--target", "1.5,1.7"], "");
    let reason = |k: usize| r["inversions"][k]["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason(0).starts_with("excluded"), "{}", r["inversions"]);
    assert!(r["inversions"][0]["mean"]["low"].is_null());
    // E-hat is 1.709, its lower limit 1.671: 1.7 is below the best floor but not excluded.
    assert!(reason(1).contains("never"), "{}", r["inversions"]);
    assert!(number(&r["inversions"][1]["mean"]["low"]) > 1e11);
}

#[test]
fn a_steep_law_runs_into_the_limit_of_the_search_and_says_so() {
    let x = [1.0, 1.3, 1.7, 2.2, 2.9, 3.7, 4.8, 6.3, 8.2, 10.7];
    let mut text = String::from("N,loss\n");
    for (k, x) in x.iter().enumerate() {
        let noise = if k % 2 == 0 { 1.003 } else { 0.997 };
        text.push_str(&format!("{x},{}\n", (1.0 + 40.0 * f64::powf(*x, -7.0)) * noise));
    }
    let r = json(&["fit", "-", "--form", "floor"], &text);
    let alpha = param(fit(&r, "floor"), "alpha");
    assert_eq!(number(&alpha["estimate"]), 5.0);
    assert_eq!(alpha["at_bound"], true);
    assert!(alpha["intervals"].as_array().expect("array").iter().all(|i| i["high"].is_null()), "{alpha}");
    assert!(
        r["findings"]
            .as_array()
            .expect("array")
            .iter()
            .any(|f| f["id"] == "search-limit" && f["severity"] == "error")
    );
}

#[test]
fn an_exact_floor_law_beats_the_line() {
    let text: String = std::iter::once("N,loss\n".to_owned())
        .chain((0..12).map(|k| {
            let n = 10f64.powf(6.0 + 0.4 * f64::from(k));
            format!("{n},{}\n", 1.5 + 400.0 * n.powf(-0.34))
        }))
        .collect();
    let r = json(&["fit", "-"], &text);
    assert_eq!(r["comparison"]["best"], "floor");
    assert!(r["fits"].as_array().expect("array").iter().all(|f| f["weight"].is_null()));
}

/// The scatter of a law with a floor falls 8-fold: its own residuals say so, and the interval that leads allows for it.
#[test]
fn uneven_scatter_is_said_and_allowed_for() {
    let mut told = 0;
    for seed in 0..20u64 {
        let base = sample(30, (1e7, 1e10), 0.0, seed);
        let noisy = sample(30, (1e7, 1e10), 1.0, seed);
        let mut text = String::from("N,loss\n");
        for i in 0..30 {
            let (m, y) = (base.response.values[i], noisy.response.values[i]);
            let sigma = 0.02 * 0.125f64.powf(i as f64 / 29.0);
            text.push_str(&format!("{},{}\n", base.x().values[i], m * (sigma * (y / m).ln()).exp()));
        }
        let r = json(&["fit", "-", "--form", "floor"], &text);
        let lead = param(fit(&r, "floor"), "alpha")["intervals"][0]["method"].clone();
        assert_eq!(lead, "spread-t");
        let said = r["findings"].as_array().expect("array").iter().any(|f| f["id"] == "scatter-changes");
        told += usize::from(said);
    }
    assert!(told >= 10, "{told} of 20");
}

#[test]
fn percentages_and_accuracies_keep_their_range() {
    let r = json(&["fit", "-", "--at", "1e14"], "N,accuracy\n1e6,50\n1e7,60\n1e8,70\n1e9,76\n1e10,84\n");
    for p in r["predictions"].as_array().expect("array") {
        assert!(p["estimate"].is_null() || number(&p["estimate"]) < 100.0, "{p}");
    }
    assert!(r["findings"].as_array().expect("array").iter().any(|f| f["id"] == "percentages"));
    // An accuracy that falls: no prediction above 1 at small sizes.
    let r = json(
        &["fit", "-", "--at", "1e3", "--form", "power"],
        "N,accuracy\n1e6,.9\n1e7,.8\n1e8,.7\n1e9,.62\n1e10,.55\n",
    );
    assert!(r["predictions"][0]["estimate"].is_null(), "{}", r["predictions"]);
    // An accuracy of exactly 1: the bounded forms say why they are missing.
    let r = json(&["fit", "-"], "N,accuracy\n1e6,.5\n1e7,.7\n1e8,.8\n1e9,.9\n1e10,1\n");
    assert!(r["skipped"].as_array().expect("array").len() >= 3);
    // A target that cannot be.
    let r = json(&["fit", "@guide", "--target", "1.2"], "");
    let i = r["inversions"]
        .as_array()
        .expect("array")
        .iter()
        .find(|i| i["target"] == 1.2)
        .expect("inversion")
        .clone();
    assert!(i["estimate"].is_null() && i["reason"].is_string(), "{i}");
}

#[test]
fn rows_that_differ_in_another_size_are_no_replicates() {
    let text = "N,D,loss\n1e6,1e8,3.2\n1e6,1e9,3.0\n1e7,1e8,2.8\n1e7,1e9,2.6\n1e8,1e8,2.5\n1e8,1e9,2.2\n1e9,1e9,2.0\n1e9,1e10,1.9\n";
    let r = json(&["fit", "-", "--x", "N"], text);
    assert!(r["findings"].as_array().expect("array").iter().any(|f| f["id"] == "not-replicates"));
    let lack = r["diagnostics"]
        .as_array()
        .expect("array")
        .iter()
        .find(|d| d["id"] == "lack-of-fit")
        .expect("check")
        .clone();
    assert!(lack["statistic"].is_null(), "{lack}");
    // With both of them as predictors, nothing is left to differ.
    let r = json(&["fit", "-", "--x", "N,D"], text);
    assert!(r["findings"].as_array().expect("array").iter().all(|f| f["id"] != "not-replicates"));
    assert_eq!(r["data"]["x"], serde_json::json!(["N", "D"]));
    assert_eq!(r["fits"][0]["form"], "multiplicative");
}

#[test]
fn a_law_with_positive_values_is_refused_for_negative_ones() {
    let (code, _, err) = lawfit(
        &["fit", "-", "--form", "floor", "--scale", "raw"],
        "N,loss\n1e6,-1\n1e7,-2\n1e8,-3\n1e9,-3.5\n1e10,-4\n",
    );
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("line 2"), "{err}");
}

#[test]
fn levels_far_out_work_and_are_printed_in_full() {
    let (code, out, err) = lawfit(&["fit", "@bent", "--level", "0.9999"], "");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("99.99% interval"), "{out}");
    let (_, out, _) = lawfit(&["fit", "@bent", "--level", "0.999"], "");
    assert!(out.contains("99.9% interval"), "{out}");
}

#[test]
fn strict_fails_where_the_law_fails() {
    for (set, form, code) in [("@kink", "power", 1), ("@bent", "power", 1), ("@pure", "power", 0)] {
        let (got, _, err) = lawfit(&["fit", set, "--form", form, "--strict"], "");
        assert_eq!(got, code, "{set}: {err}");
    }
}

#[test]
fn requests_too_large_are_refused_and_inputs_are_kept() {
    let (code, _, err) = lawfit(&["fit", "@bent", "--replicates", "1000000000"], "");
    assert_eq!(code, 2, "{err}");
    let (code, _, err) = lawfit(
        &[
            "simulate",
            "--form",
            "power",
            "--param",
            "f=1",
            "--param",
            "alpha=0.1",
            "--sizes",
            "1000000000000",
        ],
        "",
    );
    assert_eq!(code, 2, "{err}");
    let dir = tempfile::tempdir().expect("folder");
    let path = dir.path().join("runs.csv");
    std::fs::write(&path, "N,loss\n1e6,3\n1e7,2.5\n1e8,2.2\n1e9,2\n").expect("write");
    let name = path.to_str().expect("UTF-8");
    let (code, _, err) = lawfit(&["fit", name, "--output", name], "");
    assert_eq!(code, 2, "{err}");
    assert!(std::fs::read_to_string(&path).expect("kept").starts_with("N,loss"));
    let (code, _, err) = lawfit(&["predict", "@guide", "--at", "7B"], "");
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("million"), "{err}");
}

/// Tiny scatter: the certificate knows what rounding allows.
#[test]
fn scatter_near_rounding_is_still_certified() {
    let x: Vec<f64> = (0..8).map(|k| 10f64.powi(k + 3)).collect();
    for seed in 0..20u64 {
        let y: Vec<f64> = (0..8u64).map(|k| 3.0 + 1e-9 * (((k * 7 + seed * 13) % 11) as f64 - 5.0)).collect();
        let r = json(&["fit", "-", "--form", "log-linear,power"], &common::csv(&x, &y));
        for f in r["fits"].as_array().expect("array") {
            assert_eq!(f["converged"], true, "{f}");
        }
    }
    let frame = lawfit::form::Frame { x_centre: vec![0.0], y_scale: 1.0 };
    assert!(mean_at(&Floor, &[1.0, 0.0, 0.3], &[0.0], &frame) == 2.0);
}

/// The 95% interval of alpha that a bootstrap gives is cut nowhere: draws on the limit of the search count as infinite.
#[test]
fn bootstrap_limits_do_not_stop_at_the_search() {
    let data = sample(10, (1e8, 1e9), 0.2, 4);
    let text = common::csv(&data.x().values, &data.response.values);
    let r = json(&["fit", "-", "--form", "floor"], &text);
    let (_, high) = limits(param(fit(&r, "floor"), "alpha"), "wild-percentile");
    assert!(high.is_nan() || high < 5.0, "{high}");
}
