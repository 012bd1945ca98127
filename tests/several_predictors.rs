//! Laws of several predictors from the command line: columns, derived columns, points, and what is not said of them.

mod common;

use common::{json, lawfit};
use serde_json::Value;

/// A grid of runs of the law of Hoffmann et al. (2022), equation 10, without noise but in the fifth digit.
fn table(columns: &str, row: impl Fn(f64, f64, f64) -> String) -> String {
    let mut text = format!("{columns}\n");
    for i in 0..5 {
        for j in 0..4 {
            let (n, d) = (1e7 * 8f64.powi(i), 1e9 * 6f64.powi(j));
            let noise = 1.0 + 2e-5 * f64::from((7 * i + 3 * j) % 5 - 2);
            let loss = (1.69 + 406.4 * n.powf(-0.34) + 410.7 * d.powf(-0.28)) * noise;
            text.push_str(&row(n, d, loss));
            text.push('\n');
        }
    }
    text
}

fn plain() -> String {
    table("N,D,loss", |n, d, y| format!("{n},{d},{y}"))
}

fn estimate(r: &Value, form: usize, name: &str) -> f64 {
    let params = r["fits"][form]["params"].as_array().expect("array");
    let p = params.iter().find(|p| p["name"] == name).expect("parameter");
    p["estimate"].as_f64().expect("number")
}

#[test]
fn two_columns_are_fitted_by_the_usual_laws_of_two() {
    let r = json(&["fit", "-", "--x", "N,D"], &plain());
    assert_eq!(r["fits"][0]["form"], "multiplicative");
    assert_eq!(r["comparison"]["best"], "chinchilla");
    // Noise of 2e-5 moves exponents by well under a hundredth.
    assert_close!(estimate(&r, 1, "alpha"), 0.34, rel 0.01, abs 0.0);
    assert_close!(estimate(&r, 1, "beta"), 0.28, rel 0.01, abs 0.0);
    // The verdict is for one predictor, and says so.
    assert!(r["verdict"]["shape"]["holds"].is_null());
    assert!(r["verdict"]["text"].as_str().expect("text").contains("along one predictor"));
    // By default the largest run is scaled tenfold in N*D.
    let at = &r["predictions"][0]["at"];
    let product = at["N"].as_f64().expect("N") * at["D"].as_f64().expect("D");
    assert_close!(product, 10.0 * 1e7 * 8f64.powi(4) * 1e9 * 6f64.powi(3), rel 1e-12, abs 0.0);
}

#[test]
fn a_form_finds_its_columns_and_derives_what_is_missing() {
    let direct = json(&["fit", "-", "--form", "chinchilla"], &plain());
    // Without D, it follows from C = 6ND.
    let derived = json(
        &["fit", "-", "--form", "chinchilla"],
        &table("params,C,loss", |n, d, y| format!("{n},{},{y}", 6.0 * n * d)),
    );
    assert_close!(estimate(&derived, 0, "beta"), estimate(&direct, 0, "beta"), rel 1e-6, abs 0.0);
    let notes = derived["data"]["notes"].as_array().expect("array");
    assert!(notes.iter().any(|n| n.as_str().expect("text").starts_with("D = C/(6*params)")), "{notes:?}");
    // Another rule moves B by the ratio of the factors to the power beta, and nothing else.
    let other = table("params,C,loss", |n, d, y| format!("{n},{},{y}", 6.0 * n * d));
    let other = json(&["fit", "-", "--form", "chinchilla", "--flops", "3ND"], &other);
    let beta = estimate(&direct, 0, "beta");
    assert_close!(estimate(&other, 0, "B"), estimate(&direct, 0, "B") * 2f64.powf(beta), rel 1e-5, abs 0.0);
    assert_close!(estimate(&other, 0, "A"), estimate(&direct, 0, "A"), rel 1e-5, abs 0.0);
}

#[test]
fn points_are_named_and_a_saved_result_predicts_the_same() {
    let args = ["--form", "chinchilla", "--at", "N=70B,D=1.4T", "--at", "N=1B,D=20B"];
    let r = json(&[&["fit", "-", "--x", "N,D"], &args[..]].concat(), &plain());
    let p = r["predictions"].as_array().expect("array");
    assert_eq!(p.len(), 2);
    let want = 1.69 + 406.4 * 70e9f64.powf(-0.34) + 410.7 * 1.4e12f64.powf(-0.28);
    assert_close!(p[0]["estimate"].as_f64().expect("number"), want, rel 1e-3, abs 0.0);
    let saved = json(&["predict", "-", "--at", "N=70B,D=1.4T"], &serde_json::to_string(&r).expect("JSON"));
    assert_eq!(saved["predictions"][0]["estimate"], p[0]["estimate"]);
}

#[test]
fn mistakes_with_points_and_rules_are_named() {
    for (args, says) in [
        (&["--x", "N,D", "--at", "70B"][..], "expected NAME=SIZE for each of N, D"),
        (&["--x", "N,D", "--at", "N=70B"], "a point has no `D`"),
        (&["--x", "N,D", "--at", "N=70B,M=1"], "expected one of N, D before `=`"),
        (&["--x", "N,D", "--at", "N=70B,D=0"], "expected a finite size > 0"),
        (&["--x", "N,D", "--flops", "six"], "for instance 6ND"),
        (&["--x", "N,N"], "chosen twice"),
        (&["--x", "N,D,U"], "has no column `U`"),
        (&["--x", "N", "--form", "chinchilla"], "needs 2 predictors"),
    ] {
        let (code, _, err) = lawfit(&[&["fit", "-"], args].concat(), &plain());
        assert!(code == 2 || code == 3, "{args:?}: {code} {err}");
        assert!(err.contains(says) && err.contains("hint:"), "{args:?}: {err}");
    }
}

/// Repeated runs at one point have a pure error, whatever the number of predictors.
#[test]
fn replicates_of_two_predictors_have_a_pure_error() {
    let mut text = plain();
    let again = plain();
    for line in again.lines().skip(1).take(6) {
        let mut cells: Vec<f64> = line.split(',').map(|c| c.parse().expect("number")).collect();
        cells[2] *= 1.0003;
        text.push_str(&format!("{},{},{}\n", cells[0], cells[1], cells[2]));
    }
    let r = json(&["fit", "-", "--x", "N,D", "--form", "chinchilla,multiplicative"], &text);
    let found: Vec<&str> = r["findings"]
        .as_array()
        .expect("array")
        .iter()
        .filter(|f| f["id"] == "replicates")
        .map(|f| f["meaning"].as_str().expect("text"))
        .collect();
    assert_eq!(found.len(), 2, "{found:?}");
    // 26 rows at 20 points: 15 and 6 degrees of freedom for five parameters; the product law misses by far.
    let of = |form: &str| found.iter().find(|f| f.contains(form)).expect("finding");
    assert!(
        of("chinchilla").contains("F(15, 6)") && of("chinchilla").contains("explain the deviations"),
        "{found:?}"
    );
    assert!(
        of("multiplicative").contains("F(17, 6)") && of("multiplicative").contains("deviate from"),
        "{found:?}"
    );
}
