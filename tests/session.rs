//! Sessions as a user has them: the README's words, the views, the files, the formats.

mod common;

use common::{fit, json, lawfit, number, param};

#[test]
fn the_readme_begins_with_two_commands() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README");
    let block: Vec<&str> = readme
        .lines()
        .skip_while(|l| !l.starts_with("```"))
        .skip(1)
        .take_while(|l| !l.starts_with("```"))
        .collect();
    assert_eq!(block.len(), 2, "{block:?}");
    assert!(block[0].starts_with("cargo run --release") && block[0].contains("fit @cerebras-gpt"));
    assert!(block[1].starts_with("cargo test"));
}

/// Every `lawfit ...` line of the README's console blocks on built-in data runs.
#[test]
fn the_readme_commands_run() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README");
    let dir = tempfile::tempdir().expect("folder");
    let mut ran = 0;
    for line in readme.lines().filter_map(|l| l.strip_prefix("lawfit ")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        // Lines about a user's own file are shapes, not commands that can run here.
        if words.iter().any(|w| w.starts_with("runs.")) || line.contains('|') {
            continue;
        }
        let output = assert_cmd::Command::cargo_bin("lawfit")
            .expect("built")
            .current_dir(dir.path())
            .args(&words)
            .output()
            .expect("runs");
        assert!(output.status.success(), "lawfit {line}: {}", String::from_utf8_lossy(&output.stderr));
        ran += 1;
    }
    assert!(ran >= 4, "only {ran} commands were found");
}

#[test]
fn cerebras_floor_lies_on_its_bound_and_nothing_breaks() {
    for resampler in ["pairs", "residual", "wild"] {
        let r =
            json(&["fit", "@cerebras-gpt", "--bootstrap", resampler, "--target", "1.3", "--at", "1e12"], "");
        let floor = fit(&r, "floor");
        let e = param(floor, "E");
        assert_eq!(number(&e["estimate"]), 0.0);
        assert_eq!(e["at_bound"], true);
        assert_eq!(floor["converged"], true);
        let (low, high) = common::limits(e, "profile-t");
        assert_eq!(low, 0.0);
        assert!(high > 0.5 && high < 1.575);
        let alpha = number(&param(floor, "alpha")["estimate"]);
        assert_close!(alpha, number(&param(fit(&r, "power"), "alpha")["estimate"]), rel 1e-10, abs 0.0);
        assert!(r["findings"].as_array().expect("array").iter().any(|f| f["id"] == "floor-at-zero"));
        assert!(r["findings"].as_array().expect("array").iter().any(|f| f["id"] == "floor-not-separable"));
        for i in e["intervals"].as_array().expect("array") {
            assert!(i["failed"].is_null() || number(&i["failed"]) < 100.0, "{i}");
        }
        let p = r["predictions"]
            .as_array()
            .expect("array")
            .iter()
            .find(|p| p["form"] == "floor")
            .expect("floor")
            .clone();
        assert!(
            number(&p["mean"]["low"]) < number(&p["estimate"])
                && number(&p["estimate"]) < number(&p["mean"]["high"])
        );
        assert!(number(&p["new_run"]["low"]) <= number(&p["mean"]["low"]));
    }
    let (_, text, _) = lawfit(&["fit", "@cerebras-gpt"], "");
    assert!(text.contains("E = 0") && text.contains("no evidence against a floor"));
    assert!(text.contains("guessed"));
}

/// No NaN or infinity, and every key of the contract, in every report on built-in data.
#[test]
fn json_keeps_the_contract() {
    for set in ["@bent", "@pure", "@kink", "@replicates", "@guide", "@cerebras-gpt"] {
        let r = json(&["fit", set, "--target", "1.2"], "");
        assert_eq!(r["schema_version"], 1);
        for key in [
            "lawfit",
            "command",
            "seed",
            "data",
            "fits",
            "comparison",
            "verdict",
            "findings",
            "predictions",
            "inversions",
        ] {
            assert!(!r[key].is_null(), "{set}: {key}");
        }
        for key in ["source", "fingerprint", "rows", "x", "y", "dropped"] {
            assert!(!r["data"][key].is_null(), "{set}: data.{key}");
        }
        for f in r["fits"].as_array().expect("array") {
            for key in [
                "form",
                "formula",
                "loss",
                "scale",
                "objective",
                "sse",
                "sigma",
                "dof",
                "converged",
                "stationarity",
                "termination",
                "params",
                "residuals",
                "predictions",
            ] {
                assert!(!f[key].is_null(), "{set}: fits.{key}");
            }
            assert!(number(&f["stationarity"]) < 1e-8, "{set} {}", f["form"]);
            for p in f["params"].as_array().expect("array") {
                let intervals = p["intervals"].as_array().expect("array");
                assert_eq!(intervals.iter().filter(|i| i["lead"] == true).count(), 1, "{set}: {p}");
                assert_eq!(intervals[0]["lead"], true);
                for i in intervals {
                    for key in ["method", "level", "lead"] {
                        assert!(!i[key].is_null());
                    }
                    assert!(i.as_object().expect("object").contains_key("draws"));
                }
            }
        }
        for key in ["shape", "noise", "text"] {
            assert!(!r["verdict"][key].is_null(), "{set}: verdict.{key}");
        }
        for f in r["findings"].as_array().expect("array") {
            for key in ["id", "severity", "meaning", "advice"] {
                assert!(f[key].is_string(), "{set}: {f}");
            }
        }
    }
}

#[test]
fn a_saved_result_gives_the_same_prediction() {
    let dir = tempfile::tempdir().expect("folder");
    let saved = dir.path().join("law.json");
    let saved = saved.to_str().expect("UTF-8");
    let (code, out, err) = lawfit(
        &[
            "fit", "@bent", "--form", "floor", "--level", "0.9", "--seed", "4", "--format", "json",
            "--output", saved,
        ],
        "",
    );
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    let again = json(&["predict", saved, "--at", "1e12"], "");
    let direct =
        json(&["predict", "@bent", "--form", "floor", "--level", "0.9", "--seed", "4", "--at", "1e12"], "");
    assert_eq!(again["predictions"], direct["predictions"]);
    assert_eq!(again["fits"], direct["fits"]);
    assert_eq!(again["level"], 0.9);
}

#[test]
fn every_format_renders() {
    let (_, csv, _) = lawfit(&["fit", "@bent", "--format", "csv"], "");
    assert_eq!(csv.lines().count(), 6);
    assert!(csv.starts_with("form,parameter,estimate"));
    let (_, md, _) = lawfit(&["fit", "@bent", "--format", "md"], "");
    assert!(md.contains("| floor | alpha | 0.3467 | 0.0060 | 0.3339 | 0.3603 | 95% | spread-t |"), "{md}");
    let (_, md, _) = lawfit(&["fit", "@bent", "--interval", "profile-t", "--format", "md"], "");
    assert!(md.contains("| floor | alpha | 0.3467 | 0.0060 | 0.3332 | 0.3603 | 95% | profile-t |"), "{md}");
    let (_, csv, _) = lawfit(&["predict", "@bent", "--at", "1T", "--target", "1.8", "--format", "csv"], "");
    assert_eq!(csv.lines().count(), 5, "{csv}");
    assert!(csv.contains("prediction,floor,1000000000000,1.7400916250"), "{csv}");
    let (_, csv, _) = lawfit(&["compare", "@bent", "--format", "csv"], "");
    assert!(csv.starts_with("form,sse,aic") && csv.lines().count() == 3, "{csv}");
    let (_, latex, _) = lawfit(&["fit", "@bent", "--format", "latex"], "");
    assert!(latex.contains("\\begin{tabular}") && latex.contains("$\\alpha$"));
    let (_, text, _) = lawfit(&["compare", "@bent"], "");
    assert!(text.contains("Comparison") && !text.contains("Does the simple"));
    let (_, text, _) = lawfit(&["predict", "@bent", "--at", "1T", "--target", "1.8"], "");
    assert!(text.contains("1T") && text.contains("1.740"), "{text}");
}

#[test]
fn pictures_are_whole_and_valid() {
    let dir = tempfile::tempdir().expect("folder");
    for set in ["@bent", "@cerebras-gpt", "@guide"] {
        let svg = dir.path().join("law.svg");
        let (code, _, err) = lawfit(&["fit", set, "--plot", svg.to_str().expect("UTF-8")], "");
        assert_eq!(code, 0, "{err}");
        let text = std::fs::read_to_string(&svg).expect("written");
        assert!(text.starts_with("<svg") || text.starts_with("<?xml"));
        assert!(text.trim_end().ends_with("</svg>"));
        assert!(!text.contains("NaN") && !text.contains("inf"));
    }
    #[cfg(feature = "png")]
    {
        let png = dir.path().join("law.PNG");
        let (code, _, err) = lawfit(&["fit", "@bent", "--plot", png.to_str().expect("UTF-8")], "");
        assert_eq!(code, 0, "{err}");
        assert!(std::fs::read(&png).expect("written").starts_with(b"\x89PNG"));
    }
}

#[test]
fn data_come_in_every_format() {
    let reference = json(&["fit", "-"], "N,loss\n100M,3.0\n1B,2.5\n10B,2.2\n100B,1.9\n1T,1.75\n");
    let same = [
        "\u{feff}N\tloss\r\n100M\t3.0\r\n1B\t2.5\r\n10B\t2.2\r\n100B\t1.9\r\n1T\t1.75\r\n",
        "# a comment\nN;loss\n\"100,000,000\";3.0\n1_000_000_000;2.5\n10B;2.2\n1e11;1.9\n1T;1.75\n",
        "[{\"N\": 1e8, \"loss\": 3.0}, {\"N\": \"1B\", \"loss\": 2.5}, {\"N\": 1e10, \"loss\": 2.2}, {\"N\": 1e11, \"loss\": 1.9}, {\"N\": 1e12, \"loss\": 1.75}]",
        "{\"N\": 1e8, \"loss\": 3.0}\n{\"N\": 1e9, \"loss\": 2.5}\n{\"N\": 1e10, \"loss\": 2.2}\n{\"N\": 1e11, \"loss\": 1.9}\n{\"N\": 1e12, \"loss\": 1.75}\n",
    ];
    for text in same {
        let r = json(&["fit", "-"], text);
        assert_eq!(r["data"]["fingerprint"], reference["data"]["fingerprint"], "{text}");
        assert_eq!(r["fits"], reference["fits"]);
    }
}

#[test]
fn filters_select_rows() {
    let all = json(&["fit", "@bent", "--drop-largest", "2"], "");
    let where_ = json(&["fit", "@bent", "--where", "N <= 1B"], "");
    assert_eq!(all["data"]["rows"], 10);
    assert_eq!(all["fits"], where_["fits"]);
    assert_eq!(all["data"]["dropped"].as_array().expect("array").len(), 2);
}

#[test]
fn simulated_data_can_be_fitted() {
    let (code, text, err) = lawfit(
        &[
            "simulate",
            "--form",
            "floor",
            "--param",
            "E=1.69",
            "--param",
            "A=406.4",
            "--param",
            "alpha=0.34",
            "--sizes",
            "20",
            "--seed",
            "3",
        ],
        "",
    );
    assert_eq!(code, 0, "{err}");
    assert!(text.starts_with("# simulated by lawfit"));
    let r = json(&["fit", "-"], &text);
    let (low, high) = common::limits(param(fit(&r, "floor"), "alpha"), "profile-t");
    assert!(low < 0.34 && 0.34 < high);
    let (code, _, err) = lawfit(&["simulate", "--form", "floor", "--param", "E=1"], "");
    assert_eq!(code, 2);
    assert!(err.contains("`A`") && err.contains("missing"), "{err}");
}

#[test]
fn lists_and_completions() {
    let (_, forms, _) = lawfit(&["forms"], "");
    for id in lawfit::form::ids() {
        assert!(forms.contains(id));
    }
    let (_, sets, _) = lawfit(&["datasets"], "");
    for id in ["@guide", "@cerebras-gpt", "@bent", "@pure", "@kink", "@replicates"] {
        assert!(sets.contains(id));
    }
    let (code, script, _) = lawfit(&["completions", "bash"], "");
    assert_eq!(code, 0);
    assert!(script.contains("lawfit"));
}

/// The simple line through a real file of another source: mammals' brains, slope as R's MASS documents it.
#[test]
fn a_real_file_from_the_shared_data() {
    let Some(path) = common::shared("data/classic-power-laws/data.csv") else { return };
    let head = std::fs::read_to_string(&path).expect("readable");
    assert!(head.lines().count() > 500);
    let r = json(
        &[
            "fit",
            path.to_str().expect("UTF-8"),
            "--where",
            "set == mammals_brain",
            "--x",
            "x",
            "--y",
            "y",
            "--form",
            "power",
        ],
        "",
    );
    let alpha = param(fit(&r, "power"), "alpha");
    // R 4.2.2, lm(log(brain) ~ log(body)) on MASS::mammals, 5 printed digits.
    assert_close!(number(&alpha["estimate"]), -0.75169, rel 0.0, abs 5e-6);
    assert_close!(number(&alpha["std_error"]), 0.02846, rel 0.0, abs 5e-6);
}

/// The simulated sets are what the commands of datasets/README.md write: the same rows, to the last digits of the platform.
#[test]
fn simulated_sets_are_reproducible() {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/README.md")).expect("README");
    let commands: Vec<Vec<&str>> = readme
        .lines()
        .filter_map(|l| l.strip_prefix("lawfit "))
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(commands.len(), 3);
    let numbers = |text: &str| -> Vec<f64> {
        text.lines()
            .filter(|l| !l.starts_with(['#', 'N']))
            .flat_map(|l| l.split(','))
            .map(|v| v.parse().expect("a number"))
            .collect()
    };
    for (words, set) in commands.iter().zip(["sim-power", "sim-floor", "sim-accuracy"]) {
        let (code, text, err) = lawfit(words, "");
        assert_eq!(code, 0, "{err}");
        let (_, built_in, _) = lawfit(&["datasets", set], "");
        let (a, b) = (numbers(&text), numbers(&built_in));
        assert_eq!(a.len(), b.len(), "{set}");
        for (a, b) in a.iter().zip(&b) {
            assert_close!(*a, *b, rel 1e-13, abs 0.0);
        }
    }
}

/// The bootstrap that the text prints is the one that the JSON names, for every resampler.
#[test]
fn the_second_opinion_is_one_and_the_same() {
    let expected = [
        ("pairs", "pairs-percentile", "pairs-percentile"),
        ("residual", "residual-bootstrap-t", "residual-percentile"),
        ("wild", "wild-percentile", "wild-percentile"),
    ];
    for (resampler, line, curve) in expected {
        let r = json(&["fit", "@bent", "--bootstrap", resampler], "");
        assert_eq!(fit(&r, "power")["second_opinion"], line);
        assert_eq!(fit(&r, "floor")["second_opinion"], curve);
        let (_, text, _) = lawfit(&["fit", "@bent", "--bootstrap", resampler], "");
        for method in [line, curve] {
            assert!(text.contains(&format!("second opinion ({method}, 1,999 draws)")), "{text}");
        }
    }
}
