//! The nearest of several names, for "did you mean".

/// Return the candidate that `name` is most likely a slip of, if any is near.
///
/// Near is at most one edit for every three characters. Case is ignored, so a name of one or two characters
/// may differ by case only.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    let allowed = wanted.len() / 3;
    candidates
        .into_iter()
        .map(|candidate| {
            let other: Vec<char> = candidate.to_lowercase().chars().collect();
            (edits(&wanted, &other), candidate)
        })
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Count the insertions, deletions, substitutions and swaps of neighbours between two words.
///
/// # Reference
/// Damerau (1964), optimal string alignment.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let mut least = (above[j] + usize::from(a[i] != b[j])).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = ["N", "loss", "val_loss", "params"];
        for (name, found) in [
            ("n", Some("N")),
            ("los", Some("loss")),
            ("lsos", Some("loss")),
            ("vall_loss", Some("val_loss")),
            ("Parms", Some("params")),
            ("D", None),
            ("accuracy", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, names), found, "{name}");
        }
    }
}
