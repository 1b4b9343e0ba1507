//! Repositories from data: the last state of the files, and how they came to be.
//!
//! In: files, and a history in TOML, oldest commit first, whose commits add files and edit places. Out: a bare git
//! repository, with the same hashes every time. Earlier states are found by undoing the commits, newest first.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use jiff::Timestamp;
use serde::Deserialize;

use super::fast_import::{self, Commit};

type Tree = BTreeMap<String, String>;

/// Makes the repository in a directory that does not exist yet and gives the hash of its last commit on `main`.
pub fn create(dir: &Path, files: Tree, history: &str) -> io::Result<String> {
    let commits = commits(files, history).map_err(io::Error::other)?;
    fast_import::create(dir, commits)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    commit: Vec<Step>,
}

/// A commit as the history tells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    by: String,
    at: String,
    title: String,
    body: Option<String>,
    #[serde(default)]
    adds: Vec<String>,
    #[serde(default)]
    edits: Vec<Edit>,
}

/// A place in a file, as it was and as it became.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    path: String,
    before: String,
    after: String,
}

/// The commits, oldest first. Walks from the last state back to the first.
fn commits(mut tree: Tree, history: &str) -> Result<Vec<Commit>, String> {
    let history: History = toml::from_str(history).map_err(|error| error.to_string())?;
    let mut commits = Vec::with_capacity(history.commit.len());
    for step in history.commit.iter().rev() {
        let edited = step.edits.iter().map(|edit| &edit.path);
        let touched: BTreeSet<&String> = step.adds.iter().chain(edited).collect();
        let content = |path: &String| tree.get(path).map(|text| text.clone().into_bytes());
        let changes = touched.into_iter().map(|path| (path.clone(), content(path))).collect();
        commits.push(commit(step, changes)?);
        undo(step, &mut tree)?;
    }
    if let Some(path) = tree.keys().next() {
        return Err(format!("no commit adds {path}"));
    }
    commits.reverse();
    Ok(commits)
}

fn undo(step: &Step, tree: &mut Tree) -> Result<(), String> {
    let wrong = |path: &str, what: &str| format!("{}: {path} {what}", step.title);
    for edit in step.edits.iter().rev() {
        let text = tree.get_mut(&edit.path).ok_or_else(|| wrong(&edit.path, "is not there"))?;
        if text.matches(&edit.after).count() != 1 {
            return Err(wrong(&edit.path, &format!("does not hold this once: {}", edit.after)));
        }
        *text = text.replace(&edit.after, &edit.before);
    }
    for path in &step.adds {
        tree.remove(path).ok_or_else(|| wrong(path, "is not there"))?;
    }
    Ok(())
}

fn commit(step: &Step, changes: Vec<(String, Option<Vec<u8>>)>) -> Result<Commit, String> {
    let at: Timestamp = step.at.parse().map_err(|error| format!("{}: {error}", step.title))?;
    let zone = step.at.get(19..).unwrap_or_default().replace(':', "");
    let body = step.body.as_ref().map(|body| format!("\n{body}\n")).unwrap_or_default();
    let message = format!("{}\n{body}", step.title);
    Ok(Commit { by: step.by.clone(), at: at.as_second(), zone, message, changes })
}
