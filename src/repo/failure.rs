//! Errors of this room as the port has them: sorted by who acts next, with the repository's name.

use super::{RepoError, address::AddressError, git::GitError, mirror::MirrorError, revision::NoRevision};
use crate::model::RepoName;

/// Why a commit could not be read.
pub enum NoSnapshot {
    Git(GitError),
    Mirror(MirrorError),
}

impl From<GitError> for NoSnapshot {
    fn from(error: GitError) -> Self {
        Self::Git(error)
    }
}

impl From<MirrorError> for NoSnapshot {
    fn from(error: MirrorError) -> Self {
        Self::Mirror(error)
    }
}

impl NoSnapshot {
    /// The error as the port has it.
    pub fn of(self, repository: &RepoName) -> RepoError {
        match self {
            Self::Git(error) => git_error(repository, &error),
            Self::Mirror(error) => mirror_error(repository, error),
        }
    }
}

/// A revision that is not there, as the port has it.
pub fn no_revision(repository: &RepoName, error: NoRevision) -> RepoError {
    match error {
        NoRevision::Missing(reason) => RepoError::Missing { repository: repository.clone(), reason },
        NoRevision::Git(error) => git_error(repository, &error),
    }
}

/// A git error as the port has it.
pub fn git_error(repository: &RepoName, error: &GitError) -> RepoError {
    let (repository, reason) = (repository.clone(), error.to_string());
    match error {
        GitError::TooLong { .. } => RepoError::Refused { repository, reason },
        GitError::Failed { .. } => RepoError::Missing { repository, reason },
        GitError::Io(_) | GitError::TimedOut { .. } => RepoError::Unavailable { repository, reason },
    }
}

/// A refused address as the port has it.
pub fn refusal(repository: &RepoName, error: AddressError) -> RepoError {
    let repository = repository.clone();
    match error {
        AddressError::Refused(reason) => RepoError::Refused { repository, reason },
        AddressError::Missing(reason) => RepoError::Missing { repository, reason },
    }
}

/// A mirror's error as the port has it.
pub fn mirror_error(repository: &RepoName, error: MirrorError) -> RepoError {
    let repository = repository.clone();
    match error {
        MirrorError::Unavailable(reason) => RepoError::Unavailable { repository, reason },
        MirrorError::Missing(reason) => RepoError::Missing { repository, reason },
        MirrorError::Refused(reason) => RepoError::Refused { repository, reason },
    }
}
