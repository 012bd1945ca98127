//! Second derivatives of a law by differences of its first ones, for laws that do not write them out.

use super::{Form, MAX_COLUMNS};
use crate::math::{MAX_PARAMS, Theta};

/// Rows evaluated together, on the stack.
const CHUNK: usize = 16;

/// Step of a central difference, where coordinates are near 1: its error and that of rounding are near 1e-10.
const STEP: f64 = 1e-5;

/// Add sum v_i d2 g(m_i)/d theta d theta' to `h`, by central differences of the derivatives.
pub(super) fn curvature<F: Form + ?Sized>(
    form: &F,
    theta: &[f64],
    x: &[&[f64]],
    v: &[f64],
    h: &mut [Theta; MAX_PARAMS],
) {
    let p = form.params().len();
    let (mut eta, mut up, mut down) = ([0.0; CHUNK], [0.0; CHUNK * MAX_PARAMS], [0.0; CHUNK * MAX_PARAMS]);
    let mut moved = [0.0; MAX_PARAMS];
    moved[..p].copy_from_slice(&theta[..p]);
    let mut sums = [[0.0; MAX_PARAMS]; MAX_PARAMS];
    let mut first = 0;
    while first < v.len() {
        let rows = CHUNK.min(v.len() - first);
        let columns: [&[f64]; MAX_COLUMNS] =
            std::array::from_fn(|k| x.get(k).map_or(&[][..], |c| c.get(first..first + rows).unwrap_or(&[])));
        for j in 0..p {
            let step = STEP * theta[j].abs().max(1.0);
            moved[j] = theta[j] + step;
            form.eval(&moved, &columns, &mut eta[..rows], &mut up[..rows * p]);
            moved[j] = theta[j] - step;
            form.eval(&moved, &columns, &mut eta[..rows], &mut down[..rows * p]);
            moved[j] = theta[j];
            for k in 0..p {
                let mut sum = 0.0;
                for i in 0..rows {
                    sum += v[first + i] * (up[k * rows + i] - down[k * rows + i]);
                }
                sums[j][k] += sum / (2.0 * step);
            }
        }
        first += rows;
    }
    for j in 0..p {
        for k in 0..p {
            h[j][k] += 0.5 * (sums[j][k] + sums[k][j]);
        }
    }
}
