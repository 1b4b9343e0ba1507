//! Small git repositories in temporary folders, built from data.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use planwright::{
    clock::Clock,
    model::{ConnectionName, RepoName, TicketId, TicketKey, context::Context, ticket::Ticket},
    repo::{ContextSource, RepoError, RepoSettings, Repositories},
    richtext::{Block, Doc, Inline},
    trackers::CodeSource,
};
use uuid::Uuid;

/// A repository that tests write into.
pub struct World {
    folder: tempfile::TempDir,
    seconds: std::cell::Cell<u32>,
}

/// A clock that stands still.
pub struct Still;

impl Clock for Still {
    fn now_ms(&self) -> i64 {
        1_700_000_000_000
    }

    fn new_id(&self) -> Uuid {
        Uuid::nil()
    }
}

impl World {
    /// An empty repository on branch `main`.
    pub fn empty() -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap(), seconds: 0.into() };
        std::fs::create_dir(world.path()).unwrap();
        world.git(&["init", "-q", "-b", "main"]);
        world
    }

    /// A repository with one commit of these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let world = Self::empty();
        world.commit("Start", files);
        world
    }

    /// The work tree.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    /// The folder around it.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Runs git in the work tree.
    pub fn git(&self, args: &[&str]) -> String {
        self.seconds.set(self.seconds.get() + 60);
        let date = format!("{} +0000", 1_600_000_000 + self.seconds.get());
        let out = Command::new("git")
            .args(args)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([("GIT_AUTHOR_NAME", "Ann"), ("GIT_AUTHOR_EMAIL", "ann@example.org")])
            .envs([("GIT_COMMITTER_NAME", "Ann"), ("GIT_COMMITTER_EMAIL", "ann@example.org")])
            .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    }

    /// Writes files and commits them; returns the commit.
    pub fn commit(&self, message: &str, files: &[(&str, &str)]) -> String {
        for (path, text) in files {
            let path = self.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// A source of context whose only root is this world.
    pub fn repositories(&self) -> Repositories {
        Repositories::new(settings(self.root()), Arc::new(Still))
    }

    /// Where the repository is.
    pub fn source(&self) -> CodeSource {
        source(&self.path().to_string_lossy())
    }

    /// Context for a ticket at the default branch.
    pub async fn gather(&self, title: &str, body: &str) -> Result<Context, RepoError> {
        self.repositories().gather(&ticket(title, body), &self.source(), None).await
    }
}

/// Settings with one allowed root.
pub fn settings(root: &Path) -> RepoSettings {
    RepoSettings {
        cache: root.join("cache"),
        local_roots: vec![root.to_owned()],
        git_timeout_secs: 30,
        max_repository_bytes: 1 << 30,
        max_cache_bytes: 1 << 30,
        history_commits: 1_000,
        fresh_secs: 60,
    }
}

/// A place of code without login.
pub fn source(url: &str) -> CodeSource {
    CodeSource { name: RepoName::new("acme/shop"), url: url.to_owned(), credentials: None, web: None }
}

/// A ticket whose body is paragraphs; text in backticks is code.
pub fn ticket(title: &str, body: &str) -> Ticket {
    let inlines = |line: &str| {
        let piece = |(at, text): (usize, &str)| match at % 2 {
            0 => Inline::text(text),
            _ => Inline::Code { text: text.to_owned() },
        };
        line.split('`').enumerate().map(piece).collect()
    };
    Ticket {
        key: TicketKey::new(ConnectionName::new("test"), TicketId::new("acme/shop#1")),
        reference: "acme/shop#1".to_owned(),
        url: None,
        project: "acme/shop".to_owned(),
        title: title.to_owned(),
        body: Doc { blocks: body.lines().map(|line| Block::Paragraph { content: inlines(line) }).collect() },
        fields: Vec::new(),
        type_name: None,
        labels: Vec::new(),
        places: Vec::new(),
        priority: None,
        milestone: None,
        state: Default::default(),
        author: None,
        assignees: Vec::new(),
        parent: None,
        children: Vec::new(),
        links: Vec::new(),
        comments: Vec::new(),
        attachments: Vec::new(),
    }
}
