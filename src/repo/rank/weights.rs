//! The learned weights of the signals, with where they come from.
//!
//! In: `weights.toml`, part of the program. Out: a score for a row of signals and a probability for a place in the
//! list. The file is written by `planwright learn weights` (see `learning`), never by hand.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::signals::{NAMES, Row};

/// What the file holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Where the weights come from, in plain words.
    pub provenance: String,
    pub signals: BTreeMap<String, f64>,
    pub calibration: Calibration,
}

/// A logistic model of "the change modifies this file".
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    pub constant: f64,
    /// For the logarithm of the file's share of the softmax over all candidates.
    pub share: f64,
    /// For the logarithm of its rank.
    pub rank: f64,
    /// For how far it lies behind the first.
    pub gap: f64,
    /// Files at or above this probability are listed; the first always is.
    pub threshold: f64,
}

static BUILT_IN: LazyLock<Weights> =
    LazyLock::new(|| toml::from_str(include_str!("weights.toml")).expect("a test reads the file"));

impl Weights {
    /// The weights that the program carries.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// The weights in the order of the signals' columns; signals that are not named weigh nothing.
    pub fn columns(&self) -> Row {
        let mut row = [0.0; NAMES.len()];
        for (value, name) in row.iter_mut().zip(NAMES) {
            *value = self.signals.get(name).copied().unwrap_or(0.0);
        }
        row
    }
}

/// The weighted sum of a row.
pub fn score(weights: &Row, row: &Row) -> f64 {
    weights.iter().zip(row).map(|(weight, value)| weight * value).sum()
}

impl Calibration {
    /// What the logistic model sees of each place of a list of scores, best first.
    pub fn inputs(scores: &[f64]) -> Vec<[f64; 4]> {
        let best = scores.first().copied().unwrap_or(0.0);
        let mass: f64 = scores.iter().map(|score| (score - best).exp()).sum::<f64>().max(1e-12);
        let input = |(score, rank): (&f64, usize)| {
            let share = ((score - best).exp() / mass).max(1e-9).ln();
            [1.0, share, (rank as f64).ln(), best - score]
        };
        scores.iter().zip(1..).map(input).collect()
    }

    /// The probabilities of a list of scores, best first; they never rise along it.
    pub fn probabilities(&self, scores: &[f64]) -> Vec<f64> {
        let mut most = 1.0_f64;
        let weigh = |input: [f64; 4]| {
            let sum = self.constant * input[0] + self.share * input[1] + self.rank * input[2] + self.gap * input[3];
            most = most.min(1.0 / (1.0 + (-sum).exp()));
            most
        };
        Self::inputs(scores).into_iter().map(weigh).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_every_signal_and_no_other() {
        let weights = Weights::built_in();
        let mut names: Vec<&str> = NAMES.to_vec();
        names.sort_unstable();
        assert_eq!(weights.signals.keys().map(String::as_str).collect::<Vec<_>>(), names);
    }

    #[test]
    fn probabilities_fall_along_the_list() {
        let found = Weights::built_in().calibration.probabilities(&[5.0, 4.0, 4.0, 0.0, -3.0]);
        assert!(found.windows(2).all(|pair| pair[0] >= pair[1]), "{found:?}");
        assert!(found.iter().all(|p| (0.0..=1.0).contains(p)));
    }
}
