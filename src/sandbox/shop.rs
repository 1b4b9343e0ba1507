//! The demo's repository: a small web shop with a history.
//!
//! In: a directory. Out: a bare git repository, with the same hashes every time. The files under `shop/files` are its
//! last state; `shop/history.toml` says how they came to be.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use rust_embed::RustEmbed;

use super::history;

#[derive(RustEmbed)]
#[folder = "src/sandbox/shop/files"]
struct Files;

/// The shop on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopRepo {
    /// A bare repository.
    pub path: PathBuf,
    /// The hash of the last commit on `main`.
    pub head: String,
}

/// Makes the shop's repository in a directory that does not exist yet.
pub fn create(dir: &Path) -> io::Result<ShopRepo> {
    let head = history::create(dir, files(), include_str!("shop/history.toml"))?;
    Ok(ShopRepo { path: dir.to_owned(), head })
}

fn files() -> BTreeMap<String, String> {
    let text = |path: &str| Files::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    Files::iter().filter_map(|path| Some((path.to_string(), text(&path)?))).collect()
}
