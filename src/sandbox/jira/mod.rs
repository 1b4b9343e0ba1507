//! A Jira of the sandbox, Cloud or Data Center: REST with its bot's account, and webhooks.
//!
//! In: requests over HTTP, and the acts of people. Out: answers derived from the world, deliveries, and word of what
//! the bot wrote. Served at the root on Cloud, under `/jira` on Data Center. It shows the projects whose names are keys.

mod adf;
mod attachments;
mod auth;
mod call;
mod comments;
mod endpoint;
mod errors;
mod flavour;
mod issues;
mod json;
mod markup;
mod pages;
mod permissions;
mod properties;
mod routes;
mod tell;

use std::{collections::BTreeMap, sync::Arc};

use axum::response::Response;
use serde_json::Value;

pub use endpoint::Endpoint;
pub use flavour::Flavour;
pub(super) use routes::router;

pub use super::{
    acts::{Commented, Opened},
    deliver::{Sent, signature},
    faults::{Fault, Gate, Reveal},
    state::{Writing, Written},
};
use super::{
    acts::{Happening, Telling},
    answer::Answer,
    call::Call,
    deliver::{Draft, Letter},
    handle::Handle,
    kind::Kind,
    page::{Render, unrendered},
    site::{self, Ground},
    world::{Comment, TicketKey},
};
use attachments::RemoteLink;

/// Jira as a kind of tracker.
pub struct Jira;

/// A handle on a Jira of the sandbox; clones share it.
pub type JiraSite = Handle<Jira>;

type Site = site::Site<Jira>;
type State = super::state::State<Jira>;

/// Signs deliveries until told otherwise.
const WEBHOOK_SECRET: &str = "the-sandbox-jira-signs-with-this";
/// How often Cloud tries again.
const RETRIES: u32 = 5;

/// What Jira remembers beside what every tracker does.
#[derive(Debug)]
pub struct Own {
    flavour: Flavour,
    hook: Option<String>,
    /// None where deliveries are not signed, as before Data Center 10.
    secret: Option<String>,
    /// Comments that came as documents, each with the version of the comment that it is the body of.
    documents: BTreeMap<u64, (u64, Value)>,
    /// Comment properties by comment and key.
    properties: BTreeMap<u64, BTreeMap<String, Value>>,
    remote_links: BTreeMap<TicketKey, Vec<RemoteLink>>,
    render: Render,
}

impl Own {
    /// A comment's document, while it is what the comment says.
    fn document_of(&self, comment: &Comment) -> Option<&Value> {
        let (version, document) = self.documents.get(&comment.id)?;
        (*version == comment.version).then_some(document)
    }

    /// Whether a customer of a service desk would see the comment.
    fn is_public(&self, comment: u64) -> bool {
        let property = self.properties.get(&comment).and_then(|all| all.get("sd.public.comment"));
        property.is_none_or(|value| value["internal"] != true)
    }
}

impl Kind for Jira {
    type Endpoint = Endpoint;
    type Own = Own;
    type Answer = Answer;

    fn letter(own: &Own, draft: &Draft) -> Option<Letter> {
        tell::letter(own, draft)
    }

    async fn answer(site: &Arc<Site>, call: &Call<Endpoint>) -> Answer {
        routes::answer(site, call)
    }

    fn refuse(fault: &Fault, call: &Call<Endpoint>) -> Option<Answer> {
        routes::refuse(fault, call)
    }

    fn failure(status: u16) -> Answer {
        routes::failure(status)
    }

    fn comment_of(answer: &Answer) -> Option<u64> {
        answer.comment
    }

    fn slowed(answer: Answer, retry_after: u32) -> Answer {
        answer.with(http::header::RETRY_AFTER, retry_after.to_string())
    }

    fn respond(site: &Site, _: &Call<Endpoint>, answer: Answer) -> Response {
        let mut response = answer.respond("application/json;charset=UTF-8");
        routes::count(site, &mut response);
        response
    }
}

impl Telling for Jira {
    fn tell(state: &mut State, base: &str, by: &str, what: &Happening<'_>) {
        tell::tell(state, base, by, what);
    }
}

/// What a client needs to know.
impl JiraSite {
    /// A Jira on this ground at this host.
    pub(super) fn at(ground: &Arc<Ground>, host: &str, flavour: Flavour) -> Self {
        let own = Own {
            flavour,
            hook: None,
            secret: Some(WEBHOOK_SECRET.to_owned()),
            documents: BTreeMap::new(),
            properties: BTreeMap::new(),
            remote_links: BTreeMap::new(),
            render: unrendered,
        };
        let jira = Self::new(Site::new(ground, format!("{host}{}", flavour.context()), own));
        jira.world(tell::settle);
        jira
    }

    /// Whether it is Cloud or Data Center.
    pub fn flavour(&self) -> Flavour {
        self.site.with(|state| state.own.flavour)
    }

    /// The login of the bot's account, whose API token or personal access token is [`Handle::token_of`] it.
    pub fn bot_login(&self) -> &'static str {
        auth::BOT
    }

    /// The e-mail address of a person's account.
    pub fn email_of(&self, login: &str) -> String {
        auth::email(login)
    }

    /// What names a person over the interface: the account id on Cloud, the key on Data Center.
    pub fn person_id(&self, login: &str) -> Option<String> {
        self.site.with(|state| {
            let user = state.world.user(login)?;
            Some(match state.own.flavour {
                Flavour::Cloud => json::account_id(login),
                Flavour::DataCenter => json::user_key(user),
            })
        })
    }

    /// An issue's key: `SHOP-7`.
    pub fn issue_key(&self, issue: &TicketKey) -> String {
        format!("{}-{}", issue.project, issue.number)
    }

    /// The address of an issue's page.
    pub fn issue_url(&self, issue: &TicketKey) -> String {
        format!("{}/browse/{}", self.site.base, self.issue_key(issue))
    }

    /// The address of a comment on an issue's page.
    pub fn comment_url(&self, issue: &TicketKey, comment: u64) -> String {
        format!("{}#comment-{comment}", self.issue_url(issue))
    }

    /// A comment's document, where it came as one and was not changed otherwise since.
    pub fn document(&self, issue: &TicketKey, comment: u64) -> Option<Value> {
        self.site.with(|state| {
            let comment = state.world.ticket(issue)?.comments.iter().find(|there| there.id == comment)?;
            state.own.document_of(comment).cloned()
        })
    }

    /// A comment's properties.
    pub fn properties(&self, comment: u64) -> BTreeMap<String, Value> {
        self.site.with(|state| state.own.properties.get(&comment).cloned().unwrap_or_default())
    }

    /// The remote links of an issue, as clients sent them.
    pub fn remote_links(&self, issue: &TicketKey) -> Vec<Value> {
        self.site.with(|state| {
            let links = state.own.remote_links.get(issue).map_or(&[][..], Vec::as_slice);
            links.iter().map(|link| link.shown.clone()).collect()
        })
    }

    /// Shows text on the pages by this function, which must give safe HTML.
    pub fn render_pages_by(&self, render: Render) {
        self.site.with(|state| state.own.render = render);
    }
}

/// How deliveries go out.
impl JiraSite {
    /// Sends deliveries to this address from now on.
    pub fn set_hook(&self, url: impl Into<String>) {
        let url = url.into();
        self.site.with(|state| state.own.hook = Some(url));
    }

    /// Sends deliveries nowhere from now on: they are kept as failed.
    pub fn clear_hook(&self) {
        self.site.with(|state| state.own.hook = None);
    }

    /// What signs the deliveries; none where they are not signed.
    pub fn webhook_secret(&self) -> Option<String> {
        self.site.with(|state| state.own.secret.clone())
    }

    /// Signs deliveries with another secret from now on, or no more.
    pub fn set_webhook_secret(&self, secret: Option<&str>) {
        self.site.with(|state| state.own.secret = secret.map(str::to_owned));
    }

    /// Sends again what Jira sends again after some minutes: deliveries that last were answered by 408, 409, 425, 429,
    /// 5xx or not at all, each at most five times, under the same identifier.
    pub async fn retry_failed(&self) -> Vec<Sent> {
        self.site.perform(|state| state.make_failed_again(RETRIES, tell::is_retried)).await.1
    }
}
