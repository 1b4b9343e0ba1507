//! Tests of `jira`: proof, decoding, and the client against a scripted server.

mod confirm;
mod decode;
mod mutants;
mod permission;
mod program;
mod reads;
mod sandbox;
mod tokens;
mod verify;
mod writes;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use planwright::{
    clock::Clock,
    model::{ConnectionName, TicketId, event::Actor},
    trackers::{
        Inbound, Tracker,
        auth::Secrets,
        jira::{Auth, Deployment, Proof, Settings, Wanted, connect},
    },
};
use uuid::Uuid;

pub(crate) use crate::github::fake::{Fake, Reply};

/// The secret of the vendors' published vectors.
const SECRET: &str = "It's a Secret to Everybody";

/// A clock that stands still: 2026-11-20 23:00:00 UTC.
struct Still;

/// What it shows, in seconds since 1970.
const NOW: i64 = 1_795_215_600;

impl Clock for Still {
    fn now_ms(&self) -> i64 {
        NOW * 1_000 + 999
    }

    fn new_id(&self) -> Uuid {
        Uuid::nil()
    }
}

/// Secrets from plain words.
fn secrets(words: &[&str]) -> Secrets {
    let words: Vec<_> = words.iter().map(|word| (*word).into()).collect();
    Secrets::new(&words).expect("fit secrets")
}

/// Settings for a Cloud at `base`, pacing off.
fn settings(base: &str) -> Settings {
    Settings {
        connection: ConnectionName::new("acme"),
        deployment: Deployment::Cloud,
        base: base.to_owned(),
        web_base: Some("https://acme.atlassian.net".to_owned()),
        auth: Auth::Login { email: "bot@acme.example".to_owned(), token: "token-1".into() },
        proof: Proof::Signature(secrets(&[SECRET])),
        clock: Arc::new(Still),
        types: BTreeMap::from([("10099".to_owned(), "Story".to_owned()), ("Historia".to_owned(), "Story".to_owned())]),
        wanted: Wanted {
            acceptance_criteria: vec!["Acceptance Criteria".to_owned()],
            reproduction_steps: vec!["customfield_10050".to_owned()],
            others: vec!["Test Notes".to_owned(), "Severity".to_owned()],
            places: vec!["Team".to_owned()],
        },
        roles: Vec::new(),
        is_public: false,
        write_gap: Duration::ZERO,
        writes_at_once: 1,
        request_deadline: Duration::from_secs(10),
    }
}

/// Settings for a Data Center at `base` below a context path.
fn data_center(base: &str) -> Settings {
    Settings {
        deployment: Deployment::DataCenter,
        base: format!("{base}/jira/"),
        web_base: None,
        auth: Auth::Token("pat-1".into()),
        ..settings(base)
    }
}

/// The receiving half of a connection that is proven like this.
fn inbound(proof: Proof) -> Arc<dyn Inbound> {
    connect(Settings { proof, ..settings("https://acme.atlassian.net") }).expect("fit settings").0
}

/// The acting half of a connection.
fn tracker(settings: Settings) -> Arc<dyn Tracker> {
    connect(settings).expect("fit settings").1
}

/// The ticket that the tests of the client ask for.
fn ticket() -> TicketId {
    TicketId::new("10040")
}

/// Someone.
fn actor(id: &str) -> Actor {
    Actor { id: id.to_owned(), name: id.to_owned(), is_bot: false }
}

/// A recorded payload.
fn payload(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/payloads/jira/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("a recorded payload")
}
