//! Widths of text: what the layout needs to know of the typeface.

/// Advance widths of U+0020 to U+007E in DejaVu Sans, in thousandths of an em.
///
/// The table is here, and not read from the font, so that the SVG is the same with and without the `png`
/// feature. Helvetica and Arial are narrower, so that a viewer who lacks DejaVu Sans sees no overlap.
const ASCII: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
    295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
    500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
    392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// Return the width of one character in ems.
fn advance(c: char) -> f64 {
    let code = c as usize;
    let thousandths = match c {
        '\u{20}'..='\u{7e}' => ASCII.get(code - 0x20).copied().unwrap_or(650),
        '\u{2009}' => 200,
        '\u{a0}' | '·' => 318,
        '−' | '×' => 838,
        // East Asian scripts and most symbols are a full em wide.
        _ if code >= 0x2000 => 1000,
        _ => 660,
    };
    f64::from(thousandths) / 1000.0
}

/// Return the width of a line of text at a font size, in the unit of the size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_follow_the_font() {
        assert!((width("0", 1000.0) - 636.0).abs() < 1e-9);
        assert!((width("Wi", 10.0) - 12.67).abs() < 1e-9);
        assert!(width("", 12.0).abs() < 1e-12);
        assert!(width("漢", 12.0) > width("m", 12.0));
    }
}
