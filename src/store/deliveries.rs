//! The log of deliveries: reading it, and forgetting what is old.
//!
//! In: ids, ages. Out: delivery records. Storing is `receive`'s part.

use std::{collections::HashSet, time::Duration};

use async_trait::async_trait;

use super::{
    DeliveryLog, StoreError,
    bodies::{self, Place},
    engine::{Engine, Write},
    receive::{ASKING_COLUMNS, MOST_GROUPED, reserve},
    rows::{self, MOST_ROWS, placeholder},
    session::{Arg, Dialect, Row, Session, args, broken, clean},
    sql_store::{SqlStore, millis},
};
use crate::model::{
    ConnectionName, DeliveryId, JobId, TicketId, TicketKey,
    delivery::{Accepted, Decision, DeliveryRecord, Receipt, Received},
};

/// How many deliveries or jobs one transaction forgets, so that receipts never wait long behind it.
const PURGED_AT_ONCE: i64 = 500;

#[async_trait]
impl<E: Engine> DeliveryLog for SqlStore<E> {
    async fn receive(&self, receipt: Receipt) -> Result<Received, StoreError> {
        self.receipts.receive(clean_receipt(receipt)?).await
    }

    async fn accept(&self, receipt: Receipt) -> Result<Accepted, StoreError> {
        self.receipts.accept(clean_receipt(receipt)?).await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<DeliveryRecord>, StoreError> {
        const SQL: &str = "SELECT d.id, d.connection, d.guid, d.event, d.received_at, d.decision, d.ticket, d.job, \
                           b.together, CASE b.together WHEN 1 THEN b.bytes ELSE \
                               substr(b.bytes, CAST(d.body_at + 1 AS INTEGER), CAST(d.body_length AS INTEGER)) END, \
                           d.body_at, d.body_length FROM deliveries d LEFT JOIN bodies b ON d.body_at IS NOT NULL \
                               AND b.first = (SELECT max(first) FROM bodies WHERE first <= d.id) WHERE d.id = $1";
        self.read_one(SQL, args![id.0], |mut row| {
            let mut record = read(&mut row)?;
            let together = row.int_or_null()?;
            if let Some((together, bytes)) = together.zip(row.blob_or_null()?) {
                record.body =
                    Some(bodies::unpack(&bytes, together == 1, Place { at: row.count()?, length: row.count()? })?);
            }
            Ok(record)
        })
        .await
    }

    async fn deliveries(&self, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError> {
        const SQL: &str = "SELECT id, connection, guid, event, received_at, decision, ticket, job \
                           FROM deliveries ORDER BY id DESC LIMIT $1";
        self.receipts.settle().await;
        self.read_all(SQL, args![limit], |mut row| read(&mut row)).await
    }

    async fn known_guids(&self, connection: &ConnectionName, guids: &[String]) -> Result<Vec<String>, StoreError> {
        self.receipts.settle().await;
        let mut known = HashSet::new();
        for group in guids.chunks(MOST_ROWS) {
            // the same placeholders serve both engines here: SQLite knows `$1` too
            let places: Vec<_> = (1..=group.len()).map(|at| placeholder(Dialect::Postgres, at)).collect();
            let sql = format!("SELECT guid FROM deliveries WHERE connection = $1 AND guid IN ({})", places.join(", "));
            let mut args = args![connection.as_str()];
            args.extend(group.iter().map(|guid| Arg::from(guid.as_str())));
            known.extend(self.read_all(sql, args, |mut row| row.text()).await?);
        }
        Ok(guids.iter().filter(|guid| known.contains(&*clean(guid))).cloned().collect())
    }

    async fn purge(&self, age: Duration) -> Result<u64, StoreError> {
        const NEXT: &str = "SELECT max(id), max(received_at) - (SELECT ms FROM clock) + $1 FROM \
                            (SELECT id, received_at FROM deliveries WHERE id > $2 ORDER BY id LIMIT $3) AS next";
        let age = millis(age);
        let (mut after, mut gone) = (0, 0);
        loop {
            let next = |mut row: Row| Ok((row.int_or_null()?, row.int_or_null()?));
            let Some((Some(last), Some(older))) = self.read_one(NEXT, args![age, after, PURGED_AT_ONCE], next).await?
            else {
                break;
            };
            gone += self.write(ForgetDeliveries { after, last, age }).await?;
            if older >= 0 {
                break;
            }
            after = last;
        }
        while self.write(ForgetJobs { age }).await? {}
        Ok(gone)
    }
}

/// Replaces U+0000 in everything that becomes a column of its own, so that maps and rows agree. Refuses a receipt that
/// asks for a ticket of another connection.
fn clean_receipt(mut receipt: Receipt) -> Result<Receipt, StoreError> {
    if matches!(&receipt.decision, Decision::Run(request) if request.ticket.connection != receipt.connection) {
        return Err(broken("a delivery asks for a ticket of another connection"));
    }
    fn tidy(text: &mut String) {
        if text.contains('\0') {
            *text = clean(text).into_owned();
        }
    }
    tidy(&mut receipt.guid);
    tidy(&mut receipt.event);
    receipt.connection = ConnectionName::new(clean(receipt.connection.as_str()));
    if let Decision::Run(request) = &mut receipt.decision {
        tidy(&mut request.semantic_key);
        tidy(&mut request.asked_by);
        tidy(&mut request.reference);
        let id = TicketId::new(clean(request.ticket.id.as_str()));
        request.ticket = TicketKey::new(ConnectionName::new(clean(request.ticket.connection.as_str())), id);
    }
    Ok(receipt)
}

/// Reads all but the body.
fn read(row: &mut Row) -> Result<DeliveryRecord, StoreError> {
    let id = DeliveryId(row.int()?);
    let connection = ConnectionName::new(row.text()?);
    Ok(DeliveryRecord {
        id,
        guid: row.text()?,
        event: row.text()?,
        received_at: row.int()?,
        decision: row.json()?,
        ticket: row.text_or_null()?.map(|ticket| TicketKey::new(connection.clone(), TicketId::new(ticket))),
        job: row.int_or_null()?.map(JobId),
        connection,
        body: None,
    })
}

/// Forgets the deliveries of a range of numbers that are older than `age` and whose job, if any, has ended.
struct ForgetDeliveries {
    after: i64,
    last: i64,
    age: i64,
}

#[async_trait]
impl Write for ForgetDeliveries {
    type Out = u64;

    async fn run(&self, db: &mut dyn Session) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM deliveries WHERE id > $1 AND id <= $2 \
                           AND received_at < (SELECT ms FROM clock) - $3 \
                           AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = deliveries.job \
                               AND jobs.state IN ('queued', 'running')) RETURNING id";
        // a commit's bodies go with the last of its deliveries; the first of them may lie a group's length before
        const BODIES: &str = "DELETE FROM bodies WHERE first > $1 AND first <= $2 AND NOT EXISTS \
                              (SELECT 1 FROM deliveries d WHERE d.id >= bodies.first AND d.id <= bodies.last)";
        let gone = db.query(SQL.into(), args![self.after, self.last, self.age]).await?;
        db.query(BODIES.into(), args![self.after - MOST_GROUPED as i64, self.last]).await?;
        Ok(gone.len() as u64)
    }
}

/// Forgets some jobs that ended more than `age` ago, with their replies, and keeps what was asked; returns whether there
/// were any.
struct ForgetJobs {
    age: i64,
}

#[async_trait]
impl Write for ForgetJobs {
    type Out = bool;

    async fn run(&self, db: &mut dyn Session) -> Result<bool, StoreError> {
        const JOBS: &str = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs \
                            WHERE state IN ('done', 'dead', 'cancelled') \
                            AND updated_at < (SELECT ms FROM clock) - $1 LIMIT $2) \
                            RETURNING id, connection, ticket, semantic_key, asked_by, created_at, asked_in";
        const REPLY: &str = "DELETE FROM publications WHERE job = $1 AND slot = 'reply'";
        reserve(db, 0).await?;
        let mut jobs = db.query(JOBS.into(), args![self.age, PURGED_AT_ONCE]).await?;
        let mut askings = Vec::with_capacity(jobs.len());
        for job in &mut jobs {
            db.query(REPLY.into(), args![job.int()?]).await?;
            let [connection, ticket, key, person] = [job.text()?, job.text()?, job.text()?, job.text()?];
            askings.push(args![connection, ticket, key, person, job.int()?, job.int()?]);
        }
        rows::insert(db, "askings", ASKING_COLUMNS, askings).await?;
        Ok(!jobs.is_empty())
    }
}
