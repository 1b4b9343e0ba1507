//! Architecture, data and interfaces.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    statement::{FileRef, Statement},
    step::Code,
};

/// How the touched parts fit together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Architecture {
    pub pattern: Option<Statement>,
    pub rationale: Vec<Statement>,
    /// How the change joins what is there.
    pub integration: Vec<Statement>,
    pub components: Vec<Component>,
    /// A Mermaid diagram, without its fence.
    pub diagram: Option<String>,
}

/// A part of the system that the change touches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Component {
    pub name: String,
    pub kind: ComponentKind,
    pub files: Vec<FileRef>,
    #[serde(default)]
    pub note: Option<Statement>,
}

/// What a component is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComponentKind {
    Data,
    #[default]
    Service,
    Interface,
    Integration,
    /// Screens and pages.
    View,
    /// Build, settings, documentation.
    Support,
}

/// What happens to stored data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Data {
    pub changes: Vec<SchemaChange>,
    pub entities: Vec<Entity>,
    pub relations: Vec<Statement>,
    pub indexes: Vec<Statement>,
    /// What happens to rows that exist.
    pub migration: Vec<Statement>,
    pub notes: Vec<Statement>,
    /// What was looked for when nothing is here.
    pub absent: Option<String>,
}

/// A change of the schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SchemaChange {
    pub what: Statement,
    #[serde(default)]
    pub file: Option<FileRef>,
    #[serde(default)]
    pub forward: Option<Code>,
    #[serde(default)]
    pub rollback: Option<Code>,
}

/// A stored thing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    pub name: String,
    #[serde(default)]
    pub file: Option<FileRef>,
    #[serde(default)]
    pub fields: Vec<NamedText>,
}

/// A name with what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NamedText {
    pub name: String,
    pub text: String,
}

/// What other programs call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Interfaces {
    pub endpoints: Vec<Endpoint>,
    /// Public functions, command line options, messages.
    pub notes: Vec<Statement>,
    pub absent: Option<String>,
}

/// One route, topic or command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Endpoint {
    /// `GET`, `POST` …; empty where there is none.
    pub method: String,
    pub path: String,
    /// It is there already.
    pub existing: bool,
    /// Where it is declared, or where a new one belongs.
    #[serde(default)]
    pub file: Option<FileRef>,
    #[serde(default)]
    pub handler: Option<String>,
    #[serde(default)]
    pub change: Vec<Statement>,
    #[serde(default)]
    pub request: Option<Code>,
    #[serde(default)]
    pub response: Option<Code>,
    #[serde(default)]
    pub errors: Vec<NamedText>,
    #[serde(default)]
    pub authentication: Option<Statement>,
    #[serde(default)]
    pub validation: Vec<Statement>,
}
