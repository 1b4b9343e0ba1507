//! Bare mirrors of remote repositories, kept under the cache folder.
//!
//! In: a checked address and a login. Out: a git folder whose branches are as fresh as asked for. A mirror is whole, or
//! without blobs when a whole one grows large (see `partial`). It is locked across processes while it changes and
//! marked as used while it is read; a fetch that dies leaves the earlier state. Never checks anything out.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    askpass::Login,
    git::{Git, GitError},
    packs::{self, folder_bytes},
    partial, reader,
    transfer::{self, Halt, Transfer, failed},
};
use crate::clock::Clock;

/// What a mirror may cost.
#[derive(Clone, Copy, Debug)]
pub struct MirrorLimits {
    /// Bytes of one mirror.
    pub repository: u64,
    /// Bytes of all mirrors together; the least recently used go first.
    pub cache: u64,
    /// Seconds during which a mirror is not fetched again.
    pub fresh_secs: u64,
}

/// Why there is no mirror.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// The host, the network or the disk failed.
    #[error("{0}")]
    Unavailable(String),
    /// No such repository, or the login is refused.
    #[error("{0}")]
    Missing(String),
    /// Over a limit.
    #[error("{0}")]
    Refused(String),
}

impl From<io::Error> for MirrorError {
    fn from(error: io::Error) -> Self {
        Self::Unavailable(format!("the mirror folder failed: {error}"))
    }
}

/// The folder of mirrors.
#[derive(Clone)]
pub struct Mirrors {
    folder: PathBuf,
    git: Git,
    limits: MirrorLimits,
    clock: Arc<dyn Clock>,
}

/// A mirror that is being read: it is not evicted while this lives.
#[derive(Debug)]
pub struct Reading {
    pub git_dir: PathBuf,
    slug: String,
    _mark: File,
}

/// A first fetch that takes more than this share of what a mirror may hold is given up for one without blobs.
const WHOLE_SHARE: u64 = 8;
/// Branches and tags, as the host has them.
const REFS: [&str; 2] = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
/// How every fetch is made.
const FETCH: [&str; 6] = ["fetch", "--quiet", "--force", "--prune", "--no-tags", "--no-write-fetch-head"];
/// Holds the time of the last fetch, in milliseconds since 1970.
const STAMP: &str = "planwright-fetched";

impl Mirrors {
    /// Mirrors below `folder`.
    pub fn new(folder: PathBuf, git: Git, limits: MirrorLimits, clock: Arc<dyn Clock>) -> Self {
        Self { folder, git, limits, clock }
    }

    /// Brings a mirror up to date and opens it. With `wanted` (a full hash), a mirror that holds it is fresh enough.
    pub async fn open(
        &self,
        slug: &str,
        url: &str,
        login: &Login,
        wanted: Option<&str>,
    ) -> Result<Reading, MirrorError> {
        fs::create_dir_all(&self.folder)?;
        let git_dir = self.folder.join(format!("{slug}.git"));
        let mark = self.lock(&format!("{slug}.use"), true).await?;
        let lock = self.lock(&format!("{slug}.lock"), false).await?;
        if !self.is_fresh(&git_dir) && !self.holds(&git_dir, wanted).await {
            self.fetch(&self.transfer(&git_dir, login), url, wanted).await?;
            self.settle(&git_dir).await?;
        }
        drop(lock);
        Ok(Reading { git_dir, slug: slug.to_owned(), _mark: mark })
    }

    /// Brings objects, by full hash, into a mirror without blobs: all at once, whatever their number. From a host that
    /// gives none by its hash, everything comes. Without an error, they are there.
    pub async fn bring(&self, reading: &Reading, login: &Login, objects: &[String]) -> Result<(), MirrorError> {
        if objects.is_empty() {
            return Ok(());
        }
        let _lock = self.lock(&format!("{}.lock", reading.slug), false).await?;
        packs::remove_leftovers(&reading.git_dir);
        // Haves would tell the host that these blobs are here already, as part of the commits that are.
        let args = [
            "-c",
            "fetch.negotiationAlgorithm=noop",
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--stdin",
            "--end-of-options",
            partial::REMOTE,
        ];
        let input = objects.join("\n") + "\n";
        let git_dir = &reading.git_dir;
        let transfer = self.transfer(git_dir, login);
        match transfer.watched(&args, &input, transfer.most()).await {
            Err(Halt::Git(GitError::Failed { message, .. })) if message.contains("does not allow request") => {
                self.take_all(&transfer).await?;
            }
            other => drop(other.map_err(|halt| transfer.halted(halt))?),
        }
        self.settle(git_dir).await?;
        let sizes = reader::sizes(&self.git, git_dir, objects.to_vec()).await.map_err(failed)?;
        if sizes.contains(&0) {
            return Err(MirrorError::Missing("the host does not give all files of the commit".to_owned()));
        }
        Ok(())
    }

    /// Makes a mirror without blobs one that has all, also those of later commits.
    async fn take_all(&self, transfer: &Transfer<'_>) -> Result<(), MirrorError> {
        let unfiltered = ["-c", partial::NO_FILTER];
        let from = ["--refetch", "--end-of-options", partial::REMOTE];
        let args = [unfiltered.as_slice(), &FETCH, &from, &REFS].concat();
        transfer.run(&args, "").await?;
        partial::take_filter_away(&self.git, transfer.git_dir).await.map_err(failed)
    }

    /// Ends a change of a mirror: few packs, within its limit, and so are all mirrors together.
    async fn settle(&self, git_dir: &Path) -> Result<(), MirrorError> {
        if let Err(error) = packs::consolidate(&self.git, git_dir).await {
            tracing::warn!(%error, "cannot put the packs of a mirror together");
            packs::remove_leftovers(git_dir);
        }
        transfer::fits(git_dir, self.limits.repository)?;
        self.evict(git_dir);
        Ok(())
    }

    fn transfer<'a>(&'a self, git_dir: &'a Path, login: &'a Login) -> Transfer<'a> {
        Transfer { git: &self.git, git_dir, login, limit: self.limits.repository }
    }

    /// Takes a lock file, waiting for other processes.
    async fn lock(&self, name: &str, shared: bool) -> Result<File, MirrorError> {
        let file = File::options().create(true).append(true).open(self.folder.join(name))?;
        let locking =
            tokio::task::spawn_blocking(move || if shared { file.lock_shared() } else { file.lock() }.map(|()| file));
        let busy = || MirrorError::Unavailable("the mirror is busy".to_owned());
        let waited = tokio::time::timeout(self.git.timeout() * 2, locking).await.map_err(|_| busy())?;
        Ok(waited.map_err(|_| busy())??)
    }

    /// Was the mirror fetched a moment ago?
    fn is_fresh(&self, git_dir: &Path) -> bool {
        let stamp = fs::read_to_string(git_dir.join(STAMP)).ok().and_then(|text| text.trim().parse::<i64>().ok());
        let age = stamp.map(|stamp| self.clock.now_ms().saturating_sub(stamp));
        age.is_some_and(|age| age >= 0 && age.unsigned_abs() < self.limits.fresh_secs.saturating_mul(1000))
    }

    /// Does the mirror hold this commit already?
    async fn holds(&self, git_dir: &Path, commit: Option<&str>) -> bool {
        let Some(commit) = commit else { return false };
        let object = format!("{commit}^{{commit}}");
        git_dir.join("HEAD").exists() && self.git.line(git_dir, &["cat-file", "-e", &object]).await.is_ok()
    }

    /// Fetches branches, tags and the default branch's name.
    async fn fetch(&self, transfer: &Transfer<'_>, url: &str, wanted: Option<&str>) -> Result<(), MirrorError> {
        let git_dir = transfer.git_dir;
        let is_first = !git_dir.join(STAMP).exists();
        if is_first {
            self.start(git_dir).await?;
        }
        packs::remove_leftovers(git_dir);
        let listing = ["ls-remote", "--symref", "--end-of-options", url, "HEAD"];
        let head = transfer.run(&listing, "").await?;
        if is_first {
            self.first(transfer, url).await?;
        } else {
            self.take(transfer, url, &REFS).await?;
        }
        if let Some(branch) = default_branch(&head) {
            self.git.line(git_dir, &["symbolic-ref", "HEAD", branch]).await.map_err(failed)?;
        }
        if let Some(commit) = wanted
            && !self.holds(git_dir, Some(commit)).await
        {
            // A commit outside all branches (a pull request's): hosts give it by its hash, or say that it is gone.
            self.take(transfer, url, &[commit]).await?;
        }
        fs::write(git_dir.join(STAMP), self.clock.now_ms().to_string())?;
        Ok(())
    }

    /// Begins a mirror; what an unfinished beginning left goes.
    async fn start(&self, git_dir: &Path) -> Result<(), MirrorError> {
        if git_dir.exists() {
            fs::remove_dir_all(git_dir)?;
        }
        self.git.line(git_dir, &["init", "--quiet", "--bare", "--template="]).await.map_err(failed)?;
        Ok(())
    }

    /// Fetches everything for the first time; without blobs when everything turns out to be large or slow.
    async fn first(&self, transfer: &Transfer<'_>, url: &str) -> Result<(), MirrorError> {
        // As one pack, which grows on disk while it comes, so that its size shows.
        let args = [&["-c", "fetch.unpackLimit=1"], FETCH.as_slice(), &["--end-of-options", url], &REFS].concat();
        match transfer.watched(&args, "", transfer.limit / WHOLE_SHARE).await {
            Ok(_) => transfer::fits(transfer.git_dir, transfer.limit),
            Err(Halt::TooLarge | Halt::Git(GitError::TimedOut { .. })) => {
                self.start(transfer.git_dir).await?;
                partial::mark(&self.git, transfer.git_dir, url).await.map_err(failed)?;
                self.take(transfer, url, &REFS).await
            }
            Err(Halt::Git(error)) => Err(failed(error)),
        }
    }

    /// Fetches refs or a commit into a mirror, the way the mirror is kept: what a partial one leaves out, its settings
    /// say. A host that knows no filters sends all.
    async fn take(&self, transfer: &Transfer<'_>, url: &str, what: &[&str]) -> Result<(), MirrorError> {
        let from: &[&str] = match partial::is_partial(&self.git, transfer.git_dir).await {
            true => &["--end-of-options", partial::REMOTE],
            false => &["--end-of-options", url],
        };
        let args = [FETCH.as_slice(), from, what].concat();
        transfer.run(&args, "").await.map(drop)
    }

    /// Removes the least recently fetched mirrors that nobody reads until the cache fits its limit.
    fn evict(&self, keep: &Path) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut mirrors: Vec<(std::time::SystemTime, u64, PathBuf)> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|e| e == "git"))
            .filter_map(|path| Some((fs::metadata(path.join(STAMP)).ok()?.modified().ok()?, folder_bytes(&path), path)))
            .collect();
        mirrors.sort();
        let mut total: u64 = mirrors.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, bytes, path) in mirrors {
            if total <= self.limits.cache {
                return;
            }
            let free = File::options().create(true).append(true).open(path.with_extension("use"));
            let Ok(mark) = free else { continue };
            if path != keep && mark.try_lock().is_ok() && fs::remove_dir_all(&path).is_ok() {
                total = total.saturating_sub(bytes);
            }
        }
    }
}

/// Reads `ref: refs/heads/NAME<TAB>HEAD` (git-ls-remote(1), `--symref`).
fn default_branch(listing: &str) -> Option<&str> {
    let line = listing.lines().find_map(|line| line.strip_prefix("ref: "))?;
    let name = line.split('\t').next()?;
    name.starts_with("refs/heads/").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_branch_is_read_from_the_listing() {
        assert_eq!(default_branch("ref: refs/heads/trunk\tHEAD\n0123\tHEAD\n"), Some("refs/heads/trunk"));
        assert_eq!(default_branch("0123\tHEAD\n"), None);
        assert_eq!(default_branch("ref: refs/../x\tHEAD\n"), None);
    }
}
