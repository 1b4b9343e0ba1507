//! What is remembered of one repository between tickets.
//!
//! In: what was read and resolved. Out: the same, while it still holds. Bounded by number; nothing here changes an
//! answer, only what it costs.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use super::{refs::Refs, revision::Revision, snapshot::Snapshot};
use crate::model::CommitId;

/// What is remembered of one repository.
#[derive(Default)]
pub struct Known {
    /// Held while an index is built, so that two tickets build one.
    pub building: tokio::sync::Mutex<()>,
    /// Newest first; they share their blobs.
    recent: Mutex<VecDeque<Arc<Snapshot>>>,
    /// What revisions meant, and how the refs stood then.
    revisions: Mutex<HashMap<Option<String>, (Refs, Revision)>>,
}

/// Commits of one repository that are kept.
const RECENT: usize = 4;
/// Revisions of one repository whose meaning is kept.
const REVISIONS: usize = 64;
impl Known {
    /// The commit that was read last.
    pub fn latest(&self) -> Option<Arc<Snapshot>> {
        self.recent.lock().ok()?.front().cloned()
    }

    /// What was read of a commit.
    pub fn at(&self, commit: &CommitId) -> Option<Arc<Snapshot>> {
        self.recent.lock().ok()?.iter().find(|snapshot| snapshot.index.commit == *commit).cloned()
    }

    /// Keeps what was read last.
    pub fn add(&self, snapshot: Arc<Snapshot>) {
        if let Ok(mut recent) = self.recent.lock() {
            recent.push_front(snapshot);
            recent.truncate(RECENT);
        }
    }

    /// What a revision meant while the refs stood like this.
    pub fn meant(&self, rev: Option<&str>, refs: &Refs) -> Option<Revision> {
        let revisions = self.revisions.lock().ok()?;
        let (then, revision) = revisions.get(&rev.map(str::to_owned))?;
        (then == refs).then(|| revision.clone())
    }

    /// Keeps what a revision means while the refs stand like this.
    pub fn keep(&self, rev: Option<&str>, refs: Refs, revision: &Revision) {
        if let Ok(mut revisions) = self.revisions.lock() {
            if revisions.len() >= REVISIONS {
                revisions.clear();
            }
            revisions.insert(rev.map(str::to_owned), (refs, revision.clone()));
        }
    }
}
