//! `lawfit forms`: the catalogue of laws.

use super::failure::Failure;
use super::output;
use crate::form::{CATALOGUE, Form, Trend};
use clap::Args;

/// Arguments of `forms`.
#[derive(Debug, Args)]
pub(super) struct FormsArgs {
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
    /// Print Markdown instead of text: the page docs/FORMS.md
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

/// What stands above the table in Markdown.
const HEAD: &str = "\
# The forms

Written by `lawfit forms --markdown`; do not edit by hand. What every parameter means: `lawfit forms`.

- **reads**: the predictors, in this order. A form of one predictor reads any column.
- **scale**: where errors are additive. The first is the default; `--scale` takes another.
- **weak**: what rows often leave undetermined. \"E with alpha\" means that a change of one is made up by the other: the curve
  inside the data hardly moves, both intervals are wide, and predictions far outside depend on which of them is right.

| form | formula | reads | parameters | trend | scale | weak | reference |
|---|---|---|---|---|---|---|---|
";

/// The catalogue as a page in Markdown.
fn markdown() -> String {
    let rows = CATALOGUE.iter().map(|f| {
        let about = f.about();
        let scales: Vec<&str> = about.scales.iter().map(|s| s.id()).collect();
        let params: Vec<&str> = f.params().iter().map(|p| p.name).collect();
        format!(
            "| `{}` | `{}` | {} | {} | {} | {} | {} | {}, {} |\n",
            f.id(),
            about.formula,
            about.predictors.join(", "),
            params.join(", "),
            trend(*f),
            scales.join(", "),
            about.weakness,
            about.reference.authors,
            about.reference.place,
        )
    });
    std::iter::once(HEAD.to_owned()).chain(rows).collect()
}

fn trend(form: &dyn Form) -> &'static str {
    match (form.about().trend, form.about().bounded) {
        (Trend::Falls, _) => "falls",
        (Trend::Rises, true) => "rises, bounded by 1",
        (Trend::Rises, false) => "rises",
        (Trend::Either, _) => "falls or rises",
    }
}

pub(super) fn run(args: &FormsArgs) -> Result<(), Failure> {
    if args.json {
        let all: Vec<serde_json::Value> = CATALOGUE
            .iter()
            .map(|f| {
                serde_json::json!({
                    "form": f.id(),
                    "formula": f.about().formula,
                    "meaning": f.about().meaning,
                    "weakness": f.about().weakness,
                    "trend": trend(*f),
                    "scales": f.about().scales.iter().map(|s| s.id()).collect::<Vec<_>>(),
                    "params": f.params().iter().map(|p| serde_json::json!({
                        "name": p.name, "meaning": p.meaning,
                    })).collect::<Vec<_>>(),
                    "reference": format!("{}, {}", f.about().reference.authors, f.about().reference.place),
                })
            })
            .collect();
        return output::print(&format!("{:#}\n", serde_json::Value::from(all)));
    }
    if args.markdown {
        return output::print(&markdown());
    }
    let mut text = String::new();
    for f in CATALOGUE {
        let scales: Vec<&str> = f.about().scales.iter().map(|s| s.id()).collect();
        text.push_str(&format!("{:<21}{}\n", f.id(), f.about().formula));
        text.push_str(&format!("{:21}{}\n", "", f.about().meaning));
        text.push_str(&format!("{:21}{}; scale {}\n", "", trend(*f), scales.join(" or ")));
        for p in f.params() {
            text.push_str(&format!("{:21}{:<8}{}\n", "", p.name, p.meaning));
        }
        text.push_str(&format!(
            "{:21}{}, {}\n\n",
            "",
            f.about().reference.authors,
            f.about().reference.place
        ));
    }
    text.push_str("Any other law by its formula: lawfit fit runs.csv --formula 'E + A*N^-alpha' --param 'alpha=0.3 in 0..2'\n");
    output::print(&text)
}
