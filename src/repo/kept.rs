//! What earlier readings of a repository left: in memory an earlier commit, on disk analysed blobs.
//!
//! In: an earlier commit and a shelf, or neither. Out: blobs that need no reading. Nothing here changes an answer,
//! only what it costs.

use std::{collections::HashSet, sync::Arc};

use super::{
    index::{BlobKey, Index, KnownBlobs},
    shelf::Shelf,
    snapshot::Snapshot,
};

/// One in so many files of a commit is many to read again.
const MANY: usize = 32;

/// What is kept of a repository.
#[derive(Clone, Default)]
pub struct Kept {
    /// The commit that was read before.
    pub earlier: Option<Arc<Snapshot>>,
    pub shelf: Option<Shelf>,
}

impl Kept {
    /// Those of the wanted blobs that are known, and the keys of the others.
    pub async fn take(&self, wanted: HashSet<BlobKey>) -> (KnownBlobs, Vec<BlobKey>) {
        let mut found = match &self.earlier {
            Some(earlier) => {
                let wanted: HashSet<_> = wanted.iter().map(|(object, language)| (object.as_str(), *language)).collect();
                earlier.index.blobs(|key| wanted.contains(&key))
            }
            None => KnownBlobs::default(),
        };
        let mut missing: Vec<BlobKey> = wanted.into_iter().filter(|key| !found.contains_key(key)).collect();
        missing.sort_unstable();
        let Some(shelf) = self.shelf.clone().filter(|_| self.is_worth_a_look(missing.len())) else {
            return (found, missing);
        };
        let keys = missing.clone();
        let shelved = tokio::task::spawn_blocking(move || shelf.take(&keys)).await.unwrap_or_default();
        missing.retain(|key| !shelved.contains_key(key));
        found.extend(shelved);
        (found, missing)
    }

    /// Is the shelf worth looking through for so many blobs? Beside an earlier commit a few are read sooner from git.
    fn is_worth_a_look(&self, missing: usize) -> bool {
        let few = self.earlier.as_ref().map_or(0, |earlier| earlier.index.files.len() / MANY);
        missing > few
    }

    /// Lays what was read now on the shelf. A full or missing disk costs speed later, nothing else. Joining many small
    /// segments goes on by itself.
    pub async fn lay_down(&self, new: KnownBlobs, index: &Arc<Index>) {
        let Some(shelf) = self.shelf.clone().filter(|_| !new.is_empty()) else { return };
        let put = tokio::task::spawn_blocking(move || shelf.put(&new).map(|()| shelf)).await;
        match put {
            Ok(Ok(shelf)) if shelf.is_crowded() => {
                let index = index.clone();
                drop(tokio::task::spawn_blocking(move || warn(shelf.join(&index.blobs(|_| true)))));
            }
            Ok(Ok(_)) | Err(_) => {}
            Ok(Err(error)) => warn(Err(error)),
        }
    }
}

fn warn(done: std::io::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, "cannot keep the index on disk");
    }
}
