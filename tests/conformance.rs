//! What every member of every catalogue must satisfy, unasked.

mod common;

use common::truth::{simulated, truth};
use common::{BENT, PURE, SIZES, dataset};
use lawfit::data::{Dataset, Scale};
use lawfit::diagnose::{self, Tangent, simulated::simulated_p};
use lawfit::fit::{Fit, FitSpec};
use lawfit::form::{self, Form, Frame, Trend, mean_at, point};
use lawfit::loss::{self, Loss, Rows};
use lawfit::math::Theta;
use lawfit::objective::{Constraint, Design, Objective};
use lawfit::solve::Method;
use lawfit::uncertainty::{self, Bootstrap, Gathered, Jackknife, Level, Resampler, domain, interval};

/// The laws of one size N; those of other predictors have a suite of their own, `conformance_multi`.
fn forms() -> impl Iterator<Item = &'static dyn Form> {
    form::CATALOGUE.iter().copied().filter(|f| f.about().predictors == ["N"])
}

/// Every loss of the catalogue, as its own examples write it.
fn losses() -> impl Iterator<Item = Loss> {
    let parse = |text: &&str| Loss::parse(text).expect("an example is a loss");
    loss::CATALOGUE.iter().flat_map(move |f| f.examples().iter().map(parse))
}

/// Enough sizes to tell the parameters of a form apart: never fewer than `least`.
fn sizes(form: &dyn Form, least: usize) -> usize {
    least.max(5 * form.params().len())
}

/// Largest condition number at which refits of noisy data are expected to reach one optimum by any method, and bootstrap
/// replicates never to fail: beyond it the data of these tests leave a valley rather than a point.
const WELL_POSED: f64 = 60.0;

/// Whether the data of a fit tell its parameters apart well.
fn well_posed(fit: &Fit) -> bool {
    fit.regression.as_ref().is_some_and(|r| r.condition < WELL_POSED)
}

#[test]
fn catalogues_are_sorted_and_unique() {
    let sorted = |ids: Vec<&str>| assert!(ids.windows(2).all(|w| w[0] < w[1]), "{ids:?}");
    sorted(form::ids());
    sorted(loss::CATALOGUE.iter().map(|l| l.id()).collect());
    sorted(diagnose::CATALOGUE.iter().map(|d| d.id()).collect());
    sorted(uncertainty::CATALOGUE.iter().map(|m| m.id()).collect());
}

#[test]
fn every_file_of_a_form_is_in_the_catalogue() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/form");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("folder")
        .map(|e| e.expect("entry").file_name().into_string().expect("UTF-8"))
        .filter_map(|f| f.strip_suffix(".rs").map(|f| f.replace('_', "-")))
        .filter(|f| {
            !["mod", "about", "derived", "functional", "line", "difference", "restricted"]
                .contains(&f.as_str())
        })
        .collect();
    files.sort();
    assert_eq!(files, form::ids());
}

/// Analytic derivatives against central differences, on every scale, from a point near the truth.
#[test]
fn gradients_match_finite_differences() {
    for form in forms() {
        for &scale in form.about().scales {
            let data = simulated(form, form.about().scales[0], 0.01, sizes(form, 9), 1);
            let design = Design::new(form, scale, &data).expect("domain");
            let theta = form.coordinates(truth(form).params, &design.frame).expect("domain");
            let mut objective = Objective::new(form, Loss::SQUARED, &design);
            let jacobian = objective.jacobian(&theta);
            let cost = objective.evaluate(&theta);
            let gradient = objective.gradient;
            assert!(cost.is_finite());
            for j in 0..objective.dim() {
                let h = 1e-6;
                let moved = |s: f64| -> Theta {
                    let mut t = theta;
                    t[j] += s * h;
                    t
                };
                let (up, down) = (objective.fitted(&moved(1.0)), objective.fitted(&moved(-1.0)));
                for i in 0..data.nobs() {
                    let want = (up[i] - down[i]) / (2.0 * h);
                    assert_close!(jacobian[j * data.nobs() + i], want, rel 1e-6, abs 1e-8);
                }
                let want = (objective.evaluate(&moved(1.0)) - objective.evaluate(&moved(-1.0))) / (2.0 * h);
                assert_close!(gradient[j], want, rel 1e-5, abs 1e-7);
            }
        }
    }
}

#[test]
fn natural_parameters_and_coordinates_are_inverse() {
    for form in forms() {
        let scaled = Frame { y_scale: if form.about().bounded { 1.0 } else { 2.7 }, ..frame(form) };
        let theta = form.coordinates(truth(form).params, &scaled).expect("domain");
        for (k, want) in truth(form).params.iter().enumerate() {
            assert_close!(form.natural(k, &scaled).value(&theta), *want, rel 1e-12, abs 0.0);
        }
        assert!(form.about().exponent < form.params().len());
        assert!(form.about().amplitude < form.params().len());
        assert!(!form.about().scales.is_empty());
    }
}

/// A frame of the sizes that a form is simulated with.
fn frame(form: &dyn Form) -> Frame {
    let (low, high) = truth(form).range;
    Frame { x_centre: vec![0.4 * low.ln() + 0.6 * high.ln()], y_scale: 1.0 }
}

/// The formula, evaluated as it is written, against the form.
#[test]
fn the_formula_says_what_the_form_does() {
    for form in forms() {
        let (t, frame) = (truth(form), frame(form));
        assert_eq!(form.about().formula, t.formula, "{}: the tests compute another formula", t.id);
        let theta = form.coordinates(t.params, &frame).expect("domain");
        for share in [0.03, 0.5, 0.8] {
            let n = (t.range.0.ln() + share * (t.range.1 / t.range.0).ln()).exp();
            let got = mean_at(form, &theta, &point(form, n, &frame), &frame);
            assert_close!(got, (t.mean)(t.params, n), rel 1e-11, abs 0.0);
        }
    }
}

/// In another unit of N the law is the same, and only the stated parameters move.
#[test]
fn the_unit_of_sizes_moves_the_stated_parameters() {
    for form in forms() {
        let t = truth(form);
        let Some(in_unit) = t.in_unit else { continue };
        let factor = 1e3f64;
        let mut moved = t.params.to_vec();
        in_unit(&mut moved, factor);
        let here = frame(form);
        let there = Frame { x_centre: vec![here.x_centre[0] + factor.ln()], ..here.clone() };
        let (a, b) = (form.coordinates(t.params, &here), form.coordinates(&moved, &there));
        for (a, b) in a.expect("domain").iter().zip(b.expect("domain")) {
            assert_close!(b, *a, rel 1e-11, abs 1e-11);
        }
    }
}

/// Every pivot moves the curve through a response that it has at another size.
#[test]
fn every_pivot_leads_a_curve_through_a_point() {
    for form in forms() {
        let data = simulated(form, form.about().scales[0], 0.01, sizes(form, 9), 1);
        let frame = Design::new(form, form.about().scales[0], &data).expect("domain").frame;
        let theta = form.coordinates(truth(form).params, &frame).expect("domain");
        let at = |u: f64| point(form, (u + frame.x_centre[0]).exp(), &frame);
        let wanted = mean_at(form, &theta, &at(1.1), &frame) / frame.y_scale;
        let through = Constraint::through(form, at(1.3), form.native().apply(wanted));
        for version in through.versions(form) {
            let mut theta = theta;
            assert!(version.impose(form, &mut theta), "{} {}", form.id(), version.pivot());
            let got = mean_at(form, &theta, &at(1.3), &frame) / frame.y_scale;
            assert_close!(got, wanted, rel 1e-12, abs 0.0);
        }
    }
}

#[test]
fn starts_are_finite_and_inside_the_bounds() {
    for form in forms() {
        for seed in 0..20 {
            let data = simulated(form, form.about().scales[0], 0.02, sizes(form, 6), seed);
            let design = Design::new(form, form.about().scales[0], &data).expect("domain");
            let eta: Vec<f64> =
                data.response.values.iter().map(|y| form.native().apply(y / design.frame.y_scale)).collect();
            let columns: Vec<&[f64]> = design.x.iter().map(Vec::as_slice).collect();
            let starts = form.starts(&columns, &eta);
            assert!(!starts.is_empty());
            for s in starts {
                for (v, p) in s.iter().zip(form.params()) {
                    assert!(v.is_finite() && *v >= p.lower && *v <= p.upper, "{} {}", form.id(), p.name);
                }
            }
        }
    }
}

/// Without noise the truth comes back from the default starts, by every solver that uses derivatives.
#[test]
fn noiseless_data_give_the_truth_back() {
    let mut wrong = Vec::new();
    for form in forms() {
        for &scale in form.about().scales {
            for method in [Method::Auto, Method::Lm, Method::Varpro] {
                let data = simulated(form, form.about().scales[0], 0.0, sizes(form, 12), 1);
                let fit =
                    FitSpec::new(form).scale(scale).expect("scale").method(method).fit(&data).expect("fit");
                let close = |k: usize, want: &f64| (fit.estimate(k) - want).abs() <= 1e-7 * want.abs() + 1e-9;
                let found = truth(form).params.iter().enumerate().all(|(k, want)| close(k, want));
                if !(fit.converged() && found) {
                    wrong.push(format!(
                        "{} {scale:?} {method:?}: {:?} {:?}\n",
                        form.id(),
                        fit.coef(),
                        fit.solution
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// The default starts reach an optimum at least as good as the one next to the truth, and certify it.
#[test]
fn default_starts_reach_the_optimum_of_the_truth() {
    let mut wrong = Vec::new();
    for form in forms() {
        for &scale in form.about().scales {
            for seed in 0..3 {
                let data = simulated(form, form.about().scales[0], 0.003, sizes(form, 12), seed);
                let spec = FitSpec::new(form).scale(scale).expect("scale");
                let fit = spec.fit(&data).expect("fit");
                let mut objective = fit.objective();
                let start = form.coordinates(truth(form).params, &fit.design.frame).expect("domain");
                let near = Method::Lm.run(&mut objective, &start);
                let better = near.cost < fit.solution.cost * (1.0 - 1e-7);
                if better || !fit.converged() {
                    wrong.push(format!(
                        "{} {scale:?} seed {seed}: {:e} against {:e} from the truth, {:?}\n",
                        form.id(),
                        fit.solution.cost,
                        near.cost,
                        fit.solution
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// argmin's L-BFGS and Nelder-Mead end at the optimum of our own solver, where the data make it a point.
#[test]
fn solvers_agree() {
    for form in forms() {
        for &scale in form.about().scales {
            let data = simulated(form, form.about().scales[0], 0.01, sizes(form, 12), 3);
            let spec = FitSpec::new(form).scale(scale).expect("scale");
            let best = spec.fit(&data).expect("fit");
            assert!(best.converged(), "{} {:?}", form.id(), best.solution);
            for (method, rel) in [
                (Method::Lm, 1e-9),
                (Method::Varpro, 1e-9),
                (Method::Lbfgs, 1e-6),
                (Method::NelderMead, 1e-4),
            ] {
                // Those two know nothing of the curvature: a valley takes them more steps than they have, and so does
                // finding a way among many coordinates.
                let blind = matches!(method, Method::Lbfgs | Method::NelderMead);
                if blind && !(well_posed(&best) && best.dim() <= 6) {
                    continue;
                }
                let other = spec.clone().method(method).fit(&data).expect("fit");
                assert!(
                    (other.sse() / best.sse() - 1.0).abs() <= 1e-7,
                    "{} {scale:?} {method:?} condition {:?}: {other:?} {best:?}",
                    form.id(),
                    best.regression.as_ref().map(|r| r.condition)
                );
                let alpha = form.about().exponent;
                assert_close!(other.estimate(alpha), best.estimate(alpha), rel rel, abs 0.0);
            }
        }
    }
}

/// On a bound every solver ends on the bound, and the certificate allows for it.
#[test]
fn a_floor_of_zero_is_a_certified_optimum() {
    let data = dataset(&SIZES, &PURE);
    for scale in [Scale::Log, Scale::Raw] {
        let spec = FitSpec::new(&form::Floor).scale(scale).expect("scale");
        let line = FitSpec::new(&form::Power).scale(scale).expect("scale").fit(&data).expect("fit");
        for method in [Method::Auto, Method::Lm, Method::Varpro] {
            let fit = spec.clone().method(method).fit(&data).expect("fit");
            assert!(fit.converged(), "{method:?}");
            assert_eq!(fit.estimate(0), 0.0);
            assert!(fit.at_bound(0) && !fit.at_bound(2));
            assert_close!(fit.estimate(2), line.estimate(1), rel 1e-9, abs 0.0);
            assert_close!(fit.sse(), line.sse(), rel 1e-12, abs 0.0);
        }
    }
}

/// rho(0) = 0, even unless it says not, rising; psi = rho'; curvature = psi/r; second = psi' away from kinks.
#[test]
fn losses_keep_the_rho_contract() {
    // No multiple of 0.1 is a kink of an example; a scale of its own is held at 0.8.
    let residuals: Vec<f64> = (-40..=40).map(|k| f64::from(k) * 0.1).collect();
    for loss in losses() {
        let one = |r: f64| {
            let (mut psi, mut c, mut second) = ([0.0], [0.0], [0.0]);
            let out = Rows { psi: &mut psi, curvature: &mut c, second: &mut second };
            let rho = loss.batch(0.8, &[1.0], &[r], out);
            (rho, psi[0], c[0], second[0])
        };
        assert_eq!(one(0.0).0, 0.0, "{loss}");
        assert_eq!(one(0.0).1, 0.0, "{loss}");
        for &v in &residuals {
            let (rho, psi, c, second) = one(v);
            if loss.family().is_even() {
                assert_close!(rho, one(-v).0, rel 1e-15, abs 0.0);
            }
            assert!(rho >= 0.0 && psi * v >= 0.0 && c >= 0.0, "{loss} {v}");
            assert_close!(c * v, psi, rel 1e-12, abs 1e-12);
            if v == 0.0 {
                continue;
            }
            let h = 1e-6;
            assert_close!(psi, (one(v + h).0 - one(v - h).0) / (2.0 * h), rel 1e-6, abs 1e-8);
            let kink = loss.threshold().is_some_and(|d| (v.abs() - d).abs() < 2.0 * h);
            if !kink {
                assert_close!(second, (one(v + h).1 - one(v - h).1) / (2.0 * h), rel 1e-6, abs 1e-8);
            }
        }
        let n = residuals.len();
        let w = vec![2.0; n];
        let (mut psi, mut c, mut second) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        let out = Rows { psi: &mut psi, curvature: &mut c, second: &mut second };
        let sum: f64 = residuals.iter().map(|v| 2.0 * one(*v).0).sum();
        assert_close!(loss.batch(0.8, &w, &residuals, out), sum, rel 1e-13, abs 0.0);
        assert_eq!(Loss::parse(&loss.to_string()).expect("what is printed is read"), loss);
    }
}

/// Losses in another unit of the residuals: the cost changes by the power of it that the family states.
#[test]
fn losses_are_equivariant() {
    let noise = lawfit::math::random::normals(1, 0, 50);
    for loss in losses().filter(|l| !l.is_auto() && !l.has_joint_scale()) {
        let cost = |loss: Loss, unit: f64| -> f64 { noise.iter().map(|r| loss.cost_of(r / unit)).sum() };
        let want = cost(loss, 1.0) / 7f64.powi(loss.family().degree());
        assert_close!(cost(loss.in_unit(7.0), 7.0), want, rel 1e-12, abs 0.0);
    }
}

/// Densities integrate to 1, and rho is minus their logarithm up to a constant.
#[test]
fn log_densities_are_densities() {
    for loss in losses() {
        let density = |z: f64| loss.family().log_density(tuning_of(loss), z);
        if density(0.0).is_none() {
            continue;
        }
        // The trapezium rule in a variable whose tails are short: z = sinh(t)^3.
        let step = 1e-3;
        let total: f64 = (-9_000..=9_000)
            .map(|k| {
                let t = f64::from(k) * step;
                let z = t.sinh().powi(3);
                density(z).expect("a density").exp() * 3.0 * t.sinh().powi(2) * t.cosh() * step
            })
            .sum();
        assert_close!(total, 1.0, rel 1e-6, abs 0.0);
        let at = |r: f64| if loss.has_joint_scale() { rho_at_one(loss, r) } else { loss.cost_of(r) };
        let constant = density(0.0).expect("a density");
        for r in [0.3, 1.0, 4.0] {
            assert_close!(constant - density(r).expect("a density"), at(r), rel 1e-12, abs 0.0);
        }
    }
}

fn rho_at_one(loss: Loss, r: f64) -> f64 {
    let (mut psi, mut c, mut second) = ([0.0], [0.0], [0.0]);
    loss.batch(1.0, &[1.0], &[r], Rows { psi: &mut psi, curvature: &mut c, second: &mut second })
}

fn tuning_of(loss: Loss) -> loss::Tuning {
    let text = loss.to_string();
    let constants: Vec<&str> = text.split(':').skip(1).collect();
    loss.family().parse(&constants).expect("what is printed is read")
}

/// Every law by every loss on every scale ends at a certified optimum that no other start improves on, and whose cost has
/// no slope in any direction that is free.
#[test]
fn every_loss_ends_at_a_certified_optimum() {
    for form in forms() {
        for &scale in form.about().scales {
            let data = simulated(form, form.about().scales[0], 0.02, sizes(form, 13), 8);
            for loss in losses() {
                let spec = FitSpec::new(form).scale(scale).expect("scale").loss(loss);
                let fit = spec.fit(&data).expect("fit");
                // A valley that a loss other than least squares does not reach the bottom of is said to be one; at a kink of
                // psi the last digits of an optimum are those of one side.
                let nearly = !well_posed(&fit) || fit.solution.stationarity < 1e-6;
                if !fit.converged() && nearly && loss != Loss::SQUARED {
                    continue;
                }
                assert!(fit.converged(), "{} {scale:?} {loss}: {:?}", form.id(), fit.solution);
                let mut objective = fit.objective();
                let best = objective.evaluate(&fit.solution.theta);
                for j in 0..fit.dim() {
                    for step in [-1e-4, 1e-4] {
                        let mut theta = fit.solution.theta;
                        theta[j] = (theta[j] + step).clamp(form.params()[j].lower, form.params()[j].upper);
                        assert!(objective.evaluate(&theta) >= best * (1.0 - 1e-12), "{} {loss}", form.id());
                    }
                }
            }
        }
    }
}

/// Exact Hessians against differences of the gradient, for every law, scale and smooth loss.
///
/// Where two steps disagree a row crosses a kink of psi in between, or rounding shows: nothing is learnt there. At most a fifth
/// of all entries may be such, and never all of one law by one loss.
#[test]
fn hessians_match_differences() {
    let (mut all_compared, mut all_entries) = (0, 0);
    for form in forms() {
        for &scale in form.about().scales {
            let data = simulated(form, form.about().scales[0], 0.01, sizes(form, 9), 1);
            let design = Design::new(form, scale, &data).expect("domain");
            let theta = form.coordinates(truth(form).params, &design.frame).expect("domain");
            for loss in ["huber:0.7", "student:4", "envelope:10"].map(|l| Loss::parse(l).expect("loss")) {
                let mut objective = Objective::new(form, loss, &design);
                objective.evaluate(&theta);
                let hessian = objective.hessian;
                let (mut compared, mut entries) = (0, 0);
                for j in 0..objective.dim() {
                    let mut slope = |h: f64| {
                        let mut at = |s: f64| {
                            let mut t = theta;
                            t[j] += s * h;
                            objective.evaluate(&t);
                            objective.gradient
                        };
                        let (up, down) = (at(1.0), at(-1.0));
                        std::array::from_fn::<f64, { lawfit::math::MAX_PARAMS }, _>(|k| {
                            (up[k] - down[k]) / (2.0 * h)
                        })
                    };
                    let (wide, narrow) = (slope(1e-6), slope(3e-7));
                    for k in 0..form.params().len() {
                        let size = (hessian[j][j] * hessian[k][k]).abs().sqrt();
                        entries += 1;
                        if (wide[k] - narrow[k]).abs() <= 1e-6 * (size + wide[k].abs()) {
                            compared += 1;
                            let close = (hessian[j][k] - wide[k]).abs() <= 1e-5 * (size + wide[k].abs());
                            assert!(
                                close,
                                "{} {scale:?} {loss} {j} {k}: {} {}",
                                form.id(),
                                hessian[j][k],
                                wide[k]
                            );
                        }
                    }
                }
                assert!(compared > 0, "{} {scale:?} {loss}: none of {entries}", form.id());
                all_compared += compared;
                all_entries += entries;
            }
        }
    }
    assert!(5 * all_compared >= 4 * all_entries, "{all_compared} of {all_entries}");
}

/// A law that does not write out its second derivatives has them by differences: the same, to nine digits.
#[test]
fn second_derivatives_by_differences_agree() {
    /// The law with a floor, but for its second derivatives.
    #[derive(Debug)]
    struct Plain;
    impl Form for Plain {
        fn about(&self) -> &'static form::About {
            form::Floor.about()
        }
        fn eval(&self, theta: &[f64], x: &[&[f64]], out: &mut [f64], jac: &mut [f64]) {
            form::Floor.eval(theta, x, out, jac);
        }
        fn pass_through(&self, pivot: usize, theta: &[f64], x0: &[f64], eta0: f64) -> Option<f64> {
            form::Floor.pass_through(pivot, theta, x0, eta0)
        }
        fn natural(&self, k: usize, frame: &Frame) -> form::Functional {
            form::Floor.natural(k, frame)
        }
        fn starts(&self, x: &[&[f64]], eta: &[f64]) -> Vec<Theta> {
            form::Floor.starts(x, eta)
        }
        fn coordinates(&self, natural: &[f64], frame: &Frame) -> Option<Theta> {
            form::Floor.coordinates(natural, frame)
        }
    }
    let data = dataset(&SIZES, &BENT);
    for scale in [Scale::Log, Scale::Raw] {
        for loss in ["huber:0.01", "lad", "student:4"].map(|l| Loss::parse(l).expect("loss")) {
            let exact = FitSpec::new(&form::Floor).scale(scale).expect("scale").loss(loss).fit(&data);
            let other = FitSpec::new(&Plain).scale(scale).expect("scale").loss(loss).fit(&data);
            let (exact, other) = (exact.expect("fit"), other.expect("fit"));
            assert!(other.converged(), "{loss} {scale:?} {:?}", other.solution);
            for k in 0..3 {
                assert_close!(other.estimate(k), exact.estimate(k), rel 1e-8, abs 0.0);
            }
        }
    }
}

/// Whether a method needs neither clusters of rows nor the draws of one resampler.
fn is_for_rows(method: &dyn uncertainty::IntervalMethod) -> bool {
    method.reads_only().is_none() && !["cr2", "wild-cluster-t"].contains(&method.id())
}

/// Ordering, a nested wider level, limits inside the domain, and the estimate inside where the method promises it.
#[test]
fn intervals_are_ordered_nested_and_inside_the_domain() {
    for form in forms() {
        let data = simulated(form, form.about().scales[0], 0.01, sizes(form, 12), 5);
        let fit = FitSpec::new(form).fit(&data).expect("fit");
        // A profile refits all other parameters at every value of one: a minute for twelve.
        if fit.dim() > 6 {
            continue;
        }
        // Draws of a valley scatter over it, and some end nowhere: there only the methods without draws are held to this.
        // The others, and methods for clusters of rows: `interval_conformance.rs`, on fewer forms.
        let all = [Resampler::Pairs, Resampler::Residual, Resampler::Wild];
        let resamplers = if well_posed(&fit) { &all[..] } else { &all[2..] };
        for &resampler in resamplers {
            let (draws, jackknife) = if well_posed(&fit) {
                let draws = Bootstrap { resampler, replicates: 399, seed: 1 }.run(&fit, &data.groups, &|| ());
                assert_eq!(
                    draws.failed,
                    0,
                    "{} {resampler:?} condition {:?}",
                    form.id(),
                    fit.regression.as_ref().map(|r| r.condition)
                );
                (Some(draws), Some(Jackknife::run(&fit, &data.groups)))
            } else {
                (None, None)
            };
            let gathered = Gathered { fit: &fit, draws: draws.as_ref(), jackknife: jackknife.as_ref() };
            let inference = fit.loss.family().inference();
            // What is for one parameter of few laws, or dear, has tests of its own.
            let general = |m: &&&dyn uncertainty::IntervalMethod| !m.on_request() && m.id() != "exact-set";
            let methods = uncertainty::CATALOGUE
                .iter()
                .filter(|m| m.suits(inference) && is_for_rows(**m))
                .filter(general);
            for method in methods.filter(|m| draws.is_some() || !m.needs_draws()) {
                if method.id() == "jackknife" && jackknife.is_none() {
                    continue;
                }
                for k in 0..fit.dim() {
                    let at = |level| interval(*method, k, &gathered, Level::new(level).expect("level"));
                    let (narrow, wide) = (at(0.8).expect("available"), at(0.95).expect("available"));
                    let what = format!(
                        "{} {} {} {narrow:?} {wide:?}",
                        form.id(),
                        wide.method,
                        form.params()[k].name
                    );
                    assert!(narrow.low < narrow.high, "{what}");
                    assert!(wide.low <= narrow.low && narrow.high <= wide.high, "{what}");
                    let target = form.natural(k, &fit.design.frame);
                    let (bottom, top) = domain(&fit, &target);
                    assert!(
                        wide.low >= target.transform.apply(bottom)
                            && wide.high <= target.transform.apply(top),
                        "{what}"
                    );
                    if ["t", "hc3", "profile-t"].contains(&method.id()) {
                        let v = fit.estimate(k);
                        assert!(wide.low < v && v < wide.high, "{what}");
                    }
                }
            }
        }
    }
}

/// A response in another unit moves amplitudes and floors by that unit, and exponents not at all.
#[test]
fn intervals_are_equivariant() {
    let scaled: Vec<f64> = BENT.iter().map(|y| 3.0 * y).collect();
    let (a, b) = (dataset(&SIZES, &BENT), dataset(&SIZES, &scaled));
    for form in [&form::Power as &'static dyn Form, &form::Floor] {
        for &scale in form.about().scales {
            let spec = FitSpec::new(form).scale(scale).expect("scale");
            let (fa, fb) = (spec.fit(&a).expect("fit"), spec.fit(&b).expect("fit"));
            for method in uncertainty::CATALOGUE
                .iter()
                .filter(|m| !m.needs_draws() && m.suits(fa.loss.family().inference()) && is_for_rows(**m))
                .filter(|m| !m.on_request() && !["exact-set", "jackknife"].contains(&m.id()))
            {
                for k in 0..fa.dim() {
                    let factor = if form.params()[k].name == "alpha" { 1.0 } else { 3.0 };
                    let level = Level::new(0.9).expect("level");
                    let of = |fit| {
                        interval(*method, k, &Gathered { fit, draws: None, jackknife: None }, level)
                            .expect("available")
                    };
                    let (ia, ib) = (of(&fa), of(&fb));
                    assert_close!(ib.low, factor * ia.low, rel 1e-8, abs 1e-12);
                    assert_close!(ib.high, factor * ia.high, rel 1e-8, abs 1e-12);
                }
            }
        }
    }
}

/// For a line the profile is the t interval: two methods, one answer.
#[test]
fn the_profile_of_a_line_is_its_t_interval() {
    let data = dataset(&SIZES, &PURE);
    let fit = FitSpec::new(&form::Power).fit(&data).expect("fit");
    let gathered = Gathered { fit: &fit, draws: None, jackknife: None };
    for k in 0..2 {
        let level = Level::new(0.95).expect("level");
        let t = interval(&uncertainty::WaldT, k, &gathered, level).expect("available");
        let p = interval(&uncertainty::ProfileT, k, &gathered, level).expect("available");
        assert_close!(p.low, t.low, rel 1e-9, abs 0.0);
        assert_close!(p.high, t.high, rel 1e-9, abs 0.0);
    }
}

#[test]
fn trends_are_honest() {
    for form in forms() {
        let data = simulated(form, form.about().scales[0], 0.0, 6, 1);
        let y = &data.response.values;
        let rises = y[5] > y[0];
        match form.about().trend {
            Trend::Falls => assert!(!rises),
            Trend::Rises => assert!(rises),
            Trend::Either => {}
        }
        if form.about().bounded {
            assert!(y.iter().all(|v| *v > 0.0 && *v < 1.0));
        }
    }
}

/// The size of a run: three runs repeat sizes 4, 8 and 12.
fn size_of(run: usize) -> usize {
    if run < 16 { run } else { 4 * (run - 15) }
}

/// A line over 16 sizes, three of them run twice, with what `error` makes of the row and a standard normal number.
fn runs(seed: u64, bend: f64, error: impl Fn(usize, f64) -> f64) -> Dataset {
    let mut rng = lawfit::math::random::stream(seed, 17);
    let (x, y): (Vec<f64>, Vec<f64>) = (0..19)
        .map(|i| {
            let k = size_of(i);
            let ln = 14.0 + 0.5 * k as f64;
            let z: f64 = rand::RngExt::sample(&mut rng, rand_distr::StandardNormal);
            let bent = bend * (k as f64 / 7.5 - 1.0).powi(2);
            (ln.exp(), (2.0 - 0.1 * ln + bent + 0.01 * error(i, z)).exp())
        })
        .unzip();
    common::dataset(&x, &y)
}

/// How many of the sets each check of the catalogue rejects at 5%, and how many it speaks on; by p values simulated with 199
/// draws, where they are approximate and that is asked for.
fn rejections(
    sets: u64,
    simulated: bool,
    bend: f64,
    error: impl Fn(usize, f64) -> f64,
) -> Vec<(usize, usize)> {
    let mut out = vec![(0, 0); diagnose::CATALOGUE.len()];
    for seed in 0..sets {
        let data = runs(seed, bend, &error);
        let fit = FitSpec::new(&lawfit::form::Power).fit(&data).expect("fit");
        for (count, check) in out.iter_mut().zip(diagnose::CATALOGUE) {
            if let Ok(o) = check.check(&fit, &data) {
                let t = if check.by_row() { Tangent::of_rows(&fit) } else { Tangent::of_sizes(&fit, &data) };
                let p = t
                    .ok()
                    .filter(|_| simulated && !o.exact)
                    .and_then(|t| {
                        let observed = check.statistic(&t, &t.e)?;
                        simulated_p(&t, seed, 199, |t, e| check.statistic(t, e), observed)
                    })
                    .unwrap_or(o.p_value);
                count.1 += 1;
                count.0 += usize::from(p < 0.05);
            }
        }
    }
    out
}

/// Size under the hypothesis: exact checks reject 5% of 400 sets within three and a half standard errors (or fewer, where
/// the statistic is discrete), approximate ones at most 10% beyond that.
#[test]
fn checks_keep_their_size() {
    let sets = 400;
    let margin = 3.5 * (0.05f64 * 0.95 / sets as f64).sqrt();
    let exact: Vec<bool> = {
        let data = runs(0, 0.0, |_, z| z);
        let fit = FitSpec::new(&lawfit::form::Power).fit(&data).expect("fit");
        diagnose::CATALOGUE.iter().map(|c| c.check(&fit, &data).is_ok_and(|o| o.exact)).collect()
    };
    for ((check, (rejected, asked)), exact) in
        diagnose::CATALOGUE.iter().zip(rejections(sets, false, 0.0, |_, z| z)).zip(exact)
    {
        assert_eq!(asked, sets as usize, "{} says nothing on 16 sizes with replicates", check.id());
        let rate = rejected as f64 / asked as f64;
        let most = if exact { 0.05 + margin } else { 0.10 + margin };
        assert!(rate <= most, "{} rejects {rate}", check.id());
        assert!(!exact || rate >= 0.05 - margin, "{} rejects {rate}", check.id());
    }
}

/// Power: every check rejects at least half of the sets of some alternative.
#[test]
fn checks_see_what_they_look_for() {
    let alternatives = [
        rejections(60, true, 0.06, |_, z| z),
        rejections(60, true, 0.0, |i, z| z * if i % 16 < 8 { 0.2 } else { 5.0 }),
        rejections(60, true, 0.0, |i, z| z + if i == 8 { 12.0 } else { 0.0 }),
        rejections(60, true, 0.0, |i, z| z * (0.9 * z * z).exp().min(30.0) + if i == 3 { 5.0 } else { 0.0 }),
        // Replicates far apart at one size, close together at the others.
        rejections(60, true, 0.0, |i, z| z * if i == 18 || i == 12 { 100.0 } else { 0.1 }),
        // Means far from the line, runs of one size close together.
        rejections(60, true, 0.0, |i, z| 0.2 * z + 4.0 * if size_of(i) % 8 < 4 { 1.0 } else { -1.0 }),
    ];
    for (k, check) in diagnose::CATALOGUE.iter().enumerate() {
        assert!(alternatives.iter().any(|a| 2 * a[k].0 >= a[k].1), "{} sees nothing", check.id());
    }
}

/// The documents list every check.
#[test]
fn every_check_is_documented() {
    let text = include_str!("../docs/METHODS.md");
    for check in diagnose::CATALOGUE {
        assert!(
            text.contains(&format!("`{}`", check.id())),
            "docs/METHODS.md does not name `{}`",
            check.id()
        );
        assert!(!check.meaning().is_empty());
    }
}
