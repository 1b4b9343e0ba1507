//! `planwright learn`: makes cases from a repository's past, and learns the ranking's weights from cases.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Subcommand;

use super::context::progress;
use crate::repo::{
    address::git_dir_of,
    cases,
    git::Git,
    learning,
    revision::{self, NoRevision},
};

/// Learn how files are ranked, from changes of the past.
#[derive(Debug, Subcommand)]
pub enum LearnCommand {
    /// Make cases from a repository's history: each is a line of JSON with the message of a change as `title` and
    /// `body`, its parent as `base_commit`, the source files that it modified as
    /// `gold_modified`, and the lines that it replaced in them as `gold_lines`
    Cases {
        /// The repository: a folder with a working tree or a bare repository
        #[arg(long, value_name = "PATH")]
        repo: PathBuf,
        /// What it is called in the cases
        #[arg(long, value_name = "OWNER/NAME")]
        name: String,
        /// Commit, branch or tag where the history ends
        #[arg(long, value_name = "REV")]
        rev: Option<String>,
        /// The most cases, spread evenly over the history
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Learn weights and probabilities from cases, and report what they are worth on repositories left out
    Weights {
        /// Files of cases; repeatable
        #[arg(long, value_name = "FILE", required = true)]
        cases: Vec<PathBuf>,
        /// Folder with the repositories of the cases: `OWNER__NAME`, `OWNER/NAME` or `NAME`, bare or not
        #[arg(long, value_name = "DIR")]
        repos: PathBuf,
        /// Where the weights are written (`src/repo/rank/weights.toml` is the file that the program carries)
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Folder where analysed files are kept, so that learning from the same cases again costs less
        #[arg(long, value_name = "DIR")]
        cache: Option<PathBuf>,
    },
}

/// Seconds for one git command.
const TIMEOUT_SECS: u64 = 300;

/// Runs the command; cases and the report go to standard output.
pub async fn run(command: LearnCommand) -> anyhow::Result<()> {
    match command {
        LearnCommand::Cases { repo, name, rev, limit } => make(&repo, &name, rev.as_deref(), limit).await,
        LearnCommand::Weights { cases, repos, out, cache } => weights(&cases, &repos, &out, cache).await,
    }
}

/// Prints the cases of a repository.
async fn make(repo: &Path, name: &str, rev: Option<&str>, limit: usize) -> anyhow::Result<()> {
    let git_dir = git_dir_of(repo).with_context(|| format!("there is no repository at {}", repo.display()))?;
    let git = Git::new(TIMEOUT_SECS);
    let end = revision::resolve(&git, &git_dir, rev).await.map_err(|error| match error {
        NoRevision::Missing(reason) => anyhow::Error::msg(reason),
        NoRevision::Git(error) => error.into(),
    })?;
    let made = cases::from_history(&git, &git_dir, &end.commit, name, limit).await?;
    anyhow::ensure!(!made.is_empty(), "no change of {name} is told in words and modifies one to eight source files");
    let mut out = std::io::stdout().lock();
    made.iter().try_for_each(|case| writeln!(out, "{}", serde_json::to_string(case)?).map_err(anyhow::Error::from))
}

/// Learns, writes the weights and prints the report.
async fn weights(cases: &[PathBuf], repos: &Path, out: &Path, cache: Option<PathBuf>) -> anyhow::Result<()> {
    let bar = progress();
    let learned = learning::learn(cases, repos, cache, |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    })
    .await;
    bar.finish_and_clear();
    let learned = learned?;
    let text = toml::to_string(&learned.weights).context("weights are plain numbers")?;
    std::fs::write(out, text).with_context(|| format!("cannot write {}", out.display()))?;
    print!("{}", learned.report);
    Ok(())
}
