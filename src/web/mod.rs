//! HTTP: the pages that people read, health for machines, metrics.
//!
//! In: requests, and what the store holds. Out: pages behind a login (single plans by a signed link), downloads, `/healthz`, `/readyz`, `/metrics`.
//! Never changes anything on a page's behalf (readiness writes a probe), never shows a secret, never loads anything
//! from another host.

pub mod access;
mod assets;
pub mod health;
pub mod hooks;
mod metrics;
pub mod pages;
mod render;
pub mod server;

use std::sync::{Arc, atomic::AtomicI64};

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

pub use access::Access;
pub use health::{Board, ConnectionCheck};

use crate::{clock::Clock, model::ConnectionName, publish::LinkKey, store::Store, telemetry::Metrics};

/// What the pages need to know.
#[derive(Clone)]
pub struct WebState {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub metrics: Metrics,
    /// Who may see the pages.
    pub access: Access,
    /// What opens single plans without a login.
    pub links: Arc<[LinkKey]>,
    pub connections: Arc<[ConnectionInfo]>,
    /// What the last calls to each tracker showed.
    pub board: Arc<Board>,
    /// When the worker of this process last looked for work, in milliseconds since 1970; `None` without a worker.
    pub worker_beat: Option<Arc<AtomicI64>>,
}

/// A configured connection, as the dashboard shows it.
#[derive(Clone, Debug)]
pub struct ConnectionInfo {
    pub name: ConnectionName,
    /// `GitHub` …
    pub tracker: &'static str,
    /// Where people read its tickets.
    pub web_url: String,
}

/// Pages, health and metrics; hooks are merged beside them.
pub fn router(state: WebState) -> Router {
    let pages = Router::new()
        .route("/", get(pages::dashboard::show))
        .route("/deliveries/{id}", get(pages::delivery::show))
        .route("/jobs/{id}", get(pages::job::show))
        .route("/plans/{id}/changes", get(pages::changes::show))
        .route_layer(from_fn_with_state(state.clone(), access::ask));
    // A plan has a second key, and what pages look like is nobody's secret.
    let plans = Router::new()
        .route("/plans/{id}", get(pages::plan::show))
        .route_layer(from_fn_with_state(state.clone(), access::ask_or_open));
    let looks = Router::new().route("/assets/{name}", get(assets::show));
    open(pages.merge(plans).merge(looks), state)
}

/// Health and metrics alone, for a process that serves no pages.
pub fn machine_router(state: WebState) -> Router {
    open(Router::new(), state)
}

/// Health for everybody; metrics behind the login; the given routes, which have their own doors.
fn open(routes: Router<WebState>, state: WebState) -> Router {
    let closed =
        Router::new().route("/metrics", get(metrics::show)).route_layer(from_fn_with_state(state.clone(), access::ask));
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(closed)
        .merge(routes)
        .layer(from_fn(render::safe_headers))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(|_| render::failure()))
        .with_state(state)
}
