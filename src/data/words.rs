//! Pieces of messages: sources, user text and lists, safe to print and short.

/// Name a source in a message.
pub(super) fn place(source: &str) -> String {
    if source == "-" { "standard input".to_owned() } else { format!("`{}`", source.escape_debug()) }
}

/// Show a piece of user text in a message: short, on one line, without control characters.
pub(super) fn clip(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// Show a piece of user text in backticks, or say in words that there is none.
pub(super) fn shown(found: &str, nothing: &str) -> String {
    if found.is_empty() { nothing.to_owned() } else { format!("`{found}`") }
}

/// List names in a message, cut where it gets long.
pub(super) fn list(names: &[String]) -> String {
    const MOST: usize = 30;
    let mut text = names.iter().take(MOST).map(|n| format!("`{}`", clip(n))).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text.push_str(&format!(" and {} more", names.len() - MOST));
    }
    text
}

/// What a message calls a cell without text.
pub(super) const EMPTY_CELL: &str = "an empty cell";

/// Say in words what an option chooses.
pub(super) fn wanted(option: &str) -> &'static str {
    if option == "--x" { "a predictor" } else { "a response" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_text_is_short_and_cannot_steer_the_terminal() {
        assert_eq!(clip("a\u{1b}[31mb\nc"), "a [31mb c");
        assert_eq!(clip(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
        assert_eq!(clip(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(place("a\u{1b}.csv"), "`a\\u{1b}.csv`");
        assert_eq!(place("-"), "standard input");
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..32).map(|i| i.to_string()).collect();
        assert!(list(&names).ends_with("`29` and 2 more"));
        assert_eq!(list(&names[..2]), "`0`, `1`");
    }
}
