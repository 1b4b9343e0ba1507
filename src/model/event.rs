//! One vocabulary for what happens on a tracker.
//!
//! A tracker's `decode` makes an [`Event`] of a verified delivery; `trigger` decides on it. An event carries only what
//! the decision needs; the ticket itself is fetched when work starts.

use serde::{Deserialize, Serialize};

use super::ids::{CommentId, TicketKey};

/// Something happened to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The ticket it happened to.
    pub ticket: TicketKey,
    /// How people name the ticket: `acme/shop#7`, `SHOP-7`.
    pub reference: String,
    /// What the per-project rules match: `owner/repo` on GitHub, the project key on Jira, the project on Azure DevOps.
    pub project: String,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub change: Change,
    /// Tells this moment from another of the same kind (GitHub: the issue's `updated_at`); empty where unknown.
    pub moment: String,
    /// The ticket is really a pull request.
    pub is_pull_request: bool,
    /// The ticket is closed.
    pub is_closed: bool,
    /// What the tracker is asked whether it sent it, where the connection wants that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// A notification, as a delivery names it: the tracker can be asked whether there is such a one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The subscription that it was sent for.
    pub subscription: String,
    /// Counts in its subscription.
    pub number: u64,
    /// The event that it tells.
    pub event: String,
}

/// A person or a program that acts on a tracker.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The tracker's stable id: login on GitHub, account id on Jira, descriptor or id on Azure DevOps.
    pub id: String,
    /// The name people see.
    pub name: String,
    /// The tracker says that it is a program.
    pub is_bot: bool,
}

/// What happened to the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A new ticket; `type_name` is `None` where the tracker has no types or the ticket none.
    Opened { type_name: Option<String>, labels: Vec<String> },
    /// The ticket's title or body was edited.
    Edited,
    /// The ticket's type was set or changed.
    Typed { type_name: String },
    /// Labels were added, and only these are named.
    Labelled { labels: Vec<String> },
    /// A label was taken away.
    Unlabelled { labels: Vec<String> },
    /// A comment was written.
    Commented { comment: CommentId, author: Actor, text: String },
    /// A comment was edited; `previous` is its text before, where the tracker tells.
    CommentEdited { comment: CommentId, author: Actor, text: String, previous: Option<String> },
    /// Anything else about a ticket that no rule looks at (closed, assigned, transferred …), with the tracker's word.
    Other { what: String },
}

/// What a tracker's `decode` made of a verified delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decoded {
    /// An event about a ticket.
    Event(Box<Event>),
    /// The tracker's own check that the address works (GitHub's `ping`, the Azure test button).
    Ping,
    /// Authentic, but nothing for us: why, in plain words for operators.
    Irrelevant { reason: String },
}
