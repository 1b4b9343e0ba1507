//! The acting half of a connection to Azure DevOps.
//!
//! In: tickets' ids and rendered bodies. Out: tickets, permissions, comments. Every address is built from the
//! configured base and checked names; nothing that Azure DevOps or a payload names as an address is ever fetched.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::{
    address::{CommentRef, WorkItem, segment},
    carrier, classify,
    convert::{self, RawItem, Wanted},
    decode::Accepted,
    entra::Speaker,
    version::Version,
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
        rest::{Answer, Request, Rest},
    },
};

/// The REST interface of one connection.
pub(super) struct Api {
    pub(super) rest: Rest,
    /// Where identities are asked for, when that is another host (Services).
    pub(super) people: Option<Rest>,
    pub(super) version: Version,
    /// A refused credential is made anew and tried once more.
    pub(super) renews: bool,
}

impl Api {
    /// Sends one request.
    pub(super) async fn call(&self, call: &'static str, request: Request) -> Result<Answer, TrackerError> {
        self.send(&self.rest, call, request).await
    }

    /// Asks the host that knows identities.
    pub(super) async fn ask_people(&self, call: &'static str, request: Request) -> Result<Answer, TrackerError> {
        self.send(self.people.as_ref().unwrap_or(&self.rest), call, request).await
    }

    /// Sends one request, and once more with a new token where the old one had ended.
    async fn send(&self, rest: &Rest, call: &'static str, request: Request) -> Result<Answer, TrackerError> {
        let again = self.renews.then(|| request.clone());
        match (rest.call(call, request).await, again) {
            // Refused at the door, the request had no effect.
            (Err(TrackerError::Unauthorized(why)), Some(again)) if why.starts_with(classify::SIGN_IN) => {
                rest.call(call, again).await
            }
            (outcome, _) => outcome,
        }
    }

    /// Reads a work item; `extra` is more of the query.
    pub(super) async fn item(&self, call: &'static str, item: WorkItem, extra: &str) -> Result<RawItem, TrackerError> {
        let path = format!("/_apis/wit/workitems/{}?{extra}&api-version={}", item.0, self.version.stable());
        self.call(call, Request::get(path)).await?.json()
    }
}

/// Where a work item stands now.
pub(super) struct Place {
    pub(super) project: String,
    pub(super) area: String,
    pub(super) rev: u64,
}

/// Acts on one connection.
pub(super) struct Client {
    pub(super) connection: ConnectionName,
    pub(super) profile: Profile,
    pub(super) api: Api,
    pub(super) speaker: Speaker,
    pub(super) accepted: Accepted,
    /// Where people read work items, without a slash at the end.
    pub(super) web_base: String,
    /// Where repositories are cloned from, likewise.
    pub(super) clone_base: String,
    /// The name of the repository that a project's tickets belong to, where it has several.
    pub(super) repository: Option<String>,
    pub(super) wanted: Wanted,
    pub(super) identity: OnceCell<Identity>,
}

impl Client {
    /// Where people read a work item.
    pub(super) fn item_url(&self, project: &str, item: WorkItem) -> String {
        format!("{}/{}/_workitems/edit/{}", self.web_base, segment(project), item.0)
    }

    /// A comment of the bot's as it stands; its markers in their usual form, where it carries some.
    pub(super) fn posted(&self, project: &str, item: WorkItem, number: u64, text: &str) -> PostedComment {
        let markers = carrier::unload(text);
        PostedComment {
            id: CommentRef::Number(number).id(),
            url: Some(format!("{}#{number}", self.item_url(project, item))),
            body: if markers.is_empty() { text.to_owned() } else { markers },
        }
    }

    /// Checks that a work item lies where this connection may go.
    pub(super) fn checked(&self, item: &RawItem) -> Result<Place, TrackerError> {
        let project = item.project()?;
        if !self.accepted.project(project) {
            return Err(TrackerError::Gone("the work item is of another project".to_owned()));
        }
        let area = item.text("System.AreaPath").unwrap_or(project).to_owned();
        Ok(Place { project: project.to_owned(), area, rev: item.rev })
    }

    /// Reads where a work item stands now: items move between projects.
    pub(super) async fn place(&self, item: WorkItem) -> Result<Place, TrackerError> {
        let read = self.api.item("place", item, "fields=System.TeamProject,System.AreaPath").await?;
        self.checked(&read)
    }

    /// The bot's account, read once.
    pub(super) async fn me(&self) -> Result<&Identity, TrackerError> {
        self.identity.get_or_try_init(|| self.read_identity()).await
    }

    /// Asks who the credentials belong to. A service principal has no address, but an id like everybody.
    async fn read_identity(&self) -> Result<Identity, TrackerError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Data {
            authenticated_user: User,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct User {
            id: String,
            #[serde(default)]
            custom_display_name: Value,
            #[serde(default)]
            provider_display_name: Value,
        }
        let path = format!("/_apis/connectionData?api-version={}", self.api.version.preview());
        let user = self.api.call("identity", Request::get(path)).await?.json::<Data>()?.authenticated_user;
        let name = user.custom_display_name.as_str().or(user.provider_display_name.as_str());
        Ok(Identity { name: name.unwrap_or(&user.id).to_owned(), id: user.id })
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
        let parts = below.parts();
        let edited = parts.iter().position(|part| *part == "_workitems").and_then(|at| parts.get(at + 2));
        let number = edited.copied().or_else(|| below.value("workitem"));
        Ok(number.map(TicketId::new).filter(|id| WorkItem::parse(id).is_ok()))
    }

    async fn ticket(&self, id: &TicketId) -> Result<Ticket, TrackerError> {
        let item = WorkItem::parse(id)?;
        let (parts, me) = tokio::try_join!(self.parts(item), self.me())?;
        let url = self.item_url(parts.item.project()?, item);
        let (connection, wanted, me) = (self.connection.clone(), self.wanted.clone(), me.clone());
        // Thousands of comments take a while to parse: not on the event loop.
        tokio::task::spawn_blocking(move || convert::ticket(&connection, url, parts, &wanted, &me))
            .await
            .map_err(|_| TrackerError::Refused("the work item's text does not read".to_owned()))?
    }

    async fn permission(&self, id: &TicketId, actor: &Actor) -> Result<Permission, TrackerError> {
        self.rights(WorkItem::parse(id)?, actor).await
    }

    async fn confirm(&self, id: &TicketId, work: &Work) -> Result<Claim, TrackerError> {
        self.reread(WorkItem::parse(id)?, work).await
    }

    async fn code_source(&self, id: &TicketId) -> Result<Option<CodeSource>, TrackerError> {
        self.repository_of(WorkItem::parse(id)?).await
    }

    async fn acknowledge(&self, id: &TicketId, comment: Option<&CommentId>) -> Result<(), TrackerError> {
        match comment {
            Some(comment) => self.react(WorkItem::parse(id)?, comment).await,
            // Reactions are for comments; a work item has none.
            None => Ok(()),
        }
    }

    async fn own_comments(&self, id: &TicketId, since: i64) -> Result<Vec<PostedComment>, TrackerError> {
        self.comments_by_me(WorkItem::parse(id)?, since).await
    }

    async fn post(&self, id: &TicketId, body: &Rendered) -> Result<PostedComment, TrackerError> {
        self.post_comment(WorkItem::parse(id)?, body).await
    }

    async fn update(&self, id: &TicketId, comment: &CommentId, body: &Rendered) -> Result<PostedComment, TrackerError> {
        self.update_comment(WorkItem::parse(id)?, comment, body).await
    }

    async fn remove(&self, id: &TicketId, comment: &CommentId) -> Result<(), TrackerError> {
        self.remove_comment(WorkItem::parse(id)?, comment).await
    }

    async fn document(&self, id: &TicketId, document: &LinkedDocument) -> Result<Option<String>, TrackerError> {
        self.standing_page(WorkItem::parse(id)?, document).await
    }

    async fn write_document(&self, id: &TicketId, document: &LinkedDocument) -> Result<String, TrackerError> {
        self.put_page(WorkItem::parse(id)?, document).await
    }

    /// None: Azure DevOps retries by itself (408, 502, 503, 504), and although it lists what failed
    /// (`_apis/hooks/notificationsquery`), it has no call that sends a notification again.
    async fn missed_deliveries(&self, _since: i64) -> Result<Vec<MissedDelivery>, TrackerError> {
        Ok(Vec::new())
    }

    async fn redeliver(&self, _missed: &MissedDelivery) -> Result<(), TrackerError> {
        Err(TrackerError::Refused("Azure DevOps sends no notification again".to_owned()))
    }
}
