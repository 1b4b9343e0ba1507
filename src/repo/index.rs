//! The index of a repository at one commit.
//!
//! In: a git folder and a commit. Out: every path with its class, words, symbols, imports and text, in memory. Blobs
//! that an earlier index knows are taken over, so a new commit costs only what it changed.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::Arc,
};

use rayon::prelude::*;

use super::{
    blob::{Blob, MAX_BLOB},
    classify::{self, Attributes},
    git::{Git, GitError},
    imports::Links,
    language,
    reader::{self, Blobs, EntryKind, TreeEntry},
    shelf::Kept,
    tokens::Bag,
};
use crate::model::{
    CommitId,
    context::{FileClass, Symbol},
};

/// A blob's hash with the language that it was read as.
pub type BlobKey = (String, Option<&'static str>);
/// Blobs known from earlier indexes.
pub type KnownBlobs = HashMap<BlobKey, Arc<Blob>>;

/// A path at the commit.
#[derive(Clone, Debug)]
pub struct IndexedFile {
    pub path: String,
    pub class: FileClass,
    /// See `language`.
    pub language: Option<&'static str>,
    /// Bytes.
    pub size: u64,
    /// The blob's hash.
    pub object: String,
    /// The words of the path.
    pub path_words: Bag,
    pub blob: Arc<Blob>,
}

/// A repository at a commit.
#[derive(Debug)]
pub struct Index {
    pub commit: CommitId,
    /// In byte order of their paths.
    pub files: Vec<IndexedFile>,
    /// Folders that hold a file, at any depth.
    folders: BTreeSet<String>,
    /// Every definition: file and symbol number, by name, then in path order.
    definitions: Vec<(u32, u32)>,
    /// Which file imports which.
    pub links: Links,
}

/// A batch that is being analysed.
type Analysis = tokio::task::JoinHandle<Vec<(BlobKey, Arc<Blob>)>>;

/// Bytes that are read before they are analysed together.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Data files over this size are listed, not read, in bytes.
const MAX_DATA: u64 = 64 * 1024;

impl Index {
    /// Reads a commit.
    pub async fn build(git: &Git, git_dir: &Path, commit: &CommitId, kept: &Kept) -> Result<Self, GitError> {
        let entries: Vec<TreeEntry> = reader::tree(git, git_dir, commit).await?;
        let attributes = attributes(git, git_dir, &entries).await?;
        let described: Vec<(TreeEntry, FileClass, Option<&'static str>)> = entries
            .into_iter()
            .filter(|entry| entry.kind == EntryKind::File)
            .map(|entry| {
                let class = classify::class(&entry.path, &attributes);
                let language = language::of(&entry.path).map(|language| language.name);
                (entry, class, language)
            })
            .collect();
        let blobs = blobs(git, git_dir, &described, kept).await?;
        let commit = commit.clone();
        let build = move || Self::assemble(commit, described, &blobs);
        let joined = tokio::task::spawn_blocking(build).await;
        joined.map_err(|error| GitError::Io(std::io::Error::other(error)))
    }

    /// Puts files, definitions and links together.
    fn assemble(
        commit: CommitId,
        described: Vec<(TreeEntry, FileClass, Option<&'static str>)>,
        blobs: &KnownBlobs,
    ) -> Self {
        let empty = Arc::new(Blob::default());
        let files: Vec<IndexedFile> = described
            .into_par_iter()
            .map(|(entry, class, language)| {
                let blob = blobs.get(&(entry.object.clone(), language)).unwrap_or(&empty).clone();
                let class = if blob.generated && class == FileClass::Source { FileClass::Generated } else { class };
                let path_words = Bag::of([entry.path.as_str()]);
                IndexedFile {
                    path: entry.path,
                    class,
                    language,
                    size: entry.size,
                    object: entry.object,
                    path_words,
                    blob,
                }
            })
            .collect();
        let links = Links::resolve(&files);
        Self { commit, folders: folders(&files), definitions: definitions(&files), links, files }
    }

    /// The number of a path.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()
    }

    /// Does a folder hold a file?
    pub fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path.trim_end_matches('/'))
    }

    /// The places that define a name.
    pub fn definitions(&self, name: &str) -> impl Iterator<Item = (usize, &Symbol)> {
        let name_of = |at: &(u32, u32)| self.files[at.0 as usize].blob.symbols[at.1 as usize].name.as_str();
        let start = self.definitions.partition_point(|at| name_of(at) < name);
        let count = self.definitions[start..].partition_point(|at| name_of(at) == name);
        self.definitions[start..][..count].iter().map(|(file, symbol)| {
            let file = *file as usize;
            (file, &self.files[file].blob.symbols[*symbol as usize])
        })
    }

    /// Every defined name, in byte order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let name_of = |at: &(u32, u32)| self.files[at.0 as usize].blob.symbols[at.1 as usize].name.as_str();
        self.definitions.chunk_by(move |a, b| name_of(a) == name_of(b)).map(move |same| name_of(&same[0]))
    }

    /// The blobs of this index, for the next one.
    pub fn blobs(&self) -> KnownBlobs {
        self.files.iter().map(|file| ((file.object.clone(), file.language), file.blob.clone())).collect()
    }

    /// About how much memory it holds, in bytes.
    pub fn weight(&self) -> usize {
        let files: usize = self.files.iter().map(|file| file.blob.weight() + 2 * file.path.len() + 300).sum();
        files + self.definitions.len() * 8
    }
}

/// Reads the root's `.gitattributes`.
async fn attributes(git: &Git, git_dir: &Path, entries: &[TreeEntry]) -> Result<Attributes, GitError> {
    let at = entries.binary_search_by(|entry| entry.path.as_str().cmp(".gitattributes"));
    let Some(entry) = at.ok().map(|at| &entries[at]).filter(|e| e.kind == EntryKind::File && e.size <= MAX_DATA) else {
        return Ok(Attributes::default());
    };
    let bytes = Blobs::ask(git, git_dir, vec![entry.object.clone()])?.next().await?.flatten().unwrap_or_default();
    Ok(Attributes::parse(&String::from_utf8_lossy(&bytes)))
}

/// Reads and analyses the blobs that are not known yet; returns all of this commit.
async fn blobs(
    git: &Git,
    git_dir: &Path,
    described: &[(TreeEntry, FileClass, Option<&'static str>)],
    kept: &Kept,
) -> Result<KnownBlobs, GitError> {
    let mut all = KnownBlobs::new();
    let mut wanted: Vec<BlobKey> = Vec::new();
    for (entry, class, language) in
        described.iter().filter(|(entry, class, language)| is_read(entry, *class, *language))
    {
        let key = (entry.object.clone(), *language);
        match kept.blobs.get(&key) {
            Some(blob) => drop(all.insert(key, blob.clone())),
            None if *class != FileClass::Binary => wanted.push(key),
            None => {}
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    let (shelved, wanted) = kept.shelved(wanted).await;
    all.extend(shelved);
    if !wanted.is_empty() {
        read(git, git_dir, &wanted, &mut all).await?;
        kept.lay_down(wanted, &all).await;
    }
    Ok(all)
}

/// Reads and analyses blobs: while a batch is analysed, git unpacks the next. Missing ones stay out.
async fn read(git: &Git, git_dir: &Path, wanted: &[BlobKey], all: &mut KnownBlobs) -> Result<(), GitError> {
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
            finish(working.take(), all).await;
            working = Some(analyse(std::mem::take(&mut batch)));
        }
    }
    finish(working, all).await;
    finish(Some(analyse(batch)), all).await;
    Ok(())
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
    let limit = match class {
        FileClass::Binary | FileClass::Vendored | FileClass::Generated => 0,
        FileClass::Source | FileClass::Doc | FileClass::Migration => MAX_BLOB,
        FileClass::Config => MAX_BLOB / 4,
        FileClass::Test if language.is_some() => MAX_BLOB / 2,
        FileClass::Test | FileClass::Other => MAX_DATA,
    };
    entry.size > 0 && entry.size <= limit
}

/// Every folder above a file.
fn folders(files: &[IndexedFile]) -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    for file in files {
        let mut at = file.path.as_str();
        while let Some((folder, _)) = at.rsplit_once('/') {
            if !folders.insert(folder.to_owned()) {
                break;
            }
            at = folder;
        }
    }
    folders
}

/// All definitions by name, then by file and place. Names are not copied: a large repository has a million.
fn definitions(files: &[IndexedFile]) -> Vec<(u32, u32)> {
    let of_file = |(file, number): (&IndexedFile, u32)| {
        let symbols = u32::try_from(file.blob.symbols.len()).unwrap_or(u32::MAX);
        (0..symbols).map(move |at| (number, at))
    };
    let mut found: Vec<(u32, u32)> = files.iter().zip(0_u32..).flat_map(of_file).collect();
    let name_of = |at: &(u32, u32)| files[at.0 as usize].blob.symbols[at.1 as usize].name.as_str();
    found.par_sort_unstable_by(|a, b| name_of(a).cmp(name_of(b)).then(a.cmp(b)));
    found
}
