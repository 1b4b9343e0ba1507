//! Folds the write-ahead log back into the database, beside the writer.
//!
//! In: a bell after each commit. Out: a log that stays short. The writer itself never checkpoints; only a log that
//! outgrows what folding beside it can do makes the writer wait for a moment.

use std::{sync::Arc, time::Duration};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    sync::{Mutex, Notify},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::super::{
    StoreError,
    session::{Session, args, explain},
};

/// Pages (of 4 KiB) in the log from which it is folded: 2 MiB.
const WORTH_FOLDING: i64 = 512;
/// Pages from which the log is begun anew, with the writer waiting: 4 MiB. Under steady load there are always some
/// commits behind the fold, so the log would grow on. Its file keeps its length: a commit that writes over it syncs
/// quicker than one that makes it grow, so it should be begun anew early.
const TOO_LONG: i64 = 1024;
/// The pause between two looks at the log. Pages that many commits change in that time are folded once.
const PAUSE: Duration = Duration::from_millis(250);

/// Tells the folding task that something was committed.
#[derive(Clone)]
pub(super) struct Bell(Arc<Notify>);

impl Bell {
    /// A commit was made.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// The folding task.
pub(super) struct Checkpoints {
    bell: Bell,
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Checkpoints {
    /// Starts the task, which looks once at a log left by an earlier process.
    pub fn start(options: SqliteConnectOptions) -> Self {
        let bell = Bell(Arc::new(Notify::new()));
        bell.ring();
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(options, bell.clone(), stop.clone()));
        Self { bell, stop, task: Mutex::new(Some(task)) }
    }

    /// The bell to ring after each commit.
    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }

    /// Ends the task, after the fold under way.
    pub async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn run(options: SqliteConnectOptions, bell: Bell, stop: CancellationToken) {
    let mut connection = None;
    while stop.run_until_cancelled(bell.0.notified()).await.is_some() {
        if let Err(error) = fold(&options, &mut connection).await {
            warn!(%error, "could not fold the write-ahead log back");
            connection = None;
        }
        if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
            break;
        }
    }
    if let Some(connection) = connection {
        let _ = connection.close().await;
    }
}

/// Looks at the log, and folds it or begins it anew when it is long. `RESTART` waits for the writer; what the fold before it
/// leaves over is little.
async fn fold(options: &SqliteConnectOptions, held: &mut Option<SqliteConnection>) -> Result<(), StoreError> {
    let db = match held {
        Some(db) => db,
        None => held.insert(options.connect().await.map_err(explain)?),
    };
    let mut now = log(db, "PRAGMA wal_checkpoint(NOOP)").await?;
    if now.unfolded >= WORTH_FOLDING {
        now = log(db, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    }
    if now.pages >= TOO_LONG {
        log(db, "PRAGMA wal_checkpoint(RESTART)").await?;
    }
    Ok(())
}

/// How long the log is.
struct Log {
    pages: i64,
    unfolded: i64,
}

/// Runs a checkpoint statement and reads its answer: blocked, pages in the log, pages folded
/// (<https://sqlite.org/pragma.html#pragma_wal_checkpoint>).
async fn log(db: &mut SqliteConnection, sql: &'static str) -> Result<Log, StoreError> {
    let mut rows = Session::query(db, sql.into(), args![]).await?;
    let Some(row) = rows.first_mut() else { return Ok(Log { pages: 0, unfolded: 0 }) };
    let (_blocked, pages, folded) = (row.int()?, row.int()?, row.int()?);
    Ok(Log { pages, unfolded: pages - folded })
}
