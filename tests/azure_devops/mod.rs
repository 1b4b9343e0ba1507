//! Tests of `azure_devops`: proof, decoding, and the client against a scripted server.

mod bot;
mod confirm;
mod decode;
mod mutants;
mod permission;
mod reads;
mod sandbox;
mod script;
mod tokens;
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
        azure_devops::{ApiVersion, Auth, Flavor, Settings, connect},
    },
};

/// A password, with a colon in it.
const PASSWORD: &str = "open: sesame";
/// A subscription that is listened to.
const SUBSCRIPTION: &str = "bea5b36f-976e-40e5-a7e4-6b72ceb1dff0";
/// The bot's own id.
const ME: &str = "00ca946b-2fe9-4f2a-ae2f-40d5c48001bc";
/// Somebody's id.
const MIRA: &str = "d291b0c4-a05c-4ea6-8df1-4b41d5f39eff";

/// Settings for a service at `base`, pacing off.
fn settings(base: &str) -> Settings {
    Settings {
        connection: ConnectionName::new("acme"),
        base: base.to_owned(),
        web_base: Some("https://dev.azure.com/acme".to_owned()),
        clone_base: None,
        flavor: Flavor::Services,
        api: ApiVersion::V7_1,
        auth: Auth::Pat("token-1".into()),
        webhook_user: None,
        passwords: vec![PASSWORD.into()],
        subscriptions: vec![SUBSCRIPTION.to_owned()],
        confirm_notifications: false,
        project: None,
        repository: None,
        fields: Vec::new(),
        places: Vec::new(),
        write_gap: Duration::ZERO,
        writes_at_once: 1,
        request_deadline: Duration::from_secs(10),
    }
}

/// The receiving half of a connection.
fn inbound() -> &'static Arc<dyn Inbound> {
    static INBOUND: LazyLock<Arc<dyn Inbound>> =
        LazyLock::new(|| connect(settings("https://dev.azure.com/acme")).expect("fit settings").0);
    &INBOUND
}

/// The acting half of a connection.
fn tracker(settings: Settings) -> Arc<dyn Tracker> {
    connect(settings).expect("fit settings").1
}

/// The ticket that the tests of the client ask for.
fn ticket() -> TicketId {
    TicketId::new("7")
}

/// A recorded payload, as recorded.
fn payload(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/payloads/azure_devops/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("a recorded payload")
}
