//! The outbox of exactly-once posting.
//!
//! In: immutable bodies, intents, what the tracker answered. Out: publications with their state. Every write of a job
//! presents its fence; a body never changes.

use std::time::Duration;

use async_trait::async_trait;

use super::{
    PublicationLog, StoreError,
    claims::{guard, read_ticket},
    engine::{Engine, Write},
    session::{Arg, Row, Session, args, broken},
    sql_store::{SqlStore, millis},
};
use crate::model::{
    CommentId, JobId, OperationId, PlanId, TicketKey,
    publication::{
        NewPublication, PostedComment, Publication,
        PublicationState::{self, Confirmed, Failed, Intended, Parked, Ready},
        Slot,
    },
};

const COLUMNS: &str = "operation, job, connection, ticket, slot, plan, body, marker, state, attempt, comment, \
                      url, intended_at, created_at, reason";

#[async_trait]
impl<E: Engine> PublicationLog for SqlStore<E> {
    async fn prepare(&self, new: NewPublication, fence: i64) -> Result<Publication, StoreError> {
        self.write(Prepare { new, fence }).await
    }

    async fn publication_of(&self, job: JobId) -> Result<Option<Publication>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM publications WHERE job = $1 AND slot <> 'document' ORDER BY slot, operation LIMIT 1"
        );
        self.read_one(sql, args![job.0], read).await
    }

    async fn intend(&self, operation: OperationId, fence: i64) -> Result<Publication, StoreError> {
        const SET: &str = "state = 'intended', attempt = attempt + 1, \
                           intended_at = coalesce(intended_at, (SELECT ms FROM clock)), empty_since = NULL";
        self.step(operation, fence, &[Ready, Intended], SET, args![]).await
    }

    async fn unsent(&self, operation: OperationId, fence: i64) -> Result<(), StoreError> {
        self.step(operation, fence, &[Intended, Ready], "state = 'ready'", args![]).await.map(drop)
    }

    async fn confirm(&self, operation: OperationId, fence: i64, comment: &PostedComment) -> Result<(), StoreError> {
        const SET: &str = "state = 'confirmed', comment = $2, url = $3, reason = NULL, \
                           confirmed_at = coalesce(confirmed_at, (SELECT ms FROM clock))";
        let args = args![comment.id.as_str(), comment.url.as_deref()];
        self.step(operation, fence, &[Intended, Ready, Confirmed], SET, args).await.map(drop)
    }

    async fn detach(&self, operation: OperationId, fence: i64) -> Result<(), StoreError> {
        self.step(operation, fence, &[Ready], "comment = NULL", args![]).await.map(drop)
    }

    async fn looked_empty(&self, operation: OperationId, fence: i64, apart: Duration) -> Result<Duration, StoreError> {
        self.write(LookedEmpty { operation, fence, apart }).await
    }

    async fn intent_age(&self, operation: OperationId) -> Result<Duration, StoreError> {
        const SQL: &str = "SELECT (SELECT ms FROM clock) - intended_at FROM publications WHERE operation = $1";
        let args = args![operation.to_string().as_str()];
        let age = self.read_one(SQL, args, |mut row| row.int_or_null()).await?.flatten();
        Ok(Duration::from_millis(age.map_or(0, |ms| u64::try_from(ms).unwrap_or(0))))
    }

    async fn give_up(&self, operation: OperationId, fence: i64, parked: bool, reason: &str) -> Result<(), StoreError> {
        let end = if parked { Parked } else { Failed };
        let args = args![end.as_str(), reason];
        self.step(operation, fence, &[Ready, Intended, end], "state = $2, reason = $3", args).await.map(drop)
    }

    async fn standing(&self, ticket: &TicketKey, slot: Slot) -> Result<Option<Publication>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM publications WHERE connection = $1 AND ticket = $2 AND slot = $3 AND state = 'confirmed' \
             ORDER BY confirmed_at DESC, job DESC LIMIT 1"
        );
        self.read_one(sql, args![ticket.connection.as_str(), ticket.id.as_str(), slot.as_str()], read).await
    }

    async fn due_second_looks(&self, after: Duration, limit: u32) -> Result<Vec<Publication>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM publications WHERE state = 'confirmed' AND looked_at IS NULL \
             AND confirmed_at <= (SELECT ms FROM clock) - $1 ORDER BY confirmed_at, job LIMIT $2"
        );
        self.read_all(sql, args![millis(after), limit], read).await
    }

    async fn looked_again(&self, operation: OperationId, comment: Option<&CommentId>) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE publications SET looked_at = (SELECT ms FROM clock), comment = coalesce($2, comment) \
                           WHERE operation = $1 AND state = 'confirmed' RETURNING job";
        let args = args![operation.to_string().as_str(), comment.map(CommentId::as_str)];
        match self.update(SQL, args).await?.is_empty() {
            true => Err(broken(format!("no confirmed publication {operation}"))),
            false => Ok(()),
        }
    }

    async fn publications(&self, limit: u32) -> Result<Vec<Publication>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM publications ORDER BY created_at DESC, job DESC LIMIT $1");
        self.read_all(sql, args![limit], read).await
    }
}

impl<E: Engine> SqlStore<E> {
    /// Takes a publication one step further, if it stands in one of the states `from`.
    async fn step(
        &self,
        operation: OperationId,
        fence: i64,
        from: &[PublicationState],
        set: &'static str,
        args: Vec<Arg>,
    ) -> Result<Publication, StoreError> {
        let mut all = args![operation.to_string().as_str()];
        all.extend(args);
        self.write(Step { operation, fence, from: from.to_vec(), set, args: all }).await
    }
}

/// Reads the columns of [`COLUMNS`].
fn read(mut row: Row) -> Result<Publication, StoreError> {
    Ok(Publication {
        operation: OperationId(row.uuid()?),
        job: JobId(row.int()?),
        ticket: read_ticket(&mut row)?,
        slot: row.word(Slot::parse)?,
        plan: row.text_or_null()?.map(|id| read_plan_id(&id)).transpose()?,
        body: row.text()?,
        marker: row.text()?,
        state: row.word(PublicationState::parse)?,
        attempt: row.count()?,
        comment: row.text_or_null()?.map(CommentId::new),
        url: row.text_or_null()?,
        intended_at: row.int_or_null()?,
        created_at: row.int()?,
        reason: row.text_or_null()?,
    })
}

fn read_plan_id(text: &str) -> Result<PlanId, StoreError> {
    uuid::Uuid::parse_str(text).map(PlanId).map_err(|_| broken(format!("not a plan id: {text:?}")))
}

/// Stores a publication, or returns the one that the job stored in this slot before.
struct Prepare {
    new: NewPublication,
    fence: i64,
}

#[async_trait]
impl Write for Prepare {
    type Out = Publication;

    async fn run(&self, db: &mut dyn Session) -> Result<Publication, StoreError> {
        const INSERT: &str = "INSERT INTO publications (operation, job, connection, ticket, slot, plan, body, marker, \
                              comment, state, attempt, created_at) \
                              SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 'ready', 0, ms FROM clock WHERE true \
                              ON CONFLICT (job, slot) DO NOTHING";
        let new = &self.new;
        guard(db, new.job, self.fence).await?;
        let args = args![
            new.operation.to_string().as_str(),
            new.job.0,
            new.ticket.connection.as_str(),
            new.ticket.id.as_str(),
            new.slot.as_str(),
            new.plan.map(|plan| plan.to_string()).as_deref(),
            new.body.as_str(),
            new.marker.as_str(),
            new.comment.as_ref().map(CommentId::as_str),
        ];
        db.query(INSERT.into(), args).await?;
        let sql = format!("SELECT {COLUMNS} FROM publications WHERE job = $1 AND slot = $2");
        let stored = db.query(sql.into(), args![new.job.0, new.slot.as_str()]).await?;
        read(stored.into_iter().next().ok_or_else(|| broken("the publication was not stored"))?)
    }
}

/// One step of a stored publication.
struct Step {
    operation: OperationId,
    fence: i64,
    /// The states that it may stand in before.
    from: Vec<PublicationState>,
    /// What is set; `$1` is the operation.
    set: &'static str,
    args: Vec<Arg>,
}

#[async_trait]
impl Write for Step {
    type Out = Publication;

    async fn run(&self, db: &mut dyn Session) -> Result<Publication, StoreError> {
        let operation = self.operation.to_string();
        owned(db, &operation, self.fence).await?;
        let allowed: Vec<String> = self.from.iter().map(|state| format!("'{}'", state.as_str())).collect();
        let sql = format!(
            "UPDATE publications SET {} WHERE operation = $1 AND state IN ({}) RETURNING {COLUMNS}",
            self.set,
            allowed.join(", "),
        );
        let stepped = db.query(sql.into(), self.args.clone()).await?.into_iter().next();
        read(stepped.ok_or_else(|| broken(format!("publication {operation} is past this step")))?)
    }
}

/// An empty listing after an unknown effect.
struct LookedEmpty {
    operation: OperationId,
    fence: i64,
    apart: Duration,
}

#[async_trait]
impl Write for LookedEmpty {
    type Out = Duration;

    async fn run(&self, db: &mut dyn Session) -> Result<Duration, StoreError> {
        const NOW: &str = "SELECT ms FROM clock";
        const LOOK: &str = "UPDATE publications SET empty_since = coalesce(empty_since, $2) \
                            WHERE operation = $1 AND state = 'intended' RETURNING empty_since";
        let operation = self.operation.to_string();
        owned(db, &operation, self.fence).await?;
        // the first listing starts the whole gap: both of its times are one reading of the clock
        let now = db.query(NOW.into(), args![]).await?.first_mut().map_or(Ok(0), Row::int)?;
        let looked = db.query(LOOK.into(), args![operation.as_str(), now]).await?.into_iter().next();
        let mut row = looked.ok_or_else(|| broken(format!("publication {operation} has no intent")))?;
        let passed = Duration::from_millis(u64::try_from(now - row.int()?).unwrap_or(0));
        Ok(self.apart.saturating_sub(passed))
    }
}

/// Checks that the publication's job runs under this fence.
async fn owned(db: &mut dyn Session, operation: &str, fence: i64) -> Result<(), StoreError> {
    let owner = "SELECT job FROM publications WHERE operation = $1";
    let owner = db.query(owner.into(), args![operation]).await?.into_iter().next();
    let job = JobId(owner.ok_or_else(|| broken(format!("no publication {operation}")))?.int()?);
    guard(db, job, fence).await
}
