//! What happens without anybody asking: ended leases, second looks, missed deliveries, moved branches, retention, gauges.
//!
//! In: the store and the trackers. Out: rows put right. Every sweep may run on every replica at once.

use std::{collections::HashMap, sync::Arc, time::Duration};

use metrics::counter;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::{
    clock::Clock,
    model::{
        CommitId, ConnectionName,
        event::Actor,
        job::{NewJob, ReviewCause, ReviewRequest, Work},
        plan_record::PlanRecord,
    },
    pipeline::{Lane, Pipeline},
    publish::upsert::Publisher,
    store::{Pace, Store},
    telemetry::Metrics,
    trackers::Tracker,
};

/// How often, and how far back.
#[derive(Clone, Debug)]
pub struct SweepSettings {
    /// Between two looks at leases, second looks and gauges.
    pub every: Duration,
    /// Between two looks at what trackers could not deliver; `None` for never.
    pub missed_every: Option<Duration>,
    /// How far back missed deliveries are asked for (GitHub keeps three days).
    pub missed_window: Duration,
    /// Between two purges.
    pub purge_every: Duration,
    /// Deliveries and ended jobs older than this are forgotten.
    pub retention: Duration,
    /// Attempts before a job becomes a dead letter.
    pub max_attempts: u32,
    /// Between two looks at the branches of standing plans; `None` for never.
    pub branches_every: Option<Duration>,
    /// Plans older than this are not looked at because of their branch.
    pub branches_age: Duration,
    /// How many plans one look at the branches takes.
    pub branches_plans: u32,
    /// How often a plan is looked at again.
    pub pace: Pace,
}

/// Runs the sweeps.
pub struct Sweeper {
    pub store: Arc<dyn Store>,
    pub lanes: HashMap<ConnectionName, Lane>,
    pub publisher: Publisher,
    pub pipeline: Arc<Pipeline>,
    pub clock: Arc<dyn Clock>,
    pub settings: SweepSettings,
}

/// How many second looks one sweep takes.
const LOOKS_PER_SWEEP: u32 = 50;

impl Sweeper {
    /// Sweeps until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let mut often = ticks(self.settings.every);
        let mut missed = self.settings.missed_every.map(ticks);
        let mut branches = self.settings.branches_every.map(ticks);
        let mut purge = ticks(self.settings.purge_every);
        // what the process before left running need not wait for the first tick
        self.leases().await;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = often.tick() => {
                    self.leases().await;
                    self.second_looks().await;
                    self.gauges().await;
                }
                () = next(missed.as_mut()) => self.missed_deliveries().await,
                () = next(branches.as_mut()) => self.moved_branches(&stop).await,
                _ = purge.tick() => self.purge().await,
            }
        }
    }

    /// Queues jobs whose worker died.
    pub async fn leases(&self) {
        match self.store.sweep_leases(self.settings.max_attempts).await {
            Ok((0, 0)) => {}
            Ok((requeued, dead)) => warn!(requeued, dead, "found ended leases"),
            Err(error) => warn!(%error, "could not sweep leases"),
        }
    }

    /// Looks again at what was confirmed a minute ago, and removes transient doubles.
    pub async fn second_looks(&self) {
        let due = match self.store.due_second_looks(self.publisher.second_look_after(), LOOKS_PER_SWEEP).await {
            Ok(due) => due,
            Err(error) => return warn!(%error, "could not read due second looks"),
        };
        for publication in due {
            let Some(lane) = self.lanes.get(&publication.ticket.connection) else { continue };
            if let Err(error) = self.publisher.second_look(lane.tracker.as_ref(), &lane.marker_keys, &publication).await
            {
                warn!(operation = %publication.operation, %error, "could not look again");
            }
        }
    }

    /// Asks trackers that never retry to send again what did not arrive.
    pub async fn missed_deliveries(&self) {
        let window = i64::try_from(self.settings.missed_window.as_millis()).unwrap_or(i64::MAX);
        let since = self.clock.now_ms().saturating_sub(window);
        for (name, lane) in &self.lanes {
            match self.redeliver(name, lane.tracker.as_ref(), since).await {
                Ok(0) => {}
                Ok(count) => {
                    counter!("planwright_redeliveries_total", "connection" => name.to_string()).increment(count);
                    info!(connection = %name, count, "asked for missed deliveries");
                }
                Err(error) => {
                    warn!(connection = %name, error = format!("{error:#}"), "could not look for missed deliveries")
                }
            }
        }
    }

    /// Asks for one connection's missed deliveries; returns for how many.
    async fn redeliver(&self, name: &ConnectionName, tracker: &dyn Tracker, since: i64) -> anyhow::Result<u64> {
        let missed = tracker.missed_deliveries(since).await?;
        if missed.is_empty() {
            return Ok(0);
        }
        let guids: Vec<String> = missed.iter().map(|m| m.guid.clone()).collect();
        let known = self.store.known_guids(name, &guids).await?;
        let mut asked = 0;
        for delivery in missed.iter().filter(|m| !known.contains(&m.guid)) {
            tracker.redeliver(delivery).await?;
            asked += 1;
        }
        Ok(asked)
    }

    /// Asks to look again at plans whose branches moved under the files that they cite.
    async fn moved_branches(&self, stop: &CancellationToken) {
        let settings = &self.settings;
        let plans = match self.store.current_plans(settings.branches_age, settings.branches_plans).await {
            Ok(plans) => plans,
            Err(error) => return warn!(%error, "could not read standing plans"),
        };
        for plan in plans {
            let moved = tokio::select! {
                () = stop.cancelled() => return,
                moved = self.pipeline.moved(&plan) => moved,
            };
            match moved {
                Ok(None) => {}
                Ok(Some(commit)) => self.ask_review(&plan, &commit).await,
                Err(error) => debug!(plan.id = %plan.id, error = format!("{error:#}"), "could not compare a plan"),
            }
        }
    }

    /// Queues the look at a plan whose branch stands at `commit` now.
    async fn ask_review(&self, plan: &PlanRecord, commit: &CommitId) {
        let because_of = Actor { id: String::new(), name: "Planwright".to_owned(), is_bot: true };
        let review = NewJob {
            ticket: plan.ticket.clone(),
            reference: plan.reference.clone(),
            semantic_key: format!("{}|moved:{}:{commit}", plan.ticket, plan.id),
            asked_by: String::new(),
            work: Work::Review(ReviewRequest { because_of, project: String::new(), cause: ReviewCause::Moved }),
        };
        match self.store.review(review, self.settings.pace).await {
            Ok(None) => {}
            Ok(Some(job)) => info!(job.id = %job, plan.id = %plan.id, "a plan's branch moved: it will be looked at"),
            Err(error) => warn!(plan.id = %plan.id, %error, "could not queue the look at a plan"),
        }
    }

    /// Forgets what is old.
    pub async fn purge(&self) {
        match self.store.purge(self.settings.retention).await {
            Ok(0) => {}
            Ok(count) => info!(count, "forgot old deliveries"),
            Err(error) => warn!(%error, "could not purge"),
        }
        let retention = i64::try_from(self.settings.retention.as_millis()).unwrap_or(i64::MAX);
        match self.pipeline.planner.forget(self.clock.now_ms().saturating_sub(retention)).await {
            0 => {}
            count => info!(count, "forgot old replies of the model"),
        }
    }

    /// The queue in numbers, for `/metrics`.
    pub async fn gauges(&self) {
        match self.store.job_counts().await {
            Ok(counts) => Metrics::record_jobs(&counts),
            Err(error) => warn!(%error, "could not count jobs"),
        }
    }
}

/// A ticker that does not catch up: its first tick comes after one period.
fn ticks(period: Duration) -> tokio::time::Interval {
    let mut interval = tokio::time::interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// The next tick; never, without a ticker.
async fn next(interval: Option<&mut tokio::time::Interval>) {
    match interval {
        Some(interval) => {
            interval.tick().await;
        }
        None => std::future::pending().await,
    }
}
