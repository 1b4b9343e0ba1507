//! The acting half of a GitHub connection.
//!
//! In: tickets' ids and rendered bodies. Out: tickets, permissions, comments. Every address is built from the
//! configured base and checked names; nothing that GitHub or a payload names as an address is ever fetched or shown.

use async_trait::async_trait;
use serde::Deserialize;
use tokio::sync::OnceCell;

use super::{
    address::{IssuePath, OwnerName, RepoPath, login_segment},
    app_login,
    call::{Api, Request, Speaker},
    convert, documents,
};
use crate::{
    model::{
        CommentId, ConnectionName, RepoName, TicketId,
        context::{WebLinks, WebStyle},
        event::Actor,
        publication::{LinkedDocument, PostedComment, Rendered},
        ticket::Ticket,
    },
    trackers::{
        CodeSource, Identity, MissedDelivery, Permission, Profile, Tracker, TrackerError, locate::below, verdict::Kind,
    },
};

/// Acts on one connection.
pub(super) struct Client {
    pub(super) connection: ConnectionName,
    pub(super) profile: Profile,
    pub(super) api: Api,
    /// Where people read issues, without a slash at the end.
    pub(super) web_base: String,
    /// Where repositories are cloned from, likewise.
    pub(super) clone_base: String,
    /// Whose webhooks the sweep looks at, for a token.
    pub(super) sweep_repositories: Vec<RepoPath>,
    /// Likewise, of organisations.
    pub(super) sweep_organisations: Vec<OwnerName>,
    pub(super) identity: OnceCell<Identity>,
}

impl Client {
    /// Where people read an issue.
    fn issue_url(&self, path: &IssuePath) -> String {
        format!("{}/{}/issues/{}", self.web_base, path.repository, path.number)
    }

    /// Where people read a document.
    fn document_url(&self, path: &IssuePath, document: &LinkedDocument) -> String {
        format!("{}/{}/{}", self.web_base, path.repository, documents::page(document))
    }

    /// A comment of the bot's as it stands.
    fn posted(&self, path: &IssuePath, id: u64, body: String) -> PostedComment {
        let url = Some(format!("{}#issuecomment-{id}", self.issue_url(path)));
        PostedComment { id: CommentId::new(id.to_string()), url, body }
    }

    /// The bot's account, read once.
    async fn me(&self) -> Result<&Identity, TrackerError> {
        self.identity.get_or_try_init(|| self.read_identity()).await
    }

    /// Asks who the credentials belong to.
    async fn read_identity(&self) -> Result<Identity, TrackerError> {
        #[derive(Deserialize)]
        struct App {
            slug: String,
        }
        #[derive(Deserialize)]
        struct User {
            login: String,
        }
        let id = if self.api.access.is_app() {
            let answer = self.api.call("identity", Speaker::Itself, Request::get("/app".to_owned())).await?;
            app_login(&answer.json::<App>(Kind::Read)?.slug)
        } else {
            let answer = self.api.call("identity", Speaker::Itself, Request::get("/user".to_owned())).await?;
            answer.json::<User>(Kind::Read)?.login
        };
        Ok(Identity { name: id.clone(), id })
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
        Ok(match below.parts().as_slice() {
            [owner, name, "issues", number, ..] => {
                let id = TicketId::new(format!("{owner}/{name}#{number}"));
                IssuePath::parse(&id).map(|_| id)
            }
            _ => None,
        })
    }

    async fn ticket(&self, id: &TicketId) -> Result<Ticket, TrackerError> {
        let path = issue_path(id)?;
        let (parts, me) = tokio::try_join!(self.api.issue_parts(&path), self.me())?;
        let (connection, url, me) = (self.connection.clone(), self.issue_url(&path), me.clone());
        // Thousands of comments take a while to parse: not on the event loop.
        tokio::task::spawn_blocking(move || convert::ticket(&connection, &path, url, parts, &me))
            .await
            .map_err(|_| TrackerError::Refused("the issue's text does not read".to_owned()))
    }

    async fn permission(&self, id: &TicketId, actor: &Actor) -> Result<Permission, TrackerError> {
        let path = issue_path(id)?;
        let Some(login) = login_segment(&actor.id) else { return Ok(Permission::None) };
        let at = format!("/repos/{}/collaborators/{login}/permission", path.repository);
        // a repository that was renamed is somewhere else: that says nothing about the person
        let request = Request::get(at).following(self.api.access.base());
        match self.api.call("permission", Speaker::For(&path.repository), request).await {
            Ok(answer) => Ok(answer.json::<Role>(Kind::Read)?.permission()),
            Err(TrackerError::Gone(_)) => Ok(Permission::None),
            Err(error) => Err(error),
        }
    }

    async fn code_source(&self, id: &TicketId) -> Result<Option<CodeSource>, TrackerError> {
        let repository = issue_path(id)?.repository;
        let credentials = if self.clone_base.starts_with("http") {
            Some(("x-access-token".to_owned(), self.api.git_token(&repository).await?))
        } else {
            None
        };
        Ok(Some(CodeSource {
            name: RepoName::new(repository.as_str()),
            url: format!("{}/{repository}.git", self.clone_base),
            credentials,
            web: Some(WebLinks { style: WebStyle::GitHub, base: format!("{}/{repository}", self.web_base) }),
        }))
    }

    async fn acknowledge(&self, id: &TicketId, comment: Option<&CommentId>) -> Result<(), TrackerError> {
        self.api.react(&issue_path(id)?, comment).await
    }

    async fn own_comments(&self, id: &TicketId, since: i64) -> Result<Vec<PostedComment>, TrackerError> {
        let path = issue_path(id)?;
        let own = self.api.comments_by(&path, self.me().await?, since).await?;
        Ok(own.into_iter().map(|comment| self.posted(&path, comment.id, comment.body.unwrap_or_default())).collect())
    }

    async fn post(&self, id: &TicketId, body: &Rendered) -> Result<PostedComment, TrackerError> {
        let path = issue_path(id)?;
        let written = self.api.post_comment(&path, body.body()).await?;
        Ok(self.posted(&path, written.id, body.body().to_owned()))
    }

    async fn update(&self, id: &TicketId, comment: &CommentId, body: &Rendered) -> Result<PostedComment, TrackerError> {
        let path = issue_path(id)?;
        let written = self.api.update_comment(&path, comment, body.body()).await?;
        Ok(self.posted(&path, written.id, body.body().to_owned()))
    }

    async fn remove(&self, id: &TicketId, comment: &CommentId) -> Result<(), TrackerError> {
        self.api.remove_comment(&issue_path(id)?, comment).await
    }

    async fn document(&self, id: &TicketId, document: &LinkedDocument) -> Result<Option<String>, TrackerError> {
        let path = issue_path(id)?;
        Ok(self.api.has_document(&path, document).await?.then(|| self.document_url(&path, document)))
    }

    async fn write_document(&self, id: &TicketId, document: &LinkedDocument) -> Result<String, TrackerError> {
        let path = issue_path(id)?;
        self.api.put_document(&path, document).await?;
        Ok(self.document_url(&path, document))
    }

    async fn missed_deliveries(&self, since: i64) -> Result<Vec<MissedDelivery>, TrackerError> {
        let our_path = format!("/hooks/{}", self.connection);
        self.api.missed(&self.sweep_repositories, &self.sweep_organisations, &our_path, since).await
    }

    async fn redeliver(&self, missed: &MissedDelivery) -> Result<(), TrackerError> {
        self.api.send_again(missed).await
    }
}

/// The path of a ticket of ours.
fn issue_path(id: &TicketId) -> Result<IssuePath, TrackerError> {
    IssuePath::parse(id).ok_or_else(|| TrackerError::Gone("not an issue of GitHub".to_owned()))
}

/// A collaborator's role. `permission` folds maintain into write and triage into read; `role_name` does not, but names
/// roles of an organisation's own too.
/// <https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user>
#[derive(Deserialize)]
struct Role {
    #[serde(default)]
    permission: String,
    role_name: Option<String>,
}

impl Role {
    /// What the role allows; what is not known allows nothing.
    fn permission(&self) -> Permission {
        let known = |word: &str| match word {
            "admin" => Some(Permission::Admin),
            "maintain" | "write" => Some(Permission::Write),
            "triage" => Some(Permission::Triage),
            "read" => Some(Permission::Read),
            "none" => Some(Permission::None),
            _ => None,
        };
        let role = self.role_name.as_deref().and_then(known);
        role.or_else(|| known(&self.permission)).unwrap_or(Permission::None)
    }
}
