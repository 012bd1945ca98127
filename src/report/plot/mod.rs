//! Pictures of a fit: data, fitted curves with their bands, and residuals; and the diagnostic picture.
//!
//! A [`Figure`] or [`Panels`] holds everything that a picture shows; nothing statistical is computed here. The renderers:
//!
//! | function | result | for |
//! |---|---|---|
//! | [`svg()`] | SVG text, 160 mm by 130 mm | papers, web pages |
//! | [`png()`] | the same picture as pixels (feature `png`) | slides, issues |
//! | [`terminal()`] | Unicode or ASCII text | the command line |
//! | [`panels_svg()`], [`panels_png()`] | the diagnostic picture, 190 mm by 150 mm | the same as the first two |
//!
//! # What a picture shows
//! The main panel has a logarithmic x axis, the data as black discs, each curve in its own colour *and* dash pattern,
//! and its band as a tint of that colour. A dashed vertical line marks where the data end and extrapolation begins.
//! The residual panel below shares the x axis; each curve has its own mark, and marks of the same point stand side by
//! side. The data and the curves set the range of the y axis: a band that explodes is cut at the frame.
//!
//! The diagnostic picture has four panels: residuals, local exponents and the influence of single runs against size, on
//! one logarithmic range, and studentised residuals against quantiles of their law. Black is data, blue what is fitted,
//! orange what is flagged, green a break. A panel without content shows its note.
//!
//! # Guarantees
//! The same figure gives the same bytes. Values that are not finite are gaps, never numbers in the file. Of more than
//! about 4000 points a deterministic selection is drawn, and both the legend and a comment in the SVG say so.
//!
//! # Reference
//! Okabe and Ito (2008), *Color Universal Design*, for the colours.

mod band;
mod canvas;
mod diagnostic;
mod frame;
mod layout;
mod legend;
mod metrics;
mod number;
mod occupancy;
mod panel;
mod png;
mod range;
mod remark;
mod rich;
#[cfg(test)]
mod samples;
mod scene;
mod style;
mod svg;
mod terminal;
mod thin;
mod ticks;

pub use terminal::{DEFAULT_HEIGHT, DEFAULT_WIDTH};

use super::figure::Figure;
use super::panels::Panels;

/// What can go wrong when a picture is drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// The program was built without the `png` feature.
    #[error("this build cannot write PNG; build with `--features png`, or write SVG")]
    NotBuilt,
    /// The scale asks for a picture without pixels, or for more than fit in memory.
    #[error("a PNG at scale {scale} is not possible; choose a scale between 0.1 and 20")]
    Scale {
        /// The scale that was asked for.
        scale: f32,
    },
    /// The rasteriser refused the picture.
    #[error("the picture could not be rasterised: {0}")]
    Raster(String),
}

/// Draw a figure as SVG.
///
/// Text stays text, so that it can be searched and edited; the typeface is DejaVu Sans where the viewer has it.
#[must_use]
pub fn svg(figure: &Figure) -> String {
    svg::write(&layout::scene(figure))
}

/// Draw a figure as PNG, 640 by 520 pixels at scale 1.
///
/// The typeface is embedded in the program, so that the picture does not depend on installed fonts.
///
/// # Errors
/// [`PlotError::Scale`] for a scale outside 0.1 to 20; [`PlotError::NotBuilt`] without the `png` feature.
pub fn png(figure: &Figure, scale: f32) -> Result<Vec<u8>, PlotError> {
    png::render(&layout::scene(figure), scale)
}

/// Draw the diagnostic picture as SVG, 190 mm by 150 mm.
#[must_use]
pub fn panels_svg(panels: &Panels) -> String {
    svg::write(&diagnostic::scene(panels))
}

/// Draw the diagnostic picture as PNG, 760 by 600 pixels at scale 1.
///
/// # Errors
/// As [`png()`].
pub fn panels_png(panels: &Panels, scale: f32) -> Result<Vec<u8>, PlotError> {
    png::render(&diagnostic::scene(panels), scale)
}

/// Draw a figure as text: the data and the preferred curve, without bands and residuals.
///
/// The text has at most `width` columns and `height` rows, but never fewer than 30 by 10 to draw in; lines have no
/// trailing spaces and no colour codes. With `ascii` all of it is ASCII.
#[must_use]
pub fn terminal(figure: &Figure, width: usize, height: usize, ascii: bool) -> String {
    terminal::render(figure, width, height, ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn svg_has_only_finite_numbers_and_is_stable() {
        for figure in samples::all() {
            let text = svg(&figure);
            assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
            assert_eq!(text, svg(&figure.clone()));
            assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
        }
    }

    #[test]
    fn labels_are_escaped() {
        let mut figure = samples::cerebras();
        figure.y_label = "loss <&> \"quoted\" \u{1b}[31m".to_owned();
        let text = svg(&figure);
        assert!(text.contains("loss &lt;&amp;&gt; &quot;quoted&quot; [31m"));
    }

    #[test]
    fn every_panel_and_entry_is_there() {
        let text = svg(&samples::cerebras());
        for part in ["data", "95% band", "extrapolation", "10<tspan", "−α", "clip-path"] {
            assert!(text.contains(part), "{part}");
        }
        assert!(!svg(&samples::narrow()).contains("extrapolation"));
    }

    #[cfg(not(feature = "png"))]
    #[test]
    fn png_needs_its_feature() {
        assert_eq!(png(&samples::cerebras(), 1.0), Err(PlotError::NotBuilt));
    }
}
