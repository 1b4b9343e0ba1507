//! What is kept, and the promises of keeping it.
//!
//! Five ports with two adapters (SQLite, PostgreSQL) that one contract suite holds to the same behaviour. Times are
//! milliseconds since 1970 by the database's clock, never by the caller's. Every write of a claimed job presents its
//! fencing token and changes nothing when the token is stale.

mod bodies;
mod claims;
mod deliveries;
mod engine;
mod jobs;
pub mod lease;
mod migrations;
mod plans;
mod postgres;
mod publications;
mod receive;
mod reviews;
mod rows;
mod session;
mod sql_store;
mod sqlite;
mod wake;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::model::{
    CommentId, ConnectionName, DeliveryId, JobId, OperationId, PlanId, TicketKey,
    delivery::{Accepted, DeliveryRecord, Receipt, Received},
    job::{ClaimedJob, JobRecord, JobState, NewJob},
    plan_record::{NewPlanRecord, PlanRecord},
    publication::{NewPublication, PostedComment, Publication, Slot},
};

/// What went wrong in the store.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Busy, full, gone or timed out: the same call may succeed later.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// The fencing token is not the job's newest: another worker took over.
    #[error("the lease on job {0} was lost")]
    Stale(JobId),
    /// The stored data or the call is wrong; trying again changes nothing.
    #[error("store: {0}")]
    Broken(String),
}

/// How many requests are allowed within any hour; 0 means without limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    pub per_ticket: u32,
    pub per_person: u32,
}

/// Deliveries and the decision on each.
#[async_trait]
pub trait DeliveryLog: Send + Sync {
    /// Stores delivery, decision and job in one durable transaction; many waiting at once share one commit.
    ///
    /// The rules, in order: the same `(connection, guid)` again stores nothing (and sets a job of it that is dead back
    /// to queued, with its attempts forgotten; what it failed to publish is ready again, and what it parked is to be
    /// reconciled); a semantic key that was asked for before on this ticket becomes `AlreadyAsked` (0 where the command
    /// line asked), and stays so after a purge; a full cap becomes `TicketCap` or `PersonCap`; a plan request by
    /// a person whose plan job for the ticket still waits and has stored no plan or publication yet replaces that job's
    /// work and joins it (`Coalesced`). Returns only after the commit.
    async fn receive(&self, receipt: Receipt) -> Result<Received, StoreError>;
    /// The same, but quick in a burst: where many deliveries wait at once, they may be kept with their decisions in one
    /// durable row, and the rules are applied, in the order of the commits, when the burst is over or somebody asks for
    /// what it brought. Returns only after the commit.
    async fn accept(&self, receipt: Receipt) -> Result<Accepted, StoreError>;
    /// One delivery with its body.
    async fn delivery(&self, id: DeliveryId) -> Result<Option<DeliveryRecord>, StoreError>;
    /// The newest deliveries, newest first, without bodies.
    async fn deliveries(&self, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError>;
    /// Which of these delivery ids of a connection are stored.
    async fn known_guids(&self, connection: &ConnectionName, guids: &[String]) -> Result<Vec<String>, StoreError>;
    /// Forgets deliveries older than `age` whose job (if any) has ended, and jobs and replies that ended before it;
    /// plans and the publications they stand on are kept. Returns how many deliveries went.
    async fn purge(&self, age: Duration) -> Result<u64, StoreError>;
}

/// Jobs, claimed under leases.
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Stores a job that no delivery asked for (the command line, a follow-up); `None` when its key is known.
    async fn enqueue(&self, job: NewJob) -> Result<Option<JobId>, StoreError>;
    /// Takes the oldest due job whose ticket has no running job; adds one to its attempts and to its fence.
    async fn claim(&self, owner: &str, lease: Duration) -> Result<Option<ClaimedJob>, StoreError>;
    /// Extends the lease to `lease` from now; returns its end. `Stale` when the job was taken over.
    async fn renew(&self, job: JobId, fence: i64, lease: Duration) -> Result<i64, StoreError>;
    /// Ends a job; `reason` says what came of it.
    async fn finish(&self, job: JobId, fence: i64, state: JobState, reason: &str) -> Result<(), StoreError>;
    /// Puts a job back until `after` has passed. `burn` keeps the attempt counted; without it the attempt is given back
    /// (shutdown, waiting for a tracker's limit).
    async fn put_back(
        &self,
        job: JobId,
        fence: i64,
        after: Duration,
        reason: &str,
        burn: bool,
    ) -> Result<(), StoreError>;
    /// Queues running jobs whose lease has ended again, and moves those with `max_attempts` used to `Dead`.
    /// Returns (queued again, dead).
    async fn sweep_leases(&self, max_attempts: u32) -> Result<(u64, u64), StoreError>;
    /// Cancels the ticket's waiting plan jobs, but not one whose publication may have been sent; returns how many.
    async fn cancel(&self, ticket: &TicketKey) -> Result<u64, StoreError>;
    /// One job.
    async fn job(&self, id: JobId) -> Result<Option<JobRecord>, StoreError>;
    /// The newest jobs, newest first; of one ticket where given.
    async fn jobs(&self, ticket: Option<&TicketKey>, limit: u32) -> Result<Vec<JobRecord>, StoreError>;
    /// How many jobs stand in each state, and the age of the oldest due one in milliseconds.
    async fn job_counts(&self) -> Result<JobCounts, StoreError>;
    /// Returns when a job may have become claimable (a commit in this process, a notification from another one), or
    /// after `at_most`. Waking for nothing is allowed; sleeping through a local commit is not.
    async fn wait_for_work(&self, at_most: Duration);
}

/// The queue in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    pub by_state: Vec<(JobState, u64)>,
    /// Age of the oldest due queued job, in milliseconds.
    pub oldest_due_ms: i64,
}

/// Outward writes: the outbox of exactly-once posting.
#[async_trait]
pub trait PublicationLog: Send + Sync {
    /// Stores the immutable body of a job's publication under the job's fence. If the job already has a publication in
    /// this slot, that one is returned unchanged: a body is rendered once.
    async fn prepare(&self, new: NewPublication, fence: i64) -> Result<Publication, StoreError>;
    /// The comment of a job, if it has one; the document that it may link is not told here.
    async fn publication_of(&self, job: JobId) -> Result<Option<Publication>, StoreError>;
    /// Commits the intent to send: state `Intended`, one attempt more, time kept. `Stale` when the fence is old.
    async fn intend(&self, operation: OperationId, fence: i64) -> Result<Publication, StoreError>;
    /// The bytes certainly had no effect: back to `Ready`.
    async fn unsent(&self, operation: OperationId, fence: i64) -> Result<(), StoreError>;
    /// The tracker holds it: state `Confirmed`, with the comment. Confirming again is allowed.
    async fn confirm(&self, operation: OperationId, fence: i64, comment: &PostedComment) -> Result<(), StoreError>;
    /// The comment to edit is gone: write a new one instead (only while `Ready`).
    async fn detach(&self, operation: OperationId, fence: i64) -> Result<(), StoreError>;
    /// A listing after an unknown effect showed no trace of it. Returns how long until a second empty listing is
    /// `apart` from the first one; zero allows to send again. A new intent starts the count anew.
    async fn looked_empty(&self, operation: OperationId, fence: i64, apart: Duration) -> Result<Duration, StoreError>;
    /// How long ago the first intent was committed; zero without one.
    async fn intent_age(&self, operation: OperationId) -> Result<Duration, StoreError>;
    /// Ends it without effect, with a reason: `Failed`, or `Parked` when the effect stays unknown.
    async fn give_up(&self, operation: OperationId, fence: i64, parked: bool, reason: &str) -> Result<(), StoreError>;
    /// The ticket's newest confirmed publication in a slot: the comment that is kept up to date.
    async fn standing(&self, ticket: &TicketKey, slot: Slot) -> Result<Option<Publication>, StoreError>;
    /// Confirmed publications whose second look (a minute after confirmation) is due: removes transient doubles.
    async fn due_second_looks(&self, after: Duration, limit: u32) -> Result<Vec<Publication>, StoreError>;
    /// The second look was taken; `comment` is the one that stays, `None` leaves the stored one.
    async fn looked_again(&self, operation: OperationId, comment: Option<&CommentId>) -> Result<(), StoreError>;
    /// The newest publications, newest first, without bodies being cut.
    async fn publications(&self, limit: u32) -> Result<Vec<Publication>, StoreError>;
}

/// Plans and their versions.
#[async_trait]
pub trait PlanLog: Send + Sync {
    /// Stores a plan as the next version of its ticket, under the job's fence; a job stores one plan, and storing again
    /// returns the first.
    async fn save_plan(&self, plan: NewPlanRecord, fence: i64) -> Result<PlanRecord, StoreError>;
    /// One plan.
    async fn plan(&self, id: PlanId) -> Result<Option<PlanRecord>, StoreError>;
    /// The plan that a job made, if it made one.
    async fn plan_of(&self, job: JobId) -> Result<Option<PlanRecord>, StoreError>;
    /// All versions of a ticket's plan, newest first.
    async fn versions(&self, ticket: &TicketKey) -> Result<Vec<PlanRecord>, StoreError>;
    /// The newest plans of all tickets, newest first.
    async fn plans(&self, limit: u32) -> Result<Vec<PlanRecord>, StoreError>;
}

/// How often plans are looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From the change to the look, so that several edits are one.
    pub settle: Duration,
    /// Between two looks at one ticket's plan, at least.
    pub gap: Duration,
}

/// Looks at plans that stand.
#[async_trait]
pub trait ReviewLog: Send + Sync {
    /// Stores a job that looks again at a ticket's plan, to run when its pace allows. `None` when the ticket has no plan,
    /// when such a job waits already, or when its key is known. Counts against no cap.
    async fn review(&self, review: NewJob, pace: Pace) -> Result<Option<JobId>, StoreError>;
    /// The newest version of each ticket's plan, where it is no older than `age`; the newest first.
    async fn current_plans(&self, age: Duration, limit: u32) -> Result<Vec<PlanRecord>, StoreError>;
}

/// All five ports and the store's own health: what the composition root hands around.
#[async_trait]
pub trait Store: DeliveryLog + JobQueue + PublicationLog + PlanLog + ReviewLog {
    /// A write and a read that prove the store works, for `/readyz`.
    async fn check(&self) -> Result<(), StoreError>;
    /// Waits for writes under way and closes the files or connections.
    async fn close(&self);
}

/// The notification channel of new work between replicas.
const CHANNEL: &str = "planwright_work";

/// Opens the store that a URL names (`sqlite://PATH` or `postgres://…`) to serve from it, and brings its schema up to
/// date.
///
/// An SQLite file is locked until the store is closed, because it is for one process: a second one gets `Unavailable`.
/// So whoever ran a job there before is dead, and its lease ends here. On PostgreSQL leases end by their time alone.
pub async fn open(url: &str, caps: Caps) -> Result<Arc<dyn Store>, StoreError> {
    let wake = Arc::new(wake::Wake::new());
    if is_shared(url) {
        let engine = postgres::Postgres::open(url, Arc::clone(&wake)).await?;
        Ok(Arc::new(sql_store::SqlStore::start(engine, caps, wake)))
    } else if url.starts_with("sqlite:") {
        let engine = sqlite::Sqlite::open(url).await?;
        Ok(Arc::new(sql_store::SqlStore::start(engine, caps, wake)))
    } else {
        Err(no_store())
    }
}

/// Opens the store that a URL names to look into it, also beside a process that serves from it. Every write is `Broken`.
pub async fn open_reading(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    let (wake, no_caps) = (Arc::new(wake::Wake::new()), Caps { per_ticket: 0, per_person: 0 });
    if is_shared(url) {
        Ok(Arc::new(sql_store::SqlStore::start(postgres::Reading::open(url).await?, no_caps, wake)))
    } else if url.starts_with("sqlite:") {
        Ok(Arc::new(sql_store::SqlStore::start(sqlite::Reading::open(url).await?, no_caps, wake)))
    } else {
        Err(no_store())
    }
}

fn no_store() -> StoreError {
    StoreError::Broken("a store url starts with sqlite:// or postgres://".into())
}

/// Whether several replicas can share the store that a URL names.
pub fn is_shared(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}
