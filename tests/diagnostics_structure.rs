//! Checks of structure - breaks, changes of slope, cumulated residuals - against R and Python.
//!
//! Reference values: R 4.2.2 (lmtest, strucchange, segmented) with 12 printed digits, and Python where R has no function.
//! Tolerance: 1e-8 relative, unless said otherwise.

mod common;

use common::{BENT, PURE, SIZES, dataset};
use lawfit::data::{Dataset, Scale};
use lawfit::diagnose::breakpoints::{MOST_BREAKS, breakpoints, partitions, usual_segment};
use lawfit::diagnose::hinge::{Hinges, best_knot};
use lawfit::diagnose::recursive::{first_crossing, one_step, recursive_residuals};
use lawfit::diagnose::simulated::simulated_p;
use lawfit::diagnose::{
    ChowPredictive, Davies, Diagnostic, DurbinWatson, HarveyCollier, Hinge, NotApplicable, OlsCusum,
    OlsMosum, Outcome, Rainbow, RecCusum, Score, SupF, Tangent,
};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{Floor, Power};
use rand::RngExt as _;

/// Set C, a kink: N = 10^(5 + 0.3 k).
const KINKED: [f64; 18] = [
    15.7314, 14.5784, 13.4487, 12.1009, 11.3014, 10.3307, 9.5312, 9.0025, 8.0752, 7.6702, 7.6086, 7.303, 7.2,
    7.074, 6.9244, 6.6627, 6.6444, 6.6245,
];

fn kinked_sizes() -> Vec<f64> {
    (0..18).map(|k| 10f64.powf(5.0 + 0.3 * f64::from(k))).collect()
}

/// Sets A, P and C with their lines.
fn sets() -> [(Fit, Dataset); 3] {
    [(SIZES.to_vec(), BENT.to_vec()), (SIZES.to_vec(), PURE.to_vec()), (kinked_sizes(), KINKED.to_vec())]
        .map(|(x, y)| line(dataset(&x, &y)))
}

fn line(data: Dataset) -> (Fit, Dataset) {
    let fit = FitSpec::new(&Power).scale(Scale::Log).expect("scale").fit(&data).expect("fit");
    (fit, data)
}

fn tangent((fit, data): &(Fit, Dataset)) -> Tangent {
    Tangent::of_sizes(fit, data).expect("a tangent")
}

fn check(test: &dyn Diagnostic, (fit, data): &(Fit, Dataset)) -> Outcome {
    test.check(fit, data).expect("applies")
}

#[test]
fn recursive_residuals_match_strucchange() {
    let want: [&[f64]; 3] = [
        &[
            0.00358316591054,
            0.0103725806101,
            0.0277084689271,
            0.0448963160402,
            0.0646247763316,
            0.0855560754421,
            0.0940153485993,
            0.105804895045,
            0.130093908476,
            0.156914504803,
        ],
        &[
            -0.0165018386953,
            -0.0128010143048,
            0.0146820996672,
            -0.00882386634896,
            -0.0247872820312,
            -0.00300140495902,
            0.00221056721932,
            -0.00672993523456,
            0.00376448833948,
            -0.0055677515371,
        ],
        &[
            -0.00185377394391,
            -0.0153205027629,
            0.00634663801452,
            -0.000703911824548,
            0.00284213620321,
            0.0225417910801,
            -0.00745063235824,
            0.0205013214464,
            0.0741607085997,
            0.0818306368593,
            0.108983393425,
            0.124456775267,
            0.131501965305,
            0.12066615281,
            0.143102835354,
            0.159523807388,
        ],
    ];
    for (set, want) in sets().iter().zip(want) {
        let t = tangent(set);
        let w = recursive_residuals(&t, &t.e).expect("full rank");
        assert_eq!(w.len(), want.len());
        for (k, ((index, w), want)) in w.iter().zip(want).enumerate() {
            assert_eq!(*index, k + 2);
            assert_close!(*w, *want, rel 1e-9, abs 0.0);
        }
        assert_close!(w.iter().map(|(_, w)| w * w).sum::<f64>(), t.sse(), rel 1e-12, abs 0.0);
    }
}

/// R's values start at k = 4; k = 3, the largest and the adjusted p: chow.py (SciPy).
#[test]
fn one_step_predictions_match_r() {
    let want: [&[f64]; 3] = [
        &[
            3.57076338995,
            2.60926806063,
            2.39850493781,
            2.27359017686,
            1.91907548868,
            1.83631194824,
            1.98294436754,
            2.07720829035,
        ],
        &[
            0.99419588356,
            -0.598662600724,
            -1.83533818209,
            -0.183066230995,
            0.147206635724,
            -0.483197966948,
            0.284244135081,
            -0.443669546817,
        ],
        &[
            0.581606871046,
            -0.0730663948165,
            0.340351437459,
            2.9752737502,
            -0.647212726223,
            1.85975191648,
            5.88374232485,
            2.98344659559,
            2.96978206588,
            2.59282904178,
            2.25430407904,
            1.80455230735,
            1.98602154841,
            2.02415523353,
        ],
    ];
    let sets = sets();
    for (set, want) in sets.iter().zip(want) {
        let steps = one_step(&tangent(set));
        assert_eq!(steps.len(), want.len() + 1);
        assert_eq!((steps[0].index, steps[0].dof), (3, 1.0));
        for (step, want) in steps[1..].iter().zip(want) {
            assert_close!(step.t, *want, rel 1e-8, abs 0.0);
        }
    }
    assert!(first_crossing(&one_step(&tangent(&sets[1]))).is_none());
    let break_ = first_crossing(&one_step(&tangent(&sets[2]))).expect("a kink");
    // Point 11, counted from one.
    assert_eq!(break_.step.index, 10);
    assert_eq!(break_.step.dof, 8.0);
    assert_close!(break_.step.t, 5.88374232485, rel 1e-10, abs 0.0);
    assert_close!(break_.p_value, 0.00551238790622, rel 1e-8, abs 0.0);
}

#[test]
fn hinge_matches_python() {
    for (set, (f, knot)) in
        sets().iter().zip([(183.160354226, 7.5), (2.18058619053, 6.5), (1008.96886084, 7.55)])
    {
        let o = check(&Hinge, set);
        assert_close!(o.statistic, f, rel 1e-9, abs 0.0);
        assert_close!(o.signed_root.expect("t").powi(2), f, rel 1e-9, abs 0.0);
        let t = tangent(set);
        let best = best_knot(&t).expect("applies");
        let centre = set.1.x().ln[0] - t.u[0];
        let log10 = (best.psi + centre) / std::f64::consts::LN_10;
        assert_close!(log10, knot, rel 1e-12, abs 0.0);
        assert_close!(Hinges::at_midpoints(&t).best(&t.e).expect("applies").f, f, rel 1e-9, abs 0.0);
    }
}

/// Statistic and p of every test on A, P and C.
#[test]
fn structure_tests_match_r() {
    type Row<'a> = (&'a dyn Diagnostic, [(f64, f64); 3]);
    let rows: [Row<'_>; 8] = [
        (
            &HarveyCollier,
            [
                (4.46598449355, 0.00156369495407),
                (1.63367360842, 0.136759925136),
                (3.84932665573, 0.00157608832969),
            ],
        ),
        (
            &Rainbow,
            [
                (22.8918526472, 0.00462540612009),
                (0.395468839061, 0.851186783305),
                (6.52148270239, 0.0108885692945),
            ],
        ),
        (
            &RecCusum,
            [
                (1.48866149785, 0.000271317442464),
                (0.684509607584, 0.270839674067),
                (1.28310888524, 0.00260368890593),
            ],
        ),
        (
            &OlsCusum,
            [
                (0.713936319958, 0.687927691787),
                (0.429502698066, 0.992727480036),
                (0.848793877062, 0.467153392549),
            ],
        ),
        (
            &OlsMosum,
            [
                (1.33069980092, 0.129059835043),
                (0.466185155281, 0.694882815975),
                (1.69585466819, 0.0186856167491),
            ],
        ),
        (
            &Score,
            [
                (3.14238757656, 0.0104675810259),
                (0.821780324936, 0.430359185311),
                (3.89610709793, 0.00128426159127),
            ],
        ),
        // Python: chow.py (SciPy).
        (
            &ChowPredictive,
            [
                (6.41456685014, 0.0233596983563),
                (0.105707892986, 0.976222589401),
                (13.0128053526, 0.000324872950944),
            ],
        ),
        (
            &SupF,
            // R prints 0 for the first and the third: 1 - pchisq cannot be smaller than 1e-16.
            [(167.250410435, f64::NAN), (3.96505596146, 0.602948481881), (968.005454869, f64::NAN)],
        ),
    ];
    let sets = sets();
    for (test, values) in rows {
        for (set, (statistic, p)) in sets.iter().zip(values) {
            let o = check(test, set);
            assert_close!(o.statistic, statistic, rel 1e-8, abs 0.0);
            if p.is_nan() {
                assert!(o.p_value > 0.0 && o.p_value < 1e-16, "{}", o.p_value);
            } else {
                assert_close!(o.p_value, p, rel 1e-8, abs 0.0);
            }
            assert_eq!(o.id, test.id());
        }
    }
    assert_eq!(check(&Rainbow, &sets[0]).dof, [6.0, 4.0]);
    assert_eq!(check(&Rainbow, &sets[2]).dof, [9.0, 7.0]);
    assert_eq!(check(&ChowPredictive, &sets[0]).dof, [4.0, 6.0]);
    assert_eq!(check(&ChowPredictive, &sets[2]).dof, [6.0, 10.0]);
    // The score has the sign of the change of slope; R prints it for P.
    assert!(check(&Score, &sets[1]).signed_root.expect("signed") < 0.0);
}

/// segmented's p; it does not report M, and prints 1.2178272139e-05 for A.
#[test]
fn davies_matches_segmented() {
    for (set, p) in sets().iter().zip([1.2178272139e-5, 0.274570288627, 5.89365430759e-11]) {
        assert_close!(check(&Davies, set).p_value, p, rel 1e-8, abs 0.0);
    }
}

/// statsmodels drops a recursive residual: 5.00840999 on 8 degrees of freedom for A.
#[test]
fn harvey_collier_uses_all_recursive_residuals() {
    let sets = sets();
    let o = check(&HarveyCollier, &sets[0]);
    assert_eq!(o.dof, [9.0]);
    assert!((o.statistic - 5.00840999).abs() > 0.5);
    let t = tangent(&sets[0]);
    let w = recursive_residuals(&t, &t.e).expect("full rank");
    let kept: Vec<f64> = w[1..].iter().map(|(_, w)| *w).collect();
    let m = kept.len() as f64;
    let mean = kept.iter().sum::<f64>() / m;
    let variance = kept.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / (m - 1.0);
    assert_close!(mean / (variance / m).sqrt(), 5.00840999, rel 1e-8, abs 0.0);
}

/// strucchange's mean F (aveF) of 75.2 and 286.6 lies beyond Hansen's table, and is reported with p = 1. By simulation it is as
/// unlikely as p can tell, and near to the table where the table reaches (P: 0.534).
#[test]
fn mean_f_is_simulated_and_not_looked_up() {
    let mean_f = |t: &Tangent, e: &[f64]| {
        let (n, first) = (t.len(), t.len() / 4);
        let first = first.max(3);
        let sse = |range: std::ops::Range<usize>| {
            let x = t.jacobian.rows(range.start, range.len()).into_owned();
            let y = nalgebra::DVector::from_column_slice(&e[range]);
            lawfit::math::linalg::Regression::new(x).map(|r| r.residuals(&y).norm_squared())
        };
        let all: f64 = e.iter().map(|e| e * e).sum();
        let mut sum = 0.0;
        for k in first..=n - first {
            let left = sse(0..k)? + sse(k..n)?;
            sum += (all - left) / left * (n as f64 - 4.0);
        }
        Some(sum / (n - 2 * first + 1) as f64)
    };
    for (set, (f, low, high)) in sets().iter().zip([
        (75.2151862705, 0.0, 0.0011),
        (1.489603559, 0.4, 0.7),
        (286.631522994, 0.0, 0.0011),
    ]) {
        let t = tangent(set);
        let own = mean_f(&t, &t.e).expect("rank");
        assert_close!(own, f, rel 1e-8, abs 0.0);
        let p = simulated_p(&t, 3, 999, mean_f, own).expect("defined");
        println!("{own} {p}");
        assert!((low..high).contains(&p), "{p}");
        // The largest F, whose table reaches: it sees the same breaks.
        assert_eq!(check(&SupF, set).p_value < 1e-3, p < 0.0011);
    }
}

/// strucchange on log10 axes; BIC shifts by 2 n ln ln 10 and sums of squares by ln(10)^2. R printed 4 digits but for one.
#[test]
fn breakpoints_match_strucchange() {
    let sets = sets();
    let t = tangent(&sets[2]);
    let ln10 = std::f64::consts::LN_10;
    let all = partitions(&t, 4, 3).expect("applies");
    let want: [(&[usize], f64, f64); 4] = [
        (&[], 0.02237, -60.67),
        (&[9], 0.0003189, -128.511522089),
        (&[9, 14], 0.0002712, -122.8),
        (&[4, 9, 14], 0.0002499, -115.6),
    ];
    assert_eq!(all.len(), 4);
    for (m, (found, (breaks, rss, bic))) in all.iter().zip(want).enumerate() {
        assert_eq!(found.breaks, breaks);
        assert_close!(found.rss / (ln10 * ln10), rss, rel 3e-4, abs 0.0);
        let tolerance = if m == 1 { 1e-11 } else { 5e-4 };
        assert_close!(found.bic - 36.0 * ln10.ln(), bic, rel tolerance, abs 0.0);
    }
    assert_eq!(breakpoints(&t, 4, 3).expect("applies").breaks, [9]);
    assert!(
        breakpoints(&tangent(&sets[1]), usual_segment(&t), MOST_BREAKS).expect("applies").breaks.is_empty()
    );
    // Every partition by hand.
    let segment = |i: usize, j: usize| {
        let x = nalgebra::DMatrix::from_fn(j - i, 2, |k, c| if c == 0 { 1.0 } else { t.u[i + k] });
        let y = nalgebra::DVector::from_column_slice(&t.e[i..j]);
        lawfit::math::linalg::Regression::new(x).expect("rank").residuals(&y).norm_squared()
    };
    let mut best = f64::INFINITY;
    for i in 4..=10 {
        for j in i + 4..=14 {
            best = best.min(segment(0, i) + segment(i, j) + segment(j, 18));
        }
    }
    assert_close!(all[2].rss, best, rel 1e-12, abs 0.0);
}

/// Exact p of Durbin-Watson. Expected values: mpmath, 50 digits, with weights and the integral of its own.
#[test]
fn durbin_watson_is_exact_in_relative_terms() {
    for (set, p) in sets().iter().zip([1.441785030964938e-7, 0.5645445811335287, 2.0517199976580424e-12]) {
        assert_close!(check(&DurbinWatson, set).p_value, p, rel 1e-10, abs 0.0);
    }
}

const STRUCTURE: [&dyn Diagnostic; 10] = [
    &ChowPredictive,
    &Davies,
    &HarveyCollier,
    &Hinge,
    &OlsCusum,
    &OlsMosum,
    &Rainbow,
    &RecCusum,
    &Score,
    &SupF,
];

/// Uneven sizes over four decades, a line, a small bend and noise from congruences: the same in any language.
fn formula(n: usize) -> (Vec<f64>, Vec<f64>) {
    let step = 9.0 / (n as f64 - 1.0);
    (0..n)
        .map(|i| {
            let noise =
                ((i * 7919) % 10007) as f64 / 10007.0 - 0.5 + ((i * 104729) % 1009) as f64 / 1009.0 - 0.5;
            let x = 1e6 * (i as f64 * step + 0.3 * step * (((i * 31) % 17) as f64 / 17.0)).exp();
            let d = x.ln() - 1e6f64.ln();
            (x, (1.0 - 0.1 * d + 0.01 * noise + 0.003 / (n as f64).sqrt() * d * d).exp())
        })
        .unzip()
}

/// Expected values: NumPy and SciPy, by refitting or by running means in extended precision, without our updates.
#[test]
fn small_and_large_sets_match_python() {
    type Row<'a> = (&'a dyn Diagnostic, f64, f64);
    let cases: [(usize, &[Row<'_>]); 5] = [
        (
            5,
            &[
                (&HarveyCollier, 1.4412644629708649, 0.2862265869772388),
                (&RecCusum, 0.48042148765695497, 0.6711721530211606),
                (&OlsCusum, 0.469418658757694, 0.9802287271984602),
                (&OlsMosum, 0.7207687260201707, 0.5282584150838822),
                (&ChowPredictive, 12.762559796341336, 0.07020317239085581),
                (&Davies, 24.522331768646527, 0.03260439976119542),
                (&Score, 1.6310433472164962, 0.201378404026634),
                (&Hinge, 462.41048844480486, f64::NAN),
            ],
        ),
        (
            10,
            &[
                (&HarveyCollier, 0.9446156906909313, 0.37630945707446484),
                (&RecCusum, 0.4712261783964678, 0.6921263077062579),
                (&OlsCusum, 0.5840317176738669, 0.8846938745915874),
                (&OlsMosum, 0.866414152446471, 0.43293379594078696),
                (&Rainbow, 1.759919255800985, 0.3403559151803094),
                (&ChowPredictive, 0.3967170289924509, 0.7615450728007245),
                (&Davies, 2.758378258026113, 0.153314832622537),
                (&Score, 1.679476988784179, 0.13157251665570452),
                (&SupF, 16.435919569623493, 0.0035907393170732512),
                (&Hinge, 7.700897024317588, f64::NAN),
            ],
        ),
        (
            100,
            &[
                (&HarveyCollier, 1.9472045016858353, 0.05440216537590008),
                (&RecCusum, 0.7056217541538939, 0.24143287545645203),
                (&OlsCusum, 0.96116323912806, 0.31397422089197446),
                (&OlsMosum, 1.8241929495402567, 0.01),
                (&Rainbow, 1.5002240859913079, 0.08023458154557175),
                (&ChowPredictive, 0.9348195176571023, 0.5745411408877577),
                (&Davies, 3.89688981941946, 0.003069787685412618),
                (&Score, 3.7456351206680756, 0.0003039082901228778),
                (&SupF, 16.019481558024122, 0.005064558064167031),
                (&Hinge, 15.487466185810067, f64::NAN),
            ],
        ),
        (
            1000,
            &[
                (&HarveyCollier, 2.9113143777869426, 0.0036792554212057797),
                (&RecCusum, 0.9775767856289823, 0.0399208043640903),
                (&OlsCusum, 1.0410903874335815, 0.2285292845766483),
                (&OlsMosum, 1.9463816722418328, 0.01),
                (&Rainbow, 1.0158318328507232, 0.4304246478038861),
                (&ChowPredictive, 0.9614793306765557, 0.6561947965409884),
                (&Davies, 4.2506589900245215, 0.0006063352954826264),
                (&Score, 4.382340891148387, 1.298341723415825e-05),
                (&SupF, 18.40522719114278, 0.0017370270398287878),
                (&Hinge, 18.35347965536661, f64::NAN),
            ],
        ),
        (
            100000,
            &[
                (&HarveyCollier, 3.4662684276795757, 0.0005279575471689279),
                (&RecCusum, 1.1582317459296692, 0.008703877916284169),
                (&OlsCusum, 0.983141691269422, 0.2885110910683105),
                (&OlsMosum, 1.90325778614164, 0.01),
                (&Rainbow, 1.0008870432211752, 0.4605179478095574),
                (&ChowPredictive, 0.9997628514191532, 0.509552114356203),
                (&Davies, 4.295258873721499, 0.000386028198086398),
                (&Score, 4.4600977919658815, 8.201134957756945e-06),
                (&SupF, 18.643120016124392, 0.001559698529163459),
                (&Hinge, 18.63118020334792, f64::NAN),
            ],
        ),
    ];
    for (n, rows) in cases {
        let (x, y) = formula(n);
        let set = line(dataset(&x, &y));
        for (test, statistic, p) in rows {
            let o = check(*test, &set);
            println!("{n} {} {:e} {:e}", o.id, o.statistic / statistic - 1.0, o.p_value / p - 1.0);
            assert_close!(o.statistic, *statistic, rel 1e-8, abs 0.0);
            if !p.is_nan() {
                assert_close!(o.p_value, *p, rel 1e-8, abs 0.0);
            }
        }
    }
}

#[test]
fn every_number_of_sizes_gives_finite_numbers_or_a_reason() {
    for n in (3..40).chain([249, 250, 251, 2000, 2001, 100_000]) {
        let (x, y) = formula(n);
        let set = line(dataset(&x, &y));
        for test in STRUCTURE {
            match test.check(&set.0, &set.1) {
                Ok(o) => {
                    assert!(o.statistic.is_finite() && o.statistic >= 0.0, "{n} {o:?}");
                    assert!((0.0..=1.0).contains(&o.p_value), "{n} {o:?}");
                    assert!(o.signed_root.is_none_or(f64::is_finite), "{n} {o:?}");
                    assert!(o.dof.iter().all(|d| *d >= 1.0), "{n} {o:?}");
                }
                Err(reason) => {
                    assert!(n < 9 && !reason.to_string().is_empty(), "{n} {}: {reason}", test.id())
                }
            }
        }
        let t = tangent(&set);
        assert_eq!(one_step(&t).len(), n - 3);
        match breakpoints(&t, usual_segment(&t), MOST_BREAKS) {
            Ok(best) => assert!(best.bic.is_finite(), "{n}"),
            Err(reason) => assert_eq!(reason, NotApplicable::TooManySizes { most: 2000, sizes: n }),
        }
    }
}

/// Statistics with a simulated p do not depend on the length of the residuals, and are those that `check` reports.
#[test]
fn statistics_are_free_of_scale() {
    for set in &sets() {
        let t = tangent(set);
        let longer: Vec<f64> = t.e.iter().map(|e| e * 1e-40).collect();
        for test in [&Davies as &dyn Diagnostic, &Hinge, &OlsCusum, &OlsMosum, &RecCusum, &Score, &SupF] {
            let own = test.statistic(&t, &t.e).expect("defined");
            assert_close!(test.statistic(&t, &longer).expect("defined"), own, rel 1e-9, abs 0.0);
            assert_close!(check(test, set).statistic, own, rel 1e-9, abs 0.0);
            assert!(test.statistic(&t, &vec![0.0; t.len()]).is_none(), "{}", test.id());
        }
    }
}

/// The order of rows and of the runs of one size, and the unit of N, change nothing.
#[test]
fn order_and_unit_change_nothing() {
    let (x, y) = formula(20);
    let rows = |unit: f64, backwards: bool| {
        let mut pairs: Vec<(f64, f64)> = x
            .iter()
            .zip(&y)
            .enumerate()
            .flat_map(|(i, (x, y))| {
                let runs = if i % 3 == 0 { vec![1.0, 1.004, 0.997] } else { vec![1.0] };
                runs.into_iter().map(move |f| (x * unit, y * f)).collect::<Vec<_>>()
            })
            .collect();
        if backwards {
            pairs.reverse();
        }
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        line(dataset(&x, &y))
    };
    let base = rows(1.0, false);
    for (unit, tolerance) in [(1.0, 1e-12), (1e-6, 1e-8)] {
        let other = rows(unit, true);
        for test in STRUCTURE {
            let (a, b) = (check(test, &base), check(test, &other));
            assert_close!(b.statistic, a.statistic, rel tolerance, abs 0.0);
            assert_close!(b.p_value, a.p_value, rel tolerance, abs 0.0);
        }
        let (a, b) = (one_step(&tangent(&base)), one_step(&tangent(&other)));
        for (a, b) in a.iter().zip(&b) {
            assert_close!(b.t, a.t, rel tolerance, abs tolerance);
        }
    }
}

/// The simulated p of a law without a bend is uniform: no more than 5 % of 400 sets reject, within three SE.
#[test]
fn hinge_rejects_at_its_rate() {
    let n = 8;
    let mut rejected = 0;
    for k in 0..400u64 {
        let mut rng = lawfit::math::random::stream(7, k);
        let x: Vec<f64> = (0..n).map(|i| 1e6 * 2f64.powi(i)).collect();
        let y: Vec<f64> = x
            .iter()
            .map(|x| 5.0 * x.powf(-0.1) * (0.01 * rng.sample::<f64, _>(rand_distr::StandardNormal)).exp())
            .collect();
        rejected += usize::from(check(&Hinge, &line(dataset(&x, &y))).p_value <= 0.05);
    }
    assert!((7..=33).contains(&rejected), "{rejected}");
}

/// Simulated p values depend neither on the number of threads nor on when they are asked for.
#[test]
fn simulated_p_is_the_same_on_any_number_of_threads() {
    let sets = sets();
    let p = || check(&Hinge, &sets[1]).p_value;
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("pool").install(p);
    assert_eq!(alone, p());
    assert!(alone > 0.05 && alone < 0.95, "{alone}");
    assert_eq!(check(&Hinge, &sets[0]).p_value, 1.0 / 2000.0);
}

/// Curves: three columns of the Jacobian; a hinge there is not its own mirror image.
#[test]
fn curves_work_on_their_jacobian() {
    let data = dataset(&SIZES, &BENT);
    let fit = FitSpec::new(&Floor).scale(Scale::Log).expect("scale").fit(&data).expect("fit");
    let t = Tangent::of_sizes(&fit, &data).expect("a tangent");
    assert_eq!(t.dim(), 3);
    let w = recursive_residuals(&t, &t.e).expect("full rank");
    assert_eq!(w.len(), 9);
    assert_close!(w.iter().map(|(_, w)| w * w).sum::<f64>(), t.sse(), rel 1e-10, abs 0.0);
    // The first prediction by hand.
    let y = nalgebra::DVector::from_column_slice(&t.e[..3]);
    let j = t.jacobian.rows(0, 3).into_owned();
    let inverse = j.clone().try_inverse().expect("rank");
    let row = t.jacobian.row(3);
    let error = t.e[3] - (row * &inverse * y)[0];
    let spread = (1.0 + (row * &inverse * inverse.transpose() * row.transpose())[0]).sqrt();
    assert_close!(w[0].1, error / spread, rel 1e-8, abs 0.0);
    // Hinges by refitting.
    let mut best = 0.0f64;
    for i in 1..t.len() - 2 {
        let psi = 0.5 * (t.u[i] + t.u[i + 1]);
        let z: Vec<f64> = t.u.iter().zip(&t.roots).map(|(u, r)| r * (u - psi).max(0.0)).collect();
        let z = t.residuals_of(&z);
        let zz: f64 = z.iter().map(|v| v * v).sum();
        let b = z.iter().zip(&t.e).map(|(z, e)| z * e).sum::<f64>() / zz;
        let left: f64 = z.iter().zip(&t.e).map(|(z, e)| (e - b * z).powi(2)).sum();
        best = best.max(b * b * zz / (left / 8.0));
    }
    let o = Hinge.check(&fit, &data).expect("applies");
    assert_close!(o.statistic, best, rel 1e-9, abs 0.0);
    assert_eq!(o.dof, [1.0, 8.0]);
    for test in STRUCTURE {
        let o = test.check(&fit, &data).expect("applies");
        assert!(o.statistic.is_finite() && (0.0..=1.0).contains(&o.p_value), "{o:?}");
    }
    assert!(SupF.check(&fit, &data).expect("applies").exact);
}
