//! A database of its own for each test, on either engine.

use std::sync::Arc;

use planwright::store::{self, Caps, Store};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// No caps.
pub const FREE: Caps = Caps { per_ticket: 0, per_person: 0 };

/// An empty database and a store on it.
pub struct Bed {
    pub url: String,
    pub store: Arc<dyn Store>,
}

impl Bed {
    /// The next start: ends the bed's own store and opens the database again.
    pub async fn next(&self, caps: Caps) -> Arc<dyn Store> {
        self.store.close().await;
        store::open(&self.url, caps).await.expect("the store opens again")
    }

    /// Another replica. SQLite serves one process, so there it is the same store once more.
    pub async fn replica(&self) -> Arc<dyn Store> {
        match store::is_shared(&self.url) {
            true => store::open(&self.url, FREE).await.expect("the store opens twice"),
            false => Arc::clone(&self.store),
        }
    }

    /// The database as it is seen beside whoever serves from it.
    pub async fn reading(&self) -> Arc<dyn Store> {
        store::open_reading(&self.url).await.expect("the store can be read")
    }

    /// The URL of a database in which there is nothing at all.
    pub async fn empty_database(&self) -> String {
        if store::is_shared(&self.url) {
            let mut url = url::Url::parse(&self.url).expect("a url");
            let name = format!("{}_empty", url.path().trim_start_matches('/'));
            sql(&self.url, &format!("CREATE DATABASE {name}")).await;
            url.set_path(&name);
            url.to_string()
        } else {
            format!("{}.empty", self.url)
        }
    }
}

/// Runs a case on a new SQLite file.
pub async fn on_sqlite(case: impl AsyncFn(&Bed)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("data/planwright.db").display());
    run(url, case).await;
}

/// Runs a case in a new PostgreSQL database.
pub async fn on_postgres(case: impl AsyncFn(&Bed), name: &str) {
    let server = std::env::var("PLANWRIGHT_TEST_POSTGRES_URL")
        .expect("PLANWRIGHT_TEST_POSTGRES_URL is not set: run tests/with-postgres.sh cargo test");
    let name = format!("planwright_{name}_{}", std::process::id());
    sql(&server, &format!("CREATE DATABASE {name}")).await;
    run(with_database(&server, &name), case).await;
    for name in [&name, &format!("{name}_empty")] {
        sql(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }
}

async fn run(url: String, case: impl AsyncFn(&Bed)) {
    let store = store::open(&url, FREE).await.expect("the store opens");
    let bed = Bed { url, store };
    case(&bed).await;
    bed.store.close().await;
}

/// Runs one statement on a database, past the store.
pub async fn sql(url: &str, statement: &str) {
    let statement = AssertSqlSafe(statement);
    if store::is_shared(url) {
        let mut connection = PgConnection::connect(url).await.expect("the server answers");
        sqlx::query(statement).execute(&mut connection).await.expect("the statement runs");
        connection.close().await.expect("the connection closes");
    } else {
        let mut connection = SqliteConnection::connect(url).await.expect("the file opens");
        sqlx::query(statement).execute(&mut connection).await.expect("the statement runs");
        connection.close().await.expect("the connection closes");
    }
}

/// Runs several statements on a database, past the store; an SQLite file is made if it is missing.
pub async fn script(url: &str, statements: &str) {
    let statements = AssertSqlSafe(statements);
    if store::is_shared(url) {
        let mut connection = PgConnection::connect(url).await.expect("the server answers");
        sqlx::raw_sql(statements).execute(&mut connection).await.expect("the statements run");
        connection.close().await.expect("the connection closes");
    } else {
        let url = format!("{url}?mode=rwc");
        let mut connection = SqliteConnection::connect(&url).await.expect("the file opens");
        sqlx::raw_sql(statements).execute(&mut connection).await.expect("the statements run");
        connection.close().await.expect("the connection closes");
    }
}

/// Reads one number from a database, past the store.
pub async fn number(url: &str, query: &str) -> i64 {
    let query = AssertSqlSafe(query);
    if store::is_shared(url) {
        let mut connection = PgConnection::connect(url).await.expect("the server answers");
        sqlx::query_scalar(query).fetch_one(&mut connection).await.expect("the query answers")
    } else {
        let mut connection = SqliteConnection::connect(url).await.expect("the file opens");
        sqlx::query_scalar(query).fetch_one(&mut connection).await.expect("the query answers")
    }
}

/// The server's URL with another database in its path.
fn with_database(server: &str, name: &str) -> String {
    let mut url = url::Url::parse(server).expect("PLANWRIGHT_TEST_POSTGRES_URL is a url");
    url.set_path(name);
    url.to_string()
}
