//! A plan as it is stored: one version of one ticket's plan.

use serde::{Deserialize, Serialize};

use super::ids::{CommitId, JobId, PlanId, RepoName, TicketKey};

/// A plan to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlanRecord {
    pub id: PlanId,
    pub job: JobId,
    pub ticket: TicketKey,
    /// How people name the ticket.
    pub reference: String,
    /// Where people read the ticket.
    pub ticket_url: Option<String>,
    /// The ticket's title when the plan was made.
    pub title: String,
    /// The repository and commit that the plan is grounded in; `None` without a repository.
    pub repository: Option<(RepoName, CommitId)>,
    /// The template pack.
    pub template: String,
    /// `offline`, or the model's name.
    pub planner: String,
    /// The verified plan as JSON (see `model::plan::Plan`).
    pub plan_json: String,
    /// The rendered document, Markdown.
    pub document: String,
    /// A hash of the ticket's text that the plan answers, to see later edits.
    pub ticket_hash: String,
    /// How long context, draft and rendering took, in milliseconds.
    pub took_ms: u64,
}

/// A stored plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRecord {
    pub id: PlanId,
    pub job: JobId,
    pub ticket: TicketKey,
    pub reference: String,
    pub ticket_url: Option<String>,
    pub title: String,
    /// 1 for the ticket's first plan.
    pub version: u32,
    pub repository: Option<(RepoName, CommitId)>,
    pub template: String,
    pub planner: String,
    pub plan_json: String,
    pub document: String,
    pub ticket_hash: String,
    pub took_ms: u64,
    /// Milliseconds since 1970, by the database's clock.
    pub created_at: i64,
}
