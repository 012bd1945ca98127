//! Published fits of several predictors, reproduced: what was printed, what we get, the difference.

mod common;

use common::{joint, shared};
use lawfit::data::Dataset;
use lawfit::data::Scale;
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{self, Form, mean_at};
use std::collections::HashMap;

type Row = HashMap<String, String>;

/// The rows of a shared CSV file by column name.
fn rows(file: &str) -> Option<Vec<Row>> {
    let mut reader = csv::Reader::from_path(shared(file)?).expect("readable");
    Some(reader.deserialize().map(|r| r.expect("a row")).collect())
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} = {}", row[column]))
}

/// Rows as a data set for a form: its predictors' columns and a response.
fn table(form: &dyn Form, rows: &[&Row], predictors: &[&str], response: &str) -> Dataset {
    let columns: Vec<Vec<f64>> =
        predictors.iter().map(|c| rows.iter().map(|r| number(r, c)).collect()).collect();
    joint::data(form, &columns, rows.iter().map(|r| number(r, response)).collect())
}

fn least_squares(form: &'static dyn Form, scale: Scale, data: &Dataset) -> Fit {
    let fit = FitSpec::new(form).scale(scale).expect("scale").fit(data).expect("fit");
    assert!(fit.converged(), "{} {:?}", form.id(), fit.solution);
    fit
}

/// The prediction of a fit at predictor values.
fn at(fit: &Fit, x: &[f64]) -> f64 {
    let columns: Vec<&[f64]> = x.iter().map(std::slice::from_ref).collect();
    let x0: Vec<f64> = fit.form.columns(&columns, &fit.design.frame.x_centre).iter().map(|c| c[0]).collect();
    mean_at(fit.form, &fit.solution.theta, &x0, &fit.design.frame)
}

/// Print a line of the table and hold the difference to `rel`.
fn compare(what: &str, published: f64, ours: f64, rel: f64) {
    println!("| {what} | {published} | {ours:.10} | {:.1e} |", ours / published - 1.0);
    assert_close!(ours, published, rel rel, abs 0.0);
}

/// Gadre et al. 2024: three training sets, five runs each for the loss, six for the error of 17 tasks.
///
/// Published: the authors' own functions (curve_fit of SciPy, which stops at a relative 1e-8) on these rows.
#[test]
fn over_training_of_gadre() {
    let Some(checks) = rows("data/gadre-overtraining/check_fits.csv") else { return };
    let Some(all) = rows("data/gadre-overtraining/data.csv") else { return };
    let (loss, error) =
        (form::by_id("over-training").expect("form"), form::by_id("task-error").expect("form"));
    // Relative errors in per cent that the notebook prints or the re-run gave: set, tokens a parameter, size, loss, error.
    let targets = [
        ("rpj", 640.0, 2e9, 0.7103, Some(3.6365)),
        ("rpj", 20.0, 6e9, 0.7320, Some(0.0464)),
        ("rpj", 20.0, 1e9, 0.1098, None),
        ("c4_original", 20.0, 1e9, 0.7795, None),
        ("c4_original", 80.0, 1e9, 1.4979, None),
        ("c4_original", 20.0, 6e9, 4.2952, None),
        ("rw_original", 20.0, 1e9, 0.5595, None),
        ("rw_original", 320.0, 1e9, 0.0052, None),
        ("rw_original", 20.0, 6e9, 1.6193, None),
    ];
    for check in &checks {
        let set = check["train_data"].as_str();
        let of = |flag: &str| -> Vec<&Row> {
            all.iter().filter(|r| r["train_data"] == set && r[flag] == "1").collect()
        };
        let by_loss =
            least_squares(loss, Scale::Raw, &table(loss, &of("fit_loss"), &["N", "D"], "loss_c4_val"));
        let by_error =
            least_squares(error, Scale::Raw, &table(error, &of("fit_error"), &["loss_c4_val"], "err_avg17"));
        // Their a*N^p is ours with a*6^-eta, p = -2*eta.
        let eta = -number(check, "exponent_N") / 2.0;
        let want = [number(check, "E"), number(check, "a") * 6f64.powf(eta), number(check, "b"), eta];
        for (k, (want, rel)) in want.into_iter().zip([3e-8, 1e-6, 1e-6, 3e-8]).enumerate() {
            compare(&format!("{set} {}", loss.params()[k].name), want, by_loss.estimate(k), rel);
        }
        println!("sum of squares {:.12e}, {:?}", by_loss.sse(), by_loss.starts);
        for (k, name) in ["epsilon", "k", "gamma"].into_iter().enumerate() {
            compare(&format!("{set} {name}"), number(check, name), by_error.estimate(k), 2e-5);
        }
        for (_, m, size, loss_error, task_error) in targets.iter().filter(|t| t.0 == set) {
            let target: Vec<&Row> = of("target")
                .into_iter()
                .filter(|r| number(r, "token_multiplier") == *m && (number(r, "N") > 3e9) == (*size > 3e9))
                .collect();
            assert_eq!(target.len(), 1, "{set} {m} {size}");
            let row = target[0];
            let predicted = at(&by_loss, &[number(row, "N"), number(row, "D")]);
            let share = |ours: f64, seen: f64| 100.0 * (ours / seen - 1.0).abs();
            // Printed to four decimals.
            let ours = share(predicted, number(row, "loss_c4_val"));
            println!("| {set} M = {m} loss, % | {loss_error} | {ours:.6} |");
            assert_close!(ours, *loss_error, rel 0.0, abs 6e-5);
            if let Some(task_error) = task_error {
                let ours = share(at(&by_error, &[predicted]), number(row, "err_avg17"));
                println!("| {set} M = {m} error, % | {task_error} | {ours:.6} |");
                // The optimum moves the fourth decimal: the authors' optimiser stopped before it.
                assert_close!(ours, *task_error, rel 0.0, abs 1e-4);
            }
        }
    }
}

/// Muennighoff et al. 2023: the published law misses these rows as its README says, mean +0.50 and R2 0.37.
#[test]
fn data_constrained_of_muennighoff() {
    let Some(all) = rows("data/data-constrained-c4/data.csv") else { return };
    let law = form::by_id("data-constrained").expect("form");
    let every: Vec<&Row> = all.iter().collect();
    let data = table(law, &every, &["N", "D", "U"], "loss");
    let published = [
        0.6254804f64.exp(),
        6.255414f64.exp(),
        0.3526596,
        7.3049974f64.exp(),
        0.3526596,
        5.309743,
        15.387756,
    ];
    let design = lawfit::objective::Design::new(law, Scale::Raw, &data).expect("domain");
    let theta = law.coordinates(&published, &design.frame).expect("domain");
    let y = &data.response.values;
    let residuals: Vec<f64> = (0..y.len())
        .map(|i| {
            let x0: Vec<f64> = design.x.iter().map(|c| c[i]).collect();
            y[i] - mean_at(law, &theta, &x0, &design.frame)
        })
        .collect();
    let n = y.len() as f64;
    let mean = residuals.iter().sum::<f64>() / n;
    let sd = (residuals.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let centre = y.iter().sum::<f64>() / n;
    let r2 = 1.0
        - residuals.iter().map(|r| r * r).sum::<f64>() / y.iter().map(|y| (y - centre).powi(2)).sum::<f64>();
    println!("mean residual {mean:.6}, SD {sd:.6}, R2 {r2:.6}");
    // Printed to two decimals.
    assert_close!(mean, 0.50, rel 0.0, abs 0.005);
    assert_close!(sd, 1.02, rel 0.0, abs 0.005);
    assert_close!(r2, 0.37, rel 0.0, abs 0.005);
    // The law that these rows do call for, up to four epochs: no published value, a certified optimum far below.
    let few: Vec<&Row> = all.iter().filter(|r| number(r, "epochs") <= 4.0).collect();
    let fit = FitSpec::new(law).fit(&table(law, &few, &["N", "D", "U"], "loss")).expect("fit");
    println!("{} rows up to four epochs: {:?}", few.len(), fit.coef());
    println!("sigma {:.5}, {:?} {:?}", fit.sigma(), fit.solution, fit.starts);
}

/// Cherry trees: the volume is a product of powers of girth and height (R's `trees`; statsmodels, log-log least squares).
#[test]
fn volume_of_trees() {
    let Some(all) = rows("data/classic-power-laws/data.csv") else { return };
    let law = form::by_id("multiplicative").expect("form");
    let trees: Vec<&Row> = all.iter().filter(|r| r["set"] == "trees_volume").collect();
    let fit = least_squares(law, Scale::Log, &table(law, &trees, &["x", "x2"], "y"));
    let vcov = fit.vcov().expect("full rank");
    for (what, want, ours) in [
        ("ln A", -6.6316171258697985, fit.estimate(0).ln()),
        ("-alpha", 1.9826499102842834, -fit.estimate(1)),
        ("-beta", 1.117123333133374, -fit.estimate(2)),
        ("SE of alpha", 0.07501061255556749, vcov[(1, 1)].sqrt()),
        ("SE of beta", 0.2044370605893962, vcov[(2, 2)].sqrt()),
        ("residual SD", 0.08138606689496128, fit.sigma()),
    ] {
        compare(&format!("trees {what}"), want, ours, 1e-10);
    }
}
