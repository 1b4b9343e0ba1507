//! Looks again at a plan that stands: is it still about this ticket and this code?
//!
//! In: a ticket whose text or branch changed. Out: the same comment with a note of what is stale, or the reason why
//! nothing is written. Never makes a plan, asks no model, and says nothing twice: what would be written is compared with
//! what stands.

use super::{JobError, Pipeline, Run, notes, stale, ticket_hash};
use crate::{
    model::{
        CommitId, RepoName, TicketKey,
        plan::{Plan, Verified},
        plan_record::PlanRecord,
        publication::{Publication, Slot},
        ticket::{Ticket, TicketState},
    },
    repo::{RepoError, changed::Changed},
    trackers::CodeSource,
};

impl Pipeline {
    /// The body of the plan's comment with what is stale now, if it differs from the one that stands.
    pub(super) async fn prepare_review(&self, run: &Run<'_>) -> Result<Publication, JobError> {
        let nothing = |why: &str| JobError::Nothing(why.to_owned());
        let versions = self.store.versions(&run.job.ticket).await?;
        let record = versions.first().ok_or_else(|| nothing("the ticket has no plan"))?;
        let standing = self.store.standing(&run.job.ticket, Slot::Plan).await?;
        let standing = standing.filter(|publication| publication.plan == Some(record.id));
        let standing = standing.ok_or_else(|| nothing("the newest plan does not stand on the ticket"))?;
        let ticket = self.ticket(run).await?;
        if ticket.state == TicketState::Closed {
            return Err(nothing("the ticket is closed"));
        }
        let plan = read_plan(record)?;
        let found = self.stale(run, &plan, record, &ticket).await?;
        let note = (!found.is_empty()).then(|| {
            let commit = record.repository.as_ref().map(|(_, commit)| commit.short());
            notes::stale_note(&found, commit, &run.lane.rules.command)
        });
        let document = self.comment_again(run, record, &versions, note).await?;
        let url = self.whole_plan(run, record);
        let said = run.lane.encoder.encode(&document, &run.job.ticket, standing.operation, url.as_deref());
        if said.body() == standing.body {
            return Err(nothing(if found.is_empty() {
                "nothing in the plan is stale"
            } else {
                "that is said already"
            }));
        }
        self.store_body(run, document, Slot::Plan, Some(record)).await
    }

    /// What of the plan is stale.
    async fn stale(
        &self,
        run: &Run<'_>,
        plan: &Verified,
        record: &PlanRecord,
        ticket: &Ticket,
    ) -> Result<stale::Stale, JobError> {
        let changed = self.changed(&run.job.ticket, plan).await.map_err(|error| match error {
            Unread::Repository(error @ RepoError::Unavailable { .. }) => JobError::Retry(error.into()),
            Unread::Repository(error) => JobError::Nothing(error.to_string()),
            Unread::Unknown(name) => JobError::Nothing(format!("repository {name} is not configured any more")),
            Unread::Tracker(error) => error.into(),
        })?;
        let edited = (ticket_hash(ticket) != record.ticket_hash).then_some(ticket);
        Ok(stale::stale(plan, edited, &changed))
    }

    /// What changed in each repository of a plan since.
    async fn changed(&self, ticket: &TicketKey, plan: &Verified) -> Result<Vec<Changed>, Unread> {
        let mut all = Vec::new();
        for read in &plan.head.repositories {
            let (source, branch) = self.source(ticket, &read.name).await?;
            let changed = self.contexts.changed(&source, branch.as_deref(), &read.commit).await;
            all.push(changed.map_err(Unread::Repository)?);
        }
        Ok(all)
    }

    /// Where a repository of a plan is: as configured, else the ticket's own.
    async fn source(&self, ticket: &TicketKey, name: &RepoName) -> Result<(CodeSource, Option<String>), Unread> {
        if let Some(mapped) = self.code.called(name) {
            return Ok((mapped.source.clone(), mapped.branch.clone()));
        }
        let lane = self.lanes.get(&ticket.connection).ok_or_else(|| Unread::Unknown(name.clone()))?;
        let own = lane.tracker.code_source(&ticket.id).await.map_err(Unread::Tracker)?;
        let own = own.filter(|source| source.name == *name).ok_or_else(|| Unread::Unknown(name.clone()))?;
        Ok((own, None))
    }

    /// The newest commit of a plan's first repository, if files that the plan's steps cite changed up to it.
    pub async fn moved(&self, record: &PlanRecord) -> anyhow::Result<Option<CommitId>> {
        let plan: Plan = serde_json::from_str(&record.plan_json)?;
        let changed = self.changed(&record.ticket, &plan).await?;
        let is_stale = !stale::stale(&plan, None, &changed).is_empty();
        Ok(changed.into_iter().next().map(|changed| changed.now).filter(|_| is_stale))
    }
}

/// Why it is not known what changed in a repository.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Repository(RepoError),
    #[error("repository {0} is not configured any more")]
    Unknown(RepoName),
    #[error(transparent)]
    Tracker(crate::trackers::TrackerError),
}

/// A stored plan as it was made.
fn read_plan(record: &PlanRecord) -> Result<Plan, JobError> {
    serde_json::from_str(&record.plan_json)
        .map_err(|error| JobError::Nothing(format!("the plan is of another version of Planwright: {error}")))
}
