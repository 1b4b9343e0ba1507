//! What becomes a delivery: guarantees 10, 12, 20 and 27.

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use planwright::{
    model::delivery::Delivery,
    trackers::{
        RawDelivery, Refusal,
        azure_devops::{ConnectError, Settings, connect},
    },
};

use super::{PASSWORD, inbound, payload, settings};

/// The header of a user and a password.
fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
}

/// A request with these headers over the usual ones; an empty value takes the header away.
fn request(body: &[u8], headers: &[(&'static str, &str)]) -> RawDelivery {
    let login = basic("", PASSWORD);
    let mut all: HeaderMap = [("content-type", "application/json; charset=utf-8"), ("authorization", &login)]
        .into_iter()
        .map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a header value")))
        .collect();
    for (name, value) in headers {
        all.remove(*name);
        value.split('|').filter(|v| !v.is_empty()).for_each(|v| {
            all.append(*name, v.parse().expect("a header value"));
        });
    }
    RawDelivery { headers: all, target: Default::default(), peer: None, body: Bytes::copy_from_slice(body) }
}

/// Verifies a request.
fn verify(body: &[u8], headers: &[(&'static str, &str)]) -> Result<Delivery, Refusal> {
    inbound().verify(request(body, headers))
}

#[test]
fn a_request_with_the_password_becomes_a_delivery() {
    let delivery = verify(&payload("workitem_updated"), &[]).expect("a delivery");
    assert_eq!(delivery.connection.as_str(), "acme");
    assert_eq!(delivery.guid, "27646e0e-b520-4d2b-9411-bba7524947cd");
    assert_eq!(delivery.event, "workitem.updated");
    assert_eq!(&delivery.json[..], payload("workitem_updated"));
}

#[test]
fn the_password_must_be_right_and_stand_once() {
    let check = |authorization: &str, expected: Option<Refusal>| {
        assert_eq!(verify(b"{}", &[("authorization", authorization)]).err(), expected, "{authorization:?}");
    };
    let good = basic("anybody", PASSWORD);
    check(&good, None);
    check(&basic("", PASSWORD), None);
    check(&good.replace("Basic", "basic"), None);
    let bad = Some(Refusal::BadProof);
    check("", bad);
    check(&format!("{good}|{good}"), bad);
    check(&format!("{good}|{}", basic("", "other")), bad);
    check(&basic("anybody", "open: sesam"), bad);
    check(&basic("anybody", "open: sesame "), bad);
    check(&basic("anybody", ""), bad);
    check(&basic("open", " sesame"), bad);
    check(&format!("Bearer {PASSWORD}"), bad);
    check("Basic", bad);
    check("Basic ", bad);
    check("Basic !!!", bad);
    check(&format!("Basic {}", BASE64_STANDARD.encode("no colon")), bad);
    check(&format!("Basic {PASSWORD}"), bad);
}

#[test]
fn a_named_user_must_log_in_by_name() {
    let settings = Settings { webhook_user: Some("hooks".to_owned()), ..settings("https://dev.azure.com/acme") };
    let (inbound, _) = connect(settings).expect("fit settings");
    let check = |user: &str, expected: Option<Refusal>| {
        let request = request(b"{}", &[("authorization", &basic(user, PASSWORD))]);
        assert_eq!(inbound.verify(request).err(), expected, "{user:?}");
    };
    check("hooks", None);
    check("Hooks", Some(Refusal::BadProof));
    check("", Some(Refusal::BadProof));
}

#[test]
fn while_rotating_the_old_password_counts_and_afterwards_not() {
    let check = |passwords: &[&str], given: &str, expected: Option<Refusal>| {
        let passwords = passwords.iter().map(|word| (*word).into()).collect();
        let settings = Settings { passwords, ..settings("https://dev.azure.com/acme") };
        let (inbound, _) = connect(settings).expect("fit settings");
        assert_eq!(inbound.verify(request(b"{}", &[("authorization", &basic("", given))])).err(), expected, "{given}");
    };
    check(&["new", "old"], "old", None);
    check(&["new", "old"], "new", None);
    check(&["new"], "old", Some(Refusal::BadProof));
}

#[test]
fn without_a_real_password_there_is_no_connection() {
    let check = |passwords: &[&str]| {
        let passwords = passwords.iter().map(|word| (*word).into()).collect();
        let made = connect(Settings { passwords, ..settings("https://dev.azure.com/acme") });
        assert!(matches!(made.err(), Some(ConnectError::Passwords(_))));
    };
    check(&[]);
    check(&[""]);
    check(&["good", "  "]);
    check(&["padded "]);
    check(&["a,"]);
}

#[test]
fn only_plain_json_is_taken() {
    let check = |headers: &[(&'static str, &str)], expected: Option<Refusal>| {
        assert_eq!(verify(b"{}", headers).err(), expected, "{headers:?}");
    };
    check(&[("content-type", "Application/JSON ; charset=utf-8")], None);
    check(&[("content-encoding", "identity")], None);
    check(&[("content-type", "")], Some(Refusal::MediaType));
    check(&[("content-type", "application/x-www-form-urlencoded")], Some(Refusal::MediaType));
    check(&[("content-type", "application/json|application/json")], Some(Refusal::MediaType));
    check(&[("content-encoding", "gzip")], Some(Refusal::MediaType));
}

#[test]
fn a_delivery_without_an_id_is_known_by_its_body() {
    let check = |body: &str, guid: &str, event: &str| {
        let delivery = verify(body.as_bytes(), &[]).expect("a delivery");
        assert_eq!((delivery.guid.as_str(), delivery.event.as_str()), (guid, event), "{body}");
    };
    check(r#"{"id":"1","eventType":"workitem.created"}"#, "1", "workitem.created");
    check(r#"{"Id":"1","EventType":"workitem.created"}"#, "1", "workitem.created");
    let hash = "sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    check("{}", hash, "");
    for body in ["", "[", "null", r#"{"id":7}"#, r#"{"id":"1","id":"2"}"#, r#"{"id":"a b","eventType":"x\n"}"#] {
        let delivery = verify(body.as_bytes(), &[]).expect("a delivery");
        assert!(delivery.guid.starts_with("sha256-") && delivery.event.is_empty(), "{body}");
    }
    let large = format!(r#"{{"x":"{}","id":"1"}}"#, "y".repeat(2 << 20));
    assert_eq!(verify(large.as_bytes(), &[]).expect("a delivery").guid, "1");
}
