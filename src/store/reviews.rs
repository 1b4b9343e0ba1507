//! Looks at plans that stand: the jobs that take them, and the plans that are worth one.
//!
//! In: a ticket whose text or branch changed. Out: at most one waiting job a ticket, no sooner than its pace allows.
//! Never stores a job for a ticket without a plan.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    Pace, ReviewLog, StoreError,
    engine::{Engine, Write},
    jobs::enqueue,
    plans,
    receive::reserve,
    session::{Session, args},
    sql_store::{SqlStore, millis},
};
use crate::model::{JobId, TicketKey, delivery::Request, job::NewJob, plan_record::PlanRecord};

#[async_trait]
impl<E: Engine> ReviewLog for SqlStore<E> {
    async fn review(&self, review: NewJob, pace: Pace) -> Result<Option<JobId>, StoreError> {
        const PLANNED: &str = "SELECT 1 FROM plans WHERE connection = $1 AND ticket = $2 LIMIT 1";
        let ticket = args![review.ticket.connection.as_str(), review.ticket.id.as_str()];
        // most edits are of tickets without a plan: they cost no write
        if self.read(PLANNED, ticket).await?.is_empty() {
            return Ok(None);
        }
        let made = self.write(Review { review, pace }).await?;
        if made.is_some() {
            self.wake.all();
        }
        Ok(made)
    }

    async fn current_plans(&self, age: Duration, limit: u32) -> Result<Vec<PlanRecord>, StoreError> {
        let sql = format!(
            "{} WHERE created_at > (SELECT ms FROM clock) - $1 AND NOT EXISTS (SELECT 1 FROM plans newer \
             WHERE newer.connection = plans.connection AND newer.ticket = plans.ticket \
             AND newer.version > plans.version) ORDER BY created_at DESC, id DESC LIMIT $2",
            plans::SELECT
        );
        self.read_all(sql, args![millis(age), limit], plans::read).await
    }
}

/// Stores a look, unless one waits already.
struct Review {
    review: NewJob,
    pace: Pace,
}

#[async_trait]
impl Write for Review {
    type Out = Option<JobId>;

    async fn run(&self, db: &mut dyn Session) -> Result<Option<JobId>, StoreError> {
        const DELAY: &str = "UPDATE jobs SET run_at = run_at + $1 WHERE id = $2";
        let NewJob { ticket, reference, semantic_key, asked_by, work } = self.review.clone();
        // one after the other: two of them at once would both see none waiting
        reserve(db, 0).await?;
        let Some(delay) = self.delay(db, &ticket).await? else { return Ok(None) };
        let Some(job) = enqueue(db, &Request { ticket, reference, semantic_key, asked_by, work }).await? else {
            return Ok(None);
        };
        db.query(DELAY.into(), args![delay, job.0]).await?;
        Ok(Some(job))
    }
}

impl Review {
    /// How long the look has to wait, in milliseconds; `None` when one waits already.
    async fn delay(&self, db: &mut dyn Session, ticket: &TicketKey) -> Result<Option<i64>, StoreError> {
        const LOOKS: &str = "SELECT coalesce(sum(CASE state WHEN 'queued' THEN 1 ELSE 0 END), 0), max(run_at), \
                             (SELECT ms FROM clock) FROM jobs \
                             WHERE connection = $1 AND ticket = $2 AND kind = 'review'";
        let looks = db.query(LOOKS.into(), args![ticket.connection.as_str(), ticket.id.as_str()]).await?;
        let Some(mut looks) = looks.into_iter().next() else { return Ok(Some(0)) };
        let (waiting, last, now) = (looks.int()?, looks.int_or_null()?, looks.int()?);
        let next = last.map_or(now, |last| last.saturating_add(millis(self.pace.gap)));
        Ok((waiting == 0).then_some((next - now).max(millis(self.pace.settle))))
    }
}
