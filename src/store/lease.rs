//! The lease on a running job, seen from the worker that holds it.
//!
//! In: a claimed job. Out: how long it is still certainly ours, and renewal. The remaining time is counted on the
//! worker's monotonic clock from *before* the claim was sent, so neither clock skew nor a slow answer lengthens it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{JobQueue, StoreError};
use crate::model::{JobId, job::ClaimedJob};

/// A held lease.
pub struct Lease {
    queue: Arc<dyn JobQueue>,
    job: JobId,
    fence: i64,
    length: Duration,
    until: Mutex<Instant>,
}

impl Lease {
    /// `asked_at` is the instant before the claim was sent.
    pub fn new(queue: Arc<dyn JobQueue>, job: &ClaimedJob, length: Duration, asked_at: Instant) -> Self {
        Self { queue, job: job.id, fence: job.fence, length, until: Mutex::new(asked_at + length) }
    }

    /// The job's fencing token.
    pub fn fence(&self) -> i64 {
        self.fence
    }

    /// How long the lease is given for, from each renewal.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// How long the job is still certainly ours; zero when it may not be.
    pub fn remaining(&self) -> Duration {
        self.until.lock().unwrap_or_else(PoisonError::into_inner).saturating_duration_since(Instant::now())
    }

    /// Extends the lease; [`StoreError::Stale`] when another worker took the job over.
    pub async fn renew(&self) -> Result<(), StoreError> {
        let asked_at = Instant::now();
        self.queue.renew(self.job, self.fence, self.length).await?;
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = asked_at + self.length;
        Ok(())
    }

    /// Makes sure that at least `needed` remains, renewing if it must.
    pub async fn ensure(&self, needed: Duration) -> Result<(), StoreError> {
        if self.remaining() < needed {
            self.renew().await?;
        }
        if self.remaining() < needed { Err(StoreError::Stale(self.job)) } else { Ok(()) }
    }

    /// Renews at every third of the lease; ends only when the lease is lost.
    pub async fn keep(&self) -> StoreError {
        loop {
            tokio::time::sleep(self.length / 3).await;
            match self.renew().await {
                Ok(()) => {}
                Err(StoreError::Unavailable(_)) if !self.remaining().is_zero() => {}
                Err(error) => return error,
            }
        }
    }
}
