//! Replies of models, kept under the hash of their request, so that a run can be repeated without the model.
//!
//! In: a hash and a reply. Out: the reply again. Files are private; one that does not read counts as absent.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use tracing::warn;

use super::protocol::Answer;

/// A larger file is no reply of ours, in bytes.
const LARGEST: u64 = 8 << 20;

/// A reply as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub provider: String,
    pub model: String,
    pub section: String,
    /// The word in the marks around the data of that run.
    pub fence: String,
    pub answer: Answer,
}

/// Keeps replies.
pub trait Replies: Send + Sync {
    /// The reply to a request.
    fn get(&self, hash: &str) -> Option<Reply>;
    /// Keeps a reply. A failure is logged: the plan does not depend on it.
    fn put(&self, hash: &str, reply: &Reply);
    /// Forgets replies from before `then`, in milliseconds since 1970; returns how many.
    fn purge(&self, then: i64) -> u64;
}

/// Replies in a folder: `ab/abcd….json`.
pub struct FolderReplies {
    folder: PathBuf,
}

impl FolderReplies {
    /// Replies in this folder, which is made when the first one comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Where a reply lies; `None` for what is no hash.
    fn path(&self, hash: &str) -> Option<PathBuf> {
        let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        is_hash.then(|| self.folder.join(&hash[..2]).join(format!("{hash}.json")))
    }
}

impl Replies for FolderReplies {
    fn get(&self, hash: &str) -> Option<Reply> {
        let path = self.path(hash)?;
        if fs::metadata(&path).ok()?.len() > LARGEST {
            return None;
        }
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    fn put(&self, hash: &str, reply: &Reply) {
        let Some(path) = self.path(hash) else { return };
        let Ok(json) = serde_json::to_vec_pretty(reply) else { return };
        if let Err(error) = write_private(&path, &json) {
            warn!(%error, "cannot keep a reply of the model");
        }
    }

    fn purge(&self, then: i64) -> u64 {
        let mut gone = 0;
        for folder in entries(&self.folder).filter(|path| path.is_dir()) {
            let old = entries(&folder).filter(|path| changed_at(path).is_some_and(|at| at < then));
            gone += old.filter(|path| fs::remove_file(path).is_ok()).count() as u64;
            // only an empty one goes
            let _ = fs::remove_dir(folder);
        }
        gone
    }
}

/// What lies in a folder; nothing when there is none.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// When a reply's file was written, in milliseconds since 1970; `None` for any other file.
fn changed_at(path: &Path) -> Option<i64> {
    let is_reply = path.extension().is_some_and(|extension| extension == "json");
    let written = fs::metadata(path).ok().filter(|_| is_reply)?.modified().ok()?;
    let since = written.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

/// Writes a file that only this user may read, whole or not at all.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // A temporary file is made with mode 0600 and takes its place by renaming.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
