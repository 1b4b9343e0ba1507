//! Ranks repository files by how likely a ticket concerns them.
//!
//! In: a query, an index and a history. Out: files with score, probability and evidence, and the list to modify.
//! Never touches disk or network: equal inputs rank equally.

pub mod calibration;
pub mod concerned;
pub mod descent;
pub mod evidence;
pub mod learn;
mod lexical;
pub mod literals;
pub mod measure;
mod mentions;
pub mod passage;
pub mod past;
pub mod paths;
mod rows;
pub mod scan;
mod scope;
pub mod select;
pub mod signals;
pub mod weights;

use super::{history::History, index::Index, query::Query};
use crate::model::context::RankedFile;
use descent::score;
use signals::{Candidate, Candidates};
use weights::Weights;

/// A ranked list, with what it was made from.
#[derive(Debug, Default)]
pub struct Ranking {
    /// Best first.
    pub files: Vec<RankedFile>,
    /// The same files as positions in the index.
    pub numbers: Vec<usize>,
    pub similar: Vec<past::Similar>,
    /// Scores of tests with a hit, relative to the best, by position in the index.
    pub tests: std::collections::HashMap<usize, f64>,
    /// Where the ticket's literals stand.
    pub literals: Vec<literals::Literal>,
}

/// How many files are listed.
const LISTED: usize = 50;
/// How many of them carry evidence.
const EXPLAINED: usize = 25;

/// Ranks the source files.
pub fn rank(query: &Query, index: &Index, history: &History) -> Ranking {
    let weights = Weights::built_in();
    let Candidates { files, similar, tests, literals } = signals::candidates(query, index, history);
    let ordered = order(files, weights);
    let scores: Vec<f64> = ordered.iter().map(|(score, _)| *score).collect();
    let probabilities = weights.calibration.probabilities(&scores);
    let leaders: Vec<_> = ordered
        .iter()
        .take(4)
        .map(|(_, candidate)| (candidate.file, past::companions(&index.files[candidate.file].path, history)))
        .collect();
    let explain =
        evidence::Explain { query, index, history, similar: &similar, leaders: &leaders, literals: &literals };
    let mut ranking = Ranking { similar: Vec::new(), tests, ..Ranking::default() };
    for (place, ((score, candidate), probability)) in ordered.iter().zip(probabilities).take(LISTED).enumerate() {
        ranking.numbers.push(candidate.file);
        ranking.files.push(RankedFile {
            path: index.files[candidate.file].path.clone(),
            score: *score,
            probability,
            evidence: if place < EXPLAINED { explain.file(candidate) } else { Vec::new() },
        });
    }
    ranking.similar = similar;
    ranking.literals = literals;
    ranking
}

/// Candidates with their scores, best first.
fn order(files: Vec<Candidate>, weights: &Weights) -> Vec<(f64, Candidate)> {
    let columns = weights.columns();
    let mut ordered: Vec<(f64, Candidate)> = files.into_iter().map(|file| (score(&columns, &file.row), file)).collect();
    ordered.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.file.cmp(&b.1.file)));
    ordered
}
