//! Score intervals: Student's t for a line, invariances, coverage for robust losses.

mod common;

use common::{BENT, PURE, SIZES, dataset};
use lawfit::data::{Dataset, Input, Response};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{Chinchilla, Floor, Form, Power};
use lawfit::loss::Loss;
use lawfit::math::random::normals;
use lawfit::uncertainty::{Gathered, Interval, IntervalMethod, Level, Score, Unavailable, WaldT, interval};
use rayon::prelude::*;

fn gathered(fit: &Fit) -> Gathered<'_> {
    Gathered { fit, draws: None, jackknife: None }
}

fn level(level: f64) -> Level {
    Level::new(level).expect("level")
}

fn score(fit: &Fit, k: usize, at: f64) -> Interval {
    interval(&Score, k, &gathered(fit), level(at)).expect("available")
}

fn robust(form: &'static dyn Form, loss: &str, data: &Dataset) -> Fit {
    FitSpec::new(form).loss(Loss::parse(loss).expect("loss")).fit(data).expect("fit")
}

/// With psi(r) = r the statistic is the t statistic of a line: the limits are those of Student, which are exact.
#[test]
fn least_squares_of_a_line_give_students_t() {
    let fit = FitSpec::new(&Power).fit(&dataset(&SIZES, &PURE)).expect("fit");
    for k in 0..2 {
        let target = fit.form.natural(k, &fit.design.frame);
        let of = |m: &dyn IntervalMethod| m.limits(&target, &gathered(&fit), level(0.9)).expect("limits");
        let (s, t) = (of(&Score), of(&WaldT));
        assert_close!(s.0, t.0, rel 1e-8, abs 0.0);
        assert_close!(s.1, t.1, rel 1e-8, abs 0.0);
    }
}

/// Whoever asks for it by least squares is sent to the methods that rest on normal errors.
#[test]
fn least_squares_have_better_intervals() {
    let fit = FitSpec::new(&Power).fit(&dataset(&SIZES, &PURE)).expect("fit");
    let answer = interval(&Score, 1, &gathered(&fit), Level::default());
    assert!(matches!(answer, Err(Unavailable::OtherLoss { .. })), "{answer:?}");
}

/// Levels are nested and contain the estimate; neither the order of the rows nor the units matter.
#[test]
fn intervals_are_nested_and_equivariant() {
    let backwards = |v: &[f64]| v.iter().rev().copied().collect::<Vec<f64>>();
    let times = |v: &[f64], c: f64| v.iter().map(|v| c * v).collect::<Vec<f64>>();
    for loss in ["huber:1e-3", "huber:auto", "lad", "student:4"] {
        let fit = robust(&Floor, loss, &dataset(&SIZES, &BENT));
        for k in 0..3 {
            let (narrow, wide) = (score(&fit, k, 0.8), score(&fit, k, 0.95));
            let what = format!("{loss} {k}: {narrow:?} {wide:?}");
            assert!(wide.low <= narrow.low && narrow.high <= wide.high, "{what}");
            assert!(narrow.low <= fit.estimate(k) && fit.estimate(k) <= narrow.high, "{what}");
        }
        let others = [
            (dataset(&backwards(&SIZES), &backwards(&BENT)), 1.0),
            (dataset(&times(&SIZES, 1e-6), &BENT), 1.0),
            (dataset(&SIZES, &times(&BENT, 3.0)), 3.0),
        ];
        for (data, unit) in others {
            let other = robust(&Floor, loss, &data);
            for (k, factor) in [(0, unit), (2, 1.0)] {
                let (a, b) = (score(&fit, k, 0.9), score(&other, k, 0.9));
                assert_close!(b.low, factor * a.low, rel 1e-6, abs 1e-9);
                assert_close!(b.high, factor * a.high, rel 1e-6, abs 1e-9);
            }
        }
    }
}

/// A floor that the data do not show: its lower limit is the edge, and a bent law far from it leaves no number behind.
#[test]
fn open_sides_and_edges_are_said() {
    let fit = robust(&Floor, "huber:auto", &dataset(&SIZES[..5], &PURE[..5]));
    for k in 0..3 {
        let i = score(&fit, k, 0.95);
        assert!(!i.low.is_nan() && !i.high.is_nan(), "{i:?}");
    }
    assert_eq!(score(&fit, 0, 0.95).low, 0.0);
}

/// A law and a design: predictor columns and natural parameters.
type Truth = (&'static dyn Form, Vec<Vec<f64>>, Vec<f64>);

fn floor(n: usize) -> Truth {
    let x = (0..n).map(|i| 10f64.powf(7.0 + 3.0 * i as f64 / (n - 1) as f64)).collect();
    (&Floor, vec![x], vec![1.69, 406.4, 0.34])
}

/// Five budgets of compute, six sizes each.
fn iso_flop() -> Truth {
    let mut x = vec![Vec::new(), Vec::new()];
    for c in 0..5 {
        for k in 0..6 {
            let compute = 10f64.powf(19.0 + 0.6 * f64::from(c));
            let n = (compute / 120.0).sqrt() * 2f64.powf(f64::from(k) - 2.5);
            x[0].push(n);
            x[1].push(compute / (6.0 * n));
        }
    }
    (&Chinchilla, x, vec![1.817, 477.8, 0.3473, 2143.4, 0.3672])
}

fn mean(p: &[f64], x: &[f64]) -> f64 {
    p[0] + x.iter().enumerate().map(|(k, x)| p[1 + 2 * k] * x.powf(-p[2 + 2 * k])).sum::<f64>()
}

/// Share of data sets whose interval of parameter `k` covers.
fn coverage(truth: &Truth, loss: &str, k: usize, sets: u64) -> f64 {
    let (form, x, params) = truth;
    let n = x[0].len();
    let hits = (0..sets).into_par_iter().filter(|seed| {
        let z = normals(4_000 + seed, 1, n);
        let y: Vec<f64> = (0..n)
            .map(|i| {
                let point: Vec<f64> = x.iter().map(|c| c[i]).collect();
                mean(params, &point) * (0.01 * z[i]).exp()
            })
            .collect();
        let input =
            |(j, c): (usize, &Vec<f64>)| Input { name: format!("x{j}"), unit: None, values: c.clone() };
        let data = Dataset::new(
            "simulated",
            x.iter().enumerate().map(input).collect(),
            Response { name: "loss".into(), values: y },
            (2..n + 2).collect(),
        )
        .expect("valid rows");
        let i = score(&robust(*form, loss, &data), k, 0.95);
        i.low <= params[k] && params[k] <= i.high
    });
    hits.count() as f64 / sets as f64
}

/// Nominal 95%: 3.3 standard errors of the simulation, 3.6 points for 400 sets.
#[test]
fn intervals_cover_for_small_samples() {
    let slack = 3.3 * (0.05f64 * 0.95 / 400.0).sqrt();
    let cases = [
        (floor(10), "huber:1e-3", 2),
        (floor(10), "huber:auto", 0),
        (floor(20), "lad", 2),
        (iso_flop(), "huber:1e-3", 2),
        (iso_flop(), "huber:auto", 4),
    ];
    for (truth, loss, k) in cases {
        let got = coverage(&truth, loss, k, 400);
        assert!((got - 0.95).abs() <= slack, "{} {loss} {k}: {got:.4}", truth.0.id());
    }
}
