//! Phases and steps: the work in its order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statement::{FileRef, Statement};
use crate::model::job::Focus;

/// Steps that belong together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Phase {
    /// Empty for the only phase of a small change.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub deliverables: Vec<Statement>,
    /// Only from counted evidence.
    #[serde(default)]
    pub duration: Option<Statement>,
    pub steps: Vec<Step>,
}

/// One step: afterwards the build is green again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// `1`, `2` …, counted through all phases.
    pub id: String,
    /// Prose, one line.
    pub title: String,
    /// Why this step, and why here.
    #[serde(default)]
    pub why: Vec<Statement>,
    /// What to do, in order.
    #[serde(default)]
    pub how: Vec<Statement>,
    pub files: Vec<FileChange>,
    /// What is already there and must keep working: call sites, branches.
    #[serde(default)]
    pub watch: Vec<Statement>,
    #[serde(default)]
    pub sketch: Option<Code>,
    /// Commands that show the step is done.
    #[serde(default)]
    pub validate: Vec<Command>,
    #[serde(default)]
    pub acceptance: Vec<Statement>,
    /// Criteria and requirements that the step serves, by id.
    #[serde(default)]
    pub serves: Vec<String>,
    #[serde(default)]
    pub focus: Option<StepFocus>,
    /// Only from counted evidence.
    #[serde(default)]
    pub time: Option<Statement>,
}

/// A step's part in the plan's focus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StepFocus {
    pub focus: Focus,
    pub note: Statement,
}

/// What happens to one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileChange {
    pub action: Action,
    pub file: FileRef,
    /// The new path of a rename.
    #[serde(default)]
    pub to: Option<String>,
    /// The symbols to change, best first.
    #[serde(default)]
    pub symbols: Vec<SymbolRef>,
    /// Symbols that stay as they are: what is new stands beside them.
    #[serde(default)]
    pub beside: Vec<SymbolRef>,
    /// Symbols that are read and stay as they are.
    #[serde(default)]
    pub reads: Vec<SymbolRef>,
    /// Tests that are added to it, by their ids.
    #[serde(default)]
    pub adds: Vec<String>,
    /// Why this file.
    #[serde(default)]
    pub why: Vec<Statement>,
    /// An existing file that shows how.
    #[serde(default)]
    pub like: Option<FileRef>,
    /// What verification could not find, in plain words.
    #[serde(default)]
    pub doubt: Option<String>,
}

/// What happens to a file; one to read is changed only where it has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Create,
    #[default]
    Modify,
    Delete,
    Rename,
    Read,
}

/// A symbol of the repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SymbolRef {
    /// With the type or class around it: `Cart::total`, `Cart.total`.
    pub name: String,
    /// `function`, `struct` …
    #[serde(default)]
    pub what: String,
    #[serde(default)]
    pub signature: Option<String>,
    /// Where it is defined.
    pub file: FileRef,
}

/// Code to show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Code {
    #[serde(default)]
    pub language: Option<String>,
    pub text: String,
}

/// A command to run from the root of the repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    pub line: String,
    /// What it shows, in plain words.
    #[serde(default)]
    pub shows: String,
    /// Where the repository itself says it; `None` when it is derived from one that is.
    #[serde(default)]
    pub source: Option<FileRef>,
    /// It narrows this command of the repository.
    #[serde(default)]
    pub narrows: Option<String>,
}
