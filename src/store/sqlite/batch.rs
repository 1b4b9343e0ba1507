//! Statements that travel together to the thread that runs SQLite.
//!
//! In: the statements of one transaction. Out: the same rows and errors as one by one, with fewer journeys: a statement
//! whose rows nobody reads waits for the next one whose rows somebody does. An error may so come later than its
//! statement, but never after the commit.

use std::borrow::Cow;

use async_trait::async_trait;
use futures::TryStreamExt;
use sqlx::{Either, Executor, SqliteConnection};

use super::super::{
    StoreError,
    session::{Arg, Dialect, Row, Session, Statement, bind, cells, explain, sql_str},
};

/// How many arguments may wait: what is beyond goes at once.
const MOST_WAITING: usize = 8192;

/// A transaction's statements on their way to the writer's connection.
pub(super) struct Batch<'c> {
    db: &'c mut SqliteConnection,
    sql: String,
    args: Vec<Arg>,
    /// A waiting statement names its arguments by number, so no argument may follow.
    numbered: bool,
}

impl<'c> Batch<'c> {
    pub fn new(db: &'c mut SqliteConnection) -> Self {
        Self { db, sql: String::new(), args: Vec::new(), numbered: false }
    }

    /// Forgets what waits.
    pub fn clear(&mut self) {
        self.sql.clear();
        self.args.clear();
        self.numbered = false;
    }

    /// Runs what waits.
    pub async fn flush(&mut self) -> Result<(), StoreError> {
        self.send(0).await.map(drop)
    }

    /// Adds a statement, after sending those that it cannot travel with: numbers count from the first argument of all.
    async fn add(&mut self, (sql, args): Statement) -> Result<(), StoreError> {
        let numbered = sql.contains('$');
        let apart = !args.is_empty() && !self.args.is_empty() && (numbered || self.numbered);
        if apart || self.args.len() + args.len() > MOST_WAITING {
            self.send(0).await?;
        }
        if !self.sql.is_empty() {
            self.sql.push_str("; ");
        }
        self.sql.push_str(&sql);
        self.numbered |= numbered && !args.is_empty();
        self.args.extend(args);
        Ok(())
    }

    /// Runs what waits; returns the rows of the last `wanted` statements.
    async fn send(&mut self, wanted: usize) -> Result<Vec<Vec<Row>>, StoreError> {
        if self.sql.is_empty() {
            return Ok(Vec::new());
        }
        let (sql, args) = (std::mem::take(&mut self.sql), std::mem::take(&mut self.args));
        self.numbered = false;
        let query = sqlx::query_with::<sqlx::Sqlite, _>(sql_str(Cow::Owned(sql)), bind::<sqlx::Sqlite>(args)?);
        let (mut all, mut rows) = (Vec::new(), Vec::new());
        let mut steps = (&mut *self.db).fetch_many(query);
        while let Some(step) = steps.try_next().await.map_err(explain)? {
            match step {
                Either::Left(_) => all.push(std::mem::take(&mut rows)),
                Either::Right(row) => rows.push(cells(&row).map_err(explain)?),
            }
        }
        let unread = all.len().saturating_sub(wanted);
        Ok(all.split_off(unread))
    }
}

#[async_trait]
impl Session for Batch<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn query(&mut self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        self.add((sql, args)).await?;
        Ok(self.send(1).await?.pop().unwrap_or_default())
    }

    async fn query_both(&mut self, first: Statement, second: Statement) -> Result<(Vec<Row>, Vec<Row>), StoreError> {
        if first.0.contains('$') || second.0.contains('$') {
            return Ok((self.query(first.0, first.1).await?, self.query(second.0, second.1).await?));
        }
        self.add(first).await?;
        self.add(second).await?;
        let mut rows = self.send(2).await?.into_iter();
        Ok((rows.next().unwrap_or_default(), rows.next().unwrap_or_default()))
    }

    async fn run(&mut self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<(), StoreError> {
        self.add((sql, args)).await
    }

    async fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.send(0).await?;
        self.db.script(sql).await
    }
}
