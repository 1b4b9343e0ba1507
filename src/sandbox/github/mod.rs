//! A GitHub of the sandbox: REST, an installed app, webhooks.
//!
//! In: requests over HTTP, and the acts of people. Out: answers derived from the world, signed deliveries, and word of
//! what the bot wrote. Served at the root and under `/api/v3`, where GitHub Enterprise Server has it.

mod account;
mod acts;
mod answer;
mod app;
mod auth;
mod branches;
mod call;
mod comments;
mod contents;
mod deliver;
mod endpoint;
mod hooks;
mod issues;
mod json;
mod pages;
mod routes;

use std::sync::Arc;

use axum::response::Response;

pub use acts::Commented;
pub use branches::Pull;
pub use endpoint::Endpoint;
pub(super) use routes::router;

pub use super::{
    acts::Opened,
    deliver::{Sent, signature},
    faults::{Fault, Gate, Reveal},
    state::{Writing, Written},
};
use super::{
    call::Call,
    deliver::{Draft, Letter},
    handle::Handle,
    kind::Kind,
    page,
    site::{self, Ground},
    world::TicketKey,
};
use answer::Answer;
use auth::Tokens;
use deliver::Hook;

/// GitHub as a kind of tracker.
pub struct Hub;

/// A handle on the sandbox's GitHub; clones share it.
pub type GitHub = Handle<Hub>;
/// A request to GitHub.
pub type Request = super::state::Request<Endpoint>;

type Site = site::Site<Hub>;
type State = super::state::State<Hub>;

/// What GitHub remembers beside what every tracker does.
#[derive(Debug)]
pub struct Own {
    tokens: Tokens,
    hook: Option<Hook>,
    secret: Arc<str>,
    /// Requests counted against the hourly limit, and when the hour ends in seconds since 1970.
    used: u32,
    resets_at: i64,
    /// In the order in which they were opened.
    pulls: Vec<Pull>,
    /// Markdown to HTML, for the pages.
    render: fn(&str) -> String,
}

impl Kind for Hub {
    type Endpoint = Endpoint;
    type Own = Own;
    type Answer = Answer;

    fn letter(own: &Own, draft: &Draft) -> Option<Letter> {
        deliver::letter(own, draft)
    }

    async fn answer(site: &Arc<Site>, call: &Call<Endpoint>) -> Answer {
        routes::answer(site, call).await
    }

    fn refuse(fault: &Fault, call: &Call<Endpoint>) -> Option<Answer> {
        routes::refuse(fault, call)
    }

    fn failure(status: u16) -> Answer {
        Answer::error(status, "Server Error")
    }

    fn comment_of(answer: &Answer) -> Option<u64> {
        answer.id()
    }

    fn slowed(answer: Answer, retry_after: u32) -> Answer {
        answer.with(http::header::RETRY_AFTER, retry_after.to_string())
    }

    fn respond(site: &Site, call: &Call<Endpoint>, answer: Answer) -> Response {
        let mut response = answer.respond(&call.headers, call.method == http::Method::GET);
        routes::count(site, &mut response);
        response
    }
}

/// What a client needs to know.
impl GitHub {
    /// A GitHub on this ground at this address.
    pub(super) fn at(ground: &Arc<Ground>, base: String) -> Self {
        let own = Own {
            tokens: Tokens::default(),
            hook: None,
            secret: app::WEBHOOK_SECRET.into(),
            used: 0,
            resets_at: 0,
            pulls: Vec::new(),
            render: page::source,
        };
        let github = Self::new(Site::new(ground, base, own));
        github.world(|world| world.add_bot(app::BOT, "planwright-sandbox"));
        github
    }

    /// The app's id.
    pub fn app_id(&self) -> u64 {
        app::ID
    }

    /// The app's private key in PEM. Public, made for the sandbox, and of no use elsewhere.
    pub fn private_key_pem(&self) -> &'static str {
        app::PRIVATE_KEY
    }

    /// The only installation's id.
    pub fn installation_id(&self) -> u64 {
        app::INSTALLATION
    }

    /// The login that the app's comments have.
    pub fn bot_login(&self) -> &'static str {
        app::BOT
    }

    /// What signs the deliveries.
    pub fn webhook_secret(&self) -> String {
        self.site.with(|state| state.own.secret.to_string())
    }

    /// Shows Markdown on the pages by this function, which must give safe HTML.
    pub fn render_pages_by(&self, render: fn(&str) -> String) {
        self.site.with(|state| state.own.render = render);
    }

    /// The address of an issue's page.
    pub fn issue_url(&self, issue: &TicketKey) -> String {
        format!("{}/{}/issues/{}", self.site.base, issue.project, issue.number)
    }

    /// The pull requests of a repository, in the order in which they were opened.
    pub fn pulls(&self, repository: &str) -> Vec<Pull> {
        self.site.with(|state| state.own.pulls.iter().filter(|pull| pull.repository == repository).cloned().collect())
    }

    /// A file on a branch of a repository.
    pub async fn file(&self, repository: &str, branch: &str, path: &str) -> Option<String> {
        let code = self.world(|world| world.project(repository)?.code.clone())?;
        let object = format!("refs/heads/{branch}:{path}");
        let bytes = super::code::git(&code, &["cat-file", "blob", "--end-of-options", &object]).await?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The address of a comment on an issue's page.
    pub fn comment_url(&self, issue: &TicketKey, comment: u64) -> String {
        format!("{}#issuecomment-{comment}", self.issue_url(issue))
    }
}

/// How deliveries go out.
impl GitHub {
    /// Sends deliveries to this address as JSON from now on.
    pub fn set_hook(&self, url: impl Into<String>) {
        let hook = Hook { url: url.into(), form: false };
        self.site.with(|state| state.own.hook = Some(hook));
    }

    /// Sends deliveries to this address as a form from now on.
    pub fn set_form_hook(&self, url: impl Into<String>) {
        let hook = Hook { url: url.into(), form: true };
        self.site.with(|state| state.own.hook = Some(hook));
    }

    /// Sends deliveries nowhere from now on: they are kept as failed.
    pub fn clear_hook(&self) {
        self.site.with(|state| state.own.hook = None);
    }

    /// Signs deliveries with another secret from now on.
    pub fn set_webhook_secret(&self, secret: &str) {
        self.site.with(|state| state.own.secret = secret.into());
    }
}

/// Its tokens.
impl GitHub {
    /// Ends all installation tokens: the next request with one is answered by 401.
    pub fn expire_tokens(&self) {
        self.site.with(|state| state.own.tokens.expire());
    }

    /// How many installation tokens were given out.
    pub fn tokens_issued(&self) -> u64 {
        self.site.with(|state| state.own.tokens.issued())
    }
}
