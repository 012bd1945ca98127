//! What the integration tests share: closeness with both tolerances stated, reference data, running the program.
#![allow(dead_code, reason = "every test file uses another part")]

pub mod clustered;
pub mod joint;
pub mod truth;

use lawfit::data::{Dataset, Input, Response};
use std::path::PathBuf;

/// Assert |got - want| <= rel*|want| + abs.
#[macro_export]
macro_rules! assert_close {
    ($got:expr, $want:expr, rel $rel:expr, abs $abs:expr) => {{
        let (got, want): (f64, f64) = ($got, $want);
        assert!(
            (got - want).abs() <= $rel * want.abs() + $abs,
            "{} = {got:.15e}, expected {want:.15e} (difference {:.2e})",
            stringify!($got),
            got - want
        );
    }};
}

/// Sizes of sets A and P.
pub const SIZES: [f64; 12] = [1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, 1e9, 2e9, 5e9];
/// Set A, a law with a floor: 1.69 + 406.4 N^-0.34 with 1% noise.
pub const BENT: [f64; 12] =
    [5.3965, 4.632, 3.8239, 3.3542, 3.0147, 2.6438, 2.4659, 2.3328, 2.1275, 2.0313, 1.9793, 1.9016];
/// Set P, a plain power law: 8.5 N^-0.07 with 1.2% noise.
pub const PURE: [f64; 12] =
    [3.1722, 3.1105, 2.8914, 2.7295, 2.6839, 2.4801, 2.3076, 2.2322, 2.1062, 1.9881, 1.9138, 1.7789];

/// Build a data set of sizes and losses.
pub fn dataset(x: &[f64], y: &[f64]) -> Dataset {
    Dataset::new(
        "test",
        vec![Input { name: "N".into(), unit: None, values: x.to_vec() }],
        Response { name: "loss".into(), values: y.to_vec() },
        (2..x.len() + 2).collect(),
    )
    .expect("valid rows")
}

/// Load a built-in data set, columns as guessed.
pub fn built_in(name: &str) -> Dataset {
    match lawfit::data::load(&format!("@{name}")).expect("built in") {
        lawfit::data::Content::Table(table) => {
            lawfit::data::Selection::default().apply(&table).expect("valid")
        }
        _ => panic!("`@{name}` is a table"),
    }
}

/// The folder of shared reference data, if it is beside the repository.
///
/// Absent, the test is skipped with a printed line; in CI (`LAWFIT_REQUIRE_SHARED`) it fails.
pub fn shared(file: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("LAWFIT_REQUIRE_SHARED").is_none(),
        "shared/{file} is missing, and LAWFIT_REQUIRE_SHARED is set"
    );
    println!("skipped: shared/{file} is not beside this clone");
    None
}

/// Run the program with arguments and standard input; return exit code, standard output and standard error.
pub fn lawfit(args: &[&str], stdin: &str) -> (i32, String, String) {
    let output = assert_cmd::Command::cargo_bin("lawfit")
        .expect("the program is built")
        .args(args)
        .env("LC_ALL", "C.UTF-8")
        .write_stdin(stdin)
        .output()
        .expect("the program runs");
    (
        output.status.code().expect("no signal"),
        String::from_utf8(output.stdout).expect("UTF-8"),
        String::from_utf8(output.stderr).expect("UTF-8"),
    )
}

/// Run the program for JSON.
pub fn json(args: &[&str], stdin: &str) -> serde_json::Value {
    let mut all = args.to_vec();
    all.extend(["--format", "json"]);
    let (code, out, err) = lawfit(&all, stdin);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).expect("JSON")
}

/// A fit of a JSON report by form.
pub fn fit<'a>(report: &'a serde_json::Value, form: &str) -> &'a serde_json::Value {
    report["fits"]
        .as_array()
        .expect("fits")
        .iter()
        .find(|f| f["form"] == form)
        .unwrap_or_else(|| panic!("no fit of {form}"))
}

/// A parameter of a fit by name.
pub fn param<'a>(fit: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    fit["params"]
        .as_array()
        .expect("params")
        .iter()
        .find(|p| p["name"] == name)
        .unwrap_or_else(|| panic!("no parameter {name}"))
}

/// Limits of a parameter by method.
pub fn limits(param: &serde_json::Value, method: &str) -> (f64, f64) {
    let i = param["intervals"]
        .as_array()
        .expect("intervals")
        .iter()
        .find(|i| i["method"] == method)
        .unwrap_or_else(|| panic!("no {method} interval"));
    (number(&i["low"]), number(&i["high"]))
}

/// A JSON number; NaN for null.
pub fn number(v: &serde_json::Value) -> f64 {
    v.as_f64().unwrap_or(f64::NAN)
}

/// Rows as CSV text.
pub fn csv(x: &[f64], y: &[f64]) -> String {
    let mut text = String::from("N,loss\n");
    for (x, y) in x.iter().zip(y) {
        text.push_str(&format!("{x},{y}\n"));
    }
    text
}

/// One row of a table: a cell for every column name.
pub type Row = std::collections::HashMap<String, String>;

/// The tables of one collection of the NIST Statistical Reference Datasets.
pub struct Nist {
    /// One row a problem.
    pub problems: Vec<Row>,
    /// One row a parameter.
    pub params: Vec<Row>,
    /// One row an observation.
    pub data: Vec<Row>,
}

impl Nist {
    /// Read a folder of `tests/data`.
    pub fn read(folder: &str) -> Nist {
        let table = |name: &str| {
            let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder).join(name);
            let mut reader = csv::Reader::from_path(path).expect("committed");
            reader.deserialize().collect::<Result<Vec<Row>, _>>().expect("rows of words")
        };
        Nist { problems: table("problems.csv"), params: table("parameters.csv"), data: table("data.csv") }
    }
}

/// A cell as a number.
pub fn parsed(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` is a number"))
}

/// The log relative error -log10(|got - want|/|want|), between 0 and the number of digits that `want` has.
pub fn lre(got: f64, want: f64, digits: f64) -> f64 {
    if got == want {
        return digits;
    }
    let lost = ((got - want).abs() / want.abs()).log10();
    if lost.is_nan() { 0.0 } else { (-lost).clamp(0.0, digits) }
}
