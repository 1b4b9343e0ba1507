//! Keys and identifiers, each its own type so that they cannot be mixed up.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares a text newtype with the usual conversions.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text inside.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// The name of a configured connection: the last path segment of `/hooks/{connection}`.
    ConnectionName
}
text_id! {
    /// A ticket's canonical id inside its connection: `owner/repo#7` on GitHub, the numeric issue id on Jira,
    /// the work item number on Azure DevOps. Never changes while the ticket lives.
    TicketId
}
text_id! {
    /// A comment's id inside its ticket, as the tracker prints it.
    CommentId
}
text_id! {
    /// The name of a repository: the configured name, or `owner/repo` for a GitHub issue's own repository.
    RepoName
}

/// One ticket of one connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TicketKey {
    /// Which connection the ticket belongs to.
    pub connection: ConnectionName,
    /// Its id there.
    pub id: TicketId,
}

impl TicketKey {
    /// Joins a connection's name and a ticket's id.
    pub fn new(connection: ConnectionName, id: TicketId) -> Self {
        Self { connection, id }
    }
}

impl fmt::Display for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.connection, self.id)
    }
}

/// A full commit hash: 40 (SHA-1) or 64 (SHA-256) lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct CommitId(String);

/// The text is not a full commit hash.
#[derive(Debug, thiserror::Error)]
#[error("not a full commit hash: {0:?}")]
pub struct NotACommit(String);

impl CommitId {
    /// Checks and wraps a full hash.
    pub fn parse(text: &str) -> Result<Self, NotACommit> {
        let hex = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if hex && (text.len() == 40 || text.len() == 64) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotACommit(text.chars().take(80).collect()))
        }
    }

    /// The full hash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first ten digits, for people.
    pub fn short(&self) -> &str {
        &self.0[..10]
    }
}

impl TryFrom<String> for CommitId {
    type Error = NotACommit;
    fn try_from(text: String) -> Result<Self, NotACommit> {
        Self::parse(&text)
    }
}

impl From<CommitId> for String {
    fn from(commit: CommitId) -> String {
        commit.0
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Declares a numeric or UUID newtype.
macro_rules! plain_id {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

plain_id! {
    /// A stored delivery.
    DeliveryId, i64
}
plain_id! {
    /// A stored job.
    JobId, i64
}
plain_id! {
    /// A stored plan (UUID version 7): also its address, `/plans/{id}`.
    PlanId, uuid::Uuid
}
plain_id! {
    /// One outward write: the key by which its effect is recognised on the tracker.
    OperationId, uuid::Uuid
}
