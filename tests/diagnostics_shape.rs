//! Checks of shape that add a variable, against R; how the verdicts are built from them; lines and sets of every size.
//!
//! Reference values: R 4.2.2 with 12 printed digits (METHODS of the project, sets A, P and C).

mod common;

use common::{BENT, PURE, SIZES, built_in, dataset};
use lawfit::data::Dataset;
use lawfit::diagnose::{Diagnostic, InverseFitted, InverseSize, LogLog, Quadratic, SlowLog};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::Power;

fn sets() -> [(Fit, Dataset); 3] {
    [dataset(&SIZES, &BENT), dataset(&SIZES, &PURE), built_in("kink")]
        .map(|data| (FitSpec::new(&Power).fit(&data).expect("fit"), data))
}

/// t and p of a regressor added to the line. Relative 1e-8.
#[test]
fn added_variables_match_r() {
    type Row<'a> = (&'a dyn Diagnostic, [(f64, f64); 3]);
    let rows: [Row<'_>; 3] = [
        (
            &InverseSize,
            [
                (5.4246206842, 0.000419302850851),
                (-1.47535714029, 0.174221140059),
                (3.61092854181, 0.00256747453933),
            ],
        ),
        (
            &LogLog,
            [
                (-40.108547221, 1.85278946e-11),
                (0.903997963243, 0.389552473957),
                (-13.3065694274, 1.03993094e-9),
            ],
        ),
        // R's p is two-sided; ours is that of the side E > 0.
        (
            &InverseFitted,
            [
                (15.2942780825, 0.5 * 9.5283251e-8),
                (-0.756007627338, 1.0 - 0.5 * 0.468969385737),
                (16.0784087661, 0.5 * 7.25706332e-11),
            ],
        ),
    ];
    for (test, values) in rows {
        for ((fit, data), (t, p)) in sets().iter().zip(values) {
            let o = test.check(fit, data).expect("applies");
            assert_close!(o.statistic, t, rel 1e-8, abs 0.0);
            assert_close!(o.p_value, p, rel 1e-8, abs 0.0);
        }
    }
}

/// F(1, n - 3) of the quadratic. Relative 1e-8.
#[test]
fn the_quadratic_matches_r() {
    let want = [
        (693.642096305, 7.92237518e-10),
        (0.655835458616, 0.438920384868),
        (273.67124668, 4.83633307e-11),
    ];
    for ((fit, data), (f, p)) in sets().iter().zip(want) {
        let o = Quadratic.check(fit, data).expect("applies");
        assert_close!(o.statistic, f, rel 1e-8, abs 0.0);
        assert_close!(o.p_value, p, rel 1e-8, abs 0.0);
    }
}

/// The logarithmic factor of SHAPE is the same in any unit; ln ln N is not, and is refused where it is undefined.
#[test]
fn only_ln_ln_n_knows_the_unit() {
    let scaled = |unit: f64| {
        let x: Vec<f64> = SIZES.iter().map(|x| x * unit).collect();
        let data = dataset(&x, &BENT);
        (FitSpec::new(&Power).fit(&data).expect("fit"), data)
    };
    let (a, b, tiny) = (scaled(1.0), scaled(1e3), scaled(1e-7));
    let t = |test: &dyn Diagnostic, set: &(Fit, Dataset)| test.check(&set.0, &set.1).map(|o| o.statistic);
    assert_close!(t(&SlowLog, &b).expect("applies"), t(&SlowLog, &a).expect("applies"), rel 1e-9, abs 0.0);
    assert!((t(&LogLog, &b).expect("applies") / t(&LogLog, &a).expect("applies") - 1.0).abs() > 1e-3);
    assert!(t(&LogLog, &tiny).is_err());
    assert!(t(&SlowLog, &tiny).is_ok());
}
