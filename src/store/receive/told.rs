//! What is told of a stored delivery.
//!
//! In: what storing it did. Out: one count in the metrics, and a line of the log for requests that come to nothing.

use metrics::counter;
use tracing::{debug, info};

use crate::model::delivery::Received;

/// One count in the metrics for a stored delivery. The log has a line for requests that come to nothing; for the others
/// the worker says what came of them.
pub(super) fn told(connection: &str, received: &Received) {
    let decision = match received {
        Received::Stored { delivery, job: Some(job) } => {
            debug!(connection, delivery.id = %delivery, job.id = %job, "queued a job");
            "run"
        }
        Received::Stored { job: None, .. } => "skip",
        Received::Coalesced { delivery, job } => {
            debug!(connection, delivery.id = %delivery, job.id = %job, "joined a waiting job");
            "coalesced"
        }
        Received::Repeated { delivery, revived } => {
            debug!(connection, delivery.id = %delivery, revived = revived.is_some(), "received a delivery again");
            "repeated"
        }
        Received::Skipped { delivery, reason } => {
            info!(connection, delivery.id = %delivery, %reason, "did not queue a job");
            reason.label()
        }
    };
    counter!("planwright_deliveries_total", "connection" => connection.to_owned(), "decision" => decision).increment(1);
}
