//! A pack: what it is for, which tickets it suits, and its texts.

use serde::{Deserialize, Serialize};

/// A template pack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pack {
    /// Its folder's name: what `/plan NAME` asks for.
    pub name: String,
    pub title: String,
    pub description: String,
    /// The tickets it is chosen for when nobody asks for another.
    pub matches: Matches,
    pub publish: Publish,
    /// Sections that this pack adds, with the question each must answer.
    pub sections: Vec<ExtraQuestion>,
    /// The template of the document.
    pub plan: String,
    /// What a model is told besides the plan's schema.
    pub prompt: String,
    /// The path of `plan.md.hbs`, for messages.
    pub origin: String,
    /// The ticket's repository carries it.
    pub is_own: bool,
}

/// `pack.toml`. Unknown keys are refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub title: String,
    pub description: String,
    #[serde(default)]
    pub matches: Matches,
    #[serde(default)]
    pub publish: Publish,
    #[serde(default)]
    pub sections: Vec<ExtraQuestion>,
}

/// Which tickets a pack suits; compared without regard to case. Empty lists match nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Matches {
    /// The tracker's type names.
    pub types: Vec<String>,
    pub labels: Vec<String>,
    /// `owner/repo` on GitHub, the project key on Jira, the project on Azure DevOps.
    pub projects: Vec<String>,
}

/// Where a pack's documents go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publish {
    /// A comment, or a document when it does not fit.
    #[default]
    Auto,
    Comment,
    Document,
}

/// A section that a pack adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraQuestion {
    pub title: String,
    /// What the section must answer.
    pub question: String,
}
