//! Learns the weights from past changes.
//!
//! In: cases (a ticket, a commit, the files that the change modified) and their repositories. Out: weights with their
//! provenance, and the ranks they give when each repository in turn is left out. Deterministic: no random numbers.
//!
//! The loss is the mean over gold files of the cross entropy against all files that are not gold (ListNet's top-one
//! form, Cao et al. 2007), minimised by Adam (Kingma and Ba 2015) from zero, with a quadratic penalty.

use std::collections::BTreeMap;

use super::{
    signals::{NAMES, Row},
    weights::{Calibration, Weights, score},
};

/// The candidates of one ticket.
#[derive(Clone, Debug)]
pub struct Example {
    pub id: String,
    pub repo: String,
    pub rows: Vec<Row>,
    /// Which rows are gold.
    pub gold: Vec<bool>,
    /// Gold files that are no candidates.
    pub missed: usize,
}

/// How strongly weights are pulled to zero.
const PENALTY: f64 = 0.0005;
/// Signals that few cases show, though they say much when they are there: weight and strength of the pull to it.
/// (Texts written with a change quote few errors and hold no stack traces; tickets do.)
const PRIORS: &[(&str, f64, f64)] = &[
    ("frame", 3.0, 0.05),
    ("path_named", 1.2, 0.01),
    ("quote", 1.0, 0.01),
    ("stem_named", 1.0, 0.005),
    ("tests", 0.3, 0.005),
];
/// Signals that may speak against a file; all others weigh nothing at worst.
const MAY_BE_NEGATIVE: &[&str] = &["churn", "size", "recency"];
    ("literal", 1.0, 0.01),
/// Steps of Adam, and their size.
const STEPS: u32 = 600;
const RATE: f64 = 0.08;

/// Learns ranking weights.
pub fn weights(examples: &[&Example]) -> Row {
    let mut at = [0.0; NAMES.len()];
    let (mut first, mut second) = ([0.0; NAMES.len()], [0.0; NAMES.len()]);
    for step in 1..=STEPS {
        let slope = slope(examples, &at);
        let power = i32::try_from(step).unwrap_or(i32::MAX);
        for column in 0..NAMES.len() {
            first[column] = 0.9 * first[column] + 0.1 * slope[column];
            second[column] = 0.999 * second[column] + 0.001 * slope[column].powi(2);
            let mean = first[column] / (1.0 - 0.9_f64.powi(power));
            let spread = second[column] / (1.0 - 0.999_f64.powi(power));
            at[column] -= RATE * mean / (spread.sqrt() + 1e-8);
            if at[column] < 0.0 && !MAY_BE_NEGATIVE.contains(&NAMES[column]) {
                at[column] = 0.0;
            }
        }
    }
    at
}

/// The gradient of the loss.
fn slope(examples: &[&Example], at: &Row) -> Row {
    let mut slope: Row = std::array::from_fn(|column| {
        let prior = PRIORS.iter().find(|(name, ..)| *name == NAMES[column]);
        let (centre, strength) = prior.map_or((0.0, PENALTY), |(_, centre, strength)| (*centre, *strength));
        2.0 * strength * (at[column] - centre)
    });
    let usable: Vec<&&Example> = examples.iter().filter(|example| example.gold.contains(&true)).collect();
    for example in &usable {
        let scores: Vec<f64> = example.rows.iter().map(|row| score(at, row)).collect();
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        let powers: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
        let others: f64 = powers.iter().zip(&example.gold).filter(|(_, gold)| !**gold).map(|(power, _)| power).sum();
        let golds = example.gold.iter().filter(|gold| **gold).count() as f64;
        let share = 1.0 / (golds * usable.len() as f64);
        let mut pull = 0.0;
        for (own, _) in powers.iter().zip(&example.gold).filter(|(_, gold)| **gold) {
            pull += share / (own + others);
        }
        for ((row, power), gold) in example.rows.iter().zip(&powers).zip(&example.gold) {
            let factor = match gold {
                true => share * (power / (power + others) - 1.0),
                false => pull * power,
            };
            for (slope, value) in slope.iter_mut().zip(row) {
                *slope += factor * value;
            }
        }
    }
    slope
}

/// Sorts an example's rows by score; returns scores and gold marks, best first.
pub fn ranked(example: &Example, weights: &Row) -> (Vec<f64>, Vec<bool>) {
    let mut order: Vec<(f64, usize)> = example.rows.iter().map(|row| score(weights, row)).zip(0..).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    order.into_iter().map(|(score, at)| (score, example.gold[at])).unzip()
}

/// Fits the probabilities on ranked lists that the weights did not see, and picks the threshold with the best F1.
pub fn calibrate(lists: &[(Vec<f64>, Vec<bool>, usize)]) -> Calibration {
    const LOOKED_AT: usize = 20;
    let mut inputs: Vec<([f64; 4], f64)> = Vec::new();
    for (scores, gold, _) in lists {
        let rows = Calibration::inputs(scores);
        inputs.extend(rows.into_iter().zip(gold).take(LOOKED_AT).map(|(row, gold)| (row, f64::from(u8::from(*gold)))));
    }
    let mut at = [0.0_f64; 4];
    for _ in 0..4_000 {
        let mut slope = [0.0_f64; 4];
        for (row, gold) in &inputs {
            let sum: f64 = at.iter().zip(row).map(|(a, b)| a * b).sum();
            let error = 1.0 / (1.0 + (-sum).exp()) - gold;
            slope.iter_mut().zip(row).for_each(|(slope, value)| *slope += error * value / inputs.len() as f64);
        }
        at.iter_mut().zip(slope).for_each(|(at, slope)| *at -= 0.15 * slope);
    }
    let fitted = Calibration { constant: at[0], share: at[1], rank: at[2], gap: at[3], threshold: 0.0 };
    let thresholds = (10..60).map(|percent| f64::from(percent) / 100.0);
    let best = thresholds.map(|threshold| (mean_f1(&fitted, threshold, lists), threshold));
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.3, |(_, threshold)| threshold);
    Calibration { threshold: best, ..fitted }
}

/// The mean F1 of the lists that a threshold gives.
pub fn mean_f1(calibration: &Calibration, threshold: f64, lists: &[(Vec<f64>, Vec<bool>, usize)]) -> f64 {
    let f1 = |(scores, gold, missed): &(Vec<f64>, Vec<bool>, usize)| {
        let probabilities = calibration.probabilities(scores);
        let listed = probabilities.iter().enumerate().take_while(|(at, p)| *at == 0 || **p >= threshold).count().min(8);
        let hits = gold[..listed.min(gold.len())].iter().filter(|gold| **gold).count() as f64;
        let all = (gold.iter().filter(|gold| **gold).count() + missed) as f64;
        2.0 * hits / (listed as f64 + all).max(1.0)
    };
    lists.iter().map(f1).sum::<f64>() / lists.len().max(1) as f64
}

/// Ranks with each repository left out in turn: the lists in the order of the examples.
pub fn left_out(examples: &[Example]) -> Vec<(Vec<f64>, Vec<bool>, usize)> {
    let mut by_repo: BTreeMap<&str, Row> = BTreeMap::new();
    for example in examples {
        by_repo.entry(&example.repo).or_insert_with(|| {
            let rest: Vec<&Example> = examples.iter().filter(|other| other.repo != example.repo).collect();
            weights(&rest)
        });
    }
    let list = |example: &Example| {
        let (scores, gold) = ranked(example, &by_repo[example.repo.as_str()]);
        (scores, gold, example.missed)
    };
    examples.iter().map(list).collect()
}

/// Learns everything that `weights.toml` holds.
pub fn learn(examples: &[Example]) -> Weights {
    let learned = weights(&examples.iter().collect::<Vec<_>>());
    let repos: std::collections::BTreeSet<&str> = examples.iter().map(|example| example.repo.as_str()).collect();
    Weights {
        provenance: format!(
            "learned from {} changes of {} repositories; probabilities fitted with each repository left out in turn",
            examples.len(),
            repos.len()
        ),
        signals: NAMES.iter().map(|name| (*name).to_owned()).zip(learned.map(|w| (w * 1e4).round() / 1e4)).collect(),
        calibration: calibrate(&left_out(examples)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ticket whose gold file is the one with the highest first signal; the second signal is noise.
    fn example(number: usize) -> Example {
        let row = |value: f64, noise: usize| {
            let mut row = [0.0; NAMES.len()];
            row[0] = value;
            row[1] = (noise * 7 % 5) as f64 / 5.0;
            row
        };
        let rows = vec![row(0.2, number), row(0.9, number + 1), row(0.4, number + 2)];
        Example {
            id: number.to_string(),
            repo: format!("r{}", number % 3),
            rows,
            gold: vec![false, true, false],
            missed: 0,
        }
    }

    #[test]
    fn the_telling_signal_is_learned() {
        let examples: Vec<Example> = (0..12).map(example).collect();
        let lists = left_out(&examples);
        assert!(lists.iter().all(|(_, gold, _)| gold[0]), "gold is first when its repository is left out");
        let learned = learn(&examples);
        assert!(learned.signals["words"] > 5.0 * learned.signals["names"].abs(), "{:?}", learned.signals);
        assert!(mean_f1(&learned.calibration, learned.calibration.threshold, &lists) > 0.99);
    }
}
