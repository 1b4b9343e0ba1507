//! Views of records: one row in a list.

use serde::Serialize;

use super::words::{self, Moment};
use crate::model::{
    delivery::DeliveryRecord,
    job::JobRecord,
    plan_record::PlanRecord,
    publication::{Publication, PublicationState},
};

/// A delivery with its decision.
#[derive(Serialize)]
pub(super) struct DeliveryRow {
    pub id: i64,
    pub at: Moment,
    pub connection: String,
    pub event: String,
    /// How people name the ticket; empty when it is about none.
    pub ticket: String,
    pub decision: &'static str,
    pub reason: String,
    pub job: Option<i64>,
}

impl DeliveryRow {
    pub fn new(record: &DeliveryRecord, now: i64) -> Self {
        let (decision, reason) = words::decision(&record.decision);
        let ticket = match &record.decision {
            crate::model::delivery::Decision::Run(request) => request.reference.clone(),
            _ => record.ticket.as_ref().map(|key| key.id.to_string()).unwrap_or_default(),
        };
        Self {
            id: record.id.0,
            at: Moment::new(record.received_at, now),
            connection: record.connection.to_string(),
            event: record.event.clone(),
            ticket,
            decision,
            reason,
            job: record.job.map(|job| job.0),
        }
    }
}

/// A job with its state.
#[derive(Serialize)]
pub(super) struct JobRow {
    pub id: i64,
    pub at: Moment,
    pub ticket: String,
    pub work: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub attempt: u32,
    /// More than one attempt was made.
    pub again: bool,
    /// The outcome or the last error; empty when there is none.
    pub reason: String,
    /// An address at the end of the outcome, where people read it.
    pub link: Option<String>,
}

impl JobRow {
    pub fn new(record: &JobRecord, now: i64) -> Self {
        let (reason, link) = words::link_at_end(record.reason.as_deref().unwrap_or_default());
        Self {
            id: record.id.0,
            at: Moment::new(record.updated_at, now),
            ticket: record.reference.clone(),
            work: words::work(&record.work),
            state: record.state.as_str(),
            tone: words::tone(record.state),
            attempt: record.attempt,
            again: record.attempt > 1,
            reason: reason.to_owned(),
            link,
        }
    }
}

/// A plan.
#[derive(Serialize)]
pub(super) struct PlanRow {
    pub id: String,
    pub at: Moment,
    pub ticket: String,
    pub title: String,
    pub version: u32,
    pub template: String,
    pub planner: String,
    /// `acme/shop at 3f2a91c0de`; empty without a repository.
    pub repository: String,
    pub took: String,
}

impl PlanRow {
    pub fn new(record: &PlanRecord, now: i64) -> Self {
        let repository = record.repository.as_ref();
        Self {
            id: record.id.to_string(),
            at: Moment::new(record.created_at, now),
            ticket: record.reference.clone(),
            title: record.title.clone(),
            version: record.version,
            template: record.template.clone(),
            planner: record.planner.clone(),
            repository: repository.map(|(name, commit)| format!("{name} at {}", commit.short())).unwrap_or_default(),
            took: words::span(i64::try_from(record.took_ms).unwrap_or(i64::MAX)),
        }
    }
}

/// An outward write.
#[derive(Serialize)]
pub(super) struct PublicationRow {
    pub at: Moment,
    pub job: i64,
    pub ticket: String,
    /// `plan` or `reply`.
    pub slot: &'static str,
    pub state: &'static str,
    pub tone: &'static str,
    pub attempt: u32,
    /// It was sent more than once.
    pub again: bool,
    /// Where people read it.
    pub url: Option<String>,
    pub reason: String,
    /// The marker's operation, for searching on the tracker.
    pub operation: String,
}

impl PublicationRow {
    pub fn new(record: &Publication, now: i64) -> Self {
        Self {
            at: Moment::new(record.intended_at.unwrap_or(record.created_at), now),
            job: record.job.0,
            ticket: record.ticket.id.to_string(),
            slot: record.slot.as_str(),
            state: record.state.as_str(),
            tone: match record.state {
                PublicationState::Ready | PublicationState::Intended => "busy",
                PublicationState::Confirmed => "good",
                PublicationState::Failed | PublicationState::Parked => "bad",
            },
            attempt: record.attempt,
            again: record.attempt > 1,
            url: words::web_address(record.url.as_deref()),
            reason: record.reason.clone().unwrap_or_default(),
            operation: record.operation.to_string(),
        }
    }
}
