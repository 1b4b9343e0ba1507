//! What fetches leave in a git folder: packs, half-written ones, bytes.
//!
//! In: a git folder that nobody else changes meanwhile. Out: the same objects in fewer packs. Never drops an object:
//! somebody may read at a commit that no branch holds any more.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::git::{Git, GitError};

/// With so many packs a folder is repacked: each look-up asks all of them.
const MANY: usize = 40;
/// So many loose objects that begin with 17 stand for 6,700 in all: where git itself would pack them (git-gc(1)).
const MANY_LOOSE: usize = 27;
/// Copies what is compressed already as it is, and packs what lies by itself: what a host promises stays promised
/// (git-repack(1)).
const REPACK: [&str; 7] = ["-c", "pack.window=0", "repack", "-a", "-d", "--keep-unreachable", "--quiet"];

/// Puts many packs, or many loose objects, together.
pub async fn consolidate(git: &Git, git_dir: &Path) -> Result<(), GitError> {
    let packs = files(git_dir, "pack").filter(|path| path.extension().is_some_and(|e| e == "pack")).count();
    if packs >= MANY || files(git_dir, "17").count() >= MANY_LOOSE {
        git.line(git_dir, &REPACK).await?;
    }
    Ok(())
}

/// Removes half-written packs of a fetch that was killed.
pub fn remove_leftovers(git_dir: &Path) {
    let is_left = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("tmp_"));
    for path in files(git_dir, "pack").filter(is_left) {
        let _ = fs::remove_file(path);
    }
}

/// The files of a folder of objects.
fn files(git_dir: &Path, folder: &str) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(git_dir.join("objects").join(folder)).into_iter().flatten();
    entries.flatten().map(|entry| entry.path())
}

/// The bytes of all files below a folder, links not followed.
pub fn folder_bytes(folder: &Path) -> u64 {
    let mut open = vec![folder.to_owned()];
    let mut total = 0;
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            match entry.metadata() {
                Ok(data) if data.is_dir() => open.push(entry.path()),
                Ok(data) => total += data.len(),
                Err(_) => {}
            }
        }
    }
    total
}
