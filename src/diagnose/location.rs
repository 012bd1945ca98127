//! Where the straight line breaks down, by four looks that need not agree.

use super::blocks::Points;
use super::break_point::{BreakPoint, break_point};
use super::recursive::{first_crossing, one_step};
use super::verdict::{FALSE_ALARM, FEWEST_SIZES};
use super::windows::{MOST_POINTS, Window, shape_p, straight, windows};
use super::{NotApplicable, Tangent, breakpoints};
use crate::data::Dataset;
use crate::fit::Fit;
use serde::Serialize;

/// The first size that the smaller ones do not predict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Crossing {
    /// The size.
    pub at: f64,
    /// Which size it is, counted from 1.
    pub size: usize,
    /// Prediction error over its standard error.
    pub t: f64,
    /// Degrees of freedom.
    pub dof: f64,
    /// p value, adjusted for the number of steps.
    pub p_value: f64,
}

/// Where a line breaks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Location {
    /// The first size that the smaller ones do not predict at 5%, all steps together.
    pub first_crossing: Option<Crossing>,
    /// The place at which two lines meet; a smooth bend has one too, near its middle.
    #[serde(rename = "break")]
    pub break_point: Option<BreakPoint>,
    /// Number of breaks of a piecewise line, by BIC; `None` with too few or too many sizes.
    pub breaks_by_bic: Option<usize>,
    /// The largest sizes on which a line stands, chosen by the data.
    pub clean_tail: Option<Window>,
    /// The smallest sizes on which a line stands, chosen by the data.
    pub clean_head: Option<Window>,
    /// The largest or the smallest size, where the answer hangs on it: without it a line stands, and without the other end
    /// it does not. An outlier there cannot be told from a break.
    pub hangs_on: Option<f64>,
}

/// p value of SHAPE above which a line is taken to stand without an end.
const CLEARLY_STANDS: f64 = 0.1;

fn hangs_on(fit: &Fit, data: &Dataset, seed: u64) -> Option<f64> {
    if !straight(fit) {
        return None;
    }
    let points = Points::of(fit, data, MOST_POINTS);
    let k = points.sizes.len();
    if k <= FEWEST_SIZES || k < data.distinct() {
        // Among means of many rows no single size decides.
        return None;
    }
    let without_largest = shape_p(&points.part(0..k - 1)?, seed)?;
    let without_smallest = shape_p(&points.part(1..k)?, seed)?;
    let x = &data.x().values;
    match (without_largest, without_smallest) {
        (l, s) if l > CLEARLY_STANDS && s <= FALSE_ALARM => x.last().copied(),
        (l, s) if s > CLEARLY_STANDS && l <= FALSE_ALARM => x.first().copied(),
        _ => None,
    }
}

/// Look for the place.
///
/// # Errors
/// [`NotApplicable`] for exact fits, and where there are too few sizes for any of the looks.
pub fn locate(fit: &Fit, data: &Dataset, level: f64, seed: u64) -> Result<Location, NotApplicable> {
    let tangent = Tangent::of_sizes(fit, data)?;
    let sizes: Vec<f64> = data.rows_by_size().map(|r| data.x().values[r.start]).collect();
    let crossing = first_crossing(&one_step(&tangent)).map(|c| Crossing {
        at: sizes[c.step.index],
        size: c.step.index + 1,
        t: c.step.t,
        dof: c.step.dof,
        p_value: c.p_value,
    });
    let segment = breakpoints::usual_segment(&tangent);
    let partition = breakpoints::breakpoints(&tangent, segment, breakpoints::MOST_BREAKS);
    let windows = windows(fit, data, level, seed);
    Ok(Location {
        first_crossing: crossing,
        break_point: break_point(fit, data, level, seed).ok(),
        breaks_by_bic: partition.ok().map(|p| p.breaks.len()),
        clean_tail: windows.tail,
        clean_head: windows.head,
        hangs_on: hangs_on(fit, data, seed),
    })
}
