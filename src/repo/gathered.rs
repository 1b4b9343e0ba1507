//! What a ticket brings up in a repository: the ranking, and the lists around it.
//!
//! In: a ticket's texts and a [`Snapshot`]. Out: a [`Gathered`], which becomes a [`Context`]. Never touches git or disk:
//! the sizes of past changes are added by who can ask for them.

use std::sync::Arc;

use super::{
    ground, nearby,
    query::Reading,
    rank::{self, select, weights::Weights},
    revision::Revision,
    snapshot::Snapshot,
    tree::IndexTree,
};
use crate::model::{
    CommitId,
    context::{Context, Grounded, Likely, LikelyNew, NearTest, PastChange, RepositoryRef},
};

/// What a ranking and its lists gave.
pub struct Gathered {
    pub ranking: rank::Ranking,
    pub modify: Vec<Likely>,
    create: Vec<LikelyNew>,
    tests: Vec<NearTest>,
    past: Vec<(usize, PastChange)>,
    added: Vec<PastChange>,
    grounded: Vec<Grounded>,
    doubts: Vec<String>,
}

impl Gathered {
    /// Ranks and gathers everything around the ranking.
    pub fn of(reading: &Reading, snapshot: &Snapshot) -> Self {
        let (index, history) = (&snapshot.index, &snapshot.history);
        let query = snapshot.query(reading);
        let ranking = rank::rank(&query, index, history);
        let modify = select::modify(&ranking, &Weights::built_in().calibration, &query, index);
        let tests = nearby::tests(&ranking, &modify, &query, index, history);
        Self {
            create: nearby::create(&modify, &tests, index),
            past: nearby::past(&query, &ranking, &modify, &reading.title, history),
            added: nearby::added(&ranking, index, history),
            grounded: ground::ground(&query, index, &ranking.literals),
            doubts: select::doubts(&ranking, &query),
            tests,
            modify,
            ranking,
        }
    }

    /// The commits of the past changes.
    pub fn changes(&self) -> Vec<&CommitId> {
        self.past.iter().map(|(_, change)| change).chain(&self.added).map(|change| &change.commit).collect()
    }

    /// Says how large the past changes are: lines added and deleted of each.
    pub fn add_sizes(&mut self, sizes: Vec<(u32, u32)>) {
        let past = self.past.iter_mut().map(|(_, change)| change);
        for (change, (added, deleted)) in past.chain(&mut self.added).zip(sizes) {
            (change.added, change.deleted) = (added, deleted);
        }
    }

    /// The context at the revision that was read.
    pub fn into_context(self, repository: RepositoryRef, revision: Revision, snapshot: &Snapshot) -> Context {
        Context {
            repository,
            commit: revision.commit,
            branch: revision.branch,
            tree: Arc::new(IndexTree(snapshot.index.clone())),
            ranked: self.ranking.files,
            modify: self.modify,
            create: self.create,
            tests: self.tests,
            past: self.past.into_iter().map(|(_, change)| change).collect(),
            added: self.added,
            facts: snapshot.facts.as_ref().clone(),
            grounded: self.grounded,
            doubts: self.doubts,
        }
    }
}
