//! PostgreSQL: a pool, for one replica or several.
//!
//! In: a URL. Out: an engine whose writes are transactions. Replicas agree by the database alone: its locks, its clock,
//! its notifications. Locks are taken in one order (the row of `sequence`, then jobs, then a ticket's lock, then
//! publications), so that no two transactions wait for each other.

mod listener;
mod reading;

pub(super) use reading::Reading;

use std::{borrow::Cow, str::FromStr, sync::Arc, time::Duration};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions, Connection, PgPool,
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
/// A connection that rested for longer is tried before it is used.
const RESTED: Duration = Duration::from_secs(2);
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
        let pool = connect(url, CONNECTIONS).await?;
        migrate(&pool).await?;
        let listener = Listener::start(pool.clone(), wake);
        Ok(Self { pool, listener })
    }
}

/// A pool of up to so many connections.
async fn connect(url: &str, connections: u32) -> Result<PgPool, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| broken(format!("not a postgres url: {error}")))?
        .application_name("planwright")
        // a replica that hangs in the middle of a transaction must not hold the others for long
        .options([
            ("statement_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "10s"),
            ("default_transaction_isolation", "read committed"),
        ])
        .disable_statement_logging();
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, rest| {
            Box::pin(async move { Ok(rest.idle_for < RESTED || connection.ping().await.is_ok()) })
        })
        .connect_with(options)
        .await
        .map_err(explain)
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
    const HAS_INBOX: bool = false;

    async fn read(&self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(explain)?;
        Session::query(&mut *connection, sql, args).await
    }

    async fn write<W: Write>(&self, write: W) -> Result<W::Out, StoreError> {
        let mut transaction = self.pool.begin().await.map_err(explain)?;
        match write.run(&mut *transaction).await {
            Ok(out) => transaction.commit().await.map(|()| out).map_err(explain),
            Err(error) => {
                // a rollback that fails loses the connection, and with it the transaction
                let _ = transaction.rollback().await;
                Err(error)
            }
        }
    }

    async fn close(&self) {
        self.listener.stop().await;
        self.pool.close().await;
    }
}
