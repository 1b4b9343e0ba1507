//! What becomes a delivery: guarantees 1 to 7, 25 and 27.

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use planwright::{
    model::delivery::Delivery,
    sandbox::github::signature,
    trackers::{RawDelivery, Refusal},
};

use super::{SECRET, inbound, payload};

/// A request with these headers over the usual ones; an empty value takes the header away.
fn request(body: &[u8], headers: &[(&'static str, &str)]) -> RawDelivery {
    let signed = signature(SECRET, body);
    let mut all: HeaderMap = [
        ("content-type", "application/json"),
        ("x-github-event", "issues"),
        ("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
        ("x-hub-signature-256", &signed),
    ]
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
fn a_signed_json_request_becomes_a_delivery() {
    let delivery = verify(b"{\"a\":1}", &[]).expect("a delivery");
    assert_eq!(delivery.connection.as_str(), "acme");
    assert_eq!(delivery.guid, "72d3162e-cc78-11e3-81ab-4c9367dc0958");
    assert_eq!(delivery.event, "issues");
    assert_eq!(&delivery.json[..], b"{\"a\":1}");
}

#[test]
fn the_media_type_decides_how_the_body_is_read() {
    let check = |headers: &[(&'static str, &str)], expected: Option<Refusal>| {
        assert_eq!(verify(b"payload=%7B%7D", headers).err(), expected, "{headers:?}");
    };
    check(&[("content-type", "application/json")], None);
    check(&[("content-type", "Application/JSON ; charset=utf-8")], None);
    check(&[("content-type", "application/x-www-form-urlencoded")], None);
    check(&[("content-encoding", "identity")], None);
    check(&[("content-type", "")], Some(Refusal::MediaType));
    check(&[("content-type", "text/plain")], Some(Refusal::MediaType));
    check(&[("content-type", "application/jsonp")], Some(Refusal::MediaType));
    check(&[("content-type", "application/json|application/json")], Some(Refusal::MediaType));
    check(&[("content-encoding", "gzip")], Some(Refusal::MediaType));
    check(&[("content-encoding", "identity|br")], Some(Refusal::MediaType));
    check(&[("content-encoding", "identity, gzip")], Some(Refusal::MediaType));
}

#[test]
fn a_form_holds_one_payload() {
    let check = |body: &str, expected: Result<&str, Refusal>| {
        let read = verify(body.as_bytes(), &[("content-type", "application/x-www-form-urlencoded")]);
        assert_eq!(read.as_ref().map(|d| &d.json[..]).map_err(|e| *e), expected.map(str::as_bytes), "{body}");
    };
    check("payload=%7B%22a%22%3A%22%C3%A9+%2B%22%7D", Ok("{\"a\":\"é +\"}"));
    check("x=1&payload={}", Ok("{}"));
    check("payload={}&payload={}", Err(Refusal::BadForm));
    check("payload={}&p%61yload={}", Err(Refusal::BadForm));
    check("{}", Err(Refusal::BadForm));
    check("", Err(Refusal::BadForm));
    check("payload", Ok(""));
    check("payload=%", Ok("%"));
}

#[test]
fn the_proof_covers_the_raw_bytes() {
    let recorded = payload("issues_labeled");
    let signed = signature(SECRET, &recorded);
    let check = |body: &[u8], expected| {
        assert_eq!(verify(body, &[("x-hub-signature-256", &signed)]).err(), expected);
    };
    check(&recorded, None);
    let value: serde_json::Value = serde_json::from_slice(&recorded).expect("JSON");
    check(&serde_json::to_vec(&value).expect("JSON"), Some(Refusal::BadProof));
    let text = String::from_utf8(recorded.clone()).expect("text");
    check(text.replace('\n', "\r\n").as_bytes(), Some(Refusal::BadProof));
    check(text.replacen("labeled", "\\u006cabeled", 1).as_bytes(), Some(Refusal::BadProof));
    check(&[&recorded[..], b"\xff"].concat(), Some(Refusal::BadProof));
    check(&[&recorded[..], b"\n"].concat(), Some(Refusal::BadProof));
}

#[test]
fn without_one_sha256_signature_there_is_no_delivery() {
    let good = signature(SECRET, b"{}");
    let other = signature("another connection's", b"{}");
    let check = |headers: &[(&'static str, &str)]| {
        assert_eq!(verify(b"{}", headers).err(), Some(Refusal::BadProof), "{headers:?}");
    };
    check(&[("x-hub-signature-256", "")]);
    check(&[("x-hub-signature-256", ""), ("x-hub-signature", "sha1=d9ab51b5df30a8f5c7e5e4e5e5c7f6f1f3c1a1b2")]);
    check(&[("x-hub-signature-256", ""), ("x-hub-signature", &good)]);
    check(&[("x-hub-signature-256", &format!("{good}|{good}"))]);
    check(&[("x-hub-signature-256", &other)]);
}

#[test]
fn headers_that_nobody_signed_are_not_believed_blindly() {
    let check = |headers: &[(&'static str, &str)], guid: &str, event: &str| {
        let delivery = verify(b"{}", headers).expect("a delivery");
        assert_eq!((delivery.guid.as_str(), delivery.event.as_str()), (guid, event), "{headers:?}");
    };
    let id = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
    let hash = "sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    check(&[("x-github-delivery", "")], hash, "issues");
    check(&[("x-github-delivery", "a|b")], hash, "issues");
    check(&[("x-github-delivery", "a b")], hash, "issues");
    check(&[("x-github-delivery", &"a".repeat(101))], hash, "issues");
    check(&[("x-github-event", "")], id, "");
    check(&[("x-github-event", "issues|ping")], id, "");
}
