//! Every metric, described in one place, and the recorder behind `/metrics`.
//!
//! Rooms record with the macros of the `metrics` crate; a test compares the names they use with this list. Labels are
//! short words of fixed lists or configured names, never text from outside.

use metrics::Unit;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use crate::model::job::JobState;
use crate::store::JobCounts;

/// What a metric counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Counter,
    Gauge,
    /// Seconds, in buckets.
    Seconds,
}

/// One metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    pub name: &'static str,
    pub kind: Kind,
    /// What it means, with its labels.
    pub about: &'static str,
}

/// Declares the list in three columns.
macro_rules! metrics_list {
    ($($kind:ident $name:literal $about:literal)*) => {
        &[$(Metric { name: $name, kind: Kind::$kind, about: $about }),*]
    };
}

/// Every metric of the program.
pub const METRICS: &[Metric] = metrics_list! {
    Counter "planwright_deliveries_total" "Deliveries taken, by connection and decision (run, coalesced, repeated, or why not)."
    Counter "planwright_deliveries_refused_total" "Requests to hooks that were not taken, by reason."
    Seconds "planwright_receipt_seconds" "From a delivery's last byte to its durable answer."
    Gauge "planwright_deliveries_kept" "Deliveries of a burst that are durable and wait for their jobs."
    Gauge "planwright_jobs" "Jobs in the store, by state."
    Gauge "planwright_jobs_oldest_due_seconds" "Age of the oldest job that is due and waits."
    Counter "planwright_jobs_total" "Attempts at jobs, by kind and outcome (published, nothing, wait, retry, failed)."
    Seconds "planwright_job_seconds" "One attempt at a job, by kind."
    Seconds "planwright_plan_seconds" "Making a plan: context, draft, verification and document."
    Seconds "planwright_context_seconds" "Reading a repository for a ticket, fetching included."
    Counter "planwright_publications_total" "Outward writes that ended, by outcome (confirmed, failed, parked), and doubles that were removed (doubled)."
    Counter "planwright_tracker_calls_total" "Calls to trackers, by tracker, call and outcome."
    Seconds "planwright_tracker_call_seconds" "One call to a tracker, by tracker."
    Seconds "planwright_tracker_wait_seconds" "Waiting before a call for pacing or a rate limit, by tracker."
    Counter "planwright_redeliveries_total" "Missed deliveries that the tracker was asked to send again, by connection."
    Counter "planwright_model_plans_total" "Plans that a language model was asked to draft, by outcome (drafted, partly, offline)."
    Counter "planwright_model_calls_total" "Calls to the language model, by provider and outcome (ok, unavailable, refused, unreadable)."
    Seconds "planwright_model_call_seconds" "One call to the language model, by provider."
    Counter "planwright_model_tokens_total" "Tokens that the language model counted, by provider and kind (input, output)."
    Counter "planwright_model_cost_micros_total" "Cost of the language model by the configured prices, in millionths of their currency, by provider."
    Counter "planwright_errors_total" "Failures that were logged as errors, by room."
};

/// The bounds of the buckets, in seconds: from a receipt (tenths of a millisecond) to a cold clone (minutes).
const BUCKETS: [f64; 16] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0];

/// Renders what was recorded.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Starts recording for the whole process; `None` when that was done before.
    pub fn install() -> Option<Self> {
        let recorder = recorder();
        let handle = Self(recorder.handle());
        metrics::set_global_recorder(recorder).ok()?;
        describe();
        Some(handle)
    }

    /// A recorder beside the process's own, for a test.
    pub fn local() -> (PrometheusRecorder, Self) {
        let recorder = recorder();
        metrics::with_local_recorder(&recorder, describe);
        let handle = Self(recorder.handle());
        (recorder, handle)
    }

    /// Records how the queue stands now.
    pub fn record_jobs(counts: &JobCounts) {
        for state in [JobState::Queued, JobState::Running, JobState::Done, JobState::Dead, JobState::Cancelled] {
            let count = counts.by_state.iter().find(|(of, _)| *of == state).map_or(0, |(_, count)| *count);
            metrics::gauge!("planwright_jobs", "state" => state.as_str()).set(count as f64);
        }
        metrics::gauge!("planwright_jobs_oldest_due_seconds").set(counts.oldest_due_ms as f64 / 1_000.0);
    }

    /// The text that Prometheus reads (exposition format 0.0.4).
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

/// A recorder with the buckets of this program.
fn recorder() -> PrometheusRecorder {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    PrometheusBuilder::new()
        .set_buckets_for_metric(seconds, &BUCKETS)
        .expect("the list of buckets is not empty")
        .build_recorder()
}

/// Tells the recorder what each metric means.
fn describe() {
    for metric in METRICS {
        match metric.kind {
            Kind::Counter => metrics::describe_counter!(metric.name, metric.about),
            Kind::Gauge => metrics::describe_gauge!(metric.name, metric.about),
            Kind::Seconds => metrics::describe_histogram!(metric.name, Unit::Seconds, metric.about),
        }
    }
}
