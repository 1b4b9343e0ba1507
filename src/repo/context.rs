//! Gathers context from repositories: the production implementation of the port.
//!
//! In: a ticket and where its code is. Out: a [`Context`]. Indexes are kept in memory by commit, so that a second
//! ticket on an unchanged repository costs a ranking; heavy work runs off the async runtime.

use std::{
    collections::{HashMap, VecDeque},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Instant,
};

use async_trait::async_trait;

use super::{
    Changed, ContextSource, RepoError, RepoSettings,
    address::{Address, AddressError},
    askpass::Login,
    changed, facts,
    git::{Git, GitError},
    ground,
    history::History,
    index::Index,
    indexing,
    kept::Kept,
    mirror::{MirrorError, MirrorLimits, Mirrors},
    nearby, partial,
    query::{Query, Reading},
    rank::{self, select, weights::Weights},
    refs::Refs,
    revision::{NoRevision, Revision, resolve},
    shelf::Shelf,
    timings::{Timings, since},
    tree::IndexTree,
};
use crate::{
    clock::Clock,
    model::{
        CommitId, RepoName,
        context::{Context, Fact, RepositoryRef},
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

/// What is remembered of one repository.
#[derive(Default)]
struct Known {
    /// Held while an index is built, so that two tickets build one.
    building: tokio::sync::Mutex<()>,
    /// Newest first; they share their blobs.
    recent: Mutex<VecDeque<Arc<Snapshot>>>,
    /// What revisions meant, and how the refs stood then.
    revisions: Mutex<HashMap<Option<String>, (Refs, Revision)>>,
}

/// Everything read of a repository at a commit.
pub struct Snapshot {
    pub index: Arc<Index>,
    pub history: Arc<History>,
    pub facts: Arc<Vec<Fact>>,
    file_facts: Arc<facts::FileFacts>,
    /// Lines of the repository's own issue and pull request forms.
    forms: std::collections::HashSet<String>,
    /// How long reading it took.
    spent: Timings,
}

/// Commits of one repository that are kept.
const RECENT: usize = 4;
/// Revisions of one repository whose meaning is kept.
const REVISIONS: usize = 64;
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
        if let Ok(mut recent) = known.recent.lock() {
            recent.push_front(snapshot.clone());
            recent.truncate(RECENT);
        }
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
        let ids: Vec<CommitId> = gathered.past.iter().map(|(_, change)| change.commit.clone()).collect();
        let ids: Vec<&CommitId> = ids.iter().collect();
        let unknown = history.unsized_of(&ids);
        if let Some((reading, login)) = &opened.mirror
            && !unknown.is_empty()
            && partial::is_partial(git, git_dir).await
            && let Ok(wanted) = partial::of_changes(git, git_dir, &unknown).await
            && let Err(error) = self.mirrors.bring(reading, login, &wanted).await
        {
            tracing::warn!(%error, "cannot tell the sizes of past changes");
        }
        gathered.add_sizes(history.sizes(git, git_dir, &ids).await);
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

impl Known {
    fn latest(&self) -> Option<Arc<Snapshot>> {
        self.recent.lock().ok()?.front().cloned()
    }

    fn at(&self, commit: &CommitId) -> Option<Arc<Snapshot>> {
        self.recent.lock().ok()?.iter().find(|snapshot| snapshot.index.commit == *commit).cloned()
    }

    /// What a revision meant while the refs stood like this.
    fn meant(&self, rev: Option<&str>, refs: &Refs) -> Option<Revision> {
        let revisions = self.revisions.lock().ok()?;
        let (then, revision) = revisions.get(&rev.map(str::to_owned))?;
        (then == refs).then(|| revision.clone())
    }

    fn keep(&self, rev: Option<&str>, refs: Refs, revision: &Revision) {
        if let Ok(mut revisions) = self.revisions.lock() {
            if revisions.len() >= REVISIONS {
                revisions.clear();
            }
            revisions.insert(rev.map(str::to_owned), (refs, revision.clone()));
        }
    }
}

impl Snapshot {
    /// Reads index, history and facts of a commit.
    pub async fn read(
        git: &Git,
        git_dir: &Path,
        commit: &CommitId,
        kept: &Kept,
        history: u32,
    ) -> Result<Self, GitError> {
        let start = Instant::now();
        let index = async { indexing::read(git, git_dir, commit, kept).await.map(|index| (index, since(start))) };
        let past = kept.earlier.as_ref().map(|earlier| earlier.history.as_ref());
        let history =
            async { History::read(git, git_dir, commit, history, past).await.map(|history| (history, since(start))) };
        let ((indexed, index_took), (history, history_took)) = tokio::try_join!(index, history)?;
        let start = Instant::now();
        let index = Arc::new(indexed.index);
        kept.lay_down(indexed.new, &index).await;
        let known = kept.earlier.as_ref().map(|earlier| earlier.file_facts.clone()).unwrap_or_default();
        let read = index.clone();
        let found = tokio::task::spawn_blocking(move || {
            let by_file = facts::by_file(&read, &known);
            let (facts, forms) = (facts::facts(&read, &by_file), forms(&read));
            (by_file, facts, forms)
        });
        let (file_facts, facts, forms) = found.await.map_err(|error| GitError::Io(std::io::Error::other(error)))?;
        let spent = Timings { index: index_took, history: history_took, facts: since(start), ..Timings::default() };
        Ok(Self {
            index,
            history: Arc::new(history),
            facts: Arc::new(facts),
            file_facts: Arc::new(file_facts),
            forms,
            spent,
        })
    }

    /// Reads a ticket's texts against this repository's forms and habits.
    pub fn query(&self, reading: &Reading) -> Query {
        Query::read(reading, |line| self.history.is_boilerplate(line) || self.forms.contains(line.trim()))
    }
}

/// The lines of issue and pull request forms that stand in the repository.
fn forms(index: &Index) -> std::collections::HashSet<String> {
    let is_form = |path: &str| {
        let lower = path.to_ascii_lowercase();
        lower.contains("issue_template")
            || lower.contains("pull_request_template")
            || lower.contains("merge_request_templates")
    };
    let texts = index.files.iter().filter(|file| is_form(&file.path)).take(40).filter_map(|file| file.blob.text());
    texts
        .flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .filter(|l| l.len() > 3)
        .collect()
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

/// What a ranking and its lists gave.
pub struct Gathered {
    pub ranking: rank::Ranking,
    pub modify: Vec<crate::model::context::Likely>,
    create: Vec<crate::model::context::LikelyNew>,
    tests: Vec<crate::model::context::NearTest>,
    past: Vec<(usize, crate::model::context::PastChange)>,
    grounded: Vec<crate::model::context::Grounded>,
    doubts: Vec<String>,
}

impl Gathered {
    /// Ranks and gathers everything around the ranking.
    pub fn of(reading: &Reading, snapshot: &Snapshot) -> Self {
        let (index, history) = (&snapshot.index, &snapshot.history);
        let query = snapshot.query(reading);
        let ranking = rank::rank(&query, index, history);
        let modify = select::modify(&ranking, &Weights::built_in().calibration, &query, index);
        let tests = nearby::tests(&ranking, &modify, &query, index, history);
        Self {
            create: nearby::create(&modify, &tests, index),
            past: nearby::past(&ranking, &modify, history),
            grounded: ground::ground(&query, index, &ranking.literals),
            doubts: select::doubts(&ranking, &query),
            tests,
            modify,
            ranking,
        }
    }

    /// Says how large the past changes are: lines added and deleted of each.
    fn add_sizes(&mut self, sizes: Vec<(u32, u32)>) {
        for ((_, change), (added, deleted)) in self.past.iter_mut().zip(sizes) {
            (change.added, change.deleted) = (added, deleted);
        }
    }

    fn into_context(self, repository: RepositoryRef, revision: Revision, snapshot: &Snapshot) -> Context {
        Context {
            repository,
            commit: revision.commit,
            branch: revision.branch,
            tree: Arc::new(IndexTree(snapshot.index.clone())),
            ranked: self.ranking.files,
            modify: self.modify,
            create: self.create,
            tests: self.tests,
            past: self.past.into_iter().map(|(_, change)| change).collect(),
            facts: snapshot.facts.as_ref().clone(),
            grounded: self.grounded,
            doubts: self.doubts,
        }
    }
}

/// Why a commit could not be read.
enum NoSnapshot {
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
    fn of(self, repository: &RepoName) -> RepoError {
        match self {
            Self::Git(error) => git_error(repository, &error),
            Self::Mirror(error) => mirror_error(repository, error),
        }
    }
}

/// A revision that is not there, as the port has it.
fn no_revision(repository: &RepoName, error: NoRevision) -> RepoError {
    match error {
        NoRevision::Missing(reason) => RepoError::Missing { repository: repository.clone(), reason },
        NoRevision::Git(error) => git_error(repository, &error),
    }
}

/// A git error as the port has it.
fn git_error(repository: &RepoName, error: &GitError) -> RepoError {
    let (repository, reason) = (repository.clone(), error.to_string());
    match error {
        GitError::TooLong { .. } => RepoError::Refused { repository, reason },
        GitError::Failed { .. } => RepoError::Missing { repository, reason },
        GitError::Io(_) | GitError::TimedOut { .. } => RepoError::Unavailable { repository, reason },
    }
}

/// A refused address as the port has it.
fn refusal(repository: &RepoName, error: AddressError) -> RepoError {
    let repository = repository.clone();
    match error {
        AddressError::Refused(reason) => RepoError::Refused { repository, reason },
        AddressError::Missing(reason) => RepoError::Missing { repository, reason },
    }
}

/// A mirror's error as the port has it.
fn mirror_error(repository: &RepoName, error: MirrorError) -> RepoError {
    let repository = repository.clone();
    match error {
        MirrorError::Unavailable(reason) => RepoError::Unavailable { repository, reason },
        MirrorError::Missing(reason) => RepoError::Missing { repository, reason },
        MirrorError::Refused(reason) => RepoError::Refused { repository, reason },
    }
}
