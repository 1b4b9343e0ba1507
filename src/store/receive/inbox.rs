//! The inbox: what keeps up with a burst of deliveries.
//!
//! In: receipts that came together in a burst. Out: one durable row that holds all of them with their decisions, and later
//! the same receipts again, in their order, to be stored with their jobs. A row goes in the transaction that stores its
//! receipts, so each is stored once, whatever dies in between.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::super::{
    StoreError,
    bodies::{self, Packed, Place},
    engine::Write,
    session::{Arg, Row, Session, args, broken},
};
use crate::model::{
    ConnectionName,
    delivery::{Decision, Receipt},
};

/// A receipt without its body, as a row holds it.
#[derive(Serialize, Deserialize)]
struct Head {
    connection: ConnectionName,
    guid: String,
    event: String,
    decision: Decision,
    /// Where its body lies among the row's bodies.
    body: Option<Place>,
}

/// Receipts of one commit on their way into the inbox.
pub(super) struct Keep {
    count: usize,
    heads: Vec<u8>,
    bodies: Packed,
}

impl Keep {
    /// Packs receipts.
    pub fn of(receipts: Vec<Receipt>) -> Result<Self, StoreError> {
        let bodies = bodies::pack(&receipts.iter().map(|receipt| receipt.body.as_ref()).collect::<Vec<_>>());
        let head = |(receipt, place): (Receipt, &Option<Place>)| Head {
            connection: receipt.connection,
            guid: receipt.guid,
            event: receipt.event,
            decision: receipt.decision,
            body: *place,
        };
        let count = receipts.len();
        let heads: Vec<Head> = receipts.into_iter().zip(&bodies.places).map(head).collect();
        let json = serde_json::to_vec(&heads).map_err(|error| broken(error.to_string()))?;
        Ok(Self { count, heads: bodies::packed(&json), bodies })
    }
}

#[async_trait]
impl Write for Keep {
    type Out = ();

    async fn run(&self, db: &mut dyn Session) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO inbox (kept_at, receipts, heads, together, bodies) \
                           VALUES ((SELECT ms FROM clock), ?, ?, ?, ?)";
        let mut row = args![self.count as i64];
        row.push(Arg::Blob(self.heads.clone()));
        row.extend(args![i64::from(self.bodies.together)]);
        row.push(Arg::Blob(self.bodies.bytes.clone()));
        db.run(SQL.into(), row).await
    }

    fn is_one_statement(&self) -> bool {
        true
    }
}

/// A row of the inbox, read again.
pub(super) struct Kept {
    pub row: i64,
    /// Milliseconds since 1970, by the database's clock.
    pub at: i64,
    /// How many receipts it says it holds.
    pub count: u64,
    /// The receipts without their bodies; an error where the row is damaged.
    pub receipts: Result<Arc<[Receipt]>, StoreError>,
    /// The bodies of the receipts, a place for each.
    pub bodies: Packed,
}

impl Kept {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        let (id, at, count) = (row.int()?, row.int()?, row.count()?);
        let heads = row.blob_or_null()?.unwrap_or_default();
        let together = row.int()? == 1;
        let bytes = row.blob_or_null()?.unwrap_or_default();
        let heads: Result<Vec<Head>, StoreError> = bodies::unpacked(&heads)
            .and_then(|json| serde_json::from_slice(&json).map_err(|_| broken("a row of the inbox is damaged")));
        let places = heads.iter().flatten().map(|head| head.body).collect();
        let receipts = heads.map(|heads| heads.into_iter().map(Receipt::from).collect());
        Ok(Self { row: id, at, count, receipts, bodies: Packed { together, bytes, places } })
    }
}

impl From<Head> for Receipt {
    fn from(head: Head) -> Self {
        let Head { connection, guid, event, decision, body: _ } = head;
        Self { connection, guid, event, body: None, decision }
    }
}

/// The oldest rows of the inbox that are not held back: one at least, and no more once they hold `receipts`.
pub(super) struct Oldest {
    pub receipts: usize,
}

/// How many rows are read together at most.
const MOST_READ: i64 = 8;

#[async_trait]
impl Write for Oldest {
    type Out = Vec<Kept>;

    async fn run(&self, db: &mut dyn Session) -> Result<Vec<Kept>, StoreError> {
        const SQL: &str = "WITH oldest AS (SELECT id, receipts FROM inbox WHERE held = 0 ORDER BY id LIMIT ?), \
                           counted AS (SELECT id, sum(receipts) OVER (ORDER BY id) - receipts AS before FROM oldest) \
                           SELECT id, kept_at, receipts, heads, together, bodies FROM counted JOIN inbox USING (id) \
                           WHERE before < ? ORDER BY id";
        let rows = db.query(SQL.into(), args![MOST_READ, self.receipts as i64]).await?;
        rows.into_iter().map(Kept::read).collect()
    }
}

/// Takes a row out of the inbox whose receipts are stored.
pub(super) async fn take_out(db: &mut dyn Session, row: i64) -> Result<(), StoreError> {
    db.run("DELETE FROM inbox WHERE id = ?".into(), args![row]).await
}

/// Holds a row back for people to look at.
pub(super) struct HoldBack(pub i64);

#[async_trait]
impl Write for HoldBack {
    type Out = ();

    async fn run(&self, db: &mut dyn Session) -> Result<(), StoreError> {
        db.run("UPDATE inbox SET held = 1 WHERE id = ?".into(), args![self.0]).await
    }
}
