//! Tests of `config`: layers, secrets, every problem named, the examples and the reference.

mod deploy;
mod examples;
mod jira;
mod layers;
mod problems;
mod reference;
mod secrets;

use std::{collections::BTreeMap, path::PathBuf};

use planwright::config::{Config, Problems, Sources, load};
use tempfile::TempDir;

/// A connection that is right, to stand beside what a test is about.
const CONNECTION: &str = r#"
[[connections]]
name = "acme"
tracker = "github"
webhook_secrets = ["a webhook secret"]
auth = { token = "ghp_0123" }
"#;

/// Files in a folder of their own, and an environment.
struct Case {
    folder: TempDir,
    files: Vec<PathBuf>,
    env: BTreeMap<String, String>,
}

impl Case {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), files: Vec::new(), env: BTreeMap::new() }
    }

    /// Adds a layer.
    fn file(mut self, text: &str) -> Self {
        let path = self.folder.path().join(format!("{}.toml", self.files.len()));
        std::fs::write(&path, text).unwrap();
        self.files.push(path);
        self
    }

    /// Sets a variable.
    fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    fn load(&self) -> Result<Config, Problems> {
        load(&Sources { files: self.files.clone(), env: self.env.clone(), read_secrets: true })
    }

    /// Every problem as `key: message`, without the folder's name.
    fn problems(&self) -> Vec<String> {
        let folder = format!("{}/", self.folder.path().display());
        match self.load() {
            Ok(_) => Vec::new(),
            Err(Problems(problems)) => problems.iter().map(|p| p.to_string().replace(&folder, "")).collect(),
        }
    }
}
