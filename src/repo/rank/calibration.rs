//! What a place in the list is worth as a probability.
//!
//! In: the scores of a list. Out: for each place how probable it is that the change modifies the file: one logistic
//! model for the first file, another for all others. Fitted by Newton's method (iteratively reweighted least
//! squares, McCullagh and Nelder 1989) on lists that the weights did not see.

use serde::{Deserialize, Serialize};

use super::measure::{LOOKED_AT, List};

/// Logistic models of "the change modifies this file".
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Files at or above this probability are listed; the first always is.
    pub threshold: f64,
    pub first: First,
    pub others: Others,
}

/// The model of the first file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct First {
    pub constant: f64,
    /// For the log odds of its share of the softmax over all candidates.
    pub share: f64,
}

/// The model of all others.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Others {
    pub constant: f64,
    /// For the logarithm of its share of the softmax over all others.
    pub share: f64,
    /// For the logarithm of its rank.
    pub rank: f64,
    /// For how far it lies behind the second file.
    pub gap: f64,
    /// For the log odds of the first file's share.
    pub first: f64,
}

/// Steps of Newton's method, and the longest one along a coefficient: what happens always would need an endless one.
const STEPS: u32 = 100;
const LONGEST: f64 = 1.0;
/// How strongly coefficients are pulled to zero.
const PENALTY: f64 = 1e-4;

impl Calibration {
    /// The probabilities of a list of scores, best first; they never rise along it.
    pub fn probabilities(&self, scores: &[f64]) -> Vec<f64> {
        let (first, others) = inputs(scores);
        let of_first = [self.first.constant, self.first.share];
        let Others { constant, share, rank, gap, first: of_lead } = self.others;
        let first = first.iter().map(|input| chance(&of_first, input));
        let mut most = 1.0_f64;
        let others = others.iter().map(|input| chance(&[constant, share, rank, gap, of_lead], input));
        let falling = first.chain(others).map(|probability| {
            most = most.min(probability);
            most
        });
        falling.collect()
    }

    /// Fits the models, and picks the threshold with the best F1.
    pub fn fit(lists: &[&List]) -> Self {
        let (mut first, mut others) = (Vec::new(), Vec::new());
        for list in lists {
            let (input, rest) = inputs(&list.scores);
            let mut gold = list.gold.iter().take(LOOKED_AT).copied();
            first.extend(input.into_iter().zip(gold.by_ref().take(1)));
            others.extend(rest.into_iter().zip(gold));
        }
        let [constant, share] = newton(&first);
        let first = First { constant, share };
        let [constant, share, rank, gap, of_lead] = newton(&others);
        let others = Others { constant, share, rank, gap, first: of_lead };
        let fitted = Self { threshold: 0.0, first, others };
        let said: Vec<Vec<f64>> = lists.iter().map(|list| fitted.probabilities(&list.scores)).collect();
        let f1 = |threshold: f64| lists.iter().zip(&said).map(|(list, said)| list.f1(said, threshold)).sum::<f64>();
        let thresholds = (10..60).map(|percent| f64::from(percent) / 100.0);
        let best = thresholds.map(|threshold| (f1(threshold), threshold)).max_by(|a, b| a.0.total_cmp(&b.0));
        Self { threshold: best.map_or(0.3, |(_, threshold)| threshold), ..fitted }
    }
}

/// What the models see of the first place, and of each other.
fn inputs(scores: &[f64]) -> (Option<[f64; 2]>, Vec<[f64; 5]>) {
    let Some((best, others)) = scores.split_first() else { return (None, Vec::new()) };
    let share = 1.0 / mass(scores, *best);
    let odds = share.max(1e-9).ln() - (1.0 - share).max(1e-3).ln();
    let second = others.first().copied().unwrap_or_default();
    let all = mass(others, second);
    let input = |(score, rank): (&f64, u32)| {
        let share = ((score - second).exp() / all).max(1e-9).ln();
        [1.0, share, f64::from(rank).ln(), second - score, odds]
    };
    (Some([1.0, odds]), others.iter().zip(2..).map(input).collect())
}

/// The sum of the softmax's powers, relative to the best score's.
fn mass(scores: &[f64], best: f64) -> f64 {
    scores.iter().map(|score| (score - best).exp()).sum::<f64>().max(1e-12)
}

/// The probability of a logistic model.
fn chance<const N: usize>(at: &[f64; N], input: &[f64; N]) -> f64 {
    let sum: f64 = at.iter().zip(input).map(|(a, b)| a * b).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// The coefficients that make what happened most likely, rounded.
fn newton<const N: usize>(cases: &[([f64; N], bool)]) -> [f64; N] {
    let mut at = [0.0; N];
    let share = 1.0 / cases.len().max(1) as f64;
    for _ in 0..STEPS {
        let mut slope = at.map(|value| 2.0 * PENALTY * value);
        let mut curve: [[f64; N]; N] = [[0.0; N]; N];
        for (row, column) in curve.iter_mut().zip(0..) {
            row[column] = 2.0 * PENALTY;
        }
        for (input, happened) in cases {
            let said = chance(&at, input);
            let (error, spread) = (said - f64::from(u8::from(*happened)), said * (1.0 - said));
            for (row, a) in (0..N).zip(input) {
                slope[row] += share * error * a;
                curve[row].iter_mut().zip(input).for_each(|(curve, b)| *curve += share * spread * a * b);
            }
        }
        let step = solved(curve, slope);
        let longest = step.iter().fold(LONGEST, |longest, part| longest.max(part.abs()));
        at.iter_mut().zip(step).for_each(|(at, step)| *at -= step * LONGEST / longest);
    }
    at.map(|value| (value * 1e4).round() / 1e4)
}

/// Solves a positive definite system by Gaussian elimination.
fn solved<const N: usize>(mut rows: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        let (row, value) = (rows[pivot], right[pivot]);
        for below in pivot + 1..N {
            let factor = rows[below][pivot] / row[pivot];
            rows[below].iter_mut().zip(row).for_each(|(below, above)| *below -= factor * above);
            right[below] -= factor * value;
        }
    }
    for at in (0..N).rev() {
        let known: f64 = (at + 1..N).map(|other| rows[at][other] * right[other]).sum();
        right[at] = (right[at] - known) / rows[at][at];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::{super::weights::Weights, *};

    #[test]
    fn a_system_is_solved() {
        let [x, y] = solved([[4.0, 1.0], [1.0, 3.0]], [1.0, 2.0]);
        assert!((x - 1.0 / 11.0).abs() < 1e-12 && (y - 7.0 / 11.0).abs() < 1e-12);
    }

    #[test]
    fn a_model_says_how_often_things_happened() {
        let happened = |input: f64, of_ten: usize| (0..10).map(move |at| ([1.0, input], at < of_ten));
        let cases: Vec<_> = happened(0.0, 2).chain(happened(1.0, 7)).collect();
        let at = newton(&cases);
        assert!((chance(&at, &[1.0, 0.0]) - 0.2).abs() < 0.01);
        assert!((chance(&at, &[1.0, 1.0]) - 0.7).abs() < 0.01);
    }

    #[test]
    fn what_happened_always_is_all_but_certain() {
        let always: Vec<_> = (0..10).map(|_| ([1.0], true)).collect();
        assert!(chance(&newton(&always), &[1.0]) > 0.99);
    }

    #[test]
    fn probabilities_fall_along_the_list() {
        let found = Weights::built_in().calibration.probabilities(&[5.0, 4.0, 4.0, 0.0, -3.0]);
        assert_eq!(found.len(), 5);
        assert!(found.windows(2).all(|pair| pair[0] >= pair[1]), "{found:?}");
        assert!(found.iter().all(|p| (0.0..=1.0).contains(p)));
    }

    #[test]
    fn a_list_of_one_has_one_probability_and_an_empty_one_none() {
        let calibration = Weights::built_in().calibration;
        assert_eq!(calibration.probabilities(&[3.0]).len(), 1);
        assert!(calibration.probabilities(&[]).is_empty());
    }
}
