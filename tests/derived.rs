//! Quantities that follow from the parameters of a law of size and data: values, derivatives, intervals.

mod common;

use lawfit::data::{Dataset, Input, Response};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::formula::Formula;
use lawfit::form::{Chinchilla, Derived, Floor, Form, Frame, Power, Split};
use lawfit::loss::Loss;
use lawfit::math::random::normals;
use lawfit::predict::optimum;
use lawfit::uncertainty::{
    Bootstrap, Gathered, Interval, Level, ProfileT, Resampler, Unavailable, derived, interval,
};
use rayon::prelude::*;

/// E, A, alpha, B, beta.
const TRUTH: [f64; 5] = [1.69, 406.4, 0.34, 410.7, 0.28];
/// A budget; C = 6*N*D.
const COMPUTE: f64 = 1e24;

fn frame() -> Frame {
    Frame { x_centre: vec![19.5, 23.25], y_scale: 2.5 }
}

fn quantities(split: Split) -> [Derived; 4] {
    let product = COMPUTE / 6.0;
    [split.size_exponent(), split.data_exponent(), split.log_size(product), split.log_data(product)]
}

/// Five budgets of compute, `sizes` sizes each, with 1% errors.
fn sample(sizes: i32, sigma: f64, seed: u64) -> Dataset {
    let mut columns = [Vec::new(), Vec::new(), Vec::new()];
    let z = normals(seed, 2, 5 * sizes as usize);
    for c in 0..5 {
        for k in 0..sizes {
            let compute = 10f64.powf(19.0 + 0.6 * f64::from(c));
            let n = (compute / 120.0).sqrt() * 2f64.powf(5.0 * f64::from(k) / f64::from(sizes - 1) - 2.5);
            let d = compute / (6.0 * n);
            let m = TRUTH[0] + TRUTH[1] * n.powf(-TRUTH[2]) + TRUTH[3] * d.powf(-TRUTH[4]);
            columns[2].push(m * (sigma * z[columns[0].len()]).exp());
            columns[0].push(n);
            columns[1].push(d);
        }
    }
    let [n, d, loss] = columns;
    let rows = loss.len();
    let input = |name: &str, values| Input { name: name.into(), unit: None, values };
    Dataset::new(
        "simulated",
        vec![input("N", n), input("D", d)],
        Response { name: "loss".into(), values: loss },
        (2..rows + 2).collect(),
    )
    .expect("valid rows")
}

fn profile(fit: &Fit, quantity: &Derived) -> Interval {
    derived::interval("profile-t", fit, quantity, None, Level::default()).expect("available")
}

/// Values of the documentation of the methods, twelve digits.
#[test]
fn values_are_those_of_the_closed_form() {
    let split = Chinchilla.split(&frame()).expect("a law of size and data");
    let theta = Chinchilla.coordinates(&TRUTH, &frame()).expect("inside the domain");
    let [a, b, n, d] = quantities(split).map(|q| q.value(&theta));
    assert_close!(a, 0.451_612_903_226, rel 1e-11, abs 0.0);
    assert_close!(a + b, 1.0, rel 1e-15, abs 0.0);
    assert_close!(n.exp(), 41_296_702_419.4, rel 1e-11, abs 0.0);
    assert_close!(d.exp(), 4.035_834_749_56e12, rel 1e-11, abs 0.0);
    let (n, d) = (n.exp(), d.exp());
    let m = TRUTH[0] + TRUTH[1] * n.powf(-TRUTH[2]) + TRUTH[3] * d.powf(-TRUTH[4]);
    assert_close!(m, 1.911_195_419_91, rel 1e-11, abs 0.0);
}

/// Derivatives against central differences; a quantity solved for a coordinate has its value there.
#[test]
fn derivatives_and_solutions_are_right() {
    let split = Chinchilla.split(&frame()).expect("a law of size and data");
    let theta = Chinchilla.coordinates(&TRUTH, &frame()).expect("inside the domain");
    for quantity in quantities(split) {
        let gradient = quantity.gradient(&theta);
        for j in 0..5 {
            let h = 1e-5;
            let (mut up, mut down) = (theta, theta);
            up[j] += h;
            down[j] -= h;
            let slope = (quantity.value(&up) - quantity.value(&down)) / (2.0 * h);
            assert_close!(gradient[j], slope, rel 1e-7, abs 1e-8);
        }
        let wanted = quantity.value(&theta) * 0.9;
        for pivot in quantity.pivots() {
            let mut moved = theta;
            moved[pivot] = quantity.solve(pivot, &theta, wanted).expect("a solution");
            assert_close!(quantity.value(&moved), wanted, rel 1e-12, abs 0.0);
        }
    }
}

/// The same law with the quantity as a parameter of its own: its profile is that of the derived quantity.
#[test]
fn profiles_are_those_of_the_law_with_the_quantity_as_its_parameter() {
    let data = sample(6, 0.01, 3);
    let fit = FitSpec::new(&Chinchilla).fit(&data).expect("fit");
    let split = fit.form.split(&fit.design.frame).expect("a law of size and data");
    let with = |text: &str, name: &str| {
        let form = Formula::parse(text).and_then(|f| f.bind(&data)).expect("a law");
        let again =
            FitSpec::new(form).scale(lawfit::data::Scale::Log).expect("scale").fit(&data).expect("fit");
        assert_close!(again.sse(), fit.sse(), rel 1e-8, abs 0.0);
        let k = form.params().iter().position(|p| p.name == name).expect("its parameter");
        interval(&ProfileT, k, &Gathered { fit: &again, draws: None, jackknife: None }, Level::default())
            .expect("available")
    };
    let own = profile(&fit, &split.size_exponent());
    let a = with("E + A*N^-(s*(1-share)) + B*D^-(s*share)", "share");
    assert_close!(own.low, a.low, rel 1e-6, abs 0.0);
    assert_close!(own.high, a.high, rel 1e-6, abs 0.0);
    let other = profile(&fit, &split.data_exponent());
    assert_close!(other.low, 1.0 - own.high, rel 1e-6, abs 0.0);
    assert_close!(other.high, 1.0 - own.low, rel 1e-6, abs 0.0);
}

/// The two limits describe one interval, and the optimum is one.
#[test]
fn the_optimum_is_least_along_its_budget() {
    let data = sample(6, 0.01, 3);
    let fit = FitSpec::new(&Chinchilla).fit(&data).expect("fit");
    let best = optimum(&fit, COMPUTE, 6.0, Level::default()).expect("a law of size and data");
    let (low, high) = (best.size.mean.low.expect("closed"), best.size.mean.high.expect("closed"));
    assert!(low < best.size.estimate && best.size.estimate < high);
    // N* D* is the budget: the limits of one are those of the other.
    assert_close!(best.data.mean.high.expect("closed"), COMPUTE / 6.0 / low, rel 1e-6, abs 0.0);
    assert_close!(best.size.estimate * best.data.estimate, COMPUTE / 6.0, rel 1e-12, abs 0.0);
    // No shift along the isoFLOP line lowers the response.
    let at = |n: f64| fit.predict(&[n, COMPUTE / 6.0 / n]);
    assert!(at(1.01 * best.size.estimate) > best.response && at(0.99 * best.size.estimate) > best.response);
    assert!(optimum(&fit, -1.0, 6.0, Level::default()).is_none());
}

/// Nominal 95% for a and ln N_opt by profile and a by the linearised t; 200 sets, 3.3 standard errors are 5.1 points.
#[test]
fn intervals_cover() {
    let truth = quantities(Chinchilla.split(&frame()).expect("a split"))
        .map(|q| q.value(&Chinchilla.coordinates(&TRUTH, &frame()).expect("inside")));
    let sets = 200;
    let hits: Vec<[bool; 2]> = (0..sets)
        .into_par_iter()
        .map(|seed| {
            let fit = FitSpec::new(&Chinchilla).fit(&sample(6, 0.01, 100 + seed)).expect("fit");
            let split = fit.form.split(&fit.design.frame).expect("a split");
            let [a, _, n, _] = quantities(split);
            [(a, truth[0]), (n, truth[2])].map(|(q, truth)| {
                let i = profile(&fit, &q);
                i.low <= truth && truth <= i.high
            })
        })
        .collect();
    for k in 0..2 {
        let got = hits.iter().filter(|h| h[k]).count() as f64 / sets as f64;
        assert!((got - 0.95).abs() <= 0.051, "{k}: {got}");
    }
}

#[test]
fn methods_follow_the_loss() {
    let data = sample(6, 0.01, 3);
    let fit = FitSpec::new(&Chinchilla).fit(&data).expect("fit");
    let robust = FitSpec::new(&Chinchilla).loss(Loss::HUBER_AUTO).fit(&data).expect("fit");
    let a = fit.form.split(&fit.design.frame).expect("a split").size_exponent();
    let of = |method: &str, fit: &Fit| derived::interval(method, fit, &a, None, Level::default());
    for (method, fit) in
        [("t", &fit), ("hc3", &fit), ("profile-t", &fit), ("score", &robust), ("sandwich", &robust)]
    {
        let i = of(method, fit).expect("available");
        let v = a.value(&fit.solution.theta);
        assert!(0.0 <= i.low && i.low < v && v < i.high && i.high <= 1.0, "{i:?}");
    }
    assert!(matches!(of("profile-t", &robust), Err(Unavailable::OtherLoss { .. })));
    for method in ["percentile", "profile-bootstrap"] {
        assert_eq!(of(method, &fit), Err(Unavailable::NoDraws));
    }
    let bootstrap = Bootstrap { resampler: Resampler::Wild, replicates: 199, seed: 1 };
    let draws = bootstrap.run(&fit, &data.groups, &|| ());
    let p = profile(&fit, &a);
    for method in ["percentile", "profile-bootstrap"] {
        // 199 draws know a limit to a tenth of the width or so.
        let i = derived::interval(method, &fit, &a, Some(&draws), Level::default()).expect("available");
        assert!(
            (i.low - p.low).abs() < 0.3 * p.width() && (i.high - p.high).abs() < 0.3 * p.width(),
            "{i:?}"
        );
    }
    assert!(Floor.derived(&frame()).is_empty() && Power.derived(&frame()).is_empty());
}

/// The report has them under their names, in text and in JSON.
#[test]
fn reports_have_them() {
    let data = sample(4, 0.01, 3);
    let mut text = String::from("N,D,loss\n");
    for i in 0..data.nobs() {
        let row = [data.predictors[0].values[i], data.predictors[1].values[i], data.response.values[i]];
        text.push_str(&format!("{},{},{}\n", row[0], row[1], row[2]));
    }
    let args = ["fit", "-", "--x", "N,D", "--y", "loss", "--form", "chinchilla", "--replicates", "199"];
    let report = common::json(&args, &text);
    let derived = report["fits"][0]["derived"].as_array().expect("derived");
    assert_eq!(derived.iter().map(|d| d["name"].as_str().expect("name")).collect::<Vec<_>>(), ["a", "b"]);
    let (low, high) = common::limits(&derived[0], "profile-t");
    let estimate = common::number(&derived[0]["estimate"]);
    assert!(low < estimate && estimate < high, "{low} {estimate} {high}");
    assert_eq!(derived[0]["intervals"][0]["lead"], true);
    let (code, out, err) = common::lawfit(&args, &text);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("  a = 0.") && out.contains("N_opt ~ C^a"), "{out}");
}
