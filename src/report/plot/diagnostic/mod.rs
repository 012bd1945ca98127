//! The diagnostic picture: residuals, local exponents, influence and quantiles in a grid of two by two panels.

mod content;
mod exponents;
mod influence;
mod quantiles;
mod residuals;
#[cfg(test)]
pub(super) mod samples;
mod sheet;
mod tags;

use super::super::panels::Panels;
use super::range::{self, Range};
use super::scene::{Scene, Shape};
use content::Content;
use exponents::Exponents;
use influence::Influences;
use quantiles::Quantiles;
use residuals::Residuals;
use sheet::Sheet;

/// Lay the panels out.
pub(super) fn scene(panels: &Panels) -> Scene {
    let label = panels.x_label.as_str();
    let residuals = Residuals::new(&panels.residuals, label);
    let exponents = Exponents::new(&panels.exponents, label);
    let influence = Influences::new(&panels.influence, label);
    let quantiles = Quantiles::new(&panels.quantiles);
    let contents: [&dyn Content; 4] = [&residuals, &exponents, &influence, &quantiles];

    // One range for all size axes: what stands above one another belongs together.
    let sizes = range::x_padded(contents[..3].iter().filter_map(|c| c.across()));
    let own = range::x_padded(contents[3].across().into_iter());
    let ranges: [Range; 4] = [sizes, sizes, sizes, own];
    let sheet = Sheet::new(&contents, &ranges);

    let mut shapes = Vec::new();
    for content in contents {
        shapes.extend(content.omitted().map(Shape::Comment));
    }
    for (cell, content) in sheet.cells.iter().zip(contents) {
        cell.draw(content, &mut shapes);
    }
    Scene { size: sheet::SIZE, name: format!("diagnostics against {label}"), shapes }
}

#[cfg(test)]
mod tests;
