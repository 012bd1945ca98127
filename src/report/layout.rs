//! Lines, paragraphs and aligned tables of plain text.

/// End a line, without trailing spaces.
pub(super) fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

/// Break running text at spaces.
pub(super) fn paragraph(out: &mut String, text: &str, indent: &str, width: usize) {
    let mut current = String::new();
    for word in text.split_whitespace() {
        if !current.is_empty()
            && indent.chars().count() + current.chars().count() + 1 + word.chars().count() > width
        {
            line(out, &format!("{indent}{current}"));
            current.clear();
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(word);
    }
    line(out, &format!("{indent}{current}"));
}

/// Break running text at spaces, the first line behind a bullet and the others below its text.
pub(super) fn item(out: &mut String, text: &str, bullet: &str, width: usize) {
    let indent = " ".repeat(bullet.chars().count());
    let start = out.len();
    paragraph(out, text, &indent, width);
    out.replace_range(start..start + indent.len(), bullet);
}

/// Align a table: the first column left, the others right.
pub(super) fn table(out: &mut String, rows: &[Vec<String>]) {
    aligned(out, rows, |k, _| k == 0);
}

/// Align a table whose last column is words: the first and the last column left, the others right.
pub(super) fn table_with_words(out: &mut String, rows: &[Vec<String>]) {
    aligned(out, rows, |k, columns| k == 0 || k + 1 == columns);
}

fn aligned(out: &mut String, rows: &[Vec<String>], left: impl Fn(usize, usize) -> bool) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|k| rows.iter().filter_map(|r| r.get(k)).map(|c| c.chars().count()).max().unwrap_or(0))
        .collect();
    for row in rows {
        let mut text = String::from("  ");
        for (k, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths[k].saturating_sub(cell.chars().count()));
            if k > 0 {
                text.push_str("   ");
            }
            if left(k, columns) {
                text.push_str(cell);
                text.push_str(&gap);
            } else {
                text.push_str(&gap);
                text.push_str(cell);
            }
        }
        line(out, &text);
    }
}
