//! The index of a repository at one commit.
//!
//! In: files, or an earlier index and what differs from it. Out: every path with its class, words, symbols, imports and
//! text, in memory, and the ways to find them. Never touches git or disk; [`super::indexing`] does.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    blob::Blob, classify::Attributes, definitions::Definitions, delta::Difference, imports::Links, reader::TreeEntry,
    renumber::Renumbering, tokens::Bag,
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
    /// In byte order of their paths; an index of a later commit shares those that did not change.
    pub files: Vec<Arc<IndexedFile>>,
    /// Folders that hold a file, at any depth.
    folders: Arc<BTreeSet<String>>,
    definitions: Definitions,
    /// Which file imports which.
    pub links: Links,
    /// Who made which files, as the root's `.gitattributes` says.
    pub attributes: Arc<Attributes>,
    /// Of all files, see [`weight_of`].
    files_weigh: usize,
}

impl Index {
    /// Puts an index together from its files, which are in byte order of their paths.
    pub fn of(commit: CommitId, files: Vec<Arc<IndexedFile>>, attributes: Arc<Attributes>) -> Self {
        let links = Links::resolve(&files);
        let definitions = Definitions::of(&files);
        let files_weigh = files.iter().map(|file| weight_of(file)).sum();
        Self { commit, folders: Arc::new(folders(&files)), definitions, links, attributes, files, files_weigh }
    }

    /// The index of a later commit: `differences` are what lies between, `read` makes a file of a path that differs.
    /// Equal to what [`Index::of`] gives, at the cost of what differs.
    pub fn after(
        &self,
        commit: CommitId,
        differences: Vec<Difference>,
        read: impl FnMut(TreeEntry) -> IndexedFile,
    ) -> Self {
        let (files, moved) = Renumbering::merge(&self.files, differences, read);
        let same_paths = files.len() == self.files.len() && moved.gone().next().is_none();
        let folders = if same_paths { self.folders.clone() } else { Arc::new(folders(&files)) };
        let links = self.links.after(&self.files, &files, &moved);
        let definitions = self.definitions.after(&files, &moved);
        let replaced = moved.kept().filter(|(_, new)| moved.is_fresh(*new)).map(|(old, _)| old);
        let lost: usize = replaced.chain(moved.gone()).map(|old| weight_of(&self.files[old as usize])).sum();
        let won: usize = moved.fresh().iter().map(|new| weight_of(&files[*new as usize])).sum();
        let files_weigh = self.files_weigh + won - lost;
        Self { commit, folders, definitions, links, attributes: self.attributes.clone(), files, files_weigh }
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
        self.definitions.find(&self.files, name).iter().map(|(file, symbol)| {
            let file = *file as usize;
            (file, &self.files[file].blob.symbols[*symbol as usize])
        })
    }

    /// Every defined name, in byte order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.definitions.names(&self.files)
    }

    /// The blobs that were read for this index and whose keys are wanted.
    pub fn blobs(&self, is_wanted: impl Fn((&str, Option<&'static str>)) -> bool) -> KnownBlobs {
        let read = self.files.iter().filter(|file| file.blob.is_read());
        let wanted = read.filter(|file| is_wanted((&file.object, file.language)));
        wanted.map(|file| ((file.object.clone(), file.language), file.blob.clone())).collect()
    }

    /// About how much memory it holds, in bytes.
    pub fn weight(&self) -> usize {
        self.files_weigh + self.definitions.len() * 8
    }
}

/// About how much memory a file holds, in bytes.
fn weight_of(file: &IndexedFile) -> usize {
    file.blob.weight() + 2 * file.path.len() + 300
}

/// Every folder above a file.
fn folders(files: &[Arc<IndexedFile>]) -> BTreeSet<String> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::reader::EntryKind;

    fn file(path: &str, text: &str) -> IndexedFile {
        IndexedFile {
            path: path.to_owned(),
            class: FileClass::Source,
            language: Some("rust"),
            size: text.len() as u64,
            object: text.to_owned(),
            path_words: Bag::of([path]),
            blob: Arc::new(Blob::of(text.as_bytes(), Some("rust"))),
        }
    }

    fn index(files: &[(&str, &str)]) -> Index {
        let commit = CommitId::parse(&"a".repeat(40)).expect("a hash");
        Index::of(commit, files.iter().map(|(path, text)| Arc::new(file(path, text))).collect(), Arc::default())
    }

    #[test]
    fn a_later_index_shares_what_stayed_and_weighs_what_a_new_one_weighs() {
        let earlier = index(&[("a.rs", "fn a() {}"), ("b.rs", "fn b() {}"), ("c.rs", "fn c() {}")]);
        let (changed, new) = ("fn b() { longer_than_before(1, 2, 3) }\nfn bb() {}", "fn d() {}");
        let entry = |path: &str, text: &str| TreeEntry {
            path: path.to_owned(),
            kind: EntryKind::File,
            object: text.to_owned(),
            size: text.len() as u64,
        };
        let difference = |path: &str, now: Option<&str>| Difference {
            path: path.to_owned(),
            now: now.map(|text| entry(path, text)),
        };
        let differences =
            vec![difference("b.rs", Some(changed)), difference("c.rs", None), difference("d.rs", Some(new))];
        let later = earlier.after(earlier.commit.clone(), differences, |entry| file(&entry.path, &entry.object));
        let whole = index(&[("a.rs", "fn a() {}"), ("b.rs", changed), ("d.rs", new)]);
        assert!(Arc::ptr_eq(&earlier.files[0], &later.files[0]), "it is not copied");
        assert_eq!(later.names().collect::<Vec<_>>(), whole.names().collect::<Vec<_>>());
        assert_eq!(later.weight(), whole.weight());
    }
}
