//! What the shared store asks of an engine.
//!
//! In: reads, and writes that may run again from their start. Out: rows, and what a write returned once it was durable.

use std::{borrow::Cow, time::Duration};

use async_trait::async_trait;

use super::{
    StoreError,
    session::{Arg, Row, Session, broken},
};

/// The longest that a caller waits for the store, queueing included: GitHub waits 10 seconds for an answer.
pub(super) const DEADLINE: Duration = Duration::from_secs(8);

/// One write: all of its statements in one transaction.
///
/// A write refuses (`Stale`) before it changes anything: SQLite commits it together with others, and any other error
/// takes the whole group apart.
#[async_trait]
pub(super) trait Write: Send + Sync + 'static {
    type Out: Send + 'static;
    /// Runs inside a transaction; may be run again after that one was rolled back.
    async fn run(&self, db: &mut dyn Session) -> Result<Self::Out, StoreError>;
    /// Is it one statement? Then it is a transaction by itself, where it need not share one.
    fn is_one_statement(&self) -> bool {
        false
    }
}

/// The answer of an engine that only reads.
pub(super) fn refuse_write<T>() -> Result<T, StoreError> {
    Err(broken("the store was opened for reading"))
}

/// A database with its connections.
#[async_trait]
pub(super) trait Engine: Send + Sync + 'static {
    /// Is this process alone with the database, so that receipts of a burst may lie in its inbox for a while?
    const HAS_INBOX: bool;
    /// Runs one reading statement.
    async fn read(&self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<Vec<Row>, StoreError>;
    /// Runs a write and returns when its commit is durable.
    async fn write<W: Write>(&self, write: W) -> Result<W::Out, StoreError>;
    /// Waits for writes under way and closes the connections.
    async fn close(&self);
}
