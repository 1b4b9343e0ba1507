//! One process serves an SQLite database: a lock beside the file keeps every other one out.
//!
//! In: the path of a database. Out: a lock for as long as it is held. Never outlives its process: the system gives it
//! back when that one dies, however it dies.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use super::super::StoreError;

/// The lock of a serving process.
pub(super) struct Lock {
    file: File,
}

/// Gives the lock back at once. Closing the file alone would not: a child process holds it too, from its fork until it
/// starts its program.
impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl Lock {
    /// Takes the lock of a database, or says who may have it.
    pub fn take(database: &Path) -> Result<Self, StoreError> {
        let path = beside(database);
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let failed = |error| StoreError::Unavailable(format!("cannot lock {}: {error}", path.display()));
        let file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Unavailable(format!(
                "another process serves {}: sqlite is for one process, use postgresql for several",
                database.display()
            ))),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// The lock file's path: the database's with `-lock` behind it, as SQLite names its own files.
fn beside(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push("-lock");
    name.into()
}
