//! PNG pictures: rasterises the SVG with an embedded typeface.

use super::PlotError;
use super::scene::Scene;

#[cfg(not(feature = "png"))]
pub(super) fn render(_: &Scene, _: f32) -> Result<Vec<u8>, PlotError> {
    Err(PlotError::NotBuilt)
}

/// Rasterise a scene; a user unit is a pixel at scale 1.
#[cfg(feature = "png")]
pub(super) fn render(scene: &Scene, scale: f32) -> Result<Vec<u8>, PlotError> {
    use resvg::tiny_skia::{Color, Pixmap, Transform};

    if !(0.1..=20.0).contains(&scale) {
        return Err(PlotError::Scale { scale });
    }
    let svg = super::svg::write(scene);
    let tree = resvg::usvg::Tree::from_str(&svg, &options()).map_err(|e| PlotError::Raster(e.to_string()))?;
    let pixels = |length: f64| (length as f32 * scale).round() as u32;
    let (width, height) = (pixels(scene.size.0), pixels(scene.size.1));
    let mut pixmap = Pixmap::new(width, height).ok_or(PlotError::Scale { scale })?;
    pixmap.fill(Color::WHITE);
    // The size in the document is in millimetres; the pixels are counted in user units.
    let transform =
        Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|e| PlotError::Raster(e.to_string()))
}

/// Return options under which every family name leads to the embedded typeface, and no font of the system is read.
#[cfg(feature = "png")]
fn options() -> resvg::usvg::Options<'static> {
    use resvg::usvg::fontdb::Source;
    use std::sync::Arc;

    const FAMILY: &str = "DejaVu Sans";
    let mut options = resvg::usvg::Options { font_family: FAMILY.to_owned(), ..Default::default() };
    let fonts = options.fontdb_mut();
    fonts.load_font_source(Source::Binary(Arc::new(dejavu::sans::regular())));
    fonts.load_font_source(Source::Binary(Arc::new(dejavu::sans::bold())));
    fonts.set_sans_serif_family(FAMILY);
    options
}

#[cfg(all(test, feature = "png"))]
mod tests {
    use super::super::{png, samples};
    use super::*;
    use resvg::tiny_skia::Pixmap;

    /// Return the share of pixels that are dark in a part of a picture, in user units.
    fn ink(png: &[u8], part: (u32, u32, u32, u32)) -> f64 {
        let pixmap = Pixmap::decode_png(png).unwrap();
        let (x, y, w, h) = part;
        let dark = (y..y + h)
            .flat_map(|y| (x..x + w).map(move |x| (x, y)))
            .filter(|&(x, y)| pixmap.pixel(x, y).is_some_and(|p| p.green() < 128))
            .count();
        dark as f64 / f64::from(w * h)
    }

    #[test]
    fn every_sample_is_valid_and_has_the_size() {
        for figure in samples::all() {
            let png = png(&figure, 1.0).unwrap();
            let pixmap = Pixmap::decode_png(&png).unwrap();
            assert_eq!((pixmap.width(), pixmap.height()), (640, 520));
            assert!(pixmap.pixel(1, 1).is_some_and(|p| p.red() == 255 && p.alpha() == 255));
        }
    }

    #[test]
    fn text_does_not_vanish() {
        let mut figure = samples::cerebras();
        let with = ink(&png(&figure, 1.0).unwrap(), (60, 497, 560, 20));
        figure.x_label.clear();
        let without = ink(&png(&figure, 1.0).unwrap(), (60, 497, 560, 20));
        assert!(with > 0.01 && without < 0.001, "{with} {without}");
    }

    #[test]
    fn the_same_figure_gives_the_same_bytes() {
        let figure = samples::accuracy();
        assert_eq!(png(&figure, 1.5), png(&figure, 1.5));
    }

    #[test]
    fn impossible_scales_are_refused() {
        for scale in [0.0, -1.0, f32::NAN, 1e9] {
            assert!(matches!(png(&samples::empty(), scale), Err(PlotError::Scale { .. })));
        }
    }
}
