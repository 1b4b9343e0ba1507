//! Storing receipts: what each one becomes, and the rows that it leaves.
//!
//! In: receipts that waited together, and what the database knows of them. Out: one `Received` for each, in order.
//! The rules are decided in memory; the statements before and after only fetch and store.

mod decided;
mod gather;
mod inbox;
mod known;
mod queue;
mod rush;
mod task;
mod told;
mod unpack;

pub(super) use gather::MOST_GROUPED;
pub(super) use queue::Queue;

use std::{borrow::Cow, sync::Arc};

use async_trait::async_trait;

use decided::{Asking, Decided, Joined, NewRow, ticket_of};
use inbox::Kept;
use known::Known;

use super::{
    CHANNEL, Caps, StoreError,
    bodies::{self, Packed, Place},
    engine::Write,
    rows::{self, MOST_ROWS, placeholder},
    session::{Arg, Dialect, Row, Session, Statement, args, to_json},
};
use crate::model::delivery::{Body, Decision, Receipt, Received, Request};

/// How often a receipt is decided anew when a worker takes the waiting job that it was to join.
const TRIES: usize = 5;

/// Stores receipts in one transaction.
struct Receive {
    receipts: Arc<[Receipt]>,
    caps: Caps,
    /// The row of the inbox that the receipts lie in, with their bodies and their time.
    kept: Option<Arc<Kept>>,
}

#[async_trait]
impl Write for Receive {
    type Out = Vec<Received>;

    async fn run(&self, db: &mut dyn Session) -> Result<Vec<Received>, StoreError> {
        let (reserved, mut known) = begin(db, &self.receipts, self.caps).await?;
        for attempt in 0..TRIES {
            if attempt > 0 {
                known = known::look_up(db, &self.receipts, self.caps).await?;
            }
            let mut decided = Decided::new(self.caps, reserved);
            let outcomes: Vec<Received> =
                self.receipts.iter().zip(&known).map(|(receipt, known)| decided.take(receipt, known)).collect();
            if join_waiting(db, &self.receipts, &decided.joined, reserved.now).await? {
                self.store(db, &outcomes, &decided, reserved).await?;
                return Ok(outcomes);
            }
        }
        Err(StoreError::Unavailable("the ticket's waiting job kept changing".into()))
    }
}

/// Numbers set aside for a transaction, and its time.
#[derive(Clone, Copy)]
pub(super) struct Reserved {
    /// The first delivery number.
    pub delivery: i64,
    /// The first job number.
    pub job: i64,
    /// Milliseconds since 1970, by the database's clock.
    pub now: i64,
}

/// Sets `count` numbers of each kind aside. Holds the one row of `sequence` until the commit, so that receipts and new
/// jobs of all replicas go one transaction after the other; numbers are never given out twice.
pub(super) async fn reserve(db: &mut dyn Session, count: usize) -> Result<Reserved, StoreError> {
    let (sql, args) = reservation(db.dialect(), count);
    reserved(db.query(sql, args).await?, count)
}

/// Sets numbers aside for receipts, and looks up what is known of them.
async fn begin(db: &mut dyn Session, receipts: &[Receipt], caps: Caps) -> Result<(Reserved, Vec<Known>), StoreError> {
    let (first, rest) = receipts.split_at(receipts.len().min(MOST_ROWS));
    let reservation = reservation(db.dialect(), receipts.len());
    let (numbers, rows) = db.query_both(reservation, known::question(db.dialect(), first, caps)).await?;
    let mut known = known::answer(rows, first.len())?;
    known.extend(known::look_up(db, rest, caps).await?);
    Ok((reserved(numbers, receipts.len())?, known))
}

/// The statement that sets numbers aside.
fn reservation(dialect: Dialect, count: usize) -> Statement {
    let (delivery, job) = (placeholder(dialect, 0), placeholder(dialect, 1));
    let sql = format!(
        "UPDATE sequence SET delivery = delivery + {delivery}, job = job + {job} \
         RETURNING delivery, job, (SELECT ms FROM clock)"
    );
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    (sql.into(), args![count, count])
}

/// Reads what was set aside.
fn reserved(mut rows: Vec<Row>, count: usize) -> Result<Reserved, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let row = rows.first_mut().ok_or_else(|| StoreError::Broken("the sequence row is missing".into()))?;
    Ok(Reserved { delivery: row.int()? - count + 1, job: row.int()? - count + 1, now: row.int()? })
}

impl Receive {
    /// Writes the rows of everything decided.
    async fn store(
        &self,
        db: &mut dyn Session,
        outcomes: &[Received],
        decided: &Decided<'_>,
        reserved: Reserved,
    ) -> Result<(), StoreError> {
        let receipts = &*self.receipts;
        let now = self.kept.as_ref().map_or(reserved.now, |kept| kept.at);
        let packed = match &self.kept {
            Some(kept) => Cow::Borrowed(&kept.bodies),
            None => Cow::Owned(bodies::pack(&fresh_bodies(receipts, outcomes))),
        };
        let mut deliveries = Vec::with_capacity(receipts.len());
        for ((receipt, outcome), place) in receipts.iter().zip(outcomes).zip(&packed.places) {
            deliveries.extend(delivery_row(receipt, outcome, now, *place)?);
        }
        let jobs = decided.jobs.iter().map(|new| new_job_row(new, receipts, now)).collect::<Result<_, _>>()?;
        let askings = decided.askings.iter().filter_map(|asking| asking_row(asking, receipts, now)).collect();
        let last = reserved.delivery + receipts.len() as i64 - 1;
        let bodies = (!deliveries.is_empty()).then(|| bodies_row(reserved.delivery, last, packed.into_owned()));
        rows::insert(db, "deliveries", DELIVERY_COLUMNS, deliveries).await?;
        rows::insert(db, "bodies", "first, last, together, bytes", bodies.flatten().into_iter().collect()).await?;
        rows::insert(db, "jobs", JOB_COLUMNS, jobs).await?;
        rows::insert(db, "askings", ASKING_COLUMNS, askings).await?;
        revive(db, &decided.revived, now).await?;
        if let Some(kept) = &self.kept {
            inbox::take_out(db, kept.row).await?;
        }
        if decided.jobs.is_empty() && decided.revived.is_empty() { Ok(()) } else { announce(db).await }
    }
}

/// The bodies of the receipts that are new.
fn fresh_bodies<'r>(receipts: &'r [Receipt], outcomes: &[Received]) -> Vec<Option<&'r Body>> {
    let body = |(receipt, outcome): (&'r Receipt, &Received)| match outcome {
        Received::Repeated { .. } => None,
        _ => receipt.body.as_ref(),
    };
    receipts.iter().zip(outcomes).map(body).collect()
}

/// The row of the bodies of deliveries with these numbers, if there are bodies.
fn bodies_row(first: i64, last: i64, packed: Packed) -> Option<Vec<Arg>> {
    packed.places.iter().flatten().next()?;
    let mut row = args![first, last, i64::from(packed.together)];
    row.push(Arg::Blob(packed.bytes));
    Some(row)
}

const DELIVERY_COLUMNS: &str = "id, connection, guid, event, received_at, decision, ticket, job, body_at, body_length";
/// The columns of [`job_row`]; the others have defaults.
pub(super) const JOB_COLUMNS: &str = "id, connection, ticket, semantic_key, asked_by, asked_in, reference, kind, work, \
                                      created_at, run_at, updated_at";
/// The columns of an asking without a job of its own.
pub(super) const ASKING_COLUMNS: &str = "connection, ticket, semantic_key, asked_by, asked_at, delivery";

/// The delivery's row; nothing for a repetition.
fn delivery_row(
    receipt: &Receipt,
    outcome: &Received,
    now: i64,
    place: Option<Place>,
) -> Result<Option<Vec<Arg>>, StoreError> {
    let (delivery, job, skipped) = match outcome {
        Received::Repeated { .. } => return Ok(None),
        Received::Stored { delivery, job } => (delivery, job.map(|job| job.0), None),
        Received::Coalesced { delivery, job } => (delivery, Some(job.0), None),
        Received::Skipped { delivery, reason } => (delivery, None, Some(Decision::Skip(reason.clone()))),
    };
    let ticket = request_of(receipt).map(|request| request.ticket.id.as_str());
    let decision = to_json(skipped.as_ref().unwrap_or(&receipt.decision))?;
    Ok(Some(args![
        delivery.0,
        receipt.connection.as_str(),
        receipt.guid.as_str(),
        receipt.event.as_str(),
        now,
        decision,
        ticket,
        job,
        place.map(|place| place.at as i64),
        place.map(|place| place.length as i64),
    ]))
}

fn request_of(receipt: &Receipt) -> Option<&Request> {
    match &receipt.decision {
        Decision::Run(request) => Some(request),
        Decision::Skip(_) => None,
    }
}

/// The asking of a request that joined a job.
fn asking_row(asking: &Asking, receipts: &[Receipt], now: i64) -> Option<Vec<Arg>> {
    let request = request_of(&receipts[asking.receipt])?;
    let (connection, ticket) = ticket_of(request);
    let (key, person) = (request.semantic_key.as_str(), request.asked_by.as_str());
    Some(args![connection, ticket, key, person, now, asking.delivery])
}

/// The row of a job: asked for by its first request, with the work of its newest.
fn new_job_row(new: &NewRow, receipts: &[Receipt], now: i64) -> Result<Vec<Arg>, StoreError> {
    let requests = request_of(&receipts[new.first]).zip(request_of(&receipts[new.receipt]));
    let (first, newest) = requests.ok_or_else(|| StoreError::Broken("a skip makes no job".into()))?;
    job_row(new.job, new.delivery, first, newest, now)
}

/// The row of a new job that may start at once; `delivery` is 0 where none asked for it.
pub(super) fn job_row(
    id: i64,
    delivery: i64,
    first: &Request,
    newest: &Request,
    now: i64,
) -> Result<Vec<Arg>, StoreError> {
    let (connection, ticket) = ticket_of(first);
    Ok(args![
        id,
        connection,
        ticket,
        first.semantic_key.as_str(),
        first.asked_by.as_str(),
        delivery,
        newest.reference.as_str(),
        newest.work.kind(),
        to_json(&newest.work)?,
        now,
        now,
        now,
    ])
}

/// Replaces the work of waiting jobs; `false` when a worker has taken one since it was looked up.
async fn join_waiting(
    db: &mut dyn Session,
    receipts: &[Receipt],
    joined: &[Joined],
    now: i64,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE jobs SET work = $1, reference = $2, updated_at = $3 \
                       WHERE id = $4 AND fence = $5 AND state = 'queued' RETURNING id";
    for Joined { job, fence, receipt } in joined {
        let Some(request) = request_of(&receipts[*receipt]) else { continue };
        let work = to_json(&request.work)?;
        let rows = db.query(SQL.into(), args![work, request.reference.as_str(), now, *job, *fence]).await?;
        if rows.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tells other replicas, at the commit, that there is work.
pub(super) async fn announce(db: &mut dyn Session) -> Result<(), StoreError> {
    match db.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => db.query("SELECT 1::bigint FROM pg_notify($1, '')".into(), args![CHANNEL]).await.map(drop),
    }
}

/// Queues dead jobs again with their attempts forgotten. What an earlier life failed to publish may be published now;
/// a publication whose effect stayed unknown is reconciled again before anything is sent.
async fn revive(db: &mut dyn Session, jobs: &[i64], now: i64) -> Result<(), StoreError> {
    const JOB: &str = "UPDATE jobs SET state = 'queued', attempt = 0, reason = NULL, run_at = $1, updated_at = $1 \
                       WHERE id = $2 AND state = 'dead'";
    const PUBLICATION: &str = "UPDATE publications SET reason = NULL, \
                               state = CASE state WHEN 'failed' THEN 'ready' ELSE 'intended' END \
                               WHERE job = $1 AND state IN ('failed', 'parked')";
    for job in jobs {
        db.run(JOB.into(), args![now, *job]).await?;
        db.run(PUBLICATION.into(), args![*job]).await?;
    }
    Ok(())
}
