//! Several statistics, one p value: the weighted smallest p, with its own law found by simulation.

/// The combined answer of a family of statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct Combined {
    /// p value of the family.
    pub p_value: f64,
    /// p value of every member by itself; `None` where it is undefined.
    pub members: Vec<Option<f64>>,
}

/// Rank every statistic among its simulated values, take the smallest weighted p, and rank that in turn.
///
/// # Formula
/// p_kj = #{l: T_lj >= T_kj}/(K+1) over the pool of the observed (k = 0) and K simulated vectors;
/// m_k = min_j p_kj/w_j; p = #{k: m_k <= m_0}/(K+1)
/// # Assumptions
/// Larger statistics speak against the hypothesis; under it the K + 1 vectors are exchangeable. Then P(p <= a) <= a for
/// every choice of weights, whatever the dependence between the statistics.
/// # Errors
/// `None` when no statistic is defined for the observed data.
/// # Reference
/// Westfall and Young (1993), Resampling-Based Multiple Testing, section 2.5; Dufour (2006), J. Econometrics 133:443.
#[must_use]
pub fn combine(observed: &[f64], simulated: &[Vec<f64>], weights: &[f64]) -> Option<Combined> {
    let size = simulated.len() + 1;
    let mut least = vec![f64::INFINITY; size];
    let mut members = Vec::with_capacity(weights.len());
    let mut column: Vec<(f64, usize)> = Vec::with_capacity(size);
    for (j, weight) in weights.iter().enumerate() {
        if observed[j].is_nan() {
            members.push(None);
            continue;
        }
        column.clear();
        // A simulated value that is undefined counts as reaching every other: on the safe side.
        let reaching = |v: f64| if v.is_nan() { f64::INFINITY } else { v };
        column.push((observed[j], 0));
        column.extend(simulated.iter().enumerate().map(|(k, row)| (reaching(row[j]), k + 1)));
        column.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut i = 0;
        while i < size {
            // Equal statistics share the rank of the last of them: discrete statistics stay on the safe side.
            let mut end = i + 1;
            while end < size && column[end].0 == column[i].0 {
                end += 1;
            }
            let p = end as f64 / size as f64;
            for (_, k) in &column[i..end] {
                least[*k] = least[*k].min(p / weight);
                if *k == 0 {
                    members.push(Some(p));
                }
            }
            i = end;
        }
    }
    if !least[0].is_finite() {
        return None;
    }
    let as_small = least.iter().filter(|m| **m <= least[0]).count();
    Some(Combined { p_value: as_small as f64 / size as f64, members })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_by_hand() {
        // Observed (3, 0): largest of the first, smallest of the second.
        let simulated = vec![vec![1.0, 5.0], vec![2.0, 1.0], vec![0.5, 2.0]];
        let c = combine(&[3.0, 0.0], &simulated, &[1.0, 1.0]).expect("defined");
        assert_eq!(c.members, vec![Some(0.25), Some(1.0)]);
        // The least p of the four are 1/4, 1/4, 1/2, 1/2.
        assert_eq!(c.p_value, 0.5);
        let c = combine(&[3.0, 0.0], &simulated, &[1.0, 0.25]).expect("defined");
        assert_eq!(c.p_value, 0.25);
        assert!(combine(&[f64::NAN], &[vec![1.0]], &[1.0]).is_none());
    }
}
