//! Remarks beside an upright line, where nothing else is.

use super::occupancy::Occupancy;
use super::panel::plain_text;
use super::rich;
use super::scene::{Anchor, Rect, Text};
use super::style::{QUIET, SMALL};

/// Space between the line and its remark.
const SPACE: f64 = 6.0;

/// Longest remark, in sides of the panel.
const WIDEST: f64 = 0.8;

/// Side of a line that a remark may stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Return a remark beside the upright line at `x`, where it covers least; `None` where it has no room.
pub(super) fn beside(text: &str, x: f64, sides: &[Side], panel: Rect, taken: &Occupancy) -> Option<Text> {
    let runs = rich::shorten(rich::plain(text), SMALL, WIDEST * panel.w.min(panel.h));
    let length = rich::width(&runs, SMALL);
    let candidates = |side: Side, (w, h): (f64, f64)| {
        let (lowest, highest) = (panel.bottom() - 8.0 - h, panel.y + 8.0);
        let steps = ((lowest - highest) / 6.0).max(0.0) as usize;
        let between = (0..steps).map(move |i| lowest - 6.0 * i as f64);
        let left = match side {
            Side::Left => x - SPACE - w,
            Side::Right => x + SPACE,
        };
        let heights = [lowest, highest].into_iter().chain(between);
        heights.map(move |y| Rect { x: left, y, w, h })
    };
    let inside = |r: &Rect| r.x > panel.x + SPACE && r.right() + SPACE < panel.right();
    // Lying text reads better; upright text needs less room.
    let lying = sides.iter().flat_map(|&side| candidates(side, (length, SMALL)));
    let upright = sides.iter().flat_map(|&side| candidates(side, (SMALL, length)));
    let best = lying.chain(upright).filter(inside).min_by_key(|rect| taken.count(rect.grown(3.0)))?;
    let lies = best.w > best.h;
    let at = if lies { (best.x, best.bottom() - 2.0) } else { (best.right() - 1.0, best.bottom()) };
    Some(Text { color: QUIET, upwards: !lies, halo: true, ..plain_text(at, SMALL, Anchor::Start, runs) })
}

/// Return the place that a remark takes.
pub(super) fn place(text: &Text) -> Rect {
    let length = rich::width(&text.runs, text.size);
    let (x, y) = text.at;
    if text.upwards {
        return Rect { x: x - text.size, y: y - length, w: text.size, h: length };
    }
    Rect { x, y: y - text.size, w: length, h: text.size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_goes_where_it_has_room() {
        let panel = Rect { x: 0.0, y: 0.0, w: 200.0, h: 150.0 };
        let taken = Occupancy::new(panel);
        let both = [Side::Right, Side::Left];
        let right = beside("break", 100.0, &both, panel, &taken);
        assert!(right.is_some_and(|t| !t.upwards && t.at.0 > 100.0));
        let left = beside("break", 180.0, &both, panel, &taken);
        assert!(left.is_some_and(|t| !t.upwards && t.at.0 < 180.0));
        let upright = beside("break", 170.0, &both[..1], panel, &taken);
        assert!(upright.is_some_and(|t| t.upwards));
        assert_eq!(beside("break", 195.0, &both[..1], panel, &taken), None);
    }
}
