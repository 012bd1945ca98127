//! Clusters of rows: standard errors against other programs, draws against what they must be, and what the program says.

mod common;

use common::clustered::{REPEATED, REPEATED_SIZES, UNEVEN, families, repeated};
use common::{BENT, PURE, SIZES, dataset, fit as fit_of, json, lawfit, limits, param};
use lawfit::data::{Dataset, Labels};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{Floor, Power};
use lawfit::math::distribution::t_critical;
use lawfit::math::random::stream;
use lawfit::uncertainty::resample::{Prepared, subsample_size};
use lawfit::uncertainty::{
    Bootstrap, Gathered, Hc2, Interval, IntervalMethod, Jackknife, JackknifeT, Level, Resampler, Subsampling,
    WildClusterT, acceleration, cr2, interval, jackknife_se, std_error,
};

fn line(data: &Dataset) -> Fit {
    FitSpec::new(&Power).fit(data).expect("fit")
}

fn level(level: f64) -> Level {
    Level::new(level).expect("level")
}

fn bare(fit: &Fit) -> Gathered<'_> {
    Gathered { fit, draws: None, jackknife: None }
}

fn exponent(method: &dyn IntervalMethod, gathered: &Gathered<'_>, at: f64) -> Interval {
    interval(method, 1, gathered, level(at)).expect("available")
}

/// Set B by size: R 4.2.2, clubSandwich (SE .000808548381926, df 1.95). More digits, and the other partitions: an independent
/// computation in numpy with the full n x n hat matrix, eigenvalues of I - H_gg and W = P'P.
#[test]
fn cr2_agrees_with_club_sandwich() {
    let cases = [
        (std::array::from_fn(|i| i / 3), 0.0008085483819257264, 1.9537480063795856),
        (std::array::from_fn(|i| i % 3), 0.0005860660663693293, 2.0),
        (UNEVEN, 0.0004942073242365647, 2.4999161322914203),
    ];
    for (cluster, se, dof) in cases {
        let data = repeated(|i| cluster[i]);
        let fit = line(&data);
        let target = fit.form.natural(1, &fit.design.frame);
        let got = cr2(&target, &bare(&fit)).expect("available");
        assert_close!(got.0, se, rel 1e-10, abs 0.0);
        assert_close!(got.1, dof, rel 1e-9, abs 0.0);
        let i = exponent(&lawfit::uncertainty::Cr2, &bare(&fit), 0.95);
        assert_close!(0.5 * i.width(), se * t_critical(0.95, dof), rel 1e-9, abs 0.0);
    }
}

/// Degrees of freedom of Bell and McCaffrey: independent computation in numpy as above, critical values by scipy 1.x `t.ppf`.
#[test]
fn hc2_has_its_own_degrees_of_freedom() {
    let x: Vec<f64> = (0..15).map(|i| REPEATED_SIZES[i / 3]).collect();
    let cases = [
        (dataset(&SIZES, &BENT), 0.012593504315566838, 2.504900501861948),
        (dataset(&SIZES, &PURE), 0.0013035730272412571, 2.504900501861948),
        (dataset(&x, &REPEATED), 0.0006968914185794504, 2.332050858791045),
    ];
    for (data, se, critical) in cases {
        let fit = line(&data);
        let i = exponent(&Hc2, &bare(&fit), 0.95);
        assert_close!(0.5 * i.width(), se * critical, rel 1e-9, abs 0.0);
        assert_close!(0.5 * (i.low + i.high), fit.estimate(1), rel 1e-12, abs 0.0);
    }
}

/// Clusters of one row each are no clusters: CR2 is then HC2, in a curve as in a line.
#[test]
fn cr2_of_single_rows_is_hc2() {
    let words: Vec<String> = (0..12).map(|i| format!("run {i}")).collect();
    let data = dataset(&SIZES, &BENT).with_cluster(Labels::new("run", &words));
    for form in [&Power as &dyn lawfit::form::Form, &Floor] {
        let form = lawfit::form::by_id(form.id()).expect("in the catalogue");
        let fit = FitSpec::new(form).fit(&data).expect("fit");
        for k in 0..fit.dim() {
            let a = interval(&Hc2, k, &bare(&fit), level(0.9)).expect("available");
            let b = interval(&lawfit::uncertainty::Cr2, k, &bare(&fit), level(0.9)).expect("available");
            assert_close!(b.low, a.low, rel 1e-8, abs 1e-12);
            assert_close!(b.high, a.high, rel 1e-8, abs 1e-12);
        }
    }
}

/// Set P: computed with numpy (reference set, 12 digits). Set B without each cluster in turn: numpy `polyfit`.
#[test]
fn jackknives_agree_with_refits_elsewhere() {
    let data = dataset(&SIZES, &PURE);
    let fit = line(&data);
    let target = fit.form.natural(1, &fit.design.frame);
    let jackknife = Jackknife::run(&fit, &data.groups);
    assert_close!(jackknife_se(&jackknife, &target).expect("available"), 0.00145403513965, rel 1e-11, abs 0.0);
    // The exponent is minus the slope, so its acceleration has the other sign.
    assert_close!(acceleration(&jackknife, &target).expect("finite"), -0.0739921693853, rel 1e-10, abs 0.0);
    let gathered = Gathered { jackknife: Some(&jackknife), ..bare(&fit) };
    let i = exponent(&JackknifeT, &gathered, 0.95);
    assert_close!(0.5 * i.width(), 0.00145403513965 * t_critical(0.95, 10.0), rel 1e-10, abs 0.0);

    let data = repeated(|i| UNEVEN[i]);
    let fit = line(&data);
    let target = fit.form.natural(1, &fit.design.frame);
    let clusters = Jackknife::by_cluster(&fit, &data.groups).expect("clusters");
    assert_close!(jackknife_se(&clusters, &target).expect("available"), 0.000523675015003666, rel 1e-10, abs 0.0);
    let gathered = Gathered { jackknife: Some(&clusters), ..bare(&fit) };
    let i = exponent(&JackknifeT, &gathered, 0.95);
    assert_close!(0.5 * i.width(), 0.000523675015003666 * t_critical(0.95, 4.0), rel 1e-10, abs 0.0);
    // Rows of one cluster are no independent pieces.
    let rows = Jackknife::run(&fit, &data.groups);
    assert!(
        interval(&JackknifeT, 1, &Gathered { jackknife: Some(&rows), ..bare(&fit) }, level(0.95)).is_err()
    );
}

/// All 6^5 vectors of Webb's weights on the uneven clusters of set B, refitted by least squares in numpy with the null imposed,
/// studentised by CR1: the slope is not rejected from -.06931041 to -.06650212. 9,999 draws of the weights come close.
#[test]
fn wild_cluster_t_agrees_with_full_enumeration() {
    let data = repeated(|i| UNEVEN[i]);
    let fit = line(&data);
    let draws = Bootstrap { resampler: Resampler::WildCluster, replicates: 9_999, seed: 1 };
    let draws = draws.run(&fit, &data.groups, &|| ());
    let i = exponent(&WildClusterT, &Gathered { draws: Some(&draws), ..bare(&fit) }, 0.95);
    assert_close!(i.low, 0.06650212350579193, rel 0.0, abs 6e-5);
    assert_close!(i.high, 0.06931041044487367, rel 0.0, abs 6e-5);
    // At two clusters the weights have too few signs for any value to be rejected at 95%.
    let two = line(&repeated(|i| i % 2));
    let i = exponent(&WildClusterT, &bare(&two), 0.95);
    assert_eq!((i.low, i.high), (f64::NEG_INFINITY, f64::INFINITY));
}

/// A curve: set A in five clusters, rows i mod 5. All 6^5 vectors of weights, the floor fitted by scipy's `least_squares` for every
/// value of the exponent, and one Gauss-Newton step from there in numpy.
#[test]
fn wild_cluster_t_of_a_curve_agrees_with_full_enumeration() {
    let words: Vec<String> = (0..12).map(|i| format!("c{}", i % 5)).collect();
    let data = dataset(&SIZES, &BENT).with_cluster(Labels::new("family", &words));
    let fit = FitSpec::new(&Floor).fit(&data).expect("fit");
    let draws = Bootstrap { resampler: Resampler::WildCluster, replicates: 9_999, seed: 1 };
    let draws = draws.run(&fit, &data.groups, &|| ());
    let gathered = Gathered { draws: Some(&draws), ..bare(&fit) };
    for (at, low, high, room) in [
        (0.95, 0.3050710049651336, 0.3652452720183565, 2e-3),
        (0.8, 0.33513541581451417, 0.35161336578505764, 4e-4),
    ] {
        let i = interval(&WildClusterT, 2, &gathered, level(at)).expect("available");
        assert_close!(i.low, low, rel 0.0, abs room);
        assert_close!(i.high, high, rel 0.0, abs room);
    }
}

fn spread(fit: &Fit, data: &Dataset, resampler: Resampler) -> f64 {
    let draws = Bootstrap { resampler, replicates: 19_999, seed: 5 }.run(fit, &data.groups, &|| ());
    assert_eq!(draws.failed, 0, "{}", resampler.id());
    let target = fit.form.natural(1, &fit.design.frame);
    let values = draws.sorted(fit, &target);
    (lawfit::math::sum::centred_squares(&values) / (values.len() - 1) as f64).sqrt()
}

/// The variance of the draws of a line is known: HC3 for wild weights, the classical one for normal errors, and, for wild weights
/// of clusters, the sum of squared changes when each is left out. 19,999 draws give it to .5 to 1%.
#[test]
fn draws_of_a_line_have_the_variance_they_must_have() {
    let data = dataset(&SIZES, &PURE);
    let fit = line(&data);
    let target = fit.form.natural(1, &fit.design.frame);
    let hc3 = std_error(&target, &fit.vcov_hc3().expect("full rank"));
    for resampler in [Resampler::Wild, Resampler::WildRademacher, Resampler::WildMammen] {
        assert_close!(spread(&fit, &data, resampler), hc3, rel 0.03, abs 0.0);
    }
    let classical = std_error(&target, &fit.vcov().expect("full rank"));
    assert_close!(spread(&fit, &data, Resampler::Parametric), classical, rel 0.03, abs 0.0);
    let data = repeated(|i| UNEVEN[i]);
    let fit = line(&data);
    let target = fit.form.natural(1, &fit.design.frame);
    let left_out = Jackknife::by_cluster(&fit, &data.groups).expect("clusters");
    let v = target.combination(&fit.solution.theta);
    let changes: f64 = left_out.thetas.iter().flatten().map(|t| (target.combination(t) - v).powi(2)).sum();
    assert_close!(spread(&fit, &data, Resampler::WildCluster), changes.sqrt(), rel 0.03, abs 0.0);
}

/// Clusters are drawn whole, subsets have their size, and blocks are consecutive residuals of one run.
#[test]
fn draws_are_made_of_the_right_pieces() {
    let (x, y, words) = families(&Power, &[8.5, 0.07], 9, 4, 2);
    let data = dataset(&x, &y).with_cluster(Labels::new("family", &words));
    let fit = line(&data);
    let members = data.cluster.as_ref().expect("clusters").members();
    let prepared = |resampler| Prepared::new(resampler, &fit, &data.groups);
    let (whole, fewer) = (prepared(Resampler::Cluster), prepared(Resampler::Subsample));
    let blocks = prepared(Resampler::Block);
    let m = subsample_size(36, 2).expect("fewer rows");
    assert_eq!(m, 13);
    for i in 0..50 {
        let mut objective = fit.objective();
        whole.draw(&mut objective, &mut stream(1, i));
        assert_eq!(objective.weights.iter().sum::<f64>(), 36.0);
        for rows in &members {
            assert!(rows.iter().all(|&r| objective.weights[r] == objective.weights[rows[0]]));
        }
        fewer.draw(&mut objective, &mut stream(1, i));
        assert_eq!(objective.weights.iter().sum::<f64>(), m as f64);
        assert!(objective.weights.iter().all(|w| *w == 0.0 || *w == 1.0));

        let mut objective = fit.objective();
        blocks.draw(&mut objective, &mut stream(1, i));
        for rows in &members {
            let errors: Vec<f64> =
                rows.iter().map(|&r| fit.residuals[r] / (1.0 - fit.leverage[r]).sqrt()).collect();
            let mean = errors.iter().sum::<f64>() / errors.len() as f64;
            let drawn: Vec<usize> = rows
                .iter()
                .map(|&r| {
                    let error = objective.target[r] - (fit.design.target[r] - fit.residuals[r]);
                    let same = errors.iter().position(|e| (e - mean - error).abs() < 1e-12);
                    same.expect("an error of the same run")
                })
                .collect();
            // Nine rows: blocks of three.
            for block in drawn.chunks(3) {
                assert!(block.windows(2).all(|w| w[1] == (w[0] + 1) % 9), "{drawn:?}");
            }
        }
    }
}

/// With many rows subsampling comes to what the robust t interval says.
#[test]
fn subsampling_scales_back_to_all_rows() {
    let (x, y, _) = families(&Power, &[8.5, 0.07], 100, 4, 3);
    let data = dataset(&x, &y);
    let fit = line(&data);
    let draws = Bootstrap { resampler: Resampler::Subsample, replicates: 3_999, seed: 1 };
    let draws = draws.run(&fit, &data.groups, &|| ());
    let gathered = Gathered { draws: Some(&draws), ..bare(&fit) };
    let ours = exponent(&Subsampling, &gathered, 0.9);
    assert_eq!(ours.method, "subsampling");
    let robust = exponent(&Hc2, &gathered, 0.9);
    assert_close!(ours.width(), robust.width(), rel 0.1, abs 0.0);
    // Its draws are no one else's.
    assert!(interval(&lawfit::uncertainty::Percentile, 1, &gathered, level(0.9)).is_err());
}

/// Rows in another order are the same data; no clusters, no trace of them; subsets keep theirs.
#[test]
fn clusters_follow_their_rows() {
    let (x, y, words) = families(&Power, &[8.5, 0.07], 5, 3, 1);
    let plain = dataset(&x, &y);
    let data = plain.clone().with_cluster(Labels::new("family", &words));
    assert_ne!(plain.fingerprint(), data.fingerprint());
    // FNV-1a as before there were clusters: pinned by a run of the version before.
    assert_eq!(dataset(&SIZES, &PURE).fingerprint(), PURE_FINGERPRINT);
    let backwards = |v: &[f64]| v.iter().rev().copied().collect::<Vec<f64>>();
    let reversed: Vec<String> = words.iter().rev().cloned().collect();
    let other = dataset(&backwards(&x), &backwards(&y)).with_cluster(Labels::new("family", &reversed));
    assert_eq!(other.fingerprint(), data.fingerprint());
    assert_eq!(other.cluster, data.cluster);
    let part = data.subset(&[0, 4, 7]);
    let (all, kept) = (data.cluster.expect("clusters"), part.cluster.expect("clusters"));
    assert_eq!(kept.index, [all.index[0], all.index[4], all.index[7]]);
}

const PURE_FINGERPRINT: &str = "2649dd3391d4189a";

fn table(rows: &[(f64, f64, &str)]) -> String {
    let mut text = String::from("N,loss,family\n");
    rows.iter().for_each(|(n, y, f)| text.push_str(&format!("{n},{y},{f}\n")));
    text
}

fn set_b(words: [&'static str; 15]) -> String {
    let rows: Vec<_> = (0..15).map(|i| (REPEATED_SIZES[i / 3], REPEATED[i], words[i])).collect();
    table(&rows)
}

#[test]
fn the_program_reads_clusters() {
    let words = ["a", "a", "b", "b", "b", "c", "c", "d", "d", "e", "e", "e", "a", "c", "e"];
    let text = set_b(words);
    let r = json(&["fit", "-", "--form", "power,floor", "--cluster", "family"], &text);
    assert_eq!(r["data"]["cluster"]["column"], "family");
    assert_eq!(r["data"]["cluster"]["count"], 5);
    for form in ["power", "floor"] {
        let alpha = param(fit_of(&r, form), "alpha");
        assert_eq!(alpha["intervals"][0]["method"], "cr2");
        assert_eq!(alpha["intervals"][0]["lead"], true);
        for method in ["hc2", "jackknife", "wild-cluster-t", "wild-cluster-percentile"] {
            let (low, high) = limits(alpha, method);
            assert!(low < high, "{method}");
        }
    }
    let (low, high) = limits(param(fit_of(&r, "power"), "alpha"), "cr2");
    assert_close!(0.5 * (high - low), 0.0004942073242365647 * 3.574740644041009, rel 1e-8, abs 0.0);
    // A saved result brings its clusters.
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("saved.json");
    std::fs::write(&path, r.to_string()).expect("written");
    let again = json(&["fit", path.to_str().expect("UTF-8")], "");
    assert_eq!(again["data"]["fingerprint"], r["data"]["fingerprint"]);
    assert_eq!(again["fits"], r["fits"]);
    let (_, text_out, _) = lawfit(&["fit", "-", "--cluster", "family"], &text);
    assert!(text_out.contains("5 clusters of rows by `family`"), "{text_out}");
    assert!(text_out.contains("CR2-t"), "{text_out}");
    // A column of numbers is as good: the sizes themselves.
    let by_size = json(&["fit", "-", "--form", "power", "--cluster", "N"], &text);
    assert_eq!(by_size["data"]["cluster"]["count"], 5);
    assert!(by_size["data"]["columns"]["N"][0].is_number());
}

#[test]
fn the_program_says_what_is_wrong_with_clusters() {
    let words = ["a", "a", "b", "b", "b", "c", "c", "d", "d", "e", "e", "e", "a", "c", "e"];
    let fails = |text: &str, more: &[&str]| {
        let args: Vec<&str> = ["fit", "-"].iter().chain(more).copied().collect();
        let (code, _, err) = lawfit(&args, text);
        (code, err)
    };
    let (code, err) = fails(&set_b(words), &["--cluster", "famly"]);
    assert!(code == 3 && err.contains("no column `famly`") && err.contains("family"), "{code} {err}");
    let mut holes = words;
    holes[4] = "";
    let (code, err) = fails(&set_b(holes), &["--cluster", "family"]);
    assert!(
        code == 3 && err.contains("line 6") && err.contains("a word that names a cluster of rows"),
        "{err}"
    );
    let (code, err) = fails(&set_b(["a"; 15]), &["--cluster", "family"]);
    assert!(code == 3 && err.contains("at least 2 clusters") && err.contains("hint"), "{code} {err}");
    let (code, err) = fails(&set_b(words), &["--bootstrap", "cluster"]);
    assert!(code == 2 && err.contains("--cluster"), "{code} {err}");
    let two = ["a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "a"];
    let r = json(&["fit", "-", "--form", "power", "--cluster", "family"], &set_b(two));
    let ids: Vec<&str> =
        r["findings"].as_array().expect("findings").iter().filter_map(|f| f["id"].as_str()).collect();
    assert!(ids.contains(&"few-clusters"), "{ids:?}");
}

/// Draws of four rows often have two sizes only: too few for a floor. The interval says so, and so does a finding.
#[test]
fn failed_refits_are_flagged_and_told() {
    let text = table(&[(1e6, 5.4, "a"), (1e7, 3.4, "a"), (1e8, 2.5, "b"), (1e9, 2.1, "b")]);
    let r = json(&["fit", "-", "--form", "floor", "--bootstrap", "pairs"], &text);
    let alpha = param(fit_of(&r, "floor"), "alpha");
    let intervals = alpha["intervals"].as_array().expect("intervals");
    let of = |method: &str| intervals.iter().find(|i| i["method"] == method).expect("given");
    assert_eq!(of("pairs-percentile")["few_refits"], true);
    assert_eq!(of("t")["few_refits"], false);
    let failed = of("pairs-percentile")["failed"].as_u64().expect("a count");
    let finding = r["findings"].as_array().expect("findings").iter().find(|f| f["id"] == "failed-refits");
    let finding = finding.expect("a finding");
    assert_eq!(finding["severity"], "warning");
    let meaning = finding["meaning"].as_str().expect("words");
    for part in ["`floor`", "`pairs`", "1,999", "too narrow"] {
        assert!(meaning.contains(part), "{meaning}");
    }
    let (_, text_out, _) = lawfit(&["fit", "-", "--form", "floor", "--bootstrap", "pairs"], &text);
    let mut shown = failed.to_string();
    if failed > 999 {
        shown.insert(1, ',');
    }
    assert!(text_out.contains(&format!("{shown} failed")), "{text_out}");
}

/// Families that differ in level and slope, over ranges of their own: CR2-t and wild-cluster-t keep their level, the interval that
/// takes rows for independent does not. 400 sets; bands of 3.3 standard errors around 95%.
#[test]
fn cluster_intervals_cover() {
    use rayon::prelude::*;
    let hits: Vec<[bool; 3]> = (0..400u64)
        .into_par_iter()
        .map(|seed| {
            let z = lawfit::math::random::normals(seed, 9, 6 * 8);
            let (mut x, mut y, mut words) = (Vec::new(), Vec::new(), Vec::new());
            for (g, z) in z.chunks(8).enumerate() {
                let start = 7.0 + 0.4 * g as f64;
                for (k, error) in z[2..7].iter().enumerate() {
                    let log10 = start + 0.5 * k as f64;
                    let slope = -0.07 + 0.004 * z[1];
                    x.push(10f64.powf(log10));
                    let ln = 8.5f64.ln() - 0.07 * 8.5 * 10f64.ln() + slope * (log10 - 8.5) * 10f64.ln();
                    y.push((ln + 0.02 * z[0] + 0.01 * error).exp());
                    words.push(format!("family {g}"));
                }
            }
            let data = dataset(&x, &y).with_cluster(Labels::new("family", &words));
            let fit = line(&data);
            let covers = |method: &dyn IntervalMethod| {
                let i = exponent(method, &bare(&fit), 0.95);
                i.low <= 0.07 && 0.07 <= i.high
            };
            [covers(&lawfit::uncertainty::Cr2), covers(&WildClusterT), covers(&Hc2)]
        })
        .collect();
    let rate = |k: usize| hits.iter().filter(|h| h[k]).count() as f64 / 400.0;
    let (cr2, wild, rows) = (rate(0), rate(1), rate(2));
    for rate in [cr2, wild] {
        assert!((rate - 0.95).abs() <= 3.3 * 0.0109, "CR2-t {cr2}, wild-cluster-t {wild}, HC2-t {rows}");
    }
    assert!(rows < 0.9, "HC2-t {rows}");
}
