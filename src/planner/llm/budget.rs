//! How many plans a model may draft in a day, all together and for one repository.
//!
//! In: the plan's day and repository. Out: leave, or why not. The count is kept in a file beside the replies, one a day,
//! so that a restart does not start it anew; processes that share the folder share the count.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use super::replies::write_private;

/// Gives leave for plans.
pub trait Budget: Send + Sync {
    /// Counts one plan for a repository (empty where the ticket has none) on a day (`YYYY-MM-DD`).
    fn take(&self, day: &str, repository: &str) -> Result<(), NoLeave>;
}

/// Why there is no leave.
#[derive(Debug, thiserror::Error)]
pub enum NoLeave {
    #[error("the budget of {0} plans for today is used up")]
    Day(u32),
    #[error("the budget of {0} plans for this repository today is used up")]
    Repository(u32),
    #[error("the budget cannot be counted: {0}")]
    Broken(#[from] io::Error),
}

/// The limits; 0 means none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    pub plans_per_day: u32,
    pub plans_per_repository: u32,
}

/// A count in a folder.
pub struct FolderBudget {
    folder: PathBuf,
    limits: Limits,
}

/// The plans of a day.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Count {
    all: u32,
    repositories: BTreeMap<String, u32>,
}

impl FolderBudget {
    /// A count in this folder, which is made when the first plan comes.
    pub fn new(folder: impl Into<PathBuf>, limits: Limits) -> Self {
        Self { folder: folder.into(), limits }
    }
}

impl Budget for FolderBudget {
    fn take(&self, day: &str, repository: &str) -> Result<(), NoLeave> {
        let Limits { plans_per_day, plans_per_repository } = self.limits;
        if plans_per_day == 0 && plans_per_repository == 0 {
            return Ok(());
        }
        let lock_path = self.folder.join("lock");
        write_private(&self.folder.join("about"), b"Plans drafted by the model, counted by day.\n")?;
        let lock = File::options().create(true).truncate(false).write(true).open(lock_path)?;
        lock.lock()?;
        let day: String = day.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
        let path = self.folder.join(format!("{day}.json"));
        let mut count: Count = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::from)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Count::default(),
            Err(error) => return Err(error.into()),
        };
        let here = count.repositories.entry(repository.to_owned()).or_default();
        if plans_per_day != 0 && count.all >= plans_per_day {
            return Err(NoLeave::Day(plans_per_day));
        }
        if plans_per_repository != 0 && *here >= plans_per_repository {
            return Err(NoLeave::Repository(plans_per_repository));
        }
        (*here, count.all) = (here.saturating_add(1), count.all.saturating_add(1));
        write_private(&path, &serde_json::to_vec(&count).map_err(io::Error::from)?)?;
        Ok(())
    }
}
