//! Reference values: R 4.2.2 (lm, sandwich, lmtest, car, nlsLM) and SciPy with 12 printed digits, unless said otherwise.
//! Tolerance: 1e-8 relative where nothing else is said; digits that were not printed allow no more than that.

mod common;

use common::{BENT, PURE, SIZES, csv, dataset, fit, json, limits, number, param};
use lawfit::compare::floor_test;
use lawfit::data::Scale;
use lawfit::diagnose::{
    self, BreuschPagan, Diagnostic, DurbinWatson, LackOfFit, Outlier, Quadratic, Runs,
    local_exponents::local_exponents,
};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{Floor, Form, LogLinear, Power};
use lawfit::uncertainty::{Jackknife, acceleration};

fn fitted(form: &'static dyn Form, scale: Scale, y: &[f64]) -> Fit {
    FitSpec::new(form).scale(scale).expect("scale").fit(&dataset(&SIZES, y)).expect("fit")
}

#[test]
fn line_of_set_a_matches_r() {
    let f = fitted(&Power, Scale::Log, &BENT);
    assert_close!(f.estimate(1), 0.121174068248, rel 1e-11, abs 0.0);
    assert_close!(f.estimate(0).ln(), 3.21765902789, rel 1e-11, abs 0.0);
    assert_close!(f.sigma(), 0.0871666336045, rel 1e-11, abs 0.0);
    assert_close!(f.r_squared().expect("varies"), 0.942450726739, rel 1e-11, abs 0.0);
    assert_close!(f.information().aic.expect("defined"), 4.07751745953, rel 1e-11, abs 0.0);
    let v = f.vcov().expect("full rank");
    assert_close!(v[(1, 1)].sqrt(), 0.00946891643781, rel 1e-11, abs 0.0);
    let hc3 = f.vcov_hc3().expect("full rank");
    assert_close!(hc3[(1, 1)].sqrt(), 0.0148889594503, rel 1e-11, abs 0.0);
}

#[test]
fn line_of_set_p_matches_r() {
    let f = fitted(&Power, Scale::Log, &PURE);
    assert_close!(f.estimate(1), 0.069432095437, rel 1e-11, abs 0.0);
    assert_close!(f.sigma(), 0.0120348201611, rel 1e-11, abs 0.0);
    assert_close!(f.vcov_hc3().expect("rank")[(1, 1)].sqrt(), 0.00151916163905, rel 1e-11, abs 0.0);
    let i = f.information();
    assert_close!(i.aic.expect("defined"), -47.1181927418, rel 1e-11, abs 0.0);
    assert_close!(i.aicc.expect("defined"), -44.1181927418, rel 1e-11, abs 0.0);
    let raw = fitted(&Power, Scale::Raw, &PURE);
    assert_close!(raw.estimate(0).ln(), 2.12404086156, rel 1e-9, abs 0.0);
    assert_close!(raw.estimate(1), 0.0690166148387, rel 1e-8, abs 0.0);
    assert_close!(raw.information().aicc.expect("defined"), -41.262564668, rel 1e-10, abs 0.0);
}

/// The line through argmin against a QR factorisation of its own.
#[test]
fn line_through_argmin_equals_qr() {
    for y in [&BENT, &PURE] {
        let data = dataset(&SIZES, y);
        let f = fitted(&Power, Scale::Log, y);
        let x = nalgebra::DMatrix::from_fn(12, 2, |i, j| if j == 0 { 1.0 } else { data.x().ln[i] });
        let ln: Vec<f64> = y.iter().map(|v| v.ln()).collect();
        let b = lawfit::math::linalg::Regression::new(x)
            .expect("rank")
            .coefficients(&nalgebra::DVector::from_vec(ln));
        assert_close!(f.estimate(0).ln(), b[0], rel 1e-12, abs 0.0);
        assert_close!(f.estimate(1), -b[1], rel 1e-12, abs 0.0);
    }
}

#[test]
fn floor_of_set_a_matches_gauss_newton() {
    let f = fitted(&Floor, Scale::Log, &BENT);
    assert_close!(f.estimate(0), 1.70938169516, rel 1e-11, abs 0.0);
    assert_close!(f.estimate(1), 444.014576049, rel 1e-11, abs 0.0);
    assert_close!(f.estimate(2), 0.346676533511, rel 1e-11, abs 0.0);
    assert_close!(f.sse(), 0.000408454727359, rel 1e-11, abs 0.0);
    let v = f.vcov().expect("rank");
    assert_close!(v[(2, 2)].sqrt(), 0.00596304072683, rel 1e-9, abs 0.0);
    let i = f.information();
    assert_close!(i.aic.expect("defined"), -56.6326494499, rel 1e-11, abs 0.0);
    // On ln y: AIC -81.4019087167, AICc -75.6876230024, BIC -79.4622821175.
    let jacobian: f64 = 2.0 * BENT.iter().map(|v| v.ln()).sum::<f64>();
    assert_close!(i.aic.expect("defined") - jacobian, -81.4019087167, rel 1e-11, abs 0.0);
    assert_close!(i.aicc.expect("defined") - jacobian, -75.6876230024, rel 1e-11, abs 0.0);
    assert_close!(i.bic.expect("defined") - jacobian, -79.4622821175, rel 1e-11, abs 0.0);
    let raw = fitted(&Floor, Scale::Raw, &BENT);
    assert_close!(raw.estimate(0), 1.71147520876, rel 1e-9, abs 0.0);
    assert_close!(raw.estimate(2), 0.347482136551, rel 1e-9, abs 0.0);
    assert_close!(raw.sse(), 0.00261058442641, rel 1e-11, abs 0.0);
    assert_close!(raw.information().aic.expect("defined"), -59.1425289751, rel 1e-11, abs 0.0);
}

/// Leverages of the floor form: R's gradient of nlsLM at its optimum, which is good to 8 digits of E (1.7093816941).
#[test]
fn floor_leverages_match_r() {
    let f = fitted(&Floor, Scale::Log, &BENT);
    let want = [0.609895479675, 0.294996465355, 0.181496973323, 0.190802334196];
    for (h, w) in f.leverage.iter().zip(want) {
        assert_close!(*h, w, rel 0.0, abs 1e-7);
    }
}

#[test]
fn diagnostics_match_r() {
    // RESET (F, p), Durbin-Watson (d, p), Breusch-Pagan (LM, p), runs p, |rstudent| with p and the t of 1/y-hat.
    type Case<'a> = (&'a [f64; 12], [f64; 2], [f64; 2], [f64; 2], f64, [f64; 3]);
    let cases: [Case<'_>; 2] = [
        (
            &BENT,
            [693.642096305, 7.92237518e-10],
            [0.336785489789, 1.44178503e-7],
            [0.206228231704, 0.649739877818],
            0.0151515151515,
            [2.33180141372, 0.535383864624, 15.2942780825],
        ),
        (
            &PURE,
            [0.655835458616, 0.438920384868],
            [2.28784986653, 0.564544581134],
            [2.15843595685, 0.141788949108],
            0.9329004329,
            [2.52855332076, 0.38774375078, -0.756007627338],
        ),
    ];
    for (y, reset, dw, bp, runs, outlier) in cases {
        let data = dataset(&SIZES, y);
        let f = fitted(&Power, Scale::Log, y);
        let q = Quadratic.check(&f, &data).expect("applies");
        assert_close!(q.statistic, reset[0], rel 1e-9, abs 0.0);
        assert_close!(q.signed_root.expect("t").powi(2), reset[0], rel 1e-9, abs 0.0);
        assert_close!(q.p_value, reset[1], rel 1e-8, abs 0.0);
        let d = DurbinWatson.check(&f, &data).expect("applies");
        assert_close!(d.statistic, dw[0], rel 1e-11, abs 0.0);
        // R's own p value comes from another algorithm with an absolute error near 1e-15.
        assert_close!(d.p_value, dw[1], rel 1e-8, abs 2e-15);
        let b = BreuschPagan.check(&f, &data).expect("applies");
        assert_close!(b.statistic, bp[0], rel 1e-10, abs 0.0);
        assert_close!(b.p_value, bp[1], rel 1e-9, abs 0.0);
        assert_close!(Runs.check(&f, &data).expect("applies").p_value, runs, rel 1e-10, abs 0.0);
        let o = Outlier.check(&f, &data).expect("applies");
        assert_close!(o.statistic.abs(), outlier[0], rel 1e-10, abs 0.0);
        assert_close!(o.p_value, outlier[1], rel 1e-9, abs 0.0);
        assert_close!(floor_test(&f).expect("line").t, outlier[2], rel 1e-9, abs 0.0);
        assert!(LackOfFit.check(&f, &data).is_err());
        let ready = diagnose::CATALOGUE.iter().filter(|d| d.check(&f, &data).is_ok()).count();
        // Bartlett and lack of fit need replicates.
        assert_eq!(ready, diagnose::CATALOGUE.len() - 2);
    }
}

#[test]
fn local_exponents_match_r() {
    for (y, first, last) in [(&BENT, 0.21378607433, 0.0411376119215), (&PURE, 0.05874514839, 0.069641635308)]
    {
        let data = dataset(&SIZES, y);
        let local = local_exponents(&fitted(&Power, Scale::Log, y), &data, 0.95);
        assert_eq!(local.len(), 10);
        assert_close!(local[0].alpha, first, rel 1e-9, abs 0.0);
        assert_close!(local[9].alpha, last, rel 1e-9, abs 0.0);
    }
}

/// SciPy: jackknife of the slope of set P. Ours is of alpha = -slope, so the acceleration changes sign.
#[test]
fn jackknife_matches_scipy() {
    let data = dataset(&SIZES, &PURE);
    let f = fitted(&Power, Scale::Log, &PURE);
    let j = Jackknife::run(&f, &data.groups);
    assert!(j.exact);
    let alpha = f.form.natural(1, &f.design.frame);
    assert_close!(acceleration(&j, &alpha).expect("spread"), -0.0739921693853, rel 1e-8, abs 0.0);
    let values: Vec<f64> = j.thetas.iter().map(|t| alpha.combination(&t.expect("determined"))).collect();
    let mean = values.iter().sum::<f64>() / 12.0;
    let se = (11.0 / 12.0 * values.iter().map(|v| (v - mean).powi(2)).sum::<f64>()).sqrt();
    assert_close!(se, 0.00145403513965, rel 1e-9, abs 0.0);
    assert_close!(lawfit::compare::leave_one_out(&f, &j).expect("positive"), 0.0132552059214, rel 1e-9, abs 0.0);
}

#[test]
fn bent_report_holds_the_published_intervals_and_inversions() {
    let r = json(&["fit", "@bent", "--at", "1e12,5e10", "--target", "1.85,1.8"], "");
    let floor = fit(&r, "floor");
    let alpha = limits(param(floor, "alpha"), "profile-t");
    assert_close!(alpha.0, 0.333233895282, rel 1e-8, abs 0.0);
    assert_close!(alpha.1, 0.360285677817, rel 1e-8, abs 0.0);
    let e = limits(param(floor, "E"), "profile-t");
    assert_close!(e.0, 1.67065797058, rel 1e-8, abs 0.0);
    assert_close!(e.1, 1.74608387276, rel 1e-8, abs 0.0);
    assert_eq!(r["comparison"]["best"], "floor");
    let at = |x: f64| {
        r["predictions"]
            .as_array()
            .expect("array")
            .iter()
            .find(|p| p["form"] == "floor" && p["at"]["N"] == x)
            .expect("prediction")
            .clone()
    };
    // SciPy, profile by constrained least squares and brentq; the new run is exp(eta +- t sqrt(s^2 + se^2)).
    let p = at(1e12);
    assert_close!(number(&p["estimate"]), 1.74009162507, rel 1e-10, abs 0.0);
    assert_close!(number(&p["mean"]["low"]), 1.70703970352, rel 1e-8, abs 0.0);
    assert_close!(number(&p["mean"]["high"]), 1.77203257423, rel 1e-8, abs 0.0);
    assert_close!(number(&p["new_run"]["low"]), 1.69871681444, rel 1e-8, abs 0.0);
    assert_close!(number(&p["new_run"]["high"]), 1.78247418163, rel 1e-8, abs 0.0);
    let p = at(5e10);
    assert_close!(number(&p["mean"]["low"]), 1.76951343057, rel 1e-8, abs 0.0);
    assert_close!(number(&p["mean"]["high"]), 1.82229560876, rel 1e-8, abs 0.0);
    for (target, want) in [
        (1.85, [12416724291.5, 8357031881.39, 21138483853.2]),
        (1.8, [44101236733.7, 22315817818.3, 130812402630.0]),
    ] {
        let i = r["inversions"]
            .as_array()
            .expect("array")
            .iter()
            .find(|i| i["form"] == "floor" && i["target"] == target)
            .expect("inversion")
            .clone();
        assert_close!(number(&i["estimate"]), want[0], rel 1e-9, abs 0.0);
        assert_close!(number(&i["mean"]["low"]), want[1], rel 1e-8, abs 0.0);
        assert_close!(number(&i["mean"]["high"]), want[2], rel 1e-8, abs 0.0);
    }
}

/// R, package investr's formulas: set P, target 1.7 and 2.
#[test]
fn fieller_limits_match_r() {
    let r = json(&["fit", "-", "--form", "power", "--target", "1.7,2"], &csv(&SIZES, &PURE));
    let want = [
        (1.7, [10276679289.3, 8167727540.39, 13160937124.4, 6583066356.51, 16329008821.5]),
        (2.0, [989246597.792, 848308303.703, 1164536354.91, 654525358.026, 1509316404.21]),
    ];
    for (i, (target, w)) in r["inversions"].as_array().expect("array").iter().zip(want) {
        assert_eq!(i["target"], target);
        assert_close!(number(&i["estimate"]), w[0], rel 1e-10, abs 0.0);
        assert_close!(number(&i["mean"]["low"]), w[1], rel 1e-10, abs 0.0);
        assert_close!(number(&i["mean"]["high"]), w[2], rel 1e-10, abs 0.0);
        assert_close!(number(&i["new_run"]["low"]), w[3], rel 1e-10, abs 0.0);
        assert_close!(number(&i["new_run"]["high"]), w[4], rel 1e-10, abs 0.0);
    }
}

/// R: the worked example of the guide, N in millions.
#[test]
fn guide_matches_r() {
    let r = json(&["fit", "@guide", "--target", "0.8,0.9", "--at", "5000,30000"], "");
    assert_eq!(r["direction"], "rises");
    let power = fit(&r, "power");
    let alpha = param(power, "alpha");
    assert_close!(number(&alpha["estimate"]), -0.0767582559275, rel 1e-11, abs 0.0);
    assert_close!(number(&alpha["std_error"]), 0.00574071041732, rel 1e-11, abs 0.0);
    let t = limits(alpha, "t");
    assert_close!(t.0, -0.101458539275, rel 1e-11, abs 0.0);
    assert_close!(t.1, -0.0520579725797, rel 1e-11, abs 0.0);
    let f = param(power, "f");
    assert_close!(number(&f["estimate"]), 0.454140900923, rel 1e-11, abs 0.0);
    assert_close!(number(&f["ln_std_error"]), 0.037605810733, rel 1e-11, abs 0.0);
    let t = limits(f, "t");
    assert_close!(t.0, 0.386295553894, rel 1e-11, abs 0.0);
    assert_close!(t.1, 0.533901971721, rel 1e-11, abs 0.0);
    assert_close!(number(&power["r_squared"]), 0.988936828884, rel 1e-11, abs 0.0);
    assert_close!(number(&power["r_squared_adjusted"]), 0.983405243325, rel 1e-11, abs 0.0);
    assert_close!(number(&power["sigma"]), 0.0141663403211, rel 1e-11, abs 0.0);
    assert_close!(number(&power["sse"]), 0.000401370396189, rel 1e-11, abs 0.0);
    assert!(power["aicc"].is_null());
    // AIC on the y scale, k = 3.
    for (form, aic) in [
        ("power", -21.8403761407),
        ("log-linear", -20.5330335889),
        ("logit-power", -17.8723174758),
        ("neg-log-accuracy", -17.1665252075),
        ("error-power", -16.4229175998),
    ] {
        assert_close!(number(&fit(&r, form)["aic"]), aic, rel 1e-11, abs 0.0);
    }
    let inversion = |form: &str, target: f64| {
        r["inversions"]
            .as_array()
            .expect("array")
            .iter()
            .find(|i| i["form"] == form && i["target"] == target)
            .unwrap_or_else(|| panic!("{form} {target}"))
            .clone()
    };
    let eight = inversion("power", 0.8);
    assert_close!(number(&eight["estimate"]), 1597.92348738, rel 1e-11, abs 0.0);
    assert_close!(number(&eight["mean"]["low"]), 1039.47034012, rel 1e-11, abs 0.0);
    assert_close!(number(&eight["mean"]["high"]), 3054.30249888, rel 1e-11, abs 0.0);
    assert_close!(number(&eight["new_run"]["low"]), 657.514000431, rel 1e-11, abs 0.0);
    assert_close!(number(&eight["new_run"]["high"]), 4828.57681398, rel 1e-11, abs 0.0);
    let one = inversion("power", 1.0);
    assert_close!(number(&one["estimate"]), 29247.67511, rel 1e-10, abs 0.0);
    assert_close!(number(&one["mean"]["low"]), 10764.6749626, rel 1e-10, abs 0.0);
    assert_close!(number(&one["mean"]["high"]), 193406.270637, rel 1e-10, abs 0.0);
    assert_close!(number(&inversion("log-linear", 1.0)["estimate"]), 53525.6664342, rel 1e-10, abs 0.0);
    for (form, n) in [
        ("power", 7412.53355488),
        ("logit-power", 20648.2373096),
        ("neg-log-accuracy", 24223.9902944),
        ("error-power", 29050.6912376),
    ] {
        assert_close!(number(&inversion(form, 0.9)["estimate"]), n, rel 1e-10, abs 0.0);
    }
    let err = param(fit(&r, "error-power"), "alpha");
    assert_close!(number(&err["estimate"]), 0.230324386225, rel 1e-11, abs 0.0);
    assert_close!(number(&err["std_error"]), 0.0346956425164, rel 1e-11, abs 0.0);
    let nla = param(fit(&r, "neg-log-accuracy"), "alpha");
    assert_close!(number(&nla["estimate"]), 0.26675143326, rel 1e-10, abs 0.0);
    assert_close!(number(&nla["std_error"]), 0.0367978107639, rel 1e-10, abs 0.0);
    let logit = param(fit(&r, "logit-power"), "alpha");
    assert_close!(number(&logit["estimate"]), 0.307082642152, rel 1e-11, abs 0.0);
    assert_close!(number(&logit["std_error"]), 0.0388988447036, rel 1e-11, abs 0.0);
    let prediction = |form: &str, n: f64| {
        r["predictions"]
            .as_array()
            .expect("array")
            .iter()
            .find(|p| p["form"] == form && p["at"]["N"] == n)
            .expect("prediction")
            .clone()
    };
    let p = prediction("power", 5000.0);
    assert_close!(number(&p["estimate"]), 0.87320678867, rel 1e-10, abs 0.0);
    assert_close!(number(&p["mean"]["low"]), 0.822507494863, rel 1e-10, abs 0.0);
    assert_close!(number(&p["new_run"]["high"]), 0.951054922074, rel 1e-10, abs 0.0);
    // The line gives 1.00195 at 30 billion: not a prediction of an accuracy.
    let p = prediction("power", 30000.0);
    assert!(p["estimate"].is_null());
    assert_close!(number(&p["leaves_range"]["at"]), 29247.67511, rel 1e-10, abs 0.0);
}

/// Quadratic on the guide: R gives t = 0.389439421912, p = 0.7635788902 with one degree of freedom.
#[test]
fn guide_cannot_tell() {
    let r = json(&["fit", "@guide"], "");
    assert_eq!(r["verdict"]["shape"]["name"], "cannot tell");
    assert!(r["verdict"]["shape"]["holds"].is_null());
    assert_close!(number(&r["verdict"]["shape"]["p_value"]), 0.7635788902, rel 1e-9, abs 0.0);
    let (_, text, _) = common::lawfit(&["fit", "@guide"], "");
    for words in ["+0.0768", "-0.0768", "0.454", "-0.25", "4 points can show no break"] {
        assert!(text.contains(words), "`{words}` is missing in\n{text}");
    }
}

#[test]
fn replicates_match_r() {
    let r = json(&["fit", "@replicates"], "");
    let lack = r["diagnostics"]
        .as_array()
        .expect("array")
        .iter()
        .find(|d| d["id"] == "lack-of-fit")
        .expect("check")
        .clone();
    assert_close!(number(&lack["statistic"]), 2.77802839433, rel 1e-9, abs 0.0);
    assert_close!(number(&lack["p_value"]), 0.0962881438524, rel 1e-9, abs 0.0);
    assert_eq!(lack["dof"], serde_json::json!([3.0, 10.0]));
    let alpha = param(fit(&r, "power"), "alpha");
    assert_close!(number(&alpha["estimate"]), 0.0682711491274, rel 1e-10, abs 0.0);
    assert_close!(number(&alpha["std_error"]), 0.00069103040009, rel 1e-9, abs 0.0);
}

#[test]
fn log_linear_matches_r() {
    let x = [100.0, 500.0, 1000.0, 3000.0];
    let data = dataset(&x, &[0.65, 0.72, 0.78, 0.84]);
    let f = FitSpec::new(&LogLinear).fit(&data).expect("fit");
    assert_close!(f.estimate(0), 0.382818459435, rel 1e-11, abs 0.0);
    assert_close!(f.estimate(1), 0.0566849990924, rel 1e-11, abs 0.0);
}

/// The bootstrap of residuals and of wild weights against all 4^4 and 6^4 equally likely replicates of the guide's line.
#[test]
fn bootstrap_quantiles_match_full_enumeration() {
    use lawfit::uncertainty::{Bootstrap, Gathered, Level, Percentile, Resampler, interval};
    let x = [100.0, 500.0, 1000.0, 3000.0];
    let data = dataset(&x, &[0.65, 0.72, 0.78, 0.84]);
    let f = FitSpec::new(&Power).fit(&data).expect("fit");
    let u = &f.design.x[0];
    let sxx: f64 = u.iter().map(|v| v * v).sum();
    let webb = [-1.5f64.sqrt(), -1.0, -0.5f64.sqrt(), 0.5f64.sqrt(), 1.0, 1.5f64.sqrt()];
    let mut modified: Vec<f64> =
        f.residuals.iter().zip(&f.leverage).map(|(r, h)| r / (1.0 - h).sqrt()).collect();
    let mean = modified.iter().sum::<f64>() / 4.0;
    modified.iter_mut().for_each(|r| *r -= mean);
    for (resampler, choices) in [(Resampler::Wild, 6usize), (Resampler::Residual, 4)] {
        let mut all: Vec<f64> = (0..choices.pow(4))
            .map(|code| {
                let slope: f64 = (0..4)
                    .map(|i| {
                        let pick = code / choices.pow(i as u32) % choices;
                        let error = match resampler {
                            Resampler::Wild => f.residuals[i] / (1.0 - f.leverage[i]) * webb[pick],
                            _ => modified[pick],
                        };
                        u[i] * error / sxx
                    })
                    .sum();
                f.estimate(1) - slope
            })
            .collect();
        all.sort_by(f64::total_cmp);
        let draws = Bootstrap { resampler, replicates: 39_999, seed: 3 }.run(&f, &data.groups, &|| ());
        let gathered = Gathered { fit: &f, draws: Some(&draws), jackknife: None };
        let i = interval(&Percentile, 1, &gathered, Level::new(0.9).expect("level")).expect("available");
        // Three standard errors of a 5% quantile of 39,999 draws move it by at most 0.33 points of probability.
        let at = |p: f64| all[((all.len() as f64 * p) as usize).min(all.len() - 1)];
        assert!(at(0.0467) <= i.low && i.low <= at(0.0533), "{resampler:?} {} {}", i.low, at(0.05));
        assert!(at(0.9467) <= i.high && i.high <= at(0.9533), "{resampler:?} {} {}", i.high, at(0.95));
    }
}
