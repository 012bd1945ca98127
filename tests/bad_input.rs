//! Bad input: each kind has its own message, on standard error, with the right exit code; nothing panics, nothing half-written
//! stays behind.

mod common;

use common::{BENT, SIZES, csv, lawfit};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Run `fit -` on a text that must be refused; check the code, the words, and that standard output stays empty.
fn refused(text: &str, code: i32, words: &[&str]) -> String {
    refused_with(&["fit", "-"], text, code, words)
}

fn refused_with(args: &[&str], text: &str, code: i32, words: &[&str]) -> String {
    let (got, out, err) = lawfit(args, text);
    assert_eq!(got, code, "{args:?}: {err}");
    assert!(out.is_empty(), "{args:?}: {out}");
    assert!(err.starts_with("error: "), "{err}");
    assert!(!err.contains("panicked"), "{err}");
    for w in words {
        assert!(err.contains(w), "`{w}` is missing in: {err}");
    }
    err
}

#[test]
fn empty_and_header_only() {
    let empty = refused("", 3, &["empty"]);
    let header = refused("N,loss\n", 3, &["header"]);
    assert_ne!(empty, header);
}

#[test]
fn too_few_rows_and_sizes() {
    let one = refused("N,loss\n1e6,3\n", 3, &["1 usable row", "hint:"]);
    let two = refused("N,loss\n1e6,3\n1e7,2\n", 3, &["2 usable rows", "hint:"]);
    let equal = refused("N,loss\n1e6,3\n1e6,2.9\n1e6,3.1\n1e6,3.05\n", 3, &["N", "hint:"]);
    assert_ne!(one, two);
    assert_ne!(two, equal);
}

#[test]
fn columns() {
    refused("N,N,loss\n1,2,3\n", 3, &["two columns", "`N`"]);
    refused_with(&["fit", "-", "--x", "params"], &csv(&SIZES, &BENT), 3, &["`params`", "N", "loss"]);
    refused_with(&["fit", "-", "--y", "los"], &csv(&SIZES, &BENT), 3, &["`los`", "loss"]);
    refused("N,loss\n1e6,high\n1e7,low\n1e8,low\n", 3, &["loss", "high", "line 2"]);
    refused("foo,bar\n1,2\n2,3\n3,4\n", 3, &["foo", "bar", "hint:"]);
    refused_with(&["fit", "-", "--x", "loss", "--y", "loss"], &csv(&SIZES, &BENT), 3, &["loss"]);
}

#[test]
fn values_name_line_and_column() {
    let base = |x: &str, y: &str| format!("N,loss\n1e6,3.2\n1e7,3.0\n{x},{y}\n1e9,2.5\n");
    let cases = [
        ("1e8", "NaN", vec!["line 4", "`loss`", "NaN"]),
        ("1e8", "inf", vec!["line 4", "`loss`", "inf"]),
        ("1e8", "0", vec!["line 4", "`loss`", "`0`"]),
        ("1e8", "-2", vec!["line 4", "`loss`", "`-2`", "raw"]),
        ("1e8", "", vec!["line 4", "`loss`"]),
        ("1e8", "abc", vec!["line 4", "`loss`", "abc"]),
        ("NaN", "2.8", vec!["line 4", "`N`"]),
        ("inf", "2.8", vec!["line 4", "`N`"]),
        ("0", "2.8", vec!["line 4", "`N`", "`0`"]),
        ("-5", "2.8", vec!["line 4", "`N`", "`-5`"]),
        ("1e400", "2.8", vec!["line 4", "`N`", "1e400"]),
        ("1e8", "1e400", vec!["line 4", "`loss`", "1e400"]),
        ("1e8", "65%", vec!["line 4", "`loss`", "65%", "0.65"]),
        ("1e8", "\"2,8\"", vec!["line 4", "`loss`", "2,8", "2.8"]),
    ];
    let mut seen = std::collections::HashSet::new();
    for (x, y, words) in cases {
        let err = refused(&base(x, y), 3, &words);
        assert!(seen.insert(err.clone()), "two faults share one message: {err}");
        let (code, out, err) = lawfit(&["fit", "-", "--skip-bad-rows"], &base(x, y));
        assert_eq!(code, 0, "{err}");
        assert!(out.contains("line 4"), "the row left out is listed: {out}");
    }
}

#[test]
fn decimal_commas_with_semicolons() {
    refused("N;loss\n1e6;3,2\n1e7;3,0\n1e8;2,8\n", 3, &["line 2", "3,2", "3.2"]);
}

#[test]
fn files_that_are_no_tables() {
    let dir = tempfile::tempdir().expect("folder");
    let path = |name: &str| dir.path().join(name).to_str().expect("UTF-8").to_owned();
    refused_with(&["fit", &path("nothing.csv")], "", 4, &["nothing.csv", "hint:"]);
    refused_with(&["fit", dir.path().to_str().expect("UTF-8")], "", 4, &["directory"]);
    std::fs::write(path("binary.csv"), [0x4eu8, 0x2c, 0x00, 0xff, 0xfe, 0x0a, 0x31]).expect("write");
    refused_with(&["fit", &path("binary.csv")], "", 3, &["binary.csv"]);
    std::fs::write(path("latin.csv"), b"N,loss\n1e6,3\xe9\n").expect("write");
    refused_with(&["fit", &path("latin.csv")], "", 3, &["UTF-8"]);
    std::fs::write(path("table.parquet"), b"PAR1....PAR1").expect("write");
    refused_with(&["fit", &path("table.parquet")], "", 3, &["parquet"]);
    refused_with(&["fit", "@nothing"], "", 3, &["nothing", "guide"]);
}

#[cfg(unix)]
#[test]
fn an_unreadable_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("folder");
    let path = dir.path().join("secret.csv");
    std::fs::write(&path, csv(&SIZES, &BENT)).expect("write");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("chmod");
    if std::fs::File::open(&path).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    refused_with(&["fit", path.to_str().expect("UTF-8")], "", 4, &["secret.csv"]);
}

/// A line of 300 MB fails at once, without being held in memory.
#[test]
fn a_very_long_line() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("lawfit"))
        .args(["fit", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    let mut pipe = child.stdin.take().expect("pipe");
    let writer = std::thread::spawn(move || {
        let chunk = vec![b'7'; 1 << 20];
        let _ = pipe.write_all(b"N,loss\n1e6,");
        for _ in 0..300 {
            // The program stops reading long before the end.
            if pipe.write_all(&chunk).is_err() {
                break;
            }
        }
    });
    let output = child.wait_with_output().expect("ends");
    writer.join().expect("joins");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("line 2") && err.contains("long"), "{err}");
    assert!(err.len() < 2_000, "the message does not repeat the line");
}

/// A reader that goes away early is no failure.
#[cfg(unix)]
#[test]
fn a_broken_pipe_is_quiet() {
    let bin = assert_cmd::cargo::cargo_bin("lawfit");
    let script = format!("'{}' datasets bent | true; exit ${{PIPESTATUS[0]}}", bin.display());
    let output = Command::new("bash").args(["-c", &script]).output().expect("bash");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0));
    let script = format!(
        "'{}' fit @bent --format json | head -c 10 >/dev/null; exit ${{PIPESTATUS[0]}}",
        bin.display()
    );
    let output = Command::new("bash").args(["-c", &script]).output().expect("bash");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn closed_standard_streams() {
    let bin = assert_cmd::cargo::cargo_bin("lawfit");
    let run = |script: String| Command::new("bash").args(["-c", &script]).output().expect("bash");
    let output = run(format!("'{}' fit - <&-", bin.display()));
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(3 | 4)), "{err}");
    assert!(err.starts_with("error: "), "{err}");
    let output = run(format!("'{}' fit @bent >&-", bin.display()));
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(!err.contains("panicked"), "{err}");
    assert!(matches!(output.status.code(), Some(0 | 4)), "{err}");
}

#[test]
fn flags_that_make_no_sense() {
    let usage = |args: &[&str], words: &[&str]| {
        let mut all = vec!["fit", "@bent"];
        all.extend(args);
        refused_with(&all, "", 2, words)
    };
    usage(&["--level", "95"], &["95", "0.95"]);
    usage(&["--level", "0"], &["level"]);
    usage(&["--level", "-0.5"], &["level"]);
    usage(&["--replicates", "0"], &["replicates"]);
    usage(&["--replicates", "5"], &["39"]);
    usage(&["--threads", "0"], &["threads"]);
    usage(&["--interval", "nice"], &["nice", "profile-t"]);
    usage(&["--bootstrap", "nice"], &["nice", "wild"]);
    usage(&["--solver", "nice"], &["nice", "varpro"]);
    usage(&["--form", "nice"], &["nice", "floor"]);
    usage(&["--form", "floor,floor"], &["twice"]);
    usage(&["--scale", "nice"], &["nice", "log"]);
    usage(&["--form", "floor", "--scale", "logit"], &["contradicts"]);
    usage(&["--plot", "x.gif"], &[".svg", ".png"]);
    usage(&["--plot", "x.svg", "--output", "x.svg"], &["same file"]);
    usage(&["--at", "abc"], &["abc"]);
    usage(&["--at", "-5"], &["--at"]);
    usage(&["--target", "x"], &["--target"]);
    usage(&["--where", "N <"], &["N"]);
    let (code, _, err) = lawfit(&["predict", "@bent"], "");
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("--at") && err.contains("--target"));
}

#[test]
fn a_form_that_does_not_suit_the_data() {
    refused_with(&["fit", "@guide", "--form", "floor"], "", 3, &["floor", "rises"]);
    refused_with(&["fit", "@bent", "--form", "logit-power"], "", 3, &["line 2", "between 0 and 1"]);
    refused_with(
        &["fit", "-", "--form", "floor"],
        "N,loss\n1e6,3\n1e7,2.5\n1e8,2.2\n",
        3,
        &["3 parameters", "3 rows"],
    );
}

#[test]
fn selections_that_leave_nothing() {
    refused_with(&["fit", "@bent", "--where", "N > 1e30"], "", 3, &["N > 1e30"]);
    refused_with(&["fit", "@bent", "--drop-largest", "99"], "", 3, &["99", "12"]);
    refused_with(&["fit", "@bent", "--where", "C < 1"], "", 3, &["`C`"]);
}

#[test]
fn output_that_cannot_be_written_leaves_nothing() {
    let dir = tempfile::tempdir().expect("folder");
    let missing = dir.path().join("no/such/folder/law.json");
    let (code, out, err) = lawfit(&["fit", "@bent", "--output", missing.to_str().expect("UTF-8")], "");
    assert_eq!(code, 4, "{err}");
    assert!(out.is_empty() && err.contains("law.json"));
    let (code, _, err) =
        lawfit(&["fit", "@bent", "--plot", dir.path().join("no/law.svg").to_str().expect("UTF-8")], "");
    assert_eq!(code, 4, "{err}");
    // A failing analysis does not touch a file that is there.
    let kept = dir.path().join("kept.json");
    std::fs::write(&kept, "precious").expect("write");
    let (code, _, _) = lawfit(&["fit", "-", "--output", kept.to_str().expect("UTF-8")], "N,loss\n1,1\n");
    assert_eq!(code, 3);
    assert_eq!(std::fs::read_to_string(&kept).expect("read"), "precious");
    assert_eq!(std::fs::read_dir(dir.path()).expect("folder").count(), 1, "no drafts are left");
}

#[test]
fn saved_results_are_checked() {
    let (_, saved, _) = lawfit(&["fit", "@bent", "--format", "json"], "");
    refused_with(&["predict", "-", "--at", "1e12", "--x", "N"], &saved, 2, &["saved result"]);
    refused_with(&["predict", "-", "--at", "1e12"], &saved.replace("5.3965", "5.3966"), 3, &["fingerprint"]);
    refused_with(
        &["predict", "-", "--at", "1e12"],
        &saved.replace("\"schema_version\": 1", "\"schema_version\": 9"),
        3,
        &["9"],
    );
    refused_with(&["predict", "-", "--at", "1e12"], "{\"schema_version\": 1}", 3, &["data"]);
}

/// Residuals of zero: the report says that intervals mean nothing, and no table holds NaN.
#[test]
fn an_exact_law() {
    let y: Vec<f64> = SIZES.iter().map(|x| 8.5 * x.powf(-0.07)).collect();
    let (code, out, err) = lawfit(&["fit", "-", "--target", "1.5"], &csv(&SIZES, &y));
    assert_eq!(code, 0, "{err}");
    assert!(out.replace("\n  ", " ").contains("intervals mean nothing"), "{out}");
    assert!(!out.contains("NaN"), "{out}");
    let (code, _, err) = lawfit(&["fit", "-", "--strict"], &csv(&SIZES, &y));
    assert_eq!(code, 1, "{err}");
    let y: Vec<f64> = SIZES.iter().map(|x| 1.7 + 400.0 * x.powf(-0.34)).collect();
    let (code, out, err) = lawfit(&["fit", "-", "--target", "1.8", "--at", "1e12"], &csv(&SIZES, &y));
    assert_eq!(code, 0, "{err}");
    assert!(!out.contains("NaN"), "{out}");
}

/// A response that does not change at all.
#[test]
fn a_constant_response() {
    let (code, out, err) = lawfit(&["fit", "-", "--target", "1.5"], &csv(&SIZES, &[2.0; 12]));
    assert!(code == 0 || code == 3, "{code} {err}");
    assert!(!out.contains("NaN") && !err.contains("panicked"), "{out}{err}");
}

#[test]
fn a_million_rows_work() {
    let mut text = String::from("N,loss\n");
    let mut state = 1u64;
    for k in 0..1_000_000u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let noise = (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
        let x = 1e6 * 10f64.powf(4.0 * (k as f64) / 1e6);
        let y = (1.7 + 400.0 * x.powf(-0.34)) * (0.03 * noise).exp();
        text.push_str(&format!("{x:.0},{y:.6}\n"));
    }
    let r = common::json(&["fit", "-"], &text);
    let floor = common::fit(&r, "floor");
    assert_eq!(r["data"]["rows"], 1_000_000);
    assert_close!(common::number(&common::param(floor, "alpha")["estimate"]), 0.34, rel 1e-3, abs 0.0);
    assert_eq!(floor["converged"], true);
}
