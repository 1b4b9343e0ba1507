//! What lies between the trees of two commits.
//!
//! In: a git folder and two commits. Out: the paths that differ, each with what stands there now. Git compares trees by
//! hash, so the cost is that of the folders that differ, not of the repository.

use std::path::Path;

use super::{
    git::{Call, Git, GitError},
    reader::{self, EntryKind, TreeEntry, kind_of},
};
use crate::model::CommitId;

/// A path that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub path: String,
    /// The file that stands there now; `None` when there is none any more (a link and a submodule are no files).
    pub now: Option<TreeEntry>,
}

/// The mode of a path where nothing stands.
const NOTHING: &str = "000000";
/// The longest listing that is read, in bytes.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Compares two trees; the paths come in byte order. Names that are not UTF-8 are left out, as in [`reader::tree`].
pub async fn between(git: &Git, git_dir: &Path, then: &CommitId, now: &CommitId) -> Result<Vec<Difference>, GitError> {
    let args = [
        "diff-tree",
        "-r",
        "-z",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "--end-of-options",
        then.as_str(),
        now.as_str(),
    ];
    let listing = git.run(Call { git_dir, args: &args, cap: LONGEST, network: None }).await?;
    let mut found = read(&listing);
    let objects = found.iter().filter_map(|difference| Some(difference.now.as_ref()?.object.clone())).collect();
    let sizes = reader::sizes(git, git_dir, objects).await?;
    let files = found.iter_mut().filter_map(|difference| difference.now.as_mut());
    files.zip(sizes).for_each(|(file, size)| file.size = size);
    Ok(found)
}

/// One record of the raw format: what stood at a path, and what stands there now.
pub struct Record<'l> {
    pub path: &'l str,
    pub modes: [&'l str; 2],
    pub objects: [&'l str; 2],
}

/// Reads `:MODE MODE HASH HASH STATUS NUL PATH NUL …` (git-diff-tree(1), raw output format); what else stands between is
/// passed over, and so are names that are not UTF-8.
pub fn records(listing: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut parts = listing.split(|byte| *byte == 0);
    std::iter::from_fn(move || {
        loop {
            let head = std::str::from_utf8(parts.next()?).ok().and_then(|head| head.trim_start().strip_prefix(':'));
            let Some(head) = head else { continue };
            let path = parts.next().and_then(|path| std::str::from_utf8(path).ok());
            let words: Vec<&str> = head.split_ascii_whitespace().collect();
            if let ([old_mode, new_mode, old, new, ..], Some(path)) = (words.as_slice(), path) {
                return Some(Record { path, modes: [old_mode, new_mode], objects: [old, new] });
            }
        }
    })
}

/// What stands at the paths of a raw listing now, in byte order; sizes stay 0.
fn read(listing: &[u8]) -> Vec<Difference> {
    let difference = |Record { path, modes: [_, mode], objects: [_, object] }: Record<'_>| {
        let (kind, is_there) = (kind_of(mode), mode != NOTHING);
        let entry = || TreeEntry { path: path.to_owned(), kind, object: object.to_owned(), size: 0 };
        Difference { path: path.to_owned(), now: (is_there && kind == EntryKind::File).then(entry) }
    };
    let mut found: Vec<Difference> = records(listing).map(difference).collect();
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_raw_listing_says_what_stands_at_a_path_now() {
        let (old, new, none) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let check = |record: String, path: &str, object: Option<&str>| {
            let found = read(record.as_bytes());
            let now = found[0].now.as_ref().map(|entry| entry.object.as_str());
            assert_eq!((found.len(), found[0].path.as_str(), now), (1, path, object), "{record}");
        };
        check(format!(":100644 100644 {old} {new} M\0src/a b.rs\0"), "src/a b.rs", Some(&new));
        check(format!(":000000 100755 {none} {new} A\0new\nline\0"), "new\nline", Some(&new));
        check(format!(":100644 000000 {old} {none} D\0gone\0"), "gone", None);
        check(format!(":100644 120000 {old} {new} T\0link\0"), "link", None);
        check(format!(":000000 160000 {none} {new} A\0vendor/lib\0"), "vendor/lib", None);
        assert_eq!(read(b""), []);
    }
}
