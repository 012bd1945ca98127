//! The refit path allocates nothing of its own, whatever the number of rows and iterations.

mod common;

use lawfit::benchmark::{Noise, Simulation};
use lawfit::data::{Labels, Scale};
use lawfit::fit::FitSpec;
use lawfit::form::Floor;
use lawfit::loss::Loss;
use lawfit::math::random::stream;
use lawfit::solve::{Held, lm};
use lawfit::uncertainty::Resampler;
use lawfit::uncertainty::resample::Prepared;

#[test]
fn refits_do_not_allocate() {
    let mut per_refit = Vec::new();
    for sizes in [8, 2_000] {
        let simulation = Simulation {
            form: &Floor,
            params: vec![1.69, 406.4, 0.34],
            scale: Scale::Log,
            range: (1e7, 1e10),
            sizes,
            replicates: 1,
            sigma: 0.01,
            noise: Noise::Normal,
            seed: 1,
        };
        let (x, y): (Vec<f64>, Vec<f64>) = simulation.draw().expect("a valid design").into_iter().unzip();
        let words: Vec<String> = (0..x.len()).map(|i| format!("run {}", i % 4)).collect();
        let data = common::dataset(&x, &y).with_cluster(Labels::new("run", &words));
        let losses = ["squared", "huber:0.01", "student:4"].map(|l| Loss::parse(l).expect("loss"));
        for (loss, resampler) in losses.into_iter().flat_map(|l| Resampler::ALL.map(|r| (l, r))) {
            let fit = FitSpec::new(&Floor).loss(loss).fit(&data).expect("fit");
            let prepared = Prepared::new(resampler, &fit, &data.groups);
            let mut objective = fit.objective();
            let refits = 200;
            let before = objective.evaluations;
            let info = allocation_counter::measure(|| {
                for i in 0..refits {
                    let mut rng = stream(1, i);
                    prepared.draw(&mut objective, &mut rng);
                    let end = lm::minimise(&mut objective, &fit.solution.theta, &Held::none());
                    assert!(end.cost.is_finite());
                    let count = objective.weights.iter().sum();
                    let _ = objective.covariance(&end.theta, end.cost, count, true);
                    let _ = objective.covariance_by_cluster(&end.theta);
                }
            });
            assert!(objective.evaluations - before > 3 * refits as usize, "the refits did iterate");
            per_refit.push(info.count_total as f64 / refits as f64);
        }
    }
    // argmin's executor makes one interrupt flag a run (an `Arc<AtomicBool>`): that is all there is.
    assert!(per_refit.iter().all(|a| *a <= 1.0), "allocations a refit: {per_refit:?}");
}

/// After the first call on a thread, which makes its buffers, a formula is evaluated without allocation.
#[test]
fn formulas_are_evaluated_without_allocation() {
    let x: Vec<f64> = (1..1_000).map(f64::from).collect();
    let data = common::dataset(&x, &x.iter().map(|x| 2.0 + 5.0 * x.powf(-0.4)).collect::<Vec<f64>>());
    let form = lawfit::form::formula::Formula::parse("E + A*N^-alpha + B*tanh(N/c)^2")
        .and_then(|f| f.bind(&data))
        .expect("a law");
    let columns = form.columns(&[&data.x().values], &[0.0]);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let (mut out, mut jac) = (vec![0.0; data.nobs()], vec![0.0; 5 * data.nobs()]);
    let mut evaluate = || form.eval(&[2.0, 5.0, 0.4, 0.1, 30.0], &columns, &mut out, &mut jac);
    evaluate();
    assert_eq!(allocation_counter::measure(|| (0..100).for_each(|_| evaluate())).count_total, 0);
}
