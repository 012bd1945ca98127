//! The exact set of a nonlinear parameter, and the profile with a simulated cut-off.

mod common;

use common::{BENT, PURE, SIZES, dataset};
use lawfit::benchmark::{Noise, Simulation};
use lawfit::data::{Dataset, Scale};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{Ceiling, Chinchilla, Floor, Form, Power};
use lawfit::math::distribution::t_critical;
use lawfit::objective::Constraint;
use lawfit::uncertainty::exact_set::pieces;
use lawfit::uncertainty::profile_bootstrap::cut_off;
use lawfit::uncertainty::{
    Bootstrap, ExactSet, Gathered, Level, ProfileBootstrap, ProfileT, Resampler, Unavailable, interval,
};
use rayon::prelude::*;

fn raw(form: &'static dyn Form, data: &Dataset) -> Fit {
    FitSpec::new(form).scale(Scale::Raw).expect("scale").fit(data).expect("fit")
}

fn gathered(fit: &Fit) -> Gathered<'_> {
    Gathered { fit, draws: None, jackknife: None }
}

/// The t statistic of N^-v ln N beside 1 and N^-v, by Gram and Schmidt: an implementation of its own.
fn t_of(v: f64, x: &[f64], y: &[f64]) -> f64 {
    let centre = x.iter().map(|x| x.ln()).sum::<f64>() / x.len() as f64;
    let u: Vec<f64> = x.iter().map(|x| x.ln() - centre).collect();
    let q: Vec<f64> = u.iter().map(|u| (-v * u).exp()).collect();
    let mut columns = [vec![1.0; x.len()], q.clone(), q.iter().zip(&u).map(|(q, u)| -q * u).collect()];
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut rest = y.to_vec();
    let mut last = 0.0;
    for k in 0..3 {
        for j in 0..k {
            // Twice, so that what rounding leaves is taken out too.
            for _ in 0..2 {
                let (a, b) = columns.split_at_mut(k);
                let c = dot(&a[j], &b[0]) / dot(&a[j], &a[j]);
                b[0].iter_mut().zip(&a[j]).for_each(|(b, a)| *b -= c * a);
            }
        }
        last = dot(&columns[k], &rest) / dot(&columns[k], &columns[k]).sqrt();
        let c = dot(&columns[k], &rest) / dot(&columns[k], &columns[k]);
        rest.iter_mut().zip(&columns[k]).for_each(|(r, a)| *r -= c * a);
    }
    last / (dot(&rest, &rest) / (x.len() - 3) as f64).sqrt()
}

/// Root and set of set A, additive errors: computed in R, printed in the documentation of the methods.
#[test]
fn set_a_has_the_documented_set() {
    let fit = raw(&Floor, &dataset(&SIZES, &BENT));
    assert_close!(fit.estimate(2), 0.347_482_136_615, rel 0.0, abs 1e-9);
    let i = interval(&ExactSet, 2, &gathered(&fit), Level::default()).expect("available");
    assert_close!(i.low, 0.336_607_243_348, rel 0.0, abs 1e-8);
    assert_close!(i.high, 0.358_491_524_251, rel 0.0, abs 1e-8);
    let target = fit.form.natural(2, &fit.design.frame);
    assert_eq!(pieces(&fit, &target, Level::default()).expect("pieces").len(), 1);
}

/// At every end of a piece |t| is the critical value; between the ends it is smaller, outside larger.
#[test]
fn pieces_are_where_the_test_does_not_reject() {
    for (y, level) in [(&BENT, 0.5), (&BENT, 0.999), (&PURE, 0.9), (&PURE, 0.999)] {
        let fit = raw(&Floor, &dataset(&SIZES, y));
        let target = fit.form.natural(2, &fit.design.frame);
        let found = pieces(&fit, &target, Level::new(level).expect("level")).expect("pieces");
        let critical = t_critical(level, (SIZES.len() - 3) as f64);
        assert!(found.windows(2).all(|w| w[0].1 < w[1].0), "{found:?}");
        for end in found.iter().flat_map(|p| [p.0, p.1]).filter(|v| *v > 0.0 && v.is_finite()) {
            assert_close!(t_of(end, &SIZES, y).abs(), critical, rel 1e-5, abs 0.0);
        }
        for v in (1..250).map(|k| 0.02 * f64::from(k)) {
            let inside = found.iter().any(|p| p.0 <= v && v <= p.1);
            let t = t_of(v, &SIZES, y).abs();
            assert!(inside == (t <= critical) || (t / critical - 1.0).abs() < 1e-5, "{v}: {t}, {found:?}");
        }
    }
}

#[test]
fn other_laws_and_scales_say_why_not() {
    let data = dataset(&SIZES, &BENT);
    let logs = FitSpec::new(&Floor).fit(&data).expect("fit");
    let floor = raw(&Floor, &data);
    let power = FitSpec::new(&Power).fit(&data).expect("fit");
    for (fit, k) in [(&logs, 2), (&floor, 0), (&floor, 1), (&power, 1)] {
        let answer = interval(&ExactSet, k, &gathered(fit), Level::default());
        assert_eq!(answer, Err(Unavailable::NotAlone), "{} {k}", fit.form.id());
    }
    assert_eq!(Chinchilla.projected().len(), 0);
}

/// What serves the floor serves a ceiling: minus the response.
#[test]
fn a_ceiling_has_the_set_of_the_floor_below_it() {
    let mirrored: Vec<f64> = BENT.iter().map(|y| 10.0 - y).collect();
    let up = raw(&Ceiling, &dataset(&SIZES, &mirrored));
    let down = raw(&Floor, &dataset(&SIZES, &BENT));
    let of = |fit: &Fit| interval(&ExactSet, 2, &gathered(fit), Level::default()).expect("available");
    assert_close!(of(&up).low, of(&down).low, rel 1e-8, abs 0.0);
    assert_close!(of(&up).high, of(&down).high, rel 1e-8, abs 0.0);
}

fn sample(scale: Scale, sigma: f64, sizes: usize, seed: u64) -> Dataset {
    let simulation = Simulation {
        form: &Floor,
        params: vec![1.69, 406.4, 0.34],
        scale,
        range: (1e7, 1e10),
        sizes,
        replicates: 1,
        sigma,
        noise: Noise::Normal,
        seed,
    };
    let (x, y): (Vec<f64>, Vec<f64>) = simulation.draw().expect("a valid design").into_iter().unzip();
    dataset(&x, &y)
}

fn rate(sets: u64, hit: impl Fn(u64) -> bool + Sync) -> f64 {
    (0..sets).into_par_iter().filter(|seed| hit(6_000 + seed)).count() as f64 / sets as f64
}

/// The level is exact at five rows: 1,000 sets, 3.3 standard errors are 2.3 points.
#[test]
fn the_set_has_its_level_at_five_rows() {
    let got = rate(1_000, |seed| {
        let Ok(fit) = FitSpec::new(&Floor)
            .scale(Scale::Raw)
            .map(|s| s.fit(&sample(Scale::Raw, 0.05, 5, seed)))
            .expect("scale")
        else {
            return true;
        };
        let target = fit.form.natural(2, &fit.design.frame);
        let found = pieces(&fit, &target, Level::default()).expect("pieces");
        found.iter().any(|p| p.0 <= 0.34 && 0.34 <= p.1)
    });
    assert!((got - 0.95).abs() <= 0.023, "{got}");
}

fn profile_bootstrap(fit: &Fit, data: &Dataset, seed: u64) -> (f64, f64) {
    let draws =
        Bootstrap { resampler: Resampler::Wild, replicates: 199, seed }.run(fit, &data.groups, &|| ());
    let gathered = Gathered { fit, draws: Some(&draws), jackknife: None };
    let i = interval(&ProfileBootstrap, 2, &gathered, Level::default()).expect("available");
    (i.low, i.high)
}

/// Coverage as in the table of the documentation: 95% at n = 6; 300 sets, 3.3 standard errors are 4.2 points.
#[test]
fn a_simulated_cut_off_covers() {
    let got = rate(300, |seed| {
        let data = sample(Scale::Log, 0.01, 6, seed);
        let fit = FitSpec::new(&Floor).fit(&data).expect("fit");
        let (low, high) = profile_bootstrap(&fit, &data, seed);
        low <= 0.34 && 0.34 <= high
    });
    assert!((got - 0.95).abs() <= 0.042, "{got}");
}

/// Where the law is nearly linear the cut-off is Student's; it depends on the seed alone, not on the threads.
#[test]
fn a_simulated_cut_off_is_students_and_reproducible() {
    let data = dataset(&SIZES, &BENT);
    let fit = FitSpec::new(&Floor).fit(&data).expect("fit");
    // alpha is a coordinate of its own: the equality that holds it at its estimate.
    let target = fit.form.natural(2, &fit.design.frame);
    let held = Constraint::linear(fit.form, &target.coefficients, fit.solution.theta[2]);
    let cut = cut_off(&fit, &held, Level::default(), 1, 1_999).expect("enough");
    assert_eq!(cut.failed + cut.succeeded, 1_999);
    // The standard error of the quantile is 0.05: .05*.95/1999 over the squared density there, .04.
    assert_close!(cut.critical, t_critical(0.95, 9.0), rel 0.0, abs 0.2);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("pool");
    let again = one.install(|| cut_off(&fit, &held, Level::default(), 1, 1_999)).expect("enough");
    assert_eq!(cut, again);
    let few = cut_off(&fit, &held, Level::default(), 1, 20);
    assert!(matches!(few, Err(Unavailable::TooFewDraws { .. })), "{few:?}");
    let none = interval(&ProfileBootstrap, 2, &gathered(&fit), Level::default());
    assert_eq!(none, Err(Unavailable::NoDraws));
    // Beside the profile itself the limits differ by no more than the cut-offs do.
    let p = interval(&ProfileT, 2, &gathered(&fit), Level::default()).expect("available");
    let (low, high) = profile_bootstrap(&fit, &data, 1);
    assert!((low - p.low).abs() < 0.3 * p.width() && (high - p.high).abs() < 0.3 * p.width());
}
