//! `planwright plan`: a plan for a ticket, printed or posted.
//!
//! A ticket file with a local repository is planned offline and touches nothing; a ticket's address is read with the
//! configured connection that it belongs to.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};

use super::{ConfigArgs, address, local::LocalRepository, ticket_file};
use crate::{
    app::{desk::Desk, planner::planner},
    clock::{Clock, SystemClock},
    config::{Config, PlannerKind},
    model::{
        context::Context,
        job::{Depth, Focus, PlanOptions},
        ticket::Ticket,
    },
    planner::{Brief, Planner, offline::Offline, verify::verify},
    repo::ContextSource,
    templates::Packs,
};

/// Write a plan for a ticket file against a local repository, or for a ticket by its address.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Markdown (the first heading is the title), JSON with `title` and `body`, a recorded payload, `-`, or the address
    /// of a ticket of a configured connection
    ticket: String,
    /// The repository: a folder with a working tree or a bare repository; for an address also a configured name
    #[arg(long, value_name = "PATH")]
    repo: Option<PathBuf>,
    /// Commit, branch or tag to plan on
    #[arg(long, value_name = "REV")]
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
    /// Who drafts it [default: for an address as configured, else offline]
    #[arg(long, value_enum)]
    planner: Option<PlannerArg>,
    /// Post it on the ticket, which is named by its address, exactly once
    #[arg(long, conflicts_with_all = ["rev", "templates", "format"])]
    post: bool,
    #[command(flatten)]
    config: ConfigArgs,
    /// How to print it
    #[arg(long, value_enum, default_value = "markdown")]
    format: PlanFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PlannerArg {
    /// Evidence of the repository alone
    Offline,
    /// The configured language model
    Llm,
    /// The configured model's stored replies; what was not asked before stays as drafted offline
    Replay,
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

/// What a plan is made of.
struct Work {
    ticket: Ticket,
    contexts: Vec<Context>,
    planner: Arc<dyn Planner>,
    packs: Arc<Packs>,
    default_pack: String,
}

/// Runs the command.
pub async fn run(args: PlanArgs) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    if args.post {
        return post(&args, &clock).await;
    }
    let work = match address::is_address(&args.ticket) {
        true => of_address(&args, &clock).await?,
        false => of_file(&args, &clock).await?,
    };
    let (options, date) = (options(&args), clock.today());
    let brief = Brief { ticket: &work.ticket, contexts: &work.contexts, options: &options, date: &date };
    let plan = verify(work.planner.draft(brief).await?, &work.contexts, &work.ticket);
    match args.format {
        PlanFormat::Json => println!("{}", serde_json::to_string_pretty(&plan)?),
        PlanFormat::Markdown => {
            let packs = work.packs.of(&work.contexts);
            let pack = packs.choose(&work.ticket, &options, &work.default_pack)?;
            print!("{}", packs.render(&pack.name, &plan, &work.ticket)?);
        }
    }
    Ok(())
}

/// A ticket file, and the repository where one is named.
async fn of_file(args: &PlanArgs, clock: &Arc<dyn Clock>) -> anyhow::Result<Work> {
    let ticket = ticket_file::read(&args.ticket)?;
    let packs = Arc::new(packs(&args.templates)?);
    let planner: Arc<dyn Planner> = match args.planner {
        None | Some(PlannerArg::Offline) => Arc::new(Offline),
        Some(_) => planner(&configured(args)?, &packs, clock),
    };
    let mut contexts = Vec::new();
    match (&args.repo, &args.rev) {
        (None, Some(_)) => bail!("--rev needs --repo"),
        (None, None) => {}
        (Some(path), rev) => {
            let local = LocalRepository::open(path)?;
            let context = local.source.gather(&ticket, &local.code, rev.as_deref()).await;
            contexts.push(context.with_context(|| format!("cannot read the repository {}", path.display()))?);
        }
    }
    Ok(Work { ticket, contexts, planner, packs, default_pack: "ticket".to_owned() })
}

/// A ticket of a configured connection, and its code.
async fn of_address(args: &PlanArgs, clock: &Arc<dyn Clock>) -> anyhow::Result<Work> {
    let desk = Desk::new(&configured(args)?, clock)?;
    let (lane, _, ticket) = address::read(&desk, &args.ticket).await?;
    let wanted = args.repo.as_deref().and_then(Path::to_str);
    let contexts = address::contexts(&desk, lane, &ticket, wanted, args.rev.as_deref()).await?;
    let packs = if args.templates.is_empty() { desk.packs } else { Arc::new(packs(&args.templates)?) };
    Ok(Work { ticket, contexts, planner: desk.planner, packs, default_pack: desk.default_pack })
}

/// Posts the plan and prints where it stands.
async fn post(args: &PlanArgs, clock: &Arc<dyn Clock>) -> anyhow::Result<()> {
    if !address::is_address(&args.ticket) {
        bail!("--post needs the address of a ticket (https://…): a ticket file stands on no tracker");
    }
    if args.repo.as_ref().is_some_and(|repo| repo.is_dir()) {
        bail!("--post needs a configured repository: --repo NAME, or none for the ticket's own");
    }
    let repository = args.repo.as_ref().map(|name| name.to_string_lossy().into_owned());
    let options = PlanOptions { repository, ..options(args) };
    println!("{}", address::post(&configured(args)?, clock, &args.ticket, options).await?);
    Ok(())
}

/// The configuration, with the planner that the arguments name.
fn configured(args: &PlanArgs) -> anyhow::Result<Config> {
    let mut config = args.config.load()?;
    match args.planner {
        None => {}
        Some(PlannerArg::Offline) => config.planner.kind = PlannerKind::Offline,
        Some(named) => {
            let llm = config.planner.llm.as_mut();
            let llm = llm.context("--planner: the configuration has no [planner.llm]")?;
            llm.replay_only |= named == PlannerArg::Replay;
            config.planner.kind = PlannerKind::Llm;
        }
    }
    Ok(config)
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
