//! `planwright plan`: a plan for a ticket file and a local repository, printed. Offline; touches nothing.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::{local::LocalRepository, ticket_file};
use crate::{
    clock::{Clock, SystemClock},
    model::job::{Depth, Focus, PlanOptions},
    planner::{Brief, Planner, offline::Offline, verify::verify},
    repo::ContextSource,
    templates::Packs,
};

/// Write a plan for a ticket file against a local repository.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Markdown (the first heading is the title), JSON with `title` and `body`, a recorded payload, or `-`
    ticket: String,
    /// The repository: a folder with a working tree or a bare repository
    #[arg(long, value_name = "PATH")]
    repo: Option<PathBuf>,
    /// Commit, branch or tag to plan on
    #[arg(long, value_name = "REV", requires = "repo")]
    rev: Option<String>,
    /// Template pack
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// Folder with further template packs
    #[arg(long, value_name = "DIR")]
    templates: Vec<PathBuf>,
    /// What the plan should weigh most
    #[arg(long, value_enum)]
    focus: Option<FocusArg>,
    /// How long the plan may be
    #[arg(long, value_enum)]
    depth: Option<DepthArg>,
    /// How to print it
    #[arg(long, value_enum, default_value = "markdown")]
    format: PlanFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PlanFormat {
    Markdown,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FocusArg {
    Performance,
    Security,
    Reliability,
    Simplicity,
    Cost,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DepthArg {
    Brief,
    Normal,
    Full,
}

/// Runs the command.
pub async fn run(args: PlanArgs) -> anyhow::Result<()> {
    let ticket = ticket_file::read(&args.ticket)?;
    let packs = packs(&args.templates)?;
    let options = options(&args);
    let mut contexts = Vec::new();
    if let Some(path) = &args.repo {
        let local = LocalRepository::open(path)?;
        let context = local.source.gather(&ticket, &local.code, args.rev.as_deref()).await;
        contexts.push(context.with_context(|| format!("cannot read the repository {}", path.display()))?);
    }
    let date = SystemClock.today();
    let brief = Brief { ticket: &ticket, contexts: &contexts, options: &options, date: &date };
    let plan = verify(Offline.draft(brief).await?, &contexts, &ticket);
    match args.format {
        PlanFormat::Json => println!("{}", serde_json::to_string_pretty(&plan)?),
        PlanFormat::Markdown => {
            let pack = packs.choose(&ticket, &options, "ticket")?;
            print!("{}", packs.render(&pack.name, &plan, &ticket)?);
        }
    }
    Ok(())
}

/// The built-in packs and those of the given folders.
pub(super) fn packs(folders: &[PathBuf]) -> anyhow::Result<Packs> {
    Packs::load(folders).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the template packs have problems:\n{}", lines.join("\n"))
    })
}

fn options(args: &PlanArgs) -> PlanOptions {
    PlanOptions {
        template: args.template.clone(),
        focus: args.focus.map(|focus| match focus {
            FocusArg::Performance => Focus::Performance,
            FocusArg::Security => Focus::Security,
            FocusArg::Reliability => Focus::Reliability,
            FocusArg::Simplicity => Focus::Simplicity,
            FocusArg::Cost => Focus::Cost,
        }),
        depth: args.depth.map(|depth| match depth {
            DepthArg::Brief => Depth::Brief,
            DepthArg::Normal => Depth::Normal,
            DepthArg::Full => Depth::Full,
        }),
        repository: None,
        revise: None,
    }
}
