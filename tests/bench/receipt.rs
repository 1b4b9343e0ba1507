//! From bytes to a durable row: verifying, decoding, deciding, storing.

use std::{sync::Arc, time::Instant};

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use planwright::{
    config::{Sources, load},
    intake::{Gate, Intake},
    model::{ConnectionName, delivery::Delivery},
    store::{self, Caps},
    trackers::RawDelivery,
};
use sha2::Sha256;

use super::time;

const SECRET: &str = "bench secret";
const LABELED: &str = include_str!("../payloads/github/issues_labeled.json");

/// A configuration with one connection.
const CONFIG: &str = r#"
[[connections]]
name = "bench"
tracker = "github"
webhook_secrets = ["bench secret"]
auth = { token = "ghp_bench" }
"#;

/// The gate of the only connection.
fn gate(folder: &std::path::Path) -> Gate {
    let file = folder.join("planwright.toml");
    std::fs::write(&file, CONFIG).expect("the configuration can be written");
    let config =
        load(&Sources { files: vec![file], env: Default::default(), read_secrets: true }).expect("it is right");
    planwright::app::gates(&config)
        .expect("it can be wired")
        .remove(&ConnectionName::new("bench"))
        .expect("it is there")
}

/// A signed request.
fn request(number: u64) -> RawDelivery {
    let json = LABELED.replace("\"name\": \"bug\"", "\"name\": \"needs-plan\"");
    let json = json.replace("\"number\": 1,", &format!("\"number\": {number},"));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length");
    mac.update(json.as_bytes());
    let mut headers = http::HeaderMap::new();
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    headers.insert("x-hub-signature-256", signature.parse().expect("ASCII"));
    headers.insert("x-github-event", "issues".parse().expect("ASCII"));
    headers.insert("x-github-delivery", format!("00000000-0000-0000-0000-{number:012}").parse().expect("ASCII"));
    headers.insert("content-type", "application/json".parse().expect("ASCII"));
    RawDelivery { headers, target: Default::default(), peer: None, body: Bytes::from(json) }
}

pub async fn run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let gate = gate(folder.path());
    let raw = request(1);
    let keyed = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length");
    let hashed = time(2000, || keyed.clone().chain_update(&raw.body).finalize());
    let verified = time(2000, || gate.inbound.verify(raw.clone()).expect("it is signed"));
    let delivery: Delivery = gate.inbound.verify(raw.clone()).expect("it is signed");
    let decoded = time(2000, || planwright::trigger::decide(&gate.inbound.decode(&delivery), &gate.rules));
    println!("receipt: a body of {} bytes", raw.body.len());
    println!("  hashing alone              {hashed:>10.1?}");
    println!("  verifying                  {verified:>10.1?}  {:.2} of hashing", ratio(verified, hashed));
    println!("  decoding and deciding      {decoded:>10.1?}  {:.2} of hashing", ratio(decoded, hashed));

    const COUNT: u64 = 6400;
    const AT_ONCE: u64 = 64;
    let url = format!("sqlite://{}/bench.db", folder.path().display());
    let store = store::open(&url, Caps { per_ticket: 0, per_person: 0 });
    let store = store.await.expect("the store opens");
    let intake = Intake::new([(ConnectionName::new("bench"), gate)].into(), Arc::clone(&store) as _);
    let intake = Arc::new(intake);
    let started = Instant::now();
    let lanes = (0..AT_ONCE).map(|lane| {
        let intake = Arc::clone(&intake);
        tokio::spawn(async move {
            for number in (lane..COUNT).step_by(AT_ONCE as usize) {
                intake.receive("bench", request(number + 10)).await.expect("it is stored");
            }
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.expect("a lane ends");
    }
    let each = started.elapsed() / COUNT as u32;
    println!("  durable, {AT_ONCE} at once        {each:>10.1?}  {:.0} a second", 1.0 / each.as_secs_f64());
    store.close().await;
}

fn ratio(a: std::time::Duration, b: std::time::Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}
