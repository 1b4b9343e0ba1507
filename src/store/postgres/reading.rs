//! Looking into a database beside the replicas that serve it.
//!
//! In: a URL. Out: an engine that reads what was committed. Never migrates, listens or writes.

use std::borrow::Cow;

use async_trait::async_trait;
use sqlx::PgPool;

use super::{
    super::{
        StoreError,
        engine::{Engine, Write, refuse_write},
        migrations,
        session::{Arg, Row, Session, explain},
    },
    connect,
};

/// A PostgreSQL database that is only read.
pub(in super::super) struct Reading(PgPool);

impl Reading {
    /// Connects.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let pool = connect(url, 2).await?;
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
        let mut connection = self.0.acquire().await.map_err(explain)?;
        Session::query(&mut *connection, sql, args).await
    }

    async fn write<W: Write>(&self, _: W) -> Result<W::Out, StoreError> {
        refuse_write()
    }

    async fn close(&self) {
        self.0.close().await;
    }
}
