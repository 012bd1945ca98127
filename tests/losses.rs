//! Losses other than least squares: estimates, standard errors and likelihoods of a line, and the program's own words.

mod common;

use common::{BENT, PURE, SIZES, csv, dataset, fit as fit_of, json, lawfit, limits, number, param};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::Power;
use lawfit::loss::Loss;
use lawfit::uncertainty::{Gathered, Level, ProfileT, Sandwich, interval, std_error};

fn line(loss: &str) -> Fit {
    let spec = FitSpec::new(&Power).loss(Loss::parse(loss).expect("loss"));
    spec.fit(&dataset(&SIZES, &PURE)).expect("fit")
}

fn error_of_slope(fit: &Fit) -> f64 {
    std_error(&fit.form.natural(1, &fit.design.frame), &fit.vcov().expect("a covariance"))
}

/// All lines through two points, in numpy: the best is the optimum. Kernel standard error by its formula, likewise.
#[test]
fn absolute_deviations_of_set_p() {
    let fit = line("lad");
    assert!(fit.converged());
    assert_close!(-fit.estimate(1), -0.0701441103922, rel 1e-11, abs 0.0);
    assert_close!(fit.objective_value(), 0.102130675931, rel 1e-11, abs 0.0);
    assert_eq!(fit.residuals.iter().filter(|r| r.abs() < 1e-13).count(), 2);
    assert_close!(error_of_slope(&fit), 0.00423662719777, rel 1e-9, abs 0.0);
    // Laplace's density at its maximum-likelihood scale, on the response itself.
    assert_close!(fit.information().loglikelihood.expect("a density"), 26.33215503796, rel 1e-11, abs 0.0);
}

/// Reweighted least squares in numpy, weights and threshold iterated until both stand still.
#[test]
fn huber_with_a_threshold_of_its_own_on_set_p() {
    let fit = line("huber:auto");
    assert!(fit.converged());
    let delta = fit.loss.threshold().expect("found");
    assert_close!(delta, 0.013126685058097, rel 1e-11, abs 0.0);
    assert_close!(-fit.estimate(1), -0.0694925097782896, rel 1e-11, abs 0.0);
    assert_close!(fit.objective_value(), 0.000658097887310008, rel 1e-11, abs 0.0);
    assert_close!(error_of_slope(&fit), 0.00152714714393, rel 1e-9, abs 0.0);
    assert_eq!(fit.loss.to_string(), "huber:auto");
    assert!(fit.information().aic.is_none(), "no density");
    // The same threshold, given: the same fit.
    let given = line(&format!("huber:{delta}"));
    assert_close!(given.estimate(1), fit.estimate(1), rel 1e-12, abs 0.0);
}

/// Newton's method in mpmath with 40 digits, scale and line together; likelihood on the response itself.
#[test]
fn student_with_four_degrees_of_freedom_on_set_p() {
    let fit = line("student:4");
    assert!(fit.converged());
    assert_close!(-fit.estimate(1), -0.0695563244682893, rel 1e-12, abs 0.0);
    let scale = fit.loss.scale(&[1.0; 12], &fit.residuals).expect("a scale");
    assert_close!(scale, 0.00906117189385463, rel 1e-12, abs 0.0);
    let information = fit.information();
    assert_close!(information.loglikelihood.expect("a density"), 26.2428566534933, rel 1e-12, abs 0.0);
    assert_close!(information.aic.expect("a density"), -46.4857133069865, rel 1e-12, abs 0.0);
}

/// As the degrees of freedom grow, Student's fit and likelihood become those of least squares.
#[test]
fn student_tends_to_least_squares() {
    let (student, squares) = (line("student:1e6"), line("squared"));
    assert_close!(student.estimate(1), squares.estimate(1), rel 1e-5, abs 0.0);
    assert_close!(student.objective_value(), squares.objective_value(), rel 1e-5, abs 0.0);
    let aic = |f: &Fit| f.information().aic.expect("a density");
    assert_close!(aic(&student), aic(&squares), rel 1e-5, abs 0.0);
}

/// Asymmetric reweighted least squares in numpy.
#[test]
fn the_envelope_of_set_p() {
    let fit = line("envelope:10");
    assert!(fit.converged());
    assert_close!(-fit.estimate(1), -0.0682931727509679, rel 1e-12, abs 0.0);
    assert_close!(fit.objective_value(), 0.00158391933887393, rel 1e-12, abs 0.0);
    assert!(fit.vcov().is_none(), "no standard errors");
    // A factor of 1 is least squares, and so is Huber's loss with a threshold beyond every residual.
    for same in ["envelope:1", "huber:10", "envelope:1:10"] {
        assert_close!(line(same).estimate(1), line("squared").estimate(1), rel 1e-12, abs 0.0);
    }
}

#[test]
fn intervals_that_assume_least_squares_say_so() {
    let level = Level::default();
    for (loss, sandwich) in [("huber:auto", true), ("student:4", true), ("lad", true), ("envelope:10", false)]
    {
        let fit = line(loss);
        let gathered = Gathered { fit: &fit, draws: None, jackknife: None };
        let why = interval(&ProfileT, 1, &gathered, level).expect_err("not for this loss").to_string();
        assert!(why.contains(loss), "{why}");
        assert_eq!(interval(&Sandwich, 1, &gathered, level).is_ok(), sandwich, "{loss}");
    }
}

#[test]
fn every_loss_gives_a_whole_report() {
    let table = csv(&SIZES, &BENT);
    for loss in ["huber:1e-3", "huber:auto", "lad", "student:4", "envelope:10"] {
        let args = ["fit", "-", "--loss", loss, "--replicates", "199", "--at", "1e11", "--target", "1.85"];
        let report = json(&args, &table);
        let floor = fit_of(&report, "floor");
        let written = Loss::parse(loss).expect("loss").to_string();
        assert_eq!(floor["loss"], written.as_str());
        assert_eq!(floor["converged"], true, "{loss}");
        let alpha = param(floor, "alpha");
        let lead = alpha["intervals"][0].clone();
        assert_eq!(lead["lead"], true);
        let expected = match loss {
            "student:4" => "sandwich",
            "envelope:10" => "pairs-percentile",
            _ => "score",
        };
        assert_eq!(lead["method"], expected);
        assert!(number(&lead["low"]) < number(&lead["high"]));
        let ids: Vec<&str> =
            report["findings"].as_array().expect("array").iter().filter_map(|f| f["id"].as_str()).collect();
        assert!(ids.contains(&"other-loss"), "{ids:?}");
        let density = ["lad", "student:4"].contains(&loss);
        assert_eq!(ids.contains(&"no-likelihood"), !density, "{ids:?}");
        assert_eq!(floor["aic"].is_null(), !density);
        assert_eq!(ids.contains(&"frontier"), loss == "envelope:10");
        // The verdict reads least squares whatever the loss.
        assert_eq!(report["verdict"]["shape"]["name"], "flattening");
        let mean = &report["predictions"][1]["mean"];
        assert_eq!(mean["low"].is_null(), loss == "envelope:10", "{loss} {mean}");
        if loss == "student:4" {
            let (low, high) = limits(alpha, "pairs-percentile");
            assert!(low < high);
        }
        for view in ["diagnose", "compare", "predict"] {
            let at: &[&str] = if view == "predict" { &["--at", "1e11", "--target", "1.85"] } else { &[] };
            let args = [&[view, "-", "--loss", loss, "--replicates", "199"], at].concat();
            let (code, out, err) = lawfit(&args, &table);
            assert_eq!(code, 0, "{loss} {view}: {err}");
            assert!(!out.is_empty());
        }
    }
}

#[test]
fn a_saved_result_keeps_its_loss() {
    let saved = json(&["fit", "-", "--loss", "huber:0.01", "--replicates", "199"], &csv(&SIZES, &BENT));
    let again = json(&["compare", "-", "--replicates", "199"], &saved.to_string());
    assert_eq!(fit_of(&again, "floor")["loss"], "huber:0.01");
    assert_eq!(fit_of(&again, "floor")["objective"], fit_of(&saved, "floor")["objective"]);
}

#[test]
fn a_loss_or_a_grid_that_is_none_is_an_error_with_a_hint() {
    let table = csv(&SIZES, &BENT);
    for (args, says) in [
        (["--loss", "hubr:1"], "did you mean `huber`?"),
        (["--loss", "huber:-1"], "found `-1`, expected a number > 0 or `auto`"),
        (["--loss", "student:0"], "degrees of freedom"),
        (["--starts", "hoffman-4500"], "did you mean `hoffmann-4500`?"),
        (["--starts", "sobol:0"], "expected a count from 1"),
    ] {
        let (code, _, err) = lawfit(&[&["fit", "-"], &args[..]].concat(), &table);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(says) && err.contains("hint"), "{err}");
    }
    let (code, _, err) = lawfit(&["fit", "-", "--form", "power", "--starts", "olmo"], &table);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("have no values for f of form `power`"), "{err}");
}

/// A published grid on the law of one predictor: part of it, by the names of the parameters.
#[test]
fn grids_serve_every_form_whose_parameters_they_name() {
    let table = csv(&SIZES, &BENT);
    for (grid, tried) in [("hoffmann-4500", 150), ("porian", 120), ("olmo", 64), ("sobol:32", 32)] {
        let args = ["fit", "-", "--form", "floor", "--starts", grid, "--replicates", "199"];
        let report = json(&args, &table);
        let starts = &fit_of(&report, "floor")["starts"];
        assert_eq!(starts["tried"], tried);
        assert!(starts["reached_best"].as_u64().expect("count") > 0);
    }
}
