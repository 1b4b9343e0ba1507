//! What verification found wrong with a draft.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that could not be verified, and what was done about it. `Display` says it in plain words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub kind: FindingKind,
    /// What the draft said.
    pub said: String,
    /// The nearest thing that exists.
    pub nearest: Option<String>,
    pub done: Remedy,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// No such file at the commit.
    MissingPath,
    /// A file to create exists already.
    AlreadyExists,
    /// The folder of a file to create does not exist yet.
    NewFolder,
    /// No such symbol in that file.
    MissingSymbol,
    /// The lines are not in the file.
    LinesOutside,
    /// The repository has no such command.
    UnknownCommand,
    /// The history that was read has no such commit.
    UnknownCommit,
    /// The repository was not read.
    UnknownRepository,
    /// The quote does not stand in the ticket.
    MissingQuote,
    /// A placeholder of a template was left.
    Placeholder,
    /// A link to a place that is not the ticket's nor the repository's.
    ForeignLink,
    /// A file that a tool makes.
    GeneratedFile,
    /// An id that no criterion or requirement has.
    UnknownId,
    /// A package that no manifest declares.
    UnknownPackage,
    /// A model said something that could not stand.
    LeftOut,
    /// The manifest declares another version of the package.
    UnknownVersion,
    /// Neither the ticket nor the history names this ticket.
    UnknownReference,
    /// No step or no test serves the criterion.
    NotCovered,
    /// A requirement of security, speed or reliability that no step and no test serves.
    OpenRequirement,
    /// A step that nobody could start, or see the end of.
    VagueStep,
    /// A decision that does not say why.
    UnreasonedDecision,
    /// A file of a step that belongs to no component.
    UnplacedFile,
    /// A risk without an answer.
    UnansweredRisk,
    /// A criterion of the ticket that nobody could check.
    VagueCriterion,
    /// A sign of success that nobody could check.
    VagueSuccess,
}

/// What verification did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    Dropped,
    Corrected,
    Marked,
    Listed,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = &self.said;
        match self.kind {
            FindingKind::MissingPath => write!(f, "`{said}` is not in the repository"),
            FindingKind::AlreadyExists => write!(f, "`{said}` was to be made and exists already"),
            FindingKind::NewFolder => write!(f, "the folder `{said}` is new"),
            FindingKind::MissingSymbol => write!(f, "`{said}` is not defined there"),
            FindingKind::LinesOutside => write!(f, "`{said}` names lines that the file does not have"),
            FindingKind::UnknownCommand => write!(f, "`{said}` is not a command of this repository"),
            FindingKind::UnknownCommit => write!(f, "commit `{said}` is not in the history that was read"),
            FindingKind::UnknownRepository => write!(f, "repository `{said}` was not read"),
            FindingKind::MissingQuote => write!(f, "“{said}” does not stand in the ticket"),
            FindingKind::Placeholder => write!(f, "the placeholder `{said}` was left"),
            FindingKind::ForeignLink => write!(f, "`{said}` leads outside the tracker and the repository"),
            FindingKind::GeneratedFile => write!(f, "`{said}` is made by a tool"),
            FindingKind::UnknownId => write!(f, "`{said}` is no criterion or requirement of the ticket"),
            FindingKind::UnknownPackage => write!(f, "package `{said}` is in no manifest"),
            FindingKind::LeftOut => f.write_str(said),
            FindingKind::UnknownVersion => write!(f, "`{said}` is not the version that the manifest declares"),
            FindingKind::UnknownReference => write!(f, "`{said}` is named neither by the ticket nor by the history"),
            FindingKind::NotCovered => write!(f, "{said} is not fully covered"),
            FindingKind::OpenRequirement => write!(f, "{said} is served by no step and no test"),
            FindingKind::VagueStep => write!(f, "{said}"),
            FindingKind::UnreasonedDecision => write!(f, "no reason is given for “{said}”"),
            FindingKind::UnplacedFile => write!(f, "{said} belongs to no component of the architecture"),
            FindingKind::UnansweredRisk => write!(f, "nothing is said against “{said}”"),
            FindingKind::VagueCriterion => write!(f, "{said} can hardly be checked as it is worded"),
            FindingKind::VagueSuccess => write!(f, "nobody could measure “{said}”"),
        }?;
        if let Some(nearest) = &self.nearest {
            write!(f, "; nearest is `{nearest}`")?;
        }
        f.write_str(match self.done {
            Remedy::Dropped => "; dropped",
            Remedy::Corrected => "; corrected",
            Remedy::Marked => "; marked",
            Remedy::Listed => "",
        })
    }
}
