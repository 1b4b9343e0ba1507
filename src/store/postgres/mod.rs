//! PostgreSQL: a pool, for one replica or several.
//!
//! In: a URL. Out: an engine whose writes are transactions, tried again when the server asks for it. Replicas agree by
//! the database alone: its locks, its clock, its notifications.

mod listener;

use std::{borrow::Cow, str::FromStr, sync::Arc, time::Duration};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use self::listener::Listener;
use super::{
    StoreError,
    engine::{Engine, Write},
    migrations,
    session::{Arg, Row, Session, args, broken, explain},
    wake::Wake,
};

const CONNECTIONS: u32 = 16;
/// How long to wait for a free connection, or for the server.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a transaction is run again that the server broke off for another one's sake.
const TRIES: u32 = 4;
/// The advisory lock of migrations: any number that nothing else in the database uses.
const MIGRATION_LOCK: i64 = 0x706c_616e_7772_6967;

/// A PostgreSQL database with its connections.
pub(super) struct Postgres {
    pool: PgPool,
    listener: Listener,
}

impl Postgres {
    /// Connects, migrates, and rings `wake` for what other replicas store.
    pub async fn open(url: &str, wake: Arc<Wake>) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| broken(format!("not a postgres url: {error}")))?
            .application_name("planwright")
            // a replica that hangs in the middle of a transaction must not hold the others for long
            .options([("statement_timeout", "10s"), ("idle_in_transaction_session_timeout", "10s")])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(explain)?;
        migrate(&pool).await?;
        let listener = Listener::start(pool.clone(), wake);
        Ok(Self { pool, listener })
    }
}

/// Migrates under an advisory lock: replicas that start together wait for the first.
async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await.map_err(explain)?;
    let db: &mut dyn Session = &mut *transaction;
    db.query("SET LOCAL statement_timeout = 0".into(), args![]).await?;
    db.query("SELECT 1::bigint FROM pg_advisory_xact_lock($1)".into(), args![MIGRATION_LOCK]).await?;
    migrations::run(db).await?;
    transaction.commit().await.map_err(explain)
}

#[async_trait]
impl Engine for Postgres {
    async fn read(&self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(explain)?;
        Session::query(&mut *connection, sql, args).await
    }

    async fn write<W: Write>(&self, write: W) -> Result<W::Out, StoreError> {
        let mut last = StoreError::Unavailable("not tried".into());
        for _ in 0..TRIES {
            let mut transaction = self.pool.begin().await.map_err(explain)?;
            match write.run(&mut *transaction).await {
                Ok(out) => match transaction.commit().await {
                    Ok(()) => return Ok(out),
                    Err(error) => last = explain(error),
                },
                Err(error) => {
                    transaction.rollback().await.map_err(explain)?;
                    last = error;
                }
            }
            if !matches!(&last, StoreError::Unavailable(_)) {
                break;
            }
        }
        Err(last)
    }

    async fn close(&self) {
        self.listener.stop().await;
        self.pool.close().await;
    }
}
