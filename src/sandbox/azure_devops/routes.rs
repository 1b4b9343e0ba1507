//! From a request to an answer: who calls, what the endpoint does, the headers Azure DevOps adds.

use std::sync::Arc;

use axum::{Router, body::Body, extract::DefaultBodyLimit, response::Response};
use http::{HeaderName, header};

use super::{
    AzureDevOps, Site, State,
    auth::{self, Caller},
    call::{Call, Desk},
    endpoint::Endpoint,
    errors, pages,
};
use crate::sandbox::{
    answer::{Answer, Outcome, set},
    exchange,
    faults::Fault,
};

const RESOURCE: HeaderName = HeaderName::from_static("x-ratelimit-resource");
const DELAY: HeaderName = HeaderName::from_static("x-ratelimit-delay");
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
const ACTIVITY: HeaderName = HeaderName::from_static("activityid");
/// Units of work in five minutes.
const BUDGET: &str = "200";

/// Every endpoint of the collection and of its projects, and Entra's.
pub fn router(azure: &AzureDevOps) -> Router {
    let flavour = azure.flavour();
    let collection = format!("/{}", flavour.collection());
    let mut endpoints = Router::new();
    let of_collection =
        Endpoint::COLLECTION.into_iter().map(|(e, m, path)| (e, m, format!("{collection}/_apis{path}")));
    let of_projects =
        Endpoint::PROJECT.into_iter().map(|(e, m, path)| (e, m, format!("{collection}/{{project}}/_apis{path}")));
    for (endpoint, method, path) in of_collection.chain(of_projects) {
        endpoints = endpoints.route(&path, exchange::on(method, endpoint));
    }
    let nowhere = || async {
        errors::error(404, "HttpResponseException", "The controller for the path was not found.").respond(JSON)
    };
    let routed = endpoints
        .route("/{tenant}/oauth2/v2.0/token", exchange::on(axum::routing::MethodFilter::POST, Endpoint::Token))
        .merge(pages::routes(flavour))
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(16 << 20))
        .with_state(azure.site.clone());
    // Before routing: the parts of an address have no case there.
    Router::new().fallback_service(tower::util::MapRequest::new(routed, lower))
}

/// Every part of an address that stands in the tables in lower case; names and descriptors keep theirs.
fn lower(mut request: http::Request<Body>) -> http::Request<Body> {
    let Some((before, after)) = request.uri().path().split_once("/_apis/") else { return request };
    let fixed = |part: &str| {
        let all = Endpoint::COLLECTION.iter().chain(&Endpoint::PROJECT);
        let lower = part.to_ascii_lowercase();
        all.flat_map(|(_, _, path)| path.split('/')).any(|known| known == lower).then_some(lower)
    };
    let parts: Vec<String> = after.split('/').map(|part| fixed(part).unwrap_or_else(|| part.to_owned())).collect();
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    if let Ok(uri) = format!("{before}/_apis/{}{query}", parts.join("/")).parse() {
        *request.uri_mut() = uri;
    }
    request
}

/// The media type of answers.
pub const JSON: &str = "application/json; charset=utf-8; api-version=7.1";

/// Authenticates and answers, and sends the deliveries that this makes.
pub fn answer(site: &Arc<Site>, call: &Call) -> Answer {
    let wall_ms = site.wall_ms();
    let (outcome, drafts) = site.act(|state| {
        if call.endpoint == Endpoint::Token {
            return auth::token(&mut state.own.tokens, call.param("tenant"), &call.body, wall_ms);
        }
        let flavour = state.own.flavour;
        match auth::caller(&call.headers, &state.world, flavour, &state.own.tokens, wall_ms) {
            Caller::Missing => Err(errors::sign_in(flavour, &site.base, false)),
            Caller::Wrong => Err(errors::sign_in(flavour, &site.base, true)),
            Caller::Known(login) => {
                let version = call.version(flavour)?;
                dispatch(Desk { state, base: &site.base, call, caller: &login, version })
            }
        }
    });
    site.send_behind(drafts);
    outcome.unwrap_or_else(|error| error)
}

/// What each endpoint does. Runs under the lock: the world does not change in between.
fn dispatch(mut desk: Desk<'_>) -> Outcome {
    use Endpoint as E;
    match desk.call.endpoint {
        // Answered before anyone is asked who they are.
        E::Token => Err(errors::unauthorized()),
        E::ConnectionData => desk.connection_data(),
        E::Identities => desk.identities(),
        E::Descriptor => desk.descriptor(),
        E::Memberships => desk.memberships(),
        E::Membership => desk.membership(),
        E::Groups => desk.groups(),
        E::Group => desk.group(),
        E::GraphUser => desk.graph_user(),
        E::AccessControlLists => desk.access_control_lists(),
        E::OwnPermissions => desk.own_permissions(),
        E::Projects => desk.projects(),
        E::Project => desk.get_project(),
        E::Teams => desk.teams(),
        E::TeamMembers => desk.team_members(),
        E::Areas => desk.areas(),
        E::WorkItem => desk.get_work_item(),
        E::WorkItems => desk.work_items(),
        E::WorkItemStates => desk.work_item_states(),
        E::Updates => desk.updates(),
        E::Revision => desk.revision(),
        E::PatchWorkItem => desk.patch_work_item(),
        E::ListComments => desk.list_comments(),
        E::CreateComment => desk.create_comment(),
        E::GetComment => desk.get_comment(),
        E::EditComment => desk.edit_comment(),
        E::DeleteComment => desk.delete_comment(),
        E::ListReactions => desk.list_reactions(),
        E::React => desk.react(),
        E::Unreact => desk.unreact(),
        E::UploadAttachment => desk.upload_attachment(),
        E::Attachment => desk.attachment(),
        E::Repositories => desk.repositories(),
        E::Repository => desk.repository(),
        E::Wikis => desk.wikis(),
        E::WikiPage => desk.wiki_page(),
        E::WriteWikiPage => desk.write_wiki_page(),
        E::DeleteWikiPage => desk.delete_wiki_page(),
        E::Subscription => desk.shown_subscription(),
        E::Notifications => desk.notifications(),
        E::Notification => desk.notification(),
    }
}

/// The answer of a fault that applies nothing.
pub fn refuse(fault: &Fault, call: &Call) -> Option<Answer> {
    let after = |answer: Answer, seconds: u32| answer.with(header::RETRY_AFTER, seconds.to_string());
    Some(match fault {
        Fault::Status(status) => failure(*status),
        Fault::RateLimited { retry_after } | Fault::SecondaryLimit { retry_after: Some(retry_after) } => {
            after(errors::blocked(), *retry_after)
        }
        Fault::SecondaryLimit { retry_after: None } => errors::blocked(),
        Fault::PrimaryExhausted { reset } => errors::blocked().with(LIMIT, BUDGET).with(RESET, reset.to_string()),
        Fault::Unauthorized => errors::unauthorized(),
        Fault::Redirect { to } => {
            Answer::json(302, serde_json::Value::Null).with(header::LOCATION, format!("{to}{}", call.uri))
        }
        _ => return None,
    })
}

/// The answer of a server that fails.
pub fn failure(status: u16) -> Answer {
    errors::error(status, "HttpResponseException", "TF400898: An Internal Error Occurred.")
}

/// The answer with the headers of a delayed request.
pub fn slowed(answer: Answer, retry_after: u32) -> Answer {
    answer
        .with(header::RETRY_AFTER, retry_after.to_string())
        .with(RESOURCE, "AzureDevOps/Concurrency")
        .with(DELAY, "0.500")
        .with(LIMIT, BUDGET)
        .with(REMAINING, "0")
}

/// Adds the id that support asks for. The headers of limits come only near a limit.
pub fn stamp(site: &Site, response: &mut Response) {
    let served = site.with(|state: &mut State| state.served());
    set(response.headers_mut(), ACTIVITY, &crate::sandbox::deliver::guid(&format!("request {served}")));
}
