//! The typed plan: what planners produce, verification checks and every template renders.
//!
//! In: nothing; these are plain values. Out: [`Draft`] from a planner, [`Plan`] from verification. Texts are prose: plain
//! text in which backticks mark code, never Markdown or HTML. A section with nothing behind it is empty and says in
//! `absent` what was looked for. Only `planner::verify` makes a [`Plan`]; nothing here reads a repository.

mod changes;
pub mod design;
pub mod finding;
pub mod head;
pub mod operation;
pub mod overview;
pub mod statement;
pub mod step;
pub mod testing;
mod visit;

use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use changes::*;
pub use design::*;
pub use finding::*;
pub use head::*;
pub use operation::*;
pub use overview::*;
pub use statement::*;
pub use step::*;
pub use testing::*;

/// A plan before verification.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Draft {
    pub head: DraftHead,
    #[serde(flatten)]
    pub sections: Sections,
}

/// A verified plan: everything in it that names the repository was found there, or is marked.
///
/// Only `planner::verify` makes one; a stored one is read back by deserialising.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Plan(Verified);

/// What a plan holds; reached through [`Plan`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verified {
    pub head: Head,
    #[serde(flatten)]
    pub sections: Sections,
    /// One row for each acceptance criterion, in their order.
    pub coverage: Vec<Coverage>,
    /// What verification had to say, gravest first.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// Seals what verification checked. Called by `planner::verify` and by nothing else.
    pub(crate) fn seal(verified: Verified) -> Self {
        Self(verified)
    }
}

impl Deref for Plan {
    type Target = Verified;

    fn deref(&self) -> &Verified {
        &self.0
    }
}

/// All that a plan says, section by section, wide enough for every template pack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Sections {
    pub overview: Overview,
    /// What the ticket asks for, apart from its acceptance criteria.
    pub requirements: Vec<Requirement>,
    /// The acceptance criteria, in the ticket's order.
    pub criteria: Vec<Criterion>,
    pub architecture: Architecture,
    pub technology: Vec<Technology>,
    /// Existing code and past changes that show how it is done here.
    pub follow: Vec<Statement>,
    /// The steps, in the order of work; one untitled phase for a small change.
    pub phases: Vec<Phase>,
    pub data: Data,
    pub interfaces: Interfaces,
    pub testing: Testing,
    pub security: Security,
    pub performance: Performance,
    pub reliability: Reliability,
    pub dependencies: Dependencies,
    pub rollout: Rollout,
    pub risks: Vec<Risk>,
    pub questions: Vec<Question>,
    /// How to see that it is done.
    pub success: Vec<Statement>,
    /// What others must learn or be told.
    pub handover: Vec<Statement>,
    /// What this change leaves for later.
    pub future: Vec<Statement>,
    pub references: Vec<Statement>,
    /// Files that nearly made the list of changes, with the reason.
    pub considered: Vec<Statement>,
    /// Sections that a user's pack asks for.
    pub extra: Vec<ExtraSection>,
}

impl Sections {
    /// All steps, in the order of work.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.phases.iter().flat_map(|phase| &phase.steps)
    }
}

/// The JSON Schema (2020-12) of a [`Plan`].
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Verified).to_value();
    schema["title"] = Value::from("Plan");
    schema
}

/// The JSON Schema (2020-12) of a [`Draft`]: what a model is asked to fill.
pub fn draft_schema() -> Value {
    schemars::schema_for!(Draft).to_value()
}
