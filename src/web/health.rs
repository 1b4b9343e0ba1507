//! Health: does the process live, is it ready, and what did the trackers last say?

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::WebState;
use crate::model::ConnectionName;

/// A worker that did not look for work for this long is stuck, in milliseconds.
const LONGEST_BEAT_MS: i64 = 60_000;

/// The store has this long to prove that it works.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// What a call to a tracker showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionCheck {
    /// Who the bot is there, or why the call failed.
    pub outcome: Result<String, String>,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// The newest check of each connection: written by whoever calls trackers, read by the dashboard.
#[derive(Debug, Default)]
pub struct Board {
    checks: Mutex<BTreeMap<ConnectionName, ConnectionCheck>>,
    /// When the store was last found to work, in milliseconds since 1970.
    store_worked: AtomicI64,
}

impl Board {
    /// Notes what a call showed.
    pub fn note(&self, connection: &ConnectionName, check: ConnectionCheck) {
        self.checks.lock().unwrap_or_else(PoisonError::into_inner).insert(connection.clone(), check);
    }

    /// The newest check of a connection.
    pub fn check(&self, connection: &ConnectionName) -> Option<ConnectionCheck> {
        self.checks.lock().unwrap_or_else(PoisonError::into_inner).get(connection).cloned()
    }
}

/// `/healthz`: the process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `/readyz`: the store works and the worker looks for work. Everybody may ask, so a good answer holds for a second.
pub(super) async fn ready(State(state): State<WebState>) -> Response {
    let now = state.clock.now_ms();
    if let Some(beat) = &state.worker_beat
        && now - beat.load(Ordering::Relaxed) > LONGEST_BEAT_MS
    {
        return (StatusCode::SERVICE_UNAVAILABLE, "the worker does not look for work\n").into_response();
    }
    let fresh = (0..1_000).contains(&(now - state.board.store_worked.load(Ordering::Relaxed)));
    if fresh || probe(&state).await {
        state.board.store_worked.store(now, Ordering::Relaxed);
        "ready\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the store does not work\n").into_response()
    }
}

/// Does the store take a write and give it back in time? Why not is for the log: everybody may ask.
async fn probe(state: &WebState) -> bool {
    match tokio::time::timeout(PROBE_TIMEOUT, state.store.check()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the store is not ready");
            false
        }
        Err(_) => {
            tracing::warn!(seconds = PROBE_TIMEOUT.as_secs(), "the store did not answer in time");
            false
        }
    }
}
