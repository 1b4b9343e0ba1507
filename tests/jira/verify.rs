//! What becomes a delivery: guarantees 5 to 9, 12 and 27.

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use planwright::{
    model::delivery::Delivery,
    sandbox::github::signature,
    trackers::{
        RawDelivery, Refusal,
        jira::{Claims, Network, Proof},
    },
};

use super::{SECRET, inbound, payload, secrets};

/// Atlassian's published vector: body `Hello World!`.
const ATLASSIAN: &str = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
/// GitHub's: body `Hello, World!`.
const GITHUB: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

/// A request with these headers (`a|b` for two of a name).
pub fn request(target: &str, body: &[u8], headers: &[(&'static str, &str)]) -> RawDelivery {
    let mut all = HeaderMap::new();
    for (name, value) in [&[("content-type", "application/json")], headers].concat() {
        all.remove(name);
        value.split('|').filter(|v| !v.is_empty()).for_each(|v| {
            all.append(HeaderName::from_static(name), v.parse().expect("a header value"));
        });
    }
    let target = target.parse().expect("an address");
    RawDelivery { headers: all, target, peer: None, body: Bytes::copy_from_slice(body) }
}

/// Verifies a body with these headers under the usual signature.
fn verify(body: &[u8], headers: &[(&'static str, &str)]) -> Result<Delivery, Refusal> {
    let proof = Proof::Signature(secrets(&[SECRET]));
    inbound(proof).verify(request("/hooks/acme", body, headers))
}

#[test]
fn the_published_vectors_are_accepted() {
    let check = |body: &str, header: &str, expected: bool| {
        assert_eq!(verify(body.as_bytes(), &[("x-hub-signature", header)]).is_ok(), expected, "{body} {header}");
    };
    check("Hello World!", ATLASSIAN, true);
    check("Hello, World!", GITHUB, true);
    check("Hello, World!", ATLASSIAN, false);
    check("Hello World", ATLASSIAN, false);
}

#[test]
fn only_the_listed_method_counts() {
    let good = signature(SECRET, b"{}");
    let digits = good.trim_start_matches("sha256=");
    let check = |headers: &[(&'static str, &str)]| {
        assert_eq!(verify(b"{}", headers).err(), Some(Refusal::BadProof), "{headers:?}");
    };
    assert!(verify(b"{}", &[("x-hub-signature", &good)]).is_ok());
    check(&[]);
    check(&[("x-hub-signature", "")]);
    check(&[("x-hub-signature", digits)]);
    check(&[("x-hub-signature", &format!("sha1={digits}"))]);
    check(&[("x-hub-signature", "sha1=2fd4e1c67a2d28fced849ee1bb76e7391b93eb12")]);
    check(&[("x-hub-signature", &format!("none={digits}"))]);
    check(&[("x-hub-signature", "none=")]);
    check(&[("x-hub-signature", &format!("SHA256={digits}"))]);
    check(&[("x-hub-signature", &good.to_uppercase())]);
    check(&[("x-hub-signature", &good[..good.len() - 1])]);
    check(&[("x-hub-signature", &format!("{good}0"))]);
    check(&[("x-hub-signature", &format!("{good}|{good}"))]);
    check(&[("x-hub-signature-256", &good)]);
    check(&[("authorization", &format!("Bearer {good}"))]);
    check(&[("x-hub-signature", &signature("another connection's", b"{}"))]);
}

#[test]
fn the_proof_covers_the_raw_bytes() {
    let recorded = payload("cloud_issue_updated_labels");
    let signed = signature(SECRET, &recorded);
    let check = |body: &[u8], expected| assert_eq!(verify(body, &[("x-hub-signature", &signed)]).err(), expected);
    check(&recorded, None);
    let value: serde_json::Value = serde_json::from_slice(&recorded).expect("JSON");
    check(&serde_json::to_vec(&value).expect("JSON"), Some(Refusal::BadProof));
    let text = String::from_utf8(recorded.clone()).expect("text");
    check(text.replace('\n', "\r\n").as_bytes(), Some(Refusal::BadProof));
    check(text.replacen("labels", "\\u006cabels", 1).as_bytes(), Some(Refusal::BadProof));
    check(&[&recorded[..], b"\n"].concat(), Some(Refusal::BadProof));
}

#[test]
fn every_secret_counts_while_rotating() {
    let check = |words: &[&str], by: &str, expected: bool| {
        let proof = Proof::Signature(secrets(words));
        let signed = signature(by, b"{}");
        let raw = request("/hooks/acme", b"{}", &[("x-hub-signature", &signed)]);
        assert_eq!(inbound(proof).verify(raw).is_ok(), expected);
    };
    check(&["new", "old"], "new", true);
    check(&["new", "old"], "old", true);
    check(&["new"], "old", false);
}

#[test]
fn only_plain_json_is_read() {
    let signed = signature(SECRET, b"{}");
    let check = |headers: &[(&'static str, &str)], expected: Option<Refusal>| {
        let all = [&[("x-hub-signature", signed.as_str())], headers].concat();
        assert_eq!(verify(b"{}", &all).err(), expected, "{headers:?}");
    };
    check(&[("content-type", "Application/JSON ; charset=utf-8")], None);
    check(&[("content-encoding", "identity")], None);
    check(&[("content-type", "")], Some(Refusal::MediaType));
    check(&[("content-type", "application/x-www-form-urlencoded")], Some(Refusal::MediaType));
    check(&[("content-type", "application/json|application/json")], Some(Refusal::MediaType));
    check(&[("content-encoding", "gzip")], Some(Refusal::MediaType));
}

#[test]
fn the_delivery_id_is_the_one_that_retries_share() {
    let signed = signature(SECRET, b"{}");
    let guid = |headers: &[(&'static str, &str)]| {
        let all = [&[("x-hub-signature", signed.as_str())], headers].concat();
        let delivery = verify(b"{}", &all).expect("a delivery");
        assert_eq!((delivery.connection.as_str(), delivery.event.as_str()), ("acme", ""));
        delivery.guid
    };
    let name = "x-atlassian-webhook-identifier";
    let hash = "sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_eq!(guid(&[(name, "a1"), ("x-atlassian-webhook-retry", "2")]), "a1");
    assert_eq!(guid(&[]), hash);
    assert_eq!(guid(&[(name, "a|b")]), hash);
    assert_eq!(guid(&[(name, "a b")]), hash);
    assert_eq!(guid(&[(name, &"a".repeat(101))]), hash);
}

#[test]
fn an_address_proves_from_known_networks_only() {
    let word = "a-long-word-that-nobody-can-guess";
    let proof = || Proof::Address {
        tokens: vec!["another-word".into(), word.into()],
        networks: vec![Network::parse("10.1.0.0/16").expect("a network")],
    };
    let check = |target: &str, peer: Option<&str>, expected: bool| {
        let mut raw = request(target, b"{}", &[]);
        raw.peer = peer.map(|peer| peer.parse().expect("an address"));
        assert_eq!(inbound(proof()).verify(raw).is_ok(), expected, "{target} {peer:?}");
    };
    let inside = Some("10.1.2.3");
    let target = format!("/hooks/acme?token={word}");
    check(&target, inside, true);
    check(&target, Some("::ffff:10.1.2.3"), true);
    check(&format!("/hooks/acme?x=1&token={word}"), inside, true);
    check("/hooks/acme?token=another-word", inside, true);
    check("/hooks/acme?token=a%6Eother-word", inside, true);
    check(&target, Some("10.2.0.1"), false);
    check(&target, None, false);
    check("/hooks/acme", inside, false);
    check("/hooks/acme?token=", inside, false);
    check("/hooks/acme?token", inside, false);
    check(&target[..target.len() - 1], inside, false);
    check(&format!("{target}x"), inside, false);
    check(&format!("{target}&token={word}"), inside, false);
    let signed = signature(word, b"{}");
    let mut raw = request("/hooks/acme", b"{}", &[("x-hub-signature", &signed)]);
    raw.peer = Some("10.1.2.3".parse().expect("an address"));
    assert!(inbound(proof()).verify(raw).is_err(), "one kind of proof does not stand in for another");
}

#[test]
fn a_token_does_not_stand_in_for_a_signature_nor_the_other_way() {
    let oauth = inbound(Proof::OAuth { secrets: secrets(&[SECRET]), claims: Claims::default() });
    let signed = signature(SECRET, b"{}");
    assert!(oauth.verify(request("/hooks/acme", b"{}", &[("x-hub-signature", &signed)])).is_err());
}
