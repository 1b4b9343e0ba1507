//! Tests of `github`: proof, decoding, and the client against a scripted server.

mod app_auth;
mod decode;
mod deliveries;
pub(crate) mod fake;
mod mutants;
mod reads;
mod sandbox;
mod signature;
mod verify;
mod writes;

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use planwright::{
    model::{ConnectionName, TicketId},
    trackers::{
        Inbound, Tracker,
        auth::Secrets,
        github::{Auth, Settings, connect},
    },
};

/// The secret of the vendors' published vectors.
const SECRET: &str = "It's a Secret to Everybody";

/// Secrets from plain words.
fn secrets(words: &[&str]) -> Secrets {
    let words: Vec<_> = words.iter().map(|word| (*word).into()).collect();
    Secrets::new(&words).expect("fit secrets")
}

/// Settings for a server at `api_base`, pacing off.
fn settings(api_base: &str) -> Settings {
    Settings {
        connection: ConnectionName::new("acme"),
        api_base: api_base.to_owned(),
        web_base: Some("https://git.acme.test".to_owned()),
        clone_base: None,
        auth: Auth::Token("token-1".into()),
        secrets: secrets(&[SECRET]),
        write_gap: Duration::ZERO,
        writes_at_once: 1,
        request_deadline: Duration::from_secs(10),
        sweep_repositories: Vec::new(),
        sweep_organisations: Vec::new(),
    }
}

/// An App with number 7.
fn app() -> Auth {
    Auth::App { app_id: 7, private_key_pem: include_str!("../../src/sandbox/github/public-test-key.pem").into() }
}

/// The receiving half of a connection that is that App.
fn inbound() -> &'static Arc<dyn Inbound> {
    static INBOUND: LazyLock<Arc<dyn Inbound>> = LazyLock::new(|| {
        connect(Settings { auth: app(), ..settings("https://api.github.com") }).expect("fit settings").0
    });
    &INBOUND
}

/// The acting half of a connection.
fn tracker(settings: Settings) -> Arc<dyn Tracker> {
    connect(settings).expect("fit settings").1
}

/// The ticket that the tests of the client ask for.
fn ticket() -> TicketId {
    TicketId::new("acme/shop#7")
}

/// A recorded payload.
fn payload(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/payloads/github/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("a recorded payload")
}
