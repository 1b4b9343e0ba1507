//! Ports to issue trackers. Each tracker is a folder with the same file names; siblings never meet.
//!
//! [`Inbound`] turns a request into a verified [`Delivery`] and decodes it; [`Tracker`] reads tickets and writes
//! comments. Where trackers differ, their [`Profile`] says so as data.

pub mod auth;
pub mod azure_devops;
pub mod github;
pub mod jira;
pub mod limits;
pub mod locate;
pub mod program;
pub mod rest;
pub mod verdict;

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Uri};
use secrecy::SecretString;

use crate::model::{
    CommentId, ConnectionName, RepoName, TicketId,
    context::WebLinks,
    delivery::Delivery,
    event::{Actor, Decoded, Event},
    job::Work,
    publication::{DocumentPlace, LinkedDocument, PostedComment, Rendered},
    ticket::Ticket,
};

/// A request to `/hooks/{connection}`, whole and untrusted.
#[derive(Clone, Debug)]
pub struct RawDelivery {
    pub headers: HeaderMap,
    /// Path and query, as they came.
    pub target: Uri,
    /// The other end of the connection, where it is known: a proxy's address where one stands before the bot.
    pub peer: Option<IpAddr>,
    pub body: Bytes,
}

/// Why a request is not taken as a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 401.
    #[error("no signature that this connection's secret made")]
    BadProof,
    /// 415.
    #[error(
        "content type or encoding not accepted: send application/json or application/x-www-form-urlencoded, uncompressed"
    )]
    MediaType,
    /// 400.
    #[error("the form body has no single payload field")]
    BadForm,
}

/// The receiving half of a connection. Pure and quick: it runs for every request, hostile ones included.
pub trait Inbound: Send + Sync {
    /// Checks the proof over the raw bytes, before anything is parsed.
    fn verify(&self, raw: RawDelivery) -> Result<Delivery, Refusal>;
    /// Reads a verified delivery. Never fails: what cannot be read is `Irrelevant`, with the reason.
    fn decode(&self, delivery: &Delivery) -> Decoded;
}

/// Which dialect a tracker's comments are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// GitHub-flavoured Markdown.
    Gfm,
    /// Atlassian Document Format, as JSON text.
    Adf,
    /// Jira wiki markup.
    Wiki,
    /// Markdown as Azure DevOps renders it.
    AzureMarkdown,
    /// The HTML subset of Azure DevOps.
    Html,
}

/// Where the marker of an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerPlace {
    /// In the body, as an HTML comment.
    BodyComment,
    /// Beside the body, as a property of the comment.
    Property,
}

/// How a tracker counts a comment's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthUnit {
    /// Unicode scalar values.
    Chars,
    /// UTF-16 code units.
    Utf16,
    Bytes,
}

/// How a tracker differs from the others, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub dialect: Dialect,
    /// The longest comment.
    pub comment_limit: usize,
    pub unit: LengthUnit,
    pub marker: MarkerPlace,
    /// Comments can be folded.
    pub folds: bool,
    /// The tracker draws Mermaid code.
    pub mermaid: bool,
    /// A new ticket's labels are named in its opening alone, with no event for each.
    pub labels_on_open: bool,
    /// Where the tracker itself keeps linked documents. The bot's own pages serve every tracker besides.
    pub documents: DocumentPlace,
    /// Nothing signs a delivery's words: what a job rests on is read again ([`Tracker::confirm`]) before it counts.
    pub hints: bool,
}

/// What a tracker itself holds of that which a delivery claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It holds it: the event that it would be, with the person's own identity.
    Held(Box<Event>),
    /// It does not, and why, in plain words for operators.
    Refuted(String),
}

/// Who the bot is on a tracker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The stable id that the author of the bot's own comments has.
    pub id: String,
    /// The name people see.
    pub name: String,
}

/// What an actor may do in the ticket's project, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    None,
    Read,
    /// May label and assign, not push (GitHub's triage role).
    Triage,
    Write,
    Admin,
}

/// Where a ticket's own code is, with what is needed to fetch it.
#[derive(Clone, Debug)]
pub struct CodeSource {
    pub name: RepoName,
    /// `https://…` or a local path.
    pub url: String,
    /// User and password for HTTPS, given to git through an askpass helper; never in arguments.
    pub credentials: Option<(String, SecretString)>,
    pub web: Option<WebLinks>,
}

/// What went wrong between us and a tracker: who acts next.
#[derive(Debug, thiserror::Error)]
pub enum TrackerError {
    /// Certainly without effect; the same call may succeed later.
    #[error("tracker unavailable: {0}")]
    Unavailable(String),
    /// Certainly without effect; wait at least this long.
    #[error("rate limited for {0:?}")]
    RateLimited(Duration),
    /// Bytes were sent and no clear answer came: a write may have been applied.
    #[error("effect unknown: {0}")]
    Unknown(String),
    /// The credentials are refused: an operator acts.
    #[error("credentials refused: {0}")]
    Unauthorized(String),
    /// The ticket, comment or repository is gone, moved or hidden.
    #[error("not found: {0}")]
    Gone(String),
    /// The ticket refuses comments.
    #[error("the ticket is locked")]
    Locked,
    /// The tracker refused the request itself; trying again changes nothing.
    #[error("refused: {0}")]
    Refused(String),
}

/// The acting half of a connection.
#[async_trait]
pub trait Tracker: Send + Sync {
    /// What is particular about this tracker.
    fn profile(&self) -> &Profile;
    /// Who the bot is here; read once and remembered.
    async fn identity(&self) -> Result<Identity, TrackerError>;
    /// The ticket that an address names, as people copy it from their browser; `None` for an address of anywhere else.
    /// The address itself is never fetched.
    async fn locate(&self, address: &str) -> Result<Option<TicketId>, TrackerError>;
    /// The ticket as it stands now, comments paged to the end, the bot's own left out.
    async fn ticket(&self, id: &TicketId) -> Result<Ticket, TrackerError>;
    /// What the actor may do in the ticket's project now.
    async fn permission(&self, id: &TicketId, actor: &Actor) -> Result<Permission, TrackerError>;
    /// Reads again what the work rests on: the comment with its author and text, the labels, the type. Asked for only
    /// where the profile says that deliveries are hints; a tracker whose deliveries are signed has nothing to confirm.
    async fn confirm(&self, _id: &TicketId, _work: &Work) -> Result<Claim, TrackerError> {
        Ok(Claim::Refuted("this tracker reads nothing again".to_owned()))
    }
    /// The ticket's own repository, where the tracker has one.
    async fn code_source(&self, id: &TicketId) -> Result<Option<CodeSource>, TrackerError>;
    /// Shows at once that a request was seen (GitHub: eyes); on the comment where given, else on the ticket.
    async fn acknowledge(&self, id: &TicketId, comment: Option<&CommentId>) -> Result<(), TrackerError>;
    /// All comments by the bot's own identity that changed since `since` (milliseconds since 1970), every page.
    async fn own_comments(&self, id: &TicketId, since: i64) -> Result<Vec<PostedComment>, TrackerError>;
    /// Writes a comment.
    async fn post(&self, id: &TicketId, body: &Rendered) -> Result<PostedComment, TrackerError>;
    /// Replaces a comment's body.
    async fn update(&self, id: &TicketId, comment: &CommentId, body: &Rendered) -> Result<PostedComment, TrackerError>;
    /// Removes a comment of the bot's own; a comment already gone is no error.
    async fn remove(&self, id: &TicketId, comment: &CommentId) -> Result<(), TrackerError>;
    /// Where people read the ticket's document of this name, when it holds this text and the ticket links it; of doubles
    /// one stays.
    async fn document(&self, id: &TicketId, document: &LinkedDocument) -> Result<Option<String>, TrackerError>;
    /// Brings the ticket's document of this name to this text, whatever it held before, and links it from the ticket;
    /// returns where people read it. All of it ends within the deadline of one request. What is done already is not done
    /// again.
    async fn write_document(&self, id: &TicketId, document: &LinkedDocument) -> Result<String, TrackerError>;
    /// Deliveries that the tracker says have failed since `since` (milliseconds since 1970): empty where the tracker
    /// keeps no such list or retries by itself.
    async fn missed_deliveries(&self, since: i64) -> Result<Vec<MissedDelivery>, TrackerError>;
    /// Asks the tracker to send a delivery again.
    async fn redeliver(&self, missed: &MissedDelivery) -> Result<(), TrackerError>;
}

/// A delivery that did not reach us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedDelivery {
    /// The tracker's number for the attempt: what `redeliver` names.
    pub handle: String,
    /// The delivery id that the redelivery will carry.
    pub guid: String,
    /// The hook's path, where deliveries are listed per hook.
    pub hook: Option<String>,
}

/// A connection, ready to use.
#[derive(Clone)]
pub struct Connection {
    pub name: ConnectionName,
    pub inbound: std::sync::Arc<dyn Inbound>,
    pub tracker: std::sync::Arc<dyn Tracker>,
}
