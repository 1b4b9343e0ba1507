//! Speaking as an App: installations found and remembered, tokens kept and renewed.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use planwright::{
    model::TicketId,
    trackers::{Tracker, TrackerError, github::Settings},
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    app,
    fake::{Fake, Reply, Seen},
    settings, ticket, tracker,
};

/// A connection that is the App.
fn app_at(base: &str) -> Arc<dyn Tracker> {
    tracker(Settings { auth: app(), ..settings(base) })
}

/// The claims of a request's JWT; `None` when it carries another kind of token.
fn claims(seen: &Seen) -> Option<Value> {
    let parts: Vec<_> = seen.authorization.strip_prefix("Bearer ")?.split('.').collect();
    let [_, claims, _] = parts[..] else { return None };
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

/// Answers as GitHub does for an installation whose newest token is `token-{minted}`; the rest is `write`'s.
fn installed(seen: &Seen, minted: &AtomicUsize, write: impl Fn(&str) -> Reply) -> Reply {
    match seen.line.as_str() {
        "GET /app" => Reply::json(200, json!({ "slug": "planwright", "id": 7 })),
        line if line.starts_with("GET /repos/acme/") && line.ends_with("/installation") => {
            Reply::json(200, json!({ "id": 55 }))
        }
        "POST /app/installations/55/access_tokens" => {
            let number = minted.fetch_add(1, Ordering::SeqCst) + 1;
            let token =
                json!({ "token": format!("token-{number}"), "expires_at": "2999-01-01T00:00:00Z", "permissions": {} });
            Reply::json(201, token)
        }
        _ => write(&seen.authorization),
    }
}

#[tokio::test]
async fn an_app_finds_its_installation_and_keeps_the_token() {
    let minted = Arc::new(AtomicUsize::new(0));
    let count = minted.clone();
    let fake = Fake::start(move |seen| installed(seen, &count, |_| Reply::json(200, json!({})))).await;
    let tracker = app_at(&fake.base);
    tracker.acknowledge(&ticket(), None).await.expect("eyes");
    tracker.acknowledge(&ticket(), None).await.expect("eyes");
    tracker.acknowledge(&TicketId::new("acme/tools#1"), None).await.expect("eyes");
    assert_eq!(
        fake.lines(),
        [
            "GET /repos/acme/shop/installation",
            "POST /app/installations/55/access_tokens",
            "POST /repos/acme/shop/issues/7/reactions",
            "POST /repos/acme/shop/issues/7/reactions",
            "GET /repos/acme/tools/installation",
            "POST /repos/acme/tools/issues/1/reactions",
        ]
    );
    let seen = fake.seen();
    for jwt in [&seen[0], &seen[1]] {
        let claims = claims(jwt).expect("a JWT");
        assert_eq!(claims["iss"], 7);
        let life = claims["exp"].as_i64().zip(claims["iat"].as_i64()).map(|(exp, iat)| exp - iat);
        assert!(life.is_some_and(|life| (60..=660).contains(&life)), "{claims}");
    }
    assert_eq!(seen[2].authorization, "Bearer token-1");
    let source = tracker.code_source(&ticket()).await.expect("a source").expect("a source");
    assert_eq!(source.credentials.expect("credentials").1.expose_secret(), "token-1");
    assert_eq!(minted.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn many_at_once_ask_for_one_token() {
    let minted = Arc::new(AtomicUsize::new(0));
    let count = minted.clone();
    let fake = Fake::start(move |seen| installed(seen, &count, |_| Reply::json(200, json!([])))).await;
    let tracker = app_at(&fake.base);
    let id = ticket();
    let outcomes = futures::future::join_all((0..12).map(|_| tracker.own_comments(&id, 0)));
    assert!(outcomes.await.into_iter().all(|outcome| outcome.is_ok()));
    assert_eq!(minted.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let check = async |good: &'static str, expected_writes: usize, is_ok: bool| {
        let minted = Arc::new(AtomicUsize::new(0));
        let fake = Fake::start(move |seen| {
            installed(seen, &minted, |authorization| {
                if authorization == good { Reply::json(200, json!({})) } else { Reply::error(401, "Bad credentials") }
            })
        })
        .await;
        let outcome = app_at(&fake.base).acknowledge(&ticket(), None).await;
        assert_eq!(outcome.is_ok(), is_ok);
        assert!(is_ok || matches!(outcome, Err(TrackerError::Unauthorized(_))));
        assert_eq!(fake.lines().iter().filter(|line| line.ends_with("/reactions")).count(), expected_writes);
    };
    check("Bearer token-1", 1, true).await;
    check("Bearer token-2", 2, true).await;
    check("Bearer token-3", 2, false).await;
}

#[tokio::test]
async fn a_write_without_a_token_had_no_effect() {
    let check = async |status: u16, expected: &str| {
        let fake = Fake::start(move |seen| match seen.line.as_str() {
            "GET /repos/acme/shop/installation" => Reply::json(200, json!({ "id": 55 })),
            "POST /app/installations/55/access_tokens" => Reply::error(status, "no"),
            other => panic!("{other}"),
        })
        .await;
        let error = app_at(&fake.base).acknowledge(&ticket(), None).await.expect_err("an error");
        assert_eq!(error.to_string(), expected);
    };
    check(500, "tracker unavailable: 500 no").await;
    check(401, "credentials refused: 401 no").await;
    check(429, "rate limited for 60s").await;
}

#[tokio::test]
async fn an_app_that_is_not_installed_says_so() {
    let fake = Fake::start(|_| Reply::error(404, "Not Found")).await;
    let error = app_at(&fake.base).acknowledge(&ticket(), None).await.expect_err("an error");
    assert_eq!(error.to_string(), "not found: the App is not installed on acme/shop");
}

#[tokio::test]
async fn an_app_installed_anew_is_found_again() {
    let moved = AtomicBool::new(false);
    let fake = Fake::start(move |seen| {
        let token = |token: &str, until: &str| {
            Reply::json(201, json!({ "token": token, "expires_at": until, "permissions": {} }))
        };
        match (seen.line.as_str(), moved.load(Ordering::SeqCst)) {
            ("GET /repos/acme/shop/installation", false) => Reply::json(200, json!({ "id": 50 })),
            ("GET /repos/acme/shop/installation", true) => Reply::json(200, json!({ "id": 51 })),
            // Over at once, so that every request asks for another.
            ("POST /app/installations/50/access_tokens", false) => token("short", "2000-01-01T00:00:00Z"),
            ("POST /app/installations/51/access_tokens", true) => token("long", "2999-01-01T00:00:00Z"),
            ("POST /repos/acme/shop/issues/7/reactions", was_moved) => {
                moved.store(true, Ordering::SeqCst);
                let expected = if was_moved { "Bearer long" } else { "Bearer short" };
                Reply::json(if seen.authorization == expected { 200 } else { 500 }, json!({}))
            }
            _ => Reply::error(404, "Not Found"),
        }
    })
    .await;
    let tracker = app_at(&fake.base);
    tracker.acknowledge(&ticket(), None).await.expect("eyes before");
    tracker.acknowledge(&ticket(), None).await.expect("eyes after");
    assert_eq!(fake.lines().iter().filter(|line| line.starts_with("GET")).count(), 2);
}

#[tokio::test]
async fn an_app_is_known_by_its_bot_account() {
    let minted = AtomicUsize::new(0);
    let fake = Fake::start(move |seen| installed(seen, &minted, |_| Reply::error(404, "Not Found"))).await;
    let me = app_at(&fake.base).identity().await.expect("an identity");
    assert_eq!((me.id.as_str(), me.name.as_str()), ("planwright[bot]", "planwright[bot]"));
}
