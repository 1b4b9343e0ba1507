//! Configuration: one struct a section, layered, unknown keys refused.
//!
//! In: files, the environment and the secrets they refer to ([`Sources`]). Out: a [`Config`] that was checked whole, or
//! [`Problems`] that name every key to put right. Never goes further than the composition root: modules receive plain
//! values.

mod azure_devops;
mod check;
mod connections;
mod jira;
mod layers;
mod llm;
mod problems;
mod read;
mod schema;
mod secrets;
mod server;
mod tree;
mod words;
mod work;

use schemars::JsonSchema;
use serde::Deserialize;

pub use azure_devops::{AzureApi, AzureDevOps, AzureFlavor};
pub use connections::{Auth, Browse, BrowseStyle, Connection, FieldValue, Repository, TicketSet, TrackerKind};
pub use jira::{Jira, JiraDeployment, JiraProof};
pub use layers::{DEFAULTS, Sources};
pub use llm::{Llm, LlmBudget, LlmPrices, LlmProvider};
pub use problems::{Problem, Problems};
pub use schema::schema;
pub use server::{Log, LogFormat, Pages, Retention, Server, Store, StoreKind};
pub use words::Secret;
pub use work::{
    AskPermission, Cache, DocumentKind, HourlyCaps, Planner, PlannerKind, ProjectTriggers, Publish, PublishMode,
    Review, Sweep, Triggers, Worker,
};

/// The whole configuration, checked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// How the receiver and the pages are reached.
    pub server: Server,
    /// The login in front of the pages and the metrics.
    pub pages: Pages,
    /// Where deliveries, jobs, plans and publications are kept.
    pub store: Store,
    /// How long ended work is kept.
    pub retention: Retention,
    /// What is logged, and how.
    pub log: Log,
    /// What makes the bot start.
    pub triggers: Triggers,
    /// Who drafts plans, and in which form.
    pub planner: Planner,
    /// How plans are posted.
    pub publish: Publish,
    /// Mirrors and indexes of repositories.
    pub cache: Cache,
    /// How jobs are claimed, retried and confirmed.
    pub worker: Worker,
    /// Asking again for deliveries that did not arrive.
    pub sweep: Sweep,
    /// Saying which steps of a plan are stale.
    pub review: Review,
    /// The trackers.
    #[serde(default)]
    pub connections: Vec<Connection>,
    /// Code that belongs to tickets.
    #[serde(default)]
    pub repositories: Vec<Repository>,
}

impl Config {
    /// Every configured secret, for the log's redactor.
    pub fn secrets(&self) -> Vec<&str> {
        let connections = self.connections.iter().flat_map(|connection| {
            let auth = match &connection.auth {
                Auth::App { private_key, .. } => private_key,
                Auth::Token(token) | Auth::Login { token, .. } => token,
                Auth::Client { client_secret, .. } => client_secret,
            };
            connection.webhook_secrets.iter().chain([auth])
        });
        let repositories = self.repositories.iter().filter_map(|repository| repository.token.as_ref());
        let password = self.pages.password.iter();
        let store = std::iter::once(&self.store.url);
        let model = self.planner.llm.as_ref().and_then(|llm| llm.api_key.as_ref());
        connections.chain(repositories).chain(password).chain(store).chain(model).map(Secret::expose).collect()
    }
}

/// Every section, in the order of the reference.
const SECTIONS: [&str; 14] = [
    "server",
    "pages",
    "store",
    "retention",
    "log",
    "triggers",
    "planner",
    "publish",
    "cache",
    "worker",
    "sweep",
    "review",
    "connections",
    "repositories",
];

/// Reads, joins and checks all layers.
pub fn load(sources: &Sources) -> Result<Config, Problems> {
    let defaults = layers::defaults();
    let mut problems = Vec::new();
    let mut tree = layers::merge(sources, &defaults, &mut problems);
    secrets::resolve(&mut tree, sources, &mut problems);
    let stand_ins = layers::stand_ins();
    let mut reader = read::Reader { tree, defaults: &defaults, stand_ins: &stand_ins, problems };
    reader.only(&SECTIONS);
    let config = checked(&mut reader);
    let read::Reader { tree, mut problems, .. } = reader;
    for problem in problems.iter_mut().filter(|problem| problem.origin.is_empty()) {
        problem.origin = tree::origin(&tree, &problem.key);
    }
    // Tables have no order of their own: the same mistakes are told in the same order every time.
    let section = |problem: &Problem| SECTIONS.iter().position(|name| problem.key.starts_with(name));
    problems.sort_by_cached_key(|problem| (section(problem), problem.key.clone()));
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(Problems(problems)),
    }
}

/// Reads all sections and checks what one section alone cannot show.
fn checked(reader: &mut read::Reader<'_>) -> Option<Config> {
    // Each section is read before any is unwrapped: one that fails must not hide the problems of the next.
    let (server, pages, store) = (reader.section("server"), reader.section("pages"), reader.section("store"));
    let (retention, log, triggers) = (reader.section("retention"), reader.section("log"), reader.section("triggers"));
    let (planner, publish, cache) = (reader.section("planner"), reader.section("publish"), reader.section("cache"));
    let (worker, sweep, review) = (reader.section("worker"), reader.section("sweep"), reader.section("review"));
    let (connections, repositories) = (reader.list("connections"), reader.list("repositories"));
    let mut config = Config {
        server: server?,
        pages: pages?,
        store: store?,
        retention: retention?,
        log: log?,
        triggers: triggers?,
        planner: planner?,
        publish: publish?,
        cache: cache?,
        worker: worker?,
        sweep: sweep?,
        review: review?,
        connections: connections?,
        repositories: repositories?,
    };
    check::check(&config, &mut reader.problems);
    config.server.public_url.truncate(config.server.public_url.trim_end_matches('/').len());
    Some(config)
}
