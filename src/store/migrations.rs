//! Brings a database to the newest schema.
//!
//! In: a connection that holds a transaction and the engine's migration lock. Out: the schema at the newest version; or
//! the word, for whoever only reads, that it is.
//! Never touches a database that is newer than this binary.

use super::{
    StoreError,
    session::{Dialect, Session, args, broken},
};

/// One numbered change of the schema; its place in the list is its number, counted from 1.
struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// Names a migration once and takes its text for both engines.
macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            sqlite: include_str!(concat!("migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("migrations/postgres/", $name, ".sql")),
        }
    };
}

const MIGRATIONS: &[Migration] = &[
    migration!("0001_start"),
    migration!("0002_empty_listings"),
    migration!("0003_bodies_together"),
    migration!("0004_inbox"),
    migration!("0005_begun_jobs"),
];

/// Applies what is missing.
pub(super) async fn run(db: &mut dyn Session) -> Result<(), StoreError> {
    const KEPT: &str = "CREATE TABLE IF NOT EXISTS migrations \
                        (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";
    const NOTE: &str = "INSERT INTO migrations SELECT $1, $2, ms FROM clock";
    db.script(KEPT).await?;
    let done = version(db).await?;
    for (migration, version) in MIGRATIONS.iter().zip(1_i64..).skip(done) {
        db.script(match db.dialect() {
            Dialect::Sqlite => migration.sqlite,
            Dialect::Postgres => migration.postgres,
        })
        .await?;
        db.query(NOTE.into(), args![version, migration.name]).await?;
    }
    Ok(())
}

/// Checks, without changing anything, that the schema is the newest.
pub(super) async fn check(db: &mut dyn Session) -> Result<(), StoreError> {
    match version(db).await? {
        done if done < MIGRATIONS.len() => Err(broken(format!(
            "the database has schema version {done}, this planwright reads version {}: start `planwright serve` first",
            MIGRATIONS.len()
        ))),
        _ => Ok(()),
    }
}

/// The version of the schema; refuses one that is newer than this binary.
async fn version(db: &mut dyn Session) -> Result<usize, StoreError> {
    const DONE: &str = "SELECT coalesce(max(version), 0) FROM migrations";
    let done: usize = db.query(DONE.into(), args![]).await?.first_mut().map_or(Ok(0), |row| row.count())?;
    let newest = MIGRATIONS.len();
    if done > newest {
        return Err(broken(format!(
            "the database has schema version {done}, this planwright knows versions up to {newest}: \
             run the planwright that made it, or a newer one"
        )));
    }
    Ok(done)
}
