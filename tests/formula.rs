//! Formulas that a user writes: the language, exact derivatives, every message, and sessions with the program.

mod common;

use common::{BENT, SIZES, csv, dataset, fit as fit_of, json, lawfit as run, number, param};
use lawfit::data::{Dataset, Input, Response, Scale};
use lawfit::fit::FitSpec;
use lawfit::form::formula::{Formula, FormulaError, ParamSpec, Tie};
use lawfit::form::{Floor, Form};

/// Two predictors of both signs, one of them with a zero, and a positive one.
fn table() -> Dataset {
    let n = 9;
    let column = |name: &str, f: &dyn Fn(f64) -> f64| Input {
        name: name.into(),
        unit: None,
        values: (0..n).map(|i| f(f64::from(i))).collect(),
    };
    Dataset::new(
        "table.csv",
        vec![
            column("N", &|i| 1.5 + i),
            column("t", &|i| i - 4.0),
            column("size_gb", &|i| 0.5 + (i * 1.7).sin().abs()),
        ],
        Response { name: "loss".into(), values: (0..n).map(|i| 3.0 - 0.1 * f64::from(i)).collect() },
        (2..n as usize + 2).collect(),
    )
    .expect("valid")
}

fn bind(text: &str, specs: &[&str]) -> Result<&'static dyn Form, FormulaError> {
    let specs = specs.iter().map(|s| s.parse()).collect::<Result<Vec<ParamSpec>, _>>()?;
    Formula::parse(text)?.with_params(specs)?.bind(&table())
}

/// Value and derivatives of a bound formula on every row of the table.
fn eval(form: &dyn Form, theta: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let data = table();
    let x: Vec<&[f64]> = data.predictors[..form.inputs()].iter().map(|p| p.values.as_slice()).collect();
    let columns = form.columns(&x, &[0.0; 3]);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let (mut out, mut jac) = (vec![0.0; data.nobs()], vec![0.0; data.nobs() * theta.len()]);
    form.eval(theta, &columns, &mut out, &mut jac);
    let mut alone = vec![0.0; data.nobs()];
    form.eval(theta, &columns, &mut alone, &mut []);
    for (a, b) in out.iter().zip(&alone) {
        assert_close!(*a, *b, rel 1e-14, abs 1e-300);
    }
    (out, jac)
}

/// Values against Rust's own arithmetic: rel 1e-14 (a few roundings).
#[test]
fn the_language_means_what_mathematics_means() {
    type Case<'a> = (&'a str, &'a dyn Fn(f64, f64, f64) -> f64);
    // One parameter a = 0.7; N and t are columns.
    let cases: [Case<'_>; 25] = [
        ("a - N^2", &|a, n, _| a - n * n),
        ("-N^2*a", &|a, n, _| -(n * n) * a),
        ("a*2^-N^0.5", &|a, n, _| a * 2f64.powf(-n.sqrt())),
        ("a*2^3^0.5*N", &|a, n, _| a * 2f64.powf(3f64.sqrt()) * n),
        ("N/a/2", &|a, n, _| n / a / 2.0),
        ("N - a - 1", &|a, n, _| n - a - 1.0),
        ("N**a", &|a, n, _| n.powf(a)),
        ("1.5e1*N*a + .5", &|a, n, _| 15.0 * n * a + 0.5),
        ("a*exp(-N)", &|a, n, _| a * (-n).exp()),
        ("a*ln(N) + log(N)", &|a, n, _| a * n.ln() + n.ln()),
        ("a*log10(N) + log2(N)", &|a, n, _| a * n.log10() + n.log2()),
        ("sqrt(N)*a", &|a, n, _| n.sqrt() * a),
        ("abs(t)*a + abs(-a)", &|a, _, t| t.abs() * a + a),
        ("sin(a*t) + cos(a*N) + tan(a*t/9)", &|a, n, t| (a * t).sin() + (a * n).cos() + (a * t / 9.0).tan()),
        ("atan(a*t) + arctan(a*t)", &|a, _, t| 2.0 * (a * t).atan()),
        ("tanh(a*t)", &|a, _, t| (a * t).tanh()),
        ("sigmoid(a*t) + logistic(a*t)", &|a, _, t| 2.0 / (1.0 + (-a * t).exp())),
        ("softplus(a*t)", &|a, _, t| (a * t).exp().ln_1p()),
        ("min(a*N, 3, t)", &|a, n, t| (a * n).min(3.0).min(t)),
        ("max(a*N, t)", &|a, n, t| (a * n).max(t)),
        ("pow(N, a)", &|a, n, _| n.powf(a)),
        ("a*pi*N", &|a, n, _| a * std::f64::consts::PI * n),
        ("a*((N))", &|a, n, _| a * n),
        ("+a*+N", &|a, n, _| a * n),
        ("a*t^3 + t^-0 - (t)^2", &|a, _, t| a * t * t * t + 1.0 - t * t),
    ];
    let data = table();
    for (text, want) in cases {
        let form = bind(text, &["a=0.7"]).unwrap_or_else(|e| panic!("{text}: {e}"));
        let (out, _) = eval(form, &[0.7]);
        for (i, got) in out.iter().enumerate() {
            let want = want(0.7, data.predictors[0].values[i], data.predictors[1].values[i]);
            assert_close!(*got, want, rel 1e-14, abs 1e-15);
        }
    }
}

#[test]
fn names_in_order_of_appearance_are_parameters_unless_they_are_columns() {
    let form = bind("E + A*N^-alpha + B*(size_gb)^-beta", &[]).expect("a law");
    let names: Vec<&str> = form.params().iter().map(|p| p.name).collect();
    assert_eq!(names, ["E", "A", "alpha", "B", "beta"]);
    assert_eq!(form.about().exponent, 2);
    assert_eq!(form.inputs(), 3);
    // E, A and B enter linearly together; exponents do not.
    assert_eq!(form.projected(), [0, 1, 3]);
    assert_eq!(bind("`size_gb`*k + c", &[]).expect("a quoted column").params().len(), 2);
}

/// Central differences with step 1e-6 of exact derivatives: rel 1e-7, abs 1e-7.
#[test]
fn derivatives_are_exact() {
    let formulas = [
        "E + A*N^-alpha + B*size_gb^-beta",
        "(A/N^a + B/size_gb)^c",
        "E + A*(N + k)^-alpha",
        "exp(-b1*N)/(b2 + b3*N)",
        "b1*(1 - exp(-b2*N)) + b3*exp(-((t - b4)/b5)^2)",
        "b1/(1 + exp(b2 - b3*N))^(1/b4)",
        "b1 - b2*t - arctan(b3/(t - b4 - 9))/pi",
        "a*sin(b*t) + c*cos(2*pi*t/d) + tan(b*t/9)",
        "a*tanh(b*t) + c*sigmoid(d*t) + softplus(e*t)",
        "log10(a + N) + log2(b + N) + sqrt(c + size_gb) + abs(d*t)",
        "max(a*N, b*size_gb) + min(c*N, d*size_gb)",
        "pow(a + size_gb, b) + 2^(c*t)",
        "(b1 + b2*t + b3*t^2 + b4*t^3)/(1 + b5*N + b6*N^2 + b7*N^3)",
        "a*t^2*N*size_gb^c - -d",
        "ln(a*N) + ln(size_gb + b)*c",
    ];
    for text in formulas {
        let form = bind(text, &[]).unwrap_or_else(|e| panic!("{text}: {e}"));
        let p = form.params().len();
        let theta: Vec<f64> = (0..p).map(|j| 0.6 + 0.17 * j as f64).collect();
        let (_, jac) = eval(form, &theta);
        let n = jac.len() / p;
        for j in 0..p {
            let (mut up, mut down) = (theta.clone(), theta.clone());
            up[j] += 1e-6;
            down[j] -= 1e-6;
            let (up, down) = (eval(form, &up).0, eval(form, &down).0);
            for i in 0..n {
                assert_close!(jac[j * n + i], (up[i] - down[i]) / 2e-6, rel 1e-7, abs 1e-7);
            }
        }
    }
}

/// A power at base 0 has the derivative 0 by its exponent, as the limit from above does.
#[test]
fn zero_sizes_have_derivatives() {
    let (x, y) = ([0.0, 1.0, 2.0, 3.0], [0.1, 1.1, 2.9, 5.3]);
    let data = dataset(&x, &y);
    let form = Formula::parse("E + A*N^b")
        .and_then(|f| f.with_params(vec!["E=0".parse()?, "A=1".parse()?, "b=1.5".parse()?]))
        .and_then(|f| f.bind(&data))
        .expect("defined at 0");
    let mut jac = [f64::NAN; 3];
    let columns = form.columns(&[&[0.0]], &[0.0]);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    form.eval(&[0.0, 1.0, 1.5], &columns, &mut [0.0], &mut jac);
    assert_eq!(jac, [1.0, 0.0, 0.0]);
    let fit = FitSpec::new(form).scale(Scale::Raw).expect("raw").fit(&data).expect("fit");
    assert!(fit.converged());
}

#[test]
fn parameters_are_described_in_every_combination() {
    let spec = |text: &str| text.parse::<ParamSpec>().expect("a description");
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    for (text, start, lower, upper) in [
        ("alpha", None, low, high),
        ("alpha=0.3", Some(0.3), low, high),
        (" alpha = 3e-1 in 0..2 ", Some(0.3), 0.0, 2.0),
        ("alpha in 0..", None, 0.0, high),
        ("alpha in ..2", None, low, 2.0),
        ("alpha=-1 in -2..-0.5", Some(-1.0), -2.0, -0.5),
    ] {
        let found = spec(text);
        assert_eq!(found, ParamSpec { name: "alpha".into(), start, lower, upper }, "{text}");
        assert_eq!(spec(&found.to_string()), found, "what is written reads back");
    }
    for (text, message) in [
        ("alpha=x", "--param `alpha=x`: found `x`, expected a finite number"),
        ("alpha in 0", "--param `alpha in 0`: found `0`, expected a range LOW..HIGH"),
        (
            "alpha in 2..1",
            "--param `alpha in 2..1`: found the range 2..1, expected a lower bound below the upper one",
        ),
        (
            "alpha=3 in 0..1",
            "--param `alpha=3 in 0..1`: found the start 3 outside its range, expected a start inside it",
        ),
        ("=3", "--param `=3`: found the name ``, expected NAME=START in LOW..HIGH"),
    ] {
        let error = text.parse::<ParamSpec>().expect_err(text);
        assert_eq!(error.to_string(), message);
        assert!(error.hint().is_some_and(|h| h.contains("--param")));
    }
}

/// Message and hint of every mistake of the language: where, what was found, what was expected, a caret line.
#[test]
fn mistakes_are_shown_at_their_character() {
    for (text, start, message, hint) in [
        ("", 0, "found nothing, expected a number, a name or `(`", "write a law"),
        ("E + A*N^)", 8, "found `)` without its partner, expected a `(` before it", "its `)`"),
        ("E + *N", 4, "found `*`, expected a number, a name or `(`", "two operators"),
        ("E + A*", 6, "found the end of the formula, expected a number", "missing after"),
        ("2 N", 2, "found `N`, expected an operator or the end of the formula", "write a `*` between"),
        ("E + (A*N", 4, "found `(` without its partner, expected a `)` after it", "its `)`"),
        ("E + A)*N", 5, "found `)` without its partner", "its `)`"),
        ("exq(N)", 0, "found the unknown function `exq`, expected one of abs, arctan", "did you mean `exp`?"),
        ("A(N + 1)", 0, "found the unknown function `A`", "for a product write `A*(...)`"),
        (
            "exp + N",
            0,
            "found the function `exp` without an argument, expected `(` after it",
            "cannot be parameters",
        ),
        ("exp(N, A)", 0, "`exp` has 2 argument(s), expected one", "separated by commas"),
        ("max(N)", 0, "`max` has 1 argument(s), expected two or more", "separated by commas"),
        ("A, N", 1, "found `,`, expected an operator or the end", "commas only"),
        ("L = A*N", 2, "found `=`, expected a name, a number", "right-hand side"),
        ("A*[N]", 2, "found `[`", "round parentheses"),
        ("A*`N", 2, "found a lonely backquote", "backquote on either side"),
        ("1e999*N", 0, "found `1e999`, expected a number that a double can hold", "6e21"),
    ] {
        let error = Formula::parse(text).expect_err(text);
        let shown = error.to_string();
        assert!(shown.contains(message), "{text}: {shown}");
        assert!(
            shown.contains(&format!("character {}", start + 1))
                || shown.contains(&format!("characters {} to", start + 1)),
            "{text}: {shown}"
        );
        let caret = shown.lines().last().expect("a caret line");
        assert_eq!(caret.find('^'), Some(start + 2), "{text}: {shown}");
        assert!(error.hint().is_some_and(|h| h.contains(hint)), "{text}: {:?}", error.hint());
    }
    let long = format!("A*N{}", "+N".repeat(2_000));
    assert!(matches!(Formula::parse(&long), Err(FormulaError::TooLong { .. })));
    let deep = format!("A*{}N{}", "(".repeat(300), ")".repeat(300));
    assert!(Formula::parse(&deep).expect_err("deep").to_string().contains("expected fewer"));
}

#[test]
fn names_that_make_no_sense_are_told_with_the_nearest() {
    let error = bind("E + A*N^-alpha", &["alhpa=0.3"]).expect_err("no such parameter");
    assert_eq!(
        error.to_string(),
        "--param `alhpa`: found no such name in the formula `E + A*N^-alpha`, expected one of E, A, N, alpha"
    );
    assert_eq!(error.hint().as_deref(), Some("did you mean `alpha`?"));
    let error = bind("E + A*N^-alpha", &["E=1", "E=2"]).expect_err("twice");
    assert!(matches!(error, FormulaError::ParamTwice { .. }));
    let error = bind("E + A*N^-alpha", &["N=1"]).expect_err("a column");
    assert!(matches!(error, FormulaError::UnknownParam { .. }));
    let error = bind("E + A*M^-alpha", &[]).expect_err("no column");
    assert_eq!(
        error.to_string(),
        "formula `E + A*M^-alpha`: found no data column, expected at least one of N, t, size_gb"
    );
    let error = bind("2*N", &[]).expect_err("no parameter");
    assert!(
        error.to_string().contains(
            "found no parameter, expected at least one name that is no data column (N, t, size_gb)"
        )
    );
    let error = bind("E + A*N^-alpha + B*size_bg", &[]).expect_err("a slip");
    assert!(error.to_string().contains("found `size_bg`, which is no data column"), "{error}");
    assert_eq!(
        error.hint().as_deref(),
        Some("write `size_gb`, or say that it is a parameter: --param 'size_bg'")
    );
    assert!(bind("E + A*N^-alpha + size_bg*t", &["size_bg"]).is_ok());
    let many: Vec<String> = (0..17).map(|j| format!("b{j}*sin({}*N)", j + 1)).collect();
    assert!(matches!(bind(&many.join("+"), &[]), Err(FormulaError::TooManyParameters { most: 16, .. })));
}

#[test]
fn values_that_do_not_exist_are_told_with_row_and_subexpression() {
    for (text, specs, part, problem, line, values) in [
        ("a + b*log(t)", vec!["a=1", "b=1"], "log(t)", "the logarithm of -4", 2, "t = -4"),
        ("a + b/t", vec!["a=1", "b=2"], "b/t", "the division 2/0", 6, "b = 2, t = 0"),
        (
            "a + sqrt(N - b)",
            vec!["a=1", "b=3"],
            "sqrt(N - b)",
            "the square root of -1.5",
            2,
            "N = 1.5, b = 3",
        ),
        ("a*exp(b*N)", vec!["a=1", "b=300"], "exp(b*N)", "an overflow at 750", 3, "b = 300, N = 2.5"),
        (
            "a*(t - b)^0.3",
            vec!["a=1", "b=0"],
            "(t - b)^0.3",
            "the negative number -4 to the power 0.3",
            2,
            "t = -4, b = 0",
        ),
    ] {
        let error = bind(text, &specs).expect_err(text);
        let FormulaError::Domain { at, problem: found, line: at_line, values: at_values, source_name } =
            &error
        else {
            panic!("{text}: {error}");
        };
        assert_eq!((found.as_str(), *at_line, at_values.as_str()), (problem, line, values), "{text}");
        assert_eq!(source_name, "table.csv");
        // A parenthesis before a power belongs to the part that is shown, or begins inside it.
        assert!(part.ends_with(&at.text()) || at.text() == part, "{text}: {}", at.text());
        assert!(error.to_string().contains(&format!("at line {line} of `table.csv`")), "{error}");
        assert!(error.hint().is_some_and(|h| h.contains("--param")));
    }
}

#[test]
fn parameters_that_data_cannot_tell_apart_are_named() {
    for text in ["E + 0*a*N", "E*N + a - a", "E*N + (a/a)"] {
        let error = bind(text, &[]).expect_err(text);
        assert!(matches!(&error, FormulaError::NoEffect { name, .. } if name == "a"), "{text}: {error}");
        assert_eq!(error.hint().as_deref(), Some("leave `a` out of the formula"));
    }
    for (text, names, tie) in [
        ("E + A*B*N^-alpha", vec!["A", "B"], Tie::Product),
        ("E + (A/B)*N^-alpha", vec!["A", "B"], Tie::Quotient),
        ("E + F + A*N^-alpha", vec!["E", "F"], Tie::Sum),
        ("E - F + A*N^-alpha", vec!["E", "F"], Tie::Difference),
        ("A*exp(b)*N^-alpha", vec!["A", "b"], Tie::General),
        ("A*(N/c)^-alpha", vec!["A", "c"], Tie::General),
        ("E + (a + b*c)*N^-alpha", vec!["b", "c"], Tie::Product),
        ("(a + b*N)/(c + d*N)", vec!["a", "b", "c", "d"], Tie::General),
    ] {
        let error = bind(text, &[]).expect_err(text);
        let FormulaError::Tied { names: found, tie: how, .. } = &error else { panic!("{text}: {error}") };
        assert_eq!((found.iter().map(String::as_str).collect::<Vec<_>>(), *how), (names, tie), "{text}");
        assert!(error.hint().is_some());
    }
    let error = bind("E + A*B*N^-alpha", &[]).expect_err("a product");
    assert!(error.to_string().contains("parameters `A` and `B` only enter as a product"), "{error}");
    assert!(error.hint().is_some_and(|h| h.contains("leave `B` out")));
}

/// The built-in form as its own reference: same optimum to 1e-9, same errors to 1e-8, on both scales.
#[test]
fn a_formula_of_a_built_in_form_gives_the_same_fit() {
    let data = dataset(&SIZES, &BENT);
    for specs in [vec![], vec!["alpha=0.3 in 0..2"], vec!["E=1 in 0..", "A=100 in 0..", "alpha=0.5 in 0..5"]]
    {
        let specs = specs.iter().map(|s| s.parse().expect("a description")).collect();
        let formula = Formula::parse("E + A*N^-alpha").and_then(|f| f.with_params(specs)).expect("a law");
        let form = formula.bind(&data).expect("bound");
        assert_eq!(form.about().scales[0], Scale::Log);
        for scale in [Scale::Log, Scale::Raw] {
            let ours = FitSpec::new(form).scale(scale).expect("scale").fit(&data).expect("fit");
            let known = FitSpec::new(&Floor).scale(scale).expect("scale").fit(&data).expect("fit");
            assert!(ours.converged());
            for k in 0..3 {
                assert_close!(ours.estimate(k), known.estimate(k), rel 1e-9, abs 0.0);
            }
            assert_close!(ours.sse(), known.sse(), rel 1e-11, abs 0.0);
            let v = ours.vcov().expect("rank")[(2, 2)].sqrt();
            assert_close!(v, known.vcov().expect("rank")[(2, 2)].sqrt(), rel 1e-8, abs 0.0);
        }
        // Bound again, it is the same form.
        let again = formula.bind(&data).expect("bound");
        assert!(std::ptr::eq(form.about(), again.about()));
    }
}

#[test]
fn the_program_fits_saves_and_reads_back_a_formula() {
    let rows = csv(&SIZES, &BENT);
    let args = ["fit", "-", "--formula", "E + A*N^-alpha", "--param", "alpha=0.3 in 0..2"];
    let report = json(&args, &rows);
    let forms: Vec<&str> =
        report["fits"].as_array().expect("fits").iter().filter_map(|f| f["form"].as_str()).collect();
    assert_eq!(forms, ["power", "floor", "formula"]);
    let (ours, known) = (fit_of(&report, "formula"), fit_of(&report, "floor"));
    assert_eq!(ours["formula"], "E + A*N^-alpha");
    assert_eq!(ours["said"], serde_json::json!(["E", "A", "alpha=0.3 in 0..2"]));
    assert_eq!(ours["scale"], "log");
    for name in ["E", "A", "alpha"] {
        let (a, b) = (param(ours, name), param(known, name));
        assert_close!(number(&a["estimate"]), number(&b["estimate"]), rel 1e-8, abs 0.0);
        let ends = |p: &serde_json::Value| common::limits(p, "profile-t");
        assert_close!(ends(a).0, ends(b).0, rel 1e-6, abs 0.0);
        assert_close!(ends(a).1, ends(b).1, rel 1e-6, abs 0.0);
    }
    let at = |report: &serde_json::Value, form: &str| {
        let all = report["predictions"].as_array().expect("predictions").clone();
        all.into_iter().find(|p| p["form"] == form).expect("a prediction")
    };
    let (a, b) = (at(&report, "formula"), at(&report, "floor"));
    for key in ["mean", "new_run"] {
        for end in ["low", "high"] {
            assert_close!(number(&a[key][end]), number(&b[key][end]), rel 1e-6, abs 0.0);
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("law.json");
    std::fs::write(&path, report.to_string()).expect("written");
    let again = json(&["predict", path.to_str().expect("UTF-8"), "--at", "1e12"], "");
    assert_eq!(fit_of(&again, "formula")["params"], ours["params"]);
    assert_eq!(at(&again, "formula")["at"]["N"], 1e12);
}

#[test]
fn the_program_chooses_the_columns_that_a_formula_names() {
    let mut rows = String::from("run,N,D,loss\n");
    for i in 0..12 {
        let (n, d) = (1e6 * f64::from(1 + i), 1e9 * f64::from(1 + (i * 5) % 7));
        let loss = 1.7 + 300.0 * n.powf(-0.35) + 500.0 * d.powf(-0.3) + 0.001 * f64::from((i * 7) % 5);
        rows.push_str(&format!("{i},{n},{d},{loss}\n"));
    }
    let report = json(&["fit", "-", "--formula", "E + A*N^-alpha + B*D^-beta", "--scale", "raw"], &rows);
    assert_eq!(report["data"]["x"], serde_json::json!(["N", "D"]));
    assert_eq!(fit_of(&report, "formula")["scale"], "raw");
    let (code, _, err) = run(&["fit", "-", "--formula", "E + A*N^-alpha + B*d^-beta"], &rows);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("expected the column `D`?"), "{err}");
}

#[test]
fn the_program_takes_columns_with_zeros_for_a_formula() {
    let rows = "t,y\n-2,-3.9\n-1,-2.1\n0,0.05\n1,2.0\n2,4.1\n3,5.9\n";
    let report = json(&["fit", "-", "--x", "t", "--y", "y", "--formula", "a + b*t"], rows);
    let ours = fit_of(&report, "formula");
    assert_eq!(ours["scale"], "raw");
    // Ordinary least squares by hand: b = 34.625/17.5, a = 1.00833 - b/2 to the digits shown.
    assert_close!(number(&param(ours, "b")["estimate"]), 1.98, rel 0.01, abs 0.0);
}

#[test]
fn the_program_explains_mistakes_with_a_hint() {
    let rows = csv(&SIZES, &BENT);
    for (args, code, words) in [
        (vec!["--formula", "E + A*N^"], 2, vec!["character 9", "hint:"]),
        (vec!["--formula", "E + A*B*N^-alpha"], 2, vec!["only enter as a product", "leave `B` out"]),
        (vec!["--param", "alpha=1"], 2, vec!["found no --formula"]),
        (vec!["--formula", "E + A*N^-alpha", "--param", "beta=1"], 2, vec!["found no such name"]),
        (vec!["--formula", "a + b*log(5 - N)"], 3, vec!["the logarithm of -999995", "line 2"]),
    ] {
        let mut all = vec!["fit", "-"];
        all.extend(args);
        let (found, _, err) = run(&all, &rows);
        assert_eq!(found, code, "{err}");
        for word in words {
            assert!(err.contains(word), "{word}: {err}");
        }
    }
    let (_, out, _) = run(&["forms"], "");
    assert!(out.contains("--formula"));
}
