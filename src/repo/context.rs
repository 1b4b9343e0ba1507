//! Gathers context from repositories: the production implementation of the port.
//!
//! In: a ticket and where its code is. Out: a [`Context`]. Indexes are kept in memory by commit, so that a second
//! ticket on an unchanged repository costs a ranking; heavy work runs off the async runtime.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Instant,
};

use async_trait::async_trait;

use super::{
    Changed, ContextSource, RepoError, RepoSettings,
    address::Address,
    askpass::Login,
    changed,
    failure::{NoSnapshot, git_error, mirror_error, no_revision, refusal},
    gathered::Gathered,
    git::Git,
    history::History,
    kept::Kept,
    known::Known,
    mirror::{MirrorError, MirrorLimits, Mirrors},
    partial,
    query::Reading,
    refs::Refs,
    revision::{NoRevision, Revision, resolve},
    shelf::Shelf,
    snapshot::Snapshot,
    timings::{Timings, since},
};
use crate::{
    clock::Clock,
    model::{
        CommitId,
        context::{Context, RepositoryRef},
        ticket::Ticket,
    },
    trackers::CodeSource,
};

/// Repositories with their mirrors and indexes.
pub struct Repositories {
    settings: RepoSettings,
    git: Git,
    mirrors: Mirrors,
    /// One entry a repository, by the slug of its address.
    known: Mutex<HashMap<String, Arc<Known>>>,
}

/// The most memory that indexes may hold together, in bytes.
const MAX_MEMORY: usize = 512 * 1024 * 1024;

/// A repository that is open for reading.
struct Opened {
    git_dir: PathBuf,
    /// The mirror, which is not evicted meanwhile, and what its host wants to hear.
    mirror: Option<(super::mirror::Reading, Login)>,
}

impl Repositories {
    /// Repositories kept as the settings say.
    pub fn new(settings: RepoSettings, clock: Arc<dyn Clock>) -> Self {
        let git = Git::new(settings.git_timeout_secs);
        let limits = MirrorLimits {
            repository: settings.max_repository_bytes,
            cache: settings.max_cache_bytes,
            fresh_secs: settings.fresh_secs,
        };
        let mirrors = Mirrors::new(settings.cache.join("mirrors"), git.clone(), limits, clock);
        Self { settings, git, mirrors, known: Mutex::new(HashMap::new()) }
    }

    /// Opens a repository and finds the commit of a revision.
    async fn open(&self, source: &CodeSource, rev: Option<&str>) -> Result<(String, Opened, Revision), RepoError> {
        let address =
            Address::parse(&source.url, &self.settings.local_roots).map_err(|error| refusal(&source.name, error))?;
        let slug = address.slug();
        let opened = match &address {
            Address::Local { git_dir } => Opened { git_dir: git_dir.clone(), mirror: None },
            Address::Remote { url, origin } => {
                let unavailable = |error: std::io::Error| MirrorError::Unavailable(error.to_string());
                let login = Login::new(origin, source.credentials.clone()).map_err(unavailable);
                let wanted = rev.filter(|rev| CommitId::parse(rev).is_ok());
                let login = login.map_err(|error| mirror_error(&source.name, error))?;
                let reading = self.mirrors.open(&slug, url, &login, wanted).await;
                let reading = reading.map_err(|error| mirror_error(&source.name, error))?;
                Opened { git_dir: reading.git_dir.clone(), mirror: Some((reading, login)) }
            }
        };
        let revision = self.resolve(&slug, &opened.git_dir, rev).await;
        let revision = revision.map_err(|error| no_revision(&source.name, error))?;
        Ok((slug, opened, revision))
    }

    /// Finds the commit of a revision: as before while the refs stand as before, else by asking git.
    async fn resolve(&self, slug: &str, git_dir: &Path, rev: Option<&str>) -> Result<Revision, NoRevision> {
        let known = self.known(slug);
        let refs = Refs::read(git_dir, rev);
        if let Some(revision) = refs.as_ref().and_then(|refs| known.meant(rev, refs)) {
            return Ok(revision);
        }
        let revision = resolve(&self.git, git_dir, rev).await?;
        if let Some(refs) = refs.filter(|refs| refs.decide(&revision)) {
            known.keep(rev, refs, &revision);
        }
        Ok(revision)
    }

    /// Gathers context, and says how long each phase took.
    pub async fn gather_timed(
        &self,
        ticket: &Ticket,
        source: &CodeSource,
        rev: Option<&str>,
    ) -> Result<(Context, Timings), RepoError> {
        let start = Instant::now();
        let (slug, opened, revision) = self.open(source, rev).await?;
        let fetch = since(start);
        let read = self.snapshot(&slug, &opened, &revision.commit).await;
        let (snapshot, spent) = read.map_err(|error| error.of(&source.name))?;
        let ranking = Instant::now();
        let (reading, work) = (Reading::of(ticket), snapshot.clone());
        let ranked = tokio::task::spawn_blocking(move || Gathered::of(&reading, &work)).await;
        let unavailable = |error: tokio::task::JoinError| RepoError::Unavailable {
            repository: source.name.clone(),
            reason: format!("the ranking stopped: {error}"),
        };
        let mut gathered = ranked.map_err(unavailable)?;
        self.add_sizes(&mut gathered, &opened, &snapshot.history).await;
        let repository = RepositoryRef { name: source.name.clone(), web: source.web.clone() };
        let context = gathered.into_context(repository, revision, &snapshot);
        Ok((context, Timings { fetch, rank: since(ranking), total: since(start), ..spent }))
    }

    /// The snapshot of a commit: from memory, or built from the git folder.
    async fn snapshot(
        &self,
        slug: &str,
        opened: &Opened,
        commit: &CommitId,
    ) -> Result<(Arc<Snapshot>, Timings), NoSnapshot> {
        let known = self.known(slug);
        if let Some(snapshot) = known.at(commit) {
            return Ok((snapshot, Timings::default()));
        }
        let _building = known.building.lock().await;
        if let Some(snapshot) = known.at(commit) {
            return Ok((snapshot, Timings::default()));
        }
        let earlier = known.latest();
        self.complete(opened, commit, earlier.as_deref()).await?;
        let shelf = Shelf::new(&self.settings.cache.join("indexes"), slug, self.settings.max_cache_bytes / 4);
        let kept = Kept { earlier, shelf: Some(shelf) };
        let snapshot =
            Arc::new(Snapshot::read(&self.git, &opened.git_dir, commit, &kept, self.settings.history_commits).await?);
        known.add(snapshot.clone());
        self.forget(slug);
        let spent = snapshot.spent;
        Ok((snapshot, spent))
    }

    /// Brings what the index of a commit reads into a mirror without blobs: first what says which files count, then
    /// all others together.
    async fn complete(&self, opened: &Opened, commit: &CommitId, earlier: Option<&Snapshot>) -> Result<(), NoSnapshot> {
        let Some((reading, login)) = &opened.mirror else { return Ok(()) };
        if !partial::is_partial(&self.git, &opened.git_dir).await {
            return Ok(());
        }
        let earlier = earlier.map(|earlier| earlier.index.as_ref());
        for _ in 0..2 {
            let wanted = partial::wanted(&self.git, &opened.git_dir, commit, earlier).await?;
            self.mirrors.bring(reading, login, &wanted).await?;
        }
        Ok(())
    }

    /// Asks git for the sizes of the past changes; a mirror without blobs is brought theirs first, all together.
    async fn add_sizes(&self, gathered: &mut Gathered, opened: &Opened, history: &History) {
        let (git, git_dir) = (&self.git, opened.git_dir.as_path());
        let ids = gathered.changes();
        let unknown = history.unsized_of(&ids);
        if let Some((reading, login)) = &opened.mirror
            && !unknown.is_empty()
            && partial::is_partial(git, git_dir).await
            && let Ok(wanted) = partial::of_changes(git, git_dir, &unknown).await
            && let Err(error) = self.mirrors.bring(reading, login, &wanted).await
        {
            tracing::warn!(%error, "cannot tell the sizes of past changes");
        }
        let sizes = history.sizes(git, git_dir, &ids).await;
        gathered.add_sizes(sizes);
    }

    fn known(&self, slug: &str) -> Arc<Known> {
        match self.known.lock() {
            Ok(mut known) => known.entry(slug.to_owned()).or_default().clone(),
            Err(_) => Arc::default(),
        }
    }

    /// Drops the indexes of other repositories when memory runs over its limit.
    fn forget(&self, keep: &str) {
        let Ok(mut known) = self.known.lock() else { return };
        let weight = |known: &Arc<Known>| known.latest().map_or(0, |snapshot| snapshot.index.weight());
        let mut total: usize = known.values().map(weight).sum();
        let mut others: Vec<(usize, String)> =
            known.iter().filter(|(slug, _)| *slug != keep).map(|(slug, known)| (weight(known), slug.clone())).collect();
        others.sort_unstable();
        while total > MAX_MEMORY
            && let Some((weight, slug)) = others.pop()
        {
            known.remove(&slug);
            total -= weight;
        }
    }
}

#[async_trait]
impl ContextSource for Repositories {
    async fn gather(&self, ticket: &Ticket, source: &CodeSource, rev: Option<&str>) -> Result<Context, RepoError> {
        self.gather_timed(ticket, source, rev).await.map(|(context, _)| context)
    }

    async fn changed(&self, source: &CodeSource, rev: Option<&str>, since: &CommitId) -> Result<Changed, RepoError> {
        let (_, opened, revision) = self.open(source, rev).await?;
        let changed = changed::between(&self.git, &opened.git_dir, since, revision.commit).await;
        changed.map_err(|error| git_error(&source.name, &error))
    }
}
