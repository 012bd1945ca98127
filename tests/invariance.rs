//! What must not change a result: threads, the order of rows, the unit of N.

mod common;

use common::{BENT, PURE, SIZES, csv, fit, json, lawfit, number, param};
use serde_json::Value;

#[test]
fn threads_do_not_change_a_byte() {
    let run = |threads: &str, resampler: &str| {
        let args = [
            "fit",
            "@bent",
            "--format",
            "json",
            "--seed",
            "7",
            "--bootstrap",
            resampler,
            "--threads",
            threads,
        ];
        let (code, out, err) = lawfit(&args, "");
        assert_eq!(code, 0, "{err}");
        out
    };
    for resampler in ["pairs", "residual", "wild"] {
        let one = run("1", resampler);
        assert_eq!(one, run("2", resampler));
        assert_eq!(one, run("5", resampler));
    }
}

#[test]
fn the_seed_changes_the_draws() {
    let bootstrap = |seed: &str| {
        let r = json(&["fit", "@bent", "--seed", seed], "");
        common::limits(param(fit(&r, "floor"), "alpha"), "wild-percentile")
    };
    assert_ne!(bootstrap("1"), bootstrap("2"));
    assert_eq!(bootstrap("3"), bootstrap("3"));
}

/// Remove the line of every row that is named.
fn without_lines(value: &mut Value) {
    match value {
        Value::Object(o) => {
            o.remove("line");
            o.values_mut().for_each(without_lines);
        }
        Value::Array(a) => a.iter_mut().for_each(without_lines),
        _ => {}
    }
}

/// Remove what names the source or lists rows in its order.
fn numbers_only(mut report: Value) -> Value {
    let r = report.as_object_mut().expect("object");
    r.remove("command");
    let data = r["data"].as_object_mut().expect("object");
    for key in ["columns", "lines", "source"] {
        data.remove(key);
    }
    for f in r["fits"].as_array_mut().expect("array") {
        for key in ["residuals", "predictions", "leverage"] {
            f.as_object_mut().expect("object").remove(key);
        }
    }
    without_lines(&mut report);
    report
}

#[test]
fn the_order_of_rows_does_not_change_a_number() {
    let order = [7, 2, 11, 0, 5, 9, 1, 3, 10, 8, 4, 6];
    for y in [&BENT, &PURE] {
        let shuffled_x: Vec<f64> = order.iter().map(|&i| SIZES[i]).collect();
        let shuffled_y: Vec<f64> = order.iter().map(|&i| y[i]).collect();
        for resampler in ["pairs", "wild"] {
            let run = |text: &str| {
                numbers_only(json(&["fit", "-", "--bootstrap", resampler, "--target", "1.8"], text))
            };
            assert_eq!(run(&csv(&SIZES, y)), run(&csv(&shuffled_x, &shuffled_y)));
        }
    }
}

#[test]
fn residuals_come_back_in_the_order_of_the_source() {
    let order = [3usize, 0, 2, 1, 4];
    let x: Vec<f64> = order.iter().map(|&i| SIZES[i]).collect();
    let y: Vec<f64> = order.iter().map(|&i| BENT[i]).collect();
    let sorted = json(&["fit", "-"], &csv(&SIZES[..5], &BENT[..5]));
    let mixed = json(&["fit", "-"], &csv(&x, &y));
    for (k, &i) in order.iter().enumerate() {
        for key in ["residuals", "predictions"] {
            assert_eq!(fit(&mixed, "power")[key][k], fit(&sorted, "power")[key][i]);
        }
    }
    assert_eq!(mixed["data"]["columns"]["N"], serde_json::json!(x));
}

/// Every number of two reports, N multiplied by 10^6 in the second: sizes scale, A and f by 10^(6 alpha), all else is equal
/// to 1e-10 (limits to 1e-10 of themselves or of their interval's width).
#[test]
fn the_unit_of_n_moves_amplitudes_alone() {
    let unit = 1e6;
    for y in [&BENT, &PURE] {
        let larger: Vec<f64> = SIZES.iter().map(|x| x * unit).collect();
        let args = |at: &'static str| ["fit", "-", "--at", at, "--target", "1.8"];
        let a = json(&args("1e11"), &csv(&SIZES, y));
        let b = json(&args("1e17"), &csv(&larger, y));
        for form in ["power", "floor"] {
            let (fa, fb) = (fit(&a, form), fit(&b, form));
            for key in ["sse", "sigma", "aic", "aicc", "bic", "loglikelihood", "weight", "r_squared"] {
                assert_close!(number(&fb[key]), number(&fa[key]), rel 1e-10, abs 1e-13);
            }
            let alpha = number(&param(fa, "alpha")["estimate"]);
            for pa in fa["params"].as_array().expect("array") {
                let name = pa["name"].as_str().expect("name");
                let pb = param(fb, name);
                let amplitude = name == "A" || name == "f";
                let factor = if amplitude { unit.powf(alpha) } else { 1.0 };
                assert_close!(number(&pb["estimate"]), factor * number(&pa["estimate"]), rel 1e-10, abs 1e-12);
                // An interval for A is one for ln A at the old origin of ln N: only the others are comparable.
                if amplitude {
                    continue;
                }
                for ia in pa["intervals"].as_array().expect("array") {
                    let method = ia["method"].as_str().expect("method");
                    let (low, high) = common::limits(pb, method);
                    assert_close!(low, number(&ia["low"]), rel 1e-10, abs 1e-11);
                    assert_close!(high, number(&ia["high"]), rel 1e-10, abs 1e-11);
                }
            }
        }
        let pairs = |key: &str| -> Vec<(Value, Value)> {
            let of = |r: &Value| r[key].as_array().expect("array").clone();
            of(&a).into_iter().zip(of(&b)).collect()
        };
        let same = |va: &Value, vb: &Value, factor: f64| {
            assert_eq!(va.is_null(), vb.is_null());
            if !va.is_null() {
                assert_close!(number(vb), factor * number(va), rel 1e-10, abs 0.0);
            }
        };
        for (key, factor) in [("predictions", 1.0), ("inversions", unit)] {
            for (pa, pb) in pairs(key) {
                same(&pa["estimate"], &pb["estimate"], factor);
                for (group, end) in
                    [("mean", "low"), ("mean", "high"), ("new_run", "low"), ("new_run", "high")]
                {
                    same(&pa[group][end], &pb[group][end], factor);
                }
            }
        }
        // ln ln N is the one check that is stated in a unit.
        for (da, db) in pairs("diagnostics").into_iter().filter(|(d, _)| d["id"] != "log-log") {
            same(&da["statistic"], &db["statistic"], 1.0);
            // The exact p of Durbin and Watson has an absolute error near 1e-15.
            if !da["p_value"].is_null() {
                assert_close!(number(&db["p_value"]), number(&da["p_value"]), rel 1e-10, abs 1e-14);
            }
        }
        for (sa, sb) in a["comparison"]["forms"]
            .as_array()
            .expect("array")
            .iter()
            .zip(b["comparison"]["forms"].as_array().expect("array"))
        {
            for key in ["weight", "loo_rmse", "leave_largest_out"] {
                assert_close!(number(&sb[key]), number(&sa[key]), rel 1e-10, abs 1e-13);
            }
        }
        assert_eq!(a["verdict"]["shape"]["holds"], b["verdict"]["shape"]["holds"]);
    }
}
