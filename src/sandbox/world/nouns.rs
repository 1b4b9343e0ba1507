//! What the world is made of: users and their roles, projects, labels, tickets, comments.
//!
//! Plain values, changed by [`World`](super::World) alone.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use bytes::Bytes;

use super::Kind;

/// Names a ticket: `acme/shop#7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketKey {
    /// The project's name.
    pub project: String,
    /// Counts from 1 in a project.
    pub number: u64,
}

impl TicketKey {
    /// The ticket with this number in a project.
    pub fn new(project: impl Into<String>, number: u64) -> Self {
        Self { project: project.into(), number }
    }
}

impl fmt::Display for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.project, self.number)
    }
}

/// What someone may do in a project, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    None,
    Read,
    Triage,
    Write,
    Maintain,
    Admin,
}

impl Role {
    /// The role's name on GitHub.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }
}

/// Someone who acts: a person or a program.
#[derive(Clone, Debug)]
pub struct User {
    pub id: u64,
    pub login: String,
    /// The name people see.
    pub name: String,
    pub is_bot: bool,
    /// What a client sends to act as this user.
    pub token: Option<String>,
}

/// A label as a project defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub id: u64,
    pub name: String,
    /// Six hexadecimal digits.
    pub color: String,
    pub description: String,
}

/// A home of tickets, with its code.
#[derive(Clone, Debug)]
pub struct Project {
    pub id: u64,
    /// `owner/repo` on GitHub, a key such as `SHOP` on Jira, a name without slashes on Azure DevOps.
    pub name: String,
    pub description: String,
    pub private: bool,
    pub default_branch: String,
    /// The git repository on disk.
    pub code: Option<PathBuf>,
    pub roles: BTreeMap<String, Role>,
    pub labels: Vec<Label>,
    /// The ticket types people can choose from.
    pub types: Vec<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// The number of the next ticket.
    pub(super) next_number: u64,
}

/// What a person fills in to open a ticket.
#[derive(Clone, Debug, Default)]
pub struct NewTicket {
    pub title: String,
    /// As people type it: Markdown on GitHub, wiki markup on Jira, HTML on Azure DevOps.
    pub body: String,
    /// `Bug`, `Story`; none where the project has no types.
    pub kind: Option<String>,
    pub labels: Vec<String>,
    pub parent: Option<TicketKey>,
    /// The acceptance criteria, where the tracker has a field for them.
    pub acceptance: Option<String>,
}

/// A ticket as it stands.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub id: u64,
    pub key: TicketKey,
    pub title: String,
    /// As people type it; none when it was left empty.
    pub body: Option<String>,
    pub acceptance: Option<String>,
    pub kind: Option<String>,
    pub labels: Vec<String>,
    pub author: String,
    pub assignees: Vec<String>,
    pub parent: Option<TicketKey>,
    /// What it is linked to, from this side.
    pub links: Vec<Link>,
    pub attachments: Vec<Attachment>,
    /// It is really a pull request.
    pub is_pull_request: bool,
    pub closed_at: Option<i64>,
    pub locked: bool,
    pub reactions: Reactions,
    pub comments: Vec<Comment>,
    /// Counts the changes, the opening included.
    pub revision: u64,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

impl Ticket {
    /// The ticket's number among all of the world, from 1.
    pub fn ordinal(&self) -> u64 {
        self.id - Kind::Ticket.first() + 1
    }
}

/// A relation to another ticket, as the ticket that has it says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: u64,
    /// `Blocks`, `Relates`.
    pub kind: String,
    pub to: TicketKey,
}

/// A file on a ticket.
#[derive(Clone, Debug)]
pub struct Attachment {
    pub id: u64,
    pub name: String,
    pub author: String,
    /// The media type.
    pub kind: String,
    pub bytes: Bytes,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// A comment on a ticket.
#[derive(Clone, Debug)]
pub struct Comment {
    pub id: u64,
    pub author: String,
    pub body: String,
    /// A program wrote it on behalf of the author.
    pub via_app: bool,
    pub reactions: Reactions,
    /// Counts the texts it has had, from 1.
    pub version: u64,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

impl Comment {
    /// The comment's number among all of the world, from 1.
    pub fn ordinal(&self) -> u64 {
        self.id - Kind::Comment.first() + 1
    }
}

/// Who reacted with what: each pair stands once, with the reaction's id.
pub type Reactions = BTreeMap<(String, String), u64>;

/// Where a ticket is that is no longer in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absence {
    Deleted,
    TransferredTo(TicketKey),
}
