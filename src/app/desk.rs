//! What makes plans outside of a running bot: for the command line.
//!
//! In: a checked configuration. Out: everything that a plan takes, or one request brought to its end through the same
//! store, worker and publication as a running bot's. Making it touches no network.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{connections::code_map, open_store, packs, pipeline, planner, timings, wire, worker};
use crate::{
    clock::Clock,
    config::Config,
    model::{
        ConnectionName, TicketId, TicketKey,
        job::{JobRecord, JobState, NewJob},
        publication::Publication,
    },
    pipeline::Lane,
    planner::Planner,
    publish::upsert::Publisher,
    repo::{ContextSource, context::Repositories, mapping::CodeMap},
    store::Store,
    templates::Packs,
    trackers::TrackerError,
};

/// What a plan takes.
pub struct Desk {
    pub lanes: HashMap<ConnectionName, Lane>,
    pub contexts: Arc<dyn ContextSource>,
    pub code: CodeMap,
    pub planner: Arc<dyn Planner>,
    pub packs: Arc<Packs>,
    pub default_pack: String,
}

/// How often a job is looked at until it has ended.
const GLANCE: Duration = Duration::from_millis(50);

impl Desk {
    /// Makes it as configured.
    pub fn new(config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<Self> {
        let packs = Arc::new(packs(config)?);
        Ok(Self {
            lanes: wire(config, &packs)?.into_iter().map(|wired| (wired.name, wired.lane)).collect(),
            contexts: Arc::new(Repositories::new(config.cache.to_settings(), Arc::clone(clock))),
            code: code_map(config),
            planner: planner::planner(config, &packs, clock),
            packs,
            default_pack: config.planner.default_template.clone(),
        })
    }

    /// The ticket that an address names, with its connection; `None` when it stands on no configured tracker.
    pub async fn locate(&self, address: &str) -> Result<Option<(&Lane, TicketKey)>, TrackerError> {
        for (name, lane) in &self.lanes {
            if let Some(id) = lane.tracker.locate(address).await? {
                return Ok(Some((lane, key(name, id))));
            }
        }
        Ok(None)
    }
}

fn key(name: &ConnectionName, id: TicketId) -> TicketKey {
    TicketKey::new(name.clone(), id)
}

/// Stores a request and works until it has ended; what waits in the store before it is worked on as well.
pub async fn post(
    config: &Config,
    clock: &Arc<dyn Clock>,
    job: NewJob,
) -> anyhow::Result<(JobRecord, Option<Publication>)> {
    let packs = Arc::new(packs(config)?);
    let lanes: HashMap<ConnectionName, Lane> =
        wire(config, &packs)?.into_iter().map(|wired| (wired.name, wired.lane)).collect();
    let store = open_store(config).await?;
    let publisher = Publisher::new(Arc::clone(&store) as _, timings(config));
    let pipeline = Arc::new(pipeline(config, &store, &lanes, &publisher, packs, clock));
    let stop = CancellationToken::new();
    let working = tokio::spawn(worker(config, &store, &pipeline, clock).run(stop.clone()));
    let ended = ended(store.as_ref(), job).await;
    stop.cancel();
    working.await?;
    store.close().await;
    ended
}

/// Queues a job and waits for its end.
async fn ended(store: &dyn Store, job: NewJob) -> anyhow::Result<(JobRecord, Option<Publication>)> {
    let id = store.enqueue(job).await?.ok_or_else(|| anyhow::anyhow!("the same request was stored before"))?;
    loop {
        let record = store.job(id).await?.ok_or_else(|| anyhow::anyhow!("job {id} is not in the store any more"))?;
        if !matches!(record.state, JobState::Queued | JobState::Running) {
            return Ok((record, store.publication_of(id).await?));
        }
        tokio::time::sleep(GLANCE).await;
    }
}
