//! Timing of one evaluation, one fit and many refits. Read the ratios within one run; absolute times are the machine's.

use criterion::{Criterion, criterion_group, criterion_main};
use lawfit::data::{Dataset, Input, Response, Selection, read_table};
use lawfit::diagnose;
use lawfit::fit::FitSpec;
use lawfit::form::formula::Formula;
use lawfit::form::{Chinchilla, Floor, Form, Power};
use lawfit::loss::Loss;
use lawfit::math::linalg::Regression;
use lawfit::math::random::normals;
use lawfit::solve::{Method, StartGrid};
use lawfit::uncertainty::{Bootstrap, Resampler};
use nalgebra::{DMatrix, DVector};
use std::hint::black_box;

fn bent() -> Dataset {
    let selection = Selection { positive_response: true, ..Selection::default() };
    read_table("@bent").and_then(|t| selection.apply(&t)).expect("built-in data")
}

fn evaluate(c: &mut Criterion) {
    let data = bent();
    let mut group = c.benchmark_group("evaluate-12-rows");
    for form in [&Power as &'static dyn Form, &Floor] {
        let fit = FitSpec::new(form).fit(&data).expect("fit");
        let mut objective = fit.objective();
        group.bench_function(form.id(), |b| b.iter(|| objective.evaluate(black_box(&fit.solution.theta))));
    }
    group.finish();
}

/// A law as a formula and as a built-in form, value and Jacobian on the law's own scale; the ratio is printed.
fn formula(c: &mut Criterion) {
    let mut group = c.benchmark_group("formula-against-built-in");
    for n in [12usize, 256, 2_000] {
        let x: Vec<f64> = (0..n).map(|i| 1e6 * 10f64.powf(4.0 * i as f64 / n as f64)).collect();
        let y: Vec<f64> = x.iter().map(|x| 1.7 + 400.0 * x.powf(-0.34)).collect();
        let data = Dataset::new(
            "bench",
            vec![Input { name: "N".into(), unit: None, values: x.clone() }],
            Response { name: "loss".into(), values: y },
            (0..n).collect(),
        )
        .expect("valid");
        let written = Formula::parse("E + A*N^-alpha").and_then(|f| f.bind(&data)).expect("a law");
        let centre = data.x().centre();
        let mut times = Vec::new();
        for (form, theta) in [(&Floor as &dyn Form, [1.7, 0.0, 0.34]), (written, [1.7, 400.0, 0.34])] {
            let columns = form.columns(&[&x], &[centre]);
            let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            let (mut out, mut jac) = (vec![0.0; n], vec![0.0; 3 * n]);
            let mut once = || form.eval(black_box(&theta), &columns, &mut out, &mut jac);
            group.bench_function(format!("{}-{n}-rows", form.id()), |b| b.iter(&mut once));
            let begun = std::time::Instant::now();
            let rounds = 4_000_000 / n;
            (0..rounds).for_each(|_| once());
            times.push(begun.elapsed().as_secs_f64() / rounds as f64);
        }
        println!("{n} rows: the formula takes {:.2} times the built-in form", times[1] / times[0]);
    }
    group.finish();
}

fn fit(c: &mut Criterion) {
    let data = bent();
    let mut group = c.benchmark_group("fit-12-rows");
    for method in [Method::Auto, Method::Lm, Method::Varpro, Method::Lbfgs, Method::NelderMead] {
        group.bench_function(format!("floor-{method:?}"), |b| {
            b.iter(|| FitSpec::new(&Floor).method(method).fit(black_box(&data)).expect("fit"));
        });
    }
    // The line by QR alone: what the certificate, leverages and argmin add is the difference to it.
    let ln: Vec<f64> = data.response.values.iter().map(|y| y.ln()).collect();
    let target = DVector::from_vec(ln);
    group.bench_function("power-qr-alone", |b| {
        b.iter(|| {
            let x = DMatrix::from_fn(12, 2, |i, j| if j == 0 { 1.0 } else { data.x().ln[i] });
            Regression::new(x).expect("rank").coefficients(black_box(&target))
        });
    });
    group.bench_function("power-Auto", |b| {
        b.iter(|| FitSpec::new(&Power).fit(black_box(&data)).expect("fit"))
    });
    group.finish();
}

fn bootstrap(c: &mut Criterion) {
    let data = bent();
    let mut group = c.benchmark_group("bootstrap-1999-12-rows");
    group.sample_size(20);
    for form in [&Power as &'static dyn Form, &Floor] {
        let fit = FitSpec::new(form).fit(&data).expect("fit");
        for resampler in Resampler::ALL {
            group.bench_function(format!("{}-{}", form.id(), resampler.id()), |b| {
                b.iter(|| Bootstrap { resampler, replicates: 1999, seed: 1 }.run(&fit, &data.groups, &|| ()));
            });
        }
    }
    group.finish();
}

/// Runs of six sizes by forty numbers of tokens, with heavy tails.
fn runs() -> Dataset {
    let noise = normals(1, 0, 480);
    let (mut n, mut d, mut loss) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..240usize {
        n.push(1e7 * 10f64.powf(0.6 * (i % 6) as f64));
        d.push(3e8 * 10f64.powf(0.07 * (i / 6) as f64));
        let tail = (1.0 + noise[240 + i].powi(2)).sqrt();
        let mean = 1.69 + 406.4 * n[i].powf(-0.34) + 410.7 * d[i].powf(-0.28);
        loss.push(mean * (0.01 * noise[i] * tail).exp());
    }
    let input = |name: &str, values| Input { name: name.into(), unit: None, values };
    Dataset::new(
        "bench",
        vec![input("N", n), input("D", d)],
        Response { name: "loss".into(), values: loss },
        (0..240).collect(),
    )
    .expect("valid")
}

/// The law of Hoffmann et al., 240 rows, five parameters: robust losses beside least squares.
fn losses(c: &mut Criterion) {
    let data = runs();
    let mut group = c.benchmark_group("chinchilla-240-rows");
    group.sample_size(10);
    for loss in ["squared", "huber:1e-3", "lad", "student:4"] {
        let spec = FitSpec::new(&Chinchilla).loss(Loss::parse(loss).expect("loss"));
        group.bench_function(format!("fit-{loss}"), |b| b.iter(|| spec.fit(black_box(&data)).expect("fit")));
        let fit = spec.fit(&data).expect("fit");
        group.bench_function(format!("4000-pairs-{loss}"), |b| {
            let pairs = Bootstrap { resampler: Resampler::Pairs, replicates: 4_000, seed: 1 };
            b.iter(|| pairs.run(&fit, &data.groups, &|| ()));
        });
    }
    let grid =
        FitSpec::new(&Chinchilla).loss(Loss::parse("huber:1e-3").expect("loss")).starts(StartGrid::Hoffmann);
    group.bench_function("4500-starts-huber:1e-3", |b| b.iter(|| grid.fit(black_box(&data)).expect("fit")));
    group.finish();
}

/// The verdict on a line that breaks, and the place of the break, by the number of rows.
fn verdict(c: &mut Criterion) {
    let mut group = c.benchmark_group("verdict");
    group.sample_size(10);
    for n in [12, 100, 1_000] {
        let x: Vec<f64> = (0..n).map(|i| 1e6 * 10f64.powf(4.0 * f64::from(i) / f64::from(n - 1))).collect();
        let wobble = |i: usize| 0.01 * (((i * 7919) % 1009) as f64 / 504.5 - 1.0);
        let y = x.iter().enumerate().map(|(i, x)| (1.7 + 400.0 * x.powf(-0.34)) * wobble(i).exp()).collect();
        let data = Dataset::new(
            "bench",
            vec![Input { name: "N".into(), unit: None, values: x }],
            Response { name: "loss".into(), values: y },
            (0..n as usize).collect(),
        )
        .expect("valid");
        for form in [&Power as &'static dyn Form, &Floor] {
            let fit = FitSpec::new(form).fit(&data).expect("fit");
            group.bench_function(format!("{}-{n}-rows", form.id()), |b| {
                b.iter(|| diagnose::verdict::verdict(black_box(&fit), &data, 1));
            });
        }
        let line = FitSpec::new(&Power).fit(&data).expect("fit");
        group.bench_function(format!("place-{n}-rows"), |b| {
            b.iter(|| diagnose::location::locate(black_box(&line), &data, 0.95, 1).expect("applies"));
        });
    }
    group.finish();
}

criterion_group!(benches, evaluate, formula, fit, bootstrap, losses, verdict);
criterion_main!(benches);
