//! Who may see the pages: people with the login, or on this machine everybody; and a single plan, whoever has its link.
//!
//! The check is a layer of the routes themselves, so that no path, query or header can talk its way around it.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode, Uri,
        header::{AUTHORIZATION, HOST, WWW_AUTHENTICATE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::WebState;
use crate::model::PlanId;

/// Who may see the pages.
#[derive(Clone)]
pub enum Access {
    /// Only who knows name and password (HTTP Basic, RFC 7617); their hash is kept, not they.
    Login(Arc<[u8; 32]>),
    /// Everybody who reaches this machine by a loopback name. Other names are refused: a page of the web could have
    /// its own name resolve to this machine (DNS rebinding) and read along.
    ThisMachine,
}

impl Access {
    /// Asks for this name and password.
    pub fn login(user: &str, password: &str) -> Self {
        Self::Login(Arc::new(hash(format!("{user}:{password}").as_bytes())))
    }

    /// May this request pass?
    fn allows(&self, headers: &HeaderMap) -> bool {
        match self {
            Self::Login(expected) => credentials(headers).is_some_and(|given| bool::from(given.ct_eq(&expected[..]))),
            Self::ThisMachine => headers.get(HOST).is_none_or(is_loopback),
        }
    }
}

/// Lets requests pass that are allowed, and asks the others for a login.
pub(super) async fn ask(State(state): State<WebState>, request: Request, next: Next) -> Response {
    match (&state.access, state.access.allows(request.headers())) {
        (_, true) => next.run(request).await,
        (Access::Login(_), false) => {
            let ask = HeaderValue::from_static("Basic realm=\"Planwright\", charset=\"UTF-8\"");
            (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, ask)], "log in to see the pages of Planwright\n")
                .into_response()
        }
        (Access::ThisMachine, false) => {
            let text = "without a login the pages answer to localhost alone: set pages.password in the configuration\n";
            (StatusCode::FORBIDDEN, text).into_response()
        }
    }
}

/// The reader came by a plan's own link, which opens nothing else; its query.
#[derive(Clone, Debug)]
pub(super) struct ByLink(pub(super) String);

/// Lets requests for a plan pass by its link, and asks the others as [`ask`] does.
pub(super) async fn ask_or_open(State(state): State<WebState>, mut request: Request, next: Next) -> Response {
    let opened = opened(&state, request.uri());
    // Who is let in anyway sees the page as ever.
    if state.access.allows(request.headers()) || opened.is_none() {
        return ask(State(state), request, next).await;
    }
    if let Some(query) = opened {
        request.extensions_mut().insert(ByLink(query));
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

/// The query of an address that opens the plan it names.
fn opened(state: &WebState, uri: &Uri) -> Option<String> {
    let name = uri.path().strip_prefix("/plans/")?;
    let id = name.split_once('.').map_or(name, |(id, _)| id);
    let (plan, query) = (PlanId(Uuid::try_parse(id).ok()?), uri.query()?);
    let now = state.clock.now_ms().div_euclid(1000);
    state.links.iter().any(|key| key.opens(plan, query, now)).then(|| query.to_owned())
}

/// The hash of what the one `Authorization` header holds.
fn credentials(headers: &HeaderMap) -> Option<[u8; 32]> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    scheme.eq_ignore_ascii_case("basic").then(|| hash(&decoded))
}

/// SHA-256, so that comparing takes the same time whatever the length.
fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Is this `Host` header a name or an address of this machine alone?
fn is_loopback(host: &HeaderValue) -> bool {
    let Ok(host) = host.to_str() else { return false };
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let address = name.parse::<std::net::IpAddr>();
    name == "localhost" || name.ends_with(".localhost") || address.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_this_machine() {
        let check = |host: &'static str| is_loopback(&HeaderValue::from_static(host));
        assert!(
            ["localhost", "localhost:8080", "127.0.0.1:8080", "127.3.2.1", "[::1]:80", "[::1]"].into_iter().all(check)
        );
        let others =
            ["example.com", "localhost.example.com", "127.0.0.1.example.com:80", "10.0.0.1", "[::2]", "", ":80"];
        assert!(!others.into_iter().any(check));
    }
}
