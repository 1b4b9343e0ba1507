//! A GitHub of the sandbox: REST, an installed app, webhooks.
//!
//! In: requests over HTTP, and the acts of people. Out: answers derived from the world, signed deliveries, and word of
//! what the bot wrote. Served at the root and under `/api/v3`, where GitHub Enterprise Server has it.

mod account;
mod acts;
mod answer;
mod app;
mod auth;
mod call;
mod code;
mod comments;
mod contents;
mod deliver;
mod endpoint;
mod faults;
mod hooks;
mod issues;
mod json;
mod pages;
mod routes;
mod site;
mod state;
mod time;

use std::sync::Arc;

pub use acts::{Commented, Opened};
pub use deliver::{Sent, signature};
pub use endpoint::Endpoint;
pub use faults::{Fault, Gate, Reveal};
pub(super) use routes::router;
pub(super) use site::Site;
pub use state::{Request, Writing, Written};

use super::world::{Comment, Ticket, TicketKey, World};
use deliver::Hook;

/// A handle on the sandbox's GitHub; clones share it.
#[derive(Clone)]
pub struct GitHub {
    site: Arc<Site>,
}

/// What a client needs to know.
impl GitHub {
    pub(super) fn new(site: Arc<Site>) -> Self {
        Self { site }
    }

    /// Where the REST interface is: `http://127.0.0.1:PORT`. Pages have the same host.
    pub fn base_url(&self) -> &str {
        &self.site.base
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
        self.site.with(|state| state.secret.to_string())
    }

    /// The token that acts as a person.
    pub fn token_of(&self, login: &str) -> Option<String> {
        self.site.with(|state| state.world.user(login)?.token.clone())
    }

    /// Shows Markdown on the pages by this function, which must give safe HTML.
    pub fn render_pages_by(&self, render: fn(&str) -> String) {
        self.site.with(|state| state.render = render);
    }

    /// The address of an issue's page.
    pub fn issue_url(&self, issue: &TicketKey) -> String {
        format!("{}/{}/issues/{}", self.site.base, issue.project, issue.number)
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
        self.site.with(|state| state.hook = Some(hook));
    }

    /// Sends deliveries to this address as a form from now on.
    pub fn set_form_hook(&self, url: impl Into<String>) {
        let hook = Hook { url: url.into(), form: true };
        self.site.with(|state| state.hook = Some(hook));
    }

    /// Sends deliveries nowhere from now on: they are kept as failed.
    pub fn clear_hook(&self) {
        self.site.with(|state| state.hook = None);
    }

    /// Signs deliveries with another secret from now on.
    pub fn set_webhook_secret(&self, secret: &str) {
        self.site.with(|state| state.secret = secret.into());
    }

    /// The latest deliveries, in the order in which they ended: the last ten thousand.
    pub fn deliveries(&self) -> Vec<Sent> {
        self.site.with(|state| state.deliveries.iter().map(|delivery| delivery.sent.clone()).collect())
    }

    /// Waits until no delivery is on its way.
    pub async fn settled(&self) {
        self.site.until(|state| (state.sending == 0).then_some(())).await;
    }
}

/// What goes wrong, by script.
impl GitHub {
    /// Makes the next request to the endpoint go wrong; several faults are met in the order they were scripted.
    pub fn fail_next(&self, endpoint: Endpoint, fault: Fault) -> Gate {
        self.site.with(|state| {
            let (world, faults) = (&state.world, &mut state.faults);
            faults.script(endpoint, fault, world)
        })
    }

    /// Makes the next requests to the endpoint go wrong, this many times.
    pub fn fail_times(&self, endpoint: Endpoint, times: usize, fault: &Fault) -> Vec<Gate> {
        (0..times).map(|_| self.fail_next(endpoint, fault.clone())).collect()
    }

    /// How many scripted faults no request has met.
    pub fn faults_left(&self) -> usize {
        self.site.with(|state| state.faults.left())
    }

    /// Ends all installation tokens: the next request with one is answered by 401.
    pub fn expire_tokens(&self) {
        self.site.with(|state| state.tokens.expire());
    }

    /// How many installation tokens were given out.
    pub fn tokens_issued(&self) -> u64 {
        self.site.with(|state| state.tokens.issued())
    }
}

/// What came of it.
impl GitHub {
    /// Waits for the next comment that was written or changed over the interface on this issue, and reads it.
    pub async fn next_comment(&self, issue: &TicketKey) -> Written {
        self.site
            .until(|state| {
                let at = state.unread.iter().position(|written| written.issue == *issue)?;
                state.unread.remove(at)
            })
            .await
    }

    /// What was written over the interface and not read yet.
    pub fn unread(&self) -> Vec<Written> {
        self.site.with(|state| state.unread.iter().cloned().collect())
    }

    /// The comments of an issue, oldest first, those that a fault hides included; none where the issue is gone.
    pub fn comments(&self, issue: &TicketKey) -> Vec<Comment> {
        self.site.with(|state| state.world.ticket(issue).map(|ticket| ticket.comments.clone()).unwrap_or_default())
    }

    /// An issue as it stands.
    pub fn issue(&self, issue: &TicketKey) -> Option<Ticket> {
        self.site.with(|state| state.world.ticket(issue).cloned())
    }

    /// Reads or changes the world without any delivery.
    pub fn world<R>(&self, act: impl FnOnce(&mut World) -> R) -> R {
        self.site.with(|state| act(&mut state.world))
    }

    /// The latest requests, oldest first: the last ten thousand.
    pub fn requests(&self) -> Vec<Request> {
        self.site.with(|state| state.requests.iter().cloned().collect())
    }

    /// How many requests the endpoint has had since the sandbox started.
    pub fn request_count(&self, endpoint: Endpoint) -> usize {
        self.site.with(|state| state.counts.get(&endpoint).copied().unwrap_or(0))
    }

    /// Waits until the endpoint has had this many requests since the sandbox started.
    pub async fn requested(&self, endpoint: Endpoint, times: usize) {
        let count = |state: &mut state::State| state.counts.get(&endpoint).copied().unwrap_or(0);
        self.site.until(|state| (count(state) >= times).then_some(())).await;
    }

    /// Waits for an issue to have a reaction, on itself or on any comment.
    pub async fn reaction(&self, issue: &TicketKey, content: &str) {
        self.site
            .until(|state| {
                let ticket = state.world.ticket(issue)?;
                let all = ticket.comments.iter().map(|comment| &comment.reactions).chain([&ticket.reactions]);
                all.flat_map(|reactions| reactions.keys()).any(|(_, of)| of == content).then_some(())
            })
            .await;
    }
}
