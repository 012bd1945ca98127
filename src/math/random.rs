//! Random streams: one user seed, one independent stream for every replicate.

pub use rand::rngs::ChaCha8Rng as Stream;
use rand::{RngExt as _, SeedableRng};
use rand_distr::StandardNormal;

/// Return the generator of replicate `index`: ChaCha8 keyed by `seed`, on its own stream.
///
/// Draws depend on (seed, index) alone, so results do not depend on threads, batches or order.
#[must_use]
pub fn stream(seed: u64, index: u64) -> Stream {
    let mut rng = Stream::seed_from_u64(seed);
    rng.set_stream(index);
    rng
}

/// Draw `n` independent standard normal numbers of replicate `index`.
#[must_use]
pub fn normals(seed: u64, index: u64, n: usize) -> Vec<f64> {
    let mut rng = stream(seed, index);
    (0..n).map(|_| rng.sample(StandardNormal)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    /// Pinned: rand 0.10.4, ChaCha8Rng, seed 42, stream 7. A change here changes every published interval.
    #[test]
    fn stream_is_pinned() {
        assert_eq!(stream(42, 7).next_u64(), 2_370_525_664_269_707_216);
        assert_ne!(stream(42, 8).next_u64(), stream(42, 7).next_u64());
    }
}
