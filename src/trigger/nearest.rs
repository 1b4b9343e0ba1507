//! The nearest of some words, for people who mistype.

/// Words longer than this are not compared, in characters.
const MAX_WORD: usize = 40;

/// The candidate that differs least from the word, if it differs by at most a third of its letters (and one at
/// least). Case does not count; of equals the first wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(MAX_WORD + 1).collect();
    if word.is_empty() || word.len() > MAX_WORD {
        return None;
    }
    let close = |candidate: &&'a str| {
        let letters: Vec<char> = candidate.to_lowercase().chars().take(MAX_WORD).collect();
        let distance = distance(&word, &letters);
        (distance <= (letters.len() / 3).max(1)).then_some(distance)
    };
    candidates.into_iter().filter_map(|c| close(&c).map(|d| (d, c))).min_by_key(|(d, _)| *d).map(|(_, c)| c)
}

/// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours (Damerau 1964).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let check = |word: &str, expected: Option<&str>| {
            assert_eq!(nearest(word, ["architecture", "story", "spec", "status", "help"]), expected, "{word}");
        };
        check("architectre", Some("architecture"));
        check("stroy", Some("story"));
        check("STATUSS", Some("status"));
        check("spce", Some("spec"));
        check("helo", Some("help"));
        check("banana", None);
        check("", None);
        check(&"a".repeat(100_000), None);
    }
}
