//! docs/FORMS.md is what `lawfit forms --markdown` prints.

mod common;

use common::lawfit;
use lawfit::form;

/// Regenerate with `LAWFIT_UPDATE_DOCS=1 cargo test --test forms_document`.
#[test]
fn the_page_is_generated() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMS.md");
    let (code, text, error) = lawfit(&["forms", "--markdown"], "");
    assert_eq!(code, 0, "{error}");
    if std::env::var_os("LAWFIT_UPDATE_DOCS").is_some() {
        std::fs::write(path, &text).expect("docs/FORMS.md can be written");
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        stored == text,
        "docs/FORMS.md is out of date: LAWFIT_UPDATE_DOCS=1 cargo test --test forms_document"
    );
    // A row a form, eight cells a row.
    for form in form::CATALOGUE {
        let row = text.lines().find(|l| l.starts_with(&format!("| `{}` |", form.id()))).expect("a row");
        assert_eq!(row.matches(" | ").count(), 7, "{row}");
    }
}

/// Every form says what rows may leave undetermined, in words that name parameters of its own.
#[test]
fn weaknesses_name_parameters_of_the_form() {
    for form in form::CATALOGUE {
        let words: Vec<&str> = form.about().weakness.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        assert!(
            words[0] == "nothing"
                || form.about().weakness.contains('`')
                || form.params().iter().any(|p| words.contains(&p.name)),
            "{}: {}",
            form.id(),
            form.about().weakness
        );
    }
    let (_, out, _) = lawfit(&["forms", "--json"], "");
    let all: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(all[0]["weakness"], form::CATALOGUE[0].about().weakness);
}
