//! Publications: what the bot says on a tracker, and how far the saying got.

use serde::{Deserialize, Serialize};

use super::ids::{CommentId, JobId, OperationId, PlanId, TicketKey};

/// A body encoded in the tracker's dialect, made inert and fitted to its limit.
///
/// Only `publish::encode` makes one, and trackers accept nothing else. The marker is part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    body: String,
    operation: OperationId,
    marker: String,
}

impl Rendered {
    /// For `publish` alone (a test of the layers checks it).
    pub(crate) fn new(body: String, operation: OperationId, marker: String) -> Self {
        Self { body, operation, marker }
    }

    /// The bytes to send.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The operation that the marker names.
    pub fn operation(&self) -> OperationId {
        self.operation
    }

    /// The marker's own text, for trackers that keep it beside the body.
    pub fn marker(&self) -> &str {
        &self.marker
    }
}

/// Where a document is kept that a short comment on the ticket links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentPlace {
    /// On the bot's own pages: possible for every tracker.
    Hosted,
    /// In the ticket's repository: a file on a branch with a pull request.
    Repository,
    /// On the ticket: an attached file with a link to it.
    Attachment,
    /// In the project's wiki: a page that the ticket links.
    Wiki,
}

/// A plan as a document of a tracker: inert Markdown under a name that stays the same for the ticket.
///
/// Only `publish` makes one, and trackers accept nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedDocument {
    name: String,
    text: String,
    operation: OperationId,
}

impl LinkedDocument {
    /// For `publish` alone (a test of the layers checks it).
    pub(crate) fn new(name: String, text: String, operation: OperationId) -> Self {
        Self { name, text, operation }
    }

    /// Its name: small letters, digits and hyphens, at most 80, nothing else; no two tickets share one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes to send.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The operation that writes this version of it.
    pub fn operation(&self) -> OperationId {
        self.operation
    }
}

/// Which of a ticket's comments or documents a publication writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The document that the plan comment links, kept up to date on the tracker.
    Document,
    /// The one plan comment, kept up to date.
    Plan,
    /// A short answer to one command, written once.
    Reply,
}

impl Slot {
    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Plan => "plan",
            Self::Reply => "reply",
        }
    }

    /// The slot for a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Document, Self::Plan, Self::Reply].into_iter().find(|s| s.as_str() == word)
    }
}

/// How far a publication got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicationState {
    /// The immutable body is stored; nothing was sent.
    Ready,
    /// An intent is committed: bytes may have been sent, the effect is unknown until confirmed or reconciled.
    Intended,
    /// The tracker holds it, under `comment`.
    Confirmed,
    /// The tracker will never hold it, with a reason.
    Failed,
    /// Unknown for hours: an operator decides.
    Parked,
}

impl PublicationState {
    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Intended => "intended",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
            Self::Parked => "parked",
        }
    }

    /// The state for a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Ready, Self::Intended, Self::Confirmed, Self::Failed, Self::Parked]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

/// One outward write, from its immutable body to its confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    pub operation: OperationId,
    pub job: JobId,
    pub ticket: TicketKey,
    pub slot: Slot,
    pub plan: Option<PlanId>,
    /// Exactly the bytes that are sent, each time.
    pub body: String,
    pub marker: String,
    pub state: PublicationState,
    /// How often it was sent (intents committed).
    pub attempt: u32,
    /// The comment to edit instead of writing a new one; after confirmation, the comment that holds the body. Of a document
    /// the name that it is kept under.
    pub comment: Option<CommentId>,
    /// Where people read it.
    pub url: Option<String>,
    /// When the first intent was committed, in milliseconds since 1970 by the database's clock.
    pub intended_at: Option<i64>,
    /// When it was stored, likewise.
    pub created_at: i64,
    pub reason: Option<String>,
}

/// A publication to be stored.
#[derive(Clone, Debug)]
pub struct NewPublication {
    pub operation: OperationId,
    pub job: JobId,
    pub ticket: TicketKey,
    pub slot: Slot,
    pub plan: Option<PlanId>,
    pub body: String,
    pub marker: String,
    pub comment: Option<CommentId>,
}

/// A comment by the bot as it stands on the tracker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedComment {
    pub id: CommentId,
    /// Where people read it.
    pub url: Option<String>,
    /// Its text in the tracker's dialect (or the marker that the tracker keeps beside it).
    pub body: String,
}
