//! Who may work on a job: claims, and the guard that every write of a claimed job passes.
//!
//! In: an owner and a lease, or a fence. Out: a job under a new fence, or `Stale`. Never gives out two jobs of one
//! ticket.

use async_trait::async_trait;

use super::{
    StoreError,
    engine::Write,
    session::{Dialect, Row, Session, args},
};
use crate::model::{ConnectionName, JobId, TicketId, TicketKey, job::ClaimedJob};

/// How many candidates a claim tries, each in a transaction of its own, before it says that there is nothing for now.
pub(super) const CANDIDATES: usize = 16;

/// Checks that a job still runs under this fence, and on PostgreSQL holds it so until the commit.
pub(super) async fn guard(db: &mut dyn Session, job: JobId, fence: i64) -> Result<(), StoreError> {
    let sql = match db.dialect() {
        Dialect::Sqlite => "SELECT id FROM jobs WHERE id = $1 AND fence = $2 AND state = 'running'",
        Dialect::Postgres => "SELECT id FROM jobs WHERE id = $1 AND fence = $2 AND state = 'running' FOR UPDATE",
    };
    match db.query(sql.into(), args![job.0, fence]).await?.is_empty() {
        true => Err(StoreError::Stale(job)),
        false => Ok(()),
    }
}

/// Takes the oldest due job whose ticket is free, or passes where another replica was faster. What was begun goes before
/// what waits for its first turn: an answer on its way does not queue again behind a backlog. A transaction looks at one
/// candidate only: two that held several tickets could wait for each other.
#[derive(Clone)]
pub(super) struct Claim {
    pub owner: String,
    /// Milliseconds.
    pub lease: i64,
}

#[async_trait]
impl Write for Claim {
    type Out = Claimed;

    async fn run(&self, db: &mut dyn Session) -> Result<Claimed, StoreError> {
        const TAKE: &str = "UPDATE jobs SET state = 'running', attempt = attempt + 1, fence = fence + 1, owner = $1, \
                            lease_until = (SELECT ms FROM clock) + $2, updated_at = (SELECT ms FROM clock) \
                            WHERE id = $3 AND NOT EXISTS (SELECT 1 FROM jobs r WHERE r.connection = jobs.connection \
                                AND r.ticket = jobs.ticket AND r.state = 'running') \
                            RETURNING id, connection, ticket, reference, work, attempt, fence, lease_until, created_at";
        let mut found = db.query(candidate(db.dialect(), true).into(), args![]).await?;
        if found.is_empty() {
            found = db.query(candidate(db.dialect(), false).into(), args![]).await?;
        }
        let Some(mut candidate) = found.into_iter().next() else {
            return Ok(Claimed::Nothing);
        };
        let id = candidate.int()?;
        if db.dialect() == Dialect::Postgres {
            lock_ticket(db, &read_ticket(&mut candidate)?).await?;
        }
        match db.query(TAKE.into(), args![self.owner.as_str(), self.lease, id]).await?.into_iter().next() {
            Some(row) => read_claim(row).map(|job| Claimed::Job(Box::new(job))),
            None => Ok(Claimed::Passed),
        }
    }
}

/// What one look at the queue gave.
pub(super) enum Claimed {
    Job(Box<ClaimedJob>),
    /// The candidate's ticket was taken meanwhile: another may be free.
    Passed,
    Nothing,
}

/// The oldest due job whose ticket has none running, passing over those that other replicas look at right now: among
/// those that were begun before, or among all.
fn candidate(dialect: Dialect, begun: bool) -> String {
    let begun = if begun { "AND j.fence > 0 " } else { "" };
    let lock = match dialect {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE OF j SKIP LOCKED",
    };
    format!(
        "SELECT j.id, j.connection, j.ticket FROM jobs j \
         WHERE j.state = 'queued' {begun}AND j.run_at <= (SELECT ms FROM clock) \
         AND NOT EXISTS (SELECT 1 FROM jobs r WHERE r.connection = j.connection \
             AND r.ticket = j.ticket AND r.state = 'running') ORDER BY j.run_at, j.id LIMIT 1{lock}"
    )
}

/// Lets one claim of a ticket follow the other: two replicas that skip each other's rows would both see none running.
async fn lock_ticket(db: &mut dyn Session, ticket: &TicketKey) -> Result<(), StoreError> {
    const SQL: &str = "SELECT 1::bigint FROM pg_advisory_xact_lock(hashtextextended($1, 0))";
    db.query(SQL.into(), args![ticket.to_string().as_str()]).await.map(drop)
}

fn read_claim(mut row: Row) -> Result<ClaimedJob, StoreError> {
    Ok(ClaimedJob {
        id: JobId(row.int()?),
        ticket: read_ticket(&mut row)?,
        reference: row.text()?,
        work: row.json()?,
        attempt: row.count()?,
        fence: row.int()?,
        lease_until: row.int()?,
        created_at: row.int()?,
    })
}

/// Reads the columns `connection, ticket`.
pub(super) fn read_ticket(row: &mut Row) -> Result<TicketKey, StoreError> {
    Ok(TicketKey::new(ConnectionName::new(row.text()?), TicketId::new(row.text()?)))
}
