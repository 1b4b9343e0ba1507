//! Reads repositories: bare mirrors, an index at a commit, history, facts, and the ranking for a ticket.
//!
//! In: a ticket and where its code is. Out: a [`Context`] at one commit. Everything read here is a stranger's text.

pub mod address;
pub mod askpass;
pub mod batch;
pub mod blob;
pub mod cases;
pub mod changed;
pub mod classify;
pub mod context;
pub mod definitions;
pub mod delta;
pub mod facts;
mod failure;
pub mod gathered;
pub mod git;
pub mod ground;
pub mod history;
pub mod imports;
pub mod index;
pub mod indexing;
mod joined;
pub mod kept;
mod known;
pub mod language;
pub mod learning;
mod log;
pub mod mapping;
pub mod memo;
pub mod mirror;
pub mod nearby;
pub mod packing;
mod packs;
pub mod partial;
pub mod query;
pub mod rank;
pub mod reader;
pub mod refs;
pub mod renumber;
pub mod report;
pub mod revision;
pub mod shelf;
pub mod snapshot;
pub mod symbols;
pub mod timings;
pub mod tokens;
mod transfer;
pub mod tree;

pub use changed::Changed;
pub use context::Repositories;

use std::path::PathBuf;

use async_trait::async_trait;

use crate::model::{CommitId, RepoName, context::Context, ticket::Ticket};
use crate::trackers::CodeSource;

/// Why there is no context.
#[derive(Debug, thiserror::Error)]
pub enum RepoError {
    /// The network, the host or the disk failed: try again later.
    #[error("repository {repository} unavailable: {reason}")]
    Unavailable { repository: RepoName, reason: String },
    /// The repository, branch or commit does not exist, is empty, or the credentials are refused.
    #[error("repository {repository}: {reason}")]
    Missing { repository: RepoName, reason: String },
    /// The configuration or a limit forbids it.
    #[error("repository {repository} refused: {reason}")]
    Refused { repository: RepoName, reason: String },
}

/// Gathers context. The production implementation keeps mirrors and indexes in a cache folder.
#[async_trait]
pub trait ContextSource: Send + Sync {
    /// Reads `source` at `rev` (a commit, branch or tag; `None` for the default branch) and ranks it for the ticket.
    async fn gather(&self, ticket: &Ticket, source: &CodeSource, rev: Option<&str>) -> Result<Context, RepoError>;
    /// Which files differ between the commit `since` and what `rev` is now.
    async fn changed(&self, source: &CodeSource, rev: Option<&str>, since: &CommitId) -> Result<Changed, RepoError>;
}

/// How repositories are kept.
#[derive(Clone, Debug)]
pub struct RepoSettings {
    /// Where mirrors and indexes live.
    pub cache: PathBuf,
    /// Local paths are allowed below these folders only.
    pub local_roots: Vec<PathBuf>,
    /// The longest that one git command may take, in seconds.
    pub git_timeout_secs: u64,
    /// Mirrors over this size are refused, in bytes.
    pub max_repository_bytes: u64,
    /// Least recently used mirrors go when they are larger together than this, in bytes; indexes on disk at a quarter.
    pub max_cache_bytes: u64,
    /// Commits of history that are read.
    pub history_commits: u32,
    /// A mirror younger than this is not fetched again, in seconds.
    pub fresh_secs: u64,
}
