//! The queue of jobs.
//!
//! In: claims, leases, outcomes. Out: jobs under a fencing token. Never runs two jobs of one ticket, and never lets an
//! old token change anything.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    JobCounts, JobQueue, StoreError,
    claims::{CANDIDATES, Claim, Claimed, read_ticket},
    engine::{Engine, Write},
    receive::{JOB_COLUMNS, announce, job_row, reserve},
    rows,
    session::{Arg, Row, Session, args, broken},
    sql_store::{SqlStore, millis},
};
use crate::model::{
    JobId, TicketKey,
    delivery::Request,
    job::{ClaimedJob, JobRecord, JobState, NewJob},
};

#[async_trait]
impl<E: Engine> JobQueue for SqlStore<E> {
    async fn enqueue(&self, job: NewJob) -> Result<Option<JobId>, StoreError> {
        let NewJob { ticket, reference, semantic_key, asked_by, work } = job;
        let request = Request { ticket, reference, semantic_key, asked_by, work };
        let made = self.write(Enqueue(request)).await?;
        if made.is_some() {
            self.wake.all();
        }
        Ok(made)
    }

    async fn claim(&self, owner: &str, lease: Duration) -> Result<Option<ClaimedJob>, StoreError> {
        let claim = Claim { owner: owner.to_owned(), lease: millis(lease) };
        let mut began = 0;
        for _ in 0..CANDIDATES {
            self.receipts.let_go_first().await;
            began = self.wake.seen();
            match self.write(claim.clone()).await {
                Ok(Claimed::Passed) => {}
                Ok(Claimed::Job(job)) => return Ok(Some(*job)),
                // what a burst brought may have been stored meanwhile, by this or by itself
                Ok(Claimed::Nothing) if self.receipts.unpack().await || self.wake.seen() != began => {}
                Ok(Claimed::Nothing) => break,
                Err(error) => {
                    self.wake.found_nothing(began);
                    return Err(error);
                }
            }
        }
        self.wake.found_nothing(began);
        Ok(None)
    }

    async fn renew(&self, job: JobId, fence: i64, lease: Duration) -> Result<i64, StoreError> {
        const SQL: &str = "UPDATE jobs SET lease_until = (SELECT ms FROM clock) + $1 \
                           WHERE id = $2 AND fence = $3 AND state = 'running' RETURNING lease_until";
        only(job, self.update(SQL, args![millis(lease), job.0, fence]).await?)?.int()
    }

    async fn finish(&self, job: JobId, fence: i64, state: JobState, reason: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE jobs SET state = $1, reason = $2, owner = NULL, lease_until = NULL, \
                           updated_at = (SELECT ms FROM clock) \
                           WHERE id = $3 AND fence = $4 AND state = 'running' RETURNING id";
        if matches!(state, JobState::Queued | JobState::Running) {
            return Err(broken("a job does not end queued or running"));
        }
        only(job, self.update(SQL, args![state.as_str(), reason, job.0, fence]).await?)?;
        self.wake.all();
        Ok(())
    }

    async fn put_back(
        &self,
        job: JobId,
        fence: i64,
        after: Duration,
        reason: &str,
        burn: bool,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE jobs SET state = 'queued', attempt = attempt - $1, reason = $2, owner = NULL, \
                           lease_until = NULL, run_at = (SELECT ms FROM clock) + $3, \
                           updated_at = (SELECT ms FROM clock) \
                           WHERE id = $4 AND fence = $5 AND state = 'running' RETURNING id";
        let given_back = i64::from(!burn);
        only(job, self.update(SQL, args![given_back, reason, millis(after), job.0, fence]).await?)?;
        self.wake.all();
        Ok(())
    }

    async fn sweep_leases(&self, max_attempts: u32) -> Result<(u64, u64), StoreError> {
        const SQL: &str = "UPDATE jobs SET state = CASE WHEN attempt >= $1 THEN 'dead' ELSE 'queued' END, \
                           reason = CASE WHEN attempt >= $1 THEN 'the lease ended in the last attempt' \
                               ELSE 'the lease ended' END, \
                           owner = NULL, lease_until = NULL, run_at = (SELECT ms FROM clock), \
                           updated_at = (SELECT ms FROM clock) \
                           WHERE state = 'running' AND lease_until <= (SELECT ms FROM clock) RETURNING state";
        const ANY: &str =
            "SELECT id FROM jobs WHERE state = 'running' AND lease_until <= (SELECT ms FROM clock) LIMIT 1";
        if self.read(ANY, args![]).await?.is_empty() {
            return Ok((0, 0));
        }
        let (mut queued, mut dead) = (0, 0);
        for mut row in self.write(Alone { sql: SQL, args: args![max_attempts] }).await? {
            match row.word(JobState::parse)? {
                JobState::Dead => dead += 1,
                _ => queued += 1,
            }
        }
        if queued + dead > 0 {
            self.wake.all();
        }
        Ok((queued, dead))
    }

    async fn cancel(&self, ticket: &TicketKey) -> Result<u64, StoreError> {
        // a job whose bytes may be on their way has to be reconciled first
        const SQL: &str = "UPDATE jobs SET state = 'cancelled', reason = 'cancelled', \
                           updated_at = (SELECT ms FROM clock) \
                           WHERE connection = $1 AND ticket = $2 AND kind = 'plan' AND state = 'queued' \
                           AND NOT EXISTS (SELECT 1 FROM publications p WHERE p.job = jobs.id \
                               AND p.state = 'intended') RETURNING id";
        let cancelled = self.update(SQL, args![ticket.connection.as_str(), ticket.id.as_str()]).await?;
        Ok(cancelled.len() as u64)
    }

    async fn job(&self, id: JobId) -> Result<Option<JobRecord>, StoreError> {
        self.read_one(format!("SELECT {RECORD} FROM jobs WHERE id = $1"), args![id.0], read_record).await
    }

    async fn jobs(&self, ticket: Option<&TicketKey>, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
        self.receipts.settle().await;
        let (chosen, args) = match ticket {
            None => ("ORDER BY id DESC LIMIT $1", args![limit]),
            Some(ticket) => (
                "WHERE connection = $2 AND ticket = $3 ORDER BY id DESC LIMIT $1",
                args![limit, ticket.connection.as_str(), ticket.id.as_str()],
            ),
        };
        self.read_all(format!("SELECT {RECORD} FROM jobs {chosen}"), args, read_record).await
    }

    async fn job_counts(&self) -> Result<JobCounts, StoreError> {
        const COUNTS: &str = "SELECT 'queued', count(*) FROM jobs WHERE state = 'queued' \
                              UNION ALL SELECT 'running', count(*) FROM jobs WHERE state = 'running' \
                              UNION ALL SELECT state, count(*) FROM jobs \
                                  WHERE state IN ('done', 'dead', 'cancelled') GROUP BY state";
        const OLDEST: &str = "SELECT (SELECT ms FROM clock) - min(run_at) FROM jobs WHERE state = 'queued'";
        let stored = self.read_all(COUNTS, args![], |mut row| Ok((row.word(JobState::parse)?, row.count()?))).await?;
        let oldest = self.read_one(OLDEST, args![], |mut row| row.int_or_null()).await?.flatten();
        let states = [JobState::Queued, JobState::Running, JobState::Done, JobState::Dead, JobState::Cancelled];
        let count = |state| stored.iter().find(|(other, _)| *other == state).map_or(0, |(_, count)| *count);
        Ok(JobCounts {
            by_state: states.into_iter().map(|state| (state, count(state))).collect(),
            oldest_due_ms: oldest.unwrap_or(0).max(0),
        })
    }

    async fn wait_for_work(&self, at_most: Duration) {
        const NEXT_DUE: &str = "SELECT min(run_at) - (SELECT ms FROM clock) FROM jobs \
                                WHERE state = 'queued' AND run_at > (SELECT ms FROM clock)";
        let wait = async {
            let next_due = self.read_one(NEXT_DUE, args![], |mut row| row.int_or_null()).await;
            let next_due = next_due.ok().flatten().flatten().and_then(|ms| u64::try_from(ms).ok());
            self.wake.wait(next_due.map_or(at_most, |ms| Duration::from_millis(ms.max(1)))).await;
        };
        let _ = tokio::time::timeout(at_most, wait).await;
    }
}

/// A statement over many rows that no other such statement, and no receipt, runs beside: two of them that met the same
/// rows in another order would wait for each other.
struct Alone {
    sql: &'static str,
    args: Vec<Arg>,
}

#[async_trait]
impl Write for Alone {
    type Out = Vec<Row>;

    async fn run(&self, db: &mut dyn Session) -> Result<Vec<Row>, StoreError> {
        reserve(db, 0).await?;
        db.query(self.sql.into(), self.args.clone()).await
    }
}

/// The row of a fenced write; none means that the token is stale.
fn only(job: JobId, rows: Vec<Row>) -> Result<Row, StoreError> {
    rows.into_iter().next().ok_or(StoreError::Stale(job))
}

const RECORD: &str = "id, connection, ticket, reference, work, state, attempt, reason, created_at, run_at, updated_at";

/// Reads the columns of [`RECORD`].
fn read_record(mut row: Row) -> Result<JobRecord, StoreError> {
    Ok(JobRecord {
        id: JobId(row.int()?),
        ticket: read_ticket(&mut row)?,
        reference: row.text()?,
        work: row.json()?,
        state: row.word(JobState::parse)?,
        attempt: row.count()?,
        reason: row.text_or_null()?,
        created_at: row.int()?,
        run_at: row.int()?,
        updated_at: row.int()?,
    })
}

/// Stores a job with its asking, unless the key is known.
struct Enqueue(Request);

/// Stands for the delivery of a job that none asked for.
const NO_DELIVERY: i64 = 0;

#[async_trait]
impl Write for Enqueue {
    type Out = Option<JobId>;

    async fn run(&self, db: &mut dyn Session) -> Result<Option<JobId>, StoreError> {
        enqueue(db, &self.0).await
    }
}

/// Stores a job that may start at once; `None` when its key is known.
pub(super) async fn enqueue(db: &mut dyn Session, request: &Request) -> Result<Option<JobId>, StoreError> {
    const KNOWN: &str = "SELECT id FROM jobs WHERE connection = $1 AND ticket = $2 AND semantic_key = $3 \
                         UNION ALL SELECT delivery FROM askings \
                             WHERE connection = $1 AND ticket = $2 AND semantic_key = $3";
    let reserved = reserve(db, 1).await?;
    let asked = args![request.ticket.connection.as_str(), request.ticket.id.as_str(), request.semantic_key.as_str(),];
    if !db.query(KNOWN.into(), asked).await?.is_empty() {
        return Ok(None);
    }
    let row = job_row(reserved.job, NO_DELIVERY, request, request, reserved.now)?;
    rows::insert(db, "jobs", JOB_COLUMNS, vec![row]).await?;
    announce(db).await?;
    Ok(Some(JobId(reserved.job)))
}
