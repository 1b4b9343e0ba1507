//! Names of commits.
//!
//! In: a commit, branch or tag as people write it, or nothing. Out: the full hash, and the branch where it is one.

use std::path::Path;

use super::git::{Git, GitError};
use crate::model::CommitId;

/// A resolved revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub commit: CommitId,
    pub branch: Option<String>,
}

/// Why a revision is not there.
#[derive(Debug)]
pub enum NoRevision {
    /// No such name, or no commit at all.
    Missing(String),
    /// Git gave no answer.
    Git(GitError),
}

/// Finds the commit of a revision; without one, the default branch's.
pub async fn resolve(git: &Git, git_dir: &Path, rev: Option<&str>) -> Result<Revision, NoRevision> {
    let Some(rev) = rev else { return default_revision(git, git_dir).await };
    if rev.starts_with('-') || rev.len() > 250 || rev.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(NoRevision::Missing("not a name of a commit, branch or tag".to_owned()));
    }
    let branch = format!("refs/heads/{rev}");
    if let Ok(Some(commit)) = commit_of(git, git_dir, &branch).await {
        return Ok(Revision { commit, branch: Some(rev.to_owned()) });
    }
    match commit_of(git, git_dir, rev).await? {
        Some(commit) => Ok(Revision { commit, branch: None }),
        None => Err(NoRevision::Missing(format!("no commit, branch or tag `{rev}`"))),
    }
}

/// The commit of HEAD; when HEAD names no branch, that of `main`, `master` or the only branch.
async fn default_revision(git: &Git, git_dir: &Path) -> Result<Revision, NoRevision> {
    let head =
        git.line(git_dir, &["symbolic-ref", "--quiet", "--short", "HEAD"]).await.ok().filter(|name| !name.is_empty());
    if let Some(commit) = commit_of(git, git_dir, "HEAD").await? {
        return Ok(Revision { commit, branch: head });
    }
    let listing = git.line(git_dir, &["for-each-ref", "--count=50", "--format=%(refname:short)", "refs/heads/"]).await;
    let listing = listing.map_err(NoRevision::Git)?;
    let names: Vec<&str> = listing.lines().collect();
    let chosen = ["main", "master"].into_iter().find(|name| names.contains(name)).or(match names.as_slice() {
        [only] => Some(only),
        _ => None,
    });
    let Some(name) = chosen else {
        let reason = if names.is_empty() { "the repository is empty" } else { "the repository has no default branch" };
        return Err(NoRevision::Missing(reason.to_owned()));
    };
    match commit_of(git, git_dir, &format!("refs/heads/{name}")).await? {
        Some(commit) => Ok(Revision { commit, branch: Some(name.to_owned()) }),
        None => Err(NoRevision::Missing("its default branch has no commit".to_owned())),
    }
}

/// The full hash of a name that stands for a commit.
async fn commit_of(git: &Git, git_dir: &Path, name: &str) -> Result<Option<CommitId>, NoRevision> {
    let object = format!("{name}^{{commit}}");
    match git.line(git_dir, &["rev-parse", "--verify", "--quiet", "--end-of-options", &object]).await {
        Ok(line) => Ok(CommitId::parse(line.trim()).ok()),
        Err(GitError::Failed { .. }) => Ok(None),
        Err(error) => Err(NoRevision::Git(error)),
    }
}
