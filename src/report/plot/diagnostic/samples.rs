//! Diagnostic pictures for the tests: lines fitted to the built-in data, a crowd, and the odd ones.

use super::super::super::panels::{
    Break, Estimate, ExponentPanel, Flag, Influence, InfluencePanel, Panels, Quantile, QuantilePanel,
    ResidualPanel, Window,
};
use crate::math::distribution::{normal_quantile, t_quantile};
use crate::math::smooth::local_linear;

/// Return a picture with nothing in it, and a note in every panel.
pub(crate) fn empty() -> Panels {
    let note = |text: &str| Some(text.to_owned());
    Panels {
        x_label: "N (million parameters)".to_owned(),
        residuals: ResidualPanel {
            y_label: "residual of ln loss".to_owned(),
            points: Vec::new(),
            smooth: Vec::new(),
            limits: None,
            break_at: None,
            flags: Vec::new(),
            note: note("the law passes through every run"),
        },
        exponents: ExponentPanel {
            y_label: "exponent α".to_owned(),
            windows: Vec::new(),
            global: None,
            level: 0.95,
            note: note("too few sizes: a local exponent needs three sizes a window, and the data have two"),
        },
        influence: InfluencePanel {
            y_label: "change (standard errors)".to_owned(),
            runs: Vec::new(),
            threshold: None,
            threshold_label: "±2/√n".to_owned(),
            prediction_label: "prediction at 130B".to_owned(),
            flags: Vec::new(),
            note: None,
        },
        quantiles: QuantilePanel {
            x_label: "normal quantile".to_owned(),
            y_label: "studentised residual".to_owned(),
            points: Vec::new(),
            total: 0,
            band_label: "95% simultaneous band".to_owned(),
            flags: Vec::new(),
            note: note("no degree of freedom is left"),
        },
    }
}

/// A straight line through (u, v): intercept at the mean of u, slope, mean and sum of squares of u, variance.
struct Line {
    level: f64,
    slope: f64,
    mean: f64,
    sxx: f64,
    variance: f64,
}

impl Line {
    fn new(u: &[f64], v: &[f64]) -> Self {
        let n = u.len() as f64;
        let (mean, level) = (u.iter().sum::<f64>() / n, v.iter().sum::<f64>() / n);
        let sxx: f64 = u.iter().map(|u| (u - mean).powi(2)).sum();
        let slope: f64 = u.iter().zip(v).map(|(u, v)| (u - mean) * (v - level)).sum::<f64>() / sxx;
        let sse = u.iter().zip(v).map(|(u, v)| (v - level - slope * (u - mean)).powi(2)).sum::<f64>();
        Self { level, slope, mean, sxx, variance: sse / (n - 2.0) }
    }

    fn at(&self, u: f64) -> f64 {
        self.level + self.slope * (u - self.mean)
    }

    fn exponent(&self, n: usize) -> Estimate {
        let half = t_quantile(0.975, n as f64 - 2.0) * (self.variance / self.sxx).sqrt();
        Estimate { value: -self.slope, low: -self.slope - half, high: -self.slope + half }
    }
}

/// Return the picture of the line through the logarithms of some runs.
pub(crate) fn of_line(x: &[f64], y: &[f64], window: usize) -> Panels {
    let n = x.len();
    let (u, v): (Vec<f64>, Vec<f64>) = x.iter().zip(y).map(|(x, y)| (x.ln(), y.ln())).unzip();
    let line = Line::new(&u, &v);
    let e: Vec<f64> = u.iter().zip(&v).map(|(u, v)| v - line.at(*u)).collect();
    let leverage: Vec<f64> = u.iter().map(|u| 1.0 / n as f64 + (u - line.mean).powi(2) / line.sxx).collect();
    let dof = n as f64 - 2.0;
    let t: Vec<f64> = (0..n)
        .map(|i| {
            let rest = 1.0 - leverage[i];
            let variance = (line.variance * dof - e[i] * e[i] / rest) / (dof - 1.0);
            e[i] / (variance * rest).sqrt()
        })
        .collect();
    let far = x[n - 1].ln() + 10f64.ln();
    let runs: Vec<Influence> = (0..n)
        .map(|i| {
            let d = u[i] - line.mean;
            let slope = -d * e[i] / (line.sxx * (1.0 - leverage[i]));
            let level = -e[i] / (n as f64 * (1.0 - leverage[i]));
            Influence {
                x: x[i],
                change: -slope / (line.variance / line.sxx).sqrt(),
                prediction: 100.0 * (level + slope * (far - line.mean)).exp_m1(),
            }
        })
        .collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| t[i].total_cmp(&t[j]));
    let points: Vec<Quantile> = order
        .iter()
        .enumerate()
        .map(|(rank, &i)| {
            let expected = normal_quantile((rank as f64 + 0.625) / (n as f64 + 0.25));
            let density = (-0.5 * expected * expected).exp() / (2.0 * std::f64::consts::PI).sqrt();
            let p = (rank as f64 + 0.5) / n as f64;
            let half = 2.6 * (p * (1.0 - p) / n as f64).sqrt() / density;
            Quantile { expected, observed: t[i], low: expected - half, high: expected + half }
        })
        .collect();
    let worst = |size: &dyn Fn(usize) -> f64, least: f64| -> Vec<Flag> {
        let mut rank: Vec<usize> = (0..n).collect();
        rank.sort_by(|&i, &j| size(j).total_cmp(&size(i)));
        rank.retain(|&i| size(i) > least);
        rank.truncate(5);
        rank.into_iter().map(|index| Flag { index, text: format!("line {}", index + 2) }).collect()
    };
    let threshold = 2.0 / (n as f64).sqrt();
    let mut flags = worst(&|i| t[i].abs(), 2.0);
    let residual_flags = flags.clone();
    for flag in &mut flags {
        flag.index = order.iter().position(|&i| i == flag.index).unwrap_or(0);
    }
    let two = 2.0 * line.variance.sqrt();
    let grid: Vec<f64> = (0..=100).map(|k| u[0] + f64::from(k) / 100.0 * (u[n - 1] - u[0])).collect();
    let smooth = local_linear(&u, &e, 2.0 / 3.0, &grid);
    let mut panels = empty();
    panels.x_label = "N (parameters)".to_owned();
    panels.residuals.points = x.iter().copied().zip(e).collect();
    panels.residuals.smooth = grid.iter().map(|u| u.exp()).zip(smooth).collect();
    panels.residuals.limits = Some((-two, two));
    panels.residuals.flags = residual_flags;
    panels.exponents.windows = (0..=n - window)
        .step_by((window / 3).max(1))
        .map(|i| {
            let part = Line::new(&u[i..i + window], &v[i..i + window]).exponent(window);
            Window { from: x[i], to: x[i + window - 1], alpha: part.value, low: part.low, high: part.high }
        })
        .collect();
    panels.exponents.global = Some(line.exponent(n));
    panels.influence.flags = worst(&|i| runs[i].change.abs(), threshold);
    panels.influence.runs = runs;
    panels.influence.threshold = Some(threshold);
    panels.quantiles.points = points;
    panels.quantiles.total = n;
    panels.quantiles.flags = flags;
    panels
}

/// Read the first column and the losses of a built-in table.
fn table(text: &str, loss: usize) -> (Vec<f64>, Vec<f64>) {
    let number = |cell: &str| -> f64 {
        let (digits, unit) = match cell.char_indices().last() {
            Some((i, 'M')) => (&cell[..i], 1e6),
            Some((i, 'B')) => (&cell[..i], 1e9),
            _ => (cell, 1.0),
        };
        unit * digits.parse::<f64>().unwrap()
    };
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (number(cells[0]), number(cells[loss]))
    });
    rows.unzip()
}

/// Eighteen runs with a break in the law, and the break marked.
pub(crate) fn kink() -> Panels {
    let (x, y) = table(include_str!("../../../../datasets/kink.csv"), 1);
    let mut panels = of_line(&x, &y, 3);
    panels.residuals.break_at = Some(Break {
        at: 7.1e7,
        low: 4.2e7,
        high: 1.2e8,
        label: "break at 71M".to_owned(),
        legend: "break, 95% interval".to_owned(),
    });
    panels
}

/// Twelve losses that level off, and a line through them.
pub(crate) fn bent() -> Panels {
    let (x, y) = table(include_str!("../../../../datasets/bent.csv"), 1);
    let mut panels = of_line(&x, &y, 3);
    panels.residuals.break_at = Some(Break {
        at: 6e7,
        low: 2e7,
        high: f64::INFINITY,
        label: "break at 60M".to_owned(),
        legend: "break, 95% interval".to_owned(),
    });
    panels
}

/// Seven language models that follow a line.
pub(crate) fn cerebras() -> Panels {
    let (x, y) = table(include_str!("../../../../datasets/cerebras-gpt.csv"), 2);
    of_line(&x, &y, 3)
}

/// Runs from a fixed recurrence, some of one size.
pub(crate) fn crowd(n: usize) -> Panels {
    let mut state = 12345u64;
    let mut uniform = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut runs: Vec<(f64, f64)> = (0..n)
        .map(|_| {
            let x = 10f64.powf(6.0 + 4.0 * uniform());
            let noise: f64 = (0..6).map(|_| uniform() - 0.5).sum();
            (x, 27.0 * x.powf(-0.12) * (0.03 * noise).exp())
        })
        .collect();
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (x, y): (Vec<f64>, Vec<f64>) = runs.into_iter().unzip();
    of_line(&x, &y, (n / 10).max(3))
}

/// Pictures at the limits: few runs, equal ones, one size, huge ranges, values that are not numbers, long labels.
pub(crate) fn odd() -> Vec<Panels> {
    let nan = f64::NAN;
    let inf = f64::INFINITY;
    let mut broken = kink();
    broken.residuals.points.extend([(nan, 0.1), (1e7, nan), (-1.0, 0.1), (inf, 0.1), (1e7, inf)]);
    broken.residuals.smooth[40].1 = nan;
    broken.residuals.limits = Some((-inf, nan));
    broken.residuals.break_at =
        Some(Break { at: 1e7, low: 0.0, high: inf, label: String::new(), legend: String::new() });
    broken.residuals.flags.extend([18, 19, 22, 9999].map(|index| Flag { index, text: "gap".to_owned() }));
    let whole = Window { from: 0.0, to: inf, alpha: 0.2, low: -inf, high: inf };
    broken.exponents.windows.push(whole);
    for (alpha, low, high) in [(nan, 0.0, 1.0), (inf, 0.0, 1.0), (0.15, nan, nan), (0.15, 0.1, inf)] {
        broken.exponents.windows.push(Window { from: 1e6, to: 1e7, alpha, low, high });
    }
    broken.exponents.windows.push(Window { from: nan, ..whole });
    broken.exponents.global = Some(Estimate { value: 0.2, low: -inf, high: nan });
    broken.exponents.level = nan;
    broken.influence.runs.extend(
        [(nan, 1.0, 1.0), (1e6, inf, 1.0), (1e6, 0.1, nan), (1e6, 0.2, inf)]
            .map(|(x, change, prediction)| Influence { x, change, prediction }),
    );
    broken.influence.threshold = Some(inf);
    broken.quantiles.points[3].low = nan;
    broken.quantiles.points[3].high = nan;
    broken.quantiles.points[5].observed = nan;
    broken.quantiles.points[8].high = inf;

    let mut long = kink();
    let words = "a label that is much too long for any place in this picture, E + A*N^-alpha & <more>";
    long.x_label = words.repeat(2);
    for text in [
        &mut long.residuals.y_label,
        &mut long.exponents.y_label,
        &mut long.influence.y_label,
        &mut long.influence.threshold_label,
        &mut long.influence.prediction_label,
        &mut long.quantiles.x_label,
        &mut long.quantiles.y_label,
        &mut long.quantiles.band_label,
    ] {
        *text = words.to_owned();
    }
    long.exponents.windows.clear();
    long.exponents.note = Some(words.repeat(20));
    if let Some(b) = &mut long.residuals.break_at {
        b.label = words.to_owned();
        b.legend = words.to_owned();
    }
    for flag in &mut long.residuals.flags {
        flag.text = words.to_owned();
    }

    let mut exploding = cerebras();
    for (i, w) in exploding.exponents.windows.iter_mut().enumerate() {
        (w.low, w.high) = (-1e3 - i as f64, 1e200);
    }
    let mut equal = kink();
    equal.residuals.points.iter_mut().for_each(|p| p.1 = 0.0);
    equal.exponents.windows.iter_mut().for_each(|w| w.alpha = 0.3);
    equal.exponents.global = None;
    equal.influence.runs.iter_mut().for_each(|r| (r.change, r.prediction) = (0.0, 0.0));
    equal.quantiles.points.iter_mut().for_each(|q| q.observed = 0.0);
    let mut one_size = crowd(30);
    one_size.residuals.points.iter_mut().for_each(|p| p.0 = 1e9);
    one_size.residuals.smooth.clear();
    one_size.exponents.windows.clear();
    one_size.influence.runs.iter_mut().for_each(|r| r.x = 1e9);
    let mut huge = crowd(30);
    huge.residuals.points = (0..30).map(|i| (10f64.powf(3.0 + 0.4 * f64::from(i)), 1e300)).collect();
    huge.exponents.windows[0].alpha = 1e300;
    huge.influence.runs[3].change = 1e300;
    huge.quantiles.points[29].observed = 1e12;
    let three = of_line(&[1e6, 1e7, 1e8], &[3.0, 2.4, 2.0], 3);
    let mut overlapping = kink();
    overlapping.residuals.flags =
        (5..14).map(|index| Flag { index, text: format!("line {index}") }).collect();
    for flag in &overlapping.residuals.flags {
        overlapping.residuals.points[flag.index] = (1e7, 0.01);
    }
    vec![empty(), broken, long, exploding, equal, one_size, huge, three, overlapping]
}

/// Every sample.
pub(crate) fn all() -> Vec<Panels> {
    let mut all = vec![kink(), bent(), cerebras(), crowd(40), crowd(300), crowd(100_000)];
    all.extend(odd());
    all
}
