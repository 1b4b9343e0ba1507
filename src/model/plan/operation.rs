//! Security, performance, reliability, dependencies and rollout.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statement::{FileRef, Statement};

/// What the change must keep safe.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Security {
    /// Who the caller is, and what they may do.
    pub access: Vec<Statement>,
    /// Input from outside: what is checked, what is cleaned.
    pub input: Vec<Statement>,
    pub secrets: Vec<Statement>,
    /// Stored or moved data of people.
    pub data: Vec<Statement>,
    pub checklist: Vec<Statement>,
    pub absent: Option<String>,
}

/// How fast it must be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Performance {
    pub targets: Vec<Statement>,
    pub strategies: Vec<Statement>,
    pub monitoring: Vec<Statement>,
    pub absent: Option<String>,
}

/// What it must withstand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Reliability {
    /// What is asked of failures, repeats, restarts and limits.
    pub requirements: Vec<Statement>,
    pub absent: Option<String>,
}

/// What the change stands on, and what stands on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Dependencies {
    /// The repository's own package manager.
    pub manager: Option<Statement>,
    pub packages: Vec<Package>,
    pub services: Vec<Statement>,
    pub configuration: Vec<Statement>,
    /// Work that must be done before.
    pub upstream: Vec<Statement>,
    /// Who is affected.
    pub downstream: Vec<Statement>,
    pub infrastructure: Vec<Statement>,
    pub absent: Option<String>,
}

/// A package that the change uses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Package {
    pub name: String,
    #[serde(default)]
    pub version: Option<String>,
    pub change: PackageChange,
    /// Where it is declared.
    #[serde(default)]
    pub file: Option<FileRef>,
    #[serde(default)]
    pub note: Option<Statement>,
}

/// What happens to a package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PackageChange {
    #[default]
    Used,
    Add,
    Upgrade,
    Remove,
}

/// How the change reaches people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Rollout {
    pub flags: Vec<Statement>,
    pub migration: Vec<Statement>,
    pub compatibility: Vec<Statement>,
    /// Checks and reviews before it is merged.
    pub before: Vec<Statement>,
    pub staging: Vec<Statement>,
    pub production: Vec<Statement>,
    pub rollback: Vec<Statement>,
    /// Logs, metrics, traces and alerts.
    pub monitoring: Vec<Statement>,
    /// Figures of today, to compare with after the release.
    pub figures: Vec<Statement>,
    /// Who looks after it.
    pub support: Vec<Statement>,
    pub absent: Option<String>,
}

/// A section that a user's pack asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExtraSection {
    pub title: String,
    pub statements: Vec<Statement>,
}
