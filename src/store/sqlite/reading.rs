//! Looking into a database beside the process that serves it.
//!
//! In: the path of a database file that is there. Out: an engine that reads what was committed. Takes no lock that
//! would keep the serving process out, makes no file, and never writes.

use std::borrow::Cow;

use async_trait::async_trait;
use sqlx::SqlitePool;

use super::{
    super::{
        StoreError,
        engine::{Engine, Write, refuse_write},
        migrations,
        session::{Arg, Row, Session, explain},
    },
    options, path_of, readers,
};

/// An SQLite database that is only read.
pub(in super::super) struct Reading(SqlitePool);

impl Reading {
    /// Opens the file of a URL.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let pool = readers(options(&path_of(url)?));
        let mut first = pool.acquire().await.map_err(explain)?;
        migrations::check(&mut *first).await?;
        drop(first);
        Ok(Self(pool))
    }
}

#[async_trait]
impl Engine for Reading {
    const HAS_INBOX: bool = false;

    async fn read(&self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        let mut reader = self.0.acquire().await.map_err(explain)?;
        Session::query(&mut *reader, sql, args).await
    }

    async fn write<W: Write>(&self, _: W) -> Result<W::Out, StoreError> {
        refuse_write()
    }

    async fn close(&self) {
        self.0.close().await;
    }
}
