//! SQLite: one writer, several readers, a log that is folded back beside them.
//!
//! In: the path of a database file. Out: an engine whose commits are on disk when they return (`synchronous=FULL`), or
//! one that only reads beside it. Never serves a file that another process serves, and never opens a library in which a write-ahead log could be corrupted by its reset (3.7.0 to 3.51.2, see
//! <https://sqlite.org/wal.html>).

mod batch;
mod checkpoint;
mod lock;
mod reading;
mod writer;

pub(super) use reading::Reading;

use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions, Connection, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Mutex;

use self::{checkpoint::Checkpoints, lock::Lock, writer::Writer};
use super::{
    StoreError,
    engine::{Engine, Write},
    migrations,
    session::{Arg, Row, Session, args, broken, explain},
};

/// The first library without the corruption by a log's reset.
const OLDEST: (u32, u32, u32) = (3, 51, 3);
/// How long a connection waits for another process that holds a lock.
const BUSY: Duration = Duration::from_secs(2);
const READERS: u32 = 4;
/// Each connection's page cache, in KiB (a negative number is what SQLite reads so).
const CACHE: &str = "-8192";

/// An SQLite database with its connections.
pub(super) struct Sqlite {
    writer: Writer,
    readers: SqlitePool,
    checkpoints: Checkpoints,
    /// Given back when all connections are closed.
    lock: Mutex<Option<Lock>>,
}

impl Sqlite {
    /// Opens the file of a URL such as `sqlite://data/planwright.db`, and makes it (and its folder, for this user
    /// alone) if it is missing. Jobs that a process before left running get an end of their lease that has passed.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let path = path_of(url)?;
        make_private(&path).map_err(|error| {
            StoreError::Unavailable(format!("cannot make the database file {}: {error}", path.display()))
        })?;
        let lock = Lock::take(&path)?;
        let options = options(&path);
        let mut first = options.connect().await.map_err(explain)?;
        refuse_old_library(&mut first).await?;
        turn_on_wal(&mut first).await?;
        migrate(&mut first).await?;
        end_leases(&mut first).await?;
        let readers = readers(options.clone());
        let checkpoints = Checkpoints::start(options);
        let writer = Writer::start(first, checkpoints.bell());
        Ok(Self { writer, readers, checkpoints, lock: Mutex::new(Some(lock)) })
    }
}

/// How every connection to a file is made.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", "0")
        .pragma("cache_size", CACHE)
        // a statement over many rows keeps the pages it could have to restore: in memory, not in a temporary file
        .pragma("temp_store", "MEMORY")
        .statement_cache_capacity(256)
        .row_buffer_size(512)
        .disable_statement_logging()
}

/// Connections that only read, made when they are needed.
fn readers(options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .acquire_timeout(BUSY)
        .test_before_acquire(false)
        .connect_lazy_with(options.pragma("query_only", "ON"))
}

#[async_trait]
impl Engine for Sqlite {
    const HAS_INBOX: bool = true;

    async fn read(&self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        let mut reader = self.readers.acquire().await.map_err(explain)?;
        Session::query(&mut *reader, sql, args).await
    }

    async fn write<W: Write>(&self, write: W) -> Result<W::Out, StoreError> {
        self.writer.write(write).await
    }

    async fn close(&self) {
        self.checkpoints.stop().await;
        self.readers.close().await;
        self.writer.close().await;
        drop(self.lock.lock().await.take());
    }
}

/// The path in `sqlite://PATH` or `sqlite:PATH`.
fn path_of(url: &str) -> Result<PathBuf, StoreError> {
    let path = url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    match path {
        Some(path) if !path.is_empty() && !path.starts_with(':') => Ok(PathBuf::from(path)),
        _ => Err(broken("an sqlite url names a file, such as sqlite://data/planwright.db")),
    }
}

/// Makes the missing folders with mode 0700 and the file with mode 0600, because tickets may be private.
fn make_private(path: &Path) -> io::Result<()> {
    let mut folders = fs::DirBuilder::new();
    let mut file = fs::OpenOptions::new();
    folders.recursive(true);
    file.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folders.mode(0o700);
        file.mode(0o600);
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        folders.create(folder)?;
    }
    file.open(path).map(drop)
}

async fn refuse_old_library(db: &mut SqliteConnection) -> Result<(), StoreError> {
    let rows = Session::query(db, "SELECT sqlite_version()".into(), args![]).await?;
    let version = rows.into_iter().next().map_or(Ok(String::new()), |mut row| row.text())?;
    if is_sound(&version) {
        return Ok(());
    }
    let (major, minor, patch) = OLDEST;
    Err(broken(format!("the sqlite library is {version}, planwright needs {major}.{minor}.{patch} or newer")))
}

/// Whether a library of this version is [`OLDEST`] or newer.
fn is_sound(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next()) >= OLDEST
}

/// Turns the write-ahead log on, which is kept in the file. The lock for it cannot be waited for inside SQLite, so
/// starts at the same time try again.
async fn turn_on_wal(db: &mut SqliteConnection) -> Result<(), StoreError> {
    const TRIES: u32 = 100;
    let mut last = broken("the write-ahead log is off");
    for _ in 0..TRIES {
        match Session::query(db, "PRAGMA journal_mode = WAL".into(), args![]).await {
            Ok(rows) => match rows.into_iter().next().map(|mut row| row.text()).transpose()?.as_deref() {
                Some("wal") => return Ok(()),
                other => last = broken(format!("the journal mode stays {other:?}")),
            },
            Err(error) => last = error,
        }
        tokio::time::sleep(BUSY / TRIES).await;
    }
    Err(last)
}

/// Migrates under SQLite's own lock on the file.
async fn migrate(db: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut transaction = db.begin_with("BEGIN EXCLUSIVE").await.map_err(explain)?;
    migrations::run(&mut *transaction).await?;
    transaction.commit().await.map_err(explain)
}

/// Whoever ran a job before is dead, because the lock is ours: the next sweep of leases may take it at once.
async fn end_leases(db: &mut SqliteConnection) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE jobs SET lease_until = (SELECT ms FROM clock) WHERE state = 'running' \
                       AND lease_until > (SELECT ms FROM clock)";
    Session::query(db, SQL.into(), args![]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_with_the_corruption_are_refused() {
        for (version, sound) in
            [("3.51.3", true), ("3.51.2", false), ("3.7.17", false), ("3.52.0", true), ("4.0.0", true), ("", false)]
        {
            assert_eq!(is_sound(version), sound, "{version}");
        }
    }

    #[test]
    fn urls_name_files() {
        assert_eq!(path_of("sqlite://data/planwright.db").unwrap(), Path::new("data/planwright.db"));
        assert_eq!(path_of("sqlite:///var/lib/planwright.db").unwrap(), Path::new("/var/lib/planwright.db"));
        for url in ["sqlite::memory:", "sqlite://", "sqlite://:memory:"] {
            assert!(path_of(url).is_err(), "{url}");
        }
    }
}
