//! The common model of a ticket.

use serde::{Deserialize, Serialize};

use super::{
    event::Actor,
    ids::{CommentId, TicketKey},
};
use crate::richtext::Doc;

/// A ticket as it stands on its tracker when work starts. Every text in it is a stranger's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    pub key: TicketKey,
    /// How people name it: `acme/shop#7`, `SHOP-7`.
    pub reference: String,
    /// Where people read it, built from the configured base; `None` for a ticket file.
    pub url: Option<String>,
    /// `owner/repo` on GitHub, the project key on Jira, the project on Azure DevOps.
    pub project: String,
    pub title: String,
    pub body: Doc,
    /// Fields that trackers keep apart from the body (acceptance criteria, reproduction steps, custom fields).
    pub fields: Vec<Field>,
    /// The tracker's type name: `Bug`, `Story` …
    pub type_name: Option<String>,
    pub labels: Vec<String>,
    /// Where in the project it belongs, as far as the tracker says: what rules map to repositories.
    #[serde(default)]
    pub places: Vec<Place>,
    pub priority: Option<String>,
    pub milestone: Option<String>,
    pub state: TicketState,
    pub author: Option<Actor>,
    pub assignees: Vec<Actor>,
    pub parent: Option<TicketLink>,
    pub children: Vec<TicketLink>,
    pub links: Vec<TicketLink>,
    /// Oldest first, the bot's own left out.
    pub comments: Vec<Comment>,
    pub attachments: Vec<Attachment>,
}

/// A part of a project that a ticket belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `component`, `area`, or the name of the field that says so.
    pub kind: String,
    pub name: String,
}

/// A named rich-text field beside the body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub role: FieldRole,
    /// The tracker's own name of the field.
    pub name: String,
    pub content: Doc,
}

/// What a field means to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldRole {
    AcceptanceCriteria,
    ReproductionSteps,
    Other,
}

/// Whether the ticket can still be answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    #[default]
    Open,
    Closed,
    /// Open, but comments are refused.
    Locked,
}

/// Another ticket that this one names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketLink {
    /// How people name it.
    pub reference: String,
    pub title: Option<String>,
    /// The tracker's word: `parent`, `child`, `blocks`, `relates to` …
    pub relation: String,
}

/// A comment by a person (or another bot).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    pub id: CommentId,
    pub author: Actor,
    /// The author may write to the project (a maintainer), as far as the tracker says.
    pub by_maintainer: bool,
    /// RFC 3339, as the tracker prints it.
    pub created_at: String,
    pub content: Doc,
}

/// An attachment, by name only: its content is never read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    pub media_type: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
}
