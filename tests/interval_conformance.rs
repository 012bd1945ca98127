//! What every interval method owes: order, nested levels, equivariance, independence of row order and threads, and a reason
//! where it gives nothing.
//!
//! Runs over the catalogue of methods, and for those that read draws over the catalogue of resamplers: a new member is held to
//! all of it. On a line, a curve with a floor, a law of two predictors, and a line through clusters of rows.

mod common;

use common::clustered::families;
use common::joint;
use lawfit::data::{Dataset, Input, Labels, Response};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{Chinchilla, Floor, Form, Power};
use lawfit::uncertainty::{
    Bootstrap, CATALOGUE, Draws, Gathered, Interval, IntervalMethod, Jackknife, Level, Resampler,
    Unavailable, interval,
};
use rayon::prelude::*;

/// Methods whose limits lie around the estimate by construction.
const AROUND: [&str; 7] = ["cr2", "hc2", "hc3", "jackknife", "profile-t", "t", "wild-cluster-t"];
/// Share of an interval's width by which limits of equivalent data may differ: refits end where their certificate says.
const SAME: f64 = 1e-4;

/// A law with rows that it can be told from, before they become a data set.
struct Case {
    name: &'static str,
    form: &'static dyn Form,
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    clusters: Option<Vec<String>>,
    replicates: usize,
}

fn cases() -> Vec<Case> {
    let one = |name, form: &'static dyn Form, params: &[f64], sizes, seed| {
        let (x, y, _) = families(form, params, sizes, 1, seed);
        Case { name, form, x: vec![x], y, clusters: None, replicates: 399 }
    };
    let (x, y, words) = families(&Power, &[8.5, 0.07], 6, 5, 3);
    let two = joint::simulated(&Chinchilla, 0.01, 1);
    vec![
        one("line", &Power, &[8.5, 0.07], 12, 1),
        one("curve", &Floor, &[1.69, 406.4, 0.34], 14, 2),
        Case { name: "clusters", form: &Power, x: vec![x], y, clusters: Some(words), replicates: 399 },
        Case {
            name: "two predictors",
            form: &Chinchilla,
            x: two.predictors.iter().map(|p| p.values.clone()).collect(),
            y: two.response.values,
            clusters: None,
            replicates: 199,
        },
    ]
}

impl Case {
    /// The rows in the order of `order`, the first predictor and the response in other units.
    fn data(&self, order: &[usize], unit_x: f64, unit_y: f64) -> Dataset {
        let pick = |v: &[f64], unit: f64| order.iter().map(|&i| v[i] * unit).collect::<Vec<f64>>();
        let inputs = self.x.iter().zip(self.form.about().predictors).enumerate().map(|(k, (v, name))| {
            Input { name: (*name).into(), unit: None, values: pick(v, if k == 0 { unit_x } else { 1.0 }) }
        });
        let response = Response { name: "loss".into(), values: pick(&self.y, unit_y) };
        let data = Dataset::new("test", inputs.collect(), response, (2..order.len() + 2).collect());
        let data = data.expect("valid rows");
        match &self.clusters {
            None => data,
            Some(words) => {
                let words: Vec<String> = order.iter().map(|&i| words[i].clone()).collect();
                data.with_cluster(Labels::new("family", &words))
            }
        }
    }

    fn as_given(&self) -> Dataset {
        self.data(&(0..self.y.len()).collect::<Vec<_>>(), 1.0, 1.0)
    }
}

/// A fit with everything that methods may read.
struct Evidence {
    fit: Fit,
    draws: Vec<Draws>,
    jackknife: Jackknife,
}

impl Evidence {
    fn of(case: &Case, data: &Dataset) -> Evidence {
        let fit = FitSpec::new(case.form).fit(data).expect("fit");
        let draws = Resampler::ALL
            .into_iter()
            .map(|resampler| {
                Bootstrap { resampler, replicates: case.replicates, seed: 7 }.run(&fit, &data.groups, &|| ())
            })
            .collect();
        let jackknife =
            Jackknife::by_cluster(&fit, &data.groups).unwrap_or_else(|| Jackknife::run(&fit, &data.groups));
        Evidence { fit, draws, jackknife }
    }

    /// Every interval of every parameter that a method gives, by name; `Err` where it gives none.
    fn intervals(&self, level: f64) -> Vec<(String, usize, &'static str, Result<Interval, Unavailable>)> {
        let level = Level::new(level).expect("level");
        let mut tasks: Vec<(&dyn IntervalMethod, Option<&Draws>, usize)> = Vec::new();
        for method in CATALOGUE {
            for k in 0..self.fit.dim() {
                if method.needs_draws() {
                    tasks.extend(self.draws.iter().map(|d| (*method, Some(d), k)));
                } else {
                    tasks.push((*method, None, k));
                }
            }
        }
        tasks
            .into_par_iter()
            .map(|(method, draws, k)| {
                let gathered = Gathered { fit: &self.fit, draws, jackknife: Some(&self.jackknife) };
                let resampler = draws.map_or("", |d| d.resampler.id());
                let name = format!("{resampler} {} of {}", method.id(), self.fit.form.params()[k].name);
                (name, k, method.id(), interval(method, k, &gathered, level))
            })
            .collect()
    }
}

/// Why a method may give nothing for least squares on rows such as these.
fn may_be_missing(case: &Case, name: &str, why: &Unavailable) -> bool {
    let clustered = case.clusters.is_some();
    match why {
        Unavailable::NoClusters => !clustered,
        Unavailable::OtherLoss { .. } => name.contains("sandwich") || name.contains("score"),
        // For one parameter of few laws; tests/exact_set.rs has one.
        // Computed on request only, from a bootstrap's seed and number of draws.
        Unavailable::NoDraws => name.contains("profile-bootstrap"),
        Unavailable::NotAlone => name.contains("exact-set"),
        Unavailable::NoSingleSize => name.contains("spread-t") && case.x.len() > 1,
        Unavailable::OtherDraws { .. } => name.starts_with("subsample") || name.contains("subsampling"),
        // Draws of few whole clusters, or of blocks, may all lie on one side.
        Unavailable::NoBiasCorrection => name.contains("bca"),
        _ => false,
    }
}

#[test]
fn every_method_gives_ordered_nested_limits_or_a_reason() {
    for case in cases() {
        let evidence = Evidence::of(&case, &case.as_given());
        let (narrow, wide) = (evidence.intervals(0.8), evidence.intervals(0.95));
        for ((name, k, id, narrow), (_, _, _, wide)) in narrow.iter().zip(&wide) {
            let what = format!("{}: {name}: {narrow:?} {wide:?}", case.name);
            let (narrow, wide) = match (narrow, wide) {
                (Ok(narrow), Ok(wide)) => (narrow, wide),
                (a, b) => {
                    for why in [a, b].into_iter().filter_map(|r| r.as_ref().err()) {
                        assert!(may_be_missing(&case, name, why), "{what}");
                        assert!(!why.to_string().is_empty());
                    }
                    continue;
                }
            };
            // A comparison with NaN is false: none passes.
            assert!(narrow.low <= narrow.high && wide.low <= wide.high, "{what}");
            let v = evidence.fit.estimate(*k);
            let slack = 1e-12 * v.abs();
            assert!(wide.low <= narrow.low + slack && narrow.high <= wide.high + slack, "{what}");
            if AROUND.contains(id) {
                assert!(narrow.low <= v && v <= narrow.high, "{what}");
            }
            if wide.draws.is_some() {
                assert!(!wide.few_refits, "{what}");
                assert_eq!(wide.draws.map(|d| d + wide.failed.unwrap_or(0)), Some(case.replicates), "{what}");
            }
        }
    }
}

/// Every method of the catalogue gives an interval somewhere, and every resampler draws for one.
#[test]
fn nothing_of_the_catalogues_goes_untested() {
    let mut given = std::collections::BTreeSet::new();
    for case in cases().into_iter().take(3) {
        let evidence = Evidence::of(&case, &case.as_given());
        for (name, _, id, result) in evidence.intervals(0.8) {
            if result.is_ok() {
                given.insert(id.to_owned());
                given.extend(name.split(' ').next().map(str::to_owned));
            }
        }
    }
    // Other losses have tests/losses.rs and tests/score_interval.rs, errors on another scale tests/exact_set.rs.
    let elsewhere = ["exact-set", "sandwich", "score"];
    for method in CATALOGUE.iter().filter(|m| !m.on_request() && !elsewhere.contains(&m.id())).map(|m| m.id())
    {
        assert!(given.contains(method), "{method} of {given:?}");
    }
    for resampler in Resampler::ALL {
        assert!(given.contains(resampler.id()), "{} of {given:?}", resampler.id());
    }
}

/// Limits of `b` are those of `a` times a factor, or both are missing or open.
fn assert_equivalent(what: &str, a: &Interval, b: &Interval, factor: f64) {
    let room = SAME * (a.width() * factor).min(f64::MAX);
    for (x, y) in [(a.low, b.low), (a.high, b.high)] {
        let same = x.is_infinite() && x == y || (x * factor - y).abs() <= room;
        assert!(same, "{what}: {a:?} times {factor} is not {b:?}");
    }
}

/// A response in another unit moves amplitudes and floors by it and exponents not at all; so does another unit of N, but for the
/// amplitude that multiplies it.
#[test]
fn every_method_is_equivariant() {
    for case in cases() {
        let order: Vec<usize> = (0..case.y.len()).collect();
        let base = Evidence::of(&case, &case.as_given()).intervals(0.9);
        for (unit_x, unit_y) in [(1.0, 3.0), (1e-6, 1.0)] {
            let other = Evidence::of(&case, &case.data(&order, unit_x, unit_y)).intervals(0.9);
            for ((name, k, _, a), (_, _, _, b)) in base.iter().zip(&other) {
                let param = case.form.params()[*k].name;
                let what = format!("{}: units {unit_x} {unit_y}: {name}", case.name);
                let (Ok(a), Ok(b)) = (a, b) else {
                    assert_eq!(a.is_ok(), b.is_ok(), "{what}: {a:?} {b:?}");
                    continue;
                };
                // The amplitude of N in another unit is another combination of the coordinates.
                if unit_x != 1.0 && (param == "A" || param == "f") {
                    continue;
                }
                let factor = if ["alpha", "beta"].contains(&param) { 1.0 } else { unit_y };
                assert_equivalent(&what, a, b, factor);
            }
        }
    }
}

/// Rows in another order, and one thread or three: the same digits.
#[test]
fn no_method_depends_on_row_order_or_threads() {
    for case in cases() {
        let n = case.y.len();
        // Every other row, then those between.
        let shuffled: Vec<usize> = (0..n).step_by(2).rev().chain((1..n).step_by(2)).collect();
        let with = |threads: usize, data: &Dataset| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| Evidence::of(&case, data).intervals(0.9))
        };
        let (a, b) = (with(1, &case.as_given()), with(3, &case.data(&shuffled, 1.0, 1.0)));
        for ((name, _, _, a), (_, _, _, b)) in a.iter().zip(&b) {
            assert_eq!(a, b, "{}: {name}", case.name);
        }
    }
}
