//! Rows in clusters: families of models that deviate from a law together.

use super::dataset;
use lawfit::benchmark::{Noise, Simulation};
use lawfit::data::{Dataset, Labels, Scale};
use lawfit::form::Form;

/// Set B of the reference computations: five sizes, three runs each.
pub const REPEATED_SIZES: [f64; 5] = [1e6, 1e7, 1e8, 1e9, 1e10];
/// Its losses, three a size.
pub const REPEATED: [f64; 15] = [
    4.5532, 4.5156, 4.5483, 3.8968, 3.8337, 3.861, 3.2593, 3.2753, 3.2608, 2.8288, 2.8056, 2.8403, 2.4384,
    2.4317, 2.3868,
];

/// Set B with the cluster of every row.
pub fn repeated(cluster: impl Fn(usize) -> usize) -> Dataset {
    let x: Vec<f64> = (0..15).map(|i| REPEATED_SIZES[i / 3]).collect();
    let words: Vec<String> = (0..15).map(|i| format!("c{}", cluster(i))).collect();
    dataset(&x, &REPEATED).with_cluster(Labels::new("family", &words))
}

/// The cluster of every row of set B in an uneven partition: clusters of four, three, two, two and four rows.
pub const UNEVEN: [usize; 15] = [0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4, 0, 2, 4];

/// Rows of a law in `families` clusters, each with an error of its own of standard deviation 0.02 in ln y beside 1% a row: sizes,
/// responses and the word of every row.
pub fn families(
    form: &'static dyn Form,
    params: &[f64],
    sizes: usize,
    families: usize,
    seed: u64,
) -> (Vec<f64>, Vec<f64>, Vec<String>) {
    let simulation = Simulation {
        form,
        params: params.to_vec(),
        scale: Scale::Log,
        range: (1e7, 1e10),
        sizes,
        replicates: families,
        sigma: 0.01,
        noise: Noise::Normal,
        seed,
    };
    let own = lawfit::math::random::normals(seed, 1_000_003, families);
    let (x, y): (Vec<f64>, Vec<f64>) = simulation.draw().expect("a valid design").into_iter().unzip();
    let y = y.iter().enumerate().map(|(i, y)| y * (0.02 * own[i % families]).exp()).collect();
    let words = (0..x.len()).map(|i| format!("family {}", i % families)).collect();
    (x, y, words)
}
