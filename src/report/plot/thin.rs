//! Thinning: a picture of a million points shows no more than one of some thousands, and takes ages to open.

/// Most points drawn of one set.
pub(super) const MOST: usize = 4000;

/// Return the indices of at most about `most` of the points, evenly by rank, with the extremes kept.
///
/// Ranks by x, then y, keep the density of the cloud, do not depend on the order of the rows, and draw nothing at
/// random.
pub(super) fn keep(points: &[(f64, f64)], most: usize) -> Vec<usize> {
    let mut ranked: Vec<usize> = (0..points.len()).collect();
    if points.len() <= most || points.is_empty() {
        return ranked;
    }
    let point = |i: usize| points[i];
    ranked.sort_by(|&i, &j| point(i).0.total_cmp(&point(j).0).then(point(i).1.total_cmp(&point(j).1)));
    let last = ranked.len() - 1;
    let count = most.max(2);
    let mut keep: Vec<usize> = (0..count).map(|i| i * last / (count - 1)).collect();
    let by_y = |&i: &usize, &j: &usize| point(ranked[i]).1.total_cmp(&point(ranked[j]).1);
    keep.extend((0..ranked.len()).min_by(by_y));
    keep.extend((0..ranked.len()).max_by(by_y));
    keep.sort_unstable();
    keep.dedup();
    keep.into_iter().map(|i| ranked[i]).collect()
}

/// Return at most about `most` of the points, as [`keep`] chooses them.
pub(super) fn thin(points: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
    keep(points, most).into_iter().map(|i| points[i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_points_stay_as_they_are() {
        let points = [(3.0, 1.0), (1.0, 2.0)];
        assert_eq!(thin(&points, 10), points);
        assert!(thin(&[], 0).is_empty());
    }

    #[test]
    fn extremes_and_ends_survive() {
        let mut points: Vec<(f64, f64)> = (0..100_000).map(|i| (f64::from(i), f64::from(i % 7))).collect();
        points[51_234].1 = 99.0;
        points[777].1 = -99.0;
        let kept = thin(&points, 4000);
        assert!((4000..=4002).contains(&kept.len()));
        for i in [0, 777, 51_234, 99_999] {
            assert!(kept.contains(&points[i]));
        }
        points.reverse();
        assert_eq!(thin(&points, 4000), kept);
    }
}
