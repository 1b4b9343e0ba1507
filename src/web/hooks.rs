//! `POST /hooks/{connection}`: bytes in, a durable row, an answer that the tracker understands.
//!
//! Status codes follow what trackers do with them: 202 after the commit; 401 for a wrong proof; 413, 415 and 400 for
//! what is not a delivery; 503 for what may be sent again. Never 410, 429 or 500, which make Azure DevOps drop events.

use std::{borrow::Cow, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use futures::StreamExt;
use serde_json::json;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    intake::{Answer, Intake, IntakeError},
    model::delivery::{Accepted, Received},
    store::StoreError,
    trackers::{RawDelivery, Refusal},
    web::server::Peer,
};

/// What GitHub and Jira send at most, in bytes (25 MiB).
pub const MAX_BODY: usize = 25 * 1024 * 1024;
/// Bodies up to this many bytes are read without asking the budget.
const SMALL_BODY: usize = 64 * 1024;
/// The budget is counted in units of this many bytes.
const UNIT: usize = 4096;
/// A body must arrive whole within this time.
const BODY_DEADLINE: Duration = Duration::from_secs(30);

/// What the hook handler needs.
pub struct Hooks {
    intake: Arc<Intake>,
    /// Units of body bytes that may be in flight at once.
    budget: Semaphore,
}

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BodyError {
    TooLarge,
    OverBudget,
    TooSlow,
    Broken,
}

/// The routes for deliveries. `budget_bytes` bounds all large bodies that are in flight at once.
pub fn router(intake: Arc<Intake>, budget_bytes: usize) -> Router {
    let budget = Semaphore::new((budget_bytes.max(MAX_BODY) / UNIT) + 1);
    Router::new().route("/hooks/{connection}", post(receive)).with_state(Arc::new(Hooks { intake, budget }))
}

/// Receives one delivery.
async fn receive(State(hooks): State<Arc<Hooks>>, Path(connection): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let read = tokio::time::timeout(BODY_DEADLINE, read_body(&hooks.budget, &parts.headers, body)).await;
    let (body, _permit) = match read.unwrap_or(Err(BodyError::TooSlow)) {
        Ok(read) => read,
        Err(error) => return refuse_body(error),
    };
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
    let raw = RawDelivery { headers: parts.headers, target: parts.uri, peer, body };
    match hooks.intake.receive(&connection, raw).await {
        Ok(Answer::Pong) => (StatusCode::OK, "pong\n").into_response(),
        Ok(Answer::Accepted(accepted)) => answer(&accepted),
        Err(error) => refuse(&error),
    }
}

/// Reads the body under the size limit and, when it is large, under the budget.
async fn read_body<'a>(
    budget: &'a Semaphore,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Bytes, Option<SemaphorePermit<'a>>), BodyError> {
    let declared = declared_length(headers);
    if declared.is_some_and(|length| length > MAX_BODY) {
        return Err(BodyError::TooLarge);
    }
    let mut stream = body.into_data_stream();
    let mut collected: Vec<u8> = Vec::new();
    let mut permit = None;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| BodyError::Broken)?;
        if collected.is_empty() {
            if declared == Some(chunk.len()) && chunk.len() <= SMALL_BODY {
                return Ok((chunk, None));
            }
            collected.reserve_exact(declared.unwrap_or(0).min(SMALL_BODY));
        }
        let total = collected.len() + chunk.len();
        if total > MAX_BODY {
            return Err(BodyError::TooLarge);
        }
        if permit.is_none() && total > SMALL_BODY {
            let units = u32::try_from(declared.unwrap_or(MAX_BODY).div_ceil(UNIT)).map_err(|_| BodyError::TooLarge)?;
            permit = Some(budget.try_acquire_many(units).map_err(|_| BodyError::OverBudget)?);
            collected.reserve_exact(declared.unwrap_or(total).max(total) - collected.len());
        }
        collected.extend_from_slice(&chunk);
    }
    Ok((Bytes::from(collected), permit))
}

/// The declared length, where there is a readable one.
fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The answer after the commit.
fn answer(accepted: &Accepted) -> Response {
    let body = match accepted {
        Accepted::Kept => Cow::Borrowed(r#"{"kept":true}"#),
        Accepted::Decided(received) => Cow::Owned(told(received).to_string()),
    };
    (StatusCode::ACCEPTED, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// What came of a delivery.
fn told(received: &Received) -> serde_json::Value {
    match received {
        Received::Stored { delivery, job: Some(job) } => json!({"delivery": delivery.0, "job": job.0}),
        Received::Stored { delivery, job: None } => json!({"delivery": delivery.0, "skipped": true}),
        Received::Coalesced { delivery, job } => json!({"delivery": delivery.0, "job": job.0, "joined": true}),
        Received::Repeated { delivery, .. } => json!({"delivery": delivery.0, "repeated": true}),
        Received::Skipped { delivery, reason } => json!({"delivery": delivery.0, "skipped": reason.label()}),
    }
}

/// The answer to a body that was not read. The connection is closed: the rest of the body is unread.
fn refuse_body(error: BodyError) -> Response {
    let (status, text) = match error {
        BodyError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is over 25 MiB\n"),
        BodyError::OverBudget => (StatusCode::SERVICE_UNAVAILABLE, "too many large bodies in flight, send again\n"),
        BodyError::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body took too long\n"),
        BodyError::Broken => (StatusCode::BAD_REQUEST, "the body broke off\n"),
    };
    (status, [(header::CONNECTION, "close")], text).into_response()
}

/// The answer to a request that was not received.
fn refuse(error: &IntakeError) -> Response {
    let status = match error {
        IntakeError::UnknownConnection => StatusCode::NOT_FOUND,
        IntakeError::Refused(Refusal::BadProof) => StatusCode::UNAUTHORIZED,
        IntakeError::Refused(Refusal::MediaType) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        IntakeError::Refused(Refusal::BadForm) => StatusCode::BAD_REQUEST,
        IntakeError::Store(StoreError::Unavailable(_) | StoreError::Stale(_) | StoreError::Broken(_)) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    let text = match error {
        IntakeError::Store(store) => {
            metrics::counter!("planwright_errors_total", "room" => "hooks").increment(1);
            tracing::error!(error = %store, "could not store a delivery");
            "the delivery could not be stored, send again\n".to_owned()
        }
        other => format!("{other}\n"),
    };
    (status, text).into_response()
}
