//! The cells of the study of coverage.

use super::scenario::{Clusters, Scenario};
use crate::benchmark::Errors;
use crate::data::Scale;
use crate::form::{Bnsl1, Chinchilla, Floor, Form, Power};
use crate::loss::Loss;

/// The groups of cells, in the order of the study.
pub const GROUPS: [&str; 6] = ["line", "floor", "floor-lognormal", "broken", "chinchilla", "clusters"];

/// Every cell of the study, in its order.
///
/// - `line`: 100 N^-0.3 on 10^6 to 10^9 with 5% errors; normal, t with 3 degrees of freedom, falling 8-fold (5% to 0.6%); one
///   run in the middle off by 6 standard deviations, fitted with Huber's loss as a report of such data advises.
/// - `floor`: E + A N^-alpha on 10^7 to 10^10 with 1% errors. D1 E = 1.69, A = 406.4, alpha = 0.34; D2 the same on the upper two
///   decades, 10^8 to 10^10, where the floor is most of the response and alpha is known three times worse; D3 E = 0; D4 errors
///   of t with 3 degrees of freedom; D5 the standard deviation falling from 2% to 0.25%; D6 E = 0.05; D7 E = 1, A = 12,
///   alpha = 0.076.
/// - `floor-lognormal`: 1.7 + 400 N^-0.33 on 10^6 to 10^10 with 0.5% or 2% errors; `short` on 10^6 to 10^8.
/// - `broken`: one break at 10^3 on 10 to 10^6 with 1% errors; the exponent before it, and its change.
/// - `chinchilla`: nine isoFLOP profiles ([`isoflop`]) with 1% errors, by three losses.
/// - `clusters`: families of five sizes on windows of 1.5 decades, staggered over 10^7 to 10^10; a family's level varies by 3%,
///   its exponent by 0.01, its runs by 1%.
#[must_use]
pub fn cells() -> Vec<Scenario> {
    let mut out = Vec::new();
    line(&mut out);
    floor(&mut out);
    lognormal(&mut out);
    for n in [16, 30] {
        let truth = vec![0.5, 10.0, 0.3, 0.2, 1e3, 0.5];
        out.push(plain(&format!("broken-n{n}"), "broken", &Bnsl1, truth, n, (1e1, 1e6), 0.01, vec![2, 3]));
    }
    chinchilla(&mut out);
    for families in [3, 4, 5, 6, 8] {
        out.push(clusters(families));
    }
    out
}

/// Sizes spaced evenly in ln N, one predictor.
fn geometric(n: usize, (low, high): (f64, f64)) -> Vec<Vec<f64>> {
    let share = |i: usize| i as f64 / (n - 1) as f64;
    (0..n).map(|i| vec![(low.ln() + share(i) * (high / low).ln()).exp()]).collect()
}

/// Normal errors and least squares on the logarithm.
#[allow(clippy::too_many_arguments)]
fn plain(
    id: &str,
    group: &'static str,
    form: &'static dyn Form,
    truth: Vec<f64>,
    n: usize,
    range: (f64, f64),
    sigma: f64,
    targets: Vec<usize>,
) -> Scenario {
    Scenario {
        id: id.to_owned(),
        group,
        form,
        truth,
        design: geometric(n, range),
        errors: Errors::Normal,
        sigma,
        loss: Loss::SQUARED,
        scale: Scale::Log,
        clusters: None,
        targets,
    }
}

fn line(out: &mut Vec<Scenario>) {
    let cell = |name: &str, n: usize, errors| Scenario {
        errors,
        ..plain(&format!("line-{name}-n{n}"), "line", &Power, vec![100.0, 0.3], n, (1e6, 1e9), 0.05, vec![1])
    };
    for n in [4, 6, 10, 30] {
        out.push(cell("normal", n, Errors::Normal));
    }
    for (name, errors) in [("t3", Errors::T3), ("falling", Errors::Falling(8.0))] {
        for n in [6, 10, 30] {
            out.push(cell(name, n, errors));
        }
    }
    if let Ok(loss) = Loss::parse("huber:auto") {
        for n in [10, 30] {
            out.push(Scenario { loss, ..cell("outlier", n, Errors::Outlier(6.0)) });
        }
    }
}

fn floor(out: &mut Vec<Scenario>) {
    let wide = (1e7, 1e10);
    for (name, [e, a, alpha], range, errors, sigma) in [
        ("d1", [1.69, 406.4, 0.34], wide, Errors::Normal, 0.01),
        ("d2", [1.69, 406.4, 0.34], (1e8, 1e10), Errors::Normal, 0.01),
        ("d3", [0.0, 406.4, 0.34], wide, Errors::Normal, 0.01),
        ("d4", [1.69, 406.4, 0.34], wide, Errors::T3, 0.01),
        ("d5", [1.69, 406.4, 0.34], wide, Errors::Falling(8.0), 0.02),
        ("d6", [0.05, 406.4, 0.34], wide, Errors::Normal, 0.01),
        ("d7", [1.0, 12.0, 0.076], wide, Errors::Normal, 0.01),
    ] {
        for n in [6, 10, 20, 50] {
            let id = format!("floor-{name}-n{n}");
            let cell = plain(&id, "floor", &Floor, vec![e, a, alpha], n, range, sigma, vec![2]);
            out.push(Scenario { errors, ..cell });
        }
    }
}

fn lognormal(out: &mut Vec<Scenario>) {
    let wide = ("", (1e6, 1e10), [6, 10, 20, 50].as_slice());
    let short = ("short-", (1e6, 1e8), [6, 10, 20].as_slice());
    for (design, range, sizes) in [wide, short] {
        for (name, sigma) in [("0.5%", 0.005), ("2%", 0.02)] {
            for n in sizes {
                let id = format!("floor-lognormal-{design}{name}-n{n}");
                let truth = vec![1.7, 400.0, 0.33];
                out.push(plain(&id, "floor-lognormal", &Floor, truth, *n, range, sigma, vec![2]));
            }
        }
    }
}

/// Compute budgets of the isoFLOP profiles, in FLOP.
const BUDGETS: [f64; 9] = [6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21];
/// How far the sizes of a profile reach to each side of its optimum, as a factor.
const REACH: f64 = 4.0;

/// The (N, D) design of `n` runs on isoFLOP profiles in the manner of Hoffmann et al. (2022), figures 3 and 4.
///
/// Not the published runs, which have no licence, but a regular design like theirs: their nine budgets; on each, sizes spaced
/// evenly in ln N from a quarter of the optimum to four times it (the published runs reach 2 to 4 times below it and 2.5 to 6 times
/// above); N D = C/6, and the optimum at 20 tokens a parameter.
#[must_use]
pub fn isoflop(n: usize) -> Vec<Vec<f64>> {
    let mut rows = Vec::with_capacity(n);
    for (k, budget) in BUDGETS.iter().enumerate() {
        // What does not divide evenly goes to the small budgets, which have most runs.
        let own = n / BUDGETS.len() + usize::from(k < n % BUDGETS.len());
        let best = (budget / 6.0 / 20.0).sqrt();
        for size in geometric(own, (best / REACH, best * REACH)) {
            rows.push(vec![size[0], budget / 6.0 / size[0]]);
        }
    }
    rows
}

fn chinchilla(out: &mut Vec<Scenario>) {
    let truth = vec![1.8172, 482.01, 0.3478, 2085.43, 0.3658];
    for n in [30, 60, 240] {
        let losses = ["squared", "huber:1e-3", "huber:auto"];
        for (name, loss) in losses.iter().filter_map(|name| Some((name, Loss::parse(name).ok()?))) {
            let id = format!("chinchilla-{name}-n{n}");
            let cell =
                plain(&id, "chinchilla", &Chinchilla, truth.clone(), 2, (1e8, 1e9), 0.01, vec![0, 2, 4]);
            out.push(Scenario { design: isoflop(n), loss, ..cell });
        }
    }
}

/// Sizes of a family.
const FAMILY: usize = 5;
/// Decades that a family's sizes cover.
const WINDOW: f64 = 1.5;

fn clusters(families: usize) -> Scenario {
    let (low, high) = (7.0, 10.0);
    let first = |g: usize| low + (high - low - WINDOW) * g as f64 / (families - 1) as f64;
    let mut rows: Vec<(f64, usize)> = (0..families)
        .flat_map(|g| (0..FAMILY).map(move |i| (g, WINDOW * i as f64 / (FAMILY - 1) as f64)))
        .map(|(g, step)| (10f64.powf(first(g) + step), g))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let id = format!("clusters-g{families}");
    let cell = plain(&id, "clusters", &Power, vec![100.0, 0.3], 2, (1e7, 1e10), 0.01, vec![1]);
    Scenario {
        design: rows.iter().map(|r| vec![r.0]).collect(),
        clusters: Some(Clusters { of: rows.iter().map(|r| r.1).collect(), level: 0.03, exponent: 0.01 }),
        ..cell
    }
}
