//! Which files differ between two commits of a repository.
//!
//! In: an open git folder, the commit then and the commit now. Out: paths, each with what happened to it. Renames are a
//! file gone and a file that is new. Never reads a file's content.

use std::{collections::BTreeMap, path::Path};

use super::git::{Call, Git, GitError};
use crate::model::CommitId;

/// What is different between two commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub now: CommitId,
    /// By path; `None` when the commit of then is not in the repository any more.
    pub files: Option<BTreeMap<String, Fate>>,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Added,
    Modified,
    Deleted,
}

/// The longest list of changed files that is read, in bytes.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Compares two commits.
pub async fn between(git: &Git, git_dir: &Path, then: &CommitId, now: CommitId) -> Result<Changed, GitError> {
    if *then == now {
        return Ok(Changed { now, files: Some(BTreeMap::new()) });
    }
    let object = format!("{then}^{{commit}}");
    match git.line(git_dir, &["cat-file", "-e", &object]).await {
        Ok(_) => {}
        Err(GitError::Failed { .. }) => return Ok(Changed { now, files: None }),
        Err(error) => return Err(error),
    }
    let args =
        ["diff-tree", "-r", "-z", "--no-renames", "--name-status", "--end-of-options", then.as_str(), now.as_str()];
    let listing = git.run(Call { git_dir, args: &args, cap: LONGEST, network: None }).await?;
    Ok(Changed { files: Some(read(&listing)), now })
}

/// Reads `STATUS NUL PATH NUL …` (git-diff-tree(1), `-z`).
fn read(listing: &[u8]) -> BTreeMap<String, Fate> {
    let mut parts = listing.split(|byte| *byte == 0);
    let mut files = BTreeMap::new();
    while let (Some(status), Some(path)) = (parts.next(), parts.next()) {
        let fate = match status.first() {
            Some(b'A') => Fate::Added,
            Some(b'D') => Fate::Deleted,
            _ => Fate::Modified,
        };
        files.insert(String::from_utf8_lossy(path).into_owned(), fate);
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_listing_is_read_in_pairs() {
        let check = |listing: &[u8], expected: &[(&str, Fate)]| {
            let expected: BTreeMap<String, Fate> = expected.iter().map(|(p, f)| ((*p).to_owned(), *f)).collect();
            assert_eq!(read(listing), expected);
        };
        check(b"", &[]);
        check(b"M\0src/a b.rs\0A\0new\nline\0", &[("src/a b.rs", Fate::Modified), ("new\nline", Fate::Added)]);
        check(b"D\0gone\0T\0link\0", &[("gone", Fate::Deleted), ("link", Fate::Modified)]);
        check(b"D\0gone\0M", &[("gone", Fate::Deleted)]);
    }
}
