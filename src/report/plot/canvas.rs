//! The cells of a plot in the terminal: a curve as braille dots or full stops, and signs over it.

use super::super::figure::Curve;
use super::ticks::Axis;

/// Return the cell of a position from 0 to 1.
pub(super) fn nearest(at: f64, cells: usize) -> usize {
    let last = cells.saturating_sub(1);
    ((at.clamp(0.0, 1.0) * last as f64).round() as usize).min(last)
}

/// Cells of text with dots in them.
pub(super) struct Canvas {
    columns: usize,
    rows: usize,
    dots: (usize, usize),
    lit: Vec<bool>,
    signs: Vec<Option<char>>,
}

impl Canvas {
    /// Make an empty canvas; `dots` is the number of dots of a cell across and down.
    pub(super) fn new(columns: usize, rows: usize, dots: (usize, usize)) -> Self {
        Self {
            columns,
            rows,
            dots,
            lit: vec![false; columns * dots.0 * rows * dots.1],
            signs: vec![None; columns * rows],
        }
    }

    /// Put a sign in a cell, over whatever is there.
    pub(super) fn put(&mut self, column: usize, row: usize, sign: char) {
        if let Some(cell) = self.signs.get_mut(row * self.columns + column) {
            *cell = Some(sign);
        }
    }

    /// Put a sign in every cell of a column.
    pub(super) fn upright(&mut self, column: usize, sign: char) {
        for row in (0..self.rows).filter(|&row| self.pattern(column, row) == 0).collect::<Vec<_>>() {
            self.put(column, row, sign);
        }
    }

    /// Draw a curve, with gaps where it has no value; what lies outside of the plot is not drawn.
    pub(super) fn curve(&mut self, curve: &Curve, x: &Axis, y: &Axis) {
        let size = (self.columns * self.dots.0, self.rows * self.dots.1);
        let spots = curve.x.iter().zip(&curve.estimate).map(|(&cx, &cy)| {
            let (fx, fy) = (x.place(cx)?, y.place(cy)?.clamp(-1.0, 2.0));
            Some((fx * (size.0 as f64 - 1.0), (1.0 - fy) * (size.1 as f64 - 1.0)))
        });
        let spots: Vec<Option<(f64, f64)>> = spots.collect();
        for pair in spots.windows(2) {
            let (Some(a), Some(b)) = (pair[0], pair[1]) else {
                continue;
            };
            let steps = (b.0 - a.0).abs().max((b.1 - a.1).abs()).ceil().clamp(1.0, 1e4);
            for i in 0..=steps as usize {
                let f = i as f64 / steps;
                self.light(((a.0 + f * (b.0 - a.0)).round(), (a.1 + f * (b.1 - a.1)).round()), size);
            }
        }
    }

    fn light(&mut self, (x, y): (f64, f64), size: (usize, usize)) {
        if x >= 0.0 && y >= 0.0 && (x as usize) < size.0 && (y as usize) < size.1 {
            self.lit[y as usize * size.0 + x as usize] = true;
        }
    }

    /// Return the dots of a cell as the bits of its braille character.
    fn pattern(&self, column: usize, row: usize) -> u32 {
        const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let across = self.columns * self.dots.0;
        let mut pattern = 0;
        for (dy, bits) in BITS.iter().enumerate().take(self.dots.1) {
            for (dx, bit) in bits.iter().enumerate().take(self.dots.0) {
                if self.lit[(row * self.dots.1 + dy) * across + column * self.dots.0 + dx] {
                    pattern |= bit;
                }
            }
        }
        pattern
    }

    /// Return the rows as text.
    pub(super) fn rows(&self) -> impl Iterator<Item = String> + '_ {
        (0..self.rows).map(|row| (0..self.columns).map(|column| self.cell(column, row)).collect())
    }

    fn cell(&self, column: usize, row: usize) -> char {
        if let Some(sign) = self.signs[row * self.columns + column] {
            return sign;
        }
        match self.pattern(column, row) {
            0 => ' ',
            _ if self.dots == (1, 1) => '.',
            pattern => char::from_u32(0x2800 + pattern).unwrap_or('.'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_become_braille() {
        let mut canvas = Canvas::new(2, 1, (2, 4));
        for spot in [(0.0, 0.0), (1.0, 3.0), (9.0, 0.0), (0.0, -1.0)] {
            canvas.light(spot, (4, 4));
        }
        canvas.put(1, 0, 'o');
        assert_eq!(canvas.rows().collect::<Vec<_>>(), ["⢁o"]);
    }

    #[test]
    fn one_dot_a_cell_is_a_full_stop() {
        let mut canvas = Canvas::new(3, 2, (1, 1));
        canvas.light((1.0, 0.0), (3, 2));
        canvas.upright(2, ':');
        assert_eq!(canvas.rows().collect::<Vec<_>>(), [" .:", "  :"]);
    }

    #[test]
    fn cells() {
        assert_eq!(nearest(0.0, 10), 0);
        assert_eq!(nearest(1.0, 10), 9);
        assert_eq!(nearest(7.0, 10), 9);
        assert_eq!(nearest(0.5, 0), 0);
    }
}
