//! Mirrors without blobs: which blobs an index or a list of changes wants of them (partial clones, see
//! gitrepository-layout(5) and <https://git-scm.com/docs/partial-clone>).
//!
//! In: a git folder that may be partial. Out: the hashes that are wanted and missing, to be fetched together. Never
//! fetches itself, and git never does so by the way (see `git`): what is not brought stays missing.

use std::{collections::BTreeSet, path::Path};

use super::{
    classify::{self, Attributes},
    delta,
    git::{Call, Git, GitError},
    index::Index,
    indexing::{self, ATTRIBUTES},
    language,
    reader::{self, EntryKind, TreeEntry},
};
use crate::model::{CommitId, context::FileClass};

/// The name of the one remote that a partial mirror has.
pub const REMOTE: &str = "origin";
/// The setting, for one command, that leaves nothing out.
pub const NO_FILTER: &str = "remote.origin.partialCloneFilter=";
/// The hashes of an empty blob, which a mirror has from its beginning: SHA-1 and SHA-256.
const EMPTY: [&str; 2] =
    ["e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"];
/// The longest list of what changes touched, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Makes an empty git folder one that may lack blobs.
pub async fn mark(git: &Git, git_dir: &Path, url: &str) -> Result<(), GitError> {
    let settings = [
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", REMOTE),
        ("remote.origin.url", url),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialCloneFilter", "blob:none"),
    ];
    for (name, value) in settings {
        git.line(git_dir, &["config", "--local", name, value]).await?;
    }
    // Nothing tells an empty blob that is there from a missing one by its size.
    git.line(git_dir, &["hash-object", "-w", "--stdin"]).await?;
    Ok(())
}

/// Lets later fetches bring everything. What is missing of older commits stays so, and the mirror partial.
pub async fn take_filter_away(git: &Git, git_dir: &Path) -> Result<(), GitError> {
    git.line(git_dir, &["config", "--local", "--unset-all", "remote.origin.partialCloneFilter"]).await.map(drop)
}

/// May this mirror lack blobs?
pub async fn is_partial(git: &Git, git_dir: &Path) -> bool {
    git.line(git_dir, &["config", "--local", "--get", "extensions.partialClone"]).await.is_ok_and(|name| name == REMOTE)
}

/// The blobs that an index of a commit wants and that are missing. The root's `.gitattributes` comes alone: it says
/// which others are wanted. After an earlier commit, only what lies between is looked at.
pub async fn wanted(
    git: &Git,
    git_dir: &Path,
    commit: &CommitId,
    earlier: Option<&Index>,
) -> Result<Vec<String>, GitError> {
    let entries = match earlier {
        Some(earlier) => match delta::between(git, git_dir, &earlier.commit, commit).await {
            Ok(differences) if differences.iter().all(|difference| difference.path != ATTRIBUTES) => {
                let attributes = &earlier.attributes;
                return Ok(missing(differences.iter().filter_map(|difference| difference.now.as_ref()), attributes));
            }
            Ok(_) | Err(GitError::Failed { .. } | GitError::TooLong { .. }) => {
                reader::tree(git, git_dir, commit).await?
            }
            Err(error) => return Err(error),
        },
        None => reader::tree(git, git_dir, commit).await?,
    };
    let root = entries.iter().find(|entry| entry.path == ATTRIBUTES && is_missing(entry));
    if let Some(root) = root {
        return Ok(vec![root.object.clone()]);
    }
    let attributes = indexing::attributes(git, git_dir, &entries).await?;
    Ok(missing(entries.iter(), &attributes))
}

/// The blobs that some changes took away or brought, as far as they are missing; of binary files, none.
pub async fn of_changes(git: &Git, git_dir: &Path, changes: &[&CommitId]) -> Result<Vec<String>, GitError> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let flags = ["log", "-z", "--no-walk=unsorted", "--no-renames", "--raw", "--no-abbrev", "--format="];
    let ids = changes.iter().map(|id| id.as_str());
    let args: Vec<&str> = flags.into_iter().chain(["--end-of-options"]).chain(ids).chain(["--"]).collect();
    let listing = git.run(Call { git_dir, args: &args, cap: LONGEST, network: None }).await?;
    let objects: Vec<String> = touched(&listing).into_iter().collect();
    let sizes = reader::sizes(git, git_dir, objects.clone()).await?;
    let missing =
        objects.into_iter().zip(sizes).filter(|(object, size)| *size == 0 && !EMPTY.contains(&object.as_str()));
    Ok(missing.map(|(object, _)| object).collect())
}

/// The blobs of text files that the records of a raw listing name, before and after.
fn touched(listing: &[u8]) -> BTreeSet<String> {
    let is_text = |path: &str| classify::class(path, &Attributes::default()) != FileClass::Binary;
    let sides = delta::records(listing).filter(|record| is_text(record.path)).flat_map(|record| {
        let [old, new] = record.modes;
        [(old, record.objects[0]), (new, record.objects[1])]
    });
    sides.filter(|(mode, _)| mode.starts_with("100")).map(|(_, object)| object.to_owned()).collect()
}

/// The missing blobs of entries that an index reads, once each. How large they are, nobody says before they are there.
fn missing<'e>(entries: impl Iterator<Item = &'e TreeEntry>, attributes: &Attributes) -> Vec<String> {
    let is_read = |entry: &TreeEntry| {
        let class = classify::class(&entry.path, attributes);
        indexing::limit(class, language::of(&entry.path).map(|language| language.name)) > 0
    };
    let wanted: BTreeSet<&String> =
        entries.filter(|entry| is_missing(entry) && is_read(entry)).map(|entry| &entry.object).collect();
    wanted.into_iter().cloned().collect()
}

/// Is the blob of a listed file not there?
fn is_missing(entry: &TreeEntry) -> bool {
    entry.kind == EntryKind::File && entry.size == 0 && !EMPTY.contains(&entry.object.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, object: &str, size: u64) -> TreeEntry {
        TreeEntry { path: path.to_owned(), kind: EntryKind::File, object: object.to_owned(), size }
    }

    #[test]
    fn only_what_an_index_reads_and_what_is_missing_is_wanted() {
        let entries = [
            entry("src/cart.rs", "c1", 0),
            entry("src/copy.rs", "c1", 0),
            entry("src/here.rs", "c2", 12),
            entry("src/empty.rs", EMPTY[0], 0),
            entry("logo.png", "c3", 0),
            entry("node_modules/left/index.js", "c4", 0),
            TreeEntry { kind: EntryKind::Link, ..entry("link.rs", "c5", 0) },
        ];
        assert_eq!(missing(entries.iter(), &Attributes::default()), ["c1"]);
    }

    #[test]
    fn changes_touch_the_blobs_before_and_after() {
        let (old, new, none) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let listing = format!(
            ":100644 100644 {old} {new} M\0src/a.rs\0:000000 100644 {none} {} A\0logo.png\0\0\
             :160000 160000 {old} {} M\0lib\0",
            "c".repeat(40),
            "d".repeat(40)
        );
        assert_eq!(touched(listing.as_bytes()).into_iter().collect::<Vec<_>>(), [old, new]);
    }
}
