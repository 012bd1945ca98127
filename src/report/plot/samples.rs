//! Figures for the tests: real shapes of data, and the odd ones.

use super::super::figure::{Curve, Figure};

/// Return a figure with nothing in it.
pub(super) fn empty() -> Figure {
    Figure {
        title: String::new(),
        x_label: "Parameters N".to_owned(),
        y_label: "Loss".to_owned(),
        residual_label: "Residual of ln(loss)".to_owned(),
        y_log: true,
        points: Vec::new(),
        curves: Vec::new(),
        level: 0.95,
    }
}

/// Return a curve from a law, with a band that widens away from the middle of the data.
pub(super) fn curve(
    label: &str,
    points: &[(f64, f64)],
    beyond: f64,
    width: f64,
    law: impl Fn(f64) -> f64,
) -> Curve {
    let (first, last) = (points[0].0.ln(), points[points.len() - 1].0.ln());
    let end = last + beyond.ln();
    let x: Vec<f64> = (0..=120).map(|i| (first + f64::from(i) / 120.0 * (end - first)).exp()).collect();
    let spread = |x: f64| width * (0.3 + ((x.ln() - (first + last) / 2.0) / (last - first)).powi(2));
    Curve {
        label: label.to_owned(),
        estimate: x.iter().map(|&x| law(x)).collect(),
        low: x.iter().map(|&x| law(x) * (-spread(x)).exp()).collect(),
        high: x.iter().map(|&x| law(x) * spread(x).exp()).collect(),
        residuals: points.iter().map(|&(x, y)| (x, (y / law(x)).ln())).collect(),
        x,
        best: false,
    }
}

/// Seven language models that follow a line, extrapolated to ten times the largest.
pub(super) fn cerebras() -> Figure {
    let n = [111e6, 256e6, 590e6, 1.3e9, 2.7e9, 6.7e9, 13e9];
    let loss = [2.566, 2.299, 2.184, 1.996, 1.834, 1.704, 1.575];
    let points: Vec<(f64, f64)> = n.into_iter().zip(loss).collect();
    let line = curve("power law f*N^-alpha", &points, 10.0, 0.02, |n| (2.787 - 0.0999 * n.ln()).exp());
    let mut floor = curve("floor E + A*N^-alpha", &points, 10.0, 0.07, |n| 0.95 + 28.4 * n.powf(-0.1544));
    floor.best = true;
    Figure { points, curves: vec![line, floor], ..empty() }
}

/// Twelve losses that level off.
pub(super) fn bent() -> Figure {
    let loss =
        [5.3965, 4.632, 3.8239, 3.3542, 3.0147, 2.6438, 2.4659, 2.3328, 2.1275, 2.0313, 1.9793, 1.9016];
    let n = (6..10).flat_map(|k| [1.0, 2.0, 5.0].map(|m| m * 10f64.powi(k)));
    let points: Vec<(f64, f64)> = n.zip(loss).collect();
    let line = curve("f*N^-alpha", &points, 10.0, 0.15, |n| (3.2177 - 0.12117 * n.ln()).exp());
    let mut floor = curve("E + A*N^-alpha", &points, 10.0, 0.02, |n| 1.70938 + 444.0146 * n.powf(-0.3466765));
    floor.best = true;
    Figure {
        title: "Set A: a floor under the losses".to_owned(),
        points,
        curves: vec![line, floor],
        ..empty()
    }
}

/// Four accuracies and five laws on a linear axis.
pub(super) fn accuracy() -> Figure {
    let points = vec![(100.0, 0.65), (300.0, 0.72), (1000.0, 0.78), (3000.0, 0.84)];
    let within = |mut c: Curve| {
        for v in c.estimate.iter_mut().chain(&mut c.low).chain(&mut c.high) {
            if *v > 1.0 {
                *v = f64::NAN;
            }
        }
        c
    };
    let err = |a: f64, b: f64| move |n: f64| 1.0 - a * n.powf(-b);
    let mut curves = vec![
        within(curve("f*N^alpha", &points, 30.0, 0.03, |n| 0.462 * n.powf(0.075))),
        within(curve("1 - A*N^-alpha", &points, 30.0, 0.03, err(1.0, 0.228))),
        within(curve("C - A*N^-alpha", &points, 30.0, 0.06, |n| 0.95 - 0.906 * n.powf(-0.239))),
        within(curve("logit(a + b*ln N)^1", &points, 30.0, 0.02, |n| {
            1.0 / (1.0 + (0.76 - 0.302 * n.ln()).exp())
        })),
        within(curve("1 - A*(N+N0)^-alpha", &points, 30.0, 0.04, |n| 1.0 - 1.22 * (n + 60.0).powf(-0.251))),
    ];
    curves[1].best = true;
    Figure {
        x_label: "Training examples".to_owned(),
        y_label: "Accuracy".to_owned(),
        residual_label: "Residual".to_owned(),
        y_log: false,
        points,
        curves,
        ..empty()
    }
}

/// Losses between 1.55 and 1.62, without bands and without extrapolation.
pub(super) fn narrow() -> Figure {
    let points: Vec<(f64, f64)> =
        [(1.0e9, 1.62), (1.4e9, 1.601), (2.1e9, 1.583), (3.2e9, 1.566), (4.1e9, 1.55)].into();
    let mut line = curve("f*N^-alpha", &points, 1.0, 0.0, |n| 1.62 * (n / 1e9).powf(-0.0308));
    line.low.clear();
    line.high.clear();
    Figure { y_label: "Validation loss (nats)".to_owned(), points, curves: vec![line], ..empty() }
}

/// A hundred thousand noisy points from a fixed recurrence.
pub(super) fn crowd() -> Figure {
    let mut state = 12345u64;
    let mut uniform = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let law = |n: f64| 1.8 + 500.0 * n.powf(-0.35);
    let mut points: Vec<(f64, f64)> = (0..100_000)
        .map(|_| {
            let n = 10f64.powf(6.0 + 4.0 * uniform());
            let noise: f64 = (0..6).map(|_| uniform() - 0.5).sum();
            (n, law(n) * (0.08 * noise).exp())
        })
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut floor = curve("E + A*N^-alpha", &points, 5.0, 0.01, law);
    floor.best = true;
    let line = curve("f*N^-alpha", &points, 5.0, 0.02, |n| 27.0 * n.powf(-0.12));
    Figure { points, curves: vec![line, floor], ..empty() }
}

/// A band that explodes beyond the data, on one side without a limit.
pub(super) fn exploding() -> Figure {
    let mut figure = cerebras();
    let last = 13e9;
    let floor = &mut figure.curves[1];
    for i in 0..floor.x.len() {
        let over = (floor.x[i] / last).ln().max(0.0);
        floor.high[i] *= (2.0 * over * over).exp();
        floor.low[i] = if over > 1.2 { f64::NAN } else { floor.low[i] * (-1.5 * over * over).exp() };
    }
    figure
}

/// Figures at the limits: no data, two points, equal losses, huge and tiny ranges, values that are not numbers.
pub(super) fn odd() -> Vec<Figure> {
    let with = |points: Vec<(f64, f64)>, law: fn(f64) -> f64| Figure {
        curves: vec![curve("f*N^-alpha", &points, 2.0, 0.01, law)],
        points,
        ..empty()
    };
    let mut broken = cerebras();
    broken.points.extend([(f64::NAN, 2.0), (1e9, f64::NAN), (-1.0, 2.0), (1e9, -2.0), (f64::INFINITY, 1.0)]);
    broken.curves[0].residuals.push((1e9, f64::NAN));
    broken.curves[0].residuals.push((0.0, 0.1));
    broken.curves[1].estimate.fill(f64::NAN);
    let mut long = accuracy();
    for (i, c) in long.curves.iter_mut().enumerate() {
        c.label = format!(
            "a label of curve {i} that is much too long for any place in this picture, E + A*N^-alpha and more & <more>"
        );
    }
    long.y_label = "A_very_long_name_of_a_column_with_units (bits per byte of the validation set)".to_owned();
    long.x_label = long.y_label.repeat(2);
    long.title = long.y_label.clone();
    vec![
        empty(),
        with(vec![(1e6, 3.0), (1e9, 2.0)], |n| 3.0 * (n / 1e6).powf(-0.0587)),
        with(vec![(1e6, 2.0), (1e7, 2.0), (1e8, 2.0)], |_| 2.0),
        with(vec![(1e7, 2.0), (1e7, 2.1)], |_| 2.05),
        with(vec![(1.0, 1e30), (1e30, 1.0)], |n| 1e30 / n),
        with(vec![(1e6, 1e-300), (1e7, 1e300)], |_| 1.0),
        with(vec![(1e9, 2.0), (1.000_000_1e9, 1.999_999_9)], |_| 2.0),
        broken,
        long,
    ]
}

/// Every sample.
pub(super) fn all() -> Vec<Figure> {
    let mut all = vec![cerebras(), bent(), accuracy(), narrow(), crowd(), exploding()];
    all.extend(odd());
    all
}
