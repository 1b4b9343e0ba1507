//! Learns which symbols of a file a change concerns.
//!
//! In: the rows of files that past changes modified, with the lines that they replaced. Out: weights, and how often the
//! first symbols were the right ones while each repository in turn was left out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{
    super::{
        super::blob::Blob,
        descent::{self, Listed, Shape, score},
    },
    is_meant, owners,
    signals::{NAMES, Row},
};

/// A file that a change modified.
#[derive(Clone, Debug)]
pub struct Example {
    pub repo: String,
    /// Its symbols; those gold that own a line that the change replaced.
    pub symbols: Listed<{ NAMES.len() }>,
}

/// How often the first symbols hold a line that the change replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hits {
    pub files: usize,
    /// 0 to 1.
    pub first: f64,
    /// Any of the first three.
    pub three: f64,
}

/// What is known of the signals of symbols; stack frames and quotes are in tickets, and not in what is learned from.
const SHAPE: Shape<{ NAMES.len() }> = Shape {
    names: NAMES,
    penalty: 0.002,
    priors: &[("frame", 3.0, 0.05), ("quote", 0.5, 0.02), ("named_as_code", 1.0, 0.01)],
    may_be_negative: &[],
};

impl Example {
    /// A file's symbols with the lines that a change replaced, first to last; `None` when they are in no symbol.
    pub fn of(repo: &str, blob: &Blob, rows: Vec<Row>, lines: &[(u32, u32)]) -> Option<Self> {
        let owned = owners::innermost(&blob.symbols, blob.lines as usize);
        let changed = lines.iter().flat_map(|(first, last)| *first..=(*last).min(blob.lines));
        let owner = |line: u32| owned.get((line as usize).wrapping_sub(1)).copied().flatten();
        let changed: BTreeSet<usize> = changed.filter_map(owner).collect();
        let all = rows.into_iter().enumerate().filter(|(at, _)| is_meant(&blob.symbols[*at]));
        let (rows, gold): (Vec<Row>, Vec<bool>) = all.map(|(at, row)| (row, changed.contains(&at))).unzip();
        gold.contains(&true).then(|| Self { repo: repo.to_owned(), symbols: Listed { rows, gold } })
    }
}

/// Learns the weights of the symbols' signals.
pub fn weights<'a>(examples: impl IntoIterator<Item = &'a Example>) -> Row {
    let lists: Vec<Listed<{ NAMES.len() }>> = examples.into_iter().map(|example| example.symbols.clone()).collect();
    descent::weights(&lists, &SHAPE)
}

/// How often the first symbols are right, with each repository left out in turn.
pub fn left_out(examples: &[Example]) -> Hits {
    let repos: BTreeSet<&str> = examples.iter().map(|example| example.repo.as_str()).collect();
    let learned: BTreeMap<&str, Row> =
        repos.par_iter().map(|repo| (*repo, weights(examples.iter().filter(|other| other.repo != **repo)))).collect();
    let mut hits = Hits { files: examples.len(), ..Hits::default() };
    for example in examples {
        let weights = &learned[example.repo.as_str()];
        let mut order: Vec<(f64, bool)> =
            example.symbols.rows.iter().map(|row| score(weights, row)).zip(example.symbols.gold.clone()).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        hits.first += f64::from(u8::from(order.iter().take(1).any(|(_, gold)| *gold)));
        hits.three += f64::from(u8::from(order.iter().take(3).any(|(_, gold)| *gold)));
    }
    let count = hits.files.max(1) as f64;
    (hits.first, hits.three) = (hits.first / count, hits.three / count);
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gold_is_what_owns_a_replaced_line() {
        let text = "class Cart:\n    def total(self):\n        return 1\n\n    def empty(self):\n        return 0\n";
        let blob = Blob::of(text.as_bytes(), Some("python"));
        let rows = vec![[0.0; NAMES.len()]; blob.symbols.len()];
        let gold = |lines: &[(u32, u32)]| Example::of("a/b", &blob, rows.clone(), lines).map(|made| made.symbols.gold);
        assert_eq!(gold(&[(6, 6)]), Some(vec![false, false, true]));
        assert_eq!(gold(&[(4, 4)]), Some(vec![true, false, false]));
        assert_eq!(gold(&[(7, 9)]), None);
    }

    #[test]
    fn a_repository_is_judged_by_what_others_taught() {
        let example = |number: usize| {
            let mut rows = vec![[0.0; NAMES.len()]; 3];
            rows[1][4] = 1.0;
            rows[2][9] = (number % 2) as f64;
            Example { repo: format!("r{}", number % 3), symbols: Listed { rows, gold: vec![false, true, false] } }
        };
        let examples: Vec<Example> = (0..9).map(example).collect();
        assert_eq!(left_out(&examples), Hits { files: 9, first: 1.0, three: 1.0 });
    }
}
