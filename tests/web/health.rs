//! Health and metrics, with a store and a worker that fail.

use std::sync::atomic::Ordering;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use planwright::telemetry::Metrics;

use super::bed::{Answer, Bed};

/// Asks without a login.
async fn get(bed: &Bed, path: &str) -> Answer {
    bed.send(Request::get(path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn health_and_readiness_need_no_login() {
    let bed = Bed::new().await;
    let (alive, ready) = (get(&bed, "/healthz").await, get(&bed, "/readyz").await);
    assert_eq!((alive.status, alive.body.as_str()), (StatusCode::OK, "ok\n"));
    assert_eq!((ready.status, ready.body.as_str()), (StatusCode::OK, "ready\n"));
}

#[tokio::test]
async fn a_worker_that_stopped_looking_is_not_ready() {
    let bed = Bed::new().await;
    bed.beat.fetch_sub(61_000, Ordering::Relaxed);
    assert_eq!(get(&bed, "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(get(&bed, "/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_its_store_planwright_lives_but_is_not_ready() {
    let bed = Bed::new().await;
    bed.store.close().await;
    let ready = get(&bed, "/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.body, "the store does not work\n", "why is for the log");
    assert_eq!(get(&bed, "/healthz").await.status, StatusCode::OK);
    assert_eq!(bed.get("/").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(bed.get("/metrics").await.status, StatusCode::OK);
}

#[test]
fn metrics_count_the_jobs_of_the_store() {
    let (recorder, metrics) = Metrics::local();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let text = metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let mut bed = Bed::new().await;
            bed.state.metrics = metrics.clone();
            bed.asks("g1", "acme/shop#7", "needs-plan").await;
            bed.asks("g2", "acme/shop#8", "needs-plan").await;
            bed.claim().await;
            bed.get("/metrics").await.body
        })
    });
    assert!(text.contains("planwright_jobs{state=\"queued\"} 1\n"), "{text}");
    assert!(text.contains("planwright_jobs{state=\"running\"} 1\n"), "{text}");
}
