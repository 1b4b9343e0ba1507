//! `planwright context`: what a repository says about a ticket, or about many.

use std::{io::IsTerminal as _, path::PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::{local::LocalRepository, ticket_file};
use crate::repo;

/// Show what a repository says about a ticket: ranked files with evidence, tests, symbols, facts.
#[derive(Debug, Args)]
pub struct ContextArgs {
    /// Markdown, JSON with `title` and `body`, a recorded payload, or `-`
    #[arg(required_unless_present = "cases")]
    ticket: Option<String>,
    /// The repository: a folder with a working tree or a bare repository
    #[arg(long, value_name = "PATH", required_unless_present = "cases")]
    repo: Option<PathBuf>,
    /// Commit, branch or tag to read
    #[arg(long, value_name = "REV")]
    rev: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: ContextFormat,
    /// Many tickets: JSON lines with `id`, `repo`, `base_commit`, `title`, `body`
    #[arg(long, value_name = "FILE", requires_all = ["repos", "out"], conflicts_with_all = ["ticket", "repo", "rev"])]
    cases: Option<PathBuf>,
    /// Folder with the repositories of `--cases`
    #[arg(long, value_name = "DIR")]
    repos: Option<PathBuf>,
    /// Where the results of `--cases` are written, as JSON lines
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ContextFormat {
    Text,
    Json,
}

/// Runs the command.
pub async fn run(args: ContextArgs) -> anyhow::Result<()> {
    match (&args.cases, &args.repos, &args.out, &args.ticket, &args.repo) {
        (Some(cases), Some(repos), Some(out), _, _) => {
            let bar = progress();
            let done = repo::batch::context_batch(cases, repos, out, |done, all| {
                bar.set_length(all as u64);
                bar.set_position(done as u64);
            })
            .await;
            bar.finish_and_clear();
            done
        }
        (_, _, _, Some(ticket), Some(repo)) => one(ticket, repo, &args).await,
        _ => anyhow::bail!("name a ticket and --repo, or --cases with --repos and --out"),
    }
}

/// One ticket, printed.
async fn one(ticket: &str, repo: &std::path::Path, args: &ContextArgs) -> anyhow::Result<()> {
    let ticket = ticket_file::read(ticket)?;
    let local = LocalRepository::open(repo)?;
    let gathered = local.source.gather_timed(&ticket, &local.code, args.rev.as_deref()).await;
    let (context, timings) = gathered.with_context(|| format!("cannot read the repository {}", repo.display()))?;
    match args.format {
        ContextFormat::Json => {
            println!("{}", serde_json::to_string_pretty(&repo::report::to_json(&context, &timings))?)
        }
        ContextFormat::Text => print!("{}", repo::report::to_text(&context)),
    }
    Ok(())
}

/// A bar on a terminal, nothing elsewhere.
pub fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} tickets, {eta} left").expect("the template is valid");
    ProgressBar::new(0).with_style(style)
}
