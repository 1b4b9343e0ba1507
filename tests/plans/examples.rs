//! The examples: tickets and repositories kept as data, and what their plans are made from.
//!
//! `repos/NAME/files` is a repository's last state, `repos/NAME/history.toml` how it came to be; `tickets/*.toml` are the
//! tickets as their trackers' users wrote them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use planwright::{
    model::{
        RepoName,
        context::{Context, WebLinks, WebStyle},
        job::PlanOptions,
        plan::Plan,
        ticket::Ticket,
    },
    planner::{Brief, offline, verify::verify},
    repo::{ContextSource, RepoSettings, Repositories},
    sandbox::{history, shop},
    trackers::CodeSource,
};

use super::trackers::{self, Still, Written};

/// A ticket with what its repository says about it.
pub struct Example {
    /// The ticket file's name.
    pub name: String,
    pub ticket: Ticket,
    pub contexts: Vec<Context>,
}

impl Example {
    /// Its plan.
    pub fn plan(&self) -> Plan {
        let options = PlanOptions::default();
        let brief = Brief { ticket: &self.ticket, contexts: &self.contexts, options: &options, date: "2025-07-01" };
        verify(offline::draft(brief), &self.contexts, &self.ticket)
    }
}

/// All examples, in the order of their names. Repositories are made in `dir`.
pub async fn all(dir: &Path) -> Vec<Example> {
    let (names, written): (Vec<String>, Vec<Written>) = tickets().into_iter().unzip();
    let read = trackers::read(&written).await;
    let source = Repositories::new(settings(dir), Arc::new(Still));
    let mut out = Vec::new();
    for ((name, written), ticket) in names.into_iter().zip(written).zip(read) {
        let code = code(dir, &written.repository);
        let context = source.gather(&ticket, &code, None).await.expect("a context");
        out.push(Example { name, ticket, contexts: vec![context] });
    }
    out
}

/// The ticket files.
fn tickets() -> Vec<(String, Written)> {
    let files = fs::read_dir(data().join("tickets")).expect("the tickets");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a ticket").path()).collect();
    paths.sort();
    let ticket = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a ticket's text");
        let written = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), written)
    };
    paths.iter().map(ticket).collect()
}

/// The repository of this name, made where it is not there yet.
fn code(dir: &Path, name: &str) -> CodeSource {
    let path = dir.join(format!("{name}.git"));
    if !path.exists() {
        make(&path, name);
    }
    CodeSource {
        name: RepoName::new(format!("acme/{name}")),
        url: path.to_string_lossy().into_owned(),
        credentials: None,
        web: Some(WebLinks { style: WebStyle::GitHub, base: format!("https://git.acme.test/acme/{name}") }),
    }
}

fn make(path: &Path, name: &str) {
    let home = data().join("repos").join(name);
    if !home.exists() {
        shop::create(path).expect("the demo's shop");
        return;
    }
    let told = fs::read_to_string(home.join("history.toml")).expect("a history");
    let mut files = BTreeMap::new();
    collect(&home.join("files"), "", &mut files);
    history::create(path, files, &told).unwrap_or_else(|error| panic!("{name}: {error}"));
}

/// The files below a folder, by their paths from it.
fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = format!("{below}{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read_to_string(&path).expect("a text"));
        }
    }
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans")
}

fn settings(dir: &Path) -> RepoSettings {
    RepoSettings {
        cache: dir.join("cache"),
        local_roots: vec![dir.to_owned()],
        git_timeout_secs: 60,
        max_repository_bytes: 1 << 30,
        max_cache_bytes: 1 << 30,
        history_commits: 1_000,
        fresh_secs: 60,
    }
}
