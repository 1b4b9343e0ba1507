//! Ranks many tickets at once, for scoring.
//!
//! In: cases as JSON lines and a folder of repositories. Out: JSON lines with `id`, `ranked`, `modify` and `seconds`.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::{
    address::git_dir_of, gathered::Gathered, git::Git, kept::Kept, query::Reading, shelf::Shelf, snapshot::Snapshot,
};
use crate::model::CommitId;

/// A ticket and the commit that it was written against. Other fields of a line are passed over.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
    /// The lines of these files that it replaced, first to last, at the base commit; where it inserts, the two lines
    /// around.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gold_lines: BTreeMap<String, Vec<(u32, u32)>>,
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

/// Reads the repositories of cases one after another, keeping each repository's last snapshot.
pub struct CaseReader {
    repos: PathBuf,
    git: Git,
    last: HashMap<String, Arc<Snapshot>>,
    /// Where analysed blobs are kept, if anywhere: a shelf for each case.
    shelves: Option<PathBuf>,
}

impl CaseReader {
    /// Repositories below a folder.
    pub fn new(repos: &Path) -> Self {
        Self { repos: repos.to_owned(), git: Git::new(TIMEOUT_SECS), last: HashMap::new(), shelves: None }
    }

    /// The same reader, keeping analysed blobs below a folder.
    pub fn keeping(self, shelves: Option<PathBuf>) -> Self {
        Self { shelves, ..self }
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
        let earlier = self.last.get(&case.repo).cloned();
        let shelf = self.shelves.as_ref().map(|all| Shelf::new(all, &case.id.replace('/', "__"), u64::MAX));
        let kept = Kept { earlier, shelf };
        let snapshot = Arc::new(Snapshot::read(&self.git, &git_dir, &commit, &kept, HISTORY).await?);
        self.last.clear();
        self.last.insert(case.repo.clone(), snapshot.clone());
        Ok(snapshot)
    }
}
