//! Acts of people: the world changes and signed deliveries arrive.

use hmac::{Hmac, KeyInit, Mac};
use planwright::sandbox::{NewTicket, github::signature};
use serde_json::Value;
use sha2::Sha256;

use super::fixture::{Fixture, REPO, Receiver, soon};

fn payload(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap()
}

#[test]
fn the_signature_is_the_published_one() {
    let published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert_eq!(signature("It's a Secret to Everybody", b"Hello, World!"), published);
}

#[tokio::test]
async fn a_delivery_is_signed_over_the_bytes_that_arrive() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    fixture.github.set_hook(&receiver.url);
    let sent = fixture.github.add_label(&fixture.issue, "needs-plan", "tri").await;
    assert_eq!(sent.status, Some(202));
    let (headers, body) = receiver.got().remove(0);
    let given = headers["x-hub-signature-256"].to_str().unwrap().strip_prefix("sha256=").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(fixture.github.webhook_secret().as_bytes()).unwrap();
    mac.update(&body);
    mac.verify_slice(&hex::decode(given).unwrap()).unwrap();
    assert_eq!(headers["x-github-delivery"], sent.guid.as_str());
    assert_eq!(
        (&headers["x-github-event"], &headers["content-type"]),
        (&"issues".parse().unwrap(), &"application/json".parse().unwrap())
    );
    let payload = payload(&body);
    assert_eq!((&payload["action"], &payload["label"]["name"]), (&"labeled".into(), &"needs-plan".into()));
    assert_eq!(
        (&payload["sender"]["login"], &payload["issue"]["labels"][0]["name"]),
        (&"tri".into(), &"needs-plan".into())
    );
    assert_eq!(payload["installation"]["id"], fixture.github.installation_id());
    assert_eq!(payload["repository"]["full_name"], REPO);
}

#[tokio::test]
async fn a_form_delivery_is_signed_over_the_form() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    fixture.github.set_form_hook(&receiver.url);
    fixture.github.comment(&fixture.issue, "/plan & more", "ben").await;
    let (headers, body) = receiver.got().remove(0);
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    let signed = signature(&fixture.github.webhook_secret(), &body);
    assert_eq!(headers["x-hub-signature-256"], signed.as_str());
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    assert_eq!((fields.len(), fields[0].0.as_str()), (1, "payload"));
    assert_eq!(payload(fields[0].1.as_bytes())["comment"]["body"], "/plan & more");
}

#[tokio::test]
async fn opening_with_labels_sends_opened_and_one_labeled_for_each() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    fixture.github.set_hook(&receiver.url);
    let new = NewTicket {
        title: "Export orders".into(),
        kind: Some("Story".into()),
        labels: vec!["needs-plan".into(), "orders".into()],
        ..NewTicket::default()
    };
    let opened = fixture.github.open_issue(REPO, new, "ana").await;
    assert_eq!(opened.sent.len(), 3);
    let got: Vec<Value> = receiver.got().iter().map(|(_, body)| payload(body)).collect();
    let actions: Vec<&str> = got.iter().map(|payload| payload["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["opened", "labeled", "labeled"]);
    assert_eq!((&got[1]["label"]["name"], &got[2]["label"]["name"]), (&"needs-plan".into(), &"orders".into()));
    for payload in &got {
        assert_eq!(payload["issue"]["number"], opened.issue.number);
        assert_eq!(payload["issue"]["labels"].as_array().unwrap().len(), 2);
        assert_eq!(payload["issue"]["type"]["name"], "Story");
        assert!(payload["issue"]["body"].is_null());
    }
}

#[tokio::test]
async fn an_edit_says_what_the_text_was() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    fixture.github.set_hook(&receiver.url);
    let comment = fixture.github.comment(&fixture.issue, "before", "ben").await.comment;
    fixture.github.edit_comment(&fixture.issue, comment, "after", "ben").await;
    fixture.github.edit_issue(&fixture.issue, Some("New title"), None, "ben").await;
    let got: Vec<Value> = receiver.got().iter().map(|(_, body)| payload(body)).collect();
    assert_eq!((&got[1]["changes"]["body"]["from"], &got[1]["comment"]["body"]), (&"before".into(), &"after".into()));
    assert_eq!(
        (&got[2]["changes"]["title"]["from"], &got[2]["issue"]["title"]),
        (&"Cart total is wrong".into(), &"New title".into())
    );
}

#[tokio::test]
async fn what_the_bot_writes_is_delivered_too() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    fixture.github.set_hook(&receiver.url);
    fixture.post_comment("ben", "over the interface").await.unwrap();
    receiver.has(1).await;
    soon(fixture.github.settled()).await;
    let (headers, body) = receiver.got().remove(0);
    assert_eq!(headers["x-github-event"], "issue_comment");
    assert_eq!(payload(&body)["comment"]["body"], "over the interface");
}

#[tokio::test]
async fn equal_acts_make_equal_deliveries() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
        fixture.github.set_hook(&receiver.url);
        fixture.github.add_label(&fixture.issue, "needs-plan", "tri").await;
        let (headers, body) = receiver.got().remove(0);
        let text = String::from_utf8(body.to_vec()).unwrap().replace(fixture.github.base_url(), "");
        let text = text.replace(&fixture.github.base_url().replacen("http", "git", 1), "");
        seen.push((headers["x-github-delivery"].clone(), text));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn payloads_have_the_recorded_shape() {
    let (fixture, receiver) = (Fixture::start().await, Receiver::start().await);
    fixture.github.set_hook(&receiver.url);
    fixture.github.add_label(&fixture.issue, "needs-plan", "tri").await;
    fixture.github.comment(&fixture.issue, "/plan", "ben").await;
    let local = fixture.github.base_url().trim_start_matches("http");
    for (name, (_, body)) in ["labeled", "commented"].into_iter().zip(receiver.got()) {
        let text = String::from_utf8(body.to_vec()).unwrap().replace(local, "://github.test");
        insta::assert_json_snapshot!(name, payload(text.as_bytes()));
    }
}
