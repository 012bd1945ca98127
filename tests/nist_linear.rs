//! The 11 linear problems of the NIST Statistical Reference Datasets as formulas that are linear in every parameter.
//!
//! Such a formula is solved by QR at once. Expected values: the solution of the normal equations in 80 digits, which agrees
//! with the certified values to all their digits. Score: LRE = -log10(|ours - exact|/|exact|), at most 15.

mod common;

use common::{Nist, lre};
use lawfit::data::{Dataset, Input, Response, Scale};
use lawfit::fit::FitSpec;
use lawfit::form::formula::Formula;

/// Digits of estimates, standard errors and residual sum of squares that must be right.
const FLOORS: [(&str, f64, f64, f64); 11] = [
    ("Norris", 13.0, 13.0, 13.0),
    ("Pontius", 12.0, 12.5, 12.0),
    ("NoInt1", 14.5, 14.5, 14.0),
    ("NoInt2", 14.5, 14.5, 14.0),
    // Powers up to x^10 that are rounded to doubles, with a condition number near 1e10 of columns of length one.
    ("Filip", 6.5, 6.5, 7.5),
    ("Longley", 11.0, 12.0, 12.0),
    // Exact data: neither standard errors nor a residual sum of squares.
    ("Wampler1", 11.0, 0.0, 0.0),
    ("Wampler2", 12.0, 0.0, 0.0),
    ("Wampler3", 10.0, 13.0, 13.5),
    // Residuals a hundred, then ten thousand times as large as in Wampler3.
    ("Wampler4", 8.0, 13.0, 13.5),
    ("Wampler5", 6.0, 13.0, 13.5),
];

#[test]
fn all_problems_to_the_digits_that_doubles_allow() {
    let nist = Nist::read("nist-strd-linear");
    assert_eq!(nist.problems.len(), FLOORS.len());
    let mut failures = Vec::new();
    for problem in &nist.problems {
        let name = &problem["problem"];
        let params: Vec<_> = nist.params.iter().filter(|p| p["problem"] == *name).collect();
        let rows: Vec<_> = nist.data.iter().filter(|r| r["problem"] == *name).collect();
        let several = name == "Longley";
        let names: Vec<&str> = if several { vec!["x", "x2", "x3", "x4", "x5", "x6"] } else { vec!["x"] };
        let column = |key: &str| rows.iter().map(|r| common::parsed(&r[key])).collect::<Vec<f64>>();
        let inputs = names.iter().map(|key| Input {
            name: if several && *key == "x" { "x1".into() } else { (*key).into() },
            unit: None,
            values: column(key),
        });
        let response = Response { name: "y".into(), values: column("y") };
        let data =
            Dataset::new(name, inputs.collect(), response, (2..rows.len() + 2).collect()).expect("valid");
        let terms: Vec<String> =
            params
                .iter()
                .map(|p| {
                    if p["term"] == "1" {
                        p["param"].clone()
                    } else {
                        format!("{}*{}", p["param"], p["term"])
                    }
                })
                .collect();
        let form = Formula::parse(&terms.join(" + ")).and_then(|f| f.bind(&data)).expect("a polynomial");
        assert_eq!(form.projected().len(), params.len(), "{name}: every parameter is linear");
        let fit = FitSpec::new(form).scale(Scale::Raw).expect("raw").fit(&data).expect("enough rows");
        let vcov = fit.vcov();
        let (mut estimates, mut errors) = (15f64, 15f64);
        for (k, p) in params.iter().enumerate() {
            estimates = estimates.min(lre(fit.estimate(k), common::parsed(&p["exact_80digit"]), 15.0));
            let se = vcov.as_ref().map_or(f64::NAN, |v| v[(k, k)].sqrt());
            errors = errors.min(lre(se, common::parsed(&p["exact_se_80digit"]), 15.0));
        }
        let rss = common::parsed(&problem["rss"]);
        let sum = lre(fit.sse(), rss, 15.0);
        println!(
            "{name:9} estimates {estimates:5.2}, standard errors {errors:5.2}, RSS {sum:5.2}, {}",
            fit.sse()
        );
        let (_, e, s, r) = FLOORS.into_iter().find(|f| f.0 == name).expect("a floor");
        if !(estimates >= e && errors >= s && sum >= r) {
            failures.push(name.clone());
        }
        // A perfect fit has no residuals but rounding errors.
        if rss == 0.0 {
            let size: f64 = data.response.values.iter().map(|y| y * y).sum();
            assert!(fit.sse() <= 1e-28 * size, "{name}: {}", fit.sse());
        }
    }
    assert!(failures.is_empty(), "below their floors: {}", failures.join(", "));
}
