//! Checks of shape that add a variable, against R; how the verdicts are built from them; lines and sets of every size.
//!
//! Reference values: R 4.2.2 with 12 printed digits (METHODS of the project, sets A, P and C).

mod common;

use common::{BENT, PURE, SIZES, built_in, dataset};
use lawfit::data::Dataset;
use lawfit::diagnose::{
    BreuschPagan, Diagnostic, InverseFitted, InverseSize, LogLog, Outlier, Quadratic, SlowLog,
};
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
    let want =
        [(693.642096305, 7.92237518e-10), (0.655835458616, 0.438920384868), (273.67124668, 4.83633307e-11)];
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

/// Uneven sizes over four decades with a small bend and noise from congruences.
fn uneven(n: usize) -> Dataset {
    let step = 9.0 / (n as f64 - 1.0);
    let (x, y): (Vec<f64>, Vec<f64>) = (0..n)
        .map(|i| {
            let noise = ((i * 7919) % 10007) as f64 / 10007.0 + ((i * 104729) % 1009) as f64 / 1009.0 - 1.0;
            let d = i as f64 * step + 0.3 * step * (((i * 31) % 17) as f64 / 17.0);
            (1e6 * d.exp(), (1.0 - 0.1 * d + 0.01 * noise + 0.003 / (n as f64).sqrt() * d * d).exp())
        })
        .unzip();
    dataset(&x, &y)
}

/// From four rows to a hundred thousand: t of the added variable in the whole regression, by QR. Relative 1e-8.
#[test]
fn added_variables_are_the_whole_regression_at_every_size() {
    for n in [4, 5, 7, 50, 1_000, 100_000] {
        let data = uneven(n);
        let fit = FitSpec::new(&Power).fit(&data).expect("fit");
        let ln = &data.x().ln;
        let mean = ln.iter().sum::<f64>() / n as f64;
        let (low, high) = (ln[0], ln[n - 1]);
        let eta: Vec<f64> = fit.design.target.iter().zip(&fit.residuals).map(|(t, r)| t - r).collect();
        let columns: [(&dyn Diagnostic, Vec<f64>); 5] = [
            (&Quadratic, ln.iter().map(|v| (v - mean).powi(2)).collect()),
            (&InverseSize, ln.iter().map(|v| (low - v).exp()).collect()),
            (&LogLog, ln.iter().map(|v| v.ln()).collect()),
            (&SlowLog, ln.iter().map(|v| (v - low + 2.0 * (high - low)).ln()).collect()),
            (&InverseFitted, eta.iter().map(|v| (-v).exp()).collect()),
        ];
        for (test, z) in columns {
            let x = nalgebra::DMatrix::from_fn(n, 3, |i, j| match j {
                0 => 1.0,
                1 => ln[i] - mean,
                _ => z[i],
            });
            let qr = x.clone().qr();
            let y = nalgebra::DVector::from_iterator(n, data.response.values.iter().map(|y| y.ln()));
            let r_inverse = qr.r().try_inverse().expect("full rank");
            let b = &r_inverse * qr.q().tr_mul(&y);
            let sse = (&y - &x * &b).norm_squared();
            let t = b[2] / (sse / (n as f64 - 3.0)).sqrt() / r_inverse.row(2).norm();
            let o = test.check(&fit, &data).expect("applies");
            assert_eq!(*o.dof.last().expect("degrees"), n as f64 - 3.0);
            let got = o.signed_root.unwrap_or(o.statistic);
            assert_close!(got, t, rel 1e-8, abs 1e-8);
            assert!((0.0..=1.0).contains(&o.p_value), "{n} {o:?}");
        }
    }
    // Three rows leave nothing for another variable.
    let data = uneven(3);
    let fit = FitSpec::new(&Power).fit(&data).expect("fit");
    for test in [&Quadratic as &dyn Diagnostic, &InverseSize, &LogLog, &SlowLog, &InverseFitted] {
        assert!(test.check(&fit, &data).is_err(), "{}", test.id());
    }
}

/// Breusch-Pagan and the studentised residuals by their definitions, with sums in two passes. Relative 1e-8.
#[test]
fn spread_and_outliers_agree_at_every_size() {
    for n in [5, 50, 1_000, 100_000] {
        let data = uneven(n);
        let fit = FitSpec::new(&Power).fit(&data).expect("fit");
        let ln = &data.x().ln;
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
        let centre = mean(ln);
        let sxx: f64 = ln.iter().map(|v| (v - centre).powi(2)).sum();
        let e = &fit.residuals;
        let squares: Vec<f64> = e.iter().map(|v| v * v).collect();
        let level = mean(&squares);
        let sxy: f64 = ln.iter().zip(&squares).map(|(v, s)| (v - centre) * (s - level)).sum();
        let total: f64 = squares.iter().map(|s| (s - level).powi(2)).sum();
        let bp = BreuschPagan.check(&fit, &data).expect("applies");
        assert_close!(bp.statistic, n as f64 * sxy * sxy / sxx / total, rel 1e-8, abs 0.0);
        let sse: f64 = squares.iter().sum();
        let t = |i: usize| {
            let h = 1.0 / n as f64 + (ln[i] - centre).powi(2) / sxx;
            e[i] / ((1.0 - h) * (sse - squares[i] / (1.0 - h)) / (n as f64 - 3.0)).sqrt()
        };
        let largest = (0..n).map(|i| t(i).abs()).fold(0.0, f64::max);
        let o = Outlier.check(&fit, &data).expect("applies");
        assert_close!(o.statistic.abs(), largest, rel 1e-8, abs 0.0);
    }
}
