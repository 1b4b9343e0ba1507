//! The acting half of a Jira connection.
//!
//! In: tickets' ids and rendered bodies. Out: tickets, permissions, comments. Every address is built from the configured
//! base, checked numbers and keys; nothing that Jira or a payload names as an address is ever fetched or shown.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::{sync::OnceCell, time::timeout};

use super::{
    Deployment,
    address::{IssueId, IssueKey},
    comments::Comments,
    confirm::Reader,
    convert::{self, Frame, User},
    decode::TypeNames,
    documents::Documents,
    fields::Wanted,
    permission::Asker,
    ticket,
};
use crate::{
    model::{
        CommentId, ConnectionName, TicketId,
        event::Actor,
        job::Work,
        publication::{LinkedDocument, PostedComment, Rendered},
        ticket::Ticket,
    },
    trackers::{
        Claim, CodeSource, Identity, MissedDelivery, Permission, Profile, Tracker, TrackerError,
        locate::below,
        rest::{Request, Rest},
    },
};

/// How many keys are remembered.
const KEYS: usize = 10_000;

/// Acts on one connection.
pub(super) struct Client {
    pub(super) connection: ConnectionName,
    pub(super) profile: Profile,
    pub(super) deployment: Deployment,
    pub(super) rest: Rest,
    /// Where people read issues, without a slash at the end.
    pub(super) web_base: String,
    pub(super) types: TypeNames,
    pub(super) wanted: Wanted,
    /// The project roles whose members may ask; empty: permissions decide.
    pub(super) roles: Vec<String>,
    /// Customers of a service desk may read the answers.
    pub(super) is_public: bool,
    /// How long a write may look for its issue's key before it goes on without.
    pub(super) key_deadline: Duration,
    pub(super) identity: OnceCell<Identity>,
    /// The keys of issues that were met. One that has moved since still leads to the issue.
    pub(super) keys: Mutex<HashMap<IssueId, IssueKey>>,
}

impl Client {
    /// The bot's account, read once.
    async fn me(&self) -> Result<&Identity, TrackerError> {
        self.identity.get_or_try_init(|| self.read_identity()).await
    }

    /// Asks who the credentials belong to.
    async fn read_identity(&self) -> Result<Identity, TrackerError> {
        let user: User = self.rest.call("identity", Request::get("/myself")).await?.json()?;
        let (id, name) = (user.id().map(str::to_owned), user.shown().map(str::to_owned));
        let id =
            id.ok_or_else(|| TrackerError::Unauthorized("Jira names no account for the credentials".to_owned()))?;
        Ok(Identity { name: name.unwrap_or_else(|| id.clone()), id })
    }

    /// The bot's comments.
    fn comments(&self) -> Comments<'_> {
        Comments { rest: &self.rest, deployment: self.deployment, is_public: self.is_public }
    }

    /// The documents of an issue.
    async fn documents(&self, issue: IssueId) -> Result<Documents<'_>, TrackerError> {
        let (me, is_public) = (self.me().await?, self.is_public);
        Ok(Documents { rest: &self.rest, issue, me, web_base: &self.web_base, is_public })
    }

    /// Where people read an issue.
    fn issue_url(&self, key: &IssueKey) -> String {
        format!("{}/browse/{}", self.web_base, key.as_str())
    }

    /// Remembers an issue's key.
    fn remember(&self, id: IssueId, key: &IssueKey) {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= KEYS {
            keys.clear();
        }
        keys.insert(id, key.clone());
    }

    /// Where people read an issue, when its key is known or soon told.
    async fn known_url(&self, id: IssueId) -> Option<String> {
        let known = self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(key) = known {
            return Some(self.issue_url(&key));
        }
        let key = timeout(self.key_deadline, ticket::key(&self.rest, id)).await.ok()?.ok()?;
        self.remember(id, &key);
        Some(self.issue_url(&key))
    }

    /// A comment of the bot's as it stands.
    fn posted(&self, issue: Option<&String>, id: CommentId, body: String) -> PostedComment {
        let url = issue.map(|issue| format!("{issue}?focusedCommentId={id}#comment-{id}"));
        PostedComment { id, url, body }
    }
}

#[async_trait]
impl Tracker for Client {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    async fn identity(&self) -> Result<Identity, TrackerError> {
        self.me().await.cloned()
    }

    async fn locate(&self, address: &str) -> Result<Option<TicketId>, TrackerError> {
        let Some(below) = below(&self.web_base, address) else { return Ok(None) };
        let named = match below.parts().as_slice() {
            ["browse", key, ..] | ["projects", _, "issues", key, ..] => IssueKey::parse(key),
            _ => below.value("selectedIssue").and_then(IssueKey::parse),
        };
        match named {
            Some(key) => Ok(Some(ticket::numbered(&self.rest, &key).await?)),
            None => Ok(None),
        }
    }

    async fn ticket(&self, id: &TicketId) -> Result<Ticket, TrackerError> {
        let issue = issue_id(id)?;
        let (parts, me) = tokio::try_join!(ticket::parts(&self.rest, issue, &self.roles), self.me())?;
        self.remember(issue, &parts.key);
        let url = self.issue_url(&parts.key);
        let (connection, types, wanted) = (self.connection.clone(), self.types.clone(), self.wanted.clone());
        let (me, is_public) = (me.clone(), self.is_public);
        // Thousands of comments take a while to parse: not on the event loop.
        tokio::task::spawn_blocking(move || {
            let frame = Frame { connection: &connection, types: &types, wanted: &wanted, me: &me, is_public };
            convert::ticket(parts, url, &frame)
        })
        .await
        .map_err(|_| TrackerError::Refused("the issue's text does not read".to_owned()))
    }

    async fn permission(&self, id: &TicketId, actor: &Actor) -> Result<Permission, TrackerError> {
        let (rest, deployment, issue) = (&self.rest, self.deployment, issue_id(id)?);
        let asker = Asker { rest, deployment, account: &actor.id, issue };
        asker.permission(&self.roles).await
    }

    async fn confirm(&self, id: &TicketId, work: &Work) -> Result<Claim, TrackerError> {
        let reader = Reader { rest: &self.rest, connection: &self.connection, types: &self.types };
        reader.reread(issue_id(id)?, work).await
    }

    /// Jira keeps no code; the configuration says which belongs to a ticket.
    async fn code_source(&self, _: &TicketId) -> Result<Option<CodeSource>, TrackerError> {
        Ok(None)
    }

    /// Jira has no reactions in its documented interface: the answer itself is the sign.
    async fn acknowledge(&self, id: &TicketId, _: Option<&CommentId>) -> Result<(), TrackerError> {
        issue_id(id).map(drop)
    }

    async fn own_comments(&self, id: &TicketId, since: i64) -> Result<Vec<PostedComment>, TrackerError> {
        let issue = issue_id(id)?;
        let own = self.comments().own(issue, self.me().await?, since).await?;
        let url = if own.is_empty() { None } else { self.known_url(issue).await };
        Ok(own.into_iter().map(|(comment, marker)| self.posted(url.as_ref(), comment, marker)).collect())
    }

    async fn post(&self, id: &TicketId, body: &Rendered) -> Result<PostedComment, TrackerError> {
        let issue = issue_id(id)?;
        let url = self.known_url(issue).await;
        let comment = self.comments().post(issue, body).await?;
        Ok(self.posted(url.as_ref(), comment, body.marker().to_owned()))
    }

    async fn update(&self, id: &TicketId, comment: &CommentId, body: &Rendered) -> Result<PostedComment, TrackerError> {
        let issue = issue_id(id)?;
        let url = self.known_url(issue).await;
        let comment = self.comments().update(issue, comment, body).await?;
        Ok(self.posted(url.as_ref(), comment, body.marker().to_owned()))
    }

    async fn remove(&self, id: &TicketId, comment: &CommentId) -> Result<(), TrackerError> {
        self.comments().remove(issue_id(id)?, comment).await
    }

    async fn document(&self, id: &TicketId, document: &LinkedDocument) -> Result<Option<String>, TrackerError> {
        self.documents(issue_id(id)?).await?.standing(document).await
    }

    async fn write_document(&self, id: &TicketId, document: &LinkedDocument) -> Result<String, TrackerError> {
        self.documents(issue_id(id)?).await?.write(document).await
    }

    /// Jira Cloud tries again by itself and keeps no list to read; Data Center tells none either.
    async fn missed_deliveries(&self, _: i64) -> Result<Vec<MissedDelivery>, TrackerError> {
        Ok(Vec::new())
    }

    async fn redeliver(&self, _: &MissedDelivery) -> Result<(), TrackerError> {
        Err(TrackerError::Refused("not a delivery of Jira".to_owned()))
    }
}

/// The number of a ticket of ours.
fn issue_id(id: &TicketId) -> Result<IssueId, TrackerError> {
    IssueId::of(id).ok_or_else(|| TrackerError::Gone("not an issue of Jira".to_owned()))
}
