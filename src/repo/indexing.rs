//! Reads a commit into an index.
//!
//! In: a git folder, a commit, and what earlier readings left. Out: the index, and the blobs that were read for it. After
//! an earlier commit only what lies between is read and put in its place; else every path is listed. Both give the same.

use std::{collections::HashSet, path::Path, sync::Arc};

use rayon::prelude::*;

use super::{
    blob::{Blob, MAX_BLOB},
    classify::{self, Attributes},
    delta,
    git::{Git, GitError},
    index::{BlobKey, Index, IndexedFile, KnownBlobs},
    kept::Kept,
    language,
    reader::{self, Blobs, EntryKind, TreeEntry},
    tokens::Bag,
};
use crate::model::{CommitId, context::FileClass};

/// An index with the blobs that no earlier reading knew.
pub struct Indexed {
    pub index: Index,
    pub new: KnownBlobs,
}

/// A batch that is being analysed.
type Analysis = tokio::task::JoinHandle<Vec<(BlobKey, Arc<Blob>)>>;

/// Bytes that are read before they are analysed together.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Data files over this size are listed, not read, in bytes.
const MAX_DATA: u64 = 64 * 1024;
/// Where the root says who made which files.
pub const ATTRIBUTES: &str = ".gitattributes";
/// When more than one in so many paths differ, all are listed.
const FEW: usize = 4;

/// Reads a commit.
pub async fn read(git: &Git, git_dir: &Path, commit: &CommitId, kept: &Kept) -> Result<Indexed, GitError> {
    match after(git, git_dir, commit, kept).await? {
        Some(indexed) => Ok(indexed),
        None => whole(git, git_dir, commit, kept).await,
    }
}

/// Lists every path of a commit and reads what is not known.
async fn whole(git: &Git, git_dir: &Path, commit: &CommitId, kept: &Kept) -> Result<Indexed, GitError> {
    let mut entries = reader::tree(git, git_dir, commit).await?;
    entries.retain(|entry| entry.kind == EntryKind::File);
    let attributes = Arc::new(attributes(git, git_dir, &entries).await?);
    let found = blobs(git, git_dir, entries.iter(), &attributes, kept).await?;
    let commit = commit.clone();
    off_the_runtime(move || {
        let files = entries.into_par_iter().map(|entry| Arc::new(file(entry, &attributes, &found.all))).collect();
        Indexed { index: Index::of(commit, files, attributes), new: found.new }
    })
    .await
}

/// Reads what lies between an earlier commit and this one. `None` where there is no earlier one in the repository any
/// more, or where so much differs that listing everything is as quick.
async fn after(git: &Git, git_dir: &Path, commit: &CommitId, kept: &Kept) -> Result<Option<Indexed>, GitError> {
    let Some(earlier) = kept.earlier.as_ref().map(|earlier| earlier.index.clone()) else { return Ok(None) };
    let differences = match delta::between(git, git_dir, &earlier.commit, commit).await {
        Ok(differences) => differences,
        Err(GitError::Failed { .. } | GitError::TooLong { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let says_who = differences.iter().any(|difference| difference.path == ATTRIBUTES);
    if says_who || differences.len() > earlier.files.len() / FEW {
        return Ok(None);
    }
    let attributes = earlier.attributes.clone();
    let entries = differences.iter().filter_map(|difference| difference.now.as_ref());
    let found = blobs(git, git_dir, entries, &attributes, kept).await?;
    let commit = commit.clone();
    let indexed = off_the_runtime(move || {
        let index = earlier.after(commit, differences, |entry| file(entry, &attributes, &found.all));
        Indexed { index, new: found.new }
    });
    indexed.await.map(Some)
}

/// Heavy work that must not hold up others.
async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, GitError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| GitError::Io(std::io::Error::other(error)))
}

/// A file of the index.
fn file(entry: TreeEntry, attributes: &Attributes, blobs: &KnownBlobs) -> IndexedFile {
    let (class, language) = described(&entry, attributes);
    let key = (entry.object, language);
    let blob = blobs.get(&key).cloned().unwrap_or_else(Blob::unread);
    let class = if blob.generated && class == FileClass::Source { FileClass::Generated } else { class };
    let path_words = Bag::of([entry.path.as_str()]);
    IndexedFile { path: entry.path, class, language, size: entry.size, object: key.0, path_words, blob }
}

/// What a path says of its file.
fn described(entry: &TreeEntry, attributes: &Attributes) -> (FileClass, Option<&'static str>) {
    let language = language::of(&entry.path).map(|language| language.name);
    (classify::class(&entry.path, attributes), language)
}

/// Reads the root's `.gitattributes`.
pub async fn attributes(git: &Git, git_dir: &Path, entries: &[TreeEntry]) -> Result<Attributes, GitError> {
    let at = entries.binary_search_by(|entry| entry.path.as_str().cmp(ATTRIBUTES));
    let Some(entry) = at.ok().map(|at| &entries[at]).filter(|entry| entry.size <= MAX_DATA) else {
        return Ok(Attributes::default());
    };
    let bytes = Blobs::ask(git, git_dir, vec![entry.object.clone()])?.next().await?.flatten().unwrap_or_default();
    Ok(Attributes::parse(&String::from_utf8_lossy(&bytes)))
}

/// The blobs of some entries.
struct Found {
    all: KnownBlobs,
    /// Those that were read and analysed now.
    new: KnownBlobs,
}

/// Reads and analyses the blobs that are not known yet.
async fn blobs<'e>(
    git: &Git,
    git_dir: &Path,
    entries: impl Iterator<Item = &'e TreeEntry>,
    attributes: &Attributes,
    kept: &Kept,
) -> Result<Found, GitError> {
    let key = |entry: &TreeEntry| {
        let (class, language) = described(entry, attributes);
        is_read(entry, class, language).then(|| (entry.object.clone(), language))
    };
    let wanted: HashSet<BlobKey> = entries.filter_map(key).collect();
    let (mut all, missing) = kept.take(wanted).await;
    let new = if missing.is_empty() { KnownBlobs::default() } else { analysed(git, git_dir, &missing).await? };
    all.extend(new.iter().map(|(key, blob)| (key.clone(), blob.clone())));
    Ok(Found { all, new })
}

/// Reads and analyses blobs: while a batch is analysed, git unpacks the next. Missing ones stay out.
async fn analysed(git: &Git, git_dir: &Path, wanted: &[BlobKey]) -> Result<KnownBlobs, GitError> {
    let mut all = KnownBlobs::new();
    let objects: Vec<String> = wanted.iter().map(|(object, _)| object.clone()).collect();
    let mut answers = Blobs::ask(git, git_dir, objects)?;
    let mut batch: Vec<(BlobKey, Vec<u8>)> = Vec::new();
    let mut bytes = 0;
    let mut working = None;
    for key in wanted {
        let Some(content) = answers.next().await?.flatten() else { continue };
        bytes += content.len();
        batch.push((key.clone(), content));
        if bytes >= BATCH_BYTES {
            bytes = 0;
            finish(working.take(), &mut all).await;
            working = Some(analyse(std::mem::take(&mut batch)));
        }
    }
    finish(working, &mut all).await;
    finish(Some(analyse(batch)), &mut all).await;
    Ok(all)
}

/// Analyses a batch on all cores, off the runtime.
fn analyse(batch: Vec<(BlobKey, Vec<u8>)>) -> Analysis {
    tokio::task::spawn_blocking(move || {
        let one = |(key, bytes): (BlobKey, Vec<u8>)| {
            let blob = Arc::new(Blob::of(&bytes, key.1));
            (key, blob)
        };
        batch.into_par_iter().map(one).collect()
    })
}

/// Takes the blobs of a batch over.
async fn finish(working: Option<Analysis>, all: &mut KnownBlobs) {
    if let Some(working) = working
        && let Ok(done) = working.await
    {
        all.extend(done);
    }
}

/// Is the content of a path worth reading?
fn is_read(entry: &TreeEntry, class: FileClass, language: Option<&'static str>) -> bool {
    entry.size > 0 && entry.size <= limit(class, language)
}

/// The largest file of a kind that is read, in bytes; 0 where none is.
pub fn limit(class: FileClass, language: Option<&'static str>) -> u64 {
    match class {
        FileClass::Binary | FileClass::Vendored | FileClass::Generated => 0,
        FileClass::Source | FileClass::Doc | FileClass::Migration => MAX_BLOB,
        FileClass::Config => MAX_BLOB / 4,
        FileClass::Test if language.is_some() => MAX_BLOB / 2,
        FileClass::Test | FileClass::Other => MAX_DATA,
    }
}
