//! How long the phases of gathering took.
//!
//! In: moments. Out: seconds by phase; a phase that memory saved took none.

use std::time::Instant;

use serde::Serialize;

/// Seconds by phase. Index and history are read side by side, so that the total is less than the sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Timings {
    /// Opening the repository: the mirror's fetch, and finding the commit.
    pub fetch: f64,
    /// Reading what the index lacks.
    pub index: f64,
    /// Reading the log.
    pub history: f64,
    /// Finding what the repository says about itself.
    pub facts: f64,
    /// Ranking, and the lists around it.
    pub rank: f64,
    pub total: f64,
}

/// Seconds since a moment.
pub fn since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64()
}
