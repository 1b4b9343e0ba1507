//! What of a standing plan is stale.
//!
//! In: the plan, the ticket as it is now, and the files that changed since the plan's commit. Out: the steps that rest on
//! something that changed, each with the reason. Pure; makes no plan and asks no model.

use crate::{
    model::{
        plan::{Action, Citation, FileRef, Statement, Step, Verified},
        ticket::Ticket,
    },
    planner::offline,
    repo::changed::{Changed, Fate},
};

/// What is stale; empty when all of the plan still rests on what it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stale {
    pub ticket: Option<TicketChange>,
    /// Short commits of the plan that their repositories do not hold any more, with the repositories' names.
    pub lost: Vec<(String, String)>,
    pub steps: Vec<StaleStep>,
}

/// The ticket's text is another than the one that was planned for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketChange {
    /// What the ticket asks for now and the plan does not know.
    pub new: Vec<String>,
    /// Ids of criteria and requirements that the ticket does not hold any more.
    pub gone: Vec<String>,
}

/// A step that rests on something that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleStep {
    pub id: String,
    pub title: String,
    /// The files that changed.
    pub files: Vec<(String, Fate)>,
    /// The ids that the ticket does not hold any more.
    pub gone: Vec<String>,
}

impl Stale {
    /// Is there nothing to say?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares a plan with the ticket, where its text changed, and with its repositories: one entry for each, in order.
pub fn stale(plan: &Verified, ticket: Option<&Ticket>, repositories: &[Changed]) -> Stale {
    let ticket = ticket.map(|ticket| ticket_change(plan, ticket));
    let gone = ticket.as_ref().map_or(&[][..], |change| &change.gone);
    let lost = plan.head.repositories.iter().zip(repositories).filter(|(_, changed)| changed.files.is_none());
    Stale {
        lost: lost.map(|(read, _)| (read.commit.short().to_owned(), read.name.to_string())).collect(),
        steps: plan.sections.steps().filter_map(|step| stale_step(step, plan, gone, repositories)).collect(),
        ticket,
    }
}

/// What the ticket asks for now that it did not, and the other way round.
fn ticket_change(plan: &Verified, ticket: &Ticket) -> TicketChange {
    let now = offline::asked(ticket);
    let planned = || {
        let criteria = plan.sections.criteria.iter().map(|c| (&c.id, &c.text));
        criteria.chain(plan.sections.requirements.iter().map(|r| (&r.id, &r.text)))
    };
    // what a wish for this version asked for (`W1`) never stood in the ticket
    let gone = planned().filter(|(id, text)| !id.starts_with('W') && !now.contains(text));
    TicketChange {
        gone: gone.map(|(id, _)| id.clone()).collect(),
        new: now.iter().filter(|text| !planned().any(|(_, known)| known == *text)).cloned().collect(),
    }
}

/// The step with what it rests on that changed; `None` when nothing of it did.
fn stale_step(step: &Step, plan: &Verified, gone: &[String], repositories: &[Changed]) -> Option<StaleStep> {
    let mut files: Vec<(String, Fate)> = Vec::new();
    for (file, is_new) in cited(step) {
        let fate = fate(file, plan, repositories);
        // a file to create is stale when it is there now; any other when it is not what it was
        if let Some(fate) = fate.filter(|fate| is_new == (*fate == Fate::Added))
            && !files.iter().any(|(path, _)| *path == file.path)
        {
            files.push((file.path.clone(), fate));
        }
    }
    let gone: Vec<String> = step.serves.iter().filter(|id| gone.contains(id)).cloned().collect();
    let is_stale = !files.is_empty() || !gone.is_empty();
    is_stale.then(|| StaleStep { id: step.id.clone(), title: step.title.clone(), files, gone })
}

/// The files that a step rests on; true for one that it creates.
fn cited(step: &Step) -> impl Iterator<Item = (&FileRef, bool)> {
    let changes = step.files.iter().flat_map(|change| {
        let symbols =
            change.symbols.iter().chain(&change.beside).chain(&change.reads).map(|symbol| (&symbol.file, false));
        let own = std::iter::once((&change.file, change.action == Action::Create));
        own.chain(symbols.chain(change.like.iter().map(|like| (like, false))))
    });
    changes.chain(step.how.iter().chain(&step.watch).flat_map(files_of).map(|file| (file, false)))
}

/// The files that a statement cites.
fn files_of(statement: &Statement) -> impl Iterator<Item = &FileRef> {
    statement.citations.iter().filter_map(|citation| match citation {
        Citation::File(file) => Some(file),
        _ => None,
    })
}

/// What happened to a file of the plan since.
fn fate(file: &FileRef, plan: &Verified, repositories: &[Changed]) -> Option<Fate> {
    let at = match &file.repository {
        None => 0,
        Some(name) => plan.head.repositories.iter().position(|read| read.name == *name)?,
    };
    repositories.get(at)?.files.as_ref()?.get(&file.path).copied()
}
