//! Laws of several predictors against their formulas as written, and against published values.

mod common;

use common::joint::{forms, runs, truth, written};
use lawfit::form::{self, Form, Frame, mean_at};

/// The value of a form at natural parameters and predictor values, through its own columns.
fn value(form: &dyn Form, params: &[f64], x: &[f64], frame: &Frame) -> f64 {
    let columns: Vec<&[f64]> = x.iter().map(std::slice::from_ref).collect();
    let x0: Vec<f64> = form.columns(&columns, &frame.x_centre).iter().map(|c| c[0]).collect();
    let theta = form.coordinates(params, frame).expect("domain");
    mean_at(form, &theta, &x0, frame)
}

fn frame(form: &dyn Form, x: &[f64]) -> Frame {
    Frame {
        x_centre: x.iter().enumerate().map(|(k, x)| x.ln() + 0.7 - 0.4 * k as f64).collect(),
        y_scale: if form.divides_response() { 2.7 } else { 1.0 },
    }
}

#[test]
fn the_formula_says_what_the_form_does() {
    for form in forms() {
        let (columns, p) = (runs(form.id()), truth(form.id()).expect("a truth"));
        for i in 0..columns[0].len() {
            let x: Vec<f64> = columns.iter().map(|c| c[i]).collect();
            let want = written(form.id(), &p, &x);
            assert_close!(value(form, &p, &x, &frame(form, &x)), want, rel 1e-11, abs 0.0);
        }
    }
}

/// Published constants; values by an independent program (mpmath, 40 digits).
#[test]
fn published_constants_give_published_values() {
    let data_constrained = vec![
        0.6254804f64.exp(),
        6.255414f64.exp(),
        0.3526596,
        7.3049974f64.exp(),
        0.3526596,
        5.309743,
        15.387756,
    ];
    let farseer = truth("farseer").expect("published");
    let kaplan = truth("kaplan").expect("published");
    let cases: Vec<(&str, &[f64], Vec<f64>, f64)> = vec![
        // The README of huggingface/datablations prints the first two.
        ("data-constrained", &data_constrained, vec![6.34e9, 242e9, 25e9], 2.2256440889984477),
        ("data-constrained", &data_constrained, vec![8.67e9, 178e9, 25e9], 2.2269634075087867),
        ("data-constrained", &data_constrained, vec![8.7e9, 178e9, 178e9 / 7.0], 2.226080995952),
        ("farseer", &farseer, vec![1e9, 1e11], 0.505031423494124),
        ("farseer", &farseer, vec![6.4e9, 2e10], 0.5055424642437808),
        ("kaplan", &kaplan, vec![1.5e9, 2.2e10], 2.3125484833714912),
        ("kaplan", &kaplan, vec![1e12, 1e10], 2.1668285130560988),
    ];
    for (id, p, x, want) in cases {
        let form = form::by_id(id).expect("a form");
        let got = value(form, p, &x, &frame(form, &x));
        println!("{id} {x:?} {got:.16} {want:.16} {:.1e}", got / want - 1.0);
        assert_close!(got, want, rel 1e-11, abs 0.0);
    }
}

/// A run that has not finished its first epoch has seen as many unique tokens as it was trained on.
#[test]
fn unique_tokens_that_were_not_reached_do_not_count() {
    let form = form::by_id("data-constrained").expect("a form");
    let p = truth("data-constrained").expect("a truth");
    let (short, full) = ([1e9, 2e9, 9e9], [1e9, 2e9, 2e9]);
    let f = frame(form, &full);
    assert_close!(value(form, &p, &short, &f), value(form, &p, &full, &f), rel 1e-15, abs 0.0);
}
