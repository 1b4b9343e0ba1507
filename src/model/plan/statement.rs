//! Statements, and where each comes from.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::ids::{CommitId, RepoName};

/// One thing that the plan says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// Prose: plain text in which backticks mark code.
    pub text: String,
    pub basis: Basis,
    #[serde(default)]
    pub citations: Vec<Citation>,
}

impl Statement {
    /// A statement on this basis, without citations.
    pub fn new(basis: Basis, text: impl Into<String>) -> Self {
        Self { text: text.into(), basis, citations: Vec::new() }
    }

    /// The same statement with one citation more.
    pub fn citing(mut self, citation: Citation) -> Self {
        self.citations.push(citation);
        self
    }

    /// The same statement with a file cited.
    pub fn at(self, file: FileRef) -> Self {
        self.citing(Citation::File(file))
    }
}

/// What a statement rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The ticket says so.
    Ticket,
    /// The repository at the commit says so.
    Repository,
    /// Its history says so.
    History,
    /// A guideline of the repository or of the operator says so.
    Guideline,
    /// A language model says so.
    #[default]
    Model,
}

/// A place that supports a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Citation {
    /// Words of the ticket.
    Ticket {
        quote: String,
        place: Place,
    },
    File(FileRef),
    Commit(CommitRef),
}

/// Where in the ticket something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Place {
    Title,
    /// The body, under this heading where there is one.
    #[default]
    Body,
    Section {
        heading: String,
    },
    /// A field that the tracker keeps apart.
    Field {
        name: String,
    },
    /// A comment; `date` is `YYYY-MM-DD`.
    Comment {
        author: String,
        date: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Title => f.write_str("title"),
            Self::Body => f.write_str("description"),
            Self::Section { heading } => write!(f, "“{heading}”"),
            Self::Field { name } => write!(f, "field “{name}”"),
            Self::Comment { author, date } => write!(f, "comment by {author}, {date}"),
        }
    }
}

/// A file of a repository, perhaps some lines of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct FileRef {
    /// Which repository; `None` for the plan's first.
    #[serde(default)]
    pub repository: Option<RepoName>,
    /// Repository-relative, with `/`.
    pub path: String,
    #[serde(default)]
    pub lines: Option<Lines>,
    /// The symbol that these lines define, where one is meant.
    #[serde(default)]
    pub symbol: Option<String>,
    /// The permalink; set by verification.
    #[serde(default)]
    pub url: Option<String>,
}

impl FileRef {
    /// A whole file of the plan's first repository.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// The same file in this repository.
    pub fn of(mut self, repository: Option<RepoName>) -> Self {
        self.repository = repository;
        self
    }

    /// The same file at these lines, counted from 1, both included.
    pub fn lines(mut self, first: u32, last: u32) -> Self {
        self.lines = Some(Lines { first, last: last.max(first) });
        self
    }

    /// The same file at a symbol.
    pub fn symbol(mut self, name: impl Into<String>) -> Self {
        self.symbol = Some(name.into());
        self
    }

    /// `src/cart.rs`, `src/cart.rs:40` or `src/cart.rs:40-62`.
    pub fn label(&self) -> String {
        match self.lines {
            None => self.path.clone(),
            Some(Lines { first, last }) if first == last => format!("{}:{first}", self.path),
            Some(Lines { first, last }) => format!("{}:{first}-{last}", self.path),
        }
    }
}

/// A range of lines, counted from 1, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Lines {
    pub first: u32,
    pub last: u32,
}

/// A commit of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct CommitRef {
    /// Which repository; `None` for the plan's first.
    #[serde(default)]
    pub repository: Option<RepoName>,
    pub id: CommitId,
    pub subject: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// The permalink; set by verification.
    #[serde(default)]
    pub url: Option<String>,
}
