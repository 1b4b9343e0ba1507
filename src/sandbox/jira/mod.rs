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
mod handle;
mod issues;
mod json;
mod markup;
mod pages;
mod permissions;
mod properties;
mod routes;
mod tell;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

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
    page::Render,
    site,
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
    /// Projects that serve customers, who see public comments.
    desks: BTreeSet<String>,
    /// The logins of customers.
    customers: BTreeSet<String>,
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
