//! Which parts of a panel are taken, so that legends and remarks go where nothing is.

use super::scene::{Point, Rect};

/// Side of a cell in user units.
const CELL: f64 = 3.0;

/// A panel cut into cells that are free or taken.
#[derive(Debug, Clone)]
pub(super) struct Occupancy {
    area: Rect,
    columns: usize,
    taken: Vec<bool>,
}

impl Occupancy {
    /// Make a panel with nothing in it.
    pub(super) fn new(area: Rect) -> Self {
        let columns = (area.w / CELL).ceil().max(1.0) as usize;
        let rows = (area.h / CELL).ceil().max(1.0) as usize;
        Self { area, columns, taken: vec![false; columns * rows] }
    }

    /// Take the cell at a point; a point outside the panel takes none.
    pub(super) fn point(&mut self, (x, y): Point) {
        let (x, y) = ((x - self.area.x) / CELL, (y - self.area.y) / CELL);
        if x < 0.0 || y < 0.0 || x as usize >= self.columns {
            return;
        }
        if let Some(cell) = self.taken.get_mut(y as usize * self.columns + x as usize) {
            *cell = true;
        }
    }

    /// Take the cells along a line.
    pub(super) fn line(&mut self, from: Point, to: Point) {
        let steps = ((to.0 - from.0).hypot(to.1 - from.1) / CELL).ceil().clamp(1.0, 1e5);
        for i in 0..=steps as usize {
            let f = i as f64 / steps;
            self.point((from.0 + f * (to.0 - from.0), from.1 + f * (to.1 - from.1)));
        }
    }

    /// Take the cells of a rectangle.
    pub(super) fn rect(&mut self, rect: Rect) {
        let rows = (rect.h / CELL).ceil() as usize;
        for i in 0..=rows {
            let y = (rect.y + i as f64 * CELL).min(rect.bottom());
            self.line((rect.x, y), (rect.right(), y));
        }
    }

    /// Take the cells between the vertical spans at two abscissae.
    pub(super) fn slab(&mut self, from: (f64, f64, f64), to: (f64, f64, f64)) {
        let steps = ((to.0 - from.0).abs() / CELL).ceil().clamp(1.0, 1e4);
        let bounds = (self.area.y, self.area.bottom());
        for i in 0..=steps as usize {
            let f = i as f64 / steps;
            let mix = |a: f64, b: f64| a + f * (b - a);
            let y = |v: f64| v.clamp(bounds.0, bounds.1);
            let x = mix(from.0, to.0);
            self.line((x, y(mix(from.1, to.1))), (x, y(mix(from.2, to.2))));
        }
    }

    /// Return how many cells of a rectangle are taken.
    pub(super) fn count(&self, rect: Rect) -> usize {
        let cell = |v: f64, origin: f64| ((v - origin) / CELL).floor().max(0.0) as usize;
        let columns = cell(rect.x, self.area.x)..=cell(rect.right(), self.area.x).min(self.columns - 1);
        (cell(rect.y, self.area.y)..=cell(rect.bottom(), self.area.y))
            .flat_map(|row| columns.clone().map(move |column| row * self.columns + column))
            .filter(|&i| self.taken.get(i) == Some(&true))
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_taken_where_things_are() {
        let at = |x: f64, y: f64, w: f64, h: f64| Rect { x, y, w, h };
        let mut panel = Occupancy::new(at(100.0, 100.0, 300.0, 200.0));
        assert_eq!(panel.count(at(100.0, 100.0, 300.0, 200.0)), 0);
        panel.point((10.0, 150.0));
        panel.point((500.0, 150.0));
        panel.point((150.0, 9000.0));
        assert_eq!(panel.count(at(100.0, 100.0, 300.0, 200.0)), 0);
        panel.line((100.0, 100.0), (200.0, 100.0));
        assert!(panel.count(at(150.0, 95.0, 10.0, 10.0)) > 0);
        assert_eq!(panel.count(at(150.0, 110.0, 50.0, 50.0)), 0);
        panel.slab((300.0, 150.0, 160.0), (390.0, -1e9, 1e9));
        assert!(panel.count(at(380.0, 105.0, 5.0, 5.0)) > 0);
        assert_eq!(panel.count(at(285.0, 250.0, 5.0, 5.0)), 0);
    }
}
