//! `/metrics` for Prometheus.

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};

use super::WebState;
use crate::telemetry::Metrics;

/// What was recorded, with the queue as it stands now. Without the store the rest is still shown.
pub(super) async fn show(State(state): State<WebState>) -> Response {
    match state.store.job_counts().await {
        Ok(counts) => Metrics::record_jobs(&counts),
        Err(error) => tracing::warn!(%error, "the jobs could not be counted"),
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render()).into_response()
}
