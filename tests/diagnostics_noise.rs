//! Checks of the noise - dependence, spread, normality - and of the general shape against R and Python.
//!
//! Reference values: R 4.2.2 (stats, lmtest, nortest, tseries) with 12 printed digits, and Python where R was not at hand.
//! Tolerance: 1e-8 relative, unless said otherwise.

mod common;

use common::{BENT, PURE, SIZES, built_in, dataset};
use lawfit::data::{Dataset, Scale};
use lawfit::diagnose::ljung_box::ljung_box;
use lawfit::diagnose::simulated::{DRAWS, simulated_p};
use lawfit::diagnose::{
    AndersonDarling, Bartlett, BreuschGodfrey, Diagnostic, GoldfeldQuandt, JarqueBera, Lilliefors, LjungBox,
    NotApplicable, Outcome, Reset, ShapiroWilk, Tangent, White,
};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{Floor, Power};
use lawfit::math::distribution::{chi2_upper, f_upper};
use lawfit::math::random::{Stream, stream};
use rand::RngExt as _;
use rand_distr::StandardNormal;

const NOISE: [&dyn Diagnostic; 10] = [
    &AndersonDarling,
    &Bartlett,
    &BreuschGodfrey,
    &GoldfeldQuandt,
    &JarqueBera,
    &Lilliefors,
    &LjungBox,
    &Reset,
    &ShapiroWilk,
    &White,
];

fn line(data: Dataset) -> (Fit, Dataset) {
    let fit = FitSpec::new(&Power).scale(Scale::Log).expect("scale").fit(&data).expect("fit");
    (fit, data)
}

/// Sets A, P and C with their lines.
fn sets() -> [(Fit, Dataset); 3] {
    [dataset(&SIZES, &BENT), dataset(&SIZES, &PURE), built_in("kink")].map(line)
}

/// Residuals in order of size, and one entry a run.
fn tangent(test: &dyn Diagnostic, (fit, data): &(Fit, Dataset)) -> Tangent {
    if test.by_row() { Tangent::of_rows(fit) } else { Tangent::of_sizes(fit, data) }.expect("a tangent")
}

fn check(test: &dyn Diagnostic, (fit, data): &(Fit, Dataset)) -> Outcome {
    test.check(fit, data).expect("applies")
}

fn matches(test: &dyn Diagnostic, set: &(Fit, Dataset), statistic: f64, p: f64) {
    let o = check(test, set);
    println!(
        "{} {} {:.12e} ({:+.1e}) {:.12e} ({:+.1e})",
        set.0.nobs(),
        o.id,
        o.statistic,
        o.statistic / statistic - 1.0,
        o.p_value,
        o.p_value / p - 1.0
    );
    assert_eq!(o.id, test.id());
    assert_close!(o.statistic, statistic, rel 1e-8, abs 0.0);
    // A p value below the smallest number is 0 in both.
    assert_close!(o.p_value, p, rel 1e-8, abs 1e-300);
}

/// Statistic and p of every test on A, P and C.
#[test]
fn noise_tests_match_r() {
    type Row<'a> = (&'a dyn Diagnostic, [(f64, f64); 3]);
    let rows: [Row<'_>; 9] = [
        // lmtest: resettest(power = 2:3), bgtest(order = 1), gqtest(fraction = 0, "two.sided"), bptest(~ x + x^2).
        (
            &Reset,
            [
                (739.46061512, 8.37930692727e-10),
                (0.783403916548, 0.488980731814),
                (129.764363661, 9.20186031213e-10),
            ],
        ),
        (
            &BreuschGodfrey,
            [
                (5.97430437831, 0.0145158061135),
                (0.820182219768, 0.365126894448),
                (13.3259190422, 0.000261762583234),
            ],
        ),
        (
            &GoldfeldQuandt,
            [
                (0.602365831532, 0.635409116725),
                (0.327299265975, 0.304863449884),
                (0.987904849751, 0.987605403933),
            ],
        ),
        (
            &White,
            [
                (4.53476601933, 0.103582901143),
                (2.2726515581, 0.320996268975),
                (1.83612335913, 0.399292247804),
            ],
        ),
        // stats: Box.test(lag = 2, "Ljung"), shapiro.test.
        (
            &LjungBox,
            [
                (5.76334319791, 0.0560410064066),
                (3.38724987382, 0.183851863205),
                (18.2216566386, 0.000110463178443),
            ],
        ),
        (
            &ShapiroWilk,
            [
                (0.902963982134, 0.173218323276),
                (0.974459202382, 0.951469330111),
                (0.958897059083, 0.580481408009),
            ],
        ),
        // nortest: ad.test, lillie.test.
        (
            &AndersonDarling,
            [
                (0.460152052578, 0.213363290635),
                (0.165511475086, 0.918917186179),
                (0.240010894614, 0.739139347584),
            ],
        ),
        (
            &Lilliefors,
            [
                (0.165715384305, 0.481819188052),
                (0.0878843971287, 0.998375520225),
                (0.118557494292, 0.722849385967),
            ],
        ),
        // tseries: jarque.bera.test.
        (
            &JarqueBera,
            [
                (1.19261585817, 0.550841632714),
                (0.173907550317, 0.916719469866),
                (0.937967388895, 0.625637784443),
            ],
        ),
    ];
    let sets = sets();
    for (test, values) in rows {
        for (set, (statistic, p)) in sets.iter().zip(values) {
            matches(test, set, statistic, p);
        }
    }
    assert_eq!(check(&Reset, &sets[0]).dof, [2.0, 8.0]);
    assert_eq!(check(&Reset, &sets[2]).dof, [2.0, 14.0]);
    assert_eq!(check(&GoldfeldQuandt, &sets[0]).dof, [4.0, 4.0]);
    assert_eq!(check(&GoldfeldQuandt, &sets[2]).dof, [7.0, 7.0]);
    for set in &sets {
        assert_eq!(Bartlett.check(&set.0, &set.1), Err(NotApplicable::NoReplicates));
    }
}

/// R's Box.test for lags 1, 2 and 3 on A, P and C.
#[test]
fn ljung_box_matches_r_at_every_lag() {
    let want = [
        [(5.23292332619, 0.0221632521949), (5.76334319791, 0.0560410064066), (6.0040234961, 0.111414637265)],
        [(1.01842727701, 0.312892354134), (3.38724987382, 0.183851863205), (6.59628776989, 0.0859415262124)],
        [
            (12.3555409557, 0.000439679571504),
            (18.2216566386, 0.000110463178443),
            (19.9311242273, 0.00017541356879),
        ],
    ];
    for (set, want) in sets().iter().zip(want) {
        let e = tangent(&LjungBox, set).e;
        for (lag, (q, p)) in (1..).zip(want) {
            let got = ljung_box(&e, lag).expect("defined");
            assert_close!(got.0, q, rel 1e-8, abs 0.0);
            assert_close!(got.1, p, rel 1e-8, abs 0.0);
        }
        assert!(ljung_box(&e, 0).is_none() && ljung_box(&e, e.len()).is_none());
        assert!(ljung_box(&e, e.len() - 1).is_some_and(|(q, p)| q.is_finite() && p < 1.0));
    }
}

/// R's bartlett.test on B.
#[test]
fn bartlett_matches_r() {
    let set = line(built_in("replicates"));
    matches(&Bartlett, &set, 3.57881002287, 0.465996714227);
    assert_eq!(check(&Bartlett, &set).dof, [4.0]);
}

/// Sizes with 1, 3, 2, 4, 1, 2 and 3 runs.
fn replicated() -> (Fit, Dataset) {
    let counts = [1, 3, 2, 4, 1, 2, 3];
    let sizes = counts.iter().enumerate().flat_map(|(k, c)| vec![k; *c]);
    let part = |i: usize, by: usize, modulus: usize| ((i * by) % modulus) as f64 / modulus as f64 - 0.5;
    let (x, y): (Vec<f64>, Vec<f64>) = sizes
        .enumerate()
        .map(|(i, k)| {
            let noise = part(i + 1, 7919, 10007) + part(i + 1, 104_729, 1009);
            (1e6 * 4f64.powi(k as i32), (1.0 - 0.1 * 4f64.ln() * k as f64 + 0.01 * noise).exp())
        })
        .unzip();
    line(dataset(&x, &y))
}

/// Some checks read runs, some read sizes. Expected values: NumPy, mpmath and SciPy, without our code.
#[test]
fn replicates_match_python() {
    let set = replicated();
    let rows: [(&dyn Diagnostic, f64, f64); 10] = [
        (&Reset, 0.0038638739287073045, 0.9961448200250395),
        (&White, 0.16818653890779986, 0.9193455052429998),
        (&ShapiroWilk, 0.9202485444804765, 0.17024347198258896),
        (&AndersonDarling, 0.4205086008423367, 0.28542947180592676),
        (&Lilliefors, 0.15466828934163507, 0.38721723688825715),
        (&JarqueBera, 1.1067272113919142, 0.5750124388156177),
        // SciPy's bartlett of the five sizes with two runs or more.
        (&Bartlett, 1.874101850497617, 0.7589007681489719),
        // Six rows below: ten would be as near to the middle of sixteen.
        (&GoldfeldQuandt, 0.9914959638560281, 0.9143130747855841),
        (&BreuschGodfrey, 4.855486290625104, 0.02755834415404444),
        (&LjungBox, 10.600240104672565, 0.004990994690369311),
    ];
    for (test, statistic, p) in rows {
        matches(test, &set, statistic, p);
    }
    assert_eq!(check(&GoldfeldQuandt, &set).dof, [8.0, 4.0]);
    assert_eq!(check(&Bartlett, &set).dof, [4.0]);
}

#[test]
fn bartlett_says_why_not() {
    let reason = |x: &[f64], y: &[f64]| {
        let (fit, data) = line(dataset(x, y));
        Bartlett.check(&fit, &data).expect_err("does not apply")
    };
    let one = reason(&[1e6, 1e6, 1e7, 1e8, 1e9], &[5.0, 5.1, 4.0, 3.3, 2.5]);
    assert_eq!(one, NotApplicable::TooFewReplicated { needed: 2, sizes: 1 });
    let equal = reason(&[1e6, 1e6, 1e7, 1e7, 1e9], &[5.0, 5.1, 4.0, 4.0, 2.5]);
    assert_eq!(equal, NotApplicable::EqualRuns);
    assert_eq!(reason(&[1e6, 1e7, 1e8, 1e9], &[5.0, 4.0, 3.3, 2.5]), NotApplicable::NoReplicates);
}

#[test]
fn goldfeld_quandt_says_why_not() {
    let reason = |x: &[f64], y: &[f64]| {
        let (fit, data) = line(dataset(x, y));
        GoldfeldQuandt.check(&fit, &data).expect_err("does not apply")
    };
    let few = reason(&[1e6, 1e7, 1e8, 1e9, 1e10], &[5.0, 4.0, 3.3, 2.5, 2.1]);
    assert_eq!(few, NotApplicable::TooFewRows { needed: 6, rows: 5 });
    let x = [1e6, 1e6, 1e6, 1e6, 1e6, 1e7, 1e8];
    assert_eq!(reason(&x, &[5.0, 5.1, 5.2, 4.9, 4.8, 4.0, 3.1]), NotApplicable::NoHalves);
}

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

/// Expected values: NumPy in extended precision by refitting, mpmath (normality up to n = 5,000), SciPy (p, and normality
/// beyond), without our code.
#[test]
fn small_and_large_sets_match_python() {
    type Row<'a> = (&'a dyn Diagnostic, f64, f64);
    let cases: [(usize, &[Row<'_>]); 7] = [
        (
            6,
            &[
                (&Reset, 130.29893346016763, 0.007616208095881994),
                (&LjungBox, 1.4958898215453127, 0.4733383063330715),
                (&BreuschGodfrey, 0.08906023490548391, 0.7653752890065185),
                (&White, 4.945085724461602, 0.08437004459578336),
                (&GoldfeldQuandt, 9.087310765022341, 0.40782522514414715),
                (&ShapiroWilk, 0.9147132692679008, 0.46812205099410004),
                (&Lilliefors, 0.24163734795182334, 0.33263153802859335),
                (&JarqueBera, 0.5790032430659113, 0.7486365789710224),
            ],
        ),
        (
            8,
            &[
                (&Reset, 3.944244201325464, 0.11320528586755428),
                (&LjungBox, 2.8936590742491397, 0.2353151646616827),
                (&BreuschGodfrey, 1.9621516297964978, 0.16128339236377862),
                (&White, 0.7112297402147779, 0.7007424451357429),
                (&GoldfeldQuandt, 1.2528816894825539, 0.8877518998609126),
                (&ShapiroWilk, 0.8862405623247379, 0.2158248376373855),
                (&AndersonDarling, 0.4027330480993425, 0.26901433268842306),
                (&Lilliefors, 0.1696339602223006, 0.7133859323824017),
                (&JarqueBera, 0.9398323633012312, 0.6250546571367327),
            ],
        ),
        (
            10,
            &[
                (&Reset, 1.6458413523890931, 0.26925925403204),
                (&LjungBox, 2.1715743333603497, 0.337635905527497),
                (&BreuschGodfrey, 0.9879907545129375, 0.3202339479555957),
                (&White, 1.570116280827142, 0.456093183568437),
                (&GoldfeldQuandt, 0.10848624748324504, 0.10084734214894572),
                (&ShapiroWilk, 0.8932441936420397, 0.18440331273893928),
                (&AndersonDarling, 0.6050586925709375, 0.08297877429366944),
                (&Lilliefors, 0.3032738282572965, 0.009649789303119808),
                (&JarqueBera, 1.364646877283867, 0.5054412652626761),
            ],
        ),
        // An odd number: the middle row is in the upper half.
        (
            101,
            &[
                (&Reset, 7.303415858263739, 0.0011102641101330827),
                (&LjungBox, 17.21407586924907, 0.00018281461806209326),
                (&BreuschGodfrey, 4.132871436418915, 0.04205792929244903),
                (&White, 7.916037273599293, 0.019100922688467244),
                (&GoldfeldQuandt, 0.5181943264263155, 0.02377046828241455),
                (&ShapiroWilk, 0.9887045796581213, 0.5542675570025981),
                (&AndersonDarling, 0.24113162104504696, 0.7673423803116063),
                (&Lilliefors, 0.05027118997293156, 0.766453467839447),
                (&JarqueBera, 1.8291755586858662, 0.4006817613513365),
            ],
        ),
        (
            1000,
            &[
                (&Reset, 9.760829207976773, 6.337731175153327e-05),
                (&LjungBox, 180.00306073778032, 8.181482352399641e-40),
                (&BreuschGodfrey, 0.7815525431652236, 0.3766667371158794),
                (&White, 0.4735848405874044, 0.7891550835971789),
                (&GoldfeldQuandt, 1.1193898240064977, 0.2085829307908856),
                (&ShapiroWilk, 0.9933705553411748, 0.0001980165840371539),
                (&AndersonDarling, 0.8576218667202928, 0.027530929375057505),
                (&Lilliefors, 0.01956532362628749, 0.4659349719256314),
                (&JarqueBera, 13.741865568236024, 0.001037508841344383),
            ],
        ),
        (
            5000,
            &[
                (&Reset, 10.27783092450699, 3.511981469612693e-05),
                (&LjungBox, 1010.30661950883, 4.118177471790994e-220),
                (&BreuschGodfrey, 1.8911633806576795, 0.16907076220495798),
                (&White, 0.0913830962257677, 0.9553365921234709),
                (&GoldfeldQuandt, 1.01578839751999, 0.6954804751593967),
                (&ShapiroWilk, 0.9928209566044741, 3.41803414821172e-15),
                (&AndersonDarling, 4.7528337407572625, 9.088503509108522e-12),
                (&Lilliefors, 0.019307798749190086, 0.00021523912306159506),
                (&JarqueBera, 73.59600446531397, 1.0443130023933033e-16),
            ],
        ),
        (
            100_000,
            &[
                (&Reset, 9.956540528091471, 4.7463512830610046e-05),
                (&LjungBox, 20736.769406050196, 0.0),
                (&BreuschGodfrey, 24.60945108824974, 7.020656265178199e-07),
                (&White, 0.007937700091767723, 0.9960390154303869),
                (&GoldfeldQuandt, 0.999387012059085, 0.9453450853301113),
                (&AndersonDarling, 96.0955355885979, 3.7e-24),
                (&Lilliefors, 0.01653062010209999, 8.569187437333083e-69),
                (&JarqueBera, 1498.9063328438315, 0.0),
            ],
        ),
    ];
    for (n, rows) in cases {
        let (x, y) = formula(n);
        let set = line(dataset(&x, &y));
        for (test, statistic, p) in rows {
            matches(*test, &set, *statistic, *p);
        }
    }
}

#[test]
fn every_number_of_rows_gives_finite_numbers_or_a_reason() {
    for n in (3..40).chain([249, 250, 251, 4_999, 5_000, 5_001, 100_000]) {
        let (x, y) = formula(n);
        let set = line(dataset(&x, &y));
        for test in NOISE {
            match test.check(&set.0, &set.1) {
                Ok(o) => {
                    assert!(o.statistic.is_finite() && o.statistic >= 0.0, "{n} {o:?}");
                    assert!((0.0..=1.0).contains(&o.p_value), "{n} {o:?}");
                    assert!(o.dof.iter().all(|d| *d >= 1.0), "{n} {o:?}");
                    assert!(n > 3, "one degree of freedom says nothing: {o:?}");
                }
                Err(NotApplicable::NoReplicates) => assert_eq!(test.id(), "bartlett"),
                Err(NotApplicable::TooManyRows { most, rows }) => {
                    assert_eq!((test.id(), most, rows), ("shapiro-wilk", 5_000, n));
                    assert!(n > 5_000);
                }
                Err(reason) => {
                    let few = matches!(
                        reason,
                        NotApplicable::TooFewRows { .. } | NotApplicable::TooFewSizes { .. }
                    );
                    assert!(n < 8 && few, "{n} {}: {reason}", test.id());
                }
            }
        }
    }
}

/// 100,000 rows that are anything but well behaved: one far value, errors over hundreds of decades of size, ten runs a size.
#[test]
fn extreme_residuals_give_finite_numbers() {
    let n = 100_000;
    let (x, mut y) = formula(n);
    y[n / 3] *= 1e6;
    let cases = [
        (x.clone(), y),
        (x.clone(), (0..n).map(|i| (0.01 * ((i % 89) as f64 - 44.0)).exp().powi(31)).collect()),
        (
            (0..n).map(|i| 1e6 * (1.0 + (i / 10) as f64)).collect::<Vec<f64>>(),
            (0..n).map(|i| 1.0 + 1e-3 * ((i * 7919) % 10007) as f64 / (1.0 + (i / 10) as f64)).collect(),
        ),
    ];
    for (k, (x, y)) in cases.iter().enumerate() {
        let set = line(dataset(x, y));
        for test in NOISE {
            let Ok(o) = test.check(&set.0, &set.1) else {
                assert!(test.id() == "shapiro-wilk" || test.id() == "bartlett", "{k} {}", test.id());
                continue;
            };
            assert!(o.statistic.is_finite() && (0.0..=1.0).contains(&o.p_value), "{k} {o:?}");
        }
    }
}

/// Plain loops over the residuals of 100,000 rows, in two passes where a mean is taken off.
#[test]
fn plain_computations_agree_for_very_many_rows() {
    let n = 100_000;
    let (x, y) = formula(n);
    let set = line(dataset(&x, &y));
    let (u, e) = (&set.0.design.x[0], &set.0.residuals);
    let size = n as f64;
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let m = mean(e);
    let moment = |k: i32| e.iter().map(|e| (e - m).powi(k)).sum::<f64>() / size;
    let (skewness, kurtosis) = (moment(3) / moment(2).powf(1.5), moment(4) / moment(2).powi(2));
    let jb = size / 6.0 * (skewness * skewness + (kurtosis - 3.0).powi(2) / 4.0);
    assert_close!(check(&JarqueBera, &set).statistic, jb, rel 1e-9, abs 0.0);
    let correlation =
        |lag: usize| (lag..n).map(|i| (e[i] - m) * (e[i - lag] - m)).sum::<f64>() / (size * moment(2));
    let q = size * (size + 2.0) * (1..3).map(|l| correlation(l).powi(2) / (size - l as f64)).sum::<f64>();
    assert_close!(check(&LjungBox, &set).statistic, q, rel 1e-9, abs 0.0);
    // Lines through each half by the textbook's formulas.
    let sse = |u: &[f64], e: &[f64]| {
        let (mu, me) = (mean(u), mean(e));
        let sxx: f64 = u.iter().map(|u| (u - mu).powi(2)).sum();
        let b = u.iter().zip(e).map(|(u, e)| (u - mu) * (e - me)).sum::<f64>() / sxx;
        u.iter().zip(e).map(|(u, e)| (e - me - b * (u - mu)).powi(2)).sum::<f64>()
    };
    let f = sse(&u[n / 2..], &e[n / 2..]) / sse(&u[..n / 2], &e[..n / 2]);
    let o = check(&GoldfeldQuandt, &set);
    assert_close!(o.statistic, f, rel 1e-9, abs 0.0);
    let d = (n / 2 - 2) as f64;
    assert_eq!(o.dof, [d, d]);
    // F below one: its own tail is the smaller one.
    assert_close!(o.p_value, 2.0 * (1.0 - f_upper(f, d, d)), rel 1e-8, abs 0.0);
    assert_eq!(check(&JarqueBera, &set).p_value, chi2_upper(jb, 2.0));
    let few = ShapiroWilk.check(&set.0, &set.1);
    assert_eq!(few, Err(NotApplicable::TooManyRows { most: 5_000, rows: n }));
}

/// Statistics with a simulated p do not depend on the length of the residuals, and are those that `check` reports.
#[test]
fn statistics_are_free_of_scale() {
    let [a, p, c] = sets();
    for set in &[a, p, c, line(built_in("replicates")), replicated()] {
        for test in NOISE.into_iter().filter(|t| !["goldfeld-quandt", "reset"].contains(&t.id())) {
            let t = tangent(test, set);
            let Some(own) = test.statistic(&t, &t.e) else {
                assert!(test.id() == "bartlett" && !set.1.has_replicates(), "{}", test.id());
                continue;
            };
            for unit in [1e-40, 1e-3, 1e40] {
                let other: Vec<f64> = t.e.iter().map(|e| e * unit).collect();
                assert_close!(test.statistic(&t, &other).expect("defined"), own, rel 1e-9, abs 0.0);
            }
            match test.check(&set.0, &set.1) {
                // The simulated p counts 1 - W.
                Ok(o) if test.id() == "shapiro-wilk" => {
                    assert_close!(1.0 - o.statistic, own, rel 1e-9, abs 0.0)
                }
                Ok(o) => assert_close!(o.statistic, own, rel 1e-9, abs 0.0),
                Err(reason) => panic!("{}: {reason}", test.id()),
            }
            assert!(test.statistic(&t, &vec![0.0; t.len()]).is_none(), "{}", test.id());
        }
    }
    // What needs no simulation has no statistic to simulate.
    let set = replicated();
    let t = tangent(&Reset, &set);
    for test in [&Reset as &dyn Diagnostic, &GoldfeldQuandt] {
        assert!(test.statistic(&t, &t.e).is_none() && check(test, &set).exact);
    }
}

/// The order of rows and of the runs of one size, and the units of N and of the response, change nothing.
#[test]
fn order_and_units_change_nothing() {
    let (x, y) = formula(24);
    let rows = |unit: f64, scale: f64, backwards: bool| {
        let mut pairs: Vec<(f64, f64)> = x
            .iter()
            .zip(&y)
            .enumerate()
            .flat_map(|(i, (x, y))| {
                let runs = if i % 3 == 0 { vec![1.0, 1.004 + 1e-3 * i as f64, 0.997] } else { vec![1.0] };
                runs.into_iter().map(move |f| (x * unit, y * f * scale)).collect::<Vec<_>>()
            })
            .collect();
        if backwards {
            pairs.reverse();
        }
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        line(dataset(&x, &y))
    };
    let base = rows(1.0, 1.0, false);
    for (unit, scale, tolerance) in
        [(1.0, 1.0, 1e-12), (1e-6, 1.0, 1e-8), (1.0, 730.0, 1e-8), (1e3, 1e-9, 1e-8)]
    {
        let other = rows(unit, scale, true);
        for test in NOISE {
            let (a, b) = (check(test, &base), check(test, &other));
            assert_close!(b.statistic, a.statistic, rel tolerance, abs 0.0);
            assert_close!(b.p_value, a.p_value, rel tolerance, abs 0.0);
            assert_eq!(a.dof, b.dof);
        }
    }
}

/// A curve: the regressors of the tangent; RESET then does not depend on the unit of the response either.
#[test]
fn curves_work_on_their_jacobian() {
    let fitted = |scale: f64| {
        let y: Vec<f64> = BENT.iter().map(|y| y * scale).collect();
        let data = dataset(&SIZES, &y);
        (FitSpec::new(&Floor).scale(Scale::Log).expect("scale").fit(&data).expect("fit"), data)
    };
    let (set, other) = (fitted(1.0), fitted(1e3));
    for test in NOISE.into_iter().filter(|t| t.id() != "bartlett") {
        let (a, b) = (check(test, &set), check(test, &other));
        assert!(a.statistic.is_finite() && (0.0..=1.0).contains(&a.p_value), "{a:?}");
        assert_close!(b.statistic, a.statistic, rel 1e-6, abs 0.0);
    }
    assert_eq!(check(&Reset, &set).dof, [2.0, 7.0]);
    assert_eq!(check(&GoldfeldQuandt, &set).dof, [3.0, 3.0]);
    // RESET by the regression of the residuals on all columns at once.
    let t = Tangent::of_rows(&set.0).expect("a tangent");
    let eta: Vec<f64> = set.0.design.target.iter().zip(&t.e).map(|(y, e)| y - e).collect();
    let centre = eta.iter().sum::<f64>() / 12.0;
    let all = nalgebra::DMatrix::from_fn(12, 5, |i, j| match j {
        0..=2 => t.jacobian[(i, j)],
        _ => (eta[i] - centre).powi(j as i32 - 1),
    });
    let e = nalgebra::DVector::from_column_slice(&t.e);
    let left = lawfit::math::linalg::Regression::new(all).expect("rank").residuals(&e).norm_squared();
    let f = ((t.sse() - left) / 2.0) / (left / 7.0);
    assert_close!(check(&Reset, &set).statistic, f, rel 1e-6, abs 0.0);
}

/// The simulated p of a report is that of the statistic it stands beside: of runs, or of sizes.
#[test]
fn reports_simulate_the_statistic_they_print() {
    use lawfit::report::{BootstrapRequest, Detail, Request, Silent, analyse};
    let set = replicated();
    let request = Request {
        forms: vec![&Power],
        bootstrap: BootstrapRequest { replicates: Some(199), ..Default::default() },
        detail: Detail::Full,
        seed: 5,
        ..Default::default()
    };
    let report = analyse(&set.1, &request, &Silent).expect("an analysis").report;
    for test in NOISE {
        let section = report.diagnostics.iter().find(|d| d.id == test.id()).expect("in the catalogue");
        let outcome = section.outcome.as_ref().expect("applies");
        if outcome.exact {
            assert!(outcome.simulated_p.is_none(), "{}", test.id());
            continue;
        }
        let t = tangent(test, &set);
        let observed = test.statistic(&t, &t.e).expect("defined");
        let p = simulated_p(&t, 5, DRAWS, |t, e| test.statistic(t, e), observed);
        assert!(p.is_some_and(|p| (0.0..=1.0).contains(&p)));
        assert_eq!(outcome.simulated_p, p, "{}", test.id());
        println!("{} {} {:?}", test.id(), outcome.p_value, p);
    }
}

/// Share of `sets` data sets of exponent 0.1 with the given log errors whose p is at most 0.05, test by test.
fn rejections(
    tests: &[&dyn Diagnostic],
    sets: u64,
    sizes: usize,
    runs: usize,
    errors: impl Fn(&mut Stream, usize) -> Vec<f64>,
) -> Vec<f64> {
    let x: Vec<f64> = (0..sizes * runs).map(|i| 1e6 * 1.5f64.powi((i / runs) as i32)).collect();
    let mut rejected = vec![0u32; tests.len()];
    for k in 0..sets {
        let mut rng = stream(11, k);
        let e = errors(&mut rng, sizes * runs);
        let y: Vec<f64> = x.iter().zip(&e).map(|(x, e)| 5.0 * x.powf(-0.1) * (0.01 * e).exp()).collect();
        let set = line(dataset(&x, &y));
        for (count, test) in rejected.iter_mut().zip(tests) {
            *count += u32::from(check(*test, &set).p_value <= 0.05);
        }
    }
    let shares: Vec<f64> = rejected.iter().map(|r| f64::from(*r) / sets as f64).collect();
    for (test, share) in tests.iter().zip(&shares) {
        println!("{} {share}", test.id());
    }
    shares
}

fn normal(rng: &mut Stream) -> f64 {
    rng.sample(StandardNormal)
}

/// Under independent normal errors at 20 sizes: the exact tests reject at 5 %, the others at the rate that 200,000 (Shapiro-Wilk:
/// 40,000) data sets simulated with NumPy and SciPy have for the same p; within four standard errors of 3,000 sets.
#[test]
fn tests_reject_at_their_rate() {
    let independent = |rng: &mut Stream, n: usize| (0..n).map(|_| normal(rng)).collect::<Vec<f64>>();
    let within = |share: f64, want: f64| {
        let error = (want * (1.0 - want) / 3_000.0).sqrt();
        assert!((share - want).abs() < 4.0 * error, "{share}, expected {want} with an error of {error:.4}");
    };
    let rates: [(&dyn Diagnostic, f64); 9] = [
        (&Reset, 0.05),
        (&GoldfeldQuandt, 0.05),
        (&LjungBox, 0.0628),
        (&BreuschGodfrey, 0.0586),
        (&White, 0.0436),
        (&ShapiroWilk, 0.0505),
        (&AndersonDarling, 0.0496),
        (&Lilliefors, 0.0485),
        (&JarqueBera, 0.0240),
    ];
    let tests: Vec<&dyn Diagnostic> = rates.iter().map(|r| r.0).collect();
    for (share, (_, want)) in rejections(&tests, 3_000, 20, 1, independent).into_iter().zip(rates) {
        within(share, want);
    }
    // Five sizes with four runs each, where halves are divided between sizes.
    let shares = rejections(&[&Bartlett, &GoldfeldQuandt, &Reset], 3_000, 5, 4, independent);
    for (share, want) in shares.into_iter().zip([0.0483, 0.05, 0.05]) {
        within(share, want);
    }
}

/// Each test sees what it is for, in at least the given share of 200 sets at 40 rows.
#[test]
fn tests_have_power_under_their_alternative() {
    let at_least = |tests: &[&dyn Diagnostic], least: f64, shares: Vec<f64>| {
        for (test, share) in tests.iter().zip(shares) {
            assert!(share >= least, "{} rejects {share} only", test.id());
        }
    };
    // A law that bends twice, which its square alone does not see.
    let tests: [&dyn Diagnostic; 1] = [&Reset];
    let twice = rejections(&tests, 200, 40, 1, |rng, n| {
        (0..n)
            .map(|i| {
                let v = 2.0 * i as f64 / (n as f64 - 1.0) - 1.0;
                4.0 * v * v * v + normal(rng)
            })
            .collect()
    });
    at_least(&tests, 0.7, twice);
    // Errors of which each is 0.7 of the one before and a new one.
    let tests: [&dyn Diagnostic; 2] = [&LjungBox, &BreuschGodfrey];
    let dependent = rejections(&tests, 200, 40, 1, |rng, n| {
        let mut before = normal(rng) / 0.51f64.sqrt();
        (0..n)
            .map(|_| {
                before = 0.7 * before + normal(rng);
                before
            })
            .collect()
    });
    at_least(&tests, 0.8, dependent);
    // A spread that falls eightfold.
    let tests: [&dyn Diagnostic; 2] = [&GoldfeldQuandt, &White];
    let falling = rejections(&tests, 200, 40, 1, |rng, n| {
        (0..n).map(|i| 8f64.powf(-(i as f64) / (n as f64 - 1.0)) * normal(rng)).collect()
    });
    at_least(&tests, 0.6, falling);
    // A spread that is wide at both ends.
    let tests: [&dyn Diagnostic; 1] = [&White];
    let ends = rejections(&tests, 200, 40, 1, |rng, n| {
        (0..n)
            .map(|i| {
                let v: f64 = 2.0 * i as f64 / (n as f64 - 1.0) - 1.0;
                (0.2 + 2.0 * v * v) * normal(rng)
            })
            .collect()
    });
    at_least(&tests, 0.7, ends);
    // Exponential errors: lopsided, one heavy tail.
    let tests: [&dyn Diagnostic; 4] = [&ShapiroWilk, &AndersonDarling, &Lilliefors, &JarqueBera];
    let lopsided =
        rejections(&tests, 200, 40, 1, |rng, n| (0..n).map(|_| -rng.random::<f64>().ln()).collect());
    at_least(&tests, 0.7, lopsided);
    // Ten sizes of four runs whose spread rises tenfold.
    let tests: [&dyn Diagnostic; 1] = [&Bartlett];
    let rising = rejections(&tests, 200, 10, 4, |rng, n| {
        (0..n).map(|i| 10f64.powf((i / 4) as f64 / (n as f64 / 4.0 - 1.0)) * normal(rng)).collect()
    });
    at_least(&tests, 0.7, rising);
}
