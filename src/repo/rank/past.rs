//! Past commits that resemble the ticket, and what they say of files.
//!
//! In: a query and the history. Out: commits by similarity, and their votes for the files they touched. Old commits
//! count as much as new ones; commits that touch many files count little.

use std::collections::HashMap;

use super::{
    super::{
        history::{History, SWEEPING},
        query::Query,
    },
    scan::Filter,
};

/// A commit that resembles the ticket.
#[derive(Clone, Copy, Debug)]
pub struct Similar {
    /// Position in the history.
    pub commit: usize,
    /// 0 to 1; 1 is the best of this ticket if all its words stood in it.
    pub similarity: f64,
    score: f64,
}

/// How many similar commits vote.
const VOTERS: usize = 40;

/// The commits most like the ticket, best first (BM25 over their messages).
pub fn similar(query: &Query, history: &History) -> Vec<Similar> {
    let count = history.commits.len().max(1) as f64;
    let mean = history.commits.iter().map(|c| f64::from(c.words.total)).sum::<f64>() / count;
    let filter = Filter::of(query);
    let mut holding = vec![0_u32; query.terms.len()];
    let rows: Vec<Vec<(usize, u16)>> = history
        .commits
        .iter()
        .map(|commit| {
            let found = commit.words.terms().iter();
            let row: Vec<(usize, u16)> =
                found.filter_map(|(id, count)| Some((usize::from(filter.find(*id)?), *count))).collect();
            row.iter().for_each(|(at, _)| holding[*at] += 1);
            row
        })
        .collect();
    let idf: Vec<f64> =
        holding.iter().map(|n| (1.0 + (count - f64::from(*n) + 0.5) / (f64::from(*n) + 0.5)).ln()).collect();
    let words = query.terms.iter().zip(&idf).filter(|(term, _)| !term.is_joined);
    let whole = words.map(|(term, idf)| term.weight * idf).sum::<f64>().max(1e-9);
    let mut found: Vec<Similar> = rows
        .iter()
        .enumerate()
        .filter(|(at, row)| !row.is_empty() && history.commits[*at].files.len() <= SWEEPING)
        .map(|(at, row)| {
            let length = f64::from(history.commits[at].words.total) / mean.max(1.0);
            let score = |(term, count): &(usize, u16)| {
                let tf = f64::from(*count);
                query.terms[*term].weight * idf[*term] * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length))
            };
            let words = row.iter().filter(|(term, _)| !query.terms[*term].is_joined);
            let held: f64 = words.map(|(term, _)| query.terms[*term].weight * idf[*term]).sum();
            Similar { commit: at, similarity: held / whole, score: row.iter().map(score).sum() }
        })
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.commit.cmp(&b.commit)));
    found.truncate(VOTERS);
    found
}

/// What the similar commits say of each path: the sum of their squared relative scores, divided among their files.
pub fn votes<'a>(similar: &[Similar], history: &'a History) -> HashMap<&'a str, f64> {
    let best = similar.first().map_or(1.0, |similar| similar.score.max(1e-9));
    let mut votes: HashMap<&str, f64> = HashMap::new();
    for similar in similar {
        let commit = &history.commits[similar.commit];
        let vote = (similar.score / best).powi(2) / (1.0 + (commit.files.len() as f64).ln());
        for file in &commit.files {
            *votes.entry(history.path(*file)).or_default() += vote;
        }
    }
    votes
}

/// Paths with their share of common changes and the number of common commits.
pub type Together<'a> = HashMap<&'a str, (f64, u32)>;

/// How often files changed together with `path`: the sum over common commits of one over their other files, relative to
/// how often `path` changed; with the number of common commits.
pub fn companions<'a>(path: &str, history: &'a History) -> Together<'a> {
    let touching = history.touching(path);
    let mut found = Together::new();
    for commit in touching.iter().take(200).map(|at| &history.commits[*at as usize]) {
        if commit.files.len() < 2 || commit.files.len() > SWEEPING {
            continue;
        }
        for other in &commit.files {
            let entry = found.entry(history.path(*other)).or_default();
            entry.0 += 1.0 / ((commit.files.len() - 1) as f64 * (touching.len() as f64 + 3.0));
            entry.1 += 1;
        }
    }
    found.remove(path);
    found
}
