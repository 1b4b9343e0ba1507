//! A repository on this machine, read in place for the commands that print.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;

use crate::{
    clock::SystemClock,
    config::{Cache, Config, Sources, load},
    model::RepoName,
    repo::context::Repositories,
    trackers::CodeSource,
};

/// A local repository and what reads it.
pub struct LocalRepository {
    pub source: Repositories,
    pub code: CodeSource,
}

impl LocalRepository {
    /// Opens a folder; indexes are cached in the user's cache folder.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let path = path.canonicalize().with_context(|| format!("there is no folder {}", path.display()))?;
        let name = path.file_name().map_or_else(|| "repository".into(), |name| name.to_string_lossy().into_owned());
        let cache = Cache { dir: cache_folder(), local_roots: vec![path.clone()], ..defaults()?.cache };
        let code = CodeSource {
            name: RepoName::new(name.trim_end_matches(".git")),
            url: path.to_string_lossy().into_owned(),
            credentials: None,
            web: None,
        };
        Ok(Self { source: Repositories::new(cache.to_settings(), Arc::new(SystemClock)), code })
    }
}

/// `$XDG_CACHE_HOME/planwright`, `~/.cache/planwright`, or a folder beside temporary files.
pub fn cache_folder() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .unwrap_or_else(std::env::temp_dir);
    base.join("planwright")
}

/// The built-in defaults.
fn defaults() -> anyhow::Result<Config> {
    Ok(load(&Sources { files: Vec::new(), env: Default::default(), read_secrets: true })?)
}
