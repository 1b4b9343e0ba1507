//! Everything that is read of a repository at a commit: its index, its past and its facts.
//!
//! In: a git folder, a commit, and what earlier readings left. Out: a [`Snapshot`], which tickets are read against. Knows
//! no ticket.

use std::{collections::HashSet, path::Path, sync::Arc, time::Instant};

use super::{
    facts,
    git::{Git, GitError},
    history::History,
    index::Index,
    indexing,
    kept::Kept,
    query::{Query, Reading},
    timings::{Timings, since},
};
use crate::model::{CommitId, context::Fact};

/// Everything read of a repository at a commit.
pub struct Snapshot {
    pub index: Arc<Index>,
    pub history: Arc<History>,
    pub facts: Arc<Vec<Fact>>,
    file_facts: Arc<facts::FileFacts>,
    /// Lines of the repository's own issue and pull request forms.
    forms: HashSet<String>,
    /// How long reading it took.
    pub spent: Timings,
}

impl Snapshot {
    /// Reads index, history and facts of a commit.
    pub async fn read(
        git: &Git,
        git_dir: &Path,
        commit: &CommitId,
        kept: &Kept,
        history: u32,
    ) -> Result<Self, GitError> {
        let start = Instant::now();
        let index = async { indexing::read(git, git_dir, commit, kept).await.map(|index| (index, since(start))) };
        let past = kept.earlier.as_ref().map(|earlier| earlier.history.as_ref());
        let history =
            async { History::read(git, git_dir, commit, history, past).await.map(|history| (history, since(start))) };
        let ((indexed, index_took), (history, history_took)) = tokio::try_join!(index, history)?;
        let start = Instant::now();
        let index = Arc::new(indexed.index);
        kept.lay_down(indexed.new, &index).await;
        let known = kept.earlier.as_ref().map(|earlier| earlier.file_facts.clone()).unwrap_or_default();
        let read = index.clone();
        let found = tokio::task::spawn_blocking(move || {
            let by_file = facts::by_file(&read, &known);
            let (facts, forms) = (facts::facts(&read, &by_file), forms(&read));
            (by_file, facts, forms)
        });
        let (file_facts, facts, forms) = found.await.map_err(|error| GitError::Io(std::io::Error::other(error)))?;
        let spent = Timings { index: index_took, history: history_took, facts: since(start), ..Timings::default() };
        Ok(Self {
            index,
            history: Arc::new(history),
            facts: Arc::new(facts),
            file_facts: Arc::new(file_facts),
            forms,
            spent,
        })
    }

    /// Reads a ticket's texts against this repository's forms and habits.
    pub fn query(&self, reading: &Reading) -> Query {
        Query::read(reading, |line| self.history.is_boilerplate(line) || self.forms.contains(line.trim()))
    }
}

/// The lines of issue and pull request forms that stand in the repository.
fn forms(index: &Index) -> HashSet<String> {
    let is_form = |path: &str| {
        let lower = path.to_ascii_lowercase();
        lower.contains("issue_template")
            || lower.contains("pull_request_template")
            || lower.contains("merge_request_templates")
    };
    let texts = index.files.iter().filter(|file| is_form(&file.path)).take(40).filter_map(|file| file.blob.text());
    texts
        .flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .filter(|l| l.len() > 3)
        .collect()
}
