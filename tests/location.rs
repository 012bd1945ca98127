//! Where it breaks: reference values of R's segmented and the coverage of the interval.

mod common;

use common::built_in;
use lawfit::diagnose::break_point::break_point;
use lawfit::fit::FitSpec;
use lawfit::form::Power;

/// R 4.2.2 `segmented` on set C in log10 units: psi 7.58105771073 (SE .0500455978531), slopes -.11968055043186 and
/// -.02932298416611 (SE .002053984), RSS .00031894510135. The program stops at a relative change of 5e-17, and its psi is good
/// to about 1e-9.
#[test]
fn break_of_set_c_matches_segmented() {
    let data = built_in("kink");
    let fit = FitSpec::new(&Power).fit(&data).expect("fit");
    let b = break_point(&fit, &data, 0.95, 1).expect("applies");
    let ln10 = std::f64::consts::LN_10;
    assert_close!(b.at.log10(), 7.58105771073, rel 1e-9, abs 0.0);
    assert_close!(b.ln_std_error.expect("rank") / ln10, 0.0500455978531, rel 1e-8, abs 0.0);
    assert_close!(b.alpha_before, 0.11968055043186, rel 1e-8, abs 0.0);
    assert_close!(b.alpha_after, 0.02932298416611, rel 1e-8, abs 0.0);
    assert_close!(b.alpha_std_errors.expect("rank").0, 0.002053984, rel 1e-6, abs 0.0);
    assert_close!(b.sse / ln10.powi(2), 0.00031894510135, rel 1e-8, abs 0.0);
    let (low, high) = (b.low.expect("bounded").log10(), b.high.expect("bounded").log10());
    eprintln!("{low} {high}");
    assert!(low > 7.3 && low < 7.58 && high > 7.58 && high < 7.8, "{low} to {high}");
}
