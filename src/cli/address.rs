//! A ticket named by its address: read with a configured connection, planned, printed or posted.
//!
//! In: an address and the configuration. Out: a plan, or the address of the comment that holds it. An address is only
//! compared with the configured ones: nothing is fetched from anywhere else.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, bail};

use super::local::LocalRepository;
use crate::{
    app::desk::{self, Desk},
    clock::Clock,
    config::Config,
    model::{
        TicketKey,
        context::Context,
        event::Actor,
        job::{NewJob, PlanOptions, PlanRequest, Trigger, Work},
        ticket::Ticket,
    },
    pipeline::{Lane, NoCode, code_of},
    repo::ContextSource,
};

/// Is this an address rather than a file?
pub(super) fn is_address(ticket: &str) -> bool {
    ticket.starts_with("https://") || ticket.starts_with("http://")
}

/// The ticket at an address, with its key and how its connection is served.
pub(super) async fn read<'d>(desk: &'d Desk, address: &str) -> anyhow::Result<(&'d Lane, TicketKey, Ticket)> {
    let (lane, key) = locate(desk, address).await?;
    let ticket = lane.tracker.ticket(&key.id).await;
    Ok((lane, key, ticket.with_context(|| format!("cannot read the ticket {address}"))?))
}

/// The connection and the ticket that an address names.
async fn locate<'d>(desk: &'d Desk, address: &str) -> anyhow::Result<(&'d Lane, TicketKey)> {
    let found = desk.locate(address).await.with_context(|| format!("cannot find the ticket {address}"))?;
    found.with_context(|| {
        let mut names: Vec<&str> = desk.lanes.keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        let known = if names.is_empty() { "there are none".to_owned() } else { names.join(", ") };
        format!("{address} is no ticket of a configured connection ({known}); nothing else is fetched")
    })
}

/// The context of the ticket's code: of the named repository, else as configured, else of the ticket's own.
pub(super) async fn contexts(
    desk: &Desk,
    lane: &Lane,
    ticket: &Ticket,
    wanted: Option<&str>,
    rev: Option<&str>,
) -> anyhow::Result<Vec<Context>> {
    if let Some(path) = wanted.map(Path::new).filter(|path| path.is_dir()) {
        let local = LocalRepository::open(path)?;
        let context = local.source.gather(ticket, &local.code, rev).await;
        return Ok(vec![context.with_context(|| format!("cannot read the repository {}", path.display()))?]);
    }
    let sources = match code_of(&desk.code, lane.tracker.as_ref(), ticket, wanted).await {
        Ok(sources) => sources,
        Err(NoCode::Tracker(error)) => return Err(error).context("cannot tell where the ticket's code is"),
        Err(NoCode::Unknown(error)) if error.known.is_empty() => bail!("--repo: {error}, and it is no folder"),
        Err(NoCode::Unknown(error)) => bail!("--repo: {error}; known for this ticket: {}", error.known.join(", ")),
    };
    let mut contexts = Vec::new();
    for (source, branch) in sources {
        let context = desk.contexts.gather(ticket, &source, rev.or(branch.as_deref())).await;
        contexts.push(context?);
    }
    Ok(contexts)
}

/// Posts a plan on the ticket at an address, by way of the configured store; returns where it can be read.
pub(super) async fn post(
    config: &Config,
    clock: &Arc<dyn Clock>,
    address: &str,
    options: PlanOptions,
) -> anyhow::Result<String> {
    let desk = Desk::new(config, clock)?;
    let (_, key, ticket) = read(&desk, address).await?;
    let asked_by = Actor { id: String::new(), name: "the command line".to_owned(), is_bot: false };
    let job = NewJob {
        semantic_key: format!("{key}|manual:{}", clock.new_id()),
        ticket: key,
        reference: ticket.reference,
        asked_by: String::new(),
        work: Work::Plan(PlanRequest {
            asked_by,
            project: ticket.project,
            trigger: Trigger::Manual,
            options,
            notice: None,
        }),
    };
    let (job, publication) = desk::post(config, clock, job).await?;
    match publication.filter(|publication| publication.comment.is_some() && publication.plan.is_some()) {
        Some(publication) => Ok(publication.url.unwrap_or_else(|| address.to_owned())),
        None => bail!("no plan was posted: {}", job.reason.unwrap_or_else(|| "no reason is known".to_owned())),
    }
}
