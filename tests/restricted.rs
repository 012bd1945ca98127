//! Parameters that are held fixed, and sets of rows that share some of them.

mod common;

use common::{json, lawfit};
use lawfit::benchmark::{Noise, Simulation};
use lawfit::data::{Dataset, Input, Labels, Response, Scale};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{Chinchilla, Floor, Form, Power, Restriction, RestrictionError};

fn rows(params: [f64; 3], seed: u64) -> (Vec<f64>, Vec<f64>) {
    let simulation = Simulation {
        form: &Floor,
        params: params.to_vec(),
        scale: Scale::Log,
        range: (1e7, 1e10),
        sizes: 9,
        replicates: 1,
        sigma: 0.01,
        noise: Noise::Normal,
        seed,
    };
    simulation.draw().expect("a valid design").into_iter().unzip()
}

fn dataset(x: &[f64], y: &[f64]) -> Dataset {
    let n = Input { name: "N".into(), unit: None, values: x.to_vec() };
    let response = Response { name: "loss".into(), values: y.to_vec() };
    Dataset::new("t", vec![n], response, (1..=x.len()).collect()).expect("valid rows")
}

/// Two families with one exponent, rows interleaved.
fn families() -> (Dataset, Dataset, Dataset) {
    let (x, a) = rows([1.2, 400.0, 0.34], 1);
    let (_, b) = rows([1.5, 300.0, 0.34], 2);
    let words: Vec<String> = (0..18).map(|i| ["a", "b"][i % 2].to_owned()).collect();
    let both_x: Vec<f64> = x.iter().flat_map(|v| [*v, *v]).collect();
    let both_y: Vec<f64> = a.iter().zip(&b).flat_map(|(a, b)| [*a, *b]).collect();
    let both = dataset(&both_x, &both_y).with_columns(None, Some(Labels::new("family", &words)));
    (both, dataset(&x, &a), dataset(&x, &b))
}

fn fixed(pairs: &[(&str, f64)]) -> Restriction {
    Restriction { fixed: pairs.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect(), shared: vec![] }
}

fn shared(names: &[&str]) -> Restriction {
    Restriction { fixed: vec![], shared: names.iter().map(|n| (*n).to_owned()).collect() }
}

fn fit(form: &'static dyn Form, restriction: Restriction, data: &Dataset) -> Fit {
    let fit = FitSpec::new(form).restrict(restriction).fit(data).expect("fit");
    assert!(fit.converged(), "{:?}", fit.solution);
    fit
}

/// A floor at 0 is the power law; the same optimum, to rounding.
#[test]
fn a_floor_held_at_zero_is_the_power_law() {
    let (_, a, _) = families();
    let held = fit(&Floor, fixed(&[("E", 0.0)]), &a);
    let line = fit(&Power, Restriction::default(), &a);
    assert_eq!(held.dim(), 2);
    assert_close!(held.estimate(0), line.estimate(0), rel 1e-10, abs 0.0);
    assert_close!(held.estimate(1), line.estimate(1), rel 1e-10, abs 0.0);
    assert_close!(held.sse(), line.sse(), rel 1e-12, abs 0.0);
}

/// Holding parameters at their own estimates changes nothing but the degrees of freedom.
#[test]
fn parameters_held_at_their_estimates_leave_the_others_there() {
    let (_, a, _) = families();
    let free = fit(&Floor, Restriction::default(), &a);
    let names = ["E", "A", "alpha"];
    for (k, name) in names.into_iter().enumerate() {
        let held = fit(&Floor, fixed(&[(name, free.estimate(k))]), &a);
        assert_eq!(held.dof_residual(), free.dof_residual() + 1);
        assert_close!(held.sse(), free.sse(), rel 1e-10, abs 0.0);
        for (j, other) in (0..3).filter(|j| *j != k).enumerate() {
            // The cost is flat at its minimum: parameters agree to the root of what it resolves.
            assert_close!(held.estimate(j), free.estimate(other), rel 1e-6, abs 0.0);
        }
    }
}

/// A linear law with its slope held: the intercept is the mean of what is left, by arithmetic.
#[test]
fn a_line_with_a_slope_held_has_the_mean_for_its_level() {
    let (_, a, _) = families();
    let held = fit(&Power, fixed(&[("alpha", 0.2)]), &a);
    let left = a.x().ln.iter().zip(&a.response.values).map(|(x, y)| y.ln() + 0.2 * x);
    let mean = left.sum::<f64>() / a.nobs() as f64;
    assert_close!(held.estimate(0).ln(), mean, rel 1e-12, abs 0.0);
}

#[test]
fn sets_that_share_nothing_are_fitted_apart() {
    let (both, a, b) = families();
    let together = fit(&Floor, Restriction::default(), &both);
    let apart = [fit(&Floor, Restriction::default(), &a), fit(&Floor, Restriction::default(), &b)];
    assert_eq!(together.dim(), 6);
    // Parameters come by name, and by set within a name.
    for k in 0..3 {
        for (g, one) in apart.iter().enumerate() {
            assert_close!(together.estimate(2 * k + g), one.estimate(k), rel 1e-6, abs 0.0);
        }
    }
    assert_close!(together.sse(), apart[0].sse() + apart[1].sse(), rel 1e-10, abs 0.0);
    let names: Vec<&str> = together.form.params().iter().map(|p| p.name).collect();
    assert_eq!(names, ["E[a]", "E[b]", "A[a]", "A[b]", "alpha[a]", "alpha[b]"]);
}

#[test]
fn sets_that_share_everything_are_one() {
    let (both, _, _) = families();
    let one = fit(&Floor, shared(&["E", "A", "alpha"]), &both);
    let pooled = dataset(&both.x().values, &both.response.values);
    let plain = fit(&Floor, Restriction::default(), &pooled);
    for k in 0..3 {
        assert_close!(one.estimate(k), plain.estimate(k), rel 1e-7, abs 0.0);
    }
    assert_close!(one.sse(), plain.sse(), rel 1e-10, abs 0.0);
}

/// The exponent that two lines share is the pooled within-set slope (analysis of covariance), by arithmetic.
#[test]
fn a_shared_slope_of_lines_is_the_one_of_the_analysis_of_covariance() {
    let (both, a, b) = families();
    let one = fit(&Power, shared(&["alpha"]), &both);
    let within = |d: &Dataset| -> (f64, f64) {
        let (x, y) = (&d.x().ln, d.response.values.iter().map(|v| v.ln()).collect::<Vec<f64>>());
        let n = x.len() as f64;
        let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
        let sxy = x.iter().zip(&y).map(|(x, y)| (x - mx) * (y - my)).sum();
        (sxy, x.iter().map(|x| (x - mx).powi(2)).sum())
    };
    let (p, q) = (within(&a), within(&b));
    let names: Vec<&str> = one.form.params().iter().map(|p| p.name).collect();
    assert_eq!(names, ["f[a]", "f[b]", "alpha"]);
    assert_close!(one.estimate(2), -(p.0 + q.0) / (p.1 + q.1), rel 1e-12, abs 0.0);
}

/// Derivatives of a restricted law against central differences, rows of both sets mixed.
#[test]
fn derivatives_pass_through_the_equations() {
    let (both, _, _) = families();
    for restriction in [shared(&["alpha"]), shared(&["A"]), fixed(&[("A", 350.0)]), fixed(&[("E", 1.0)])] {
        let fit = fit(&Floor, restriction, &both);
        let mut objective = fit.objective();
        let theta = fit.solution.theta;
        let jacobian = objective.jacobian(&theta);
        let n = fit.nobs();
        for j in 0..fit.dim() {
            let moved = |s: f64| {
                let mut t = theta;
                t[j] += s * 1e-6;
                t
            };
            let (up, down) = (objective.fitted(&moved(1.0)), objective.fitted(&moved(-1.0)));
            for i in 0..n {
                assert_close!(jacobian[j * n + i], (up[i] - down[i]) / 2e-6, rel 1e-6, abs 1e-8);
            }
        }
    }
}

/// The law of two predictors with an exponent held: the published value of Hoffmann et al. (2022) as an example.
#[test]
fn laws_of_several_predictors_are_restricted_too() {
    let (mut n, mut d, mut y) = (vec![], vec![], vec![]);
    for i in 0..5 {
        for j in 0..5 {
            let (a, b) = (1e7 * 10f64.powi(i), 1e9 * 5f64.powi(j));
            n.push(a);
            d.push(b);
            y.push(1.69 + 406.4 * a.powf(-0.34) + 410.7 * b.powf(-0.28));
        }
    }
    let input = |name: &str, values: &[f64]| Input { name: name.into(), unit: None, values: values.to_vec() };
    let response = Response { name: "loss".into(), values: y };
    let data =
        Dataset::new("t", vec![input("N", &n), input("D", &d)], response, (1..=25).collect()).expect("rows");
    let fit = FitSpec::new(&Chinchilla).restrict(fixed(&[("alpha", 0.34)])).fit(&data).expect("fit");
    let named = |name: &str| {
        let k = fit.form.params().iter().position(|p| p.name == name).expect("parameter");
        fit.estimate(k)
    };
    for (name, want) in [("E", 1.69), ("A", 406.4), ("B", 410.7), ("beta", 0.28)] {
        assert_close!(named(name), want, rel 1e-6, abs 0.0);
    }
}

#[test]
fn mistakes_are_named() {
    let (both, a, _) = families();
    let why = |restriction: Restriction, data: &Dataset| {
        FitSpec::new(&Floor).restrict(restriction).fit(data).expect_err("refused").to_string()
    };
    assert_eq!(
        why(fixed(&[("gamma", 1.0)]), &a),
        "form `floor` has no parameter `gamma`, expected one of E, A, alpha"
    );
    assert!(
        why(fixed(&[("E", -1.0)]), &a).contains("found -1, expected a value inside its domain (0 to inf)")
    );
    assert!(why(fixed(&[("A", 0.0)]), &a).contains("(above 0)"));
    assert!(why(fixed(&[("E", 1.0), ("A", 1.0), ("alpha", 0.3)]), &a).contains("nothing is left to fit"));
    assert!(why(fixed(&[("E", 1.0), ("E", 2.0)]), &a).contains("named twice"));
    assert!(why(shared(&["alpha"]), &a).contains("no column parts the rows into two sets or more"));
    let mut clash = shared(&["alpha"]);
    clash.fixed.push(("alpha".into(), 0.3));
    assert!(why(clash, &both).contains("named twice"));
    let many = RestrictionError::TooMany { form: "floor", sets: 9, found: 27 };
    assert_eq!(many.to_string(), "form `floor` in 9 sets has 27 parameters, expected at most 16");
}

/// The command line: a report of the sets, the test of equality, and the saved result read back.
#[test]
fn the_command_line_fits_sets_and_tests_whether_they_are_equal() {
    let (both, _, _) = families();
    let labels = both.labels.as_ref().expect("labels");
    let mut text = String::from("N,loss,family\n");
    for i in 0..both.nobs() {
        let word = &labels.names[labels.index[i]];
        text.push_str(&format!("{},{},{word}\n", both.x().values[i], both.response.values[i]));
    }
    let args = ["fit", "-", "--by", "family", "--share", "alpha", "--form", "floor"];
    let r = json(&args, &text);
    let test = &r["comparison"]["equality"][0];
    assert_eq!(test["parameters"][0], "alpha");
    assert_eq!(test["dof"], serde_json::json!([1.0, 12.0]));
    // The F statistic from the two sums of squares.
    let apart = json(&["fit", "-", "--by", "family", "--form", "floor"], &text);
    let (s0, s1) =
        (r["fits"][0]["sse"].as_f64().expect("sse"), apart["fits"][0]["sse"].as_f64().expect("sse"));
    assert_close!(test["statistic"].as_f64().expect("F"), (s0 - s1) / (s1 / 12.0), rel 1e-6, abs 1e-9);
    assert_eq!(apart["comparison"]["equality"][0]["statistic"], test["statistic"]);
    // One prediction a set, with limits in each.
    let predictions = r["predictions"].as_array().expect("array");
    assert_eq!(predictions.len(), 2);
    for (p, family) in predictions.iter().zip(["a", "b"]) {
        assert_eq!(p["at"]["family"], family);
        let (low, high) =
            (p["mean"]["low"].as_f64().expect("low"), p["mean"]["high"].as_f64().expect("high"));
        assert!(low > 1.0 && high < 2.0 && low < high, "{p}");
    }
    for (report, params) in [(&apart, 6), (&r, 5)] {
        let saved = json(&["predict", "-", "--at", "1e11"], &serde_json::to_string(report).expect("JSON"));
        assert_eq!(saved["fits"][0]["params"].as_array().expect("array").len(), params);
        assert_eq!(saved["fits"][0]["objective"], report["fits"][0]["objective"]);
    }
    let (code, _, err) = lawfit(&["fit", "-", "--fix", "alpha"], &text);
    assert_eq!(code, 2);
    assert!(err.contains("expected NAME=VALUE"), "{err}");
    let (code, _, err) = lawfit(&["fit", "-", "--form", "floor", "--fix", "beta=1"], &text);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("has no parameter `beta`"), "{err}");
}
