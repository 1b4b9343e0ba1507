//! Tokens of OAuth and Connect apps: guarantee 9.

use std::sync::{Arc, LazyLock};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use planwright::trackers::{
    Inbound,
    jira::{Claims, Proof},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{NOW, SECRET, inbound, secrets, verify::request};

const TARGET: &str = "/hooks/acme?b=2&a=1%202";

/// A token with this header and these claims, signed with HMAC-SHA256 by this key.
fn token_with(header: &Value, claims: &Value, key: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key").chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac))
}

/// A token with these claims, as an app's secret signs it.
fn token(claims: &Value) -> String {
    token_with(&json!({ "alg": "HS256", "typ": "JWT" }), claims, SECRET.as_bytes())
}

/// The hash of the request to `TARGET`.
fn request_hash() -> String {
    hex::encode(Sha256::digest(b"POST&/hooks/acme&a=1%202&b=2"))
}

/// Claims that a Connect installation's token has.
fn claims() -> Value {
    json!({ "iss": "client-key-1", "iat": NOW - 10, "exp": NOW + 180, "qsh": request_hash() })
}

/// The claims with some replaced; `null` takes one away.
fn claims_with(changes: Value) -> Value {
    let mut claims = claims();
    for (key, value) in changes.as_object().expect("an object") {
        claims[key] = value.clone();
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(key);
        }
    }
    claims
}

/// The receiving half for a Connect app below this path.
fn connect_app(base_path: &str) -> Arc<dyn Inbound> {
    let claims = Claims { issuer: Some("client-key-1".to_owned()), audience: None };
    inbound(Proof::Connect { secrets: secrets(&[SECRET]), claims, base_path: base_path.to_owned() })
}

/// Is a Connect delivery with this header accepted, below this base path?
fn connects_below(base_path: &str, target: &str, authorization: &str) -> bool {
    connect_app(base_path).verify(request(target, b"{}", &[("authorization", authorization)])).is_ok()
}

/// Is a Connect delivery with this token accepted?
fn connects(token: &str) -> bool {
    static APP: LazyLock<Arc<dyn Inbound>> = LazyLock::new(|| connect_app("/"));
    let authorization = format!("JWT {token}");
    APP.verify(request(TARGET, b"{}", &[("authorization", &authorization)])).is_ok()
}

/// Is an OAuth delivery with this token accepted, by these expectations?
fn bears(token: &str, issuer: Option<&str>, audience: Option<&str>) -> bool {
    let claims = Claims { issuer: issuer.map(str::to_owned), audience: audience.map(str::to_owned) };
    let proof = Proof::OAuth { secrets: secrets(&["new", SECRET]), claims };
    let authorization = format!("Bearer {token}");
    inbound(proof).verify(request(TARGET, b"{}", &[("authorization", &authorization)])).is_ok()
}

#[test]
fn a_connect_token_names_its_issuer_and_its_request() {
    let check = |changes: Value, expected: bool| {
        assert_eq!(connects(&token(&claims_with(changes.clone()))), expected, "{changes}");
    };
    check(json!({}), true);
    check(json!({ "iss": "client-key-2" }), false);
    check(json!({ "iss": null }), false);
    check(json!({ "iss": 7 }), false);
    check(json!({ "qsh": null }), false);
    check(json!({ "qsh": "context-qsh" }), false);
    check(json!({ "qsh": hex::encode(Sha256::digest(b"GET&/hooks/acme&a=1%202&b=2")) }), false);
    check(json!({ "qsh": hex::encode(Sha256::digest(b"POST&/hooks/other&a=1%202&b=2")) }), false);
    check(json!({ "qsh": hex::encode(Sha256::digest(b"POST&/hooks/acme&")) }), false);
    check(json!({ "qsh": request_hash().to_uppercase() }), false);
}

#[test]
fn a_token_is_good_for_its_time() {
    let check = |changes: Value, expected: bool| {
        assert_eq!(connects(&token(&claims_with(changes.clone()))), expected, "{changes}");
    };
    check(json!({ "exp": NOW + 1 }), true);
    check(json!({ "exp": NOW - 29 }), true);
    check(json!({ "exp": NOW - 30 }), false);
    check(json!({ "exp": NOW - 3_600 }), false);
    check(json!({ "exp": null }), false);
    check(json!({ "exp": (NOW + 180).to_string() }), false);
    check(json!({ "exp": 1e300 }), false);
    check(json!({ "exp": i64::MAX }), true);
    check(json!({ "exp": true }), false);
    check(json!({ "nbf": NOW + 30 }), true);
    check(json!({ "nbf": NOW + 31 }), false);
    check(json!({ "nbf": "soon" }), false);
}

#[test]
fn no_other_method_is_accepted() {
    let check = |header: Value, key: &[u8], expected: bool| {
        assert_eq!(connects(&token_with(&header, &claims(), key)), expected, "{header}");
    };
    let public_key = include_bytes!("../../src/sandbox/github/public-test-key.pub.pem");
    check(json!({ "alg": "HS256" }), SECRET.as_bytes(), true);
    check(json!({ "alg": "none" }), SECRET.as_bytes(), false);
    check(json!({ "alg": "None" }), b"", false);
    check(json!({ "alg": "hs256" }), SECRET.as_bytes(), false);
    check(json!({ "alg": "HS384" }), SECRET.as_bytes(), false);
    check(json!({ "alg": "RS256" }), SECRET.as_bytes(), false);
    check(json!({ "alg": "HS256" }), public_key, false);
    check(json!({ "alg": "RS256" }), public_key, false);
    check(json!({ "alg": "HS256", "crit": ["x"] }), SECRET.as_bytes(), false);
    check(json!({ "alg": ["HS256"] }), SECRET.as_bytes(), false);
    check(json!({}), SECRET.as_bytes(), false);
    let unsigned = token(&claims()).rsplit_once('.').map(|(signed, _)| format!("{signed}.")).expect("two dots");
    assert!(!connects(&unsigned));
}

#[test]
fn what_is_no_token_proves_nothing() {
    let good = token(&claims());
    let check = |authorization: &str, expected: bool| {
        assert_eq!(connects_below("/", TARGET, authorization), expected, "{authorization}");
    };
    check(&format!("JWT {good}"), true);
    check(&format!("jwt {good}"), true);
    check(&format!("Bearer {good}"), false);
    check(&format!("JWT {good}|JWT {good}"), false);
    check(&good, false);
    check("JWT", false);
    check("JWT ..", false);
    check("JWT a.b.c.d", false);
    check(&format!("JWT {good}="), false);
    check(&format!("JWT .{good}"), false);
    check(&format!("JWT {}", good.replacen('.', "..", 1)), false);
    check(&format!("JWT {}.{good}", "a".repeat(10_000)), false);
    let long = token(&claims_with(json!({ "x": "y".repeat(9_000) })));
    assert!(!connects(&long), "longer than any real token");
}

#[test]
fn every_flipped_character_breaks_a_token() {
    let good = token(&claims());
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).expect("text");
        // The last character carries two spare bits, which must be zero.
        assert!(!connects(&changed), "{at}");
    }
}

#[test]
fn the_path_of_the_configured_address_is_not_part_of_the_request() {
    let good = format!("JWT {}", token(&claims()));
    let check = |base: &str, target: &str, expected: bool| {
        assert_eq!(connects_below(base, target, &good), expected, "{base} {target}");
    };
    check("", TARGET, true);
    check("/planwright", &format!("/planwright{TARGET}"), true);
    check("/planwright/", &format!("/planwright{TARGET}"), true);
    check("/planwright", TARGET, true);
    check("/planwright", &format!("/elsewhere{TARGET}"), false);
    check("", &format!("/planwright{TARGET}"), false);
    check("", "/hooks/acme?a=1+2&b=2", true);
    check("", "/hooks/acme?a=1%202&b=3", false);
    check("", &format!("{TARGET}&jwt=left-out"), true);
}

#[test]
fn an_oauth_token_is_signed_with_the_apps_secret() {
    let claims = |changes: Value| token(&claims_with(changes));
    assert!(bears(&claims(json!({ "qsh": null, "iss": null })), None, None));
    assert!(bears(&claims(json!({})), Some("client-key-1"), None), "it may name its request");
    assert!(!bears(&claims(json!({ "qsh": "context-qsh" })), None, None));
    assert!(!bears(&claims(json!({ "exp": NOW - 30 })), None, None));
    assert!(!bears(&claims(json!({ "exp": null })), None, None));
    assert!(!bears(&claims(json!({})), Some("client-key-2"), None));
    assert!(!bears(&token_with(&json!({ "alg": "HS256" }), &claims_with(json!({})), b"another secret"), None, None));
}

#[test]
fn an_audience_must_be_the_expected_one() {
    let check = |audience: Value, expected: bool| {
        assert_eq!(
            bears(&token(&claims_with(json!({ "aud": audience }))), None, Some("app-1")),
            expected,
            "{audience}"
        );
    };
    check(json!("app-1"), true);
    check(json!(["x", "app-1"]), true);
    check(json!("app-2"), false);
    check(json!([]), false);
    check(json!(null), false);
    check(json!(7), false);
}
