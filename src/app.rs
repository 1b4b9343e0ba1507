//! Composition root: with `connections`, the only place that names concrete adapters.
//!
//! In: a checked configuration. Out: a running bot. Configuration stops here: lower modules get plain values.

mod connections;
pub mod desk;
pub mod planner;

use std::{collections::HashMap, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

use connections::{Wired, code_map, connection_infos, link_keys, wire_one};

use crate::{
    clock::Clock,
    config::{Config, PublishMode},
    intake::{Gate, Intake, Reviews},
    model::ConnectionName,
    pipeline::{Lane, Pipeline},
    publish::{
        LinkKey,
        upsert::{Publisher, Timings},
    },
    repo::context::Repositories,
    store::{self, Pace, Store},
    sweep::{SweepSettings, Sweeper},
    telemetry::Metrics,
    templates::Packs,
    web::{self, Access, Board, ConnectionCheck, WebState},
    worker::{Worker, WorkerSettings},
};

/// Which parts of the bot this process plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Takes deliveries.
    pub receive: bool,
    /// Runs jobs and sweeps.
    pub work: bool,
    /// Serves the pages.
    pub web: bool,
}

impl Roles {
    /// All of them.
    pub const ALL: Self = Self { receive: true, work: true, web: true };
}

/// A running bot.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it keeps.
    pub store: Arc<dyn Store>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Running {
    /// Stops taking work, lets running jobs end, closes the store.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.store.close().await;
    }
}

/// Starts the bot on a listener.
pub async fn start(
    config: &Config,
    roles: Roles,
    listener: TcpListener,
    clock: Arc<dyn Clock>,
    metrics: Metrics,
) -> anyhow::Result<Running> {
    let address = listener.local_addr().context("the listener has no address")?;
    let packs = Arc::new(packs(config)?);
    let wired = wire(config, &packs)?;
    let store = open_store(config).await?;
    let lanes: HashMap<ConnectionName, Lane> = wired.iter().map(|w| (w.name.clone(), w.lane.clone())).collect();
    let gates = wired.into_iter().map(|w| (w.name, w.gate)).collect();
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());

    let board = Arc::new(Board::default());
    tasks.spawn(greet(lanes.clone(), Arc::clone(&board), Arc::clone(&clock), stop.clone()));
    let mut heartbeat = None;
    if roles.work {
        let publisher = Publisher::new(Arc::clone(&store) as _, timings(config));
        let pipeline = Arc::new(pipeline(config, &store, &lanes, &publisher, packs, &clock));
        let worker = worker(config, &store, &pipeline, &clock);
        heartbeat = Some(worker.heartbeat());
        tasks.spawn(worker.run(stop.clone()));
        let settings = sweep_settings(config);
        let sweeper = Sweeper {
            store: Arc::clone(&store),
            lanes: lanes.clone(),
            publisher,
            pipeline,
            clock: Arc::clone(&clock),
            settings,
        };
        tasks.spawn(sweeper.run(stop.clone()));
    }
    let state = WebState {
        store: Arc::clone(&store),
        clock,
        metrics,
        access: access(config),
        links: links(config)?,
        connections: connection_infos(config),
        board: Arc::clone(&board),
        worker_beat: heartbeat,
    };
    let mut router = if roles.web { web::router(state) } else { web::machine_router(state) };
    if roles.receive {
        let mut intake = Intake::new(gates, Arc::clone(&store) as _);
        if config.review.edits {
            intake = intake.with_reviews(Reviews { log: Arc::clone(&store) as _, pace: pace(config) });
        }
        router = router.merge(web::hooks::router(Arc::new(intake), config.server.body_budget_bytes));
    }
    tasks.spawn(web::server::serve(listener, router, limits(config), stop.clone()));
    info!(%address, "listening");
    Ok(Running { address, store, stop, tasks })
}

/// Asks every tracker who the bot is there, until it knows, and notes on the board what came of it.
async fn greet(
    lanes: HashMap<ConnectionName, Lane>,
    board: Arc<Board>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    const AGAIN: Duration = Duration::from_secs(60);
    let mut unknown: Vec<(ConnectionName, Lane)> = lanes.into_iter().collect();
    while !unknown.is_empty() {
        let mut still = Vec::new();
        for (name, lane) in unknown {
            let outcome = lane.tracker.identity().await.map(|bot| bot.name).map_err(|error| error.to_string());
            board.note(&name, ConnectionCheck { outcome: outcome.clone(), at: clock.now_ms() });
            if let Err(problem) = outcome {
                warn!(connection = %name, problem, "cannot reach the tracker");
                still.push((name, lane));
            }
        }
        unknown = still;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(AGAIN), if !unknown.is_empty() => {}
            else => return,
        }
    }
}

/// Who may see the pages.
fn access(config: &Config) -> Access {
    match &config.pages.password {
        Some(password) => Access::login(&config.pages.user, password.expose()),
        None => Access::ThisMachine,
    }
}

/// The keys that open single plans without a login.
fn links(config: &Config) -> anyhow::Result<Arc<[LinkKey]>> {
    let keys = config.connections.iter().map(link_keys).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(keys.into_iter().flatten().collect())
}

/// Opens the configured store to serve from it.
async fn open_store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    store::open(config.store.url.expose(), config.triggers.caps.to_caps()).await.context("cannot open the store")
}

/// Opens the configured store to look into it, also beside a bot that serves from it.
pub async fn read_store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    store::open_reading(config.store.url.expose()).await.context("cannot open the store")
}

/// The receiving side of every connection.
pub fn gates(config: &Config) -> anyhow::Result<HashMap<ConnectionName, Gate>> {
    let packs = packs(config)?;
    Ok(wire(config, &packs)?.into_iter().map(|wired| (wired.name, wired.gate)).collect())
}

/// The built-in packs and the configured folder's.
fn packs(config: &Config) -> anyhow::Result<Packs> {
    let folders: Vec<PathBuf> = config.planner.templates_dir.iter().cloned().collect();
    let packs = Packs::load(&folders).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("planner.templates_dir: {}", lines.join("\n"))
    })?;
    let default = &config.planner.default_template;
    anyhow::ensure!(packs.get(default).is_some(), "planner.default_template: no template is called {default:?}");
    Ok(packs)
}

/// Makes every connection. Touches no network.
fn wire(config: &Config, packs: &Packs) -> anyhow::Result<Vec<Wired>> {
    config.connections.iter().map(|connection| wire_one(config, connection, packs)).collect()
}

/// The pipeline over all lanes.
fn pipeline(
    config: &Config,
    store: &Arc<dyn Store>,
    lanes: &HashMap<ConnectionName, Lane>,
    publisher: &Publisher,
    packs: Arc<Packs>,
    clock: &Arc<dyn Clock>,
) -> Pipeline {
    Pipeline {
        lanes: lanes.clone(),
        store: Arc::clone(store),
        contexts: Arc::new(Repositories::new(config.cache.to_settings(), Arc::clone(clock))),
        code: code_map(config),
        planner: planner::planner(config, &packs, clock),
        packs,
        default_pack: config.planner.default_template.clone(),
        publisher: publisher.clone(),
        clock: Arc::clone(clock),
        public_url: match config.publish.mode {
            PublishMode::Auto | PublishMode::Document => {
                Some(config.server.public_url.trim_end_matches('/').to_owned())
            }
            PublishMode::Comment => None,
        },
    }
}

/// The worker over its pipeline.
fn worker(config: &Config, store: &Arc<dyn Store>, pipeline: &Arc<Pipeline>, clock: &Arc<dyn Clock>) -> Arc<Worker> {
    let settings = worker_settings(config, clock);
    Arc::new(Worker::new(Arc::clone(store), Arc::clone(pipeline), Arc::clone(clock), settings))
}

/// How often plans are looked at again.
fn pace(config: &Config) -> Pace {
    let review = &config.review;
    Pace { settle: Duration::from_secs(review.settle_secs), gap: Duration::from_secs(review.gap_secs) }
}

fn worker_settings(config: &Config, clock: &Arc<dyn Clock>) -> WorkerSettings {
    let worker = &config.worker;
    WorkerSettings {
        owner: clock.new_id().to_string(),
        concurrency: worker.concurrency,
        lease: Duration::from_secs(worker.lease_secs),
        max_attempts: worker.max_attempts,
        backoff: Duration::from_millis(worker.backoff_ms),
        max_backoff: Duration::from_millis(worker.backoff_max_ms),
        attempt_deadline: Duration::from_secs(600),
        poll: Duration::from_millis(worker.poll_ms),
        grace: Duration::from_secs(config.server.drain_secs),
    }
}

fn timings(config: &Config) -> Timings {
    let worker = &config.worker;
    Timings {
        request_deadline: Duration::from_secs(worker.write_timeout_secs),
        send_margin: Duration::from_secs(worker.write_timeout_secs / 2),
        settle: Duration::from_millis(worker.settle_ms),
        looks_apart: Duration::from_millis(worker.listing_gap_ms),
        second_look: Duration::from_secs(worker.second_look_secs),
        park_after: Duration::from_secs(worker.park_after_secs),
    }
}

fn sweep_settings(config: &Config) -> SweepSettings {
    let hours = |hours: u64| Duration::from_secs(hours * 3600);
    SweepSettings {
        every: Duration::from_secs(config.worker.lease_secs.div_ceil(4)),
        missed_every: match config.sweep.every_secs {
            0 => None,
            seconds => Some(Duration::from_secs(seconds)),
        },
        missed_window: hours(config.sweep.back_hours),
        purge_every: hours(1),
        retention: hours(u64::from(config.retention.days) * 24),
        max_attempts: config.worker.max_attempts,
        branches_every: match config.review.branches_every_secs {
            0 => None,
            seconds => Some(Duration::from_secs(seconds)),
        },
        branches_age: hours(u64::from(config.review.branches_days) * 24),
        branches_plans: config.review.branches_plans,
        pace: pace(config),
    }
}

fn limits(config: &Config) -> web::server::Limits {
    web::server::Limits {
        head_deadline: Duration::from_secs(config.server.request_timeout_secs),
        connections: config.server.max_connections,
        ..web::server::Limits::default()
    }
}
