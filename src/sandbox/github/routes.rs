//! From a request to an answer: the fault scripted for it, who calls, what the endpoint does, the headers GitHub adds.

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{
    GitHub, Site, State, account,
    answer::{Answer, Outcome, set},
    auth::{self, Caller},
    branches,
    call::Call,
    contents,
    endpoint::Endpoint,
    hooks::Hooks,
    issues::Issues,
    json::Show,
    pages,
};
use crate::sandbox::{exchange, faults::Fault};

/// Every endpoint, at the root and under the prefix of GitHub Enterprise Server.
pub fn router(github: &GitHub) -> Router {
    let mut endpoints = Router::new();
    for (endpoint, method, path) in Endpoint::TABLE {
        // Not nested: the answers' links keep the path that was asked for.
        let prefixed = format!("/api/v3{path}");
        endpoints =
            endpoints.route(path, exchange::on(method, endpoint)).route(&prefixed, exchange::on(method, endpoint));
    }
    let nowhere = || async { Answer::not_found().respond(&HeaderMap::new(), false) };
    endpoints
        .merge(pages::routes())
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(8 << 20))
        .with_state(github.site.clone())
}

/// The answer of a fault that applies nothing.
pub fn refuse(fault: &Fault, call: &Call) -> Option<Answer> {
    const SECONDARY: &str = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    let after = |answer: Answer, seconds: u32| answer.with(header::RETRY_AFTER, seconds.to_string());
    Some(match fault {
        Fault::Status(status) => Answer::error(*status, "Server Error"),
        Fault::RateLimited { retry_after } => after(Answer::error(429, SECONDARY), *retry_after),
        Fault::SecondaryLimit { retry_after: Some(seconds) } => after(Answer::error(403, SECONDARY), *seconds),
        Fault::SecondaryLimit { retry_after: None } => Answer::error(403, SECONDARY),
        Fault::PrimaryExhausted { reset } => Answer::error(403, "API rate limit exceeded for installation.")
            .with(REMAINING, "0")
            .with(RESET, reset.to_string()),
        Fault::Unauthorized => Answer::error(401, "Bad credentials"),
        Fault::Redirect { to } => Answer::error(302, "Found").with(header::LOCATION, format!("{to}{}", call.uri)),
        _ => return None,
    })
}

/// Authenticates and answers, and sends the deliveries that this makes.
pub async fn answer(site: &Arc<Site>, call: &Call) -> Answer {
    let wall_ms = site.wall_ms();
    let caller = site.with(|state| auth::caller(&call.headers, &state.world, &state.own.tokens, wall_ms));
    let outcome = match caller {
        None => Err(Answer::error(401, "Bad credentials")),
        Some(caller) if call.endpoint.needs_jwt() != (caller == Caller::App) => Err(wrong_kind(call.endpoint)),
        Some(caller) => match call.endpoint {
            // These read or write a repository on disk and so are answered outside the lock.
            Endpoint::Contents => contents::contents(site, call, &caller).await,
            Endpoint::PutContents => branches::put_contents(site, call, &caller).await,
            Endpoint::GetRef => branches::get_ref(site, call, &caller).await,
            Endpoint::CreateRef => branches::create_ref(site, call, &caller).await,
            Endpoint::Pulls => branches::pulls(site, call, &caller),
            Endpoint::OpenPull => branches::open_pull(site, call, &caller).await,
            _ => {
                let (outcome, drafts) = site.act(|state| dispatch(state, site, call, &caller));
                site.send_behind(drafts);
                outcome
            }
        },
    };
    outcome.unwrap_or_else(|error| error)
}

fn wrong_kind(endpoint: Endpoint) -> Answer {
    if endpoint.needs_jwt() {
        return Answer::error(401, "A JSON web token could not be decoded");
    }
    Answer::error(403, "This endpoint requires you to be authenticated with an installation or a user")
}

/// What each endpoint does. Runs under the lock: the world does not change in between.
fn dispatch(state: &mut State, site: &Site, call: &Call, caller: &Caller) -> Outcome {
    use Endpoint as E;
    let base = site.base.as_str();
    let show = Show { world: &state.world, base };
    match call.endpoint {
        E::App => Ok(Answer::ok(show.app())),
        E::Installations => Ok(Answer::ok(vec![show.installation(None)].into())),
        E::AccessToken => account::access_token(state, call, site.wall_ms()),
        E::InstallationRepositories => account::installation_repositories(show, call, caller),
        E::RateLimit => account::rate_limit(state),
        E::CurrentUser => account::current_user(show, caller),
        E::User => account::user(show, call),
        E::Repository => account::repository(state, show, call, caller),
        E::RepositoryInstallation => account::repository_installation(show, call),
        E::Permission => account::permission(state, show, call, caller),
        E::Labels => account::labels(state, show, call, caller),
        // Answered outside the lock.
        E::Contents | E::PutContents | E::GetRef | E::CreateRef | E::Pulls | E::OpenPull => Err(Answer::not_found()),
        E::Issue => Issues { state, base, call, caller }.issue(),
        E::Parent => Issues { state, base, call, caller }.parent(),
        E::SubIssues => Issues { state, base, call, caller }.sub_issues(),
        E::ListComments => Issues { state, base, call, caller }.comments(),
        E::CreateComment => Issues { state, base, call, caller }.create_comment(),
        E::GetComment => Issues { state, base, call, caller }.comment(),
        E::EditComment => Issues { state, base, call, caller }.edit_comment(),
        E::DeleteComment => Issues { state, base, call, caller }.delete_comment(),
        E::ReactToIssue => Issues { state, base, call, caller }.react_to_issue(),
        E::ReactToComment => Issues { state, base, call, caller }.react_to_comment(),
        E::Hooks => Hooks { state, base, call, caller }.hooks(),
        E::AppDeliveries | E::HookDeliveries => Hooks { state, base, call, caller }.list(),
        E::AppDelivery | E::HookDelivery => Hooks { state, base, call, caller }.one(),
        E::AppRedeliver | E::HookRedeliver => Hooks { state, base, call, caller }.redeliver(),
    }
}

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
const USED: HeaderName = HeaderName::from_static("x-ratelimit-used");
const RESOURCE: HeaderName = HeaderName::from_static("x-ratelimit-resource");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-github-request-id");

/// Counts the request against the hourly limit, 304 excepted, and adds the headers that say so.
pub fn count(site: &Site, response: &mut Response) {
    let free = response.status() == StatusCode::NOT_MODIFIED;
    let (used, resets_at, requests) = site.with(|state| {
        let now = state.world.now().div_euclid(1000);
        if now >= state.own.resets_at {
            (state.own.used, state.own.resets_at) = (0, now + 3600);
        }
        state.own.used += u32::from(!free);
        (state.own.used, state.own.resets_at, state.served())
    });
    let headers = response.headers_mut();
    if !headers.contains_key(REMAINING) {
        set(headers, REMAINING, &account::HOURLY_LIMIT.saturating_sub(used).to_string());
        set(headers, RESET, &resets_at.to_string());
    }
    set(headers, LIMIT, &account::HOURLY_LIMIT.to_string());
    set(headers, USED, &used.to_string());
    headers.insert(RESOURCE, HeaderValue::from_static("core"));
    set(headers, REQUEST_ID, &format!("5A0D:{requests:06X}"));
}
