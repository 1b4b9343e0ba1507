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

/// Reads `:MODE MODE HASH HASH STATUS NUL PATH NUL …` (git-diff-tree(1), raw output format); sizes stay 0.
fn read(listing: &[u8]) -> Vec<Difference> {
    let mut parts = listing.split(|byte| *byte == 0);
    let mut found = Vec::new();
    while let (Some(head), Some(path)) = (parts.next(), parts.next()) {
        let (Ok(head), Ok(path)) = (std::str::from_utf8(head), std::str::from_utf8(path)) else { continue };
        let mut words = head.split_ascii_whitespace();
        let (Some(mode), Some(object), Some(status)) = (words.nth(1), words.nth(1), words.next()) else { continue };
        let kind = kind_of(mode);
        let is_file = kind == EntryKind::File && !status.starts_with('D');
        let entry = || TreeEntry { path: path.to_owned(), kind, object: object.to_owned(), size: 0 };
        found.push(Difference { path: path.to_owned(), now: is_file.then(entry) });
    }
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
