//! What only SQLite promises: a private file, a log that stays short, honest answers when the disk does not take more.

use std::{fs, path::Path, process::Command, time::Duration};

use planwright::{
    model::delivery::{Body, Receipt, SkipReason},
    store::{self, StoreError},
};
use sqlx::{Connection, SqliteConnection};

use super::{
    bed::{Bed, FREE, number, on_sqlite},
    requests::{asks, skips, stored},
};

fn file_of(bed: &Bed) -> &Path {
    Path::new(bed.url.trim_start_matches("sqlite://"))
}

/// A delivery with a body that nothing compresses.
fn heavy(guid: &str, bytes: usize) -> Receipt {
    let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
    let body = std::iter::repeat_with(|| {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        noise as u8
    });
    Receipt { body: Some(Body::Plain(body.take(bytes).collect())), ..skips(guid, SkipReason::Ping) }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_and_its_folder_are_private() {
    use std::os::unix::fs::PermissionsExt;
    on_sqlite(async |bed: &Bed| {
        stored(&*bed.store, asks("guid-1", "7", "a")).await;
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(file_of(bed)), 0o600);
        assert_eq!(mode(&file_of(bed).with_extension("db-wal")), 0o600);
        assert_eq!(mode(file_of(bed).parent().expect("a folder")), 0o700);
    })
    .await;
}

#[tokio::test]
async fn the_file_has_a_write_ahead_log() {
    on_sqlite(async |bed: &Bed| {
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&mut SqliteConnection::connect(&bed.url).await.expect("the file opens"))
            .await
            .expect("the pragma answers");
        assert_eq!(mode, "wal");
    })
    .await;
}

#[tokio::test]
async fn what_a_crash_leaves_holds_everything_answered() {
    on_sqlite(async |bed: &Bed| {
        for at in 0..20 {
            stored(&*bed.store, asks(&format!("guid-{at}"), &at.to_string(), "a")).await;
        }
        // the bytes on disk while the store is open are what a killed process leaves
        let left = tempfile::tempdir().expect("a temporary folder");
        for ending in ["db", "db-wal"] {
            let from = file_of(bed).with_extension(ending);
            fs::copy(from, left.path().join("planwright").with_extension(ending)).expect("the file is copied");
        }
        let url = format!("sqlite://{}", left.path().join("planwright.db").display());
        let store = store::open(&url, FREE).await.expect("what is left opens");
        assert_eq!(store.deliveries(100).await.unwrap().len(), 20);
        assert_eq!(store.jobs(None, 100).await.unwrap().len(), 20);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_long_log_is_begun_anew_while_the_store_is_open() {
    on_sqlite(async |bed: &Bed| {
        let log = file_of(bed).with_extension("db-wal");
        let length = || fs::metadata(&log).expect("the log is there").len();
        let mut written = 0;
        while length() <= 8 << 20 {
            bed.store.receive(heavy(&format!("guid-{written}"), 4 << 20)).await.unwrap();
            written += 1;
            assert!(written < 100, "the log never grows long");
        }
        let anew = async {
            loop {
                bed.store.receive(skips(&format!("guid-{written}"), SkipReason::Ping)).await.unwrap();
                written += 1;
                let mut file = SqliteConnection::connect(&bed.url).await.expect("the file opens");
                let log = sqlx::query_as("PRAGMA wal_checkpoint(NOOP)").fetch_one(&mut file).await;
                let (_blocked, pages, _folded): (i64, i64, i64) = log.expect("the pragma answers");
                file.close().await.expect("the file closes");
                if pages < 1024 {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(180), anew).await.expect("the log is begun anew");
        assert_eq!(number(&bed.url, "SELECT count(*) FROM deliveries").await, written);
    })
    .await;
}

#[tokio::test]
async fn a_locked_file_is_unavailable_until_it_is_free() {
    on_sqlite(async |bed: &Bed| {
        let mut other = SqliteConnection::connect(&bed.url).await.expect("the file opens");
        let lock = other.begin_with("BEGIN IMMEDIATE").await.expect("the lock is free");
        let received = bed.store.receive(asks("guid-1", "7", "a")).await;
        assert!(matches!(received, Err(StoreError::Unavailable(_))), "{received:?}");
        assert!(bed.store.deliveries(1).await.unwrap().is_empty(), "reading goes on");
        lock.rollback().await.expect("the lock is given back");
        stored(&*bed.store, asks("guid-1", "7", "a")).await;
    })
    .await;
}

/// Runs itself again where no file may grow over 4 MiB, as on a disk that is full.
#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_is_unavailable() {
    const LIMITED: &str = "PLANWRIGHT_TEST_LIMITED_FILES";
    if std::env::var_os(LIMITED).is_none() {
        let this = std::env::current_exe().expect("the test binary has a path");
        let script = r#"trap '' XFSZ; ulimit -f 8192; exec "$0" --exact store::files::a_full_disk_is_unavailable"#;
        let run = Command::new("sh").args(["-c", script]).arg(this).env(LIMITED, "1").output().expect("sh runs");
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    on_sqlite(async |bed: &Bed| {
        let mut kept = 0;
        let error = loop {
            match bed.store.receive(heavy(&format!("guid-{kept}"), 256 << 10)).await {
                Ok(_) => kept += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(kept > 0);
        assert_eq!(bed.store.deliveries(100).await.unwrap().len(), kept, "exactly what was answered is there");
        assert!(matches!(bed.store.receive(heavy("more", 8 << 20)).await, Err(StoreError::Unavailable(_))));
    })
    .await;
}

#[tokio::test]
async fn a_second_process_is_told_to_use_postgresql() {
    on_sqlite(async |bed: &Bed| {
        match store::open(&bed.url, FREE).await {
            Err(StoreError::Unavailable(why)) => {
                assert!(why.contains("planwright.db") && why.contains("postgresql"), "{why}");
            }
            Err(other) => panic!("refused as {other:?}"),
            Ok(_) => panic!("two serve one file"),
        }
        stored(&*bed.store, asks("guid-1", "7", "a")).await;
        bed.store.close().await;
        store::open(&bed.url, FREE).await.expect("a closed file is free").close().await;
    })
    .await;
}

#[tokio::test]
async fn reading_makes_no_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("planwright.db").display());
    assert!(matches!(store::open_reading(&url).await.err(), Some(StoreError::Unavailable(_))));
    assert_eq!(fs::read_dir(folder.path()).expect("the folder is there").count(), 0);
}

#[tokio::test]
async fn urls_that_name_no_store_are_refused() {
    for url in ["", "mysql://x", "sqlite://", "sqlite::memory:", "planwright.db", "postgres://["] {
        assert!(matches!(store::open(url, FREE).await, Err(StoreError::Broken(_))), "{url}");
        assert!(matches!(store::open_reading(url).await, Err(StoreError::Broken(_))), "{url}");
    }
    assert!(store::is_shared("postgres://db/planwright") && store::is_shared("postgresql://db/planwright"));
    assert!(!store::is_shared("sqlite://planwright.db"));
}
