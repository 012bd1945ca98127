//! The default starts of laws of several predictors on real runs, against a search from many random points.

mod common;

use common::{joint, shared};
use lawfit::fit::FitSpec;
use lawfit::form;
use lawfit::math::Theta;
use lawfit::solve::Method;
use rand::RngExt;
use std::collections::HashMap;

/// Random points tried around each of a form's starts.
const TRIALS: usize = 10;

/// No random search finds an optimum below that of the default starts: chinchilla-epoch (245 rows), isoflop-llama3 (133).
#[test]
fn random_starts_find_nothing_better_on_real_runs() {
    for (file, loss) in [("data/chinchilla-epoch/data.csv", "loss"), ("data/isoflop-llama3/data.csv", "loss")]
    {
        let Some(path) = shared(file) else { return };
        let mut reader = csv::Reader::from_path(path).expect("readable");
        let rows: Vec<HashMap<String, String>> = reader.deserialize().map(|r| r.expect("a row")).collect();
        let column = |name: &str| -> Vec<f64> {
            rows.iter().map(|r| r[name].parse().unwrap_or_else(|_| panic!("{name}"))).collect()
        };
        for id in ["kaplan", "multiplicative", "multiplicative-floor", "over-training", "skaling", "farseer"]
        {
            let form = form::by_id(id).expect("form");
            let data = joint::data(form, &[column("N"), column("D")], column(loss));
            let fit = FitSpec::new(form).fit(&data).expect("fit");
            let mut objective = fit.objective();
            let mut rng = lawfit::math::random::stream(1, 5);
            let mut best = f64::INFINITY;
            for start in fit.design.starts(form, &fit.design.target) {
                for _ in 0..TRIALS {
                    let mut theta: Theta = start;
                    for (v, p) in theta.iter_mut().zip(form.params()) {
                        let z: f64 = rng.sample(rand_distr::StandardNormal);
                        *v = (*v * (1.0 + 0.3 * z) + 0.1 * z).clamp(p.lower, p.upper);
                    }
                    best = best.min(Method::Auto.run(&mut objective, &theta).cost);
                }
            }
            let s = &fit.solution;
            println!(
                "{file} {id}: cost {:.10e}, random {best:.10e}, offset {:.1e} {:?}, {:?}, at bound {:?}, {:?}",
                s.cost,
                s.stationarity,
                s.termination,
                fit.coef(),
                &s.at_bound[..form.params().len()],
                fit.starts
            );
            assert!(s.cost <= best * (1.0 + 1e-9), "{id}");
        }
    }
}
