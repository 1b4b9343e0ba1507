//! Learns the weights from past changes.
//!
//! In: cases (a ticket, a commit, the files that the change modified) and their repositories. Out: weights with their
//! provenance, and the ranks they give when each repository in turn is left out. Deterministic: no random numbers.
//!
//! The loss is the mean over gold files of the cross entropy against all files that are not gold (ListNet's top-one
//! form, Cao et al. 2007), minimised by Adam (Kingma and Ba 2015) from zero, with a quadratic penalty.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{
    calibration::Calibration,
    measure::List,
    signals::{NAMES, Row},
    weights::{Weights, score},
};

/// The candidates of one ticket.
#[derive(Clone, Debug)]
pub struct Example {
    pub id: String,
    pub repo: String,
    /// The file of cases that it comes from.
    pub source: String,
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
    ("literal", 1.0, 0.01),
    ("stem_named", 1.0, 0.005),
    ("tests", 0.3, 0.005),
];
/// Signals that may speak against a file; all others weigh nothing at worst.
const MAY_BE_NEGATIVE: &[&str] = &["churn", "size", "recency"];
/// Steps of Adam, and their size.
const STEPS: u32 = 600;
const RATE: f64 = 0.08;

/// Rows that are learned from: the best by plain fusion, which come first, and all that are gold.
const LEARNED_FROM: usize = 150;

/// Learns ranking weights.
pub fn weights(examples: &[&Example]) -> Row {
    let examples: Vec<Example> = examples.iter().filter_map(|example| heads(example)).collect();
    let mut at = [0.0; NAMES.len()];
    let (mut first, mut second) = ([0.0; NAMES.len()], [0.0; NAMES.len()]);
    for step in 1..=STEPS {
        let slope = slope(&examples, &at);
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

/// The part of an example that is learned from; nothing, when no gold file is a candidate.
fn heads(example: &Example) -> Option<Example> {
    let kept = example.rows.iter().zip(&example.gold).enumerate();
    let kept = kept.filter(|(at, (_, gold))| *at < LEARNED_FROM || **gold).map(|(_, (row, gold))| (*row, *gold));
    let (rows, gold): (Vec<Row>, Vec<bool>) = kept.unzip();
    let head = Example { rows, gold, source: String::new(), id: String::new(), repo: String::new(), missed: 0 };
    head.gold.contains(&true).then_some(head)
}

/// The gradient of the loss.
fn slope(examples: &[Example], at: &Row) -> Row {
    let mut slope: Row = std::array::from_fn(|column| {
        let prior = PRIORS.iter().find(|(name, ..)| *name == NAMES[column]);
        let (centre, strength) = prior.map_or((0.0, PENALTY), |(_, centre, strength)| (*centre, *strength));
        2.0 * strength * (at[column] - centre)
    });
    for example in examples {
        let scores: Vec<f64> = example.rows.iter().map(|row| score(at, row)).collect();
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        let powers: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
        let others: f64 = powers.iter().zip(&example.gold).filter(|(_, gold)| !**gold).map(|(power, _)| power).sum();
        let golds = example.gold.iter().filter(|gold| **gold).count() as f64;
        let share = 1.0 / (golds * examples.len() as f64);
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

/// What is said of every example while its repository is left out.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// In the order of the examples.
    pub lists: Vec<List>,
    /// The calibration that each list's repository had no part in.
    pub calibrations: Vec<Calibration>,
}

/// Ranks with each repository left out in turn; then fits probabilities with each left out.
pub fn left_out(examples: &[Example]) -> LeftOut {
    let repos: BTreeSet<&str> = examples.iter().map(|example| example.repo.as_str()).collect();
    let weigh = |repo: &&str| {
        let rest: Vec<&Example> = examples.iter().filter(|other| other.repo != **repo).collect();
        weights(&rest)
    };
    let by_repo: BTreeMap<&str, Row> = repos.par_iter().map(|repo| (*repo, weigh(repo))).collect();
    let lists: Vec<List> = examples.iter().map(|example| List::of(example, &by_repo[example.repo.as_str()])).collect();
    let fit = |repo: &&str| {
        let others = examples.iter().zip(&lists).filter(|(example, _)| example.repo != **repo);
        Calibration::fit(&others.map(|(_, list)| list).collect::<Vec<_>>())
    };
    let fitted: BTreeMap<&str, Calibration> = repos.par_iter().map(|repo| (*repo, fit(repo))).collect();
    let calibrations = examples.iter().map(|example| fitted[example.repo.as_str()]).collect();
    LeftOut { lists, calibrations }
}

/// Learns everything that `weights.toml` holds; `left_out` is what the examples gave with their repository left out.
pub fn learn(examples: &[Example], left_out: &LeftOut) -> Weights {
    let learned = weights(&examples.iter().collect::<Vec<_>>());
    let repos: BTreeSet<&str> = examples.iter().map(|example| example.repo.as_str()).collect();
    Weights {
        provenance: format!(
            "learned by `planwright learn weights` from {} changes of {} repositories ({}); probabilities fitted with each \
             repository left out in turn",
            examples.len(),
            repos.len(),
            repos.iter().copied().collect::<Vec<_>>().join(", ")
        ),
        signals: NAMES.iter().map(|name| (*name).to_owned()).zip(learned.map(|w| (w * 1e4).round() / 1e4)).collect(),
        calibration: Calibration::fit(&left_out.lists.iter().collect::<Vec<_>>()),
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
            source: String::new(),
            rows,
            gold: vec![false, true, false],
            missed: 0,
        }
    }

    #[test]
    fn the_telling_signal_is_learned() {
        let examples: Vec<Example> = (0..12).map(example).collect();
        let left_out = left_out(&examples);
        assert!(left_out.lists.iter().all(|list| list.gold[0]), "gold is first when its repository is left out");
        let learned = learn(&examples, &left_out);
        assert!(learned.signals["words"] > 5.0 * learned.signals["names"].abs(), "{:?}", learned.signals);
        let threshold = learned.calibration.threshold;
        for list in &left_out.lists {
            assert_eq!(list.f1(&learned.calibration.probabilities(&list.scores), threshold), 1.0);
        }
    }
}
