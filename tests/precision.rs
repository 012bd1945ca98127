//! Rows that differ in their precision: standard deviations, weights, items, and a spread that is estimated.

mod common;

use common::{json, lawfit};
use lawfit::data::{Dataset, Input, Precision, PrecisionKind, Response, Scale};
use lawfit::fit::{Fit, FitSpec, Spread};
use lawfit::form::{Floor, Form, LogitPower, Power, Restriction};
use lawfit::uncertainty::{Gathered, Level, ProfileT, WaldT, interval};

const N: [f64; 8] = [1e6, 3e6, 1e7, 3e7, 1e8, 3e8, 1e9, 3e9];
const LOSS: [f64; 8] = [4.10, 3.62, 3.21, 2.93, 2.67, 2.49, 2.36, 2.27];
const SIGMA: [f64; 8] = [0.06, 0.05, 0.05, 0.04, 0.03, 0.03, 0.02, 0.02];

fn dataset(x: &[f64], y: &[f64]) -> Dataset {
    let n = Input { name: "N".into(), unit: None, values: x.to_vec() };
    let response = Response { name: "loss".into(), values: y.to_vec() };
    Dataset::new("t", vec![n], response, (1..=x.len()).collect()).expect("valid rows")
}

fn with(kind: PrecisionKind, values: &[f64]) -> Dataset {
    let precision = Precision { column: "s".into(), kind, values: values.to_vec() };
    dataset(&N, &LOSS).with_columns(Some(precision), None)
}

fn fit(form: &'static dyn Form, data: &Dataset) -> Fit {
    let fit = FitSpec::new(form).fit(data).expect("fit");
    assert!(fit.converged(), "{:?}", fit.solution);
    fit
}

/// Standard error of the combination behind a parameter: of ln A for A.
fn std_error(fit: &Fit, k: usize) -> f64 {
    let target = fit.form.natural(k, &fit.design.frame);
    lawfit::uncertainty::std_error(&target, &fit.vcov().expect("covariance"))
}

/// statsmodels 0.15.0, WLS of ln y on ln N with weights (y/sigma)^2.
#[test]
fn a_weighted_line_is_that_of_statsmodels() {
    let relative = fit(&Power, &with(PrecisionKind::Relative, &SIGMA));
    assert_close!(relative.estimate(0).ln(), 2.321384767952831, rel 1e-12, abs 0.0);
    assert_close!(relative.estimate(1), 0.070471851724144, rel 1e-11, abs 0.0);
    assert_close!(std_error(&relative, 0), 0.0981436394126046, rel 1e-10, abs 0.0);
    assert_close!(std_error(&relative, 1), 0.005151585684647534, rel 1e-10, abs 0.0);
    let known = fit(&Power, &with(PrecisionKind::Known, &SIGMA));
    assert_close!(known.estimate(1), 0.070471851724144, rel 1e-11, abs 0.0);
    assert_close!(std_error(&known, 0), 0.029688585572889156, rel 1e-10, abs 0.0);
    assert_close!(std_error(&known, 1), 0.0015583617374503697, rel 1e-10, abs 0.0);
    assert_close!(known.goodness_of_fit().expect("Q"), 65.5686969462008, rel 1e-10, abs 0.0);
    assert_eq!(relative.goodness_of_fit(), None);
}

/// scipy 1.17.1, curve_fit with sigma = s/y, absolute_sigma True and False.
#[test]
fn a_weighted_curve_is_that_of_scipy() {
    for (kind, errors) in [
        (PrecisionKind::Known, [0.07434993442682969, 0.020889002064170464]),
        (PrecisionKind::Relative, [0.02430596352024626, 0.0068288872890096206]),
    ] {
        let fit = fit(&Floor, &with(kind, &SIGMA));
        assert_close!(fit.estimate(0), 1.9269088595738253, rel 1e-7, abs 0.0);
        assert_close!(fit.estimate(2), 0.23324299650829236, rel 1e-7, abs 0.0);
        // scipy differentiates by differences.
        assert_close!(std_error(&fit, 0), errors[0], rel 1e-5, abs 0.0);
        assert_close!(std_error(&fit, 2), errors[1], rel 1e-5, abs 0.0);
        if kind == PrecisionKind::Known {
            assert_close!(fit.goodness_of_fit().expect("Q"), 0.5343606976477192, rel 1e-9, abs 0.0);
        }
    }
}

/// Known standard deviations: normal and chi-squared cut-offs, z = 1.959963984540054.
#[test]
fn known_deviations_use_the_normal_law() {
    let data = with(PrecisionKind::Known, &SIGMA);
    let line = fit(&Power, &data);
    let gathered = Gathered { fit: &line, draws: None, jackknife: None };
    let i = interval(&WaldT, 1, &gathered, Level::default()).expect("interval");
    let half = 1.959963984540054 * std_error(&line, 1);
    assert_close!(i.high - line.estimate(1), half, rel 1e-10, abs 0.0);
    // Where the profile of a curve ends, Q has risen by 3.841458820694124.
    let curve = fit(&Floor, &data);
    let gathered = Gathered { fit: &curve, draws: None, jackknife: None };
    let i = interval(&ProfileT, 2, &gathered, Level::default()).expect("interval");
    let held = Restriction { fixed: vec![("alpha".into(), i.low)], shared: vec![] };
    let there = FitSpec::new(&Floor).restrict(held).fit(&data).expect("fit");
    let rise = there.goodness_of_fit().expect("Q") - curve.goodness_of_fit().expect("Q");
    assert_close!(rise, 3.841458820694124, rel 1e-6, abs 0.0);
}

/// The unit of relative deviations and of weights means nothing; that of known ones does.
#[test]
fn only_known_deviations_have_a_unit() {
    let scaled: Vec<f64> = SIGMA.iter().map(|s| 7.0 * s).collect();
    let weights: Vec<f64> = SIGMA.iter().zip(&LOSS).map(|(s, y)| (y / s).powi(2)).collect();
    let relative = fit(&Floor, &with(PrecisionKind::Relative, &SIGMA));
    for same in [with(PrecisionKind::Relative, &scaled), with(PrecisionKind::Weight, &weights)] {
        let same = fit(&Floor, &same);
        for k in 0..3 {
            assert_close!(same.estimate(k), relative.estimate(k), rel 1e-8, abs 0.0);
            assert_close!(std_error(&same, k), std_error(&relative, k), rel 1e-7, abs 0.0);
        }
        let aicc = |f: &Fit| f.information().aicc.expect("AICc");
        assert_close!(aicc(&same), aicc(&relative), rel 1e-10, abs 0.0);
    }
    let known = fit(&Floor, &with(PrecisionKind::Known, &SIGMA));
    let wider = fit(&Floor, &with(PrecisionKind::Known, &scaled));
    assert_close!(std_error(&wider, 2), 7.0 * std_error(&known, 2), rel 1e-7, abs 0.0);
}

/// Deviations in proportion to the response are no weights on logs, and the log-likelihood of known ones is the sum of normal
/// log densities.
#[test]
fn likelihoods_are_those_of_the_response() {
    let equal: Vec<f64> = LOSS.iter().map(|y| 0.01 * y).collect();
    let weighed = fit(&Floor, &with(PrecisionKind::Relative, &equal));
    let plain = fit(&Floor, &dataset(&N, &LOSS));
    for k in 0..3 {
        assert_close!(weighed.estimate(k), plain.estimate(k), rel 1e-8, abs 0.0);
    }
    let ll = |f: &Fit| f.information().loglikelihood.expect("likelihood");
    assert_close!(ll(&weighed), ll(&plain), rel 1e-10, abs 0.0);
    let known = fit(&Floor, &with(PrecisionKind::Known, &SIGMA));
    let want: f64 = LOSS
        .iter()
        .zip(known.predictions())
        .zip(&SIGMA)
        .map(|((y, m), s)| {
            let sd = s / y;
            -0.5 * ((y.ln() - m.ln()) / sd).powi(2) - (sd * (2.0 * std::f64::consts::PI).sqrt()).ln() - y.ln()
        })
        .sum();
    assert_close!(ll(&known), want, rel 1e-10, abs 0.0);
    // Three parameters, none for the variance.
    assert_close!(known.information().aic.expect("AIC"), 6.0 - 2.0 * want, rel 1e-10, abs 0.0);
}

/// The Jacobian of weighted rows against central differences, on both scales.
#[test]
fn derivatives_carry_the_weights() {
    for scale in [Scale::Log, Scale::Raw] {
        let data = with(PrecisionKind::Known, &SIGMA);
        let fit = FitSpec::new(&Floor).scale(scale).expect("scale").fit(&data).expect("fit");
        let mut objective = fit.objective();
        let theta = fit.solution.theta;
        let jacobian = objective.jacobian(&theta);
        for j in 0..3 {
            let moved = |s: f64| {
                let mut t = theta;
                t[j] += s * 1e-6;
                t
            };
            let (up, down) = (objective.fitted(&moved(1.0)), objective.fitted(&moved(-1.0)));
            for i in 0..8 {
                assert_close!(jacobian[j * 8 + i], (up[i] - down[i]) / 2e-6, rel 1e-6, abs 1e-8);
            }
        }
    }
}

/// statsmodels 0.15.0, GLM with a binomial family and logit link: the maximum-likelihood fit on the raw scale.
#[test]
fn binomial_accuracies_are_those_of_a_generalised_linear_model() {
    let items = [50.0, 100.0, 200.0, 400.0, 800.0, 1000.0, 1000.0, 2000.0];
    let accuracy = [0.12, 0.17, 0.26, 0.3325, 0.42625, 0.512, 0.596, 0.6955];
    let precision = Precision { column: "items".into(), kind: PrecisionKind::Items, values: items.to_vec() };
    let data = dataset(&N, &accuracy).with_columns(Some(precision), None);
    let fit = FitSpec::new(&LogitPower).scale(Scale::Raw).expect("scale").fit(&data).expect("fit");
    assert_close!(fit.estimate(0).ln(), 6.420569658225927, rel 1e-9, abs 0.0);
    assert_close!(fit.estimate(1), 0.33125696881933964, rel 1e-9, abs 0.0);
    assert_close!(std_error(&fit, 0), 0.3195388033221356, rel 1e-8, abs 0.0);
    assert_close!(std_error(&fit, 1), 0.015904647793688134, rel 1e-8, abs 0.0);
    assert_close!(fit.goodness_of_fit().expect("Q"), 1.3233574296498156, rel 1e-8, abs 0.0);
    // On the logit scale the weights are k m (1 - m): near it, not the same.
    let logit = FitSpec::new(&LogitPower).fit(&data).expect("fit");
    assert_close!(logit.estimate(1), 0.33125696881933964, rel 0.02, abs 0.0);
}

/// A variance power by restricted likelihood: the criterion maximised by scipy 1.17.1 on the same 40 rows.
#[test]
fn the_spread_is_that_of_restricted_likelihood() {
    let fit = FitSpec::new(&Power).spread(Spread::Power).fit(&dataset(&N_40, &LOSS_40)).expect("fit");
    let spread = fit.spread.expect("estimated");
    assert_close!(spread.kappa, 0.28533721570801646, rel 1e-5, abs 0.0);
    assert_close!(spread.statistic, 46.34179749137009, rel 1e-8, abs 0.0);
    assert_close!(spread.low.expect("low"), 0.21248527582234678, rel 1e-6, abs 0.0);
    assert_close!(spread.high.expect("high"), 0.35776785540489314, rel 1e-6, abs 0.0);
    assert_close!(fit.estimate(1), 0.07128264893754345, rel 1e-5, abs 0.0);
}

fn table(extra: &str, value: impl Fn(usize) -> String) -> String {
    let mut text = format!("N,loss,{extra}\n");
    for i in 0..8 {
        text.push_str(&format!("{},{},{}\n", N[i], LOSS[i], value(i)));
    }
    text
}

/// A frequency is a number of equal rows: the same report as with the rows written out.
#[test]
fn frequencies_repeat_rows() {
    let count = |i: usize| 1 + i % 3;
    let weighted = table("k", |i| count(i).to_string());
    let mut long = String::from("N,loss\n");
    for i in 0..8 {
        for _ in 0..count(i) {
            long.push_str(&format!("{},{}\n", N[i], LOSS[i]));
        }
    }
    let args = ["fit", "-", "--weights", "k", "--weight-kind", "frequency"];
    let (a, b) = (json(&args, &weighted), json(&["fit", "-"], &long));
    assert_eq!(a["fits"], b["fits"]);
    assert_eq!(a["data"]["rows"], 15);
    let (code, _, err) = lawfit(&args, &table("k", |_| "1.5".into()));
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("line 2, column `k`: found 1.5, expected a whole number of rows"), "{err}");
}

#[test]
fn the_command_line_reads_precisions_and_saves_them() {
    let text = table("sd", |i| SIGMA[i].to_string());
    let r = json(&["fit", "-", "--sigma", "sd", "--form", "floor"], &text);
    let q = &r["fits"][0]["goodness_of_fit"];
    assert_close!(q["statistic"].as_f64().expect("Q"), 0.5343606976477192, rel 1e-9, abs 0.0);
    assert_eq!(r["data"]["precision"], serde_json::json!({"column": "sd", "kind": "known"}));
    let saved = json(&["predict", "-", "--at", "1e10"], &serde_json::to_string(&r).expect("JSON"));
    assert_eq!(saved["fits"][0]["objective"], r["fits"][0]["objective"]);
    let spread = json(&["fit", "-", "--spread", "power", "--form", "power"], &text);
    assert!(spread["fits"][0]["spread"]["kappa"].is_number());
    let relative = json(&["fit", "-", "--sigma", "sd", "--sigma-kind", "relative", "--form", "floor"], &text);
    assert!(relative["fits"][0]["goodness_of_fit"].is_null());
}

/// What makes no sense is refused, with what to do.
#[test]
fn senseless_combinations_are_refused() {
    let text = table("sd", |i| SIGMA[i].to_string());
    for (args, says) in [
        (&["--sigma-kind", "known"][..], "found no standard deviations that could be known"),
        (&["--weight-kind", "precision"], "found no weights"),
        (&["--sigma", "sd", "--weights", "sd"], "--sigma contradicts --weights"),
        (
            &["--sigma", "sd", "--spread", "power", "--form", "power"],
            "cannot be estimated as a power of the size too",
        ),
        (&["--items", "sd", "--form", "power"], "expected an accuracy from 0 to 1"),
        (&["--sigma", "nothing"], "has no column `nothing`"),
    ] {
        let (code, _, err) = lawfit(&[&["fit", "-"], args].concat(), &text);
        assert!(code == 2 || code == 3, "{args:?}: {code} {err}");
        assert!(err.contains(says) && err.contains("hint:"), "{args:?}: {err}");
    }
    let (code, _, err) = lawfit(&["fit", "-", "--sigma", "sd"], &table("sd", |_| "-1".into()));
    assert_eq!(code, 3);
    assert!(err.contains("column `sd`: found `-1`, expected a number > 0"), "{err}");
}

#[rustfmt::skip]
const N_40: [f64; 40] = [
    1000000.0, 1266380.0, 1603719.0, 2030918.0, 2571914.0, 3257021.0, 4124626.0, 5223345.0, 6614741.0,
    8376776.0, 10608184.0, 13433993.0, 17012543.0, 21544347.0, 27283334.0, 34551073.0, 43754794.0,
    55410203.0, 70170383.0, 88862382.0, 112533558.0, 142510267.0, 180472177.0, 228546386.0, 289426612.0,
    366524124.0, 464158883.0, 587801607.0, 744380301.0, 942668455.0, 1193776642.0, 1511775071.0,
    1914481976.0, 2424462017.0, 3070290630.0, 3888155180.0, 4923882632.0, 6235507341.0, 7896522868.0,
    10000000000.0,
];
#[rustfmt::skip]
const LOSS_40: [f64; 40] = [
    3.368278, 2.652141, 2.997773, 2.826336, 2.796472, 2.777843, 2.565866, 2.688451, 2.593814, 2.889942,
    2.59425, 2.512557, 2.477015, 2.415591, 2.358044, 2.354493, 2.356608, 2.286336, 2.296386, 2.214454,
    2.18606, 2.198042, 2.129957, 2.066047, 2.040891, 2.024349, 2.020581, 1.941131, 1.910081, 1.900259,
    1.83836, 1.817649, 1.804029, 1.769958, 1.73482, 1.712579, 1.64929, 1.659375, 1.614578, 1.582948,
];
