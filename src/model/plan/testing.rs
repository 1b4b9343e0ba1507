//! How the change is tested.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    statement::{FileRef, Statement},
    step::{Action, Command},
};

/// The tests to write, and how to run them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Testing {
    pub cases: Vec<TestCase>,
    /// Edges in the code and the ticket that the change can break.
    pub edges: Vec<Statement>,
    pub commands: Vec<Command>,
    /// Only where the repository sets one.
    pub coverage_goal: Option<Statement>,
    pub performance: Vec<Statement>,
    pub manual: Vec<Statement>,
    /// What has no test today.
    pub gaps: Vec<Statement>,
    pub absent: Option<String>,
}

/// One test to write or extend.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TestCase {
    /// `T1`, `T2` …
    pub id: String,
    pub kind: TestKind,
    /// What it shows.
    pub what: Statement,
    /// Where it goes; `None` where the repository has no tests to stand beside.
    #[serde(default)]
    pub file: Option<FileRef>,
    pub action: Action,
    /// A name in the style of its neighbours.
    #[serde(default)]
    pub name: Option<String>,
    /// An existing case to start from.
    #[serde(default)]
    pub like: Option<FileRef>,
    /// Criteria and requirements that it shows, by id.
    #[serde(default)]
    pub serves: Vec<String>,
    /// The inputs and states that it tries.
    #[serde(default)]
    pub tries: Vec<Statement>,
}

/// What a test exercises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    #[default]
    Unit,
    Integration,
    EndToEnd,
    Performance,
    Security,
    Manual,
}
