//! Measures ranked lists against what changes really modified.
//!
//! In: lists with gold marks. Out: the figures of file localisation, those of plain fusion beside them, and how often
//! a probability came true. Accuracy at k asks for all gold files among the first k, as in the SWE-bench papers.

use super::{
    descent::score,
    learn::Example,
    signals::{NAMES, Row},
};

/// A ranked list, best first.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    pub scores: Vec<f64>,
    /// Which places are gold.
    pub gold: Vec<bool>,
    /// Gold files that are not on it.
    pub missed: usize,
}

/// The means over some lists, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    pub lists: usize,
    /// For each of [`DEPTHS`].
    pub accuracy: [f64; DEPTHS.len()],
    /// Mean of one over the rank of the first gold file.
    pub reciprocal_rank: f64,
    /// F1 of the list to modify.
    pub f1: f64,
}

/// How deep lists are looked into.
pub const DEPTHS: [usize; 4] = [1, 3, 5, 10];
/// The longest list to modify.
pub const MOST_FILES: usize = 8;
/// The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009).
const FUSION: f64 = 60.0;

impl List {
    /// An example ranked by weights.
    pub fn of(example: &Example, weights: &Row) -> Self {
        Self::sorted(example, example.rows.iter().map(|row| score(weights, row)).collect())
    }

    /// An example ranked by reciprocal rank fusion of its signals, none of them weighed.
    pub fn fused(example: &Example) -> Self {
        let mut scores = vec![0.0; example.rows.len()];
        // The column `fused` is a weighed sum of others.
        for column in (0..NAMES.len()).filter(|column| NAMES[*column] != "fused") {
            let holding = (0..example.rows.len()).filter(|at| example.rows[*at][column] > 0.0);
            let mut order: Vec<usize> = holding.collect();
            order.sort_by(|a, b| example.rows[*b][column].total_cmp(&example.rows[*a][column]).then(a.cmp(b)));
            order.iter().zip(1..).for_each(|(at, rank)| scores[*at] += 1.0 / (FUSION + f64::from(rank)));
        }
        Self::sorted(example, scores)
    }

    fn sorted(example: &Example, scores: Vec<f64>) -> Self {
        let mut order: Vec<(f64, usize)> = scores.into_iter().zip(0..).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let (scores, gold) = order.into_iter().map(|(score, at)| (score, example.gold[at])).unzip();
        Self { scores, gold, missed: example.missed }
    }

    /// How many files the change really modified.
    pub fn golds(&self) -> usize {
        self.gold.iter().filter(|gold| **gold).count() + self.missed
    }

    /// Are all gold files among the first `depth`?
    fn is_met_within(&self, depth: usize) -> bool {
        self.missed == 0 && !self.gold.iter().skip(depth).any(|gold| *gold)
    }

    fn reciprocal_rank(&self) -> f64 {
        self.gold.iter().position(|gold| *gold).map_or(0.0, |at| 1.0 / (at + 1) as f64)
    }

    /// F1 of the first files as long as their probability reaches a threshold; the first always counts.
    pub fn f1(&self, probabilities: &[f64], threshold: f64) -> f64 {
        let likely = probabilities.iter().enumerate().take_while(|(at, p)| *at == 0 || **p >= threshold);
        let listed = likely.count().min(MOST_FILES);
        let hits = self.gold[..listed.min(self.gold.len())].iter().filter(|gold| **gold).count();
        2.0 * hits as f64 / (listed + self.golds()).max(1) as f64
    }
}

impl Figures {
    /// The figures of lists with the F1 of each.
    pub fn of<'a>(lists: impl Iterator<Item = (&'a List, f64)>) -> Self {
        let mut sum = Self::default();
        for (list, f1) in lists {
            sum.lists += 1;
            sum.f1 += f1;
            sum.reciprocal_rank += list.reciprocal_rank();
            for (share, depth) in sum.accuracy.iter_mut().zip(DEPTHS) {
                *share += f64::from(u8::from(list.is_met_within(depth)));
            }
        }
        let count = sum.lists.max(1) as f64;
        sum.f1 /= count;
        sum.reciprocal_rank /= count;
        sum.accuracy.iter_mut().for_each(|share| *share /= count);
        sum
    }
}

/// One row of a reliability table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reliability {
    /// Mean of the probabilities that were said.
    pub said: f64,
    /// The share of them that came true.
    pub happened: f64,
    pub files: usize,
}

/// How many places of a list are asked whether their probability came true.
pub const LOOKED_AT: usize = 20;

/// Compares what was said with what happened, in ten steps of probability; and the mean distance, weighed by files.
pub fn reliability(lists: &[(&List, Vec<f64>)]) -> (Vec<Reliability>, f64) {
    let mut sums = [(0.0, 0.0, 0_usize); 10];
    for (list, probabilities) in lists {
        for (said, gold) in probabilities.iter().zip(&list.gold).take(LOOKED_AT) {
            let sum = &mut sums[((said * 10.0) as usize).min(9)];
            *sum = (sum.0 + said, sum.1 + f64::from(u8::from(*gold)), sum.2 + 1);
        }
    }
    let row = |(said, happened, files): (f64, f64, usize)| {
        let count = files as f64;
        Reliability { said: said / count, happened: happened / count, files }
    };
    let rows: Vec<Reliability> = sums.into_iter().filter(|(.., files)| *files > 0).map(row).collect();
    let all: usize = rows.iter().map(|row| row.files).sum();
    let distance = rows.iter().map(|row| (row.said - row.happened).abs() * row.files as f64).sum::<f64>();
    (rows, distance / all.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(gold: &[bool], missed: usize) -> List {
        List { scores: (0..gold.len()).map(|at| -(at as f64)).collect(), gold: gold.to_vec(), missed }
    }

    #[test]
    fn accuracy_asks_for_all_gold_files_and_the_reciprocal_rank_for_the_first() {
        let lists = [list(&[true, false], 0), list(&[false, true, true], 0), list(&[true], 1)];
        let figures = Figures::of(lists.iter().map(|list| (list, 0.0)));
        assert_eq!(figures.accuracy, [1.0, 2.0, 2.0, 2.0].map(|n: f64| n / 3.0));
        assert!((figures.reciprocal_rank - 2.5 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn f1_counts_what_is_listed_against_all_gold_files() {
        let one = list(&[true, false, true], 1);
        assert_eq!(one.f1(&[0.9, 0.1, 0.1], 0.5), 2.0 / 4.0);
        assert_eq!(one.f1(&[0.9, 0.6, 0.6], 0.5), 4.0 / 6.0);
        assert_eq!(one.f1(&[0.1, 0.1, 0.1], 0.5), 2.0 / 4.0, "the first always counts");
    }

    #[test]
    fn what_was_said_is_compared_with_what_happened() {
        let one = list(&[true, true, false, false], 0);
        let (rows, distance) = reliability(&[(&one, vec![0.95, 0.55, 0.55, 0.05])]);
        assert_eq!(rows.iter().map(|row| row.files).collect::<Vec<_>>(), [1, 2, 1]);
        assert_eq!(rows[1].happened, 0.5);
        assert!((distance - 0.05).abs() < 1e-12);
    }

    #[test]
    fn fusion_counts_ranks_and_not_values() {
        let row = |first: f64, second: f64| {
            let mut row = [0.0; NAMES.len()];
            (row[0], row[1]) = (first, second);
            row
        };
        let rows = vec![row(0.9, 0.0), row(0.1, 0.2), row(0.0, 0.1)];
        let example = Example {
            id: "1".to_owned(),
            repo: "a/b".to_owned(),
            source: String::new(),
            rows,
            gold: vec![false, true, false],
            missed: 0,
        };
        assert_eq!(List::fused(&example).gold, [true, false, false]);
    }
}
