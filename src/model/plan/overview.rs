//! What is to be done: summary, decisions, complexity, requirements and acceptance criteria.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    head::Level,
    statement::{FileRef, Place, Statement},
};

/// The overview.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Overview {
    pub summary: Vec<Statement>,
    pub decisions: Vec<Decision>,
    /// Interfaces, formats and values of the ticket to build against, in its words.
    pub given: Vec<Statement>,
    pub complexity: Complexity,
    /// What similar past changes took, counted; empty when none is similar enough.
    pub effort: Vec<Statement>,
}

/// Something settled, by the ticket or by the code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    pub what: Statement,
    #[serde(default)]
    pub why: Option<Statement>,
    #[serde(default)]
    pub alternatives: Vec<Statement>,
}

/// How large the change is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Complexity {
    pub level: Size,
    /// What was counted to say so.
    pub counted: Vec<Statement>,
}

/// The size of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    Trivial,
    #[default]
    Simple,
    Medium,
    Complex,
}

/// Something that the ticket asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// `R1`, `R2` …
    pub id: String,
    pub kind: RequirementKind,
    /// The ticket's words.
    pub text: String,
    pub place: Place,
    /// A maintainer's later comment takes it back.
    #[serde(default)]
    pub overruled: bool,
}

/// What a requirement is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    #[default]
    Functional,
    Performance,
    Security,
    Reliability,
    Scalability,
    Compatibility,
}

/// An acceptance criterion of the ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Criterion {
    /// `AC1`, `AC2` …
    pub id: String,
    /// The ticket's words.
    pub text: String,
    pub place: Place,
    /// The ticket already ticks it off.
    #[serde(default)]
    pub done: bool,
    /// A maintainer's later comment takes it back.
    #[serde(default)]
    pub overruled: bool,
}

/// How a criterion is met by the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    pub criterion: String,
    /// The steps that serve it, by id.
    pub steps: Vec<String>,
    /// The tests that show it, by id.
    pub tests: Vec<String>,
    pub status: CoverageStatus,
}

/// Whether a criterion is met by the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoverageStatus {
    /// A step and a test.
    Covered,
    /// A step without a test, or a test without a step.
    Partly,
    NotCovered,
    /// The ticket already ticks it off.
    Done,
    /// A maintainer's later comment takes it back.
    Overruled,
}

/// A risk of this change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Risk {
    pub kind: RiskKind,
    pub risk: Statement,
    pub likelihood: Level,
    pub impact: Level,
    pub mitigation: Statement,
}

/// What a risk threatens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskKind {
    #[default]
    Technical,
    Business,
    Timeline,
}

/// Something that only a person can answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    pub ask: Statement,
    /// What depends on the answer.
    #[serde(default)]
    pub decides: String,
}

/// A technology in use, with the file that says so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Technology {
    /// `Language`, `Framework`, `Database`, `Testing` …
    pub role: String,
    pub name: String,
    #[serde(default)]
    pub version: Option<String>,
    #[serde(default)]
    pub file: Option<FileRef>,
    #[serde(default)]
    pub rationale: Option<Statement>,
}
