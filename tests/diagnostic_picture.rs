//! The diagnostic picture, from a table to a file: what it shows of each kind of data, and that the file is sound.

mod common;

use common::{built_in, dataset};
use lawfit::data::{Dataset, Input, Response};
use lawfit::fit::FitSpec;
use lawfit::form::Power;
use lawfit::report::panels::Panels;
use lawfit::report::plot::panels_svg;
use lawfit::report::{Detail, Request, Silent, analyse, diagnostic_figure};

fn panels_of(data: &Dataset, form: Option<&str>) -> Panels {
    let request = Request { detail: Detail::Full, ..Request::default() };
    let analysis = analyse(data, &request, &Silent).expect("analysed");
    diagnostic_figure(data, &analysis, form).expect("fitted")
}

/// Sizes over four decades.
fn sizes(n: usize) -> Vec<f64> {
    (0..n).map(|i| 10f64.powf(6.0 + 4.0 * i as f64 / (n - 1) as f64)).collect()
}

/// Losses of a power law with a scatter of a given size at every run: fixed, even, near to normal.
fn losses(x: &[f64], scatter: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut state = 7u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let noise: Vec<f64> = x.iter().map(|_| (0..12).map(|_| uniform()).sum()).collect();
    x.iter().enumerate().map(|(i, x)| 8.5 * x.powf(-0.07) * (scatter(i) * noise[i]).exp()).collect()
}

fn outlier() -> Dataset {
    let x = sizes(24);
    let mut y = losses(&x, |_| 0.005);
    y[11] *= 1.15;
    dataset(&x, &y)
}

fn spread_step() -> Dataset {
    let x = sizes(40);
    dataset(&x, &losses(&x, |i| if i < 20 { 0.002 } else { 0.02 }))
}

fn many() -> Dataset {
    let x = sizes(1_000);
    dataset(&x, &losses(&x, |_| 0.01))
}

fn rising() -> Dataset {
    let x = vec![1e7, 3e7, 1e8, 3e8, 1e9, 3e9, 1e10, 3e10];
    let y = vec![0.486, 0.612, 0.708, 0.791, 0.838, 0.884, 0.911, 0.932];
    Dataset::new(
        "test",
        vec![Input { name: "N".into(), unit: None, values: x }],
        Response { name: "accuracy".into(), values: y },
        (2..10).collect(),
    )
    .expect("valid rows")
}

/// Check the nesting of elements and the escaping of text, by hand: enough of XML for what is written.
fn assert_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "unescaped: {}", &rest[..start]);
        let text = &rest[..start];
        for (i, _) in text.match_indices('&') {
            assert!(text[i..].find(';').is_some_and(|end| end < 8), "unescaped: {text}");
        }
        if let Some(comment) = rest[start..].strip_prefix("<!--") {
            rest = comment.split_once("-->").expect("closed comment").1;
            continue;
        }
        let (tag, after) = rest[start + 1..].split_once('>').expect("closed tag");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        rest = after;
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
}

#[test]
fn every_picture_is_sound() {
    let sets = [
        ("bent", built_in("bent")),
        ("kink", built_in("kink")),
        ("pure", built_in("pure")),
        ("guide", built_in("guide")),
        ("replicates", built_in("replicates")),
        ("cerebras-gpt", built_in("cerebras-gpt")),
        ("outlier", outlier()),
        ("spread", spread_step()),
        ("many", many()),
        ("three", dataset(&[1e6, 1e7, 1e8], &[4.1, 3.5, 2.95])),
        ("four", dataset(&[1e6, 1e7, 1e8, 1e9], &[4.1, 3.5, 2.95, 2.6])),
        ("rising", rising()),
    ];
    for (name, data) in sets {
        let svg = panels_svg(&panels_of(&data, None));
        assert_well_formed(&svg);
        for title in [
            "(a) residuals",
            "(b) local exponent",
            "(c) influence: each run left out",
            "(d) quantiles of the residuals",
        ] {
            assert!(svg.contains(title), "{name}: {title}");
        }
        let y = &data.response.name;
        for label in [&format!("residual of ln {y}"), "exponent α", "change of α (standard errors)", "±2s"]
        {
            assert!(svg.contains(label), "{name}: {label}");
        }
        let other = svg.replace("influence", "");
        assert!(!other.contains("NaN") && !other.contains("inf"), "{name}");
    }
}

#[test]
fn the_same_data_give_the_same_picture() {
    for data in [built_in("kink"), outlier()] {
        assert_eq!(panels_svg(&panels_of(&data, None)), panels_svg(&panels_of(&data, None)));
    }
}

#[test]
fn a_break_is_marked_only_where_the_verdict_finds_one() {
    let panels = panels_of(&built_in("kink"), None);
    let found = panels.residuals.break_at.as_ref().expect("the kink");
    assert!(found.low < found.at && found.at < found.high && found.label == "break at 38.1M", "{found:?}");
    let svg = panels_svg(&panels);
    assert!(svg.contains("break at 38.1M") && svg.contains("break, 95% interval"));
    assert_eq!(panels_of(&built_in("pure"), None).residuals.break_at, None);
    assert_eq!(panels_of(&built_in("kink"), Some("floor")).residuals.break_at, None);
}

#[test]
fn an_outlier_has_its_line_in_residuals_and_quantiles() {
    let panels = panels_of(&outlier(), None);
    let first = panels.residuals.flags.first().expect("an outlier");
    assert!(first.text == "line 13" && first.index == 11, "{first:?}");
    let largest = &panels.quantiles.flags[0];
    assert_eq!(largest.index, 23);
    let point = panels.quantiles.points[23];
    assert!(point.observed > point.high && largest.text.starts_with("line 13"), "{point:?} {largest:?}");
    assert!(panels_svg(&panels).contains("line 13"));
}

/// The sign of a change is that of the refit without the run; at both ends of a bent law it is beyond the threshold.
#[test]
fn changes_are_those_of_leaving_a_run_out() {
    let data = built_in("bent");
    let panels = panels_of(&data, None);
    let runs = &panels.influence.runs;
    let whole = panels.exponents.global.expect("a line").value;
    let (x, y) = (&data.x().values, &data.response.values);
    for (i, run) in runs.iter().enumerate() {
        let rest: Vec<usize> = (0..x.len()).filter(|k| *k != i).collect();
        let pick = |v: &[f64]| rest.iter().map(|&k| v[k]).collect::<Vec<f64>>();
        let without = FitSpec::new(&Power).fit(&dataset(&pick(x), &pick(y))).expect("fit").estimate(1);
        assert_eq!((without - whole).signum(), run.change.signum(), "{i}");
    }
    let flagged: Vec<usize> = panels.influence.flags.iter().map(|f| f.index).collect();
    assert_eq!(flagged, [0, 11]);
}

#[test]
fn few_rows_get_notes() {
    let panels = panels_of(&dataset(&[1e6, 1e7, 1e8], &[4.1, 3.5, 2.95]), None);
    assert!(panels.influence.note.is_some() && panels.influence.runs.is_empty());
    assert!(panels.quantiles.note.is_some_and(|n| n.contains("needs 4 rows, there are 3")));
    assert!(panels.residuals.points.len() == 3 && panels.exponents.windows.len() == 1);
}

#[test]
fn an_exact_law_gets_notes_only() {
    let x = sizes(6);
    let y: Vec<f64> = x.iter().map(|x| 8.5 * x.powf(-0.07)).collect();
    let panels = panels_of(&dataset(&x, &y), None);
    assert!(panels.residuals.note.is_some() && panels.residuals.points.is_empty());
    assert!(
        panels.exponents.note.is_some() && panels.influence.note.is_some() && panels.quantiles.note.is_some()
    );
    assert_well_formed(&panels_svg(&panels));
}

/// All rows but one on a line: that one is beyond every scale, and said to be.
#[test]
fn values_beyond_all_scales_are_labelled() {
    let x = sizes(14);
    let mut y: Vec<f64> = x.iter().map(|x| 8.5 * x.powf(-0.07)).collect();
    y[6] *= 1.1;
    let panels = panels_of(&dataset(&x, &y), None);
    let last = panels.quantiles.points[13];
    assert!(last.observed == 20.0 && panels.quantiles.flags[0].text == "line 8: > 20", "{last:?}");
    assert!(panels.influence.runs[6].change.abs() == 20.0 && panels.influence.flags[0].index == 6);
    assert_well_formed(&panels_svg(&panels));
}

#[test]
fn the_form_is_the_callers_choice() {
    let data = rising();
    let request = Request { detail: Detail::Full, ..Request::default() };
    let analysis = analyse(&data, &request, &Silent).expect("analysed");
    for section in &analysis.report.fits {
        let panels = diagnostic_figure(&data, &analysis, Some(section.form)).expect("fitted");
        let exponent = section.exponent().expect("named").estimate;
        match panels.exponents.global {
            Some(global) => assert_eq!(global.value, exponent),
            None => assert!(panels.exponents.note.is_some(), "{}", section.form),
        }
        assert_well_formed(&panels_svg(&panels));
    }
    assert_eq!(diagnostic_figure(&data, &analysis, Some("floor")), None);
    assert_eq!(
        diagnostic_figure(&data, &analysis, None),
        diagnostic_figure(
            &data,
            &analysis,
            Some(if analysis.report.fits.iter().any(|f| f.form == "power") {
                "power"
            } else {
                analysis.report.fits[0].form
            })
        )
    );
}

/// Sizes keep the unit of the data.
#[test]
fn units_are_named() {
    let panels = panels_of(&built_in("guide"), None);
    assert_eq!(panels.x_label, "N (million)");
    assert_eq!(panels.influence.prediction_label, "prediction at 30,000 million");
}

#[cfg(feature = "png")]
#[test]
fn pixels_are_stable() {
    let panels = panels_of(&built_in("kink"), None);
    let png = lawfit::report::plot::panels_png(&panels, 1.0).expect("rasterised");
    assert!(png.starts_with(b"\x89PNG"));
    assert_eq!(lawfit::report::plot::panels_png(&panels, 1.0), Ok(png));
}
