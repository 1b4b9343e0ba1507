//! Planners make drafts of plans; verification makes a draft a plan.

mod command;
pub mod llm;
pub mod offline;
pub mod verify;
mod words;

use async_trait::async_trait;

use crate::model::{context::Context, job::PlanOptions, plan::Draft, ticket::Ticket};

/// What a planner works from.
#[derive(Clone, Copy)]
pub struct Brief<'a> {
    pub ticket: &'a Ticket,
    /// One for each repository of the ticket; none when the ticket has no repository.
    pub contexts: &'a [Context],
    pub options: &'a PlanOptions,
    /// The day the plan is made, `YYYY-MM-DD`.
    pub date: &'a str,
}

/// Why there is no draft.
#[derive(Debug, thiserror::Error)]
pub enum PlannerError {
    /// The planner's service failed: the offline plan stands in for it.
    #[error("planner unavailable: {0}")]
    Unavailable(String),
}

/// Makes a draft of a plan.
#[async_trait]
pub trait Planner: Send + Sync {
    /// Drafts a plan: every statement with its basis, nothing that the brief does not support.
    async fn draft(&self, brief: Brief<'_>) -> Result<Draft, PlannerError>;
    /// Forgets what was kept before `then` (milliseconds since 1970); returns how much that was.
    async fn forget(&self, _then: i64) -> u64 {
        0
    }
}
