//! The study of coverage: independent cells that give the same bytes however they are run, and known coverages.

use assert_cmd::Command;
use lawfit::benchmark::coverage::{
    Header, Measure, Panel, Row, Settings, Study, StudyError, cells, isoflop, run,
};
use lawfit::uncertainty::Level;
use std::collections::HashSet;

fn settings(sets: usize, methods: &[&str]) -> Settings {
    let ids: Vec<String> = methods.iter().map(|m| (*m).to_owned()).collect();
    let panel = Panel::named(&ids).expect("methods of the catalogue");
    let measure = Measure { panel, level: Level::default(), replicates: 39 };
    Settings { seed: 7, sets, measure }
}

fn rows(id: &str, settings: &Settings) -> Vec<Row> {
    let cells = cells();
    let cell = cells.iter().find(|c| c.id == id).expect("a cell of the study");
    run(cell, settings, &|| (), &|| false).expect("a law in its domain").expect("not stopped")
}

#[test]
fn every_cell_can_be_drawn_and_has_a_name_of_its_own() {
    let cells = cells();
    let names: HashSet<&str> = cells.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(names.len(), cells.len());
    for cell in &cells {
        let sampler = cell.sampler().expect("a law in its domain");
        let (a, b) = (sampler.draw(1, 0).expect("finite"), sampler.draw(1, 0).expect("finite"));
        assert_eq!(a.fingerprint(), b.fingerprint(), "{}", cell.id);
        assert_ne!(a.fingerprint(), sampler.draw(1, 1).expect("finite").fingerprint(), "{}", cell.id);
        assert_ne!(a.fingerprint(), sampler.draw(2, 0).expect("finite").fingerprint(), "{}", cell.id);
        assert_eq!(a.nobs(), cell.rows());
    }
    for n in [30, 60, 240] {
        assert_eq!(isoflop(n).len(), n);
    }
}

#[test]
fn threads_do_not_matter() {
    let settings = settings(30, &["auto", "t", "hc3", "wild-percentile", "pairs-bca"]);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| ["line-t3-n6", "floor-d7-n6"].map(|id| rows(id, &settings)))
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn shards_merge_to_the_bytes_of_one_run() {
    let settings = settings(20, &["auto", "t", "residual-percentile"]);
    let ids = ["line-normal-n4", "line-normal-n6", "floor-d3-n6", "clusters-g3"];
    let study = |ids: &[&str]| {
        let mut study = Study::new(Header::of(&settings));
        ids.iter().for_each(|id| study.add(rows(id, &settings)));
        study
    };
    let whole = study(&ids).to_csv();
    // Parts in any order, one cell in both, by way of their files.
    let read = |s: &Study| Study::parse("part", &s.to_csv()).expect("its own bytes");
    let mut merged = read(&study(&[ids[3], ids[1]]));
    merged.merge("second", read(&study(&[ids[2], ids[0], ids[1]]))).expect("parts of one study");
    assert_eq!(merged.to_csv(), whole);

    let mut other = study(&[ids[0]]);
    other.header.seed = 8;
    assert!(matches!(merged.merge("other", other), Err(StudyError::Other { .. })));
    let mut changed = study(&[ids[0]]);
    changed.rows[0].tally.covered += 1;
    assert!(matches!(merged.merge("changed", changed), Err(StudyError::Differs { .. })));
    assert!(matches!(Study::parse("x", "N,loss\n1,2\n"), Err(StudyError::NoStudy { .. })));
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    let settings = settings(20, &["auto", "t", "residual-percentile"]);
    let mut study = Study::new(Header::of(&settings));
    ["line-normal-n4", "floor-d3-n6"].iter().for_each(|id| study.add(rows(id, &settings)));
    let refused = |change: &dyn Fn(&mut Row)| {
        let mut changed = study.clone();
        change(&mut changed.rows[1]);
        let found = Study::parse("x", &changed.to_csv());
        assert!(matches!(found, Err(StudyError::Inconsistent { line: 4, .. })), "{found:?}");
    };
    refused(&|r| r.cell = "line-normal-n5".to_owned());
    refused(&|r| r.form = "floor".to_owned());
    refused(&|r| r.tally.sets += 1);
    refused(&|r| r.tally.covered += 1);
    refused(&|r| r.tally.covered = usize::MAX);
    refused(&|r| r.tally.open_sides = 41);
    refused(&|r| r.tally.failed_refits = r.tally.refits + 1);
    refused(&|r| r.tally.median_width = Some(-1.0));
    refused(&|r| r.tally.median_width = Some(f64::NAN));
    refused(&|r| r.method = "auto".to_owned());
    assert!(Study::parse("x", &study.to_csv()).is_ok());
}

#[test]
fn a_cell_that_is_cut_short_is_run_again_or_refused() {
    let settings = settings(20, &["auto", "t", "residual-percentile"]);
    let mut study = Study::new(Header::of(&settings));
    ["line-normal-n4", "floor-d3-n6"].iter().for_each(|id| study.add(rows(id, &settings)));
    let whole = study.to_csv();
    let lines: Vec<&str> = whole.lines().collect();
    let last_row = lines[..lines.len() - 1].join("\n") + "\n";
    // Without a row, and cut in the middle of one, down to its line's end.
    for text in [last_row.as_str(), &whole[..whole.len() - 1], &whole[..whole.len() - 9]] {
        let refused = Study::parse("x", text);
        assert!(
            matches!(&refused, Err(StudyError::Incomplete { cell, .. }) if cell == "floor-d3-n6"),
            "{refused:?}"
        );
        let (kept, cut) = Study::resume("x", text).expect("the other cell");
        assert_eq!(cut.as_deref(), Some("floor-d3-n6"));
        assert!(kept.has("line-normal-n4") && !kept.has("floor-d3-n6") && kept.rows.len() == 3);
    }
    // A cell before the last is not what a cut leaves.
    let gap = [&lines[..3], &lines[4..]].concat().join("\n") + "\n";
    let refused = Study::resume("x", &gap);
    assert!(
        matches!(&refused, Err(StudyError::Incomplete { cell, .. }) if cell == "line-normal-n4"),
        "{refused:?}"
    );
    assert_eq!(study.missing().len(), cells().len() - 2);
    assert_eq!(Study::resume("x", &whole), Ok((study, None)));
}

/// The exact set is for errors on a law's own scale, and a line has t: neither it nor its row belongs to the cell.
#[test]
fn a_row_of_a_method_that_does_not_suit_the_cell_is_refused() {
    let settings = settings(20, &["exact-set", "t"]);
    let mut study = Study::new(Header::of(&settings));
    study.add(rows("line-normal-n4", &settings));
    assert_eq!(study.rows.len(), 1);
    assert!(Study::parse("x", &study.to_csv()).expect("a study").has("line-normal-n4"));
    study.rows.insert(0, Row { method: "exact-set".to_owned(), ..study.rows[0].clone() });
    assert!(Study::parse("x", &study.to_csv()).is_err());
}

#[test]
fn a_method_with_one_resampler_goes_by_its_own_name() {
    let panel = Panel::named(&["subsampling".to_owned()]).expect("a method");
    assert_eq!(panel.describe(), "subsample-subsampling");
}

#[test]
fn a_cell_that_is_stopped_gives_nothing() {
    let cells = cells();
    let stopped = run(&cells[0], &settings(50, &["t"]), &|| (), &|| true).expect("a law in its domain");
    assert_eq!(stopped, None);
}

/// Exact for a line with normal errors; the leverage-corrected percentile at n = 6 covers 87 to 88% (METHODS, section 3).
#[test]
fn known_coverages_are_found() {
    let sets = 1_000;
    let ids = ["auto", "t", "residual-percentile"].map(str::to_owned);
    let measure =
        Measure { panel: Panel::named(&ids).expect("methods"), level: Level::default(), replicates: 199 };
    let found = rows("line-normal-n6", &Settings { seed: 3, sets, measure });
    let of = |method: &str| &found.iter().find(|r| r.method == method).expect("judged").tally;
    let t = of("t");
    assert_eq!((t.sets, t.failed_fits, t.unavailable, t.refits), (sets, 0, 0, 0));
    let coverage = t.coverage().expect("given");
    assert!((coverage - 0.95).abs() <= 3.3 * t.standard_error(0.95), "{coverage}");
    let residual = of("residual-percentile");
    let coverage = residual.coverage().expect("given");
    assert!((0.85..=0.91).contains(&coverage), "{coverage}");
    assert_eq!(residual.refits, 199 * sets);
    assert_eq!(t.covered + t.missed_below + t.missed_above, sets);
}

fn lawfit(args: &[&str]) -> (String, String, i32) {
    let out = Command::cargo_bin("lawfit").expect("built").args(args).output().expect("ran");
    let text = |b: Vec<u8>| String::from_utf8(b).expect("UTF-8");
    (text(out.stdout), text(out.stderr), out.status.code().unwrap_or(-1))
}

#[test]
fn the_program_resumes_shards_merges_and_refuses() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (whole, one, two, joined) = (path("whole.csv"), path("1.csv"), path("2.csv"), path("joined.csv"));
    let base = ["bench", "coverage", "--group", "clusters", "--sets", "20", "--methods", "auto,t,hc3"];
    let go = |more: &[&str]| {
        let (_, err, code) = lawfit(&[&base[..], more].concat());
        assert_eq!(code, 0, "{err}");
    };
    let bytes = |p: &str| std::fs::read(p).expect("written");
    go(&["--output", &whole]);
    go(&["--shard", "1/2", "--output", &one]);
    go(&["--shard", "2/2", "--output", &two, "--threads", "1"]);
    let (_, err, code) = lawfit(&["bench", "coverage", "--merge", &two, &one, "--output", &joined]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(bytes(&joined), bytes(&whole));
    // A part goes on to the whole.
    go(&["--output", &one]);
    assert_eq!(bytes(&one), bytes(&whole));
    let (_, err, code) = lawfit(&[&base[..], &["--seed", "2", "--output", &whole]].concat());
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("of another study") && err.contains("seed 1"), "{err}");
    let (out, _, code) = lawfit(&["bench", "coverage", "--from", &whole, "--format", "md"]);
    assert_eq!(code, 0);
    assert!(out.contains("## clusters") && out.contains("| clusters-g3 | alpha |"), "{out}");
    let (out, _, _) = lawfit(&["bench", "coverage", "--list", "--group", "broken"]);
    assert_eq!(out, "broken-n16\nbroken-n30\n");
    assert_eq!(lawfit(&["bench", "coverage", "--from", &whole, "--seed", "1"]).2, 2);
    let (_, err, _) = lawfit(&["bench", "coverage", "--from", &whole]);
    assert!(err.contains("cells of the study are missing: line-normal-n4, line-normal-n6"), "{err}");
    // A file that was cut short is mended.
    let text = String::from_utf8(bytes(&whole)).expect("UTF-8");
    std::fs::write(&one, &text[..text.len() - 20]).expect("written");
    go(&["--output", &one]);
    assert_eq!(bytes(&one), bytes(&whole));
    let line = ["bench", "coverage", "--cell", "line-normal-n4", "--sets", "20"];
    let with = |more: &[&str]| lawfit(&[&line[..], more].concat());
    let (_, err, code) = with(&["--methods", "wild-cluster-t"]);
    assert!(code == 2 && err.contains("none of them suits"), "{err}");
    let (_, err, code) = with(&["--group", "floor"]);
    assert!(code == 2 && err.contains("no cell chosen") && err.contains("--list"), "{err}");
    let (_, err, code) = with(&["--methods", "t", "--shard", "2/2"]);
    assert!(code == 0 && err.contains("has no cell"), "{err}");
    assert_eq!(with(&["--methods", "t", "--output", &path("nodir/x.csv")]).2, 4);
    assert_eq!(lawfit(&["bench", "coverage", "--shard", "3/2"]).2, 2);
    assert_eq!(lawfit(&["bench", "coverage", "--cell", "nothing"]).2, 2);
    assert_eq!(lawfit(&["bench", "coverage", "--methods", "magic"]).2, 2);
}
