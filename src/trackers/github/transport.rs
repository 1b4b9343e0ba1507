//! Carries octocrab's requests over the program's own HTTP client.
//!
//! In: a request for a path below the API's base. Out: a whole response of capped length, or a fault that says whether
//! bytes can have reached GitHub. Never leaves the configured base, never follows a redirect, never retries: octocrab's
//! own transport does both, and a comment sent twice is a comment too many.

use std::{future::Future, pin::Pin};

use ::http::{
    HeaderValue, Request, Response, Uri,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING},
};
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder};

use crate::http::{Client, ReadError, describe, read_capped};

/// The longest response that is read, in bytes: a page of 100 comments at their longest.
const RESPONSE_LIMIT: usize = 32 << 20;

/// How a request failed before a whole response was there.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// No connection: certainly without effect.
    #[error("{0}")]
    NotSent(String),
    /// Bytes were sent and no whole response came.
    #[error("{0}")]
    Broken(String),
}

/// What a request becomes.
type Carried = Pin<Box<dyn Future<Output = Result<Response<reqwest::Body>, Fault>> + Send>>;

/// An octocrab that speaks through `client` to `base` (no slash at the end). Needs a running Tokio runtime.
pub(super) fn octocrab(client: Client, base: String, auth: AuthState) -> Octocrab {
    let service = tower::service_fn(move |request: Request<OctoBody>| -> Carried {
        Box::pin(carry(client.clone(), absolute(&base, request.uri()), request))
    });
    match OctocrabBuilder::new_empty().with_service(service).with_auth(auth).build() {
        Ok(octocrab) => octocrab,
        Err(never) => match never {},
    }
}

/// The address of a path below the base; `None` for an address that names its own host.
fn absolute(base: &str, path: &Uri) -> Option<Uri> {
    let path_and_query = path.path_and_query().filter(|_| path.authority().is_none())?;
    format!("{base}{path_and_query}").parse().ok()
}

/// Sends a request and reads the whole response.
async fn carry(
    client: Client,
    address: Option<Uri>,
    mut request: Request<OctoBody>,
) -> Result<Response<reqwest::Body>, Fault> {
    *request.uri_mut() = address.ok_or_else(|| Fault::NotSent("not an address below the API's base".to_owned()))?;
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/vnd.github+json"));
    let request = reqwest::Request::try_from(request.map(reqwest::Body::wrap))
        .map_err(|error| Fault::NotSent(error.without_url().to_string()))?;
    let response = client.send(request).await.map_err(fault)?;
    let mut head = Response::new(());
    *head.status_mut() = response.status();
    *head.headers_mut() = response.headers().clone();
    for header in [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING] {
        head.headers_mut().remove(header);
    }
    let body = read_capped(response, RESPONSE_LIMIT).await.map_err(|error| match error {
        ReadError::Broken(error) => Fault::Broken(describe(error)),
        too_long @ ReadError::TooLong(_) => Fault::Broken(too_long.to_string()),
    })?;
    Ok(head.map(|()| reqwest::Body::from(body)))
}

/// Tells "no connection" (name, TCP, TLS) from everything later.
fn fault(error: reqwest::Error) -> Fault {
    if error.is_connect() || error.is_builder() {
        Fault::NotSent(describe(error))
    } else {
        Fault::Broken(describe(error))
    }
}
