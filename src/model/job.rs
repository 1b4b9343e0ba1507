//! Jobs: durable work with a key, attempts and a lease.

use serde::{Deserialize, Serialize};

use super::{
    event::{Actor, Notice},
    ids::{CommentId, JobId, TicketKey},
};

/// What a job does. Holds keys and options, never ticket text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Make a plan and publish it.
    Plan(PlanRequest),
    /// Answer a command with a short comment.
    Reply(ReplyRequest),
    /// Look again at the plan that stands, and say in its comment what is stale.
    Review(ReviewRequest),
}

impl Work {
    /// `plan`, `reply` or `review`: the column that coalescing and metrics use.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Plan(_) => "plan",
            Self::Reply(_) => "reply",
            Self::Review(_) => "review",
        }
    }

    /// The ticket's project.
    pub fn project(&self) -> &str {
        match self {
            Self::Plan(request) => &request.project,
            Self::Reply(request) => &request.project,
            Self::Review(request) => &request.project,
        }
    }

    /// The notification that asked, where the tracker is to confirm it.
    pub fn notice(&self) -> Option<&Notice> {
        match self {
            Self::Plan(request) => request.notice.as_ref(),
            Self::Reply(request) => request.notice.as_ref(),
            Self::Review(_) => None,
        }
    }

    /// Who asked.
    pub fn asked_by(&self) -> &Actor {
        match self {
            Self::Plan(request) => &request.asked_by,
            Self::Reply(request) => &request.asked_by,
            Self::Review(request) => &request.because_of,
        }
    }
}

/// A request for a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRequest {
    pub asked_by: Actor,
    /// The ticket's project, for rules by project.
    #[serde(default)]
    pub project: String,
    pub trigger: Trigger,
    #[serde(default)]
    pub options: PlanOptions,
    /// The notification that asked, where the tracker is to confirm it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// What made the bot start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A label was added.
    Label { label: String },
    /// A command in a comment.
    Command { comment: CommentId },
    /// A new ticket of a story type.
    Story { type_name: String },
    /// The command line.
    Manual,
}

/// What a person may choose with `/plan`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanOptions {
    /// Which template pack.
    pub template: Option<String>,
    pub focus: Option<Focus>,
    pub depth: Option<Depth>,
    /// Which repository, by its configured name.
    pub repository: Option<String>,
    /// What should be different in the next version (`/plan revise TEXT`).
    pub revise: Option<String>,
}

/// What the plan should weigh most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Focus {
    Performance,
    Security,
    Reliability,
    Simplicity,
    Cost,
}

/// How long the plan may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    Brief,
    #[default]
    Normal,
    Full,
}

/// A short answer to a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyRequest {
    pub asked_by: Actor,
    /// The ticket's project, for rules by project.
    #[serde(default)]
    pub project: String,
    /// The comment that asked.
    pub comment: CommentId,
    pub reply: Reply,
    /// The notification that asked, where the tracker is to confirm it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// A look at the plan that stands. It makes no plan, asks no model and needs no permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRequest {
    /// Who edited the ticket; Planwright itself where a branch moved.
    pub because_of: Actor,
    /// The ticket's project.
    #[serde(default)]
    pub project: String,
    pub cause: ReviewCause,
}

/// Why a plan is looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewCause {
    /// The ticket was edited.
    Edited,
    /// Files that the plan cites changed on its branch.
    Moved,
}

/// Which short answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// `/plan help`.
    Help,
    /// `/plan status`.
    Status,
    /// `/plan cancel`.
    Cancel,
    /// A command that could not be read: what was wrong, and the nearest right command.
    Wrong { problem: String, nearest: Option<String> },
}

/// A job to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub ticket: TicketKey,
    pub reference: String,
    pub semantic_key: String,
    pub asked_by: String,
    pub work: Work,
}

/// A job that this worker holds under a lease.
#[derive(Clone, Debug)]
pub struct ClaimedJob {
    pub id: JobId,
    pub ticket: TicketKey,
    pub reference: String,
    pub work: Work,
    /// How often the job was started, this time included.
    pub attempt: u32,
    /// The fencing token of this claim: every write of this attempt must present it.
    pub fence: i64,
    /// When the lease ends, in milliseconds since 1970 by the database's clock.
    pub lease_until: i64,
    /// When the job was made, in milliseconds since 1970 by the database's clock.
    pub created_at: i64,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its time and a worker.
    Queued,
    /// A worker holds it.
    Running,
    /// Ended with a publication, or with nothing to say and a reason.
    Done,
    /// Ended without an answer: a dead letter, with its reason.
    Dead,
    /// Taken back by a person.
    Cancelled,
}

impl JobState {
    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state for a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Dead, Self::Cancelled].into_iter().find(|s| s.as_str() == word)
    }
}

/// A stored job, as the dashboard and `/plan status` read it.
#[derive(Clone, Debug, Serialize)]
pub struct JobRecord {
    pub id: JobId,
    pub ticket: TicketKey,
    pub reference: String,
    pub work: Work,
    pub state: JobState,
    pub attempt: u32,
    /// The outcome or the last error, for operators.
    pub reason: Option<String>,
    pub created_at: i64,
    /// When it may start (queued) or last changed.
    pub run_at: i64,
    pub updated_at: i64,
}
