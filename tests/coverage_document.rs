//! docs/COVERAGE.md is made from the committed study, which holds what is said of it and is what this program gives.
//!
//! The study: `lawfit bench coverage --output docs/coverage.csv` (2,000 data sets a cell, seed 1). Regenerate the page with
//! `LAWFIT_UPDATE_DOCS=1 cargo test --release --test coverage_document`.

use lawfit::benchmark::coverage::{AUTO, Measure, Panel, Row, Settings, Study, cells, run};
use lawfit::report::{coverage, study::Style};
use lawfit::uncertainty::Level;
use std::fmt::Write as _;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{ROOT}/{path}")).expect(path).replace("\r\n", "\n")
}

fn committed() -> Study {
    Study::parse("docs/coverage.csv", &read("docs/coverage.csv")).expect("a study of this version")
}

/// What one of the peers gives in a cell.
struct Peer {
    cell: String,
    method: String,
    coverage: f64,
    width: f64,
    remark: String,
}

fn peers() -> Vec<Peer> {
    let text = read("docs/coverage-peers.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let record = |r: Result<csv::StringRecord, csv::Error>| {
        let r = r.expect("a row of five cells");
        let number = |k: usize| r[k].parse().expect("a number");
        Peer {
            cell: r[0].to_owned(),
            method: r[1].to_owned(),
            coverage: number(2),
            width: number(3),
            remark: r[4].to_owned(),
        }
    };
    reader.records().map(record).collect()
}

/// Targets of the study, each with its rows.
fn targets(study: &Study) -> Vec<&[Row]> {
    study.rows.chunk_by(|a, b| a.cell == b.cell && a.target == b.target).collect()
}

fn auto(rows: &[Row]) -> &Row {
    rows.iter().find(|r| r.method == AUTO).expect("every cell judges the default")
}

/// Ours and the peers' in the cells that both have, a table a design.
fn beside(study: &Study, peers: &[Peer]) -> String {
    let mut out = String::new();
    for (title, prefix) in [
        ("A line, 5% errors", "line-normal-"),
        ("A floor, four decades, 0.5% errors", "floor-lognormal-0.5%-"),
        ("A floor, four decades, 2% errors", "floor-lognormal-2%-"),
        ("A floor, two decades, 0.5% errors", "floor-lognormal-short-0.5%-"),
        ("A floor, two decades, 2% errors", "floor-lognormal-short-2%-"),
    ] {
        let own: Vec<&[Row]> = targets(study).into_iter().filter(|r| r[0].cell.starts_with(prefix)).collect();
        let heads: Vec<&str> = own.iter().map(|r| &r[0].cell[prefix.len()..]).collect();
        let _ = write!(
            out,
            "#### {title}\n\n| method | {} |\n|{}\n",
            heads.join(" | "),
            "---|".repeat(heads.len() + 1)
        );
        let mut row = |name: &str, cells: Vec<String>| {
            let _ = writeln!(out, "| {name} | {} |", cells.join(" | "));
        };
        let ours = own.iter().map(|rows| {
            let t = &auto(rows).tally;
            let (c, w) = (t.coverage().expect("given"), t.median_width.expect("closed"));
            format!("**{:.1} ({})**", 100.0 * c, four(w))
        });
        row("**lawfit, `auto`**", ours.collect());
        let mut methods: Vec<&str> = Vec::new();
        for p in peers.iter().filter(|p| own.iter().any(|r| r[0].cell == p.cell)) {
            if !methods.contains(&p.method.as_str()) {
                methods.push(&p.method);
            }
        }
        for method in methods {
            let cells = own.iter().map(|rows| {
                peers.iter().find(|p| p.cell == rows[0].cell && p.method == method).map_or_else(
                    || "-".to_owned(),
                    |p| {
                        let remark =
                            if p.remark.is_empty() { String::new() } else { format!(", {}", p.remark) };
                        format!("{:.1} ({}){remark}", 100.0 * p.coverage, four(p.width))
                    },
                )
            });
            row(method, cells.collect());
        }
        out.push('\n');
    }
    out
}

/// A width as the peers' table has it.
fn four(width: f64) -> String {
    format!("{width:.4}")
}

fn part(name: &str, made: &str, page: &str) -> String {
    let open = format!("<!-- made: {name} -->\n");
    let from = page.find(&open).unwrap_or_else(|| panic!("docs/COVERAGE.md has no `{name}`")) + open.len();
    let to = from + page[from..].find("<!-- end -->").expect("an end");
    format!("{}{made}{}", &page[..from], &page[to..])
}

#[test]
fn the_page_is_made_from_the_study() {
    let (study, page) = (committed(), read("docs/COVERAGE.md"));
    let made = part("rule", &read("docs/AUTO.md"), &page);
    let made = part("peers", &beside(&study, &peers()), &made);
    let made = part("study", &coverage::render(&study, Style::Markdown), &made);
    if std::env::var_os("LAWFIT_UPDATE_DOCS").is_some() {
        std::fs::write(format!("{ROOT}/docs/COVERAGE.md"), made).expect("writable");
        return;
    }
    assert!(
        made == page,
        "docs/COVERAGE.md is out of date: LAWFIT_UPDATE_DOCS=1 cargo test --release --test coverage_document"
    );
}

/// Nominal 95%: 93.5 to 96.5% in nine cells of ten, nowhere below 92%, nowhere wider than 1.25 times the narrowest
/// method that covers (93.5%) and gives an interval for 95% of the fits.
#[test]
fn the_default_holds_in_the_whole_study() {
    let study = committed();
    assert!(study.header.sets >= 2_000);
    for cell in cells() {
        assert!(study.has(&cell.id), "{} is missing", cell.id);
    }
    let targets = targets(&study);
    let covers = |r: &Row| r.tally.coverage().unwrap_or(0.0);
    let hits = targets.iter().filter(|t| (0.935..=0.965).contains(&covers(auto(t)))).count();
    assert!(10 * hits >= 9 * targets.len(), "{hits} of {}", targets.len());
    for rows in targets {
        let auto = auto(rows);
        let what = format!("{} {}", auto.cell, auto.target);
        assert!(covers(auto) >= 0.92, "{what}: {}", covers(auto));
        let width = |r: &Row| r.tally.median_width.unwrap_or(f64::INFINITY);
        let rivals = rows.iter().filter(|r| covers(r) >= 0.935 && r.tally.missing() <= 0.05);
        let narrowest = rivals.map(width).fold(f64::INFINITY, f64::min);
        assert!(width(auto) <= 1.25 * narrowest, "{what}: {} against {narrowest}", width(auto));
    }
}

/// Cells are what this program gives: counts and widths exactly.
#[test]
fn cells_of_the_study_come_out_again() {
    let study = committed();
    let methods: Vec<String> = ["auto", "t", "hc3", "spread-t", "cr2"].map(str::to_owned).to_vec();
    let settings = Settings {
        seed: study.header.seed,
        sets: study.header.sets,
        measure: Measure {
            panel: Panel::named(&methods).expect("methods"),
            level: Level::default(),
            replicates: study.header.replicates,
        },
    };
    for id in ["line-normal-n4", "line-falling-n10", "floor-d3-n6", "clusters-g3"] {
        let cells = cells();
        let cell = cells.iter().find(|c| c.id == id).expect("a cell");
        let rows = run(cell, &settings, &|| (), &|| false).expect("a law").expect("not stopped");
        for row in rows {
            let stored = study
                .rows
                .iter()
                .find(|r| (&r.cell, &r.target, &r.method) == (&row.cell, &row.target, &row.method));
            let stored = stored.unwrap_or_else(|| panic!("{id} {} is missing", row.method));
            let counts =
                |r: &Row| (r.tally.covered, r.tally.missed_below, r.tally.missed_above, r.tally.unavailable);
            assert_eq!(counts(&row), counts(stored), "{id} {}", row.method);
            let (a, b) =
                (row.tally.median_width.expect("closed"), stored.tally.median_width.expect("closed"));
            assert!((a - b).abs() <= 1e-5 * b, "{id} {}: {a} {b}", row.method);
        }
    }
}
