//! Bare mirrors of remote repositories, kept under the cache folder.
//!
//! In: a checked address and a login. Out: a git folder whose branches are as fresh as asked for. A mirror is locked
//! across processes while it changes and marked as used while it is read; a fetch that dies leaves the earlier state.
//! Never checks anything out.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{
    askpass::Login,
    git::{Call, Git, GitError},
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
    _mark: File,
}

/// How often the size of a growing mirror is looked at.
const SIZE_CHECK: Duration = Duration::from_millis(500);
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
            self.fetch(&git_dir, url, login, wanted).await?;
            self.evict(&git_dir);
        }
        drop(lock);
        Ok(Reading { git_dir, _mark: mark })
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
    async fn fetch(&self, git_dir: &Path, url: &str, login: &Login, wanted: Option<&str>) -> Result<(), MirrorError> {
        if !git_dir.join("HEAD").exists() {
            let args = ["init", "--quiet", "--bare", "--template="];
            self.git.line(git_dir, &args).await.map_err(failed)?;
        }
        remove_leftovers(git_dir);
        let head = self.remote(git_dir, &["ls-remote", "--symref", "--end-of-options", url, "HEAD"], login).await?;
        let refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
        let flags =
            ["fetch", "--quiet", "--force", "--prune", "--no-tags", "--no-write-fetch-head", "--end-of-options"];
        let args: Vec<&str> = flags.into_iter().chain([url]).chain(refs).collect();
        self.remote(git_dir, &args, login).await?;
        if let Some(branch) = default_branch(&head) {
            self.git.line(git_dir, &["symbolic-ref", "HEAD", branch]).await.map_err(failed)?;
        }
        if let Some(commit) = wanted
            && !self.holds(git_dir, Some(commit)).await
        {
            // A commit outside all branches (a pull request's): hosts give it by its hash, or say that it is gone.
            let single: Vec<&str> = flags.into_iter().chain([url, commit]).collect();
            self.remote(git_dir, &single, login).await?;
        }
        fs::write(git_dir.join(STAMP), self.clock.now_ms().to_string())?;
        Ok(())
    }

    /// Runs a network command and watches the mirror's size meanwhile.
    async fn remote(&self, git_dir: &Path, args: &[&str], login: &Login) -> Result<String, MirrorError> {
        let run = self.git.run(Call { git_dir, args, cap: 16 * 1024 * 1024, network: Some(login) });
        tokio::pin!(run);
        let too_big = || MirrorError::Refused(format!("larger than {} bytes", self.limits.repository));
        loop {
            tokio::select! {
                done = &mut run => {
                    let out = done.map_err(failed)?;
                    if folder_bytes(git_dir) > self.limits.repository {
                        fs::remove_dir_all(git_dir)?;
                        return Err(too_big());
                    }
                    return Ok(String::from_utf8_lossy(&out).into_owned());
                }
                () = tokio::time::sleep(SIZE_CHECK) => {
                    if folder_bytes(git_dir) > self.limits.repository.saturating_mul(2) {
                        return Err(too_big());
                    }
                }
            }
        }
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

/// Sorts a git error by who acts next.
fn failed(error: GitError) -> MirrorError {
    let text = error.to_string();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match &error {
        GitError::Failed { .. } if has(&["Authentication failed", "could not read", "403", "401"]) => {
            MirrorError::Missing("the credentials are refused, or it does not exist".to_owned())
        }
        GitError::Failed { .. } if has(&["not found", "404", "does not appear to be a git", "not our ref"]) => {
            MirrorError::Missing("there is no such repository or commit".to_owned())
        }
        _ => MirrorError::Unavailable(text),
    }
}

/// Reads `ref: refs/heads/NAME<TAB>HEAD` (git-ls-remote(1), `--symref`).
fn default_branch(listing: &str) -> Option<&str> {
    let line = listing.lines().find_map(|line| line.strip_prefix("ref: "))?;
    let name = line.split('\t').next()?;
    name.starts_with("refs/heads/").then_some(name)
}

/// Removes half-written packs of a fetch that was killed.
fn remove_leftovers(git_dir: &Path) {
    let Ok(entries) = fs::read_dir(git_dir.join("objects/pack")) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with("tmp_") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The bytes of all files below a folder, links not followed.
pub fn folder_bytes(folder: &Path) -> u64 {
    let mut open = vec![folder.to_owned()];
    let mut total = 0;
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            match entry.metadata() {
                Ok(data) if data.is_dir() => open.push(entry.path()),
                Ok(data) => total += data.len(),
                Err(_) => {}
            }
        }
    }
    total
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
