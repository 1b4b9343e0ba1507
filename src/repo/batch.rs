//! Ranks many tickets at once, for scoring.
//!
//! In: cases as JSON lines and a folder of repositories. Out: JSON lines with `id`, `ranked`, `modify` and `seconds`.

use std::{
    collections::HashMap,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::Context as _;
use serde::Deserialize;

use super::{
    address::git_dir_of,
    context::{Gathered, Snapshot},
    git::Git,
    index::Index,
    query::Reading,
    rank::{
        learn::{self, Example},
        signals,
    },
    shelf::Kept,
};
use crate::model::CommitId;

/// A ticket and the commit that it was written against.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    /// `owner/name`.
    pub repo: String,
    pub base_commit: String,
    pub title: String,
    #[serde(default)]
    pub body: String,
    /// The files that the real change modified, where known: what learning learns from.
    #[serde(default)]
    pub gold_modified: Vec<String>,
}

/// Commits of history that a case reads.
const HISTORY: u32 = 1500;
/// Seconds for one git command.
const TIMEOUT_SECS: u64 = 300;
/// How many paths are written.
const RANKED: usize = 30;

/// Reads cases from JSON lines.
pub fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            serde_json::from_str(line).with_context(|| format!("{}:{number} is no case", path.display()))
        })
        .collect()
}

/// Finds a case's repository: `owner__name`, `owner/name`, `name`, `owner__name.git` or the case's id below a folder.
pub fn repository(repos: &Path, case: &Case) -> anyhow::Result<PathBuf> {
    let flat = case.repo.replace('/', "__");
    let name = case.repo.rsplit('/').next().unwrap_or(&case.repo);
    let names = [
        case.id.clone(),
        flat.clone(),
        format!("{flat}.git"),
        case.repo.clone(),
        format!("{}.git", case.repo),
        name.to_owned(),
    ];
    let found = names.iter().find_map(|name| git_dir_of(&repos.join(name)));
    found.with_context(|| format!("no repository {} below {}", case.repo, repos.display()))
}

/// Ranks every case and writes a line for each; `progress` hears how many of how many are done.
pub async fn context_batch(
    cases_file: &Path,
    repos: &Path,
    out: &Path,
    progress: impl Fn(usize, usize),
) -> anyhow::Result<()> {
    let cases = cases(cases_file)?;
    let mut file = std::io::BufWriter::new(std::fs::File::create(out)?);
    let mut reader = CaseReader::new(repos);
    for (done, case) in cases.iter().enumerate() {
        progress(done, cases.len());
        let start = Instant::now();
        let snapshot = reader.read(case).await?;
        let reading = Reading { title: case.title.clone(), body: case.body.clone(), comments: Vec::new() };
        let gathered = tokio::task::spawn_blocking(move || Gathered::of(&reading, &snapshot)).await?;
        let ranked: Vec<&str> = gathered.ranking.files.iter().take(RANKED).map(|file| file.path.as_str()).collect();
        let modify: Vec<&str> = gathered.modify.iter().map(|file| file.path.as_str()).collect();
        let seconds = start.elapsed().as_secs_f64();
        let line = serde_json::json!({ "id": case.id, "ranked": ranked, "modify": modify, "seconds": seconds });
        writeln!(file, "{line}")?;
    }
    progress(cases.len(), cases.len());
    file.flush()?;
    Ok(())
}

/// Reads the repositories of cases one after another, keeping blobs of each repository's last index.
pub struct CaseReader {
    repos: PathBuf,
    git: Git,
    last: HashMap<String, Arc<Index>>,
}

impl CaseReader {
    /// Repositories below a folder.
    pub fn new(repos: &Path) -> Self {
        Self { repos: repos.to_owned(), git: Git::new(TIMEOUT_SECS), last: HashMap::new() }
    }

    /// Everything of a case's repository at its commit.
    pub async fn read(&mut self, case: &Case) -> anyhow::Result<Arc<Snapshot>> {
        let git_dir = repository(&self.repos, case)?;
        // A rebuilt repository may hold the base commit as its branch's head, under another hash.
        let commit = match CommitId::parse(&case.base_commit) {
            Ok(commit)
                if self.git.line(&git_dir, &["cat-file", "-e", &format!("{commit}^{{commit}}")]).await.is_ok() =>
            {
                commit
            }
            _ => CommitId::parse(&self.git.line(&git_dir, &["rev-parse", "--verify", "HEAD^{commit}"]).await?)?,
        };
        let known = self.last.get(&case.repo).map(|index| index.blobs()).unwrap_or_default();
        let snapshot = Arc::new(Snapshot::read(&self.git, &git_dir, &commit, &Kept::memory(known), HISTORY).await?);
        self.last.clear();
        self.last.insert(case.repo.clone(), snapshot.index.clone());
        Ok(snapshot)
    }
}

/// Weighs the candidates of every case that names its gold files: what learning learns from.
pub async fn examples(
    cases_file: &Path,
    repos: &Path,
    progress: impl Fn(usize, usize),
) -> anyhow::Result<Vec<Example>> {
    let cases = cases(cases_file)?;
    let mut reader = CaseReader::new(repos);
    let mut found = Vec::new();
    for (done, case) in cases.iter().enumerate().filter(|(_, case)| !case.gold_modified.is_empty()) {
        progress(done, cases.len());
        let snapshot = reader.read(case).await?;
        let case = case.clone();
        found.push(tokio::task::spawn_blocking(move || example(&case, &snapshot)).await?);
    }
    Ok(found)
}

/// Learns the ranking's weights from cases and writes them as `weights.toml` has them. Returns the mean F1 of the list
/// to modify with each repository left out in turn.
pub async fn learn_weights(
    cases_file: &Path,
    repos: &Path,
    out: &Path,
    progress: impl Fn(usize, usize),
) -> anyhow::Result<f64> {
    let examples = examples(cases_file, repos, progress).await?;
    let learned = tokio::task::spawn_blocking(move || {
        let lists = learn::left_out(&examples);
        let weights = learn::learn(&examples);
        let f1 = learn::mean_f1(&weights.calibration, weights.calibration.threshold, &lists);
        (weights, f1)
    });
    let (weights, f1) = learned.await?;
    std::fs::write(out, toml::to_string(&weights)?)?;
    Ok(f1)
}

/// The candidates of one case.
fn example(case: &Case, snapshot: &Snapshot) -> Example {
    let reading = Reading { title: case.title.clone(), body: case.body.clone(), comments: Vec::new() };
    let query = snapshot.query(&reading);
    let candidates = signals::candidates(&query, &snapshot.index, &snapshot.history).files;
    let is_gold = |file: usize| case.gold_modified.contains(&snapshot.index.files[file].path);
    let gold: Vec<bool> = candidates.iter().map(|candidate| is_gold(candidate.file)).collect();
    let missed = case.gold_modified.len() - gold.iter().filter(|gold| **gold).count();
    let rows = candidates.into_iter().map(|candidate| candidate.row).collect();
    Example { id: case.id.clone(), repo: case.repo.clone(), rows, gold, missed }
}
