//! Learns the weights from past changes.
//!
//! In: cases (a ticket, a commit, the files that the change modified) and their repositories. Out: weights with their
//! provenance, and the ranks they give when each repository in turn is left out. How they are found: see [`descent`].

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{
    calibration::Calibration,
    concerned,
    descent::{self, Listed, Shape},
    measure::List,
    signals::{NAMES, Row},
    weights::{self, Weights},
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

/// What is known of the signals of files. (Texts written with a change quote few errors and hold no stack traces;
/// tickets do.)
const SHAPE: Shape<{ NAMES.len() }> = Shape {
    names: NAMES,
    penalty: 0.002,
    priors: &[
        ("frame", 3.0, 0.05),
        ("path_named", 1.2, 0.01),
        ("quote", 1.0, 0.01),
        ("literal", 1.0, 0.01),
        ("stem_named", 1.0, 0.005),
        ("tests", 0.3, 0.005),
    ],
    may_be_negative: &["churn", "recency"],
};

/// Rows that are learned from: the best by plain fusion, which come first, and all that are gold.
const LEARNED_FROM: usize = 150;

/// Learns ranking weights.
pub fn weights(examples: &[&Example]) -> Row {
    let lists: Vec<Listed<{ NAMES.len() }>> = examples.iter().filter_map(|example| head(example)).collect();
    descent::weights(&lists, &SHAPE)
}

/// The part of an example that is learned from; nothing, when no gold file is a candidate.
fn head(example: &Example) -> Option<Listed<{ NAMES.len() }>> {
    let kept = example.rows.iter().zip(&example.gold).enumerate();
    let kept = kept.filter(|(at, (_, gold))| *at < LEARNED_FROM || **gold).map(|(_, (row, gold))| (*row, *gold));
    let (rows, gold): (Vec<Row>, Vec<bool>) = kept.unzip();
    gold.contains(&true).then_some(Listed { rows, gold })
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
/// Without files whose changed lines are told, the weights of symbols stay as they are.
pub fn learn(examples: &[Example], left_out: &LeftOut, files: &[concerned::learn::Example]) -> Weights {
    let symbols = match files.is_empty() {
        true => Weights::built_in().symbols.clone(),
        false => weights::named(concerned::signals::NAMES, concerned::learn::weights(files)),
    };
    let learned = self::weights(&examples.iter().collect::<Vec<_>>());
    let repos: BTreeSet<&str> = examples.iter().map(|example| example.repo.as_str()).collect();
    Weights {
        provenance: format!(
            "learned by `planwright learn weights` from {} changes of {} repositories, symbols from {} files of theirs \
             ({}); probabilities fitted with each repository left out in turn",
            examples.len(),
            repos.len(),
            files.len(),
            repos.iter().copied().collect::<Vec<_>>().join(", ")
        ),
        signals: weights::named(NAMES, learned),
        symbols,
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
        let learned = learn(&examples, &left_out, &[]);
        assert!(learned.signals["words"] > 5.0 * learned.signals["names"].abs(), "{:?}", learned.signals);
        let threshold = learned.calibration.threshold;
        for list in &left_out.lists {
            assert_eq!(list.f1(&learned.calibration.probabilities(&list.scores), threshold), 1.0);
        }
    }
}
