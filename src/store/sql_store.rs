//! The store over either engine: the ports are implemented once, in the files named after their nouns.
//!
//! In: an opened engine. Out: the four ports. Never waits longer than the deadline.

use std::{borrow::Cow, future::Future, sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    Caps, Store, StoreError,
    engine::{DEADLINE, Engine, Write},
    receive::Queue,
    session::{Arg, Row, Session, args},
    wake::Wake,
};

/// A store on an engine.
pub(super) struct SqlStore<E> {
    engine: Arc<E>,
    pub(super) receipts: Queue,
    pub(super) wake: Arc<Wake>,
}

impl<E: Engine> SqlStore<E> {
    /// Starts the store's own tasks on an engine that is migrated and ready.
    pub fn start(engine: E, caps: Caps, wake: Arc<Wake>) -> Self {
        let engine = Arc::new(engine);
        let receipts = Queue::start(Arc::clone(&engine), caps, Arc::clone(&wake));
        Self { engine, receipts, wake }
    }

    /// Runs one reading statement.
    pub async fn read(&self, sql: impl Into<Cow<'static, str>>, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        in_time(self.engine.read(sql.into(), args)).await
    }

    /// Runs a reading statement and maps the first row, if there is one.
    pub async fn read_one<T>(
        &self,
        sql: impl Into<Cow<'static, str>>,
        args: Vec<Arg>,
        map: impl FnOnce(Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.read(sql, args).await?.into_iter().next().map(map).transpose()
    }

    /// Runs a reading statement and maps every row.
    pub async fn read_all<T>(
        &self,
        sql: impl Into<Cow<'static, str>>,
        args: Vec<Arg>,
        map: impl FnMut(Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.read(sql, args).await?.into_iter().map(map).collect()
    }

    /// Runs a write and returns when it is durable.
    pub async fn write<W: Write>(&self, write: W) -> Result<W::Out, StoreError> {
        in_time(self.engine.write(write)).await
    }

    /// Runs a write of one statement and returns its rows.
    pub async fn update(&self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        self.write(Statement { sql, args }).await
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let late = || StoreError::Unavailable("the store took too long".into());
    tokio::time::timeout(DEADLINE, work).await.unwrap_or_else(|_| Err(late()))
}

/// A write of one statement.
struct Statement {
    sql: &'static str,
    args: Vec<Arg>,
}

#[async_trait]
impl Write for Statement {
    type Out = Vec<Row>;

    async fn run(&self, db: &mut dyn Session) -> Result<Vec<Row>, StoreError> {
        db.query(self.sql.into(), self.args.clone()).await
    }
}

/// A duration in whole milliseconds, as far as the database counts.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
}

#[async_trait]
impl<E: Engine> Store for SqlStore<E> {
    async fn check(&self) -> Result<(), StoreError> {
        const WRITE: &str = "UPDATE sequence SET checked_at = (SELECT ms FROM clock) RETURNING checked_at";
        const READ: &str = "SELECT checked_at FROM sequence WHERE checked_at >= $1";
        let written = match self.update(WRITE, args![]).await?.first_mut() {
            Some(row) => row.int()?,
            None => return Err(StoreError::Broken("the sequence row is missing".into())),
        };
        match self.read(READ, args![written]).await?.is_empty() {
            true => Err(StoreError::Broken("what was written cannot be read".into())),
            false => Ok(()),
        }
    }

    async fn close(&self) {
        self.receipts.close().await;
        self.engine.close().await;
    }
}
