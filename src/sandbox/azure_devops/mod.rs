//! An Azure DevOps of the sandbox, Services or Server: REST, Entra's token endpoint, service hooks.
//!
//! In: requests over HTTP, and the acts of people. Out: answers derived from the world, deliveries, and word of what
//! the bot wrote. It shows the projects whose names have no slash. Work items and comments are numbered from 1.

mod access;
mod auth;
mod call;
mod comments;
mod endpoint;
mod errors;
mod flavour;
mod handle;
mod history;
mod hooks;
mod items;
mod json;
mod pages;
mod patch;
mod people;
mod projects;
mod routes;
mod tell;
mod wiki;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

pub use comments::Format;
pub use endpoint::Endpoint;
pub use flavour::Flavour;
pub use hooks::Details;
pub(super) use routes::router;

pub use super::{
    acts::{Commented, Opened},
    deliver::Sent,
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
    site,
    world::{Comment, TicketKey},
};
use history::History;
use hooks::{Hook, Notification};

/// Azure DevOps as a kind of tracker.
pub struct Azure;

/// A handle on the sandbox's Azure DevOps; clones share it.
pub type AzureDevOps = Handle<Azure>;

type Site = site::Site<Azure>;
type State = super::state::State<Azure>;

/// The Basic password of deliveries until told otherwise.
const HOOK_PASSWORD: &str = "the-sandbox-hook-password";
/// What Azure DevOps remembers beside what every tracker does.
#[derive(Debug)]
pub struct Own {
    flavour: Flavour,
    hook: Option<Hook>,
    password: String,
    details: Details,
    /// How many notifications each type's subscription has had.
    subscriptions: BTreeMap<&'static str, u64>,
    notifications: BTreeMap<(String, u64), Notification>,
    /// Nobody may view the subscriptions, the bot included.
    hides_subscriptions: bool,
    history: BTreeMap<TicketKey, History>,
    changed_by: BTreeMap<TicketKey, String>,
    /// The formats of comments, each with the comment's version that it is the format of.
    formats: BTreeMap<u64, (u64, Format)>,
    /// The fields that hold Markdown.
    markdown_fields: BTreeMap<TicketKey, BTreeSet<String>>,
    hyperlinks: BTreeMap<TicketKey, Vec<Value>>,
    /// Uploaded files by id, with their names.
    uploads: BTreeMap<String, (String, Bytes)>,
    /// The uploads that became attachments.
    files: BTreeMap<u64, String>,
    /// Wiki pages by project and path.
    pages: BTreeMap<(String, String), wiki::Page>,
    tokens: auth::Tokens,
    render: Render,
}

impl Own {
    fn new(flavour: Flavour) -> Self {
        Self {
            flavour,
            hook: None,
            password: HOOK_PASSWORD.to_owned(),
            details: Details::All,
            subscriptions: BTreeMap::new(),
            notifications: BTreeMap::new(),
            hides_subscriptions: false,
            history: BTreeMap::new(),
            changed_by: BTreeMap::new(),
            formats: BTreeMap::new(),
            markdown_fields: BTreeMap::new(),
            hyperlinks: BTreeMap::new(),
            uploads: BTreeMap::new(),
            files: BTreeMap::new(),
            pages: BTreeMap::new(),
            tokens: auth::Tokens::default(),
            render: unrendered,
        }
    }

    /// The id of a file: that of its upload, where a client uploaded it.
    fn file_id(&self, attachment: u64) -> String {
        self.files.get(&attachment).cloned().unwrap_or_else(|| attachment.to_string())
    }

    /// What a comment is written in; people write HTML.
    fn format_of(&self, comment: &Comment) -> Format {
        let known = self.formats.get(&comment.id).filter(|(version, _)| *version == comment.version);
        known.map_or(Format::Html, |(_, format)| *format)
    }
}

/// A list as Azure DevOps wraps it.
fn list(values: impl Iterator<Item = Value>) -> Value {
    let values: Vec<Value> = values.collect();
    serde_json::json!({ "count": values.len(), "value": values })
}

impl Kind for Azure {
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
        routes::slowed(answer, retry_after)
    }

    fn respond(site: &Site, _: &Call<Endpoint>, answer: Answer) -> Response {
        let mut response = answer.respond(routes::JSON);
        routes::stamp(site, &mut response);
        response
    }
}

impl Telling for Azure {
    fn tell(state: &mut State, base: &str, by: &str, what: &Happening<'_>) {
        tell::tell(state, base, by, what);
    }
}
