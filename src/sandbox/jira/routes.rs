//! From a request to an answer: who calls, what the endpoint does, the headers Jira adds.

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, response::Response};
use http::{HeaderMap, HeaderName, header};
use jiff::Timestamp;

use super::{
    JiraSite, Site, State, auth,
    call::{Call, Desk},
    endpoint::Endpoint,
    errors,
    flavour::Flavour,
    pages,
};
use crate::sandbox::{
    answer::{Answer, Outcome, set},
    exchange,
    faults::Fault,
};

/// Requests that a site takes in a window of this many seconds.
const BUDGET: usize = 100_000;
const WINDOW_S: i64 = 60;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
const REASON: HeaderName = HeaderName::from_static("ratelimit-reason");
const INTERVAL: HeaderName = HeaderName::from_static("x-ratelimit-interval-seconds");
const FILL_RATE: HeaderName = HeaderName::from_static("x-ratelimit-fillrate");

/// Every endpoint under every prefix of the flavour.
pub fn router(jira: &JiraSite) -> Router {
    let flavour = jira.flavour();
    let mut endpoints = Router::new();
    for prefix in flavour.prefixes() {
        for (endpoint, method, path) in Endpoint::TABLE {
            endpoints = endpoints.route(&format!("{prefix}{path}"), exchange::on(method, endpoint));
        }
    }
    let nowhere = || async { errors::error(404, "null for uri").respond("application/json;charset=UTF-8") };
    endpoints
        .merge(pages::routes(flavour))
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(16 << 20))
        .with_state(jira.site.clone())
}

/// Authenticates and answers, and sends the deliveries that this makes.
pub fn answer(site: &Arc<Site>, call: &Call) -> Answer {
    let (outcome, drafts) = site.act(|state| {
        let flavour = state.own.flavour;
        let caller = auth::caller(&call.headers, &state.world, flavour, call.is_by_oauth());
        match caller {
            // Everyone may ask what runs here.
            None if call.endpoint == Endpoint::ServerInfo => dispatch(state, &site.base, call, ""),
            None => Err(errors::unauthorized(flavour)),
            Some(caller) => dispatch(state, &site.base, call, &caller),
        }
    });
    site.send_behind(drafts);
    outcome.unwrap_or_else(|error| error)
}

/// What each endpoint does. Runs under the lock: the world does not change in between.
fn dispatch(state: &mut State, base: &str, call: &Call, caller: &str) -> Outcome {
    use Endpoint as E;
    let mut desk = Desk { state, base, call, caller };
    match call.endpoint {
        E::ServerInfo => desk.server_info(),
        E::Myself => desk.myself(),
        E::User => desk.user(),
        E::Fields => desk.fields(),
        E::Project => desk.get_project(),
        E::ProjectRoles => desk.project_roles(),
        E::ProjectRole => desk.project_role(),
        E::CheckPermissions => desk.check_permissions(),
        E::MyPermissions => desk.my_permissions(),
        E::UsersWithPermissions => desk.users_with_permissions(),
        E::Issue => desk.get_issue(),
        E::ListComments => desk.list_comments(),
        E::CreateComment => desk.create_comment(),
        E::GetComment => desk.get_comment(),
        E::EditComment => desk.edit_comment(),
        E::DeleteComment => desk.delete_comment(),
        E::ListProperties => desk.list_properties(),
        E::GetProperty => desk.get_property(),
        E::SetProperty => desk.set_property(),
        E::DeleteProperty => desk.delete_property(),
        E::Attach => desk.attach(),
        E::Attachment => desk.get_attachment(),
        E::AttachmentContent => desk.attachment_content(),
        E::DeleteAttachment => desk.delete_attachment(),
        E::ListRemoteLinks => desk.list_remote_links(),
        E::LinkRemotely => desk.link_remotely(),
    }
}

/// The answer of a fault that applies nothing.
pub fn refuse(fault: &Fault, call: &Call) -> Option<Answer> {
    let limited = |reason: &str| errors::error(429, "Rate limit exceeded.").with(REASON, reason).with(REMAINING, "0");
    let after = |answer: Answer, seconds: u32| answer.with(header::RETRY_AFTER, seconds.to_string());
    Some(match fault {
        Fault::Status(status) => failure(*status),
        Fault::RateLimited { retry_after } => after(limited("jira-burst-based"), *retry_after),
        Fault::SecondaryLimit { retry_after: Some(seconds) } => after(limited("jira-per-issue-on-write"), *seconds),
        Fault::SecondaryLimit { retry_after: None } => limited("jira-per-issue-on-write"),
        Fault::PrimaryExhausted { reset } => limited("jira-quota-global-based").with(RESET, minute(*reset)),
        Fault::Unauthorized => errors::unauthorized(Flavour::Cloud),
        Fault::Redirect { to } => {
            Answer::json(302, serde_json::Value::Null).with(header::LOCATION, format!("{to}{}", call.uri))
        }
        _ => return None,
    })
}

/// The answer of a server that fails.
pub fn failure(status: u16) -> Answer {
    errors::error(status, "Internal server error")
}

/// Adds the headers that say how much of the budget is left.
pub fn count(site: &Site, response: &mut Response) {
    let (now, served, flavour) =
        site.with(|state| (state.world.now().div_euclid(1000), state.served(), state.own.flavour));
    let headers = response.headers_mut();
    add(headers, LIMIT, &BUDGET.to_string());
    add(headers, REMAINING, &BUDGET.saturating_sub(served).to_string());
    match flavour {
        Flavour::Cloud => add(headers, RESET, &minute(now + WINDOW_S)),
        Flavour::DataCenter => {
            add(headers, INTERVAL, &WINDOW_S.to_string());
            add(headers, FILL_RATE, &BUDGET.to_string());
            // On Data Center every answer has it: 0 while there is budget.
            add(headers, header::RETRY_AFTER, "0");
        }
    }
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if !headers.contains_key(&name) {
        set(headers, name, value);
    }
}

/// `2026-03-02T10:00Z`, which is how Cloud writes when a window ends.
fn minute(at_s: i64) -> String {
    Timestamp::from_second(at_s).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y-%m-%dT%H:%MZ").to_string()
}
