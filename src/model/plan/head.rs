//! The head of a plan: what it answers, from which code, how sure it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statement::Statement;
use crate::model::{
    ids::{CommitId, RepoName},
    job::{Depth, Focus},
};

/// What a planner says about its draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DraftHead {
    /// `offline`, or the model's name.
    #[serde(default)]
    pub planner: String,
    /// `YYYY-MM-DD`.
    #[serde(default)]
    pub date: String,
    pub kind: Kind,
    /// Why it is of this kind, in plain words.
    pub kind_reason: String,
    #[serde(default)]
    pub focus: Option<Focus>,
    /// Why it has this focus, in plain words; empty without one.
    #[serde(default)]
    pub focus_reason: String,
    #[serde(default)]
    pub depth: Depth,
    pub confidence: Confidence,
    /// What a language model did and cost; `None` without one.
    #[serde(default)]
    pub model: Option<ModelUse>,
    /// What the planner itself left out of its words because it could not stand, in plain words.
    #[serde(default)]
    pub left_out: Vec<String>,
}

/// The head of a verified plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Head {
    /// The version of this format.
    pub format: u32,
    pub ticket: PlannedTicket,
    /// The repositories that the plan was checked against, the first being the main one.
    pub repositories: Vec<PlannedRepository>,
    /// `offline`, or the model's name.
    pub planner: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    pub kind: Kind,
    pub kind_reason: String,
    pub focus: Option<Focus>,
    pub focus_reason: String,
    pub depth: Depth,
    pub confidence: Confidence,
    /// What a language model did and cost; `None` without one.
    #[serde(default)]
    pub model: Option<ModelUse>,
}

/// What a language model did for a plan, and what it cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelUse {
    /// Whose model: `anthropic`, `openai` …
    pub provider: String,
    pub name: String,
    /// The sections that it wrote.
    pub sections: Vec<String>,
    /// Why the other sections, or all, are as the offline planner drafted them.
    #[serde(default)]
    pub stopped: Option<String>,
    /// Answers that went into the plan or were put right, replayed ones included.
    pub answers: u32,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// How much of what it said could not stand and was left out; the plan's findings name it.
    #[serde(default)]
    pub left_out: u32,
    /// By the configured prices, in their currency: `0.0432`; `None` without prices.
    #[serde(default)]
    pub cost: Option<String>,
}

/// The ticket that a plan answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedTicket {
    /// How people name it.
    pub reference: String,
    pub title: String,
    pub url: Option<String>,
    /// The tracker's type name.
    pub type_name: Option<String>,
    pub labels: Vec<String>,
    pub priority: Option<String>,
}

/// A repository that a plan was checked against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedRepository {
    pub name: RepoName,
    pub commit: CommitId,
    pub branch: Option<String>,
    /// Where people browse it; `None` for a local path.
    pub url: Option<String>,
    /// The permalink to the commit.
    pub commit_url: Option<String>,
}

/// What kind of work a ticket is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Bug,
    Feature,
    #[default]
    Change,
    Performance,
    Security,
    Documentation,
    Chore,
}

impl Kind {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bug => "Bug",
            Self::Feature => "Feature",
            Self::Change => "Change",
            Self::Performance => "Performance",
            Self::Security => "Security",
            Self::Documentation => "Documentation",
            Self::Chore => "Chore",
        }
    }
}

/// How far the place of the change can be trusted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Confidence {
    pub level: Level,
    pub reasons: Vec<Statement>,
}

/// Three steps of anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    #[default]
    Low,
    Medium,
    High,
}
