//! Claims jobs, keeps their leases, retries with backoff, drains on shutdown.
//!
//! In: a queue and the pipeline. Out: every claimed job finished, put back, or left to its lease. Knows nothing of
//! tickets or plans.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use metrics::{counter, histogram};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{Instrument, debug, error, info, info_span, warn};

use crate::{
    clock::Clock,
    model::job::{ClaimedJob, JobState},
    pipeline::{JobError, Outcome, Pipeline},
    store::{Store, StoreError, lease::Lease},
};

/// How the worker works.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Unique among all workers on the store.
    pub owner: String,
    /// Jobs at once.
    pub concurrency: usize,
    pub lease: Duration,
    /// Attempts before a job becomes a dead letter.
    pub max_attempts: u32,
    /// The first retry waits this long, each later one twice as long.
    pub backoff: Duration,
    pub max_backoff: Duration,
    /// One attempt may take this long.
    pub attempt_deadline: Duration,
    /// Without news the queue is asked this often.
    pub poll: Duration,
    /// On shutdown running jobs get this long to end.
    pub grace: Duration,
}

/// Runs jobs until it is told to stop.
pub struct Worker {
    store: Arc<dyn Store>,
    pipeline: Arc<Pipeline>,
    clock: Arc<dyn Clock>,
    settings: WorkerSettings,
    running: TaskTracker,
    slots: Arc<Semaphore>,
    /// When the loop last turned, in milliseconds since 1970: `/readyz` looks at it.
    heartbeat: Arc<AtomicI64>,
}

impl Worker {
    /// A worker over a store and a pipeline.
    pub fn new(
        store: Arc<dyn Store>,
        pipeline: Arc<Pipeline>,
        clock: Arc<dyn Clock>,
        settings: WorkerSettings,
    ) -> Self {
        let slots = Arc::new(Semaphore::new(settings.concurrency.max(1)));
        let heartbeat = Arc::new(AtomicI64::new(clock.now_ms()));
        Self { store, pipeline, clock, settings, running: TaskTracker::new(), slots, heartbeat }
    }

    /// The loop's last turn, in milliseconds since 1970.
    pub fn heartbeat(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.heartbeat)
    }

    /// Claims and runs jobs until `stop`; then lets running ones end within the grace time.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            self.heartbeat.store(self.clock.now_ms(), Ordering::Relaxed);
            let slot = tokio::select! {
                () = stop.cancelled() => break,
                // All slots are taken by jobs under way: that is no standstill.
                () = tokio::time::sleep(self.settings.poll) => continue,
                slot = Arc::clone(&self.slots).acquire_owned() => slot.expect("the semaphore is never closed"),
            };
            if !self.claim_one(slot, &stop).await {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = self.store.wait_for_work(self.settings.poll) => {}
                }
            }
        }
        self.drain().await;
    }

    /// Claims a job and starts it; false when there was none.
    async fn claim_one(self: &Arc<Self>, slot: OwnedSemaphorePermit, stop: &CancellationToken) -> bool {
        let asked_at = Instant::now();
        match self.store.claim(&self.settings.owner, self.settings.lease).await {
            Ok(Some(job)) => {
                let worker = Arc::clone(self);
                let stop = stop.clone();
                let span = info_span!("job", job.id = %job.id, job.kind = job.work.kind(), ticket.key = %job.ticket);
                self.running.spawn(
                    async move {
                        worker.work(&job, asked_at, &stop).await;
                        drop(slot);
                    }
                    .instrument(span),
                );
                true
            }
            Ok(None) => false,
            Err(error) => {
                warn!(%error, "could not claim a job");
                false
            }
        }
    }

    /// Runs one job under its lease and records what came of it.
    async fn work(&self, job: &ClaimedJob, asked_at: Instant, stop: &CancellationToken) {
        let started = Instant::now();
        let lease = Lease::new(Arc::clone(&self.store) as _, job, self.settings.lease, asked_at);
        let is_last = job.attempt >= self.settings.max_attempts;
        let result = tokio::select! {
            result = self.pipeline.run(job, &lease, is_last) => result,
            lost = lease.keep() => Err(JobError::Retry(lost.into())),
            () = tokio::time::sleep(self.settings.attempt_deadline) => {
                Err(JobError::Retry(anyhow::anyhow!("took longer than {:?}", self.settings.attempt_deadline)))
            }
        };
        histogram!("planwright_job_seconds", "kind" => job.work.kind()).record(started.elapsed().as_secs_f64());
        if let Err(error) = self.record(job, result, stop).await {
            warn!(%error, "could not record what came of the job; its lease will end");
        }
    }

    /// Finishes the job or puts it back.
    async fn record(
        &self,
        job: &ClaimedJob,
        result: Result<Outcome, JobError>,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let (id, fence) = (job.id, job.fence);
        let outcome = match &result {
            Ok(Outcome::Published(_)) => "published",
            Ok(Outcome::Nothing(_)) | Err(JobError::Nothing(_)) => "nothing",
            Err(JobError::Wait { .. }) => "wait",
            Err(JobError::Retry(_)) => "retry",
            Err(JobError::Fail(_) | JobError::Tell(_)) => "failed",
        };
        counter!("planwright_jobs_total", "kind" => job.work.kind(), "outcome" => outcome).increment(1);
        match result {
            Ok(Outcome::Published(publication)) => {
                let url = publication.url.clone().unwrap_or_default();
                info!(operation = %publication.operation, url, "published");
                self.store.finish(id, fence, JobState::Done, &format!("published {url}")).await
            }
            Ok(Outcome::Nothing(reason)) | Err(JobError::Nothing(reason)) => {
                info!(reason, "ended without an answer");
                self.store.finish(id, fence, JobState::Done, &reason).await
            }
            Err(JobError::Wait { after, reason }) => {
                debug!(reason, after_ms = after.as_millis(), "waiting");
                self.store.put_back(id, fence, after, &reason, false).await
            }
            Err(JobError::Retry(error)) if stop.is_cancelled() => {
                self.store.put_back(id, fence, Duration::ZERO, &format!("shutting down: {error:#}"), false).await
            }
            Err(JobError::Retry(error)) if job.attempt < self.settings.max_attempts => {
                let after = self.backoff(job);
                warn!(error = format!("{error:#}"), after_ms = after.as_millis(), "trying again later");
                self.store.put_back(id, fence, after, &format!("{error:#}"), true).await
            }
            Err(JobError::Retry(error) | JobError::Fail(error)) => {
                counter!("planwright_errors_total", "room" => "worker").increment(1);
                error!(error = format!("{error:#}"), attempt = job.attempt, "gave up");
                self.store.finish(id, fence, JobState::Dead, &format!("{error:#}")).await
            }
            Err(JobError::Tell(error)) => self.store.finish(id, fence, JobState::Dead, &error.0).await,
        }
    }

    /// Exponential, with up to a quarter of jitter drawn from the job's number so that equal failures spread.
    fn backoff(&self, job: &ClaimedJob) -> Duration {
        let doubled = self.settings.backoff.saturating_mul(2u32.saturating_pow(job.attempt.saturating_sub(1).min(20)));
        let base = doubled.min(self.settings.max_backoff);
        let jitter = u32::try_from(job.id.0.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 62).unwrap_or(0);
        base + base / 16 * jitter
    }

    /// Waits for running jobs; what does not end in time is left to its lease, and nothing is lost.
    async fn drain(&self) {
        self.running.close();
        if self.running.is_empty() {
            return;
        }
        info!(jobs = self.running.len(), "waiting for running jobs");
        if tokio::time::timeout(self.settings.grace, self.running.wait()).await.is_err() {
            warn!(jobs = self.running.len(), "left running jobs to their leases");
        }
    }
}
