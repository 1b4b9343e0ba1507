//! Deliveries as they are received, decided and kept.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    ids::{ConnectionName, DeliveryId, JobId, TicketKey},
    job::Work,
};

/// A delivery whose proof was checked over its raw bytes.
///
/// Only [`crate::trackers::Inbound::verify`] implementations make one.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The connection named in the path.
    pub connection: ConnectionName,
    /// The tracker's delivery id; a hash of the body where the tracker sends none.
    pub guid: String,
    /// The event name from the header, or empty where the body names it.
    pub event: String,
    /// The JSON document (already taken out of a form body).
    pub json: Bytes,
}

impl Delivery {
    /// A delivery for `replay`, which decides and never acts: nothing vouches for where it came from.
    pub fn replayed(connection: ConnectionName, guid: String, event: String, json: Bytes) -> Self {
        Self { connection, guid, event, json }
    }
}

/// What was decided about a delivery, with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Work to do.
    Run(Box<Request>),
    /// Nothing to do, and why.
    Skip(SkipReason),
}

/// The work that a delivery asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The ticket to answer on.
    pub ticket: TicketKey,
    /// How people name the ticket.
    pub reference: String,
    /// Unique for one asking: equal askings (a redelivery under another id, a doubled event) share it.
    pub semantic_key: String,
    /// Who asked, for permission and rate caps: the tracker's id of the actor.
    pub asked_by: String,
    /// What to do.
    pub work: Work,
}

/// Why a delivery leads to no work. The text form is what operators read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    #[error("a ping from the tracker")]
    Ping,
    #[error("not about a ticket: {0}")]
    Irrelevant(String),
    #[error("written by Planwright itself")]
    OwnComment,
    #[error("written by another bot")]
    OtherBot,
    #[error("the ticket is a pull request")]
    PullRequest,
    #[error("the ticket is closed")]
    Closed,
    #[error("no rule matches: {0}")]
    NoRuleMatched(String),
    #[error("the ticket was edited: the plan that stands on it, if one does, is looked at again")]
    Edited,
    #[error("the comment holds no command at the start of a line")]
    NoCommand,
    #[error("the command stood in the comment before the edit")]
    CommandNotNew,
    #[error("the text before the edit is unknown, so the command cannot be called new")]
    PreviousTextUnknown,
    #[error("the ticket reached its cap of {0} requests an hour")]
    TicketCap(u32),
    #[error("the person who asked reached the cap of {0} requests an hour")]
    PersonCap(u32),
    #[error("already asked for: the same request is in delivery {0}")]
    AlreadyAsked(i64),
}

impl SkipReason {
    /// A short word for metrics: bounded, the same for all texts of a kind.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Ping => "ping",
            Self::Irrelevant(_) => "irrelevant",
            Self::OwnComment => "own_comment",
            Self::OtherBot => "other_bot",
            Self::PullRequest => "pull_request",
            Self::Closed => "closed",
            Self::NoRuleMatched(_) => "no_rule",
            Self::Edited => "edited",
            Self::NoCommand => "no_command",
            Self::CommandNotNew => "command_not_new",
            Self::PreviousTextUnknown => "previous_unknown",
            Self::TicketCap(_) => "ticket_cap",
            Self::PersonCap(_) => "person_cap",
            Self::AlreadyAsked(_) => "already_asked",
        }
    }
}

/// Everything that one transaction stores for a delivery.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub connection: ConnectionName,
    pub guid: String,
    pub event: String,
    /// `None` when it is not worth keeping.
    pub body: Option<Body>,
    pub decision: Decision,
}

/// The JSON of a delivery on its way to the store.
#[derive(Clone, Debug)]
pub enum Body {
    /// As it came: the store packs it together with others.
    Plain(Bytes),
    /// Packed already, because it is large: LZ4 with its size prepended.
    Packed(Vec<u8>),
}

impl Body {
    /// Its length in bytes, as it is here.
    pub fn len(&self) -> usize {
        match self {
            Self::Plain(json) => json.len(),
            Self::Packed(packed) => packed.len(),
        }
    }

    /// Is it of no length?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What storing a receipt did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// Stored; with the job that was made, or `None` for a skip.
    Stored { delivery: DeliveryId, job: Option<JobId> },
    /// Stored, and folded into a job of the same ticket that still waits.
    Coalesced { delivery: DeliveryId, job: JobId },
    /// The same delivery id was stored before; if its job had failed for good, `revived` names it.
    Repeated { delivery: DeliveryId, revived: Option<JobId> },
    /// Stored as a skip after all: the store's caps or keys decided.
    Skipped { delivery: DeliveryId, reason: SkipReason },
}

/// How a receipt was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is stored, and this came of it.
    Decided(Received),
    /// It came in a burst and is durable with its decision; its job follows when the burst is over.
    Kept,
}

/// A stored delivery, as the dashboard and `replay` read it.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryRecord {
    pub id: DeliveryId,
    pub connection: ConnectionName,
    pub guid: String,
    pub event: String,
    /// Milliseconds since 1970, by the database's clock.
    pub received_at: i64,
    pub decision: Decision,
    pub ticket: Option<TicketKey>,
    pub job: Option<JobId>,
    /// The JSON as it came, where it was read and is kept.
    #[serde(skip)]
    pub body: Option<Vec<u8>>,
}
