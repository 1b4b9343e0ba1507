//! Sections on how Planwright is reached and what it keeps: `[server]`, `[pages]`, `[store]`, `[retention]`, `[log]`.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Deserialize;

use super::words::{Secret, words};

/// How the receiver and the pages are reached.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The address and port to listen on.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// How people reach the pages: links in comments start with it. Once loaded it has no slash at the end.
    pub public_url: String,
    /// The largest delivery, in bytes.
    pub max_body_bytes: usize,
    /// The largest sum of all delivery bodies in flight, in bytes; beyond it deliveries are answered 503.
    pub body_budget_bytes: usize,
    /// A request whose head or body takes longer than this is cut, in seconds.
    pub request_timeout_secs: u64,
    /// How many connections may be open at once.
    pub max_connections: usize,
    /// How long running jobs may finish after a stop signal, in seconds.
    pub drain_secs: u64,
}

/// The login in front of the pages and the metrics.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// The name to log in with.
    pub user: String,
    /// The password to log in with. Required unless `listen` and `public_url` are both on this machine alone.
    #[serde(default)]
    pub password: Option<Secret>,
}

/// Where deliveries, jobs, plans and publications are kept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// `sqlite://PATH`, or `postgres://…`; it may hold a password, so it can be given like a secret.
    pub url: Secret,
    /// Several processes share the store: needs PostgreSQL.
    pub replicas: bool,
}

/// The databases that Planwright can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    Sqlite,
    Postgres,
}

impl Store {
    /// Which database the address names; `None` when it names none that is known.
    pub fn kind(&self) -> Option<StoreKind> {
        match self.url.expose().split_once("://")?.0 {
            "sqlite" => Some(StoreKind::Sqlite),
            "postgres" | "postgresql" => Some(StoreKind::Postgres),
            _ => None,
        }
    }
}

/// How long ended work is kept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Deliveries and ended jobs older than this are forgotten, in days; plans and publications stay.
    pub days: u32,
}

words! {
    /// How log lines are written.
    LogFormat {
        /// Readable on a terminal, JSON elsewhere.
        Auto = "auto",
        /// For people.
        Pretty = "pretty",
        /// One JSON object a line.
        Json = "json",
    }
}

/// What is logged, and how.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How log lines are written.
    pub format: LogFormat,
    /// A level (`error`, `warn`, `info`, `debug`, `trace`), or levels for modules: `info,planwright::worker=debug`.
    pub level: String,
}
