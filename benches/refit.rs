//! Timing of one evaluation, one fit and many refits. Read the ratios within one run; absolute times are the machine's.

use criterion::{Criterion, criterion_group, criterion_main};
use lawfit::data::{Dataset, Selection, read_table};
use lawfit::fit::FitSpec;
use lawfit::form::{Floor, Form, Power};
use lawfit::math::linalg::Regression;
use lawfit::solve::Method;
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

criterion_group!(benches, evaluate, fit, bootstrap);
criterion_main!(benches);
