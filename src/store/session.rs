//! One way to say SQL to either engine.
//!
//! In: a statement that both engines understand and its arguments. Out: rows of plain cells. Text is cleaned of U+0000
//! on its way in, so that both engines store the same. Never holds a rule of a port.

use std::borrow::Cow;

use async_trait::async_trait;
use sqlx::{Arguments, AssertSqlSafe, ColumnIndex, Database, Decode, SqlSafeStr, SqlStr, Type, TypeInfo, ValueRef};

use super::StoreError;

/// Where the engines differ in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// A statement's text and its arguments.
pub(super) type Statement = (Cow<'static, str>, Vec<Arg>);

/// A connection, inside a transaction or not.
#[async_trait]
pub(super) trait Session: Send {
    /// Which engine this is.
    fn dialect(&self) -> Dialect;
    /// Runs one statement and returns its rows.
    async fn query(&mut self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<Vec<Row>, StoreError>;
    /// Runs two statements, the second without knowing the first one's rows.
    async fn query_both(&mut self, first: Statement, second: Statement) -> Result<(Vec<Row>, Vec<Row>), StoreError> {
        Ok((self.query(first.0, first.1).await?, self.query(second.0, second.1).await?))
    }
    /// Runs one statement whose rows nobody reads: at once, or with the next one whose rows somebody reads.
    async fn run(&mut self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<(), StoreError> {
        self.query(sql, args).await.map(drop)
    }
    /// Runs a script of several statements without arguments.
    async fn script(&mut self, sql: &'static str) -> Result<(), StoreError>;
}

/// One argument of a statement. Absent values are typed too, because PostgreSQL asks for it.
#[derive(Clone, Debug)]
pub(super) enum Arg {
    Int(Option<i64>),
    Text(Option<String>),
    Blob(Vec<u8>),
}

/// The text as both engines can store it: PostgreSQL refuses U+0000, so U+FFFD stands in for it.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.as_bytes().contains(&0) { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Int(Some(i64::from(number)))
    }
}

impl From<Option<i64>> for Arg {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(Some(clean(text).into_owned()))
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(Some(if text.as_bytes().contains(&0) { clean(&text).into_owned() } else { text }))
    }
}

impl From<Option<&str>> for Arg {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(|text| clean(text).into_owned()))
    }
}

/// Lists the arguments of a statement in the order of its placeholders.
macro_rules! args {
    ($($arg:expr),* $(,)?) => { vec![$($crate::store::session::Arg::from($arg)),*] };
}
pub(super) use args;

/// One value of a row.
#[derive(Clone, Debug)]
enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// One row, read column by column from the left.
#[derive(Debug)]
pub(super) struct Row(std::vec::IntoIter<Cell>);

impl Row {
    /// The next column, which holds a whole number.
    pub fn int(&mut self) -> Result<i64, StoreError> {
        self.int_or_null()?.ok_or_else(|| broken("a number is missing"))
    }

    /// The next column: a whole number or nothing.
    pub fn int_or_null(&mut self) -> Result<Option<i64>, StoreError> {
        match self.0.next() {
            Some(Cell::Int(number)) => Ok(Some(number)),
            Some(Cell::Null) => Ok(None),
            other => Err(broken(format!("expected a number, found {other:?}"))),
        }
    }

    /// The next column, a count that never is below zero.
    pub fn count<N: TryFrom<i64>>(&mut self) -> Result<N, StoreError> {
        let number = self.int()?;
        N::try_from(number).map_err(|_| broken(format!("{number} is out of range")))
    }

    /// The next column, which holds text.
    pub fn text(&mut self) -> Result<String, StoreError> {
        self.text_or_null()?.ok_or_else(|| broken("a text is missing"))
    }

    /// The next column: text or nothing.
    pub fn text_or_null(&mut self) -> Result<Option<String>, StoreError> {
        match self.0.next() {
            Some(Cell::Text(text)) => Ok(Some(text)),
            Some(Cell::Null) => Ok(None),
            other => Err(broken(format!("expected a text, found {other:?}"))),
        }
    }

    /// The next column: bytes or nothing.
    pub fn blob_or_null(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.0.next() {
            Some(Cell::Blob(bytes)) => Ok(Some(bytes)),
            Some(Cell::Null) => Ok(None),
            other => Err(broken(format!("expected bytes, found {other:?}"))),
        }
    }

    /// The next column, a word that `parse` knows.
    pub fn word<T>(&mut self, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        let word = self.text()?;
        parse(&word).ok_or_else(|| broken(format!("unknown word {word:?}")))
    }

    /// The next column, a UUID in its usual text form.
    pub fn uuid(&mut self) -> Result<uuid::Uuid, StoreError> {
        self.word(|text| uuid::Uuid::parse_str(text).ok())
    }

    /// The next column, JSON text.
    pub fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        serde_json::from_str(&self.text()?).map_err(|error| broken(format!("stored json: {error}")))
    }
}

/// What is stored, or was asked for, cannot be right.
pub(super) fn broken(what: impl Into<String>) -> StoreError {
    StoreError::Broken(what.into())
}

/// Writes a value as JSON text.
pub(super) fn to_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| broken(format!("json: {error}")))
}

/// The statement's text as the library takes it. All of it is ours; outside text only travels as arguments.
pub(super) fn sql_str(sql: Cow<'static, str>) -> SqlStr {
    match sql {
        Cow::Borrowed(sql) => SqlStr::from_static(sql),
        Cow::Owned(sql) => AssertSqlSafe(sql).into_sql_str(),
    }
}

/// Binds the arguments in their order.
pub(super) fn bind<DB>(args: Vec<Arg>) -> Result<DB::Arguments, StoreError>
where
    DB: Database,
    for<'t> Option<i64>: sqlx::Encode<'t, DB> + Type<DB>,
    for<'t> Option<String>: sqlx::Encode<'t, DB> + Type<DB>,
    for<'t> Vec<u8>: sqlx::Encode<'t, DB> + Type<DB>,
{
    let mut bound = DB::Arguments::default();
    bound.reserve(args.len(), args.len() * 16);
    for arg in args {
        match arg {
            Arg::Int(number) => bound.add(number),
            Arg::Text(text) => bound.add(text),
            Arg::Blob(bytes) => bound.add(bytes),
        }
        .map_err(|error| broken(format!("argument: {error}")))?;
    }
    Ok(bound)
}

/// Reads a row's columns as cells.
pub(super) fn cells<R>(row: &R) -> Result<Row, sqlx::Error>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    let mut cells = Vec::with_capacity(row.len());
    for column in 0..row.len() {
        let raw = row.try_get_raw(column)?;
        cells.push(match raw.type_info().name() {
            _ if raw.is_null() => Cell::Null,
            "INTEGER" | "INT8" => Cell::Int(row.try_get_unchecked(column)?),
            "BLOB" | "BYTEA" => Cell::Blob(row.try_get_unchecked(column)?),
            _ => Cell::Text(row.try_get_unchecked(column)?),
        });
    }
    Ok(Row(cells.into_iter()))
}

/// Makes a connection of the library a session.
macro_rules! session {
    ($connection:ty, $database:ty, $dialect:expr) => {
        #[async_trait]
        impl Session for $connection {
            fn dialect(&self) -> Dialect {
                $dialect
            }

            async fn query(&mut self, sql: Cow<'static, str>, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
                let query = sqlx::query_with::<$database, _>(sql_str(sql), bind::<$database>(args)?);
                let rows = query.fetch_all(&mut *self).await.map_err(explain)?;
                rows.iter().map(cells).collect::<Result<_, _>>().map_err(explain)
            }

            async fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
                sqlx::raw_sql(sql).execute(&mut *self).await.map(drop).map_err(explain)
            }
        }
    };
}

session!(sqlx::SqliteConnection, sqlx::Sqlite, Dialect::Sqlite);
session!(sqlx::PgConnection, sqlx::Postgres, Dialect::Postgres);

/// Tells what may pass by itself from what never will.
pub(super) fn explain(error: sqlx::Error) -> StoreError {
    let passing = match &error {
        sqlx::Error::Database(error) => match error.code() {
            Some(code) if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() => sqlite_passes(&code),
            Some(code) => postgres_passes(&code),
            None => false,
        },
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    };
    if passing { StoreError::Unavailable(error.to_string()) } else { StoreError::Broken(error.to_string()) }
}

/// Busy, locked, out of memory, read-only, interrupted, input or output error, full, cannot open, protocol: see
/// <https://www.sqlite.org/rescode.html>; the low byte is the primary code.
fn sqlite_passes(code: &str) -> bool {
    code.parse::<i32>().is_ok_and(|code| matches!(code & 0xff, 5..=10 | 13..=15))
}

/// Connection, rollback, resources, intervention, system errors, and a server that only reads (after a failover): see
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn postgres_passes(code: &str) -> bool {
    ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class)) || code == "25006"
}
