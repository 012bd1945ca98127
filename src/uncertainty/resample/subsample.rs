//! Fewer rows, drawn without replacement.

use super::{Draw, Scheme, Studentised, distinct};
use crate::fit::Fit;
use crate::math::random::Stream;
use crate::objective::Objective;
use rand::RngExt as _;

/// m of n rows are drawn without replacement.
///
/// The draws vary more than the estimate does: only [`crate::uncertainty::Subsampling`] scales them back.
///
/// # Formula
/// m by [`subsample_size`]
/// # Assumptions
/// Rows are independent. Holds where the bootstrap does not, as for a floor at its bound.
/// # Reference
/// Politis and Romano (1994), Ann. Stat. 22:2031.
#[derive(Debug, Clone, Copy)]
pub struct Subsample;

/// Return the size of a subsample, m = ceil(n^0.7), at least p + 2; `None` where that leaves no row out.
#[must_use]
pub fn subsample_size(n: usize, p: usize) -> Option<usize> {
    let m = ((n as f64).powf(0.7) - 1e-9).ceil() as usize;
    Some(m.max(p + 2)).filter(|m| *m < n)
}

impl Scheme for Subsample {
    fn id(&self) -> &'static str {
        "subsample"
    }
    fn meaning(&self) -> &'static str {
        "fewer rows, without replacement"
    }
    fn studentised(&self) -> Studentised {
        Studentised::Rows
    }
    fn reweighs(&self) -> bool {
        true
    }
    fn prepare(&self, fit: &Fit, groups: &[usize]) -> Box<dyn Draw> {
        // Where no subsample exists none is drawn: every refit fails, and the method says why.
        let size = subsample_size(fit.nobs(), fit.dim()).unwrap_or(0);
        Box::new(Fewer { groups: groups.to_vec(), size })
    }
}

#[derive(Debug)]
struct Fewer {
    groups: Vec<usize>,
    size: usize,
}

impl Draw for Fewer {
    fn draw(&self, objective: &mut Objective<'_>, rng: &mut Stream) -> usize {
        let n = self.groups.len();
        // Row by row with probability (still wanted)/(still there): needs no memory (Knuth, algorithm 3.4.2S).
        let mut wanted = self.size as u32;
        for (i, w) in objective.weights.iter_mut().enumerate() {
            let taken = rng.random_range(0..(n - i) as u32) < wanted;
            *w = f64::from(u8::from(taken));
            wanted -= u32::from(taken);
        }
        distinct(&self.groups, &objective.weights)
    }
}
